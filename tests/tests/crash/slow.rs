//! Clients that never read their answer, or never end their request.

use crate::{
    crowd::{Crowd, Member, client},
    shop::{STORE, Shop},
    times,
};
use funfair_tests::path;
use std::time::{Duration, Instant};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
};

/// How long a connection may stay that neither asks nor reads.
const CLOSED_AFTER: Duration = Duration::from_secs(45);

/// Whether the server has closed a connection, or does within a time.
async fn closes(mut stream: TcpStream, within: Duration) -> bool {
    let end = async {
        let mut bytes = [0; 4096];
        while !matches!(stream.read(&mut bytes).await, Ok(0) | Err(_)) {}
    };
    tokio::time::timeout(within, end).await.is_ok()
}
