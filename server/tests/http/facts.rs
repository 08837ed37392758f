use super::{Fair, Said};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use serde_json::{Value, json};
use std::{fs, sync::Arc};
use tokio::task::JoinSet;

pub const FACTS: &str = "/v1/stores/acme/facts";
const ADJUSTMENTS: &str = "/v1/stores/acme/adjustments";

/// A wheel without free spins: facts bring them.
const EARNED: &str =
    "[chances]\n\n[[chances.earned]]\nfact = \"order.paid\"\ncount = 2\nper_day = 1\n";

pub fn shop() -> (Fair, String) {
    let fair = Fair::open();
    let points = "[points]\nper_100_cents = 1\non = \"paid\"\n\
                  expiry = { type = \"year_end\" }\n";
    fs::write(fair.place.path().join("activities/store.toml"), points).unwrap();
    fair.apply("wheel", super::WHEEL);
    let (_, secret) = fair.ask_admin(|admin| admin.add_secret("acme")).unwrap();
    (fair, secret)
}

pub async fn send(fair: &Fair, path: &str, secret: &str, body: &Value) -> Said {
    let request = Request::post(path)
        .header("authorization", format!("Bearer {secret}"))
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()));
    fair.ask(request.unwrap()).await
}

pub fn paid(id: &str, order: &str, cents: u64) -> Value {
    let now = funfair_server::now_ms();
    json!({
        "id": id, "fact": "order.paid", "sub": "ann", "at_ms": now,
        "order": order, "amount_cents": cents,
    })
}

async fn balance(fair: &Fair) -> Value {
    fair.get_as(&fair.token("ann"), "/v1/stores/acme/wallet").await.json()["balance"].clone()
}

#[tokio::test]
async fn facts_are_taken_with_the_stores_secret_key_only() {
    let (fair, secret) = shop();
    let body = json!({ "facts": [paid("f1", "o1", 1000)] });
    let flipped = format!("{}x", &secret[..secret.len() - 1]);
    for wrong in ["", "ffs_", &flipped, &fair.token("ann")] {
        let said = send(&fair, FACTS, wrong, &body).await;
        assert_eq!(said.status, StatusCode::UNAUTHORIZED);
        said.is_problem("secret_key_invalid");
        send(&fair, ADJUSTMENTS, wrong, &body).await.is_problem("secret_key_invalid");
    }
    let said = send(&fair, FACTS, &secret, &body).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.text());
    assert_eq!(said.json()["facts"][0]["points"], 10);
    assert_eq!(balance(&fair).await, 10);
    // Retired, it is refused at once.
    let id = fair.ask_admin(|admin| admin.secrets("acme")).unwrap().remove(0).id;
    fair.ask_admin(|admin| admin.retire_secret("acme", &id)).unwrap();
    send(&fair, FACTS, &secret, &body).await.is_problem("secret_key_invalid");
    assert!(fair.ask_admin(|admin| admin.retire_secret("acme", &id)).is_err());
}

#[tokio::test]
async fn no_page_may_send_facts() {
    let (fair, secret) = shop();
    fair.ask_admin(|admin| admin.allow_origin("acme", "https://shop.example", true)).unwrap();
    for path in [FACTS, ADJUSTMENTS] {
        let asked = Request::options(path)
            .header("origin", "https://shop.example")
            .header("access-control-request-method", "POST");
        let said = fair.ask(asked.body(Body::empty()).unwrap()).await;
        assert_eq!(said.header("access-control-allow-origin"), "");
        let sent = Request::post(path)
            .header("origin", "https://shop.example")
            .header("authorization", format!("Bearer {secret}"))
            .header("content-type", "application/json");
        let said = fair.ask(sent.body(Body::from("{}")).unwrap()).await;
        assert_eq!(said.header("access-control-allow-origin"), "");
    }
}

#[tokio::test]
async fn a_batch_is_recorded_once_and_as_a_whole() {
    let (fair, secret) = shop();
    let body = json!({ "facts": [paid("f1", "o1", 1000), paid("f2", "o2", 250)] });
    let first = send(&fair, FACTS, &secret, &body).await.json();
    let again = send(&fair, FACTS, &secret, &body).await.json();
    assert_eq!(
        first["facts"][1],
        json!({"id": "f2", "repeated": false, "points": 2, "chances": 0})
    );
    assert_eq!(again["facts"][1]["repeated"], true);
    let mut unknown = paid("f4", "o4", 100);
    unknown["fact"] = "order.eaten".into();
    let mut odd = paid("f4", "o4", 100);
    odd["colour"] = "red".into();
    let mut short = paid("f4", "o4", 100);
    short.as_object_mut().unwrap().remove("at_ms");
    for (wrong, reason) in [
        (unknown, "fact 1: there is no fact \"order.eaten\"; the known ones are coupon.used"),
        (odd, "fact 1: unknown field `colour`"),
        (short, "fact 1: missing field `at_ms`"),
        (json!(7), "fact 1: invalid type"),
    ] {
        let body = json!({ "facts": [paid("f3", "o3", 9900), wrong] });
        let said = send(&fair, FACTS, &secret, &body).await;
        assert_eq!(said.status, StatusCode::UNPROCESSABLE_ENTITY);
        said.is_problem("fact_invalid");
        assert!(said.json()["detail"].as_str().unwrap().contains(reason), "{}", said.text());
    }
    assert_eq!(balance(&fair).await, 12);
}

