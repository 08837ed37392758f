//! What an operator does beside the activities: lists of codes, verdicts on what members propose.

use crate::{MUG, dated, wheel};
use funfair_tests::{Store, run, spin};
use serde_json::json;
use std::fs;

const COUPON: &str = r#"{ type = "coupon", value_cents = 500, codes = "spring" }"#;

/// `funfair codes acme LIST` with a file of this text.
fn fill(store: &Store, list: &str, text: &str) -> Result<String, String> {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("codes.txt");
    fs::write(&file, text).expect("a file");
    run(store.program().command(&["codes", "acme", list]).arg(&file))
}

#[tokio::test]
async fn a_coupon_takes_the_next_code_of_its_list_and_none_twice() {
    let store = Store::open().await;
    let said = store.apply("coupons", &wheel("", "", COUPON)).expect_err("no codes yet");
    for part in ["coupons.toml", "rules.prizes[0].reward.codes", "spring", "funfair codes STORE"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let said = fill(&store, "spring", "AB-1\nAB-2\n").expect("codes");
    assert!(said.contains("2 codes added, 0 were there already"), "{said}");
    let said = fill(&store, "spring", "AB-2\nAB-3\nAB-3\n").expect("codes");
    assert!(said.contains("1 codes added, 2 were there already"), "{said}");
    store.add("coupons", &wheel("", "", COUPON)).await;
    let mut codes = Vec::new();
    for n in 0..5 {
        let shopper = store.shopper("coupons", &format!("member-{n}"));
        let reply = shopper.plays(spin()).await;
        let rewards = &reply["receipt"]["rewards"];
        codes.extend(rewards[0]["code"].as_str().map(str::to_owned));
        if let Some(code) = codes.get(n) {
            assert_eq!(shopper.wallet().await["rewards"][0]["reward"]["code"], code.as_str());
        }
    }
    assert_eq!(codes, ["AB-1", "AB-2", "AB-3"], "and then something else is drawn");
}

#[tokio::test]
async fn a_line_that_is_no_code_is_refused_by_its_number_and_nothing_is_added() {
    let store = Store::open().await;
    let before = store.ledger().snapshot();
    let long = "x".repeat(65);
    let said = fill(&store, "spring", &format!("AB-1\n\n{long}\nAB 4\nAB-5")).expect_err("faults");
    for part in ["line 2", "line 3", "line 4"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(!said.contains("line 1:") && !said.contains("line 5"), "{said}");
    fill(&store, "spring", "").expect_err("an empty file");
    fill(&store, "Spring List", "AB-1").expect_err("no name for a list");
    store.ledger().snapshot().is_unchanged_since(&before, "refused codes");
}

#[tokio::test]
async fn a_reward_in_an_activity_that_there_is_not_is_refused() {
    let store = Store::open().await;
    let to = |activity: &str| {
        wheel("", "", &format!("{{ type = \"chance\", activity = \"{activity}\", count = 1 }}"))
    };
    let said = store.apply("giver", &to("whee1")).expect_err("a slip");
    for part in ["rules.prizes[0].reward.activity", "whee1", "correct its name"] {
        assert!(said.contains(part), "{part}: {said}");
    }
    store.apply("giver", &to("wheel")).expect("a good file");
}

#[tokio::test]
async fn a_rehearsal_spends_no_code() {
    let store = Store::open().await;
    fill(&store, "spring", "AB-1\n").expect("codes");
    store.apply("coupons", &wheel("", "", COUPON)).expect("a good file");
    let mut tester = store.shopper("coupons", "tester");
    tester.token =
        funfair_tests::Token::new("acme", "tester").claim("test", true).sign(store.key());
    let body = json!({
        "action": spin(), "client_seed": "a-seed-of-the-test",
        "commitment": tester.me().await["commitment"],
        "revision": tester.get("").await.expect(200).json()["revision"],
    });
    let reply = tester.send(&funfair_tests::fresh_key(), &body).await.expect(200).json();
    assert_eq!(reply["receipt"]["rewards"][0]["code"], "TEST-0001");
    store.set_state("coupons", "live").await;
    let reply = store.shopper("coupons", "ann").plays(spin()).await;
    assert_eq!(reply["receipt"]["rewards"][0]["code"], "AB-1");
}

#[tokio::test]
async fn what_members_propose_is_seen_after_an_operators_verdict() {
    let store = Store::open().await;
    let poll = dated(include_str!("../../../widgets/poll/example.toml"));
    store.add("poll", &poll).await;
    let moderate = |rest: &[&str]| {
        let arguments = [&["moderate", "acme", "poll"], rest].concat();
        run(&mut store.program().command(&arguments))
    };
    assert!(moderate(&[]).expect("a list").contains("0 waiting"));
    let shopper = store.shopper("poll", "ann");
    shopper.plays(json!({ "type": "nominate", "text": "Rice cooker" })).await;
    shopper.plays(json!({ "type": "nominate", "text": "Spam <b>" })).await;
    let bob = store.shopper("poll", "bob");
    assert!(!bob.me().await.to_string().contains("Rice cooker"), "not before the verdict");

    let listed = moderate(&["list"]).expect("a list");
    assert!(listed.contains("2 waiting"), "{listed}");
    let key = |text: &str| {
        let line = listed.lines().find(|line| line.contains(text)).expect(text);
        line.split(' ').next().unwrap_or_default().to_owned()
    };
    moderate(&["approve", &key("Rice cooker")]).expect("a verdict");
    moderate(&["reject", &key("Spam")]).expect("a verdict");
    assert!(moderate(&[]).expect("a list").contains("0 waiting"));
    let seen = bob.me().await.to_string();
    assert!(seen.contains("Rice cooker") && !seen.contains("Spam"), "{seen}");

    let again = moderate(&["approve", &key("Rice cooker")]);
    again.expect_err("it is decided");
    moderate(&["approve", "nothing"]).expect_err("no such item");
    let wheel = ["moderate", "acme", "wheel", "approve", "x"];
    run(&mut store.program().command(&wheel)).expect_err("a wheel has nothing to decide");
    store.apply("draft", &crate::wheel("", "", MUG)).expect("a good file");
    run(&mut store.program().command(&["moderate", "acme", "draft"])).expect_err("a draft");
}
