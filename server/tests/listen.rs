//! Connections on real sockets: none keeps the server waiting, and none beyond the bound hangs.

use axum::{
    Router,
    body::{Body, Bytes},
    routing::get,
};
use funfair_server::listen::{Bounds, listen, serve};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
    task::JoinHandle,
    time::{sleep, timeout},
};

const BOUNDS: Bounds = Bounds {
    connections: 100,
    header: Duration::from_millis(300),
    idle: Duration::from_secs(2),
    answer: Duration::from_millis(300),
};
const HEAD: &str = "GET / HTTP/1.1\r\nhost: funfair\r\n\r\n";
/// Longer than anything here may take, even where the machine has other work.
const PATIENCE: Duration = Duration::from_secs(10);

struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    served: JoinHandle<()>,
    /// How many large answers are held in memory.
    held: Arc<AtomicUsize>,
}

/// Bytes that say when nobody holds them any more.
struct Held(Vec<u8>, Arc<AtomicUsize>);

impl AsRef<[u8]> for Held {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.1.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Server {
    fn start(bounds: Bounds) -> Self {
        let held = Arc::new(AtomicUsize::new(0));
        let large = Arc::clone(&held);
        let large = async move || {
            large.fetch_add(1, Ordering::SeqCst);
            Body::from(Bytes::from_owner(Held(vec![7; 64 << 20], Arc::clone(&large))))
        };
        let slow = async || {
            sleep(Duration::from_millis(500)).await;
            "at last"
        };
        let routes = Router::new()
            .route("/", get("well"))
            .route("/slow", get(slow))
            .route("/large", get(large));
        let listener = listen("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let served = tokio::spawn(serve(listener, routes, bounds, stopped));
        Self { address, stop: Some(stop), served, held }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn is_well(&self) {
        let said = ask(&mut self.connect().await, HEAD).await;
        assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    }
}

/// Sends a request and reads what comes until the answer's end, or the connection's.
async fn ask(stream: &mut TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut said = Vec::new();
    let read = async {
        while !said.ends_with(b"well") && !said.ends_with(b"at last") {
            let mut piece = [0; 4096];
            match stream.read(&mut piece).await {
                Ok(0) | Err(_) => break,
                Ok(read) => said.extend_from_slice(&piece[..read]),
            }
        }
    };
    timeout(PATIENCE, read).await.expect("an answer or an end");
    String::from_utf8(said).unwrap()
}

/// How long it takes until the server ends a connection.
async fn ended(stream: &mut TcpStream) -> Duration {
    let start = Instant::now();
    let mut rest = Vec::new();
    // Ended by a reset it is ended as well.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut rest)).await.expect("the end");
    start.elapsed()
}

#[tokio::test]
async fn a_head_that_trickles_in_ends_its_connection_and_keeps_no_other_waiting() {
    let server = Server::start(BOUNDS);
    let mut drips = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let mut stream = server.connect().await;
        drips.spawn(async move {
            let start = Instant::now();
            for byte in HEAD.bytes().cycle().filter(|byte| *byte != b'\n') {
                if stream.write_all(&[byte]).await.is_err() {
                    break;
                }
                assert!(start.elapsed() < PATIENCE, "it was heard to no end");
                sleep(Duration::from_millis(20)).await;
            }
        });
    }
    server.is_well().await;
    drips.join_all().await;
    server.is_well().await;
}

#[tokio::test]
async fn a_second_request_has_as_much_time_for_its_head_as_the_first() {
    let server = Server::start(BOUNDS);
    let mut stream = server.connect().await;
    for _ in 0..3 {
        assert!(ask(&mut stream, HEAD).await.contains("well"));
        // Longer than a head may take, shorter than a connection may be idle.
        sleep(Duration::from_millis(500)).await;
    }
    // A handler may take longer than a head.
    assert!(ask(&mut stream, &HEAD.replace("/ ", "/slow ")).await.contains("at last"));
    stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    assert!(ended(&mut stream).await < BOUNDS.idle);
}

#[tokio::test]
async fn a_connection_that_asks_nothing_ends() {
    let server = Server::start(Bounds { idle: Duration::from_millis(200), ..BOUNDS });
    let mut silent = server.connect().await;
    let mut asked = server.connect().await;
    ask(&mut asked, HEAD).await;
    assert!(ended(&mut asked).await < Duration::from_secs(5));
    assert!(ended(&mut silent).await < Duration::from_secs(5));
}

#[tokio::test]
async fn an_answer_that_nobody_reads_is_let_go() {
    let server = Server::start(BOUNDS);
    let mut stream = server.connect().await;
    stream.write_all(HEAD.replace("/ ", "/large ").as_bytes()).await.unwrap();
    let start = Instant::now();
    while server.held.load(Ordering::SeqCst) == 0 {
        assert!(start.elapsed() < PATIENCE, "it was never answered");
        sleep(Duration::from_millis(5)).await;
    }
    while server.held.load(Ordering::SeqCst) > 0 {
        assert!(start.elapsed() < PATIENCE, "it is still held");
        sleep(Duration::from_millis(20)).await;
    }
    assert!(start.elapsed() >= BOUNDS.answer);
    server.is_well().await;
}

#[tokio::test]
async fn connections_beyond_the_bound_are_told_to_come_back_within_a_tenth_of_a_second() {
    let server = Server::start(Bounds { connections: 8, ..BOUNDS });
    let mut guests = Vec::new();
    for _ in 0..8 {
        let mut guest = server.connect().await;
        // Where places are few a connection is good for one request, so these ask nothing yet.
        guest.write_all(b"GET / HTTP").await.unwrap();
        guests.push(guest);
    }
    sleep(Duration::from_millis(50)).await;
    let mut took = Vec::new();
    for _ in 0..21 {
        let start = Instant::now();
        let said = ask(&mut server.connect().await, HEAD).await;
        took.push(start.elapsed());
        assert!(said.starts_with("HTTP/1.1 503"), "{said}");
        assert!(
            said.contains("retry-after: 1\r\n") && said.contains("\"code\":\"busy\""),
            "{said}"
        );
        let length = said.split("content-length: ").nth(1).unwrap().split('\r').next().unwrap();
        let body = said.split("\r\n\r\n").nth(1).unwrap();
        assert_eq!(length.parse::<usize>().unwrap(), body.len());
    }
    // The median: the machine that runs this may have other work.
    took.sort_unstable();
    assert!(took[10] < Duration::from_millis(100), "{took:?}");
    for guest in &mut guests {
        let said = ask(guest, "/1.1\r\nhost: funfair\r\n\r\n").await;
        assert!(said.starts_with("HTTP/1.1 200"), "{said}");
    }
    drop(guests);
    sleep(Duration::from_millis(50)).await;
    server.is_well().await;
}

#[tokio::test]
async fn where_places_are_few_a_connection_is_good_for_one_request() {
    let server = Server::start(Bounds { connections: 8, ..BOUNDS });
    let mut first = server.connect().await;
    assert!(!ask(&mut first, HEAD).await.contains("connection: close"));
    let mut others = Vec::new();
    for _ in 0..6 {
        others.push(server.connect().await);
    }
    let mut last = server.connect().await;
    assert!(ask(&mut last, HEAD).await.contains("connection: close"));
    assert!(ask(&mut first, HEAD).await.contains("well"));
}

#[tokio::test]
async fn a_server_that_stops_answers_what_it_has_and_ends() {
    let mut server = Server::start(BOUNDS);
    let mut idle = server.connect().await;
    ask(&mut idle, HEAD).await;
    let mut working = server.connect().await;
    working.write_all(HEAD.replace("/ ", "/slow ").as_bytes()).await.unwrap();
    sleep(Duration::from_millis(100)).await;
    server.stop.take().unwrap().send(()).unwrap();
    assert!(ended(&mut idle).await < BOUNDS.idle);
    assert!(ask(&mut working, "").await.contains("at last"));
    timeout(PATIENCE, server.served).await.expect("the end of the server").unwrap();
    assert!(TcpStream::connect(server.address).await.is_err());
}
