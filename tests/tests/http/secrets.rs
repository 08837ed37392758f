//! What must never leave the server, and what anyone can check of what does.

use funfair_tests::{Shopper, Store, Token, sign_in, spin};
use std::fs;

#[tokio::test]
async fn the_log_names_no_shopper_and_no_token() {
    let mut store = Store::open().await;
    let shopper = store.shopper("wheel", "shopper-4711@example.com");
    let calendar = shopper.at("calendar");
    shopper.plays(spin()).await;
    calendar.plays(sign_in()).await;
    calendar.play(sign_in()).await.expect_problem(409, "refused");
    shopper.wallet().await;
    let bad = Token::new("acme", "shopper-4711@example.com").claim("aud", "funfair:other");
    let thief = Shopper { token: bad.sign(store.key()), ..shopper.clone() };
    thief.get("/me").await.expect_problem(401, "token_foreign");
    let path = format!("/v1/stores/acme/wallet?before={}", shopper.token);
    store.api().get(&path).token(&shopper.token).send().await.expect(400);

    let log = store.stop().await;
    assert!(log.contains("/v1/stores/"), "the log tells of requests:\n{log}");
    for token in [&shopper.token, &thief.token] {
        for part in token.split('.').skip(1) {
            assert!(!log.contains(part), "a part of a token:\n{log}");
        }
    }
    for secret in ["shopper-4711", "example.com", "a-seed-of-the-test"] {
        assert!(!log.contains(secret), "{secret}:\n{log}");
    }
}

#[tokio::test]
async fn no_answer_holds_the_key_of_an_open_activity() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "curious");
    let reply = shopper.play(spin()).await.expect(200);
    let keys = store.ledger().hidden_keys();
    assert!(keys.len() >= 4, "the database has the keys of its activities");
    let mut answers = vec![reply];
    for tail in ["", "/me", "/plays"] {
        answers.push(shopper.get(tail).await.expect(200));
    }
    for answer in answers {
        let text = answer.text();
        assert!(!keys.iter().any(|key| text.contains(key)), "{answer} holds an activity's key");
    }
}

#[tokio::test]
async fn a_commitment_is_the_hash_of_the_seed_that_the_receipt_reveals() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "checker");
    let mut promised = shopper.me().await["commitment"].take();
    for n in 0..3 {
        let reply = shopper.plays(spin()).await;
        let proof = &reply["receipt"]["proof"];
        let seed = proof["server_seed"].as_str().expect("a seed");
        assert_eq!(proof["commitment"], promised);
        assert_eq!(promised, funfair_tests::sha256_of_hex(seed));
        assert_eq!((&proof["n"], &proof["activity"]), (&n.into(), &"wheel".into()));
        promised = reply["me"]["commitment"].clone();
    }
}

#[tokio::test]
async fn a_receipt_is_verified_by_anyone_and_a_changed_one_is_not() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "doubter");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("receipt.json");
    let verified = |receipt: &str| {
        fs::write(&path, receipt).expect("a file");
        store.program().command(&["verify"]).arg(&path).output().expect("funfair").status.success()
    };
    for _ in 0..3 {
        let reply = shopper.plays(spin()).await;
        let id = reply["receipt"]["id"].as_str().expect("an id");
        let receipt = store.ledger().receipt(id).expect("the stored receipt");
        assert!(verified(&receipt), "{receipt}");
        let seed = reply["receipt"]["proof"]["server_seed"].as_str().expect("a seed");
        let flipped = seed.replacen(['0', '1', '2', '3', '4', '5', '6', '7'], "8", 1);
        assert!(!verified(&receipt.replace(seed, &flipped)), "another server's seed");
        let picked = reply["receipt"]["proof"]["draws"][0]["picked"].as_str().expect("a prize");
        let other = if picked == "coupon" { "post" } else { "coupon" };
        let (was, is) = (format!(r#""picked":"{picked}""#), format!(r#""picked":"{other}""#));
        assert!(receipt.contains(&was), "{receipt}");
        assert!(!verified(&receipt.replace(&was, &is)), "another prize");
    }
}
