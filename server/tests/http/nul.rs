//! PostgreSQL knows no text with a NUL in it, and SQLite does: whoever sends one is told what is
//! wrong, by both alike.

use super::{
    Fair, Said,
    facts::{FACTS, paid, send, shop},
};
use axum::{body::Body, http::Request};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

const WHEEL: &str = "/v1/stores/acme/activities/wheel";

async fn post(fair: &Fair, path: &str, body: &Value) -> Said {
    let request = Request::post(path)
        .header("authorization", format!("Bearer {}", fair.token("ann")))
        .header("idempotency-key", "a-key-that-is-long")
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()));
    fair.ask(request.unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn no_path_or_query_with_a_nul_is_the_servers_fault() {
    let fair = Fair::open();
    let token = fair.token("ann");
    let cursor = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
    for path in [
        "/v1/stores/a%00b/activities".into(),
        "/v1/stores/a%00b/wallet".into(),
        "/v1/stores/acme/activities/w%00".into(),
        "/v1/stores/acme/activities/w%00/me".into(),
        format!("{WHEEL}/plays/p%00"),
        format!("{WHEEL}/me?item=%00"),
        format!("{WHEEL}/plays?before={}", cursor("p:\0")),
        format!("/v1/stores/acme/plays?before={}", cursor("h:5:\0")),
        format!("/v1/stores/acme/wallet?before={}", cursor("t:5:\0")),
    ] {
        let said = fair.get_as(&token, &path).await;
        assert_eq!(said.status, 400, "{path}: {}", said.text());
        said.is_problem("invalid_parameter");
    }
    let claim = post(&fair, "/v1/stores/acme/wallet/prizes/%00/claim", &json!({})).await;
    claim.is_problem("invalid_parameter");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_fact_or_adjustment_with_a_nul_is_the_servers_fault() {
    let (fair, secret) = shop();
    for field in ["id", "sub", "order"] {
        let mut fact = paid("f1", "o1", 100);
        fact[field] = "\0".into();
        let said = send(&fair, FACTS, &secret, &json!({ "facts": [fact] })).await;
        assert_eq!(said.status, 422, "{field}: {}", said.text());
        said.is_problem("fact_invalid");
    }
    let path = "/v1/stores/acme/adjustments";
    for field in ["id", "sub", "refund_of"] {
        let mut return_of = json!({ "id": "a", "sub": "ann", "refund_of": "t", "note": "back" });
        return_of[field] = "\0".into();
        let said = send(&fair, path, &secret, &return_of).await;
        assert_eq!(said.status, 400, "{field}: {}", said.text());
        said.is_problem("invalid_body");
    }
    // What is kept as JSON may hold one.
    let now = funfair_server::now_ms();
    let tier = json!({ "id": "f2", "fact": "member.updated", "sub": "ann", "at_ms": now,
                       "tier": "go\0ld", "tags": ["\0"] });
    assert_eq!(send(&fair, FACTS, &secret, &json!({ "facts": [tier] })).await.status, 200);
    let gift = json!({ "id": "b", "sub": "ann", "points": 5, "note": "for\0you" });
    assert_eq!(send(&fair, path, &secret, &gift).await.status, 200);
    assert!(fair.ask_admin(|admin| admin.export_member("acme", "ann")).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_play_with_a_nul_is_the_servers_fault() {
    let fair = Fair::open();
    let token = fair.token("ann");
    let good = fair.body(&token).await;
    for field in ["client_seed", "commitment", "revision", "action"] {
        let mut body = good.clone();
        body[field] = if field == "action" { json!({ "type": "\0" }) } else { json!("\0") };
        let said = post(&fair, &format!("{WHEEL}/plays"), &body).await;
        assert_eq!(said.status, 400, "{field}: {}", said.text());
        said.is_problem("invalid_body");
    }
    let said = post(&fair, &format!("{WHEEL}/unlock"), &json!({ "passphrase": "\0" })).await;
    assert!(!said.status.is_server_error(), "{}", said.text());
}

/// An action may name an item, which is a row of the database.
#[tokio::test(flavor = "multi_thread")]
async fn no_item_with_a_nul_is_the_servers_fault() {
    let fair = Fair::open();
    let cards = include_str!("../../../widgets/card-collecting/example.toml");
    fair.apply("cards", &cards.replace("2026-12-01", "2036-12-01"));
    fair.ask_admin(|admin| admin.set_state("acme", "cards", super::live())).unwrap();
    let token = fair.token("ann");
    let path = "/v1/stores/acme/activities/cards";
    let me = fair.get_as(&token, &format!("{path}/me")).await.json();
    let activity = fair.get(path, &[]).await.json();
    let body = json!({
        "action": { "type": "take", "gift": "\0" }, "client_seed": "a-client-seed",
        "commitment": me["commitment"], "revision": activity["revision"],
    });
    let said = post(&fair, &format!("{path}/plays"), &body).await;
    assert_eq!(said.status, 409, "{}", said.text());
    said.is_problem("refused");
}
