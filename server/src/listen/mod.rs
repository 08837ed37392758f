//! Connections: how many there are, and how long each may keep the server waiting.
//!
//! `axum::serve` knows none of these bounds. A host with a server of its own brings its own.

mod timed;

use crate::{
    Config,
    metrics::{self, Connected, Limit},
    problems::Failure,
};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    http::{HeaderValue, header},
};
use funfair_host_api::Code;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    convert::Infallible,
    fmt::Write as _,
    io,
    net::SocketAddr,
    pin::pin,
    sync::{Arc, LazyLock},
    time::Duration,
};
use timed::Timed;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::timeout,
};
use tower::Service;

/// What a server's connections may take.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// How many are open at once.
    pub connections: usize,
    /// How long the head of a request may be on its way.
    pub header: Duration,
    /// How long a connection may be idle.
    pub idle: Duration,
    /// How long a client may leave an answer unread.
    pub answer: Duration,
}

/// How many connections beyond the bound are told so at once. Further ones wait in the operating
/// system's queue.
const TURNED_AWAY: usize = 1024;

/// How long each of them may take to ask and to read the answer: in a crowd many connect first.
const TELLING: Duration = Duration::from_secs(5);
/// Files that are no connections: the database, its readers, the log.
const OTHER_FILES: usize = 256;
/// How many connections the operating system may hold until they are accepted.
const BACKLOG: u32 = 8192;
/// The largest head of a request, in bytes, and the piece in which answers go out.
const BUFFER: usize = 64 * 1024;

impl Bounds {
    /// As set.
    pub fn of(config: &Config) -> Self {
        let seconds = |seconds: u32| Duration::from_secs(seconds.into());
        Self {
            connections: config.connections,
            header: seconds(config.header_timeout_s),
            idle: seconds(config.idle_timeout_s),
            answer: seconds(config.answer_timeout_s),
        }
    }

    /// Raises the number of files that this process may open to the most that it is allowed, and
    /// takes no more connections than that.
    #[must_use]
    pub fn within_files(mut self) -> Self {
        let wanted = self.connections + TURNED_AWAY + OTHER_FILES;
        let files = match rlimit::increase_nofile_limit(u64::MAX) {
            Ok(files) => usize::try_from(files).unwrap_or(usize::MAX),
            Err(error) => {
                tracing::warn!(%error, "the limit of open files cannot be read");
                return self;
            }
        };
        self.connections -= wanted.saturating_sub(files).min(self.connections - 1);
        tracing::info!(files, connections = self.connections, "open files");
        if files < wanted {
            tracing::warn!(files, wanted, "fewer connections than set: raise the limit of files");
        }
        self
    }
}

/// Listens, with a queue long enough for a crowd at once.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A server that was just stopped leaves its address behind for a minute.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until `stop`; then answers the requests that it has, and ends. Handlers find the address
/// of their peer as [`ConnectInfo`].
pub async fn serve(listener: TcpListener, routes: Router, bounds: Bounds, stop: impl Future) {
    let free = Arc::new(Semaphore::new(bounds.connections));
    let turned_away = Arc::new(Semaphore::new(TURNED_AWAY));
    let (stopping, stopped) = watch::channel(());
    let mut stop = pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            arrived = listener.accept() => match arrived {
                Ok(arrived) => arrived,
                Err(error) => {
                    after(&error).await;
                    continue;
                }
            },
            _ = &mut stop => break,
        };
        let Ok(place) = Arc::clone(&free).try_acquire_owned() else {
            metrics::turned_away(Limit::connections);
            let Ok(place) = Arc::clone(&turned_away).acquire_owned().await else { return };
            tokio::spawn(turn_away(stream, place));
            continue;
        };
        let crowded = free.available_permits() < bounds.connections / 4;
        let guest = Guest {
            peer,
            crowded,
            bounds,
            stopped: stopped.clone(),
            _place: place,
            _open: Connected::new(),
        };
        tokio::spawn(guest.attend(stream, routes.clone()));
    }
    drop(listener);
    let _ = stopping.send(());
    // Every place is free again when every connection has ended.
    let all = u32::try_from(bounds.connections).unwrap_or(u32::MAX);
    let _ = free.acquire_many(all).await;
}

/// A connection that was accepted.
struct Guest {
    peer: SocketAddr,
    /// Where places are few, a connection is good for one request.
    crowded: bool,
    bounds: Bounds,
    stopped: watch::Receiver<()>,
    _place: OwnedSemaphorePermit,
    _open: Connected,
}

impl Guest {
    async fn attend(mut self, stream: TcpStream, routes: Router) {
        // An answer is one piece; there is nothing to wait for.
        let _ = stream.set_nodelay(true);
        let (stream, serving) = Timed::new(stream, self.bounds.header, self.bounds.answer);
        let (peer, crowded) = (self.peer, self.crowded);
        let service = service_fn(move |request: hyper::Request<Incoming>| {
            serving.begin();
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let answer = routes.clone().call(request);
            async move {
                let Ok(mut answer) = answer.await;
                if crowded {
                    let close = HeaderValue::from_static("close");
                    answer.headers_mut().insert(header::CONNECTION, close);
                }
                Ok::<_, Infallible>(answer)
            }
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            // From the end of one request to the end of the next head; `Timed` knows the head alone.
            .header_read_timeout(self.bounds.idle + self.bounds.header)
            .max_buf_size(BUFFER)
            .serve_connection(TokioIo::new(stream), service);
        let mut connection = pin!(connection);
        tokio::select! {
            ended = connection.as_mut() => return gone(ended),
            _ = self.stopped.changed() => connection.as_mut().graceful_shutdown(),
        }
        gone(connection.await);
    }
}

/// Clients go as they like; it is no error of the server's.
fn gone(ended: hyper::Result<()>) {
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended");
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
