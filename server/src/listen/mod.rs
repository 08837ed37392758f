//! Connections: how many there are, and how long each may keep the server waiting.
//!
//! `axum::serve` knows none of these bounds. A host with a server of its own brings its own.

mod door;
mod timed;

use crate::{Config, metrics::Connected};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    http::{HeaderValue, header},
};
use door::TURNED_AWAY;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use std::{
    convert::Infallible,
    io,
    net::{self, SocketAddr},
    pin::pin,
    sync::Arc,
    time::Duration,
};
use timed::Timed;
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore, watch},
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
    let (stopping, stopped) = watch::channel(());
    let (rooms, at_the_door) = (Handle::current(), stopped.clone());
    let places = Arc::clone(&free);
    let show_in = move |stream: net::TcpStream, peer, place| {
        let crowded = places.available_permits() < bounds.connections / 4;
        let (stopped, routes) = (stopped.clone(), routes.clone());
        rooms.spawn(async move {
            let _open = Connected::new();
            match TcpStream::from_std(stream) {
                Ok(stream) => {
                    let guest = Guest { peer, crowded, bounds, stopped, _place: place };
                    guest.attend(stream, routes).await;
                }
                Err(error) => tracing::warn!(%error, "a connection cannot be served"),
            }
        });
    };
    match door::open(listener, Arc::clone(&free), at_the_door, show_in) {
        Ok(closed) => {
            stop.await;
            let _ = stopping.send(());
            let _ = closed.await;
        }
        Err(error) => tracing::error!(%error, "nobody can be let in"),
    }
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
