use super::Fair;
use crate::place::aside;
use axum::{body::Body, http::Request};
use funfair_server::{
    Config,
    database::{self, Location},
    now_ms,
};
use serde_json::json;
use std::time::Duration;

async fn post(
    fair: &Fair,
    path: &str,
    secret: Option<&str>,
    body: &serde_json::Value,
) -> super::Said {
    let mut request = Request::post(path).header("content-type", "application/json");
    if let Some(secret) = secret {
        request = request.header("authorization", format!("Bearer {secret}"));
    }
    fair.ask(request.body(Body::from(body.to_string())).unwrap()).await
}

#[tokio::test]
async fn tickets_that_nobody_showed_in_time_are_worth_nothing_and_go() {
    let config = Config { settle_every_s: 1, ..Config::default() };
    let fair = Fair::configured(config);
    let of = |location: Location| {
        aside(|| {
            let config = Config { database: location, ..Config::default() };
            database::open(&config, 1).unwrap()
        })
    };
    let db = of(fair.place.location());
    let store = aside(|| db.store("acme")).unwrap().unwrap();
    let (now, hash) = (now_ms(), "5".repeat(64));
    aside(|| db.add_ticket(&store, &hash, "a.token.x", now + 60_000)).unwrap();
    assert!(aside(|| db.has_ticket(&store, &hash, now)).unwrap());
    assert!(!aside(|| db.has_ticket(&store, &hash, now + 60_000)).unwrap());
    assert_eq!(aside(|| db.take_ticket(&store, &hash, now + 60_000)).unwrap(), None);
    assert_eq!(aside(|| db.take_ticket(&store, &hash, now)).unwrap(), None, "it was shown");
    // One that is over goes with the next round.
    aside(|| db.add_ticket(&store, &hash, "a.token.x", now - 1)).unwrap();
    let asked_at = now - 3_600_000;
    for _ in 0..200 {
        if !aside(|| db.has_ticket(&store, &hash, asked_at)).unwrap() {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("it is still kept after ten seconds");
}

#[tokio::test]
async fn no_page_may_make_a_ticket_and_a_listed_one_may_exchange_it() {
    let fair = Fair::open();
    fair.ask_admin(|admin| admin.allow_origin("acme", "https://shop.example", true)).unwrap();
    for (path, allowed) in [("tickets", ""), ("tickets/exchange", "https://shop.example")] {
        let asked = Request::options(format!("/v1/stores/acme/{path}"))
            .header("origin", "https://shop.example")
            .header("access-control-request-method", "POST");
        let said = fair.ask(asked.body(Body::empty()).unwrap()).await;
        assert_eq!(said.header("access-control-allow-origin"), allowed, "{path}");
    }
}

#[tokio::test]
async fn in_read_only_mode_no_ticket_is_made_or_spent() {
    let fair = Fair::open();
    let (_, secret) = fair.ask_admin(|admin| admin.add_secret("acme")).unwrap();
    let body = json!({ "token": fair.token("ann") });
    let made = post(&fair, "/v1/stores/acme/tickets", Some(&secret), &body).await.json();
    let ticket = json!({ "ticket": made["ticket"] });
    fair.ask_admin(|admin| admin.set_read_only(true)).unwrap();
    post(&fair, "/v1/stores/acme/tickets", Some(&secret), &body).await.is_problem("busy");
    post(&fair, "/v1/stores/acme/tickets/exchange", None, &ticket).await.is_problem("busy");
    fair.ask_admin(|admin| admin.set_read_only(false)).unwrap();
    let said = post(&fair, "/v1/stores/acme/tickets/exchange", None, &ticket).await;
    assert_eq!(said.json()["token"], body["token"], "{}", said.text());
}
