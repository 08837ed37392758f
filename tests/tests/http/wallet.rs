//! What a member holds and has done, over all activities of the store.

use crate::wheel;
use funfair_tests::{Store, now, sign_in, spin};
use serde_json::Value;

#[tokio::test]
async fn the_wallet_says_where_points_came_from() {
    let store = Store::open().await;
    let ann = store.shopper("calendar", "ann");
    ann.plays(sign_in()).await;
    let wallet = ann.wallet().await;
    assert_eq!((&wallet["balance"], &wallet["owed"]), (&5.into(), &0.into()));
    let now_ms = wallet["now_ms"].as_u64().expect("a moment");
    assert!(now_ms / 1000 <= now() && now_ms / 1000 + 60 > now(), "{now_ms}");
    assert!(wallet["day"].as_str().is_some_and(|day| day.len() == 10), "{wallet}");
    let entry = &wallet["entries"][0];
    assert_eq!((&entry["amount"], &entry["reason"]), (&5.into(), &"earn".into()));
    assert_eq!(
        (&entry["activity"], &entry["title"]["en"]),
        (&"calendar".into(), &"Sign in".into())
    );
    assert!(entry["play"].is_string() && entry["of"].is_null(), "{entry}");
}

#[tokio::test]
async fn the_wallet_lists_chances_that_wait_in_other_activities() {
    let store = Store::open().await;
    let chance = "{ type = \"chance\", activity = \"single\", count = 2, days = 3 }";
    store.add("giver", &wheel("", "", chance)).await;
    let ann = store.shopper("giver", "ann");
    assert_eq!(ann.wallet().await["chances"], Value::Array(vec![]));
    ann.plays(spin()).await;
    let wallet = ann.wallet().await;
    let lots = wallet["chances"].as_array().expect("a list");
    assert_eq!(lots.len(), 1, "{lots:?}");
    assert_eq!((&lots[0]["activity"], &lots[0]["count"]), (&"single".into(), &2.into()));
    assert_eq!(lots[0]["title"]["en"], "Wheel");
    assert!(lots[0]["expires_at_ms"].as_u64().is_some_and(|ends| ends / 1000 > now()), "{lots:?}");
    let bob = store.shopper("giver", "bob").wallet().await;
    assert_eq!(bob["chances"], Value::Array(vec![]), "bob was given nothing");
}

#[tokio::test]
async fn the_history_spans_all_activities_page_by_page() {
    let store = Store::open().await;
    let ann = store.shopper("wheel", "ann");
    let mut made = Vec::new();
    for _ in 0..12 {
        made.push(ann.plays(spin()).await["receipt"].take());
    }
    made.push(ann.at("calendar").plays(sign_in()).await["receipt"].take());
    for _ in 0..12 {
        made.push(ann.plays(spin()).await["receipt"].take());
    }
    store.shopper("wheel", "bob").plays(spin()).await;

    let path = "/v1/stores/acme/plays";
    let page = |query: String| {
        let call = store.api().get(&format!("{path}{query}")).token(&ann.token);
        async move { call.send().await.expect(200).json() }
    };
    let first = page(String::new()).await;
    let next = first["next"].as_str().expect("a cursor").to_owned();
    let second = page(format!("?before={next}")).await;
    assert_eq!(second["next"], Value::Null);
    let plays = |page: &Value| page["plays"].as_array().expect("a list").clone();
    assert_eq!(plays(&first).len(), 20);
    let mut seen = [plays(&first), plays(&second)].concat();
    assert_eq!(seen.len(), 25, "each play once, and none of bob's");
    let times: Vec<_> = seen.iter().map(|play| play["at_ms"].as_u64()).collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "newest first: {times:?}");
    let id = |play: &Value| play["id"].as_str().unwrap_or_default().to_owned();
    seen.sort_by_key(id);
    made.sort_by_key(id);
    assert_eq!(seen, made, "receipts as they were first answered");
}

#[tokio::test]
async fn a_cursor_of_another_list_is_refused() {
    let store = Store::open().await;
    let ann = store.shopper("wheel", "ann");
    for _ in 0..21 {
        ann.plays(spin()).await;
    }
    let cursor = ann.get("/plays").await.expect(200).json()["next"].take();
    let cursor = cursor.as_str().expect("a cursor");
    for before in [cursor, "x", "aDp4OnA", "%00"] {
        let path = format!("/v1/stores/acme/plays?before={before}");
        let answer = store.api().get(&path).token(&ann.token).send().await;
        answer.expect_problem(400, "invalid_parameter");
    }
    let tokenless = store.api().get("/v1/stores/acme/plays").send().await;
    tokenless.expect_problem(401, "token_missing");
}
