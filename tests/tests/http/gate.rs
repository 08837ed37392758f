//! A passphrase before an activity, and for whom one is.

use crate::{MUG, wheel};
use funfair_tests::{Exchange, Shopper, Store, Token, fresh_key, spin};
use serde_json::{Value, json};
use tokio::task::JoinSet;

const GATE: &str = r#"
[gate]
passphrase = "open sesame"
attempts_per_day = 3
hint = { en = "In tonight's stream.", zh-CN = "见今晚直播。" }
"#;

async fn gated() -> Store {
    let store = Store::open().await;
    store.add("gated", &wheel(GATE, "", MUG)).await;
    store
}

async fn unlock(shopper: &Shopper, typed: &str) -> Exchange {
    let call = shopper.api.call("POST", &shopper.path("/unlock")).token(&shopper.token);
    call.json(&json!({ "passphrase": typed })).send().await
}

fn barrier(me: &Value) -> &Value {
    &me["barrier"]
}

#[tokio::test]
async fn a_passphrase_opens_an_activity_for_whoever_says_it() {
    let store = gated().await;
    let shopper = store.shopper("gated", "ann");
    let me = shopper.me().await;
    assert_eq!(barrier(&me)["type"], "passphrase");
    assert_eq!(barrier(&me)["attempts_left"], 3);
    assert_eq!(barrier(&me)["label"]["en"], "In tonight's stream.");
    let body = shopper.request(spin()).await;
    let barred = shopper.send(&fresh_key(), &body).await.expect_problem(409, "barred");
    assert_eq!(barred.json()["barrier"]["type"], "passphrase");

    let me = unlock(&shopper, "open sesame").await.expect(200).json();
    assert_eq!(barrier(&me), &Value::Null);
    shopper.send(&fresh_key(), &body).await.expect(200);
    let again = unlock(&shopper, "anything").await.expect(200).json();
    assert_eq!(barrier(&again), &Value::Null, "who is in is in");

    let other = store.shopper("gated", "bob");
    assert_eq!(barrier(&other.me().await)["type"], "passphrase", "for bob it is closed");
}

#[tokio::test]
async fn a_passphrase_cannot_be_searched_out() {
    let store = gated().await;
    let shopper = store.shopper("gated", "searcher");
    for left in [2, 1, 0] {
        let me = unlock(&shopper, &format!("guess {left}")).await.expect(200).json();
        assert_eq!(barrier(&me)["attempts_left"], left);
        assert_eq!(barrier(&me)["again_at_ms"].is_number(), left == 0, "{me}");
    }
    let fresh = Shopper::new(&store.api(), ("acme", "gated"), "searcher", store.key());
    let me = unlock(&fresh, "open sesame").await.expect(200).json();
    assert_eq!(barrier(&me)["type"], "passphrase", "the right one comes too late");
    shopper.play(spin()).await.expect_problem(409, "barred");
}

#[tokio::test]
async fn of_a_hundred_tries_at_once_three_are_looked_at() {
    let store = gated().await;
    let shopper = store.shopper("gated", "racer");
    let tries = (0..100).map(|n| {
        let shopper = shopper.clone();
        async move { unlock(&shopper, &format!("guess {n}")).await.expect(200) }
    });
    tries.collect::<JoinSet<_>>().join_all().await;
    let me = unlock(&shopper, "open sesame").await.expect(200).json();
    assert_eq!(barrier(&me)["attempts_left"], 0, "{me}");
}

#[tokio::test]
async fn a_wrong_try_makes_no_other_member_of_the_shopper() {
    let store = gated().await;
    let shopper = store.shopper("gated", "ann");
    let before = shopper.me().await["member"].clone();
    let wrong = unlock(&shopper, "wrong").await.expect(200).json();
    assert_eq!(wrong["member"], before);
    assert_eq!(store.ledger().count("identity"), 1, "who tried is known from then on");
    unlock(&shopper, "open sesame").await.expect(200);
    let reply = shopper.plays(spin()).await;
    assert_eq!(reply["me"]["member"], before);
    assert_eq!(store.ledger().count("identity"), 1);
    assert_eq!(store.ledger().count("member_row"), 1);
}

