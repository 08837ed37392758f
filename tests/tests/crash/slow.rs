//! Clients that never read their answers, or never end their requests.

use crate::{
    crowd::{Crowd, name, token},
    shop::{STORE, Shop},
    times,
};
use funfair_tests::{path, until};
use std::{
    fs,
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpSocket, TcpStream},
};

/// The server's settings here; a body's ten seconds are no setting.
const HEADER_S: u64 = 2;
const ANSWER_S: u64 = 3;
const BODY_S: u64 = 10;

/// How the slow ones are slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Slow {
    /// The head of the request stops in the middle.
    Head,
    /// The body of the request stops in the middle.
    Body,
    /// One answer after another is asked for, and none is read.
    Answer,
}

/// A connection of one that is slow; none where the server does not even take it.
async fn slow(address: SocketAddr, how: Slow, token: &str) -> Option<TcpStream> {
    let socket = TcpSocket::new_v4().expect("a socket");
    // What the operating systems hold between the two is no memory of the server's.
    socket.set_recv_buffer_size(4096).expect("a size");
    let mut stream = socket.connect(address).await.ok()?;
    let plays = path(STORE, "wheel-0", "/plays");
    let text = match how {
        Slow::Head => format!("POST {plays} HTTP/1.1\r\nhost: a\r\nx-slow: "),
        Slow::Body => format!(
            "POST {plays} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {token}\r\n\
             idempotency-key: {}\r\ncontent-type: application/json\r\n\
             content-length: 1000\r\n\r\n{{\"action\"",
            name()
        ),
        Slow::Answer => "GET /v1/openapi.json HTTP/1.1\r\nhost: a\r\n\r\n".repeat(10),
    };
    stream.write_all(text.as_bytes()).await.ok()?;
    Some(stream)
}

/// Whether the server has closed a connection.
async fn closed(mut stream: TcpStream) -> bool {
    let end = async {
        let mut bytes = vec![0; 65536];
        while !matches!(stream.read(&mut bytes).await, Ok(0) | Err(_)) {}
    };
    tokio::time::timeout(Duration::from_secs(1), end).await.is_ok()
}

/// The memory that a process has in use, in megabytes.
fn megabytes(id: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    line.split_whitespace().next().and_then(|kb| kb.parse::<u64>().ok()).expect("kB") / 1024
}

/// How many files and connections a process has open.
fn files(id: u32) -> usize {
    fs::read_dir(format!("/proc/{id}/fd")).expect("a process").count()
}

async fn others_are_served(how: Slow, closed_after_s: u64) {
    let mut shop = Shop::sqlite();
    let wheel = shop.opens([100_000]).remove(0);
    let settings = [
        ("FUNFAIR_HEADER_TIMEOUT_S", HEADER_S.to_string()),
        ("FUNFAIR_ANSWER_TIMEOUT_S", ANSWER_S.to_string()),
        // Who plays without a pause for that long is stopped otherwise.
        ("FUNFAIR_MEMBER_RATE", "0".into()),
    ];
    shop.starts_as("funfair", &settings).await;
    let id = shop.server().id();
    let address = shop.base.trim_start_matches("http://").parse().expect("an address");
    let crowd = Crowd::plays(&shop, &wheel, 4).await;
    crowd.counts.until("plays", |counts| counts.answered() >= 20).await;
    let (before_mb, before_files) = (megabytes(id), files(id));

    let token = token("slow", &shop.key);
    let many = times(100, 800);
    let mut connections = Vec::new();
    for _ in 0..many {
        connections.extend(slow(address, how, &token).await);
    }
    assert_eq!(connections.len(), many, "{how:?}: not all could be slow");
    let mut most_mb = 0;
    let (start, mut last) = (Instant::now(), crowd.counts.answered());
    while start.elapsed() < Duration::from_secs(closed_after_s + 1) {
        tokio::time::sleep(Duration::from_secs(2)).await;
        let now = crowd.counts.answered();
        assert!(now > last, "{how:?}: for two seconds nobody was served");
        last = now;
        most_mb = most_mb.max(megabytes(id));
    }
    let few = || async { (files(id) < before_files + many / 10 + 8).then_some(()) };
    until("the end of the slow connections", few).await;
    let mut open = 0;
    for stream in connections {
        open += usize::from(!closed(stream).await);
    }
    let heard = crowd.ends().await;
    println!(
        "{how:?}: {many} slow, {before_mb} MB before, {most_mb} MB at most, {open} still open"
    );
    assert_eq!(open, 0, "{how:?}: connections outlived their time");
    assert!(most_mb < before_mb + 50 + many as u64 / 4, "{how:?}: {before_mb} MB, then {most_mb}");
    assert!(heard.strange.is_empty(), "{:?}", heard.strange);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_never_end_the_head_of_their_request_hold_nobody_up() {
    others_are_served(Slow::Head, HEADER_S).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_never_end_their_request_hold_nobody_up() {
    others_are_served(Slow::Body, BODY_S).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn clients_that_never_read_hold_nobody_up() {
    others_are_served(Slow::Answer, ANSWER_S).await;
}
