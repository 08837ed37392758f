use super::{Fair, Said, place::aside};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use serde_json::{Value, json};

async fn post(fair: &Fair, path: &str, bearer: &str, body: &Value) -> Said {
    let request = Request::post(path)
        .header("authorization", format!("Bearer {bearer}"))
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()));
    fair.ask(request.unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn read_only_mode_answers_busy_to_all_that_writes_and_reads_on() {
    let fair = Fair::open();
    let (_, secret) = fair.ask_admin(|admin| admin.add_secret("acme")).unwrap();
    let token = fair.token("ann");
    let first = fair.plays(&token, "a-key-that-is-long").await;
    let body = fair.body(&token).await;
    let gone = "/v1/stores/acme/plays";
    let before = fair.get_as(&token, gone).await.json();

    fair.ask_admin(|admin| admin.set_read_only(true)).unwrap();
    let now = funfair_server::now_ms();
    let fact =
        json!({ "facts": [{ "id": "f", "fact": "shop.visited", "sub": "ann", "at_ms": now }] });
    let gift = json!({ "id": "a", "sub": "ann", "points": 5, "note": "a gift" });
    for said in [
        fair.play(&token, "another-key-as-long", &body).await,
        post(&fair, "/v1/stores/acme/facts", &secret, &fact).await,
        post(&fair, "/v1/stores/acme/adjustments", &secret, &gift).await,
    ] {
        assert_eq!(said.status, StatusCode::SERVICE_UNAVAILABLE, "{}", said.text());
        said.is_problem("busy");
        assert_eq!(said.header("retry-after"), "1");
    }
    assert_eq!(fair.get_as(&token, gone).await.json(), before);
    assert_eq!(before["plays"][0], first["receipt"]);
    assert_eq!(fair.me(&token).await["commitment"], body["commitment"]);
    for path in ["/v1/stores/acme/wallet", "/v1/stores/acme/activities/wheel", "/healthz"] {
        assert_eq!(fair.get_as(&token, path).await.status, StatusCode::OK, "{path}");
    }
    // Who only reads belongs here still.
    let ready = fair.get("/readyz", &[]).await;
    assert_eq!(ready.status, StatusCode::OK);
    let stands = json!({ "ready": true, "database": true, "writer": true, "read_only": true });
    assert_eq!(ready.json(), stands);
    let applied = fair.ask_admin(|admin| admin.block("acme", "eve", true));
    assert!(applied.unwrap_err().to_string().contains("funfair read-only off"));

    fair.ask_admin(|admin| admin.set_read_only(false)).unwrap();
    assert_eq!(fair.get("/readyz", &[]).await.json()["read_only"], false);
    let said = fair.play(&token, "another-key-as-long", &body).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.text());
    assert_eq!(post(&fair, "/v1/stores/acme/adjustments", &secret, &gift).await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_server_obeys_a_command_at_once() {
    let fair = Fair::open();
    let token = fair.token("ann");
    let body = fair.body(&token).await;
    let command = |on| {
        aside(|| {
            let beside = fair.place.open();
            funfair_server::Admin::new(&*beside, None).set_read_only(on).unwrap();
        });
    };
    command(true);
    fair.play(&token, "a-key-that-is-long", &body).await.is_problem("busy");
    command(false);
    assert_eq!(fair.play(&token, "a-key-that-is-long", &body).await.status, StatusCode::OK);
}