#[tokio::test]
async fn the_body_of_a_try_is_read_strictly() {
    let store = gated().await;
    let shopper = store.shopper("gated", "ann");
    let before = store.ledger().snapshot();
    let call = || shopper.api.call("POST", &shopper.path("/unlock")).token(&shopper.token);
    for (body, code) in [
        (json!({}), "invalid_body"),
        (json!({ "passphrase": 1 }), "invalid_body"),
        (json!({ "passphrase": "" }), "invalid_body"),
        (json!({ "passphrase": "x".repeat(129) }), "invalid_body"),
        (json!({ "passphrase": "x", "attempts_left": 9 }), "unknown_field"),
        (json!({ "passphrase": "x", "__proto__": {} }), "unknown_field"),
        (json!(["open sesame"]), "invalid_body"),
    ] {
        let answer = call().json(&body).send().await;
        assert_eq!(answer.code(), code, "{body}");
    }
    let text = call().body("text/plain", b"open sesame".to_vec()).send().await;
    text.expect_problem(415, "unsupported_media_type");
    let large = call().body("application/json", vec![b' '; 16385]).send().await;
    large.expect_problem(413, "body_too_large");
    call()
        .body("application/json", b"{".to_vec())
        .send()
        .await
        .expect_problem(400, "malformed_body");
    let tokenless = shopper.api.call("POST", &shopper.path("/unlock"));
    let tokenless = tokenless.json(&json!({ "passphrase": "open sesame" })).send().await;
    tokenless.expect_problem(401, "token_missing");
    store.ledger().snapshot().is_unchanged_since(&before, "a try of another form");
}

#[tokio::test]
async fn what_has_no_gate_is_open_without_a_trace() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "ann");
    let before = store.ledger().snapshot();
    let me = unlock(&shopper, "open sesame").await.expect(200).json();
    assert_eq!(barrier(&me), &Value::Null);
    unlock(&shopper.at("over-wheel"), "x").await.expect_problem(409, "activity_not_open");
    unlock(&shopper.at("nothing"), "x").await.expect_problem(404, "activity_unknown");
    store.ledger().snapshot().is_unchanged_since(&before, "a try where there is no gate");
}

#[tokio::test]
async fn a_passphrase_is_told_to_nobody() {
    let mut store = gated().await;
    let shopper = store.shopper("gated", "curious");
    unlock(&shopper, "nearly sesame").await.expect(200);
    let hub = store.api().get("/v1/stores/acme/activities").token(&shopper.token).send().await;
    let mut answers = vec![hub.expect(200)];
    for tail in ["", "/me", "/plays", "/terms"] {
        answers.push(shopper.get(tail).await.expect(200));
    }
    for answer in answers {
        let text = answer.text();
        assert!(!text.contains("open sesame"), "{answer}: {text}");
    }
    let log = store.stop().await;
    assert!(!log.contains("sesame"), "{log}");
}

#[tokio::test]
async fn a_draft_is_rehearsed_with_its_gate() {
    let store = Store::open().await;
    store.apply("gated", &wheel(GATE, "", MUG)).expect("a good file");
    let mut tester = store.shopper("gated", "tester");
    tester.token = Token::new("acme", "tester").claim("test", true).sign(store.key());
    assert_eq!(barrier(&unlock(&tester, "wrong").await.expect(200).json())["attempts_left"], 2);
    let me = unlock(&tester, "open sesame").await.expect(200).json();
    assert_eq!(barrier(&me), &Value::Null);
    assert_eq!(store.ledger().rows_of("member_row", "acme"), Vec::<String>::new());
    let shopper = store.shopper("gated", "ann");
    unlock(&shopper, "open sesame").await.expect_problem(404, "activity_unknown");
}

#[tokio::test]
async fn a_token_says_for_whom_an_activity_is() {
    let store = Store::open().await;
    let audience = "[audience]\ntiers = [\"gold\"]\ntags = [\"vip\", \"press\"]\n\
                    reason = { en = \"For gold members.\", zh-CN = \"金卡专享。\" }\n";
    store.add("golden", &wheel(audience, "", MUG)).await;
    let with = |claim: fn(Token) -> Token| {
        let mut shopper = store.shopper("golden", "ann");
        shopper.token = claim(Token::new("acme", "ann")).sign(store.key());
        shopper
    };
    let gold = with(|token| token.claim("tier", "gold").claim("tags", json!(["vip"])));
    assert_eq!(barrier(&gold.me().await), &Value::Null);
    gold.plays(spin()).await;
    for other in [
        with(|token| token),
        with(|token| token.claim("tier", "silver").claim("tags", json!(["vip"]))),
        with(|token| token.claim("tier", "gold")),
        with(|token| token.claim("tier", "gold").claim("tags", json!(["new"]))),
    ] {
        let me = other.me().await;
        assert_eq!(barrier(&me)["type"], "not_eligible", "{me}");
        assert_eq!(barrier(&me)["label"]["en"], "For gold members.");
        assert_eq!(barrier(&me)["hidden"], false);
        let barred = other.play(spin()).await.expect_problem(409, "barred");
        assert_eq!(barred.json()["barrier"]["type"], "not_eligible");
    }
    for token in [
        Token::new("acme", "ann").claim("tier", "t".repeat(65)),
        Token::new("acme", "ann").claim("tier", ""),
        Token::new("acme", "ann").claim("tags", json!(vec!["tag"; 65])),
        Token::new("acme", "ann").claim("tags", "vip"),
        Token::new("acme", "ann").claim("guest", "yes"),
    ] {
        let path = gold.path("/me");
        let answer = store.api().get(&path).token(&token.sign(store.key())).send().await;
        answer.expect_problem(401, "token_malformed");
    }
}
