//! What a body of `POST …/plays` may not be. Nothing here leaves a trace.

use funfair_tests::{Contract, Store, fresh_key, spin};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// What it is, the problem's status and code, and how a good body becomes it.
type Row = (&'static str, u16, &'static str, fn(&mut Value));

/// Changes a good body by `change` and expects this problem, and the database as it was.
async fn refused(rows: &[Row]) {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "bodies");
    let good = shopper.request(spin()).await;
    assert!(Contract::get().takes_play(good.to_string().as_bytes()), "the good body");
    let before = store.ledger().snapshot();
    for (what, status, code, change) in rows {
        let mut body = good.clone();
        change(&mut body);
        assert_ne!(body, good, "{what}");
        let answer = shopper.send(&fresh_key(), &body).await;
        assert_eq!(answer.code(), *code, "{what}: {}", answer.text());
        answer.expect_problem(*status, code);
        store.ledger().snapshot().is_unchanged_since(&before, what);
        let taken = Contract::get().takes_play(body.to_string().as_bytes());
        assert!(!taken, "{what}: openapi.json takes what the server refuses");
    }
    shopper.send(&fresh_key(), &good).await.expect(200);
}

#[tokio::test]
async fn an_outcome_in_the_body_is_refused() {
    refused(&[
        ("an outcome", 400, "unknown_field", |body| {
            body["outcome"] = json!({"type": "won", "prize": "coupon", "tier": 1});
        }),
        ("a reward", 400, "unknown_field", |body| {
            body["rewards"] = json!([{"type": "points", "amount": 1_000_000}]);
        }),
        ("a prize in the action", 400, "unknown_field", |body| {
            body["action"]["prize"] = json!("coupon");
        }),
        ("a draw's number", 400, "unknown_field", |body| body["n"] = json!(0)),
    ])
    .await;
}

#[tokio::test]
async fn a_time_or_a_shopper_in_the_body_is_refused() {
    refused(&[
        ("a clock", 400, "unknown_field", |body| body["now_ms"] = json!(1)),
        ("a day", 400, "unknown_field", |body| body["day"] = json!("2026-01-01")),
        ("a zone", 400, "unknown_field", |body| body["zone"] = json!("Asia/Tokyo")),
        ("a member", 400, "unknown_field", |body| body["member"] = json!("another")),
        ("a shopper", 400, "unknown_field", |body| body["sub"] = json!("another")),
    ])
    .await;
}

#[tokio::test]
async fn an_unknown_field_is_refused() {
    refused(&[
        ("in the body", 400, "unknown_field", |body| body["extra"] = json!(1)),
        ("in the action", 400, "unknown_field", |body| body["action"]["extra"] = json!(1)),
        ("__proto__", 400, "unknown_field", |body| body["__proto__"] = json!({"pay": "free"})),
        ("constructor", 400, "unknown_field", |body| body["constructor"] = json!({})),
    ])
    .await;
}

#[tokio::test]
async fn a_wrong_type_or_value_is_refused() {
    refused(&[
        ("no action", 400, "invalid_body", |body| drop(body["action"].take())),
        ("an action that is text", 400, "invalid_body", |body| body["action"] = json!("spin")),
        ("an action without a type", 400, "invalid_body", |body| {
            body["action"] = json!({"pay": "free"});
        }),
        ("an action that nothing knows", 400, "invalid_body", |body| {
            body["action"]["type"] = json!("win");
        }),
        ("a payment that nothing knows", 400, "invalid_body", |body| {
            body["action"]["pay"] = json!("credit");
        }),
        ("a seed that is a number", 400, "invalid_body", |body| body["client_seed"] = json!(7)),
        ("a short seed", 400, "invalid_body", |body| body["client_seed"] = json!("1234567")),
        ("a long seed", 400, "invalid_body", |body| body["client_seed"] = json!("x".repeat(65))),
        ("a seed with a line feed", 400, "invalid_body", |body| {
            body["client_seed"] = json!("seed-seed\nsingle");
        }),
        ("a revision that is a list", 400, "invalid_body", |body| body["revision"] = json!([])),
        ("a commitment of null", 400, "invalid_body", |body| body["commitment"] = Value::Null),
        ("a list", 400, "invalid_body", |body| *body = json!([body.clone()])),
    ])
    .await;
}

#[tokio::test]
async fn a_missing_field_is_refused() {
    fn without(body: &mut Value, field: &str) {
        body.as_object_mut().expect("an object").remove(field);
    }
    refused(&[
        ("no action", 400, "invalid_body", |body| without(body, "action")),
        ("no seed", 400, "invalid_body", |body| without(body, "client_seed")),
        ("no commitment", 400, "invalid_body", |body| without(body, "commitment")),
        ("no revision", 400, "invalid_body", |body| without(body, "revision")),
    ])
    .await;
}

