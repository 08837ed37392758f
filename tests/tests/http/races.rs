//! Many at once.

use funfair_tests::{Exchange, Shopper, Store, fresh_key, raw_field, spin};
use serde_json::Value;
use std::collections::BTreeMap;
use tokio::task::JoinSet;

/// All of them at once; in the order in which they are done.
async fn together<T: Send + 'static>(
    tasks: impl IntoIterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    tasks.into_iter().collect::<JoinSet<_>>().join_all().await
}

/// How many answers there were of each status and code.
fn tally(answers: &[Exchange]) -> BTreeMap<(u16, String), usize> {
    let mut tally = BTreeMap::new();
    for answer in answers {
        *tally.entry((answer.status, answer.code())).or_default() += 1;
    }
    tally
}

/// Plays, and goes on with the next commitment for as long as others spend it first.
async fn insists(shopper: Shopper, mut body: Value) -> Exchange {
    loop {
        let answer = shopper.send(&fresh_key(), &body).await;
        if answer.code() != "commitment_used" {
            return answer;
        }
        body["commitment"] = answer.json()["commitment"].clone();
    }
}

#[tokio::test]
async fn of_200_parallel_plays_with_one_chance_one_wins() {
    let store = Store::open().await;
    let shopper = store.shopper("single", "racer");
    let body = shopper.request(spin()).await;
    let plays = (0..200).map(|_| insists(shopper.clone(), body.clone()));
    let answers = together(plays).await;
    let expected = [((200, String::new()), 1), ((409, "refused".into()), 199)];
    assert_eq!(tally(&answers), BTreeMap::from(expected));
    assert_eq!(store.ledger().receipts("single").len(), 1);
}

#[tokio::test]
async fn of_100_plays_with_one_commitment_one_is_charged() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "racer");
    let body = shopper.request(spin()).await;
    let plays = (0..100).map(|_| {
        let (shopper, body) = (shopper.clone(), body.clone());
        async move { shopper.send(&fresh_key(), &body).await }
    });
    let answers = together(plays).await;
    let expected = [((200, String::new()), 1), ((409, "commitment_used".into()), 99)];
    assert_eq!(tally(&answers), BTreeMap::from(expected));
    assert_eq!(store.ledger().receipts("wheel").len(), 1);
}

#[tokio::test]
async fn duplicates_of_one_key_at_once_are_one_play() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "impatient");
    let body = shopper.request(spin()).await;
    let key = fresh_key();
    let plays = (0..50).map(|_| {
        let (shopper, body, key) = (shopper.clone(), body.clone(), key.clone());
        async move { shopper.send(&key, &body).await.expect(200) }
    });
    let answers = together(plays).await;
    let receipt = raw_field(&answers[0].answer, "receipt");
    for answer in &answers {
        assert_eq!(raw_field(&answer.answer, "receipt"), receipt);
    }
    assert_eq!(store.ledger().count("play"), 1);
}

#[tokio::test]
async fn of_1000_plays_on_a_stock_of_10_exactly_10_win() {
    let store = Store::open().await;
    let members = (0..100).map(|member| {
        let shopper = store.shopper("ten", &format!("member-{member}"));
        async move {
            let mut body = shopper.request(spin()).await;
            for _ in 0..10 {
                let reply = shopper.send(&fresh_key(), &body).await.expect(200).json();
                body["commitment"] = reply["me"]["commitment"].clone();
            }
        }
    });
    together(members).await;
    let receipts = store.ledger().receipts("ten");
    let won = |receipt: &&Value| receipt["outcome"]["prize"] == "camera";
    assert_eq!(receipts.len(), 1000);
    assert_eq!(receipts.iter().filter(won).count(), 10);
    let owed = receipts.iter().flat_map(|receipt| receipt["rewards"].as_array().expect("rewards"));
    assert_eq!(owed.filter(|reward| reward["sku"] == "CAM-1").count(), 10);
}
