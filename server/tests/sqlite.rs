//! The SQLite store is a store: it passes the contract story, and after any history its rows are
//! those of the store in memory.

mod history;

use funfair_engine::{
    Store, StoreError,
    story::{self, Booth},
};
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_history_leaves_the_rows_of_the_store_in_memory(history in history::any()) {
        let folder = tempfile::tempdir().unwrap();
        history::agrees(&open(folder.path()), history)?;
    }
}
