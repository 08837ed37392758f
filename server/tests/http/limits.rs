use super::{Fair, play_request};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use funfair_server::Config;
use serde_json::json;

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let fair = Fair::open();
    let token = fair.token("ann");
    let mut body = fair.body(&token).await;
    body["client_seed"] = "x".repeat(17_000).into();
    let said = fair.play(&token, "key-of-16-letters", &body).await;
    assert_eq!(said.status, StatusCode::PAYLOAD_TOO_LARGE);
    said.is_problem("body_too_large");
}

#[tokio::test]
async fn a_body_of_another_media_type_is_refused() {
    let fair = Fair::open();
    let mut request = play_request(&fair.token("ann"), "key-of-16-letters", &json!({}));
    request.headers_mut().insert("content-type", "text/plain".parse().unwrap());
    fair.ask(request).await.is_problem("unsupported_media_type");
}

#[tokio::test]
async fn an_idempotency_key_has_its_form() {
    let fair = Fair::open();
    let token = fair.token("ann");
    let body = fair.body(&token).await;
    for key in ["", "short", "a key with blanks", &"x".repeat(65), "schlüssel-schlüssel"] {
        let mut request = play_request(&token, "key-of-16-letters", &body);
        let value = axum::http::HeaderValue::from_bytes(key.as_bytes()).unwrap();
        request.headers_mut().insert("idempotency-key", value);
        fair.ask(request).await.is_problem("idempotency_key_invalid");
    }
    let mut twice = play_request(&token, "key-of-16-letters", &body);
    twice.headers_mut().append("idempotency-key", "key-of-17-letters".parse().unwrap());
    fair.ask(twice).await.is_problem("idempotency_key_invalid");
}

#[tokio::test]
async fn every_path_and_method_without_a_route_is_a_problem() {
    let fair = Fair::open();
    for path in ["/", "/v1", "/v1/", "/v1/stores", "/v1/stores/acme/points", "/v2/x", "/funfair/x"]
    {
        fair.get(path, &[]).await.is_problem("route_unknown");
    }
    fair.get("/v1/stores/nobody/activities", &[]).await.is_problem("store_unknown");
    fair.get("/v1/stores/acme/activities/none", &[]).await.is_problem("activity_unknown");
    let request = Request::builder().method("DELETE").uri("/v1/stores/acme/wallet");
    let said = fair.ask(request.body(Body::empty()).unwrap()).await;
    said.is_problem("method_not_allowed");
    assert!(said.header("allow").contains("GET"));
}

#[tokio::test]
async fn the_type_of_a_problem_leads_to_what_it_means() {
    let fair = Fair::open();
    let kind = fair.get("/v1/nothing", &[]).await.json()["type"].as_str().unwrap().to_owned();
    let meaning = fair.get(&kind, &[]).await;
    assert_eq!(meaning.status, StatusCode::OK);
    assert!(meaning.text().contains("There is no such route."));
    fair.get("/problems/none", &[]).await.is_problem("route_unknown");
}

#[tokio::test]
async fn every_answer_of_the_api_is_guarded() {
    let fair = Fair::open();
    for path in ["/healthz", "/v1/openapi.json", "/v1/stores/acme/wallet", "/v1/nothing"] {
        let said = fair.get(path, &[]).await;
        assert_eq!(said.header("x-content-type-options"), "nosniff", "{path}");
        assert!(said.header("content-security-policy").contains("frame-ancestors 'none'"));
        assert_eq!(said.header("x-request-id").len(), 16, "{path}");
    }
}

#[tokio::test]
async fn more_plays_than_can_wait_are_answered_with_busy() {
    let fair = Fair::configured(Config { queue_limit: 1, batch_limit: 1, ..Config::default() });
    let token = fair.token("ann");
    let body = fair.body(&token).await;
    let keys: Vec<_> = (0..64).map(|n| format!("key-of-16-letters-{n}")).collect();
    let mut tasks = tokio::task::JoinSet::new();
    for key in keys {
        let (router, request) = (fair.app.standalone(), play_request(&token, &key, &body));
        tasks.spawn(async move {
            use tower::ServiceExt;
            let answer = router.oneshot(request).await.unwrap();
            let after = answer.headers().get("retry-after").cloned();
            (answer.status(), after)
        });
    }
    let said = tasks.join_all().await;
    let busy = said.iter().filter(|(status, _)| *status == StatusCode::SERVICE_UNAVAILABLE);
    let busy: Vec<_> = busy.collect();
    assert!(!busy.is_empty());
    assert!(busy.iter().all(|(_, after)| after.as_ref().is_some_and(|after| after == "1")));
    // One had the commitment; all others were refused or turned away.
    assert_eq!(said.iter().filter(|(status, _)| *status == StatusCode::OK).count(), 1);
}

