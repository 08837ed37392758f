//! What a page may do in the widgets' place: carry their requests, ask the shopper to agree.

use crate::shop::Shop;
use funfair_tests::{Key, Token, browser::Looks, header, run, until};
use serde_json::{Value, json};
use std::fs;

const STILL: Looks = Looks { reduced_motion: true, dark: false };

/// A page with one element and a module script, and the store's key of the suite's own.
async fn page(element: &str, script: &str) -> (Shop, Key) {
    let shop = Shop::open(STILL).await;
    let key = Key::es256("of-the-suite", 5);
    shop.demo.program().add_key("acme", &key).expect("a second key of the store");
    let html = format!(
        "<!doctype html><html lang=\"en\"><title>Host</title><main>{element}</main>
        <script type=\"module\">
        import {{ configure }} from '/funfair/{}/funfair.js';
        window.token = '{}';
        {script}
        </script></html>",
        env!("CARGO_PKG_VERSION"),
        Token::new("acme", "ann").sign(&key),
    );
    shop.proxy.page("/host", html);
    (shop, key)
}

#[tokio::test]
async fn a_transport_of_the_pages_own_carries_every_request() {
    // `api` leads nowhere, so what goes past the transport is lost.
    let script = "configure('acme', {
        getToken: async () => window.token,
        async transport({ method, path, headers, body }) {
            (window.carried ||= []).push(method + ' ' + path.split('/').pop());
            const answer = await fetch(path, { method, headers, body });
            return { status: answer.status, body: await answer.text() };
        },
    });";
    let wheel = "<funfair-spin-wheel store=\"acme\" activity=\"double11\" channel=\"web\" \
                 api=\"https://nowhere.invalid\"></funfair-spin-wheel>";
    let (shop, _) = page(wheel, script).await;
    shop.visit("/host").await;
    shop.wheel().is("ready").await;
    shop.wheel().click().await;
    shop.shows(shop.wheel(), &shop.only_receipt("double11").await).await;
    let carried = shop.browser.run("return window.carried", vec![]).await;
    let carried: Vec<String> = serde_json::from_value(carried).expect("a list");
    for request in ["GET double11", "GET me", "POST plays"] {
        assert!(carried.iter().any(|one| one == request), "{request}: {carried:?}");
    }
    let exchanges = shop.proxy.exchanges();
    assert_eq!(exchanges.len(), carried.len(), "{carried:?}");
    let play = exchanges.iter().find(|one| one.method == "POST").expect("a play");
    assert_eq!(header(&play.headers, "funfair-channel"), Some("web"));
    assert!(header(&play.headers, "idempotency-key").is_some());
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn what_has_to_be_agreed_to_is_asked_by_the_page() {
    let script = "document.addEventListener('funfair-consent-required', (event) => {
            window.event = event.detail;
        });
        configure('acme', {
            getToken: async () => window.token,
            ask: (what, asked) => { window.asked = [what, asked]; return true; },
        });";
    let calendar = "<funfair-sign-in-calendar store=\"acme\" activity=\"agreed\">\
                    </funfair-sign-in-calendar>";
    let (shop, key) = page(calendar, script).await;
    let consent = "[consent]\nid = \"privacy-2026\"\n\
                   label = { en = \"How we use your data\", zh-CN = \"个人信息使用说明\" }\n";
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!("{}\n{consent}", include_str!("../../activities/calendar.toml"));
    fs::write(folder.path().join("agreed.toml"), text).expect("a file");
    let program = shop.demo.program();
    program.apply("acme", folder.path(), &[]).expect("a good file");
    run(&mut program.command(&["activity", "acme", "agreed", "live"])).expect("live");

    shop.visit("/host").await;
    let widget = shop.calendar();
    widget.is("barred").await;
    assert_eq!(widget.text("status").await, "How we use your data");
    shop.browser.is_accessible("something to agree to").await;
    let button = widget.element("[data-do=consent]").await;
    button.click().await.expect("a button");
    let asked = || async {
        let asked = shop.browser.run("return window.asked ?? null", vec![]).await;
        (asked != Value::Null).then_some(asked)
    };
    let detail = json!({ "store": "acme", "activity": "agreed", "consent": "privacy-2026" });
    assert_eq!(until("the page's question", asked).await, json!(["consent", detail]));
    assert_eq!(shop.browser.run("return window.event", vec![]).await, detail);

    let agreed = Token::new("acme", "ann").claim("consents", json!(["privacy-2026"])).sign(&key);
    let refresh = "window.token = arguments[0];
        document.querySelector('funfair-sign-in-calendar').refresh()";
    shop.browser.run(refresh, vec![agreed.into()]).await;
    widget.is("ready").await;
    widget.click().await;
    shop.only_receipt("agreed").await;
    shop.keeps_the_contract().await;
}
