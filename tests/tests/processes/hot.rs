//! One stock that everybody wants.

use crate::{processes, together};
use funfair_tests::{Engine, Exchange, Shopper, Store, fresh_key, raw_field, run, spin, until};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const PROCESSES: usize = 3;
const MEMBERS: usize = 240;
const PLAYS: usize = 3;
const STOCK: usize = 300;

/// How many plays one connection sends without waiting for an answer.
const PIPELINED: usize = 40;

fn hot(stock: usize) -> String {
    let file = include_str!("../../activities/ten.toml");
    file.replace("stock = 10", &format!("stock = {stock}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_processes_never_give_more_than_there_is_and_lose_no_answer() {
    contended(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_do_they_where_rows_are_partitioned_and_transactions_start_again() {
    contended(Engine::Distributed).await;
}

async fn contended(engine: Engine) {
    let stores = processes(engine, PROCESSES).await;
    stores[0].add("hot", &hot(STOCK)).await;
    for store in &stores {
        sees(store, |public| public["state"] == "live").await;
    }
    let crowd = (0..MEMBERS).map(|member| {
        let at =
            |n: usize| stores[(member + n) % PROCESSES].shopper("hot", &format!("member-{member}"));
        plays(at(0), at(1))
    });
    let senders =
        stores.iter().enumerate().map(|(n, store)| pipelined(store.port(), line(store, n)));
    let (crowd, lines) = tokio::join!(together(crowd), together(senders));

    let mut answered: BTreeMap<String, String> = BTreeMap::new();
    for receipt in crowd.into_iter().flatten().chain(lines.iter().flatten().cloned()) {
        let twice = answered.insert(id(&receipt), receipt);
        assert!(twice.is_none(), "one play, two plays' answers: {twice:?}");
    }
    let kept = stores[0].ledger().receipts("hot");
    let ids: Vec<String> = kept.iter().map(|one| one["id"].to_string()).collect();
    assert_eq!(answered.len(), MEMBERS * PLAYS + PROCESSES * PIPELINED);
    assert_eq!(
        ids.iter().collect::<BTreeSet<_>>(),
        answered.keys().collect(),
        "what is stored and what was answered"
    );
    let won = kept.iter().filter(|receipt| receipt["outcome"]["prize"] == "camera").count();
    assert_eq!(won, STOCK, "cameras of {} plays", kept.len());
    let server = stores[0].rows().server();
    let numbers = "SELECT count(*), min(seq), max(seq) FROM play WHERE activity = 'hot'";
    assert_eq!(server.sql(numbers), format!("{0}|1|{0}", kept.len()), "numbers without a gap");
    let left = "SELECT min(remaining) FROM pool WHERE pool LIKE '%camera%'";
    assert_eq!(server.sql(left), "0");
    for line in &lines {
        let at =
            |receipt: &String| ids.iter().position(|one| *one == id(receipt)).expect("a number");
        let numbers: Vec<usize> = line.iter().map(at).collect();
        assert!(numbers.is_sorted(), "sent in this order: {numbers:?}");
    }
    run(&mut stores[0].program().command(&["audit", "acme"])).expect("a sound database");
    told(&stores, engine);
    everybody_obeys_the_operator(&stores).await;
}

/// Plays, and asks for each receipt once more at another process.
async fn plays(shopper: Shopper, elsewhere: Shopper) -> Vec<String> {
    let mut body = shopper.request(spin()).await;
    let mut receipts = Vec::new();
    for _ in 0..PLAYS {
        let key = fresh_key();
        let first = shopper.send(&key, &body).await.expect(200);
        let again = elsewhere.send(&key, &body).await.expect(200);
        let receipt = raw_field(&first.answer, "receipt");
        assert_eq!(raw_field(&again.answer, "receipt"), receipt, "another process says otherwise");
        body["commitment"] = first.json()["me"]["commitment"].clone();
        receipts.push(receipt);
    }
    receipts
}

/// Members who stand in one line, at one process.
fn line(store: &Store, process: usize) -> Vec<Shopper> {
    let shopper = |n| store.shopper("hot", &format!("line-{process}-{n}"));
    (0..PIPELINED).map(shopper).collect()
}

/// Sends a play of each, one behind the other on one connection, and only then reads; the receipts
/// in the order in which they were sent.
async fn pipelined(port: u16, line: Vec<Shopper>) -> Vec<String> {
    let mut requests = String::new();
    for shopper in &line {
        let body = shopper.request(spin()).await.to_string();
        let _ = write!(
            requests,
            "POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\n\
             Idempotency-Key: {}\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            shopper.path("/plays"),
            shopper.token,
            fresh_key(),
            body.len(),
        );
    }
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await.expect("a connection");
    stream.write_all(requests.as_bytes()).await.expect("all of it sent");
    let mut read = Vec::new();
    let mut receipts = Vec::new();
    while receipts.len() < line.len() {
        if let Some(answer) = answer(&mut read) {
            receipts.push(raw_field(&answer.expect(200).answer, "receipt"));
            continue;
        }
        let more = stream.read_buf(&mut read).await.expect("an answer");
        assert!(more > 0, "the connection ended after {} answers", receipts.len());
    }
    receipts
}

/// Takes a whole answer off the beginning.
fn answer(read: &mut Vec<u8>) -> Option<Exchange> {
    let head = read.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = String::from_utf8_lossy(&read[..head]).to_lowercase();
    let length = text.split_once("content-length:").expect("a length").1.lines().next();
    let length: usize = length.and_then(|one| one.trim().parse().ok()).expect("a number");
    (read.len() >= head + length).then_some(())?;
    let status = text.split(' ').nth(1).and_then(|one| one.parse().ok()).expect("a status");
    let answer = read.drain(..head + length).skip(head).collect();
    Some(Exchange { status, answer, ..Exchange::default() })
}

fn id(receipt: &str) -> String {
    let receipt: Value = serde_json::from_str(receipt).expect("a receipt");
    receipt["id"].to_string()
}

/// Says how often transactions were in each other's way; every one of them was answered above.
fn told(stores: &[Store], engine: Engine) {
    let server = stores[0].rows().server();
    let row = server.sql(
        "SELECT xact_commit, xact_rollback, deadlocks FROM pg_stat_database
         WHERE datname = current_database()",
    );
    println!("{engine:?}: commits, roll-backs and deadlocks: {row}");
    if engine == Engine::Distributed {
        let told = server.told_to_start_again();
        println!("{engine:?}: {told} transactions were told to start again");
        assert!(told > 0, "nothing was told to start again, so nothing was shown");
    }
}

/// What an operator says in a process of his own holds in all of them with their next play.
async fn everybody_obeys_the_operator(stores: &[Store]) {
    let operator = stores[0].program();
    run(&mut operator.command(&["activity", "acme", "hot", "paused"])).expect("paused");
    for (n, store) in stores.iter().enumerate() {
        let shopper = store.shopper("hot", &format!("late-{n}"));
        let body = shopper.request(spin()).await;
        let refused = shopper.send(&fresh_key(), &body).await;
        assert_eq!(refused.status, 409, "process {n} has not heard: {refused}");
    }
    let before = stores[0].ledger().receipts("hot").len();
    run(&mut operator.command(&["activity", "acme", "hot", "live"])).expect("live");
    stores[0].change("hot", &hot(STOCK + 5)).await;
    let revision = stores[0].api().activity("acme", "hot").await["revision"].clone();
    for store in stores {
        sees(store, |public| public["revision"] == revision && public["state"] == "live").await;
    }
    let more = (0..6 * PROCESSES).map(|n| {
        let shopper = stores[n % PROCESSES].shopper("hot", &format!("later-{n}"));
        async move { shopper.plays(spin()).await }
    });
    together(more).await;
    let kept = stores[0].ledger().receipts("hot");
    let won = kept[before..].iter().filter(|one| one["outcome"]["prize"] == "camera").count();
    assert_eq!((kept.len() - before, won), (6 * PROCESSES, 5), "the five that were added");
}

async fn sees(store: &Store, fits: impl Fn(&Value) -> bool) {
    let seen = || async {
        let public = store.api().get("/v1/stores/acme/activities/hot").send().await;
        (public.status == 200 && fits(&public.json())).then_some(())
    };
    until("the change in every process", seen).await;
}
