use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep, sleep_until},
};

/// A connection that fails when the head of a request takes too long to arrive, or an answer to be
/// read. Bytes that trickle in, or out, win no time.
pub struct Timed<S> {
    stream: S,
    head: Duration,
    answer: Duration,
    /// When the first byte of a head came; the clock starts only where the rest is not there yet.
    heard: Option<Instant>,
    hearing: Option<Pin<Box<Sleep>>>,
    writing: Option<Pin<Box<Sleep>>>,
    serving: Serving,
}

/// Whether a request is with its handler: from the end of its head to the first byte of its answer.
#[derive(Clone)]
pub struct Serving(Arc<AtomicBool>);

impl Serving {
    /// A head has arrived.
    pub fn begin(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl<S> Timed<S> {
    /// A connection, and who is to be told of heads that have arrived.
    pub fn new(stream: S, head: Duration, answer: Duration) -> (Self, Serving) {
        let serving = Serving(Arc::default());
        let told = serving.clone();
        let timed =
            Self { stream, head, answer, heard: None, hearing: None, writing: None, serving };
        (timed, told)
    }

    /// With the first byte of an answer the request is over.
    fn answering(&mut self) {
        if self.serving.0.swap(false, Ordering::Relaxed) {
            self.heard = None;
            self.hearing = None;
        }
    }

    /// Fails where an answer has been on its way for too long.
    fn written<T>(
        &mut self,
        cx: &mut Context<'_>,
        done: Poll<io::Result<T>>,
    ) -> Poll<io::Result<T>> {
        if done.is_ready() {
            return done;
        }
        let answer = self.answer;
        let writing = self.writing.get_or_insert_with(|| Box::pin(sleep(answer)));
        match writing.as_mut().poll(cx) {
            Poll::Ready(()) => Poll::Ready(Err(late("the answer was not read in time"))),
            Poll::Pending => Poll::Pending,
        }
    }
}

fn late(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::TimedOut, what)
}

impl<S: AsyncRead + Unpin> AsyncRead for Timed<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let had = buffer.filled().len();
        let read = Pin::new(&mut this.stream).poll_read(cx, buffer);
        if this.serving.0.load(Ordering::Relaxed) {
            this.heard = None;
            this.hearing = None;
            return read;
        }
        if buffer.filled().len() > had {
            this.heard.get_or_insert_with(Instant::now);
        }
        if let (Poll::Pending, Some(heard)) = (&read, this.heard) {
            let until = heard + this.head;
            let hearing = this.hearing.get_or_insert_with(|| Box::pin(sleep_until(until)));
            if hearing.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Err(late("the head did not arrive in time")));
            }
        }
        read
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Timed<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.answering();
        let done = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.written(cx, done)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.answering();
        let done = Pin::new(&mut this.stream).poll_write_vectored(cx, pieces);
        this.written(cx, done)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let done = Pin::new(&mut this.stream).poll_flush(cx);
        // All that was to be written is with the operating system.
        if done.is_ready() {
            this.writing = None;
        }
        this.written(cx, done)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let done = Pin::new(&mut this.stream).poll_shutdown(cx);
        this.written(cx, done)
    }
}
