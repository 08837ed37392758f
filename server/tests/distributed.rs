//! The contract story and any history again where rows are hash-partitioned by programme, every
//! transaction is serializable, and now and then one is told to start again, some at COMMIT.

mod history;
mod place;

use funfair_engine::story;
use funfair_server::postgres::PostgresStore;
use place::Place;
use proptest::prelude::*;
use std::cell::RefCell;

fn open(place: &Place) -> PostgresStore {
    PostgresStore::open(&place.text(), 1, 2).unwrap()
}

#[test]
fn a_spread_database_passes_the_story() {
    let places = RefCell::new(Vec::new());
    story::tell(&|| {
        let place = Place::distributed();
        let store = open(&place);
        places.borrow_mut().push(place);
        Box::new(store)
    });
    let told: u64 = places.borrow().iter().map(Place::told_to_start_again).sum();
    assert!(told > 0, "nothing was told to start again, so nothing was shown");
    println!("{told} transactions were told to start again");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn any_history_leaves_the_rows_of_the_store_in_memory(history in history::any()) {
        let place = Place::distributed();
        history::agrees(&open(&place), history)?;
    }
}
