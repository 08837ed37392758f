//! Plays that are right, repeated, late or too many.

use funfair_tests::{Shopper, Store, Token, fresh_key, raw_field, sign_in, spin};
use serde_json::{Value, json};

#[tokio::test]
async fn a_receipt_is_what_the_database_holds() {
    let store = Store::open().await;
    for (activity, action) in [("wheel", spin()), ("calendar", sign_in())] {
        let shopper = store.shopper(activity, "reader");
        let reply = shopper.play(action).await.expect(200);
        let shown = raw_field(&reply.answer, "receipt");
        let id = reply.json()["receipt"]["id"].as_str().expect("an id").to_owned();
        assert_eq!(store.ledger().receipt(&id).as_deref(), Some(shown.as_str()));
        let again = shopper.get(&format!("/plays/{id}")).await.expect(200);
        assert_eq!(again.json(), reply.json()["receipt"]);
        let history = shopper.get("/plays").await.expect(200).json();
        assert_eq!(history["plays"], json!([reply.json()["receipt"]]));
    }
}

#[tokio::test]
async fn the_same_key_with_the_same_body_gets_the_same_bytes() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "repeater");
    let body = shopper.request(spin()).await;
    let key = fresh_key();
    let first = shopper.send(&key, &body).await.expect(200);
    let after = store.ledger().snapshot();
    for _ in 0..3 {
        let again = shopper.send(&key, &body).await.expect(200);
        assert_eq!(raw_field(&again.answer, "receipt"), raw_field(&first.answer, "receipt"));
    }
    store.ledger().snapshot().is_unchanged_since(&after, "a repeated play");
    assert_eq!(store.ledger().count("play"), 1);
}

#[tokio::test]
async fn a_key_used_twice_with_another_body_is_refused() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "reuser");
    let body = shopper.request(spin()).await;
    let key = fresh_key();
    shopper.send(&key, &body).await.expect(200);
    let before = store.ledger().snapshot();
    let mut other = body.clone();
    other["client_seed"] = json!("another-seed");
    shopper.send(&key, &other).await.expect_problem(422, "idempotency_key_reused");
    let next = shopper.request(spin()).await;
    shopper.send(&key, &next).await.expect_problem(422, "idempotency_key_reused");
    store.ledger().snapshot().is_unchanged_since(&before, "a key used twice");
}

#[tokio::test]
async fn a_replayed_body_under_another_key_is_refused() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "replayer");
    let body = shopper.request(spin()).await;
    shopper.send(&fresh_key(), &body).await.expect(200);
    let before = store.ledger().snapshot();
    let used = shopper.send(&fresh_key(), &body).await.expect_problem(409, "commitment_used");
    store.ledger().snapshot().is_unchanged_since(&before, "a used commitment");
    let mut next = body.clone();
    next["commitment"] = used.json()["commitment"].clone();
    shopper.send(&fresh_key(), &next).await.expect(200);
}

#[tokio::test]
async fn a_commitment_of_ones_own_making_is_refused() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "maker");
    let mut body = shopper.request(spin()).await;
    let before = store.ledger().snapshot();
    body["commitment"] = json!("0".repeat(64));
    shopper.send(&fresh_key(), &body).await.expect_problem(409, "commitment_used");
    let others = store.shopper("wheel", "another").me().await["commitment"].clone();
    body["commitment"] = others;
    shopper.send(&fresh_key(), &body).await.expect_problem(409, "commitment_used");
    store.ledger().snapshot().is_unchanged_since(&before, "a commitment made up");
}

#[tokio::test]
async fn an_old_revision_is_refused_with_the_new_activity() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "late");
    let mut body = shopper.request(spin()).await;
    store.revise("wheel", "title = { en = \"Wheel\"", "title = { en = \"New wheel\"").await;
    let before = store.ledger().snapshot();
    let problem = shopper.send(&fresh_key(), &body).await.expect_problem(409, "revision_changed");
    let activity = store.api().activity("acme", "wheel").await;
    assert_eq!(activity["title"]["en"], "New wheel");
    assert_eq!(problem.json()["activity"], activity);
    store.ledger().snapshot().is_unchanged_since(&before, "an old revision");
    body["revision"] = activity["revision"].clone();
    shopper.send(&fresh_key(), &body).await.expect(200);
}

#[tokio::test]
async fn a_second_free_spin_is_refused_and_its_key_stays_free() {
    let store = Store::open().await;
    let shopper = store.shopper("single", "greedy");
    shopper.plays(spin()).await;
    let before = store.ledger().snapshot();
    let key = fresh_key();
    let body = shopper.request(spin()).await;
    for _ in 0..2 {
        let refused = shopper.send(&key, &body).await.expect_problem(409, "refused").json();
        assert_eq!(refused["refusal"]["type"], "no_chance");
        assert!(refused["refusal"]["label"]["zh-CN"].is_string(), "{refused}");
        assert!(refused["refusal"]["next_free_at_ms"].is_u64(), "{refused}");
    }
    store.ledger().snapshot().is_unchanged_since(&before, "a refused spin");
}

#[tokio::test]
async fn a_second_sign_in_of_a_day_is_refused() {
    let store = Store::open().await;
    let shopper = store.shopper("calendar", "twice");
    let reply = shopper.plays(sign_in()).await;
    assert_eq!(reply["receipt"]["outcome"]["points"], 5);
    assert_eq!(shopper.wallet().await["balance"], 5);
    let before = store.ledger().snapshot();
    let refused = shopper.play(sign_in()).await.expect_problem(409, "refused").json();
    assert_eq!(refused["refusal"]["type"], "already_signed");
    store.ledger().snapshot().is_unchanged_since(&before, "a second sign-in");
}

