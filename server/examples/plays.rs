//! Plays a second, in process: closed-loop clients through the writer, SQLite on disk with
//! `synchronous=FULL`, one hot activity with one hot stock row. `cargo xtask bench plays` runs it.
//!
//! Prints JSON lines: the disk's own rate of synced writes, then for each number of clients the
//! batching writer beside one that commits every play alone, on the same file system in the same
//! run. Every run closes with an audit of its rows; a wrong row ends the program with an error.

use anyhow::{Context, ensure};
use funfair_engine::{Asker, Lane, Play, Running, SecretKey, Setup, Store};
use funfair_host_api::{ActivityState, Me, json::Raw};
use funfair_server::{
    Limits, Writer,
    sqlite::{Durability, SqliteStore},
};
use rusqlite::Connection;
use serde_json::json;
use std::{
    fs::File,
    io::{Seek, SeekFrom, Write},
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

const CLIENTS: [usize; 3] = [1, 64, 512];
const STOCK: u64 = 1_000_000_000;
/// How many free spins a member has, and so after how many plays a client becomes another.
const SPINS: u64 = 1000;
/// Ten years, so that the clock of the run is inside.
const ACTIVITY: &str = r#"
kind = "spin-wheel"
title = { en = "Load", "zh-CN" = "压测" }
terms = { en = "Load.", "zh-CN" = "压测。" }
opens_at = "2026-01-01T00:00:00"
closes_at = "2036-01-01T00:00:00"

[chances]
free_per_day = 1000

[[rules.prizes]]
id = "points-5"
label = { en = "5 points", "zh-CN" = "5积分" }
tier = 3
weight = 6000
stock = 1000000000
icon = "points"
reward = { type = "points", amount = 5 }

[[rules.prizes]]
id = "coupon"
label = { en = "Coupon", "zh-CN" = "优惠券" }
tier = 2
weight = 1000
stock = 1000000000
icon = "coupon"
reward = { type = "coupon", value_cents = 500 }

[[rules.prizes]]
id = "points-1"
label = { en = "1 point", "zh-CN" = "1积分" }
tier = 3
weight = 2000
icon = "points"
reward = { type = "points", amount = 1 }

[[rules.prizes]]
id = "thanks"
label = { en = "Next time", "zh-CN" = "谢谢参与" }
tier = 0
weight = 1000
icon = "none"
fallback = true
"#;

fn main() -> anyhow::Result<()> {
    let seconds = std::env::args().nth(1).map_or(Ok(4), |text| text.parse())?;
    let time = Duration::from_secs(seconds);
    // Beside the build's own files: a temporary folder may lie in memory, which syncs nothing.
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target");
    let folder = tempfile::tempdir_in(target)?;
    synced_writes(folder.path())?;
    for clients in CLIENTS {
        let mut per_s = Vec::new();
        for batch in [1024, 1] {
            let path = folder.path().join(format!("{clients}-{batch}.db"));
            per_s.push(one_run(&path, clients, batch, time)?);
        }
        let times = (10.0 * per_s[0] / per_s[1]).round() / 10.0;
        println!("{}", json!({ "bench": "plays", "clients": clients, "batches_are_times": times }));
    }
    Ok(())
}

/// How often a second this disk confirms a small write: what one commit a play cannot exceed.
fn synced_writes(folder: &Path) -> anyhow::Result<()> {
    let mut file = File::create(folder.join("synced"))?;
    file.write_all(&[0; 4096])?;
    file.sync_all()?;
    let (start, mut writes) = (Instant::now(), 0u32);
    while start.elapsed() < Duration::from_secs(1) {
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&writes.to_le_bytes().repeat(1024))?;
        file.sync_data()?;
        writes += 1;
    }
    let rate = f64::from(writes) / start.elapsed().as_secs_f64();
    println!("{}", json!({ "bench": "fdatasync", "per_s": rate.round() }));
    Ok(())
}

fn one_run(path: &Path, clients: usize, batch: usize, time: Duration) -> anyhow::Result<f64> {
    let store = Arc::new(SqliteStore::open(path, Durability::Full, 1)?);
    let at = activity()?;
    store.open(&at.lane, &at.head(), &at.pools())?;
    let limits = Limits { batch, queue: 8192, writers: 1 };
    let writer = Arc::new(Writer::start(Arc::clone(&store) as _, limits)?);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    let start = Instant::now();
    let mut took = runtime.block_on(async {
        let clients: Vec<_> = (0..clients)
            .map(|client| {
                tokio::spawn(client_loop(
                    Arc::clone(&writer),
                    Arc::clone(&at),
                    client,
                    start + time,
                ))
            })
            .collect();
        let mut took = Vec::new();
        for client in clients {
            took.extend(client.await??);
        }
        anyhow::Ok(took)
    })?;
    let elapsed = start.elapsed().as_secs_f64();
    writer.finish();
    took.sort_unstable();
    let at_share = |share: usize| {
        let micros = took.get(took.len() * share / 100).copied().unwrap_or_default();
        f64::from(micros) / 1000.0
    };
    let rows = audit(path, took.len())?;
    let per_s = (f64::from(u32::try_from(took.len())?) / elapsed).round();
    println!(
        "{}",
        json!({
            "bench": "plays", "database": "sqlite", "durability": "full", "clients": clients,
            "commit": if batch == 1 { "one play" } else { "a batch" },
            "plays": took.len(), "per_s": per_s, "p50_ms": at_share(50), "p99_ms": at_share(99), "audit": rows,
        })
    );
    Ok(per_s)
}

