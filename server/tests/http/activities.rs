use super::place::aside;
use super::{Fair, WHEEL, live};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use funfair_host_api::ActivityState;

const PATH: &str = "/v1/stores/acme/activities/wheel";

#[tokio::test]
async fn the_public_activity_is_cacheable_by_its_etag() {
    let fair = Fair::open();
    let first = fair.get(PATH, &[]).await;
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(first.header("cache-control"), "public, max-age=5");
    let etag = first.header("etag");
    for known in [etag.to_owned(), format!("\"other\", W/{etag}"), "*".into()] {
        let again = fair.get(PATH, &[("if-none-match", &known)]).await;
        assert_eq!((again.status, again.body.len()), (StatusCode::NOT_MODIFIED, 0), "{known}");
        assert_eq!(again.header("etag"), etag);
    }
    fair.apply("wheel", &WHEEL.replace("en = \"Wheel\"", "en = \"The wheel\""));
    let changed = fair.get(PATH, &[("if-none-match", etag)]).await;
    assert_eq!(changed.status, StatusCode::OK);
    assert_eq!(changed.json()["title"]["en"], "The wheel");
}

#[tokio::test]
async fn a_change_by_another_process_is_seen_within_a_second() {
    let fair = Fair::open();
    assert_eq!(fair.get(PATH, &[]).await.json()["state"], "live");
    aside(|| {
        let other = fair.place.open();
        let admin = funfair_server::Admin::new(&*other, None);
        admin.set_state("acme", "wheel", ActivityState::Paused).unwrap();
    });
    // The play is not answered from memory, even in the first moment.
    let token = fair.token("ann");
    let body = fair.body(&token).await;
    fair.play(&token, "key-of-16-letters", &body).await.is_problem("activity_not_open");
    assert_eq!(fair.get(PATH, &[]).await.json()["state"], "paused");
}

#[tokio::test]
async fn a_draft_is_seen_with_test_tokens_only_and_spends_nothing() {
    let fair = Fair::open();
    fair.apply("soon", WHEEL);
    let (path, me) = ("/v1/stores/acme/activities/soon", "/v1/stores/acme/activities/soon/me");
    let test = fair.ask_admin(|admin| admin.token("acme", "ann", true)).unwrap();
    fair.get(path, &[]).await.is_problem("activity_unknown");
    fair.get_as(&fair.token("ann"), path).await.is_problem("activity_unknown");
    fair.get_as(&fair.token("ann"), me).await.is_problem("activity_unknown");
    let seen = fair.get_as(&test, path).await;
    assert_eq!(seen.json()["state"], "draft");
    assert_eq!(seen.header("cache-control"), "private, no-store");
    let listed = fair.get("/v1/stores/acme/activities", &[]).await.json();
    assert_eq!(listed.as_array().unwrap().len(), 1);

    // A test token plays a live activity in rehearsal too.
    fair.plays(&test, "key-of-16-letters").await;
    let wallet = "/v1/stores/acme/wallet";
    assert_ne!(fair.get_as(&test, wallet).await.json()["balance"], 0);
    assert_eq!(fair.get_as(&fair.token("ann"), wallet).await.json()["balance"], 0);
}

#[tokio::test]
async fn listed_origins_may_ask_and_no_others() {
    let fair = Fair::open();
    fair.ask_admin(|admin| admin.allow_origin("acme", "https://shop.example", true)).unwrap();
    let preflight = |origin: &'static str| {
        let request = Request::builder().method("OPTIONS").uri(format!("{PATH}/plays"));
        let request =
            request.header("origin", origin).header("access-control-request-method", "POST");
        fair.ask(request.body(Body::empty()).unwrap())
    };
    let allowed = preflight("https://shop.example").await;
    assert_eq!(allowed.status, StatusCode::NO_CONTENT);
    assert_eq!(allowed.header("access-control-allow-origin"), "https://shop.example");
    assert_eq!(allowed.header("access-control-max-age"), "7200");
    assert_eq!(allowed.header("access-control-allow-credentials"), "");
    for other in ["https://evil.example", "https://shop.example.evil.example", "null"] {
        let refused = preflight(other).await;
        assert_eq!(refused.header("access-control-allow-origin"), "", "{other}");
    }
    let read = fair.get(PATH, &[("origin", "https://shop.example")]).await;
    assert_eq!(read.header("access-control-allow-origin"), "https://shop.example");
    assert_eq!(read.header("vary"), "Origin");
    let own = fair.get(PATH, &[]).await;
    assert_eq!((own.header("access-control-allow-origin"), own.header("vary")), ("", "Origin"));
}

#[tokio::test]
async fn a_closed_activity_publishes_its_key_and_never_reopens() {
    let fair = Fair::open();
    assert!(fair.get(PATH, &[]).await.json()["key"].is_null());
    fair.ask_admin(|admin| admin.set_state("acme", "wheel", ActivityState::Closed)).unwrap();
    let closed = fair.get(PATH, &[]).await.json();
    assert_eq!(closed["key"].as_str().unwrap().len(), 64);
    let reopened = fair.ask_admin(|admin| admin.set_state("acme", "wheel", live()));
    let error = reopened.err().unwrap();
    assert!(error.to_string().contains("apply a new one"), "{error}");
    let files = fair.place.path().join("activities");
    std::fs::write(files.join("wheel.toml"), WHEEL.replace("2036", "2037")).unwrap();
    let applied = fair.ask_admin(|admin| admin.apply_folder("acme", &files, false));
    let error = applied.unwrap_err().to_string();
    assert!(error.contains("wheel.toml: state: the activity is over"), "{error}");
}

#[tokio::test]
async fn rules_are_frozen_by_the_start_and_texts_are_not() {
    let fair = Fair::open();
    let files = fair.place.path().join("activities");
    for (from, to, says) in [
        (
            "weight = 1\n",
            "weight = 4\n",
            "rules.prizes[2].weight: it cannot change after the start",
        ),
        ("2036-01-01", "2035-01-01", "closes_at"),
    ] {
        std::fs::write(files.join("wheel.toml"), WHEEL.replacen(from, to, 1)).unwrap();
        let error = fair
            .ask_admin(|admin| admin.apply_folder("acme", &files, false))
            .unwrap_err()
            .to_string();
        assert!(error.contains(says), "{error}");
    }
    let later = WHEEL.replace("2036", "2037");
    fair.apply("wheel", &later.replace("For the tests.", "Longer."));
    assert_eq!(fair.get(PATH, &[]).await.json()["terms"]["en"], "Longer.");
}
