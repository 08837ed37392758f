//! The writer on a real database: what is refused needs no transaction, arrivals are answered in
//! their order, and nothing piles up beside the queue.

use funfair_engine::{Denial, Play, Store, story::Booth};
use funfair_server::{
    Limits, NoAnswer, Said, Writer,
    sqlite::{Durability, SqliteStore},
};
use rusqlite::Connection;
use std::{
    path::PathBuf,
    pin::Pin,
    sync::Arc,
    task::{Context, Waker},
    time::{Duration, Instant},
};

/// The story's stall over ten years, since the writer reads the real clock.
const FILE: &str = r#"
kind = "stall"
title = { en = "The stall", zh-CN = "小摊" }
terms = { en = "For the tests.", zh-CN = "测试用。" }
opens_at = "2026-01-01T00:00:00"
closes_at = "2036-01-01T00:00:00"

[chances]
free_per_day = 0
points_each = 5

[[rules.prizes]]
id = "points"
label = { en = "2 points", zh-CN = "2 积分" }
tier = 2
weight = 1
icon = "points"
fallback = true
reward = { type = "points", amount = 2 }
"#;

const EARN: &str = r#"{"type":"earn","points":1}"#;
const BUY: &str = r#"{"type":"buy"}"#;

struct House {
    folder: tempfile::TempDir,
    store: Arc<SqliteStore>,
}

impl House {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("funfair.db");
        let store = SqliteStore::open(&path, Durability::Normal, 2).unwrap();
        Self { folder, store: Arc::new(store) }
    }

    fn booth(&self, activity: &str) -> Booth<'_> {
        Booth::open_with(&*self.store, "p", activity, FILE)
    }

    fn writer(&self, queue: usize, writers: usize) -> Writer {
        self.limited(Limits { batch: 64, queue, wait: None, writers })
    }

    fn limited(&self, limits: Limits) -> Writer {
        Writer::start(Arc::clone(&self.store) as _, limits).unwrap()
    }

    /// Another process with the file open.
    fn other(&self) -> Connection {
        let path: PathBuf = self.folder.path().join("funfair.db");
        let other = Connection::open(path).unwrap();
        other.busy_timeout(Duration::from_secs(5)).unwrap();
        other
    }
}

type Asked<'a> = Pin<Box<dyn Future<Output = Result<Said, NoAnswer>> + 'a>>;

/// Hands plays in, one after another, without waiting for an answer.
fn hand_in(writer: &Writer, plays: Vec<Play>) -> Vec<Asked<'_>> {
    let hand_in = |play| {
        let mut asked: Asked<'_> = Box::pin(writer.run(play));
        let polled = asked.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending(), "the answer cannot be there before the first commit");
        asked
    };
    plays.into_iter().map(hand_in).collect()
}

async fn soon<T>(answer: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(3), answer).await.expect("nobody had to wait")
}

#[tokio::test]
async fn what_is_refused_waits_for_no_other_writer_and_sees_the_newest_rows() {
    let house = House::new();
    let (booth, writer) = (house.booth("stall"), house.writer(64, 1));
    let earned = booth.play("ann", "earn", EARN);
    let first = writer.run(earned.clone()).await.unwrap().unwrap();
    let refused = |said: Said| matches!(said, Err(Denial::Refused(_)));
    assert!(refused(writer.run(booth.play("ann", "a", BUY)).await.unwrap()));

    // From now on whoever wants to write waits for this one, and gives up after five seconds.
    let other = house.other();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    for key in ["b", "c"] {
        assert!(refused(soon(writer.run(booth.play("ann", key, BUY))).await.unwrap()));
    }
    let again = soon(writer.run(earned)).await.unwrap().unwrap();
    assert!(again.repeated);
    assert_eq!(again.receipt, first.receipt);
    let plays = other.query_row("SELECT count(*) FROM play", [], |row| row.get::<_, u32>(0));
    assert_eq!(plays.unwrap(), 1);

    let more = "UPDATE purse SET points = 7, lots = '[{\"expires_on\":null,\"points\":7}]'";
    other.execute_batch(more).unwrap();
    other.execute_batch("COMMIT").unwrap();
    let bought = writer.run(booth.play("ann", "d", BUY)).await.unwrap().unwrap();
    assert_eq!((bought.repeated, bought.me.balance), (false, 4));
    writer.finish();
}