/// A body with nothing wrong in its form.
const WHOLE: &[u8] = br#"{"action":{"type":"spin","pay":"free"},"client_seed":"12345678",
    "commitment":"a","revision":"a"}"#;

/// Sends these bytes, declared as `media`, and expects this problem and no trace.
async fn bytes_refused(rows: Vec<(&str, &str, Vec<u8>, u16, &str)>) {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "bytes");
    shopper.plays(spin()).await;
    let before = store.ledger().snapshot();
    for (what, media, bytes, status, code) in rows {
        let answer = shopper.call(&fresh_key()).body(media, bytes).send().await;
        assert_eq!(answer.code(), code, "{what}: {}", answer.text());
        answer.expect_problem(status, code);
        store.ledger().snapshot().is_unchanged_since(&before, what);
    }
}

#[tokio::test]
async fn a_body_that_is_not_json_is_refused() {
    let json = "application/json";
    let latin = [b"{\"client_seed\":\"caf\xe9-caf\xe9\",", &WHOLE[1..]].concat();
    let deep = "[".repeat(8000).into_bytes();
    bytes_refused(vec![
        ("nothing", json, vec![], 400, "malformed_body"),
        ("half an object", json, br#"{"action":"#.to_vec(), 400, "malformed_body"),
        ("something after it", json, [WHOLE, b"{}"].concat(), 400, "malformed_body"),
        ("a form", json, b"action=spin".to_vec(), 400, "malformed_body"),
        ("bytes that are not UTF-8", json, latin, 400, "malformed_body"),
        ("nesting without an end", json, deep, 400, "malformed_body"),
    ])
    .await;
}

#[tokio::test]
async fn a_field_that_stands_twice_is_refused() {
    let twice = [b"{\"revision\":\"b\",", &WHOLE[1..]].concat();
    bytes_refused(vec![("twice", "application/json", twice, 400, "invalid_body")]).await;
}

#[tokio::test]
async fn a_body_that_is_not_declared_as_json_is_refused() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "media");
    let body = shopper.request(spin()).await.to_string().into_bytes();
    let before = store.ledger().snapshot();
    for media in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "x"] {
        let call = shopper.call(&fresh_key()).body(media, body.clone());
        call.send().await.expect_problem(415, "unsupported_media_type");
    }
    let undeclared = shopper.call(&fresh_key()).bytes(body);
    undeclared.send().await.expect_problem(415, "unsupported_media_type");
    store.ledger().snapshot().is_unchanged_since(&before, "a body of another kind");
}

#[tokio::test]
async fn an_oversized_body_is_refused() {
    let sized = |size: usize| {
        let start = br#"{"client_seed":""#.to_vec();
        let filling = vec![b'x'; size - start.len() - 2];
        [start, filling, b"\"}".to_vec()].concat()
    };
    bytes_refused(vec![
        ("one byte too many", "application/json", sized(16385), 413, "body_too_large"),
        ("the largest that is read", "application/json", sized(16384), 400, "invalid_body"),
    ])
    .await;
}

#[tokio::test]
async fn a_body_that_announces_a_gigabyte_is_refused_at_its_first_byte_too_many() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "flooder");
    shopper.plays(spin()).await;
    let before = store.ledger().snapshot();
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\nidempotency-key: {}\r\n\
         content-type: application/json\r\ncontent-length: 1073741824\r\n\r\n",
        shopper.path("/plays"),
        shopper.token,
        fresh_key()
    );
    let mut stream = TcpStream::connect(("127.0.0.1", store.port())).await.expect("the server");
    stream.write_all(head.as_bytes()).await.expect("a head");
    stream.write_all(" ".repeat(16385).as_bytes()).await.expect("the beginning of a body");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer, and the end of the connection");
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains(r#""code":"body_too_large""#), "{answer}");
    store.ledger().snapshot().is_unchanged_since(&before, "a flood");
}

#[tokio::test]
async fn an_idempotency_key_of_another_form_is_refused() {
    let store = Store::open().await;
    let shopper = store.shopper("wheel", "keys");
    let body = shopper.request(spin()).await;
    let before = store.ledger().snapshot();
    let long = "k".repeat(65);
    for key in ["", "short-key-of-15", &long, "a key with a space in it", "key/with/a/slash/in/it"]
    {
        let answer = shopper.send(key, &body).await;
        answer.expect_problem(400, "idempotency_key_invalid");
    }
    let keyless = store.api().call("POST", &shopper.path("/plays")).token(&shopper.token);
    keyless.json(&body).send().await.expect_problem(400, "idempotency_key_invalid");
    store.ledger().snapshot().is_unchanged_since(&before, "a key of another form");
}
