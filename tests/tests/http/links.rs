//! Keys that links bring: `me?item=`.

use crate::dated;
use funfair_tests::{Store, Token};
use serde_json::{Value, json};

const GUESS: &str = include_str!("../../../widgets/guess-price/example.toml");

#[tokio::test]
async fn a_link_shows_what_it_leads_to_and_only_in_its_own_activity() {
    let store = Store::open().await;
    store.add("guess-a", &dated(GUESS)).await;
    store.add("guess-b", &dated(GUESS)).await;
    let ann = store.shopper("guess-a", "ann");
    ann.plays(json!({ "type": "invite" })).await;
    let link = ann.me().await["view"]["helps"][0]["link"].clone();
    let link = link.as_str().expect("a key");

    let bob = store.shopper("guess-a", "bob");
    let tail = format!("/me?item={link}");
    let seen = bob.get(&tail).await.expect(200).json();
    assert_eq!(seen["view"]["link"]["key"], link, "{seen}");
    assert_ne!(seen["view"]["link"]["state"], "used", "{seen}");
    assert_eq!(bob.me().await["view"]["link"], Value::Null, "nothing without the key");

    let elsewhere = bob.at("guess-b");
    let seen = elsewhere.get(&tail).await.expect(200).json();
    assert_eq!(seen["view"]["link"]["state"], "used", "another activity has none: {seen}");
    let help = json!({ "type": "help", "link": link, "guess_cents": 19900 });
    elsewhere.play(help.clone()).await.expect_problem(409, "refused");
    bob.plays(help).await;
}

#[tokio::test]
async fn a_key_that_leads_nowhere_offers_nothing_and_writes_nothing() {
    let store = Store::open().await;
    store.add("guess-a", &dated(GUESS)).await;
    let bob = store.shopper("guess-a", "bob");
    let before = store.ledger().snapshot();
    for key in ["x", "0000000000000000000a", "_-", &"k".repeat(64)] {
        let seen = bob.get(&format!("/me?item={key}")).await.expect(200).json();
        assert_eq!(seen["view"]["link"]["state"], "used", "{key}");
        store.shopper("wheel", "bob").get(&format!("/me?item={key}")).await.expect(200);
    }
    store.ledger().snapshot().is_unchanged_since(&before, "reading by a key");
}

#[tokio::test]
async fn a_key_of_another_form_is_refused() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "ann");
    let long = format!("item={}", "k".repeat(65));
    for query in
        ["item=", "item", "item=a%20b", "item=a/b", "item=a&item=b", "key=a", "item=a&x=1", &long]
    {
        let answer = shopper.get(&format!("/me?{query}")).await;
        answer.expect_problem(400, "invalid_parameter");
    }
}

#[tokio::test]
async fn a_draft_shows_a_link_to_test_tokens() {
    let store = Store::open().await;
    store.apply("guess-a", &dated(GUESS)).expect("a good file");
    let tester = |sub: &str| {
        let mut tester = store.shopper("guess-a", sub);
        tester.token = Token::new("acme", sub).claim("test", true).sign(store.key());
        tester
    };
    let (ann, bob) = (tester("ann"), tester("bob"));
    // The public activity of a draft is for test tokens, too.
    let public = ann.get("").await.expect(200).json();
    let body = json!({
        "action": { "type": "invite" }, "client_seed": "a-seed-of-the-test",
        "commitment": ann.me().await["commitment"], "revision": public["revision"],
    });
    ann.send(&funfair_tests::fresh_key(), &body).await.expect(200);
    let link = ann.me().await["view"]["helps"][0]["link"].clone();
    let link = link.as_str().expect("a key");
    let seen = bob.get(&format!("/me?item={link}")).await.expect(200).json();
    assert_eq!(seen["view"]["link"]["key"], link, "{seen}");
}
