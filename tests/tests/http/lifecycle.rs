//! A server that stops, dies and starts again.

use funfair_tests::{Shopper, Store, fresh_key, raw_field, spin};
use serde_json::Value;
use std::collections::BTreeSet;
use tokio::task::JoinSet;

#[tokio::test]
async fn receipts_outlive_a_restart() {
    let mut store = Store::open().await;
    let shopper = store.shopper("wheel", "patient");
    let (key, body) = (fresh_key(), shopper.request(spin()).await);
    let first = shopper.send(&key, &body).await.expect(200);
    let before = store.ledger().snapshot();
    store.stop().await;
    store.start().await;
    let shopper = Shopper { api: store.api(), ..shopper };
    let again = shopper.send(&key, &body).await.expect(200);
    assert_eq!(raw_field(&again.answer, "receipt"), raw_field(&first.answer, "receipt"));
    assert_eq!(again.json()["me"]["commitment"], first.json()["me"]["commitment"]);
    store.ledger().snapshot().is_unchanged_since(&before, "a restart");
    shopper.plays(spin()).await;
}

/// A play whose answer never came.
struct Unanswered {
    shopper: Shopper,
    key: String,
    body: Value,
}

/// Many members who spin until the server is gone.
struct Crowd(JoinSet<(Vec<Value>, Option<Unanswered>)>);

impl Crowd {
    async fn spinning(store: &Store) -> Self {
        let mut crowd = JoinSet::new();
        for member in 0..40 {
            let shopper = store.shopper("wheel", &format!("member-{member}"));
            let body = shopper.request(spin()).await;
            crowd.spawn(spins(shopper, body));
        }
        Self(crowd)
    }

    /// The receipts that they were answered with, and the plays that were not answered.
    async fn ended(self) -> (Vec<Value>, Vec<Unanswered>) {
        let (answered, unanswered): (Vec<_>, Vec<_>) = self.0.join_all().await.into_iter().unzip();
        (answered.concat(), unanswered.into_iter().flatten().collect())
    }
}

async fn spins(shopper: Shopper, mut body: Value) -> (Vec<Value>, Option<Unanswered>) {
    let mut receipts = Vec::new();
    for _ in 0..50 {
        let key = fresh_key();
        let Ok(answer) = shopper.call(&key).json(&body).try_send().await else {
            return (receipts, Some(Unanswered { shopper, key, body }));
        };
        let mut reply = answer.expect(200).json();
        receipts.push(reply["receipt"].take());
        body["commitment"] = reply["me"]["commitment"].take();
    }
    (receipts, None)
}

fn ids(receipts: &[Value]) -> BTreeSet<String> {
    receipts.iter().map(|receipt| receipt["id"].to_string()).collect()
}

#[tokio::test]
async fn a_stopping_server_answers_all_that_it_accepted() {
    let mut store = Store::open().await;
    let crowd = Crowd::spinning(&store).await;
    store.ledger().has_plays(100).await;
    store.stop().await;
    let (answered, unanswered) = crowd.ended().await;
    assert!(!unanswered.is_empty(), "the crowd was done before the server stopped");
    assert_eq!(ids(&store.ledger().receipts("wheel")), ids(&answered));
}

#[tokio::test]
async fn a_killed_server_keeps_what_it_answered_and_charges_the_rest_once() {
    let mut store = Store::open().await;
    let crowd = Crowd::spinning(&store).await;
    store.ledger().has_plays(100).await;
    store.kill();
    let (answered, unanswered) = crowd.ended().await;
    assert!(!unanswered.is_empty(), "the crowd was done before the server died");
    store.start().await;
    let stored = ids(&store.ledger().receipts("wheel"));
    assert!(stored.is_superset(&ids(&answered)), "a receipt that was shown is gone");
    let mut receipts = answered.len();
    for Unanswered { shopper, key, body } in unanswered {
        let shopper = Shopper { api: store.api(), ..shopper };
        let first = shopper.send(&key, &body).await.expect(200);
        let again = shopper.send(&key, &body).await.expect(200);
        assert_eq!(raw_field(&first.answer, "receipt"), raw_field(&again.answer, "receipt"));
        receipts += 1;
    }
    assert_eq!(store.ledger().receipts("wheel").len(), receipts, "each play is there once");
}

#[tokio::test]
async fn the_server_tells_that_it_is_well_and_what_it_speaks() {
    let store = Store::open().await;
    store.api().get("/healthz").send().await.expect(200);
    let served = store.api().get("/v1/openapi.json").send().await.expect(200).json();
    assert_eq!(&served, funfair_tests::Contract::get().document());
}
