//! Where connections are accepted, or told that there is no place: on a thread of its own, which in a
//! crowd gets its share of the processor and does not queue behind thousands of requests.

use crate::{
    metrics::{self, Limit},
    problems::Failure,
};
use axum::http::header;
use funfair_host_api::Code;
use std::{
    fmt::Write as _,
    io,
    net::{self, SocketAddr},
    sync::{Arc, LazyLock},
    thread,
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime,
    sync::{OwnedSemaphorePermit, Semaphore, oneshot, watch},
    time::timeout,
};

/// How many connections beyond the bound are told so at once. Further ones wait in the operating
/// system's queue.
pub const TURNED_AWAY: usize = 4096;

/// How long each of them may take to ask and to read the answer: in a crowd many connect first.
const TELLING: Duration = Duration::from_secs(5);

/// Lets in whoever finds a place, until it is told to stop; whoever waits for what it answers
/// learns that it listens no more.
pub fn open(
    listener: TcpListener,
    free: Arc<Semaphore>,
    stopped: watch::Receiver<()>,
    show_in: impl Fn(net::TcpStream, SocketAddr, OwnedSemaphorePermit) + Send + 'static,
) -> io::Result<oneshot::Receiver<()>> {
    // The runtime that waits for it has to be this thread's.
    let listener = listener.into_std()?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let (closed, is_closed) = oneshot::channel();
    let stand = move || {
        runtime.block_on(async {
            match TcpListener::from_std(listener) {
                Ok(listener) => stand(listener, free, stopped, show_in).await,
                Err(error) => tracing::error!(%error, "nobody can be let in"),
            }
        });
        drop(closed);
    };
    thread::Builder::new().name("door".into()).spawn(stand)?;
    Ok(is_closed)
}

async fn stand(
    listener: TcpListener,
    free: Arc<Semaphore>,
    mut stopped: watch::Receiver<()>,
    show_in: impl Fn(net::TcpStream, SocketAddr, OwnedSemaphorePermit),
) {
    let turned_away = Arc::new(Semaphore::new(TURNED_AWAY));
    loop {
        let arrived = tokio::select! {
            arrived = listener.accept() => arrived,
            _ = stopped.changed() => return,
        };
        let (stream, peer) = match arrived {
            Ok(arrived) => arrived,
            Err(error) => {
                after(&error).await;
                continue;
            }
        };
        let Ok(place) = Arc::clone(&free).try_acquire_owned() else {
            metrics::turned_away(Limit::connections);
            let Ok(place) = Arc::clone(&turned_away).acquire_owned().await else { return };
            tokio::spawn(turn_away(stream, place));
            continue;
        };
        match stream.into_std() {
            Ok(stream) => show_in(stream, peer, place),
            Err(error) => after(&error).await,
        }
    }
}

/// Says that there is no place. What was sent is read first: an answer before the question is none,
/// and unread bytes would take the answer with them.
async fn turn_away(mut stream: TcpStream, _place: OwnedSemaphorePermit) {
    let said = async {
        let mut heard = vec![0; 8 * 1024];
        if stream.read(&mut heard).await? == 0 {
            return Ok(());
        }
        stream.write_all(NO_PLACE.as_bytes()).await?;
        stream.shutdown().await?;
        while stream.read(&mut heard).await? > 0 {}
        io::Result::Ok(())
    };
    // Whoever does not listen misses it.
    let _ = timeout(TELLING, said).await;
}

/// The answer as a handler would give it, and the end of the connection.
static NO_PLACE: LazyLock<String> = LazyLock::new(|| {
    let (parts, body) = Failure::said(Code::Busy);
    let mut text = String::from("HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\n");
    for (name, value) in parts.headers.iter().filter(|(name, _)| **name != header::CONTENT_LENGTH) {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{name}: {}\r\n", value.to_str().unwrap_or_default());
    }
    let _ = write!(text, "content-length: {}\r\n\r\n{body}", body.len());
    text
});

/// One connection that broke before it was accepted says nothing of the next; without free files
/// only time helps.
async fn after(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        return;
    }
    tracing::warn!(%error, "no connection can be accepted");
    tokio::time::sleep(Duration::from_millis(50)).await;
}
