//! A crowd at a door: reads requests, and sends them all at one moment, each on a connection of its
//! own. `tests/flash.rs` runs several of these, since one process may not open enough files.
//!
//! In: the address, the moment in milliseconds since 1970, then one request a line: path, token, key
//! and body between tabs. Out: for each line its number, the status (0: none), the milliseconds that
//! it took, and the body.

use std::{
    io::{self, BufRead as _, Write as _},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

/// Whoever has no answer by then has none at all.
const PATIENCE: Duration = Duration::from_mins(1);

#[tokio::main]
async fn main() {
    rlimit::increase_nofile_limit(u64::MAX).expect("more open files");
    let mut lines = io::stdin().lock().lines().map(|line| line.expect("a line"));
    let address = lines.next().expect("an address");
    let at: u64 = lines.next().expect("a moment").parse().expect("milliseconds");
    let mut crowd = JoinSet::new();
    for (number, line) in lines.enumerate() {
        let [path, token, key, body] =
            line.splitn(4, '\t').collect::<Vec<_>>().try_into().expect("four parts");
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
             Authorization: Bearer {token}\r\nIdempotency-Key: {key}\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let address = address.clone();
        let wait = Duration::from_millis(at).saturating_sub(since_1970());
        crowd.spawn(async move {
            sleep(wait).await;
            let start = Instant::now();
            let said = timeout(PATIENCE, ask(&address, &request)).await;
            (number, said.ok().and_then(Result::ok).unwrap_or_default(), start.elapsed())
        });
    }
    let mut out = io::stdout().lock();
    while let Some(said) = crowd.join_next().await {
        let (number, said, took) = said.expect("a client that does not panic");
        let status = said.get(9..12).unwrap_or("0");
        let body = said.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        writeln!(out, "{number}\t{status}\t{}\t{body}", took.as_millis()).expect("a pipe");
    }
}

async fn ask(address: &str, request: &str) -> io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut said = Vec::new();
    stream.read_to_end(&mut said).await?;
    String::from_utf8(said).map_err(io::Error::other)
}

fn since_1970() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970")
}
