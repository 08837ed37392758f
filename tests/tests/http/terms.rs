//! The terms of an activity, as a page.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use funfair_tests::{Exchange, Store, header, path};
use sha2::{Digest as _, Sha256};

async fn terms(store: &Store, activity: &str, query: &str) -> Exchange {
    store.api().get(&path("acme", activity, &format!("/terms{query}"))).send().await
}

#[tokio::test]
async fn the_terms_are_those_of_the_revision_in_force() {
    let store = Store::open().await;
    let public = store.api().activity("acme", "wheel").await;
    let page = terms(&store, "wheel", "?lang=en").await.expect(200);
    let media = header(&page.answer_headers, "content-type");
    assert_eq!(media, Some("text/html; charset=utf-8"));
    assert_eq!(header(&page.answer_headers, "content-language"), Some("en"));
    let html = page.text();
    for field in ["revision", "key_hash"] {
        assert!(html.contains(public[field].as_str().expect("a hash")), "{field}: {html}");
    }
    for part in ["40%", "100,000", "50 free a day", "One more for 5 points, 10 times a day"] {
        assert!(html.contains(part), "{part}: {html}");
    }
    store.revise("wheel", "For members.", "For all members.").await;
    let revised = terms(&store, "wheel", "?lang=en").await.expect(200);
    assert!(revised.text().contains("For all members."), "{}", revised.text());
    let over = terms(&store, "over-wheel", "?lang=en").await.expect(200).text();
    let key = store.api().activity("acme", "over-wheel").await["key"].take();
    assert!(over.contains(key.as_str().expect("a published key")), "{over}");
}

#[tokio::test]
async fn the_page_runs_nothing_and_has_its_own_style_alone() {
    let store = Store::open().await;
    let page = terms(&store, "wheel", "").await.expect(200);
    let html = page.text();
    let style = html.split("<style>").nth(1).and_then(|rest| rest.split("</style>").next());
    let hash = STANDARD.encode(Sha256::digest(style.expect("a style")));
    let policy = header(&page.answer_headers, "content-security-policy").expect("a policy");
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    assert!(policy.contains(&format!("style-src 'sha256-{hash}'")), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "{policy}");
    for markup in ["<script", " style=", " onclick", "javascript:", "http://", "https://"] {
        assert!(!html.contains(markup), "{markup}");
    }
    assert_eq!(header(&page.answer_headers, "x-content-type-options"), Some("nosniff"));
}

#[tokio::test]
async fn markup_in_a_merchants_words_is_text_in_the_terms() {
    let store = Store::open().await;
    for lang in ["en", "zh-CN", "zh-TW", "ar", "ja", "ko"] {
        let page = terms(&store, "markup", &format!("?lang={lang}")).await.expect(200);
        let html = page.text();
        for markup in ["<img", "<script", "<iframe", "<b ", "onerror='"] {
            assert!(!html.contains(markup), "{lang}: {markup}");
        }
    }
    let html = terms(&store, "markup", "?lang=en").await.text();
    assert!(html.contains("&lt;img src=x onerror="), "it is shown as it stands: {html}");
}

#[tokio::test]
async fn the_page_speaks_six_languages_and_one_from_right_to_left() {
    let store = Store::open().await;
    for (lang, dir, word) in [
        ("en", "ltr", "Prizes and odds"),
        ("zh-CN", "ltr", "奖品与概率"),
        ("zh-TW", "ltr", "獎品與機率"),
        ("ar", "rtl", "الجوائز والاحتمالات"),
        ("ja", "ltr", "賞品と当選確率"),
        ("ko", "ltr", "경품과 당첨 확률"),
    ] {
        let html = terms(&store, "wheel", &format!("?lang={lang}")).await.expect(200).text();
        assert!(html.contains(&format!("<html lang=\"{lang}\" dir=\"{dir}\">")), "{html}");
        assert!(html.contains(word), "{html}");
    }
    let path = path("acme", "wheel", "/terms");
    let accepted = store.api().get(&path).header("accept-language", "zh-HK,en;q=0.5").send().await;
    assert_eq!(header(&accepted.answer_headers, "content-language"), Some("zh-TW"));
    for query in ["?lang=", "?lang=fr", "?lang=en&x=1", "?x=1", "?lang=%3Cscript%3E"] {
        terms(&store, "wheel", query).await.expect_problem(400, "invalid_parameter");
    }
}

#[tokio::test]
async fn the_terms_are_cached_by_their_text() {
    let store = Store::open().await;
    let page = terms(&store, "wheel", "?lang=en").await.expect(200);
    let etag = header(&page.answer_headers, "etag").expect("an ETag").to_owned();
    let call = |lang: &str| {
        store
            .api()
            .get(&path("acme", "wheel", &format!("/terms?lang={lang}")))
            .header("if-none-match", &etag)
    };
    assert!(call("en").send().await.expect(304).answer.is_empty());
    call("ar").send().await.expect(200);
    let vary = page
        .answer_headers
        .iter()
        .any(|(name, value)| name == "vary" && value == "Accept-Language");
    assert!(vary, "{:?}", page.answer_headers);
}

#[tokio::test]
async fn a_draft_has_no_terms_yet() {
    let store = Store::open().await;
    for activity in ["draft-wheel", "nothing"] {
        terms(&store, activity, "").await.expect_problem(404, "activity_unknown");
    }
}