#[tokio::test]
async fn plays_of_a_lane_are_decided_in_the_order_of_their_arrival() {
    let house = House::new();
    let booths = ["one", "two", "three"].map(|activity| house.booth(activity));
    let writer = house.writer(10_000, 2);
    // A writer that waits takes all of them in several batches.
    let other = house.other();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let play = |n: usize| booths[n % 3].play("ann", &format!("{n:04}"), EARN);
    let asked = hand_in(&writer, (0..900).map(play).collect());
    other.execute_batch("COMMIT").unwrap();
    for answer in asked {
        assert!(answer.await.unwrap().is_ok());
    }
    for (first, booth) in booths.iter().enumerate() {
        let plays = house.store.plays(&booth.at.lane, "ann", None, 900).unwrap();
        let keys: Vec<_> = plays.into_iter().rev().map(|play| play.key.key).collect();
        let arrived: Vec<_> = (first..900).step_by(3).map(|n| format!("{n:04}")).collect();
        assert_eq!(keys, arrived);
    }
    writer.finish();
}

#[tokio::test]
async fn beyond_the_queue_everyone_is_told_at_once() {
    let house = House::new();
    let (booth, writer) = (house.booth("stall"), house.writer(3, 1));
    let other = house.other();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let play = |key: &str| booth.play("ann", key, EARN);
    let asked = hand_in(&writer, vec![play("a"), play("b")]);
    let mut beside = Box::pin(writer.aside(&"stall", |_| 5));
    assert!(beside.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert_eq!(writer.waiting(), 3);
    assert!(matches!(soon(writer.run(play("c"))).await, Err(NoAnswer::Busy { .. })));
    assert!(matches!(soon(writer.aside(&"stall", |_| 6)).await, Err(NoAnswer::Busy { .. })));
    other.execute_batch("COMMIT").unwrap();
    for answer in asked {
        assert!(answer.await.unwrap().is_ok());
    }
    assert_eq!(beside.await.unwrap(), 5);
    assert_eq!(writer.waiting(), 0);
    assert!(writer.run(play("c")).await.unwrap().is_ok());
    writer.finish();
}

#[tokio::test]
async fn whoever_would_wait_too_long_is_told_at_once_and_for_how_long() {
    const LONGEST: Duration = Duration::from_millis(100);
    let house = House::new();
    let booth = house.booth("stall");
    let writer =
        house.limited(Limits { batch: 64, queue: 10_000, wait: Some(LONGEST), writers: 1 });
    let play = |key: &str| booth.play("ann", key, EARN);
    let other = house.other();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    // Nobody waits, and nothing is known yet.
    let asked = hand_in(&writer, vec![play("a"), play("b")]);
    tokio::time::sleep(3 * LONGEST).await;
    let start = Instant::now();
    for key in ["c", "d"] {
        let Err(NoAnswer::Busy { wait }) = writer.run(play(key)).await else { panic!("{key}") };
        assert!(wait > LONGEST, "{wait:?}");
    }
    assert!(matches!(writer.aside(&"stall", |_| 6).await, Err(NoAnswer::Busy { .. })));
    assert!(matches!(writer.has_room(), Err(NoAnswer::Busy { .. })));
    assert!(start.elapsed() < LONGEST, "{:?}", start.elapsed());
    other.execute_batch("COMMIT").unwrap();
    // Whoever has a place keeps it.
    for answer in asked {
        assert!(soon(answer).await.unwrap().is_ok());
    }
    // Whoever finds nobody is asked in, however slow the last batch was.
    assert!(writer.has_room().is_ok());
    assert!(writer.run(play("c")).await.unwrap().is_ok());
    writer.finish();
}

#[tokio::test]
async fn what_panics_beside_the_plays_ends_alone() {
    let house = House::new();
    let (booth, writer) = (house.booth("stall"), house.writer(8, 1));
    let panicked = writer.aside(&"stall", |_| -> u8 { panic!("as the test wants it") }).await;
    assert!(matches!(panicked, Err(NoAnswer::Store(_))));
    assert!(writer.run(booth.play("ann", "a", EARN)).await.unwrap().is_ok());
    assert_eq!(writer.waiting(), 0);
    writer.finish();
}

#[tokio::test]
async fn writers_that_finish_answer_what_they_took_and_take_no_more() {
    let house = House::new();
    let booths = ["one", "two", "three", "four"].map(|activity| house.booth(activity));
    let writer = house.writer(1000, 3);
    let other = house.other();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let play = |n: usize| booths[n % 4].play("ann", &format!("{n}"), EARN);
    let asked = hand_in(&writer, (0..400).map(play).collect());
    other.execute_batch("COMMIT").unwrap();
    writer.finish();
    for answer in asked {
        assert!(answer.await.unwrap().is_ok());
    }
    assert!(matches!(writer.run(play(400)).await, Err(NoAnswer::Busy { .. })));
}