#[tokio::test]
async fn a_crowd_that_would_wait_too_long_is_told_for_how_long_and_a_lone_shopper_never_is() {
    let fair = Fair::configured(Config { queue_wait_ms: 200, ..Config::default() });
    if !fair.place.is_sqlite() {
        // How long somebody else may write is SQLite's matter; the queue is the same on both.
        return;
    }
    let (ann, bob) = (fair.token("ann"), fair.token("bob"));
    let (of_ann, of_bob) = (fair.body(&ann).await, fair.body(&bob).await);
    // Somebody else writes in the file for longer than that.
    let other = rusqlite::Connection::open(fair.place.path().join("funfair.db")).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let (router, first) = (fair.app.standalone(), play_request(&ann, "key-of-16-letters", &of_ann));
    let first = tokio::spawn(async move {
        use tower::ServiceExt;
        router.oneshot(first).await.unwrap().status()
    });
    tokio::time::sleep(std::time::Duration::from_millis(1_300)).await;
    let start = std::time::Instant::now();
    // Told before anything else of the request is looked at.
    for (token, body) in [(&bob, &of_bob), (&"no token".to_owned(), &serde_json::Value::Null)] {
        let said = fair.play(token, "key-of-16-letters", body).await;
        assert_eq!(said.status, StatusCode::SERVICE_UNAVAILABLE, "{}", said.text());
        said.is_problem("busy");
        assert_eq!(said.header("retry-after"), "2");
    }
    assert!(start.elapsed().as_millis() < 100, "{:?}", start.elapsed());
    other.execute_batch("COMMIT").unwrap();
    assert_eq!(first.await.unwrap(), StatusCode::OK);
    // The last batch took longer than anybody may wait, and nobody is before this one.
    let said = fair.play(&bob, "key-of-16-letters", &of_bob).await;
    assert_eq!(said.status, StatusCode::OK, "{}", said.text());
}

#[tokio::test]
async fn a_stopped_server_has_answered_what_it_accepted() {
    let fair = Fair::open();
    let mut tasks = tokio::task::JoinSet::new();
    for n in 0..20 {
        let token = fair.token(&format!("shopper-{n}"));
        let body = fair.body(&token).await;
        let router = fair.app.standalone();
        tasks.spawn(async move {
            use tower::ServiceExt;
            let request = play_request(&token, "key-of-16-letters", &body);
            router.oneshot(request).await.unwrap().status()
        });
    }
    tokio::task::yield_now().await;
    fair.app.shutdown().await;
    let said = tasks.join_all().await;
    let played = said.iter().filter(|status| **status == StatusCode::OK).count();
    assert!(said.iter().all(|status| [200, 503].contains(&status.as_u16())), "{said:?}");
    assert_eq!(fair.place.number("SELECT count(*) FROM play"), i64::try_from(played).unwrap());
    let token = fair.token("late");
    let body = fair.body(&token).await;
    fair.play(&token, "key-of-16-letters", &body).await.is_problem("busy");
}

#[tokio::test]
async fn health_names_the_release_and_the_time_zones() {
    let health = Fair::open().get("/healthz", &[]).await;
    assert_eq!(health.status, StatusCode::OK);
    let health = health.json();
    assert_eq!(health["status"], "ok");
    assert_eq!(health["version"], env!("CARGO_PKG_VERSION"));
    assert!(health["tz"].as_str().unwrap().starts_with("20"));
}

#[tokio::test]
async fn a_server_is_ready_while_it_has_its_database_and_its_writer() {
    let fair = Fair::open();
    let ready = fair.get("/readyz", &[]).await;
    assert_eq!(ready.status, StatusCode::OK);
    let says = |ready: bool, database: bool, writer: bool| json!({ "ready": ready, "database": database, "writer": writer, "read_only": false });
    assert_eq!(ready.json(), says(true, true, true));
    fair.app.shutdown().await;
    let stopped = fair.get("/readyz", &[]).await;
    assert_eq!(stopped.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(stopped.json(), says(false, true, false));
    fair.place.write("DROP TABLE directory");
    assert_eq!(fair.get("/readyz", &[]).await.json(), says(false, false, false));
    // It runs all the same.
    assert_eq!(fair.get("/healthz", &[]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_widgets_files_are_served_for_good_and_latest_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let version = folder.path().join(env!("CARGO_PKG_VERSION"));
    std::fs::create_dir(&version).unwrap();
    std::fs::write(version.join("funfair.js"), "export {};").unwrap();
    for (name, text) in [("funfair.wasm", "\0asm"), ("funfair.js.map", "{}"), ("funfair.d.ts", "")]
    {
        std::fs::write(version.join(name), text).unwrap();
    }
    let latest = folder.path().join("latest");
    std::fs::create_dir(&latest).unwrap();
    std::fs::write(latest.join("funfair.js"), "export * from '../1/funfair.js';").unwrap();
    let fair = Fair::configured(Config { dist: folder.path().into(), ..Config::default() });
    for (name, media) in [
        ("funfair.js", "text/javascript; charset=utf-8"),
        ("funfair.wasm", "application/wasm"),
        ("funfair.js.map", "application/json"),
        ("funfair.d.ts", "text/plain; charset=utf-8"),
    ] {
        let pinned = format!("/funfair/{}/{name}", env!("CARGO_PKG_VERSION"));
        let file = fair.get(&pinned, &[]).await;
        assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(file.header("content-type"), media);
        // A page of another origin may load it, whatever that page demands of what it loads.
        assert_eq!(file.header("access-control-allow-origin"), "*");
        assert_eq!(file.header("cross-origin-resource-policy"), "cross-origin");
        assert_eq!(file.header("x-content-type-options"), "nosniff");
    }
    let latest = fair.get("/funfair/latest/funfair.js", &[]).await;
    assert_eq!(latest.header("cache-control"), "public, max-age=300");
    assert_eq!(latest.header("access-control-allow-origin"), "*");
    assert_eq!(latest.text(), "export * from '../1/funfair.js';");
    for path in ["/funfair/latest/none.js", "/funfair/../funfair.db", "/funfair/%2e%2e/funfair.db"]
    {
        fair.get(path, &[]).await.is_problem("route_unknown");
    }
}