#[tokio::test]
async fn a_day_of_ones_own_choosing_is_refused() {
    let store = Store::open().await;
    let shopper = store.shopper("calendar", "traveller");
    let before = store.ledger().snapshot();
    for day in ["1999-12-31", "2035-01-01"] {
        let action = json!({ "type": "make_up", "day": day, "pay": "points" });
        let refused = shopper.play(action).await.expect_problem(409, "refused").json();
        assert_eq!(refused["refusal"]["type"], "day_not_open", "{day}");
    }
    let action = json!({ "type": "make_up", "day": "2026-02-30", "pay": "points" });
    shopper.play(action).await.expect_problem(400, "invalid_body");
    store.ledger().snapshot().is_unchanged_since(&before, "a day chosen");
}

#[tokio::test]
async fn points_that_are_not_there_buy_nothing() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "poor");
    let before = store.ledger().snapshot();
    let action = json!({ "type": "spin", "pay": "points" });
    let refused = shopper.play(action).await.expect_problem(409, "refused").json();
    assert_eq!(refused["refusal"]["type"], "not_enough_points");
    assert_eq!(
        (&refused["refusal"]["needs"], &refused["refusal"]["balance"]),
        (&json!(5), &json!(0))
    );
    store.ledger().snapshot().is_unchanged_since(&before, "a spin for points that are not there");
}

#[tokio::test]
async fn points_earned_in_one_activity_buy_a_spin_in_another() {
    let store = Store::open().await;
    store.shopper("calendar", "thrifty").plays(sign_in()).await;
    let shopper = store.shopper("wheel", "thrifty");
    let reply = shopper.plays(json!({ "type": "spin", "pay": "points" })).await;
    let won: u64 = reply["receipt"]["rewards"]
        .as_array()
        .expect("rewards")
        .iter()
        .filter(|reward| reward["type"] == "points")
        .map(|reward| reward["amount"].as_u64().expect("an amount"))
        .sum();
    let wallet = shopper.wallet().await;
    assert_eq!((&wallet["balance"], &reply["me"]["balance"]), (&json!(won), &json!(won)));
    let amounts: Vec<_> = wallet["entries"].as_array().expect("entries").iter().collect();
    let sum: i64 = amounts.iter().map(|entry| entry["amount"].as_i64().expect("points")).sum();
    assert_eq!(sum, i64::try_from(won).expect("points"), "{amounts:?}");
    assert!(amounts.iter().any(|entry| entry["amount"] == -5 && entry["reason"] == "redeem"));
}

#[tokio::test]
async fn one_member_cannot_read_anothers_play() {
    let store = Store::open().await;
    let reply = store.shopper("wheel", "owner").plays(spin()).await;
    let tail = format!("/plays/{}", reply["receipt"]["id"].as_str().expect("an id"));
    let thief = store.shopper("wheel", "thief");
    thief.get(&tail).await.expect_problem(404, "play_unknown");
    thief.get("/plays/no-such-play").await.expect_problem(404, "play_unknown");
    let history = thief.get("/plays").await.expect(200).json();
    assert_eq!(history["plays"], json!([]));
    let owner = store.shopper("single", "owner");
    owner.get(&tail).await.expect_problem(404, "play_unknown");
}

#[tokio::test]
async fn history_and_ledger_are_read_page_by_page() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "regular");
    let mut ids = Vec::new();
    for _ in 0..45 {
        let reply = shopper.plays(spin()).await;
        ids.insert(0, reply["receipt"]["id"].clone());
    }
    let mut read: Vec<Value> = Vec::new();
    let mut tail = "/plays".to_owned();
    loop {
        let page = shopper.get(&tail).await.expect(200).json();
        let plays = page["plays"].as_array().expect("plays");
        assert!(!plays.is_empty(), "a page of nothing");
        read.extend(plays.iter().map(|play| play["id"].clone()));
        let Some(next) = page["next"].as_str() else { break };
        tail = format!("/plays?before={next}");
    }
    assert_eq!(read, ids);
    shopper.get("/plays?before=%00").await.expect_problem(400, "invalid_parameter");
    shopper.get("/plays?after=1").await.expect_problem(400, "invalid_parameter");
}

#[tokio::test]
async fn reading_leaves_no_trace() {
    let store = Store::open().await;
    let before = store.ledger().snapshot();
    for activity in ["wheel", "calendar", "soon-wheel", "over-calendar"] {
        let shopper = store.shopper(activity, "reader");
        for tail in ["", "/me", "/plays"] {
            shopper.get(tail).await.expect(200);
        }
        shopper.wallet().await;
    }
    store.ledger().snapshot().is_unchanged_since(&before, "reading");
}

#[tokio::test]
async fn a_test_token_spends_and_wins_nothing_real() {
    let store = Store::open().await;
    let real = store.shopper("wheel", "merchant");
    let token = Token::new("acme", "merchant").claim("test", true).sign(store.key());
    let tester = Shopper { token, ..real.clone() };
    let pools = store.ledger().rows_of("pool", "acme");
    for _ in 0..10 {
        tester.plays(spin()).await;
    }
    assert_eq!(store.ledger().rows_of("pool", "acme"), pools);
    for table in ["play", "transfer", "held", "purse", "member_row"] {
        assert_eq!(store.ledger().rows_of(table, "acme"), [""; 0], "{table}");
    }
    assert_eq!(real.wallet().await["balance"], 0);
    assert_eq!(real.get("/plays").await.json()["plays"], json!([]));
    assert_eq!(real.me().await["view"]["chances"]["free"], 50);
}
