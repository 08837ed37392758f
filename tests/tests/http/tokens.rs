//! Tokens: bad ones, foreign ones, and the rotation of keys. A refused token leaves no trace.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use funfair_tests::{Key, Shopper, Store, Token, fresh_key, now, spin, until};
use serde_json::{Value, json};

/// Sends a play with each of these tokens, reads with it, and expects this problem each time.
async fn refused(code: &str, make: impl Fn(&Store) -> Vec<(&'static str, String)>) {
    let store = Store::open().await;
    let good = store.shopper("wheel", "thief");
    let body = good.request(spin()).await;
    let before = store.ledger().snapshot();
    for (what, token) in make(&store) {
        let thief = Shopper { token, ..good.clone() };
        let answer = thief.send(&fresh_key(), &body).await;
        assert_eq!(answer.code(), code, "{what}: {}", answer.text());
        answer.expect_problem(401, code);
        for tail in ["/me", "/plays", "/plays/a"] {
            thief.get(tail).await.expect_problem(401, code);
        }
        let wallet = store.api().get("/v1/stores/acme/wallet").token(&thief.token).send().await;
        wallet.expect_problem(401, code);
        store.ledger().snapshot().is_unchanged_since(&before, what);
    }
    good.send(&fresh_key(), &body).await.expect(200);
}

fn token() -> Token {
    Token::new("acme", "thief")
}

/// The token with one of its three parts replaced.
fn with_part(token: &str, at: usize, part: &str) -> String {
    let mut parts: Vec<_> = token.split('.').collect();
    parts[at] = part;
    parts.join(".")
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

#[tokio::test]
async fn a_missing_token_is_refused() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "nobody");
    let body = shopper.request(spin()).await;
    let before = store.ledger().snapshot();
    let play = || store.api().call("POST", &shopper.path("/plays")).key(&fresh_key()).json(&body);
    play().send().await.expect_problem(401, "token_missing");
    let basic = play().header("authorization", "Basic YTpi").send().await;
    basic.expect_problem(401, "token_missing");
    let path = format!("{}?token={}", shopper.path("/me"), shopper.token);
    store.api().get(&path).send().await.expect_problem(401, "token_missing");
    let cookie = format!("token={}", shopper.token);
    play().header("cookie", &cookie).send().await.expect_problem(401, "token_missing");
    store.ledger().snapshot().is_unchanged_since(&before, "a play without a token");
}

#[tokio::test]
async fn a_malformed_token_is_refused() {
    refused("token_malformed", |store| {
        let key = store.key();
        let good = token().sign(key);
        let two = good.rsplit_once('.').expect("three parts").0.to_owned();
        vec![
            ("a word", "token".into()),
            ("two parts", two),
            ("a header that is not base64url", with_part(&good, 0, "%%%")),
            ("a header that is not JSON", with_part(&good, 0, "YWJj")),
            ("another typ", token().header("typ", "JWT").sign(key)),
            ("no typ", token().header("typ", Value::Null).sign(key)),
            ("no kid", token().header("kid", Value::Null).sign(key)),
            ("no alg", token().header("alg", Value::Null).sign(key)),
            ("a critical extension", token().header("crit", json!(["b64"])).sign(key)),
            ("no sub", token().claim("sub", Value::Null).sign(key)),
            ("an empty sub", token().claim("sub", "").sign(key)),
            ("a sub that is a number", token().claim("sub", 7).sign(key)),
            ("no exp", token().claim("exp", Value::Null).sign(key)),
            ("no iat", token().claim("iat", Value::Null).sign(key)),
            ("no jti", token().claim("jti", Value::Null).sign(key)),
            ("an exp that is text", token().claim("exp", "tomorrow").sign(key)),
            ("more than 4 kB", token().claim("tags", "x".repeat(4096)).sign(key)),
        ]
    })
    .await;
}

#[tokio::test]
async fn an_unknown_kid_is_refused() {
    refused("token_key_unknown", |store| {
        vec![
            ("a key that no store has", token().sign(&Key::eddsa("nobodys", 9))),
            ("another store's key id", token().header("kid", "corner-only").sign(store.key())),
            ("a path", token().header("kid", "../../main").sign(store.key())),
        ]
    })
    .await;
}

#[tokio::test]
async fn alg_confusion_is_refused() {
    refused("token_signature_invalid", |store| {
        let key = store.key();
        let public = Key::hs256("main", key.registered().as_bytes());
        let unsigned = with_part(&token().header("alg", "none").sign(key), 2, "");
        vec![
            ("alg none, unsigned", unsigned),
            ("alg none, signed", token().header("alg", "none").sign(key)),
            ("HS256 with the public key for its secret", token().sign(&public)),
            ("EdDSA in the header, HS256 below it", token().header("alg", "EdDSA").sign(&public)),
            ("ES256 by a key of one's own", token().sign(&Key::es256("main", 3))),
            ("ES256 in the header, EdDSA below it", token().header("alg", "ES256").sign(key)),
        ]
    })
    .await;
}

#[tokio::test]
async fn a_wrong_signature_is_refused() {
    refused("token_signature_invalid", |store| {
        let good = token().sign(store.key());
        let claims = json!({
            "iss": "acme", "aud": "funfair:acme", "sub": "victim", "iat": now(),
            "exp": now() + 100, "jti": "a",
        });
        let (message, signature) = good.rsplit_once('.').expect("three parts");
        let mut bytes = URL_SAFE_NO_PAD.decode(signature).expect("a signature");
        bytes[7] ^= 1;
        vec![
            ("the same kid, another key", token().sign(&Key::eddsa("main", 99))),
            ("one flipped bit", format!("{message}.{}", URL_SAFE_NO_PAD.encode(&bytes))),
            ("another's claims", with_part(&good, 1, &encoded(&claims))),
            ("four parts", format!("{good}.{}", encoded(&json!({})))),
            ("no signature", with_part(&good, 2, "")),
            ("half a signature", format!("{message}.{}", URL_SAFE_NO_PAD.encode(&bytes[..32]))),
        ]
    })
    .await;
}

