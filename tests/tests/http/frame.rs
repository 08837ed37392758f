//! The page in a frame, as its headers and its text say who may show it and what it runs.

use funfair_tests::{Exchange, Store, header, path, run, until};

const SHOP: &str = "https://shop.example";

async fn frame(store: &Store, activity: &str, query: &str) -> Exchange {
    store.api().get(&path("acme", activity, &format!("/frame{query}"))).send().await
}

/// A server whose store lists one origin.
async fn open() -> Store {
    let store = Store::open().await;
    let add = ["store", "origin", "acme", "add", SHOP];
    run(&mut store.program().command(&add)).expect("an origin");
    let query = format!("?origin={SHOP}");
    let listed = || async { (frame(&store, "wheel", &query).await.status == 200).then_some(()) };
    until("the origin", listed).await;
    store
}

#[tokio::test]
async fn a_frame_is_written_for_one_origin_and_runs_nothing_but_the_widgets_own_files() {
    let store = open().await;
    let query = format!("?origin={SHOP}&lang=zh-CN&theme=double-11&scheme=dark&funfair=wheel.abc");
    let page = frame(&store, "wheel", &query).await.expect(200);
    let policy = header(&page.answer_headers, "content-security-policy").expect("a policy");
    for part in [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "form-action 'none'",
        "frame-ancestors https://shop.example",
        "trusted-types 'none'",
    ] {
        assert!(policy.split("; ").any(|one| one == part), "{part} in {policy}");
    }
    let html = page.text();
    let element =
        "<funfair-spin-wheel store=\"acme\" activity=\"wheel\" lang=\"zh-CN\" theme=\"double-11\">";
    assert!(html.contains(element), "{html}");
    assert!(html.contains("name=\"color-scheme\" content=\"dark\""), "{html}");
    let version = env!("CARGO_PKG_VERSION");
    let scripts: Vec<_> = html.match_indices("<script").map(|(at, _)| &html[at..]).collect();
    assert_eq!(scripts.len(), 2, "{html}");
    for (script, name) in scripts.iter().zip(["frame.page", "spin-wheel"]) {
        let tag = format!("<script type=\"module\" src=\"/funfair/{version}/{name}.js\"></script>");
        assert!(script.starts_with(&tag), "{script}");
    }
}

#[tokio::test]
async fn a_frame_for_an_origin_that_is_not_listed_is_refused_and_shown_by_nobody() {
    let store = open().await;
    for query in [
        "",
        "?origin=https://evil.example",
        "?origin=null",
        "?origin=*",
        "?origin=https://shop.example/",
        "?origin=https://shop.example%20https://evil.example",
        "?origin=https://shop.example&origin=https://evil.example",
        "?origin=https://shop.example&lang=%22%3E%3Cscript%3E",
        "?origin=https://shop.example&theme=a%20b",
        "?origin=https://shop.example&scheme=grey",
        "?origin=https://shop.example&more=1",
    ] {
        let refused = frame(&store, "wheel", query).await.expect_problem(400, "invalid_parameter");
        let policy = header(&refused.answer_headers, "content-security-policy");
        assert_eq!(policy, Some("default-src 'none'; frame-ancestors 'none'"), "{query}");
    }
    let query = format!("?origin={SHOP}");
    for activity in ["nothing", "draft-wheel"] {
        frame(&store, activity, &query).await.expect_problem(404, "activity_unknown");
    }
    // What a merchant wrote into a title is text.
    let page = frame(&store, "markup", &query).await.expect(200);
    assert!(!page.text().contains("<img") && page.text().matches("<script").count() == 2);
}
