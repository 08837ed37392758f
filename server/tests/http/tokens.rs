use super::Fair;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

/// One change to a token that is right otherwise, and the code it is refused with; none where it
/// is taken.
type Case = (&'static str, &'static str, Value, Option<&'static str>);

fn signed(secret: &[u8], header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let mac = Hmac::<Sha256>::new_from_slice(secret).unwrap().chain_update(&message);
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

fn cases(now: u64) -> Vec<Case> {
    let (malformed, foreign, expired) =
        (Some("token_malformed"), Some("token_foreign"), Some("token_expired"));
    vec![
        ("header", "typ", json!("funfair+jwt"), None),
        ("header", "typ", json!("JWT"), malformed),
        ("header", "typ", Value::Null, malformed),
        ("header", "crit", json!(["exp"]), malformed),
        ("header", "kid", Value::Null, malformed),
        ("header", "kid", json!("nobodys"), Some("token_key_unknown")),
        ("header", "kid", json!("development"), Some("token_signature_invalid")),
        ("header", "alg", json!("EdDSA"), Some("token_signature_invalid")),
        ("header", "alg", json!("none"), Some("token_signature_invalid")),
        ("claims", "iss", json!("another"), foreign),
        ("claims", "iss", Value::Null, malformed),
        ("claims", "aud", json!("funfair:acme2"), foreign),
        ("claims", "aud", json!("acme"), foreign),
        ("claims", "aud", json!(["funfair:acme"]), None),
        ("claims", "aud", json!(["funfair:acme", "funfair:other"]), malformed),
        ("claims", "exp", json!(now - 61), expired),
        ("claims", "exp", json!(now - 58), None),
        ("claims", "exp", json!(now + 201), expired),
        ("claims", "iat", json!(now + 65), expired),
        ("claims", "iat", json!(now + 55), None),
        ("claims", "nbf", json!(now + 65), expired),
        ("claims", "sub", json!(""), malformed),
        ("claims", "sub", json!("字".repeat(128)), None),
        ("claims", "sub", json!("x".repeat(129)), malformed),
        ("claims", "sub", json!("\0"), malformed),
        ("claims", "sub", json!(7), malformed),
        ("claims", "jti", Value::Null, malformed),
        ("claims", "tags", json!("x".repeat(4096)), malformed),
        ("claims", "tier", json!("gold"), None),
    ]
}

#[tokio::test]
async fn each_fault_of_a_token_has_its_code() {
    let fair = Fair::open();
    let secret = fair.secret("shared");
    let now = funfair_server::now_ms() / 1000;
    for (part, name, value, code) in cases(now) {
        let mut header = json!({ "typ": "funfair+jwt", "alg": "HS256", "kid": "shared" });
        let mut claims = json!({
            "iss": "acme", "aud": "funfair:acme", "sub": "ann", "jti": "1",
            "iat": now - 100, "exp": now + 100,
        });
        let changed = if part == "header" { &mut header } else { &mut claims };
        changed[name] = value.clone();
        changed.as_object_mut().unwrap().retain(|_, value| !value.is_null());
        let token = signed(&secret, &header, &claims);
        let said = fair.get_as(&token, "/v1/stores/acme/wallet").await;
        match code {
            Some(code) => said.is_problem(code),
            None => assert_eq!(said.status, 200, "{name}={value}: {}", said.text()),
        }
    }
}

#[tokio::test]
async fn a_flipped_byte_of_a_signature_is_noticed_for_every_algorithm() {
    let fair = Fair::open();
    let good = fair.token("ann");
    assert_eq!(fair.get_as(&good, "/v1/stores/acme/wallet").await.status, 200);
    let (message, signature) = good.rsplit_once('.').unwrap();
    let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap();
    bytes[3] ^= 1;
    let bad = format!("{message}.{}", URL_SAFE_NO_PAD.encode(bytes));
    fair.get_as(&bad, "/v1/stores/acme/wallet").await.is_problem("token_signature_invalid");
    for token in ["", "a.b", "a.b.c"] {
        fair.get_as(token, "/v1/stores/acme/wallet").await.is_problem("token_malformed");
    }
    fair.get("/v1/stores/acme/wallet", &[]).await.is_problem("token_missing");
}

#[tokio::test]
async fn a_remembered_token_ends_with_its_key_and_with_a_block() {
    let fair = Fair::open();
    let token = fair.token("ann");
    let wallet = "/v1/stores/acme/wallet";
    assert_eq!(fair.get_as(&token, wallet).await.status, 200);
    fair.ask_admin(|admin| admin.block("acme", "ann", true)).unwrap();
    let blocked = fair.get_as(&token, wallet).await;
    assert_eq!(blocked.status, 403);
    blocked.is_problem("token_blocked");
    fair.ask_admin(|admin| admin.block("acme", "ann", false)).unwrap();
    assert_eq!(fair.get_as(&token, wallet).await.status, 200);
    fair.ask_admin(|admin| admin.retire_key("acme", "development")).unwrap();
    let retired = fair.get_as(&token, wallet).await;
    assert_eq!(retired.header("www-authenticate"), "Bearer");
    retired.is_problem("token_key_unknown");
}
