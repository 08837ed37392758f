//! The PostgreSQL store is a store: it passes the contract story, and after any history its rows are
//! those of the store in memory.

mod history;

use funfair_cluster::{Cluster, Database};
use funfair_engine::story;
use funfair_server::postgres::PostgresStore;
use proptest::prelude::*;

fn open(database: &Database) -> PostgresStore {
    PostgresStore::open(&database.url(), 1, 2).unwrap()
}

#[test]
fn it_passes_the_story() {
    let databases = std::cell::RefCell::new(Vec::new());
    story::tell(&|| {
        let database = Cluster::shared().fresh(None);
        let store = open(&database);
        databases.borrow_mut().push(database);
        Box::new(store)
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_history_leaves_the_rows_of_the_store_in_memory(history in history::any()) {
        let database = Cluster::shared().fresh(None);
        history::agrees(&open(&database), history)?;
    }
}
