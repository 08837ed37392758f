//! The first view of an element, as a page that a server makes carries it.

use funfair_catalogue::LOCALES;
use funfair_tests::{Exchange, Store, header, path};

async fn fragment(store: &Store, activity: &str, query: &str) -> Exchange {
    store.api().get(&path("acme", activity, &format!("/fragment{query}"))).send().await
}

#[tokio::test]
async fn a_fragment_shows_the_activity_in_the_language_asked_for_and_carries_it() {
    let store = Store::open().await;
    let public = store.api().activity("acme", "wheel").await;
    for lang in LOCALES {
        let page = fragment(&store, "wheel", &format!("?lang={lang}")).await.expect(200);
        let html = page.text();
        assert!(html.starts_with("<template shadowrootmode=\"open\"><link rel=\"stylesheet\""));
        assert!(html.contains(&format!(" lang=\"{lang}\"")), "{html}");
        let title = public["title"][lang].as_str().or(public["title"]["en"].as_str());
        assert!(html.contains(title.expect("a title")), "{html}");
        let revision = public["revision"].as_str().expect("a revision");
        assert!(html.contains(&format!("&quot;revision&quot;:&quot;{revision}&quot;")), "{html}");
        let known = header(&page.answer_headers, "etag").expect("an ETag").to_owned();
        let path = path("acme", "wheel", &format!("/fragment?lang={lang}"));
        store.api().get(&path).header("if-none-match", &known).send().await.expect(304);
    }
}

#[tokio::test]
async fn a_fragment_runs_nothing_and_keeps_a_merchants_markup_as_text() {
    let store = Store::open().await;
    let page = fragment(&store, "markup", "?assets=https://cdn.example/funfair").await.expect(200);
    let html = page.text();
    assert!(html.contains("href=\"https://cdn.example/funfair/spin-wheel.css\""), "{html}");
    for markup in ["<script", "<style", "<img", "<iframe", " style=\"", "=\"javascript:"] {
        assert!(!html.contains(markup), "{markup} in {html}");
    }
    let policy = header(&page.answer_headers, "content-security-policy").expect("a policy");
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
}

#[tokio::test]
async fn a_fragment_of_something_else_says_what_to_ask_for() {
    let store = Store::open().await;
    for query in [
        "?lang=xx",
        "?language=en",
        "?scheme=grey",
        "?assets=javascript:alert(1)",
        "?assets=//evil.example",
        "?assets=/funfair/",
        "?api=data:text/html,x",
        "?api=https://a.example/%22%3E%3Cscript%3E%0A",
        "?lang=en&lang=ar",
    ] {
        fragment(&store, "wheel", query).await.expect_problem(400, "invalid_parameter");
    }
    fragment(&store, "nothing", "").await.expect_problem(404, "activity_unknown");
}
