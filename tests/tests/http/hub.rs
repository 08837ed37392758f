//! The list of a store's activities, as one shopper may see it.

use crate::{MUG, wheel};
use funfair_tests::{Exchange, Store, Token, header, now, sign_in, spin};
use serde_json::{Value, json};

const PATH: &str = "/v1/stores/acme/activities";

async fn hub(store: &Store, token: &str) -> Exchange {
    store.api().get(PATH).token(token).send().await.expect(200)
}

#[track_caller]
fn row(listed: &Exchange, activity: &str) -> Value {
    let rows = listed.json();
    let row = rows.as_array().expect("a list").iter().find(|row| row["activity"] == activity);
    row.unwrap_or_else(|| panic!("{activity} is not listed: {rows}")).clone()
}

fn lists(listed: &Exchange, activity: &str) -> bool {
    listed.json().as_array().expect("a list").iter().any(|row| row["activity"] == activity)
}

#[tokio::test]
async fn the_hub_says_what_is_open_now_and_next() {
    let store = Store::open().await;
    let shopper = store.shopper("single", "ann");
    let before = store.ledger().snapshot();
    let listed = hub(&store, &shopper.token).await;
    store.ledger().snapshot().is_unchanged_since(&before, "the hub");
    for activity in ["single", "wheel", "calendar"] {
        let row = row(&listed, activity);
        assert_eq!((&row["open"], &row["next_at_ms"]), (&json!(true), &Value::Null), "{row}");
        assert_eq!(row["barrier"], Value::Null);
        assert_eq!(row["look"], "plain");
    }
    let soon = row(&listed, "soon-wheel");
    assert_eq!((&soon["open"], &soon["next_at_ms"]), (&json!(false), &soon["opens_at_ms"]));
    for (activity, state) in
        [("over-wheel", "closed"), ("closed-wheel", "closed"), ("paused-wheel", "paused")]
    {
        let row = row(&listed, activity);
        assert_eq!(row["state"], state, "{row}");
        assert_eq!((&row["open"], &row["next_at_ms"]), (&json!(false), &Value::Null), "{row}");
    }

    shopper.plays(spin()).await;
    shopper.at("calendar").plays(sign_in()).await;
    let done = hub(&store, &shopper.token).await;
    // Shanghai is eight hours ahead all through the year.
    let midnight = ((now() + 8 * 3600) / 86_400 + 1) * 86_400 - 8 * 3600;
    for activity in ["single", "calendar"] {
        let row = row(&done, activity);
        assert_eq!(row["open"], false, "done for today: {row}");
        assert_eq!(row["next_at_ms"], midnight * 1000, "{row}");
    }
    assert_eq!(row(&done, "wheel")["open"], true);
    let other = hub(&store, &store.shopper("single", "bob").token).await;
    assert_eq!(row(&other, "single")["open"], true, "bob has done nothing");
}

#[tokio::test]
async fn an_activity_that_is_hidden_from_a_shopper_is_not_listed() {
    let store = Store::open().await;
    let audience = |visible_to: &str| {
        format!(
            "[audience]\nvisible_to = \"{visible_to}\"\ntiers = [\"gold\"]\n\
             reason = {{ en = \"For gold members.\", zh-CN = \"金卡专享。\" }}\n"
        )
    };
    store.add("secret", &wheel(&audience("eligible"), "", MUG)).await;
    store.add("golden", &wheel(&audience("all"), "", MUG)).await;
    let gold = Token::new("acme", "ann").claim("tier", "gold").sign(store.key());
    let silver = Token::new("acme", "bob").claim("tier", "silver").sign(store.key());
    let gold = hub(&store, &gold).await;
    assert_eq!(row(&gold, "secret")["open"], true);
    assert_eq!(row(&gold, "golden")["open"], true);
    let visitor = store.api().get(PATH).send().await.expect(200);
    for listed in [hub(&store, &silver).await, visitor] {
        assert!(!lists(&listed, "secret"), "{}", listed.json());
        let golden = row(&listed, "golden");
        assert_eq!(golden["open"], false);
        assert_eq!(golden["barrier"]["type"], "not_eligible");
        assert_eq!(golden["barrier"]["label"]["en"], "For gold members.");
    }
}

#[tokio::test]
async fn a_draft_is_listed_for_test_tokens_only() {
    let store = Store::open().await;
    let token = store.shopper("wheel", "ann").token;
    assert!(!lists(&hub(&store, &token).await, "draft-wheel"));
    assert!(!lists(&store.api().get(PATH).send().await.expect(200), "draft-wheel"));
    let test = Token::new("acme", "ann").claim("test", true).sign(store.key());
    let draft = row(&hub(&store, &test).await, "draft-wheel");
    assert_eq!((&draft["state"], &draft["open"]), (&json!("draft"), &json!(true)));
}

#[tokio::test]
async fn the_hub_of_visitors_is_kept_by_caches_and_that_of_a_member_is_not() {
    let store = Store::open().await;
    let visitor = store.api().get(PATH).send().await.expect(200);
    let etag = header(&visitor.answer_headers, "etag").expect("an ETag").to_owned();
    let same = store.api().get(PATH).header("if-none-match", &etag).send().await;
    assert!(same.expect(304).answer.is_empty());
    let member = hub(&store, &store.shopper("wheel", "ann").token).await;
    assert_eq!(header(&member.answer_headers, "cache-control"), Some("private, no-store"));
    assert_eq!(header(&member.answer_headers, "etag"), None);
    for answer in [&visitor, &member] {
        let vary = answer.answer_headers.iter().filter(|(name, _)| name == "vary");
        let vary: Vec<_> = vary.map(|(_, value)| value.as_str()).collect();
        assert!(vary.contains(&"Authorization") && vary.contains(&"Origin"), "{vary:?}");
    }
}

#[tokio::test]
async fn a_bad_token_is_not_taken_for_a_visitor() {
    let store = Store::open().await;
    let foreign = Token::new("bazaar", "ann").sign(store.key_of("bazaar"));
    for (token, code) in [("x", "token_malformed"), (foreign.as_str(), "token_signature_invalid")] {
        let answer = store.api().get(PATH).token(token).send().await;
        assert_eq!(answer.status, 401, "{answer}");
        assert!([code, "token_foreign"].contains(&answer.code().as_str()), "{}", answer.code());
    }
}
