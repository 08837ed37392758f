//! Pages of other origins: a store lists those that may ask, and no others can read an answer.

use funfair_tests::{Exchange, Store, header, spin, until};

const SHOP: &str = "https://shop.example";

fn allowed(answer: &Exchange) -> Option<&str> {
    header(&answer.answer_headers, "access-control-allow-origin")
}

/// What a browser asks before a page of `origin` may play.
async fn asked_first(store: &Store, origin: &str) -> Exchange {
    let call = store.api().call("OPTIONS", "/v1/stores/acme/activities/wheel/plays");
    let call = call.header("origin", origin).header("access-control-request-method", "POST");
    call.header("access-control-request-headers", "authorization,idempotency-key").send().await
}

async fn list_origin(store: &Store) {
    let mut command = store.program().command(&["store", "origin", "acme", "add", SHOP]);
    assert!(command.status().expect("funfair").success());
    let listed = || async { allowed(&asked_first(store, SHOP).await).is_some().then_some(()) };
    until("the origin", listed).await;
}

#[tokio::test]
async fn a_listed_origin_may_ask_and_is_told_so_for_two_hours() {
    let store = Store::open().await;
    list_origin(&store).await;
    let first = asked_first(&store, SHOP).await.expect(204);
    assert_eq!(allowed(&first), Some(SHOP));
    assert_eq!(header(&first.answer_headers, "access-control-max-age"), Some("7200"));
    let headers = header(&first.answer_headers, "access-control-allow-headers").expect("headers");
    assert!(headers.contains("authorization") && headers.contains("idempotency-key"), "{headers}");
    let shopper = store.shopper("wheel", "a");
    let body = shopper.request(spin()).await;
    let play = shopper.call("a-key-of-the-suite-1").json(&body).header("origin", SHOP);
    let played = play.send().await.expect(200);
    assert_eq!(allowed(&played), Some(SHOP));
    let read = header(&played.answer_headers, "access-control-expose-headers").expect("headers");
    for name in ["etag", "idempotency-replayed", "retry-after", "x-request-id"] {
        assert!(read.split(", ").any(|exposed| exposed == name), "{name}: {read}");
    }
}

#[tokio::test]
async fn an_origin_that_is_not_listed_can_read_nothing() {
    let store = Store::open().await;
    list_origin(&store).await;
    let near = ["https://shop.example.evil", "http://shop.example", "https://shop.example:444"];
    for origin in near.into_iter().chain(["https://evil.example", "null"]) {
        assert_eq!(allowed(&asked_first(&store, origin).await), None, "{origin}");
        let read = store.api().get("/v1/stores/acme/activities/wheel").header("origin", origin);
        assert_eq!(allowed(&read.send().await), None, "{origin}");
    }
    for answer in [asked_first(&store, SHOP).await, asked_first(&store, "null").await] {
        let credentials = header(&answer.answer_headers, "access-control-allow-credentials");
        assert_eq!(credentials, None, "cookies are never asked for");
        assert_ne!(allowed(&answer), Some("*"));
    }
}

#[tokio::test]
async fn the_origins_of_one_store_are_not_those_of_another() {
    let store = Store::open().await;
    list_origin(&store).await;
    let path = "/v1/stores/bazaar/activities/wheel";
    let read = store.api().get(path).header("origin", SHOP).send().await.expect(200);
    assert_eq!(allowed(&read), None);
}
