//! Tickets: what signs a page in that no cookie reaches. Whoever is not the store gets none, and
//! whoever is not the first gets nothing for one.

use funfair_tests::{Exchange, Key, Store, Token, now, spin, until};
use serde_json::json;
use tokio::task::JoinSet;

async fn make(store: &Store, secret: &str, token: &str) -> Exchange {
    let call = store.api().call("POST", "/v1/stores/acme/tickets").token(secret);
    call.json(&json!({ "token": token })).send().await
}

async fn exchange(store: &Store, of: &str, ticket: &str) -> Exchange {
    let call = store.api().call("POST", &format!("/v1/stores/{of}/tickets/exchange"));
    call.json(&json!({ "ticket": ticket })).send().await
}

fn ticket(made: Exchange) -> String {
    made.expect(200).json()["ticket"].as_str().expect("a ticket").to_owned()
}

#[tokio::test]
async fn a_ticket_fetches_the_stores_token_once_and_from_whichever_process() {
    let store = Store::open().await;
    let (secret, shopper) = (store.secret("acme").await, store.shopper("wheel", "ann"));
    let made = make(&store, &secret, &shopper.token).await.expect(200);
    let lasts_ms = made.json()["expires_at_ms"].as_u64().expect("a moment") - now() * 1000;
    assert!((55_000..=61_000).contains(&lasts_ms), "{lasts_ms}");
    let ticket = ticket(made);
    assert!(ticket.starts_with("fft_") && ticket.len() == 47, "{ticket}");
    assert!(store.ledger().rows_of("ticket", "acme").iter().all(|row| !row.contains(&ticket)));

    let beside = store.beside().await;
    let token = exchange(&beside, "acme", &ticket).await.expect(200).json()["token"].take();
    assert_eq!(token, shopper.token.as_str());
    shopper.plays(spin()).await;
    for process in [&store, &beside] {
        exchange(process, "acme", &ticket).await.expect_problem(401, "ticket_invalid");
    }
    assert_eq!(store.ledger().count("ticket"), 0);
}

#[tokio::test]
async fn of_200_exchanges_of_one_ticket_at_once_one_wins() {
    let store = Store::open().await;
    let (secret, shopper) = (store.secret("acme").await, store.shopper("wheel", "ann"));
    let ticket = ticket(make(&store, &secret, &shopper.token).await);
    let body = json!({ "ticket": ticket });
    let call = store.api().call("POST", "/v1/stores/acme/tickets/exchange").json(&body);
    let all = (0..200).map(|_| call.clone().send()).collect::<JoinSet<_>>().join_all().await;
    let won = all.iter().filter(|answer| answer.status == 200).count();
    let lost = all.iter().filter(|answer| answer.code() == "ticket_invalid").count();
    assert_eq!((won, lost), (1, 199));
}

#[tokio::test]
async fn a_ticket_is_made_by_the_store_alone_and_for_a_good_token_alone() {
    let store = Store::open().await;
    let secret = store.secret("acme").await;
    let good = store.shopper("wheel", "ann").token;
    let token = || Token::new("acme", "ann");
    for wrong in ["ffs_wrong", good.as_str(), store.secret("bazaar").await.as_str()] {
        make(&store, wrong, &good).await.expect_problem(401, "secret_key_invalid");
    }
    for (bad, code) in [
        ("a word".to_owned(), "token_malformed"),
        (token().sign(&Key::eddsa("other", 9)), "token_key_unknown"),
        (token().sign(&Key::eddsa("main", 9)), "token_signature_invalid"),
        (token().claim("aud", "funfair:bazaar").sign(store.key()), "token_foreign"),
        (token().claim("exp", now() + 301).sign(store.key()), "token_expired"),
    ] {
        make(&store, &secret, &bad).await.expect_problem(401, code);
    }
    let call = store.api().call("POST", "/v1/stores/acme/tickets").token(&secret);
    let more = json!({ "token": good, "sub": "bob" });
    call.json(&more).send().await.expect_problem(400, "unknown_field");
    assert_eq!(store.ledger().count("ticket"), 0);
}

#[tokio::test]
async fn a_ticket_of_another_store_or_one_that_was_guessed_is_invalid_and_changes_nothing() {
    let store = Store::open().await;
    let token = store.shopper("wheel", "ann").token;
    let ticket = ticket(make(&store, &store.secret("acme").await, &token).await);
    let before = store.ledger().snapshot();
    for of in ["bazaar", "corner"] {
        exchange(&store, of, &ticket).await.expect_problem(401, "ticket_invalid");
    }
    let flipped = format!("{}_", &ticket[..ticket.len() - 1]);
    for guess in ["", "fft_", &flipped, &format!("{ticket}x"), &token, "'; DROP TABLE ticket"] {
        exchange(&store, "acme", guess).await.expect_problem(401, "ticket_invalid");
    }
    store.ledger().snapshot().is_unchanged_since(&before, "a guess");
    exchange(&store, "acme", &ticket).await.expect(200);
}

#[tokio::test]
async fn whoever_is_blocked_gets_no_ticket_and_nothing_for_an_old_one() {
    let store = Store::open().await;
    let (secret, rude) = (store.secret("acme").await, store.shopper("wheel", "rude"));
    let ticket = ticket(make(&store, &secret, &rude.token).await);
    let mut command = store.program().command(&["block", "acme", "rude"]);
    assert!(command.status().expect("funfair").success());
    until("the block", || async { (rude.get("/me").await.status == 403).then_some(()) }).await;
    make(&store, &secret, &rude.token).await.expect_problem(403, "token_blocked");
    exchange(&store, "acme", &ticket).await.expect(200);
    rude.get("/me").await.expect_problem(403, "token_blocked");
}

#[tokio::test]
async fn a_shopper_for_whom_too_many_tickets_are_made_waits() {
    let limits = [("FUNFAIR_MEMBER_RATE", "1"), ("FUNFAIR_MEMBER_BURST", "5")];
    let store = Store::open_with(&limits).await;
    let (secret, token) = (store.secret("acme").await, store.shopper("wheel", "ann").token);
    let mut codes = Vec::new();
    for _ in 0..12 {
        codes.push(make(&store, &secret, &token).await.code());
    }
    assert!(codes.contains(&"too_many_requests".into()), "{codes:?}");
    let bob = store.shopper("wheel", "bob").token;
    make(&store, &secret, &bob).await.expect(200);
}

#[tokio::test]
async fn neither_ticket_nor_token_is_logged() {
    let mut store = Store::open().await;
    let token = store.shopper("wheel", "ann-4711").token;
    let secret = store.secret("acme").await;
    let ticket = ticket(make(&store, &secret, &token).await);
    for _ in 0..2 {
        exchange(&store, "acme", &ticket).await;
    }
    let log = store.stop().await;
    assert!(log.contains("/tickets/exchange"), "the log tells of requests:\n{log}");
    for part in [&ticket[4..], &secret[4..], "ann-4711"].into_iter().chain(token.split('.').skip(1))
    {
        assert!(!log.contains(part), "{part}:\n{log}");
    }
}