#[tokio::test]
async fn a_batch_has_1_to_1000_facts() {
    let (fair, secret) = shop();
    let batch = |count: usize| {
        let facts: Vec<_> =
            (0..count).map(|n| paid(&format!("f{n}"), &format!("o{n}"), 100)).collect();
        json!({ "facts": facts })
    };
    for count in [0, 1001] {
        let said = send(&fair, FACTS, &secret, &batch(count)).await;
        said.is_problem("fact_invalid");
        assert!(said.text().contains(&format!("there are {count} facts")), "{}", said.text());
    }
    let said = send(&fair, FACTS, &secret, &batch(1000)).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.text());
    assert_eq!(balance(&fair).await, 1000);
    let large = json!({ "facts": [], "padding": "x".repeat(1024 * 1024) });
    send(&fair, FACTS, &secret, &large).await.is_problem("body_too_large");
    let report = fair.ask_admin(|admin| admin.audit(Some("acme"))).unwrap();
    assert!(report.ok, "{report:?}");
}

#[tokio::test]
async fn a_fact_brings_chances_to_a_shopper_who_never_played() {
    let (fair, secret) = shop();
    let wheel = super::WHEEL.replace("[chances]\nfree_per_day = 1000\n", EARNED);
    fair.apply("earned", &wheel);
    fair.ask_admin(|admin| admin.set_state("acme", "earned", super::live())).unwrap();
    let body = json!({ "facts": [paid("f1", "o1", 100), paid("f2", "o2", 100)] });
    let said = send(&fair, FACTS, &secret, &body).await.json();
    let chances: Vec<_> =
        said["facts"].as_array().unwrap().iter().map(|one| &one["chances"]).collect();
    assert_eq!(chances, [2, 0], "one order a day counts");
    let me = fair.get_as(&fair.token("ann"), "/v1/stores/acme/activities/earned/me").await.json();
    assert_eq!(me["view"]["chances"]["earned"], 2, "{me}");
}

#[tokio::test]
async fn the_same_facts_at_once_beside_plays_are_recorded_once() {
    let (fair, secret) = shop();
    let token = fair.token("ann");
    let facts: Vec<_> = (0..20).map(|n| paid(&format!("f{n}"), &format!("o{n}"), 100)).collect();
    // Each batch overlaps the next one.
    let fair = Arc::new(fair);
    let batches = (0..40).map(|n| {
        let part: Vec<_> = facts.iter().cycle().skip(n % 20).take(7).cloned().collect();
        let (fair, secret) = (Arc::clone(&fair), secret.clone());
        async move {
            // Forty at once are more than some readers take: whoever is told so asks again.
            loop {
                let said = send(&fair, FACTS, &secret, &json!({ "facts": part })).await;
                if said.status != 503 {
                    break said.json();
                }
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
            }
        }
    });
    let batches = batches.collect::<JoinSet<_>>();
    for n in 0..10 {
        fair.plays(&token, &format!("key-of-16-letters-{n}")).await;
    }
    let said = batches.join_all().await;
    let recorded = said.iter().flat_map(|said| said["facts"].as_array().unwrap());
    let new = recorded.filter(|fact| fact["repeated"] == false).count();
    assert_eq!(new, 20);
    let report = fair.ask_admin(|admin| admin.audit(Some("acme"))).unwrap();
    assert!(report.ok, "{report:?}");
}

#[tokio::test]
async fn points_are_corrected_and_redemptions_returned_once() {
    let (fair, secret) = shop();
    let give = json!({ "id": "a1", "sub": "ann", "points": 50, "note": "for the wait" });
    let said = send(&fair, ADJUSTMENTS, &secret, &give).await.json();
    assert_eq!((&said["balance"], &said["repeated"]), (&json!(50), &json!(false)));
    let again = send(&fair, ADJUSTMENTS, &secret, &give).await.json();
    assert_eq!((&again["balance"], &again["repeated"]), (&json!(50), &json!(true)));
    let take = json!({ "id": "a2", "sub": "ann", "points": -80, "note": "a mistake" });
    let said = send(&fair, ADJUSTMENTS, &secret, &take).await.json();
    assert_eq!((&said["balance"], &said["owed"]), (&json!(0), &json!(30)));
    for (wrong, code) in [
        (json!({ "id": "a3", "sub": "ann", "note": "x" }), "invalid_body"),
        (json!({ "id": "a3", "sub": "ann", "points": 0, "note": "x" }), "invalid_body"),
        (json!({ "id": "a3", "sub": "ann", "points": 1, "note": "" }), "invalid_body"),
        (json!({ "id": "a3", "sub": "ann", "points": 1, "note": "x", "why": 1 }), "unknown_field"),
        (json!({ "id": "a3", "sub": "ann", "refund_of": "nope", "note": "x" }), "fact_invalid"),
    ] {
        send(&fair, ADJUSTMENTS, &secret, &wrong).await.is_problem(code);
    }
    let report = fair.ask_admin(|admin| admin.audit(None)).unwrap();
    assert!(report.ok, "{report:?}");
}
