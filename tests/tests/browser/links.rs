//! A link to an item: shared by whatever the page has, read from the address of the friend's page.

use crate::shop::{Shop, text};
use funfair_tests::{browser::Looks, until};
use serde_json::Value;

const STILL: Looks = Looks { reduced_motion: true, dark: false };

/// A button as a kind draws it, pressed.
const SHARE: &str = "(() => { const button = document.createElement('button');
    button.dataset.do = 'share';
    button.dataset.value = 'gift_1';
    root.querySelector('.stage').append(button);
    button.click(); })()";

/// A store that Mei has signed in to.
async fn signed_in() -> Shop {
    let shop = Shop::open(STILL).await;
    shop.sign_in("Mei").await;
    shop
}

/// Opens the single wheel with what the page has for sharing.
async fn page(shop: &Shop, script: &str, address: &str) {
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Links</title><main>
        <funfair-spin-wheel store=\"acme\" activity=\"single\" token-url=\"/shop/token\">
        </funfair-spin-wheel></main><script type=\"module\">
        import {{ configure }} from '/funfair/{}/funfair.js';
        {script}
        </script></html>",
        env!("CARGO_PKG_VERSION"),
    );
    shop.proxy.page("/links", html);
    shop.visit(address).await;
    shop.wheel().is("ready").await;
}

/// What the page put aside.
async fn told(shop: &Shop) -> Value {
    let told = || async {
        let told = shop.browser.run("return window.told || null", vec![]).await;
        (!told.is_null()).then_some(told)
    };
    until("what was shared", told).await
}

#[tokio::test]
async fn a_link_goes_to_the_clipboard_and_that_is_said() {
    let shop = signed_in().await;
    let script = "Object.defineProperty(navigator, 'share', { value: undefined });
        Object.defineProperty(navigator, 'clipboard', { value: {
            writeText: async text => { window.told = text; } } });";
    page(&shop, script, "/links?color=red#top").await;
    shop.wheel().ask(SHARE).await;
    let link = told(&shop).await;
    assert_eq!(link, shop.proxy.url("/links?color=red&funfair=single.gift_1"));
    let copied = text("kit.copied");
    shop.wheel().text_that("status", |said| said == copied).await;
}

#[tokio::test]
async fn a_link_that_cannot_be_copied_is_shown() {
    let shop = signed_in().await;
    let script = "Object.defineProperty(navigator, 'share', { value: undefined });
        Object.defineProperty(navigator, 'clipboard', { value: undefined });";
    page(&shop, script, "/links").await;
    shop.wheel().ask(SHARE).await;
    let link = shop.proxy.url("/links?funfair=single.gift_1");
    shop.wheel().text_that("status", |said| said == link).await;
}

#[tokio::test]
async fn the_host_then_the_system_are_asked_before_the_clipboard() {
    let shop = signed_in().await;
    let script = "Object.defineProperty(navigator, 'share', { value: async what => {
            window.told = { system: what.url, title: what.title }; } });";
    page(&shop, script, "/links").await;
    shop.wheel().ask(SHARE).await;
    let told_system = told(&shop).await;
    assert_eq!(told_system["system"], shop.proxy.url("/links?funfair=single.gift_1"));
    assert_eq!(told_system["title"], shop.wheel().text("title").await);

    let script = "configure('acme', { ask(what, detail) {
            window.told = [what, detail.activity, detail.item]; return true; } });";
    page(&shop, script, "/links").await;
    shop.wheel().ask(SHARE).await;
    assert_eq!(told(&shop).await, serde_json::json!(["share", "single", "gift_1"]));
}

/// The queries with which `me` was asked of the single wheel.
fn queries(shop: &Shop) -> Vec<String> {
    let asked = shop.proxy.exchanges().into_iter().filter_map(|it| {
        let (_, query) = it.path.split_once("/single/me")?;
        Some(query.to_owned())
    });
    asked.collect()
}

#[tokio::test]
async fn a_friends_page_asks_for_the_item_of_its_own_activity_only() {
    let shop = signed_in().await;
    page(&shop, "", "/links?funfair=single.gift_1").await;
    let asked = queries(&shop);
    assert_eq!(asked.last().expect("a reading"), "?item=gift_1");
    page(&shop, "", "/links?funfair=other.gift_1").await;
    let asked = queries(&shop);
    assert_eq!(asked.last().expect("a reading"), "");
    page(&shop, "", "/links?funfair=single.%3Cscript%3E").await;
    assert_eq!(queries(&shop).last().expect("a reading"), "");
    // A play that does not take it up leaves it in the address' sense: it is read again.
    page(&shop, "", "/links?funfair=single.gift_1").await;
    shop.wheel().click().await;
    shop.wheel().is("result").await;
    let again = || async {
        (queries(&shop).last().map(String::as_str) == Some("?item=gift_1")).then_some(())
    };
    until("another reading with the item", again).await;
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn the_terms_are_a_page_of_their_own_in_the_widgets_language() {
    let shop = signed_in().await;
    page(&shop, "", "/links").await;
    let terms = "/v1/stores/acme/activities/single/terms?lang=en";
    let link = "(() => { const link = root.querySelector('[part=terms]');
        return [link.href, link.target, link.rel, link.innerText]; })()";
    // A fold hides its words until it is opened.
    shop.wheel()
        .ask("root.querySelectorAll('details').forEach(fold => { fold.open = true; })")
        .await;
    let expected =
        [shop.proxy.url(terms), "_blank".into(), "noopener".into(), text("kit.full-terms")];
    assert_eq!(shop.wheel().ask(link).await, serde_json::json!(expected));
    let answer = shop.demo.api().get(terms).send().await;
    assert_eq!(answer.status, 200);
    shop.browser.is_accessible("the folds open").await;
}