fn activity() -> anyhow::Result<Arc<Running>> {
    let faults = |faults: Vec<funfair_engine::Fault>| anyhow::anyhow!("{faults:?}");
    let clock =
        funfair_engine::Clock::new("Asia/Shanghai", 0).map_err(|fault| faults(vec![fault]))?;
    let setup = Setup::parse(ACTIVITY, &clock).map_err(faults)?;
    let lane = Lane { programme: "load".into(), store: "load".into(), activity: "wheel".into() };
    let key = SecretKey::new([9; 32]);
    let kinds = funfair_catalogue::kinds();
    let at = Running::new(lane, setup, ActivityState::Live, key, &kinds).map_err(faults)?;
    Ok(Arc::new(at))
}

/// Plays one after another until the time is over; answers how many microseconds each took.
async fn client_loop(
    writer: Arc<Writer>,
    at: Arc<Running>,
    client: usize,
    until: Instant,
) -> anyhow::Result<Vec<u32>> {
    let mut took = Vec::new();
    let mut commitment = String::new();
    let action = Raw::parse(r#"{"type":"spin","pay":"free"}"#).context("an action")?;
    while Instant::now() < until {
        let n = took.len() as u64;
        let member = format!("{client:05}-{:05}", n / SPINS);
        if n.is_multiple_of(SPINS) {
            commitment = at.key.seed(&at.lane.programme, &member, 0).commitment();
        }
        let play = Play {
            at: Arc::clone(&at),
            identity: Some(("load".into(), member.clone())),
            key: format!("key-{client:05}-{n:08}"),
            body_hash: hex::encode([0; 32]),
            action: action.clone(),
            client_seed: "load-seed".into(),
            commitment: std::mem::take(&mut commitment),
            revision: at.revision.clone(),
            asker: Asker::from(member.as_str()),
        };
        let start = Instant::now();
        let answer = writer.run(play).await?.map_err(|denial| anyhow::anyhow!("{denial:?}"))?;
        took.push(u32::try_from(start.elapsed().as_micros()).unwrap_or(u32::MAX));
        let Me { commitment: next, .. } = answer.me;
        commitment = next;
    }
    Ok(took)
}

/// Holds the rows to each other: every answer has its row, the stock that is gone was given, and
/// the ledger's accounts add up to nothing.
fn audit(path: &Path, answered: usize) -> anyhow::Result<&'static str> {
    let db = Connection::open(path)?;
    let number = |sql: &str| db.query_row(sql, [], |row| row.get::<_, i64>(0));
    let answered = i64::try_from(answered)?;
    ensure!(number("SELECT count(*) FROM play")? == answered, "a play is missing or too many");
    ensure!(number("SELECT seq FROM lane")? == answered, "the lane counted otherwise");
    let given = number(
        "SELECT count(*) FROM play WHERE receipt LIKE '%\"prize\":\"points-5\"%'
         AND receipt LIKE '%\"picked\":\"points-5\"%'",
    )?;
    let left = number("SELECT remaining FROM pool WHERE pool LIKE '%/points-5'")?;
    ensure!(i64::try_from(STOCK)? - left == given, "stock {left} left, {given} given");
    let held = number("SELECT count(*) FROM held")?;
    let coupons = number("SELECT remaining FROM pool WHERE pool LIKE '%/coupon'")?;
    ensure!(i64::try_from(STOCK)? - coupons == held, "coupons and their stock differ");
    let accounts = number(
        "SELECT coalesce(sum(points), 0) FROM (
             SELECT credit AS account, amount AS points FROM transfer
             UNION ALL SELECT debit, -amount FROM transfer
         )",
    )?;
    ensure!(accounts == 0, "the ledger adds up to {accounts}");
    let purses = number("SELECT coalesce(sum(points), 0) FROM purse")?;
    let lots = number(
        "SELECT coalesce(sum(lot.value ->> 'points'), 0) FROM purse, json_each(lots) AS lot",
    )?;
    let issued = number("SELECT coalesce(sum(amount), 0) FROM transfer WHERE debit = 'h:issued'")?;
    ensure!(purses == issued && lots == issued, "{issued} issued, {purses} held, {lots} in lots");
    Ok("stock, lots and ledger agree")
}
