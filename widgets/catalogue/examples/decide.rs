//! What deciding a play costs, without a database: `cargo run --release -p funfair-catalogue
//! --features rules --example decide [CASE] [SECONDS]`.
//!
//! Prints a JSON line for each case and size of batch: the processor's time a play, in
//! microseconds, the best and the middle of many rounds. The rows are loaded beforehand; naming
//! them, deciding and making the rows to write is what is measured, and freeing all of it. Every
//! kind of the catalogue plays its example's first offered move; the wheel also plays for members
//! who have played before, and refuses those who have no chance left.
#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use funfair_catalogue::{ENTRIES, kinds};
use funfair_engine::{
    Asker, Batch, Clock, Desk, Lane, MemoryStore, Play, Rows, Running, SecretKey, Setup, Store,
};
use funfair_host_api::{ActivityState, json::Raw};
use std::{
    collections::BTreeMap,
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

/// The server's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many plays one round decides, whatever the size of its batches.
const PLAYS: usize = 1024;

/// What the load tests play: free spins without end, stock for most prizes.
const HOT: &str = include_str!("../../../tests/load/activities/open.toml");

/// Plays and the store that they are decided on.
struct Case {
    name: String,
    store: MemoryStore,
    plays: Vec<Play>,
    now_ms: u64,
}

fn main() -> Result<(), String> {
    let only = std::env::args().nth(1).unwrap_or_default();
    let seconds = std::env::args().nth(2).map_or(Ok(1), |text| text.parse());
    let time = Duration::from_secs(seconds.map_err(|_| "seconds are a whole number")?);
    for case in cases()?.iter().filter(|case| case.name.contains(&only)) {
        for size in [1, 64, 512, 1024] {
            case.measure(size, time);
        }
    }
    Ok(())
}

fn cases() -> Result<Vec<Case>, String> {
    let mut cases = Vec::new();
    for entry in ENTRIES {
        cases.push(Case::of(entry.slug, entry.example, 0, 1)?);
    }
    cases.push(Case::of("hot wheel, first play", HOT, 0, 1)?);
    cases.push(Case::of("hot wheel", HOT, 3, 1)?);
    cases.push(Case::of("hot wheel, every play in a lane of its own", HOT, 3, PLAYS)?);
    let few = HOT.replace("free_per_day = 1000", "free_per_day = 1");
    cases.push(Case::of("hot wheel, no chance left", &few, 1, 1)?);
    let slot = "[[schedule.slots]]\nfrom = \"00:00\"\nto = \"23:59\"\nquantity = 1024\n[chances]";
    let slots = HOT.replace("[chances]", slot);
    cases.push(Case::of("hot wheel, the slot is gone", &slots, 1, 1)?);
    Ok(cases)
}

impl Case {
    /// An activity in the middle of its dates, after every member has played so often.
    fn of(name: &str, file: &str, played: usize, lanes: usize) -> Result<Self, String> {
        let faults = |faults: Vec<funfair_engine::Fault>| format!("{name}: {faults:?}");
        let clock = Clock::new("Asia/Shanghai", 0).map_err(|fault| faults(vec![fault]))?;
        let setup = Setup::parse(file, &clock).map_err(faults)?;
        let now_ms = u64::midpoint(setup.opens_at_ms, setup.closes_at_ms);
        let store = MemoryStore::default();
        let mut opened = Vec::new();
        for lane in 0..lanes {
            let activity = format!("activity-{lane}");
            let lane = Lane { programme: "acme".into(), store: "acme".into(), activity };
            let (state, key) = (ActivityState::Live, SecretKey::new([9; 32]));
            let at = Running::new(lane, setup.clone(), state, key, &kinds()).map_err(faults)?;
            store.open(&at.lane, &at.head(), &at.pools()).map_err(|error| error.to_string())?;
            opened.push(Arc::new(at));
        }
        let mut case = Self { name: name.into(), store, plays: Vec::new(), now_ms };
        for round in 0..=played {
            let plays: Result<_, String> = (0..PLAYS)
                .map(|n| {
                    let at = opened.get(n % lanes).ok_or("no lane")?;
                    case.play(at, n, round)
                })
                .collect();
            case.plays = plays?;
            if round < played {
                Desk::run(&case.store, now_ms, &case.plays).map_err(|error| error.to_string())?;
            }
        }
        Ok(case)
    }

    /// The first move that a member's view offers; a free spin where there is none.
    fn play(&self, at: &Arc<Running>, n: usize, round: usize) -> Result<Play, String> {
        let member = format!("{n:032x}");
        let asker = Asker::from(member.as_str());
        let me = Desk::me(&self.store, at, &asker, None, self.now_ms);
        let me = me.map_err(|error| error.to_string())?.map_err(|denial| format!("{denial:?}"))?;
        let spin = || Raw::parse(r#"{"type":"spin","pay":"free"}"#).unwrap_or_default();
        let action = at.game.moves(&me.view).into_iter().next().unwrap_or_else(spin);
        Ok(Play {
            at: Arc::clone(at),
            identity: (round == 0).then(|| ("acme".into(), format!("sub-{member}"))),
            key: format!("1c3f5e6a-7b2d-4c8e-9f{round:02x}-{n:012x}"),
            body_hash: "5e".repeat(32),
            action,
            client_seed: "0123456789abcdef".into(),
            commitment: me.commitment,
            revision: at.revision.clone(),
            asker,
        })
    }

    fn measure(&self, size: usize, time: Duration) {
        let load = |plays: &[Play]| self.store.load(&Batch::of(plays).wants).unwrap_or_default();
        let rows: Vec<Rows> = self.plays.chunks(size).map(load).collect();
        let start = Instant::now();
        let mut took = Vec::new();
        let mut said = BTreeMap::<&str, usize>::new();
        while took.is_empty() || start.elapsed() < time {
            said.clear();
            let before = processor_ns(start);
            for (plays, rows) in self.plays.chunks(size).zip(&rows) {
                let (answers, writes) = Batch::of(plays).decide(rows, self.now_ms);
                for answer in &answers {
                    let what = if answer.is_ok() { "accepted" } else { "denied" };
                    *said.entry(what).or_default() += 1;
                }
                drop(writes);
            }
            took.push(processor_ns(start) - before);
        }
        took.sort_unstable();
        let micros = |ns: Option<&u64>| {
            let ns = ns.copied().unwrap_or_default() / self.plays.len() as u64;
            format!("{}.{:02}", ns / 1000, ns % 1000 / 10)
        };
        println!(
            r#"{{"bench":"decide","case":"{}","batch":{size},"best_us":{},"median_us":{},"accepted":{},"denied":{}}}"#,
            self.name,
            micros(took.first()),
            micros(took.get(took.len() / 2)),
            said.get("accepted").unwrap_or(&0),
            said.get("denied").unwrap_or(&0),
        );
    }
}

/// The time that this process's one thread was on a processor; where the system does not say, the
/// time that has passed.
fn processor_ns(start: Instant) -> u64 {
    let times = fs::read_to_string("/proc/self/schedstat").unwrap_or_default();
    let on = times.split(' ').next().and_then(|first| first.parse().ok());
    on.unwrap_or_else(|| u64::try_from(start.elapsed().as_nanos()).unwrap_or(u64::MAX))
}