#[tokio::test]
async fn a_wrong_audience_or_issuer_is_refused() {
    refused("token_foreign", |store| {
        let key = store.key();
        vec![
            ("another store's audience", token().claim("aud", "funfair:bazaar").sign(key)),
            ("the store without its prefix", token().claim("aud", "acme").sign(key)),
            ("a longer store", token().claim("aud", "funfair:acme2").sign(key)),
            ("every store", token().claim("aud", "funfair:*").sign(key)),
            ("another issuer", token().claim("iss", "bazaar").sign(key)),
        ]
    })
    .await;
}

#[tokio::test]
async fn an_expired_token_is_refused() {
    refused("token_expired", |store| {
        let key = store.key();
        let at = |iat: u64, exp: u64| token().claim("iat", iat).claim("exp", exp).sign(key);
        vec![
            ("over for 90 seconds", at(now() - 300, now() - 90)),
            ("not before 90 seconds", at(now() + 90, now() + 200)),
            ("good for 301 seconds", at(now(), now() + 301)),
            ("good for a year", at(now(), now() + 31_536_000)),
            ("ended before it began", at(now(), now() - 1)),
        ]
    })
    .await;
}

#[tokio::test]
async fn clocks_may_differ_by_a_minute() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "a");
    for (iat, exp) in [(now() - 200, now() - 40), (now() + 40, now() + 340)] {
        let token = token().claim("iat", iat).claim("exp", exp).sign(store.key());
        Shopper { token, ..shopper.clone() }.me().await;
    }
}

#[tokio::test]
async fn only_the_diagonal_of_stores_and_tokens_passes() {
    let store = Store::open().await;
    let stores = ["acme", "bazaar", "corner"];
    let path = |store: &str| format!("/v1/stores/{store}/activities/wheel/me");
    let mut passed = Vec::new();
    for (row, of) in stores.iter().enumerate() {
        for (column, at) in stores.iter().enumerate() {
            // Signed by the key of one store, named for either store in either claim.
            for (iss, aud) in [(of, of), (of, at), (at, of), (at, at)] {
                let token = Token::new(iss, "a").claim("aud", format!("funfair:{aud}"));
                let token = token.sign(store.key_of(of));
                let answer = store.api().get(&path(at)).token(&token).send().await;
                if answer.status == 200 {
                    passed.push((row, column));
                } else {
                    assert_eq!(answer.status, 401, "{of} at {at}: {}", answer.code());
                }
            }
        }
    }
    let diagonal = [(0, 0), (1, 1), (2, 2)].map(|cell| [cell; 4]).concat();
    assert_eq!(passed, diagonal);
}

#[tokio::test]
async fn one_name_in_two_stores_is_two_members() {
    let store = Store::open().await;
    let mut members = Vec::new();
    for at in ["acme", "bazaar", "corner"] {
        let key = store.key_of(at);
        members.push(
            Shopper::new(&store.api(), (at, "wheel"), "same", key).me().await["member"].take(),
        );
    }
    members.sort_by_key(ToString::to_string);
    members.dedup();
    assert_eq!(members.len(), 3, "{members:?}");
}

#[tokio::test]
async fn two_keys_are_active_while_a_store_rotates_and_a_retired_one_is_refused() {
    let store = Store::open().await;
    let (old, new, third) = (store.key().clone(), Key::es256("next", 7), Key::eddsa("third", 8));
    store.program().add_key("acme", &new).expect("a second key");
    let with = |key: &Key| Shopper::new(&store.api(), ("acme", "wheel"), "rotating", key);
    let (by_old, by_new) = (with(&old), with(&new));
    until("the new key", || async { (by_new.get("/me").await.status == 200).then_some(()) }).await;
    assert_eq!(by_old.me().await["member"], by_new.me().await["member"]);
    let refused = store.program().add_key("acme", &third).expect_err("a third key");
    assert!(refused.contains("two active keys"), "{refused}");

    store.program().retire_key("acme", &old).expect("a retirement");
    until("the retirement", || async { (by_old.get("/me").await.status == 401).then_some(()) })
        .await;
    by_old.get("/me").await.expect_problem(401, "token_key_unknown");
    with(&old).get("/me").await.expect_problem(401, "token_key_unknown");
    by_new.plays(spin()).await;
}

#[tokio::test]
async fn a_blocked_shopper_is_refused() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "rude");
    let body = shopper.request(spin()).await;
    let block = |flags: &[&str]| {
        let mut command = store.program().command(&["block", "acme", "rude"]);
        assert!(command.args(flags).status().expect("funfair").success());
    };
    block(&[]);
    until("the block", || async { (shopper.get("/me").await.status == 403).then_some(()) }).await;
    let before = store.ledger().snapshot();
    shopper.send(&fresh_key(), &body).await.expect_problem(403, "token_blocked");
    shopper.get("/plays").await.expect_problem(403, "token_blocked");
    store.ledger().snapshot().is_unchanged_since(&before, "a blocked shopper's play");
    store.shopper("wheel", "polite").plays(spin()).await;
    block(&["--lift"]);
    until("the lift", || async { (shopper.get("/me").await.status == 200).then_some(()) }).await;
}
