//! Which activity there is, and whether it is open.

use funfair_tests::{Store, Token, fresh_key, header, sign_in, spin};
use serde_json::json;

#[tokio::test]
async fn an_unknown_store_is_named_as_such() {
    let store = Store::open().await;
    let token = Token::new("nowhere", "a").sign(store.key());
    for path in ["/activities", "/wallet", "/activities/wheel", "/activities/wheel/me"] {
        let path = format!("/v1/stores/nowhere{path}");
        let answer = store.api().get(&path).token(&token).send().await;
        answer.expect_problem(404, "store_unknown");
    }
}

#[tokio::test]
async fn an_unknown_activity_is_named_as_such() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "a");
    let body = shopper.request(spin()).await;
    let nowhere = shopper.at("nothing");
    let before = store.ledger().snapshot();
    for tail in ["", "/me", "/plays", "/plays/a"] {
        nowhere.get(tail).await.expect_problem(404, "activity_unknown");
    }
    nowhere.send(&fresh_key(), &body).await.expect_problem(404, "activity_unknown");
    store.ledger().snapshot().is_unchanged_since(&before, "an unknown activity");
}

#[tokio::test]
async fn an_unknown_route_or_method_is_named_as_such() {
    let store = Store::open().await;
    for path in ["/v1", "/v1/stores", "/v1/stores/acme/secrets", "/v2/stores/acme/activities"] {
        store.api().get(path).send().await.expect_problem(404, "route_unknown");
    }
    for method in ["PUT", "DELETE", "PATCH"] {
        let call = store.api().call(method, "/v1/stores/acme/activities/wheel/plays");
        let answer = call.send().await.expect_problem(405, "method_not_allowed");
        assert!(header(&answer.answer_headers, "allow").is_some(), "{method}");
    }
}

/// A play in an activity that is not open gets its own problem and leaves no trace.
async fn is_not_open(activity: &str, action: serde_json::Value) {
    let store = Store::open().await;
    let shopper = store.shopper(activity, "early-and-late");
    let body = shopper.request(action).await;
    let before = store.ledger().snapshot();
    let answer = shopper.send(&fresh_key(), &body).await;
    answer.expect_problem(409, "activity_not_open");
    store.ledger().snapshot().is_unchanged_since(&before, activity);
}

#[tokio::test]
async fn a_wheel_that_has_not_begun_does_not_turn() {
    is_not_open("soon-wheel", spin()).await;
}

#[tokio::test]
async fn a_wheel_that_is_over_does_not_turn() {
    is_not_open("over-wheel", spin()).await;
}

#[tokio::test]
async fn a_paused_wheel_does_not_turn() {
    is_not_open("paused-wheel", spin()).await;
}

#[tokio::test]
async fn a_closed_wheel_does_not_turn() {
    is_not_open("closed-wheel", spin()).await;
}

#[tokio::test]
async fn a_calendar_that_is_not_open_is_not_signed() {
    for state in ["soon", "over", "paused", "closed"] {
        is_not_open(&format!("{state}-calendar"), sign_in()).await;
    }
}

#[tokio::test]
async fn a_draft_is_hidden_from_all_but_test_tokens() {
    let store = Store::open().await;
    let shopper = store.shopper("draft-wheel", "a");
    for tail in ["", "/me", "/plays"] {
        shopper.get(tail).await.expect_problem(404, "activity_unknown");
    }
    let body = store.shopper("wheel", "a").request(spin()).await;
    let before = store.ledger().snapshot();
    shopper.send(&fresh_key(), &body).await.expect_problem(404, "activity_unknown");
    store.ledger().snapshot().is_unchanged_since(&before, "a play in a draft");

    let mut tester = shopper.clone();
    tester.token = Token::new("acme", "tester").claim("test", true).sign(store.key());
    assert_eq!(tester.me().await["view"]["chances"]["free"], 50);
}

#[tokio::test]
async fn an_operator_pauses_an_activity_while_it_is_played() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "a");
    let (body, key) = (shopper.request(spin()).await, fresh_key());
    let first = shopper.send(&key, &body).await.expect(200);
    store.set_state("wheel", "paused").await;
    shopper.play(spin()).await.expect_problem(409, "activity_not_open");
    let again = shopper.send(&key, &body).await.expect(200);
    assert_eq!(again.json()["receipt"], first.json()["receipt"], "a repeated key still answers");
    store.set_state("wheel", "live").await;
    shopper.plays(spin()).await;
}

#[tokio::test]
async fn a_public_activity_is_cached_by_its_revision() {
    let store = Store::open().await;
    let call = || store.api().get("/v1/stores/acme/activities/wheel");
    let answer = call().send().await.expect(200);
    let etag = header(&answer.answer_headers, "etag").expect("an ETag").to_owned();
    let same = call().header("if-none-match", &etag).send().await.expect(304);
    assert!(same.answer.is_empty());
    call().header("if-none-match", "\"another\"").send().await.expect(200);
    store.set_state("wheel", "paused").await;
    let paused = call().header("if-none-match", &etag).send().await.expect(200);
    assert_eq!(paused.json()["state"], "paused");
}

#[tokio::test]
async fn the_hub_lists_what_a_shopper_may_see() {
    let store = Store::open().await;
    let path = "/v1/stores/acme/activities";
    let token = store.shopper("wheel", "a").token;
    let listed = store.api().get(path).token(&token).send().await.expect(200).json();
    let listed: Vec<_> = listed.as_array().expect("a list").iter().collect();
    let has = |id: &str| listed.iter().any(|row| row["activity"] == id);
    assert!(has("wheel") && has("calendar") && has("soon-wheel"), "{listed:?}");
    assert!(!has("draft-wheel"), "{listed:?}");
}

#[tokio::test]
async fn the_key_of_all_draws_is_published_after_the_close_only() {
    let store = Store::open().await;
    for (activity, published) in [("wheel", false), ("paused-wheel", false), ("over-wheel", true)] {
        let public = store.api().activity("acme", activity).await;
        assert_eq!(public["key"].is_string(), published, "{activity}");
        assert_eq!(public["key_hash"].as_str().map(str::len), Some(64), "{activity}");
    }
    let answer = store.api().get("/v1/stores/acme/activities/wheel").send().await;
    assert_eq!(answer.json()["key"], json!(null));
}
