//! The SQLite store is a store: it passes the contract story, and after any history its rows are
//! those of the store in memory.

use funfair_engine::{
    Desk, MemoryStore, Play, Purchase, Store, StoreError,
    story::{
        self, Booth,
        merchants::{self, Office},
    },
};
use funfair_host_api::Fact;
use funfair_server::{
    database::SchemaError,
    sqlite::{Durability, SqliteStore},
};
use proptest::prelude::*;
use std::path::Path;

fn open(folder: &Path) -> SqliteStore {
    SqliteStore::open(&folder.join("funfair.db"), Durability::Normal, 2).unwrap()
}

#[test]
fn it_passes_the_story() {
    let folder = tempfile::tempdir().unwrap();
    let number = std::sync::atomic::AtomicU32::new(0);
    story::tell(&|| {
        let number = number.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = folder.path().join(format!("{number}.db"));
        Box::new(SqliteStore::open(&path, Durability::Normal, 2).unwrap())
    });
}

#[test]
fn rows_outlive_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let booth = Booth::open(&store, "p");
    booth.one("ann", "a", r#"{"type":"draw"}"#).unwrap();
    booth.one("ann", "b", r#"{"type":"earn","points":9}"#).unwrap();
    let before = story::dump(&booth);
    drop(store);
    let store = open(folder.path());
    assert_eq!(story::dump(&Booth { store: &store, ..Booth::open(&store, "p") }), before);
}

#[test]
fn a_file_that_is_no_database_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("funfair.db"), "not a database, but long enough").unwrap();
    let error = SqliteStore::open(&folder.path().join("funfair.db"), Durability::Full, 1);
    assert!(matches!(error, Err(SchemaError::Database(_))));
}

#[test]
fn a_row_that_breaks_a_limit_rolls_its_batch_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let booth = Booth::open(&store, "p");
    let before = story::dump(&booth);
    let played = booth.play("ann", "a", r#"{"type":"draw"}"#);
    booth.run(std::slice::from_ref(&played));
    let after = story::dump(&booth);
    let row = store.plays(&booth.at.lane, "ann", None, 1).unwrap().remove(0);
    let error = store.commit(&funfair_engine::Wants::default(), &mut |_| funfair_engine::Writes {
        // The second is there already; the first must go with it.
        plays: vec![
            funfair_engine::PlayRow { seq: 7, key: named(&row.key, "b"), ..row.clone() },
            row.clone(),
        ],
        ..funfair_engine::Writes::default()
    });
    assert!(matches!(error, Err(StoreError::Database(_))));
    assert_ne!(before, after);
    assert_eq!(story::dump(&booth), after);
}

fn named(key: &funfair_engine::PlayKey, name: &str) -> funfair_engine::PlayKey {
    funfair_engine::PlayKey { key: name.into(), ..key.clone() }
}

/// One play to be: who, under which key, what, and whether with a commitment spent by now.
type Wish = (usize, usize, usize, bool);

fn play(booth: &Booth<'_>, (member, key, action, stale): Wish) -> Play {
    let actions = [
        r#"{"type":"draw"}"#,
        r#"{"type":"buy"}"#,
        r#"{"type":"earn","points":7}"#,
        r#"{"type":"wrap","item":"m0:gift","points":3}"#,
        r#"{"type":"unwrap","item":"m0:gift"}"#,
        r#"{"type":"overdraw"}"#,
    ];
    let (member, key, action) = (format!("m{member}"), format!("key-{key}"), actions[action]);
    if stale {
        return booth.play_with(&member, &key, action, "0".repeat(64));
    }
    booth.play(&member, &key, action)
}

/// One word of the merchant's server: a fact of an order, a correction, or a day's lapsing.
type Word = (usize, usize, usize, u64);

fn say(booth: &Booth<'_>, (what, member, name, amount): Word) -> String {
    let office = Office::of(booth, Purchase::Paid);
    let merchant = office.merchant(booth);
    let (store, now_ms, member) = (booth.store, booth.now_ms, format!("m{member}"));
    let (id, order) = (format!("{member}-{name}"), format!("o-{member}"));
    let fact = |what: &str, cents: u64| {
        let fact = merchants::fact(&format!("{what}-{id}"), what, Some(&order), Some(cents));
        vec![(member.clone(), Fact { sub: member.clone(), ..fact })]
    };
    match what {
        0 => {
            format!("{:?}", Desk::record(store, &merchant, now_ms, &fact("order.paid", amount * 9)))
        }
        1 => format!(
            "{:?}",
            Desk::record(store, &merchant, now_ms, &fact("order.refunded", amount * 7))
        ),
        2 => {
            let points = i64::try_from(amount).unwrap() - 20;
            let one = merchants::adjustment(&id, points);
            format!("{:?}", Desk::adjust(store, &merchant, now_ms, &member, &one))
        }
        _ => {
            let day = merchant.clock.day(now_ms);
            format!("{:?}", Desk::expire(store, &merchant, day, now_ms, None))
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_history_leaves_the_rows_of_the_store_in_memory(
        batches in prop::collection::vec(
            prop::collection::vec((0..3usize, 0..12usize, 0..6usize, prop::bool::weighted(0.1)), 1..8),
            1..12,
        ),
        words in prop::collection::vec((0..4usize, 0..3usize, 0..6usize, 1..60u64), 12),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let (sqlite, memory) = (open(folder.path()), MemoryStore::default());
        let mut booths = [Booth::open(&sqlite, "p"), Booth::open(&memory, "p")];
        for (batch, word) in batches.into_iter().zip(words) {
            let said = booths.each_mut().map(|booth| {
                booth.now_ms += 40_000_000;
                let plays: Vec<_> = batch.iter().map(|wish| play(booth, *wish)).collect();
                let said = booth.run(&plays);
                let mut said: Vec<_> = said.iter().map(|said| format!("{said:?}")).collect();
                said.push(say(booth, word));
                said
            });
            prop_assert_eq!(&said[0], &said[1]);
        }
        prop_assert_eq!(story::dump(&booths[0]), story::dump(&booths[1]));
        for member in ["m0", "m1", "m2"] {
            prop_assert_eq!(booths[0].audit(member), booths[1].audit(member));
        }
    }
}
