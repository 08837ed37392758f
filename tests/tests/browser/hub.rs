//! The hub on a real page: what is open, what comes next, and the way there.

use crate::{
    panels::{page, tab_to, text},
    shop::Shop,
};
use funfair_tests::{
    Fault,
    browser::{Looks, Widget},
    sign_in, until,
};
use serde_json::Value;
use thirtyfour::Key;

const LIGHT: Looks = Looks { reduced_motion: true, dark: false };
const DARK: Looks = Looks { reduced_motion: true, dark: true };

fn hub(shop: &Shop) -> Widget<'_> {
    shop.browser.widget("hub")
}

/// The cards in their order: activity, when, words, address.
async fn cards(shop: &Shop) -> Vec<[String; 4]> {
    let script = "[...root.querySelectorAll('[part=card]')].map(card => [
        card.querySelector('a').dataset.activity, card.dataset.when,
        card.querySelector('.when').innerText, card.querySelector('a').getAttribute('href')])";
    serde_json::from_value(hub(shop).ask(script).await).expect("cards")
}

async fn words_of(shop: &Shop, activity: &str) -> String {
    let cards = cards(shop).await;
    let card = cards.iter().find(|card| card[0] == activity);
    card.unwrap_or_else(|| panic!("no {activity} in {cards:?}"))[2].clone()
}

#[tokio::test]
async fn a_visitor_sees_what_is_open_first_and_no_draft() {
    let shop = Shop::open(LIGHT).await;
    page(&shop, "hub", "en").await;
    hub(&shop).is("ready").await;
    let cards = cards(&shop).await;
    let at = |id: &str| cards.iter().position(|card| card[0] == id).expect(id);
    assert!(at("wheel") < at("soon-wheel"), "{cards:?}");
    assert!(at("soon-wheel") < at("over-wheel"), "{cards:?}");
    assert!(!cards.iter().any(|card| card[0].starts_with("draft")), "{cards:?}");
    assert_eq!(words_of(&shop, "wheel").await, text("hub.open"));
    assert_eq!(words_of(&shop, "over-wheel").await, text("hub.over"));
    assert_eq!(words_of(&shop, "paused-wheel").await, text("hub.paused"));
    let early = text("hub.early").replace("{time}", "");
    assert!(words_of(&shop, "soon-wheel").await.starts_with(early.trim()));
    assert_eq!(cards[at("wheel")][3], "/activities/wheel?lang=en");
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn a_member_who_is_done_for_today_is_told_when_to_come_again() {
    let shop = Shop::open(LIGHT).await;
    shop.sign_in("Mei").await;
    page(&shop, "hub", "en").await;
    hub(&shop).is("ready").await;
    assert_eq!(words_of(&shop, "calendar").await, text("hub.open"));
    shop.shopper("calendar").await.plays(sign_in()).await;
    shop.browser.run("window.dispatchEvent(new Event('online'))", vec![]).await;
    let again = text("hub.again");
    let (before, _) = again.split_once('{').expect("a time");
    let told = || async { words_of(&shop, "calendar").await.starts_with(before).then_some(()) };
    until("the words for tomorrow", told).await;
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn the_keyboard_follows_a_card_to_its_activity() {
    let shop = Shop::open(LIGHT).await;
    page(&shop, "hub", "en").await;
    hub(&shop).is("ready").await;
    let first = cards(&shop).await.remove(0);
    shop.proxy.page(&format!("/activities/{}", first[0]), "<title>There</title>".into());
    tab_to(&shop.browser, "hub", "a").await;
    shop.browser.press(Key::Enter).await;
    let there = || async {
        let path = shop.browser.run("return location.pathname + location.search", vec![]).await;
        (path == first[3].as_str()).then_some(())
    };
    until("the activity's page", there).await;
}

#[tokio::test]
async fn the_page_may_take_the_way_upon_itself() {
    let shop = Shop::open(LIGHT).await;
    page(&shop, "hub", "en").await;
    hub(&shop).is("ready").await;
    let listen = "document.addEventListener('funfair-navigate', event => {
        event.preventDefault(); window.went = event.detail.activity; })";
    shop.browser.run(listen, vec![]).await;
    let first = cards(&shop).await.remove(0);
    hub(&shop).element("a").await.click().await.expect("a link");
    assert_eq!(shop.browser.run("return window.went", vec![]).await, Value::from(first[0].clone()));
    let path = shop.browser.run("return location.pathname", vec![]).await;
    assert_eq!(path, "/case/hub/en");
}

#[tokio::test]
async fn a_broken_network_and_a_problem_are_said_and_pass() {
    for (fault, state) in
        [(Fault::CutRequest, "offline"), (Fault::Problem(404, "store_unknown"), "error")]
    {
        // A list that was read once is in the browser's cache.
        let shop = Shop::open(LIGHT).await;
        let broken = shop.proxy.fault("GET", "/activities", fault);
        page(&shop, "hub", "en").await;
        hub(&shop).is(state).await;
        assert_eq!(hub(&shop).text("status").await, text(&format!("hub.{state}")));
        shop.browser.is_accessible(state).await;
        broken.lift();
        hub(&shop).element("[data-do=retry]").await.click().await.expect("a button");
        hub(&shop).is("ready").await;
    }
}

#[tokio::test]
async fn a_store_without_activities_says_so() {
    let shop = Shop::open(LIGHT).await;
    shop.proxy.page("/v1/stores/acme/activities", "[]".into());
    page(&shop, "hub", "en").await;
    hub(&shop).is("empty").await;
    let said = hub(&shop).ask("root.querySelector('.blank').innerText").await;
    assert_eq!(said, text("hub.none"));
}

#[tokio::test]
async fn it_is_accessible_in_light_in_dark_and_from_right_to_left() {
    for (looks, lang) in [(LIGHT, "en"), (DARK, "zh-CN"), (LIGHT, "ar")] {
        let shop = Shop::open(looks).await;
        page(&shop, "hub", lang).await;
        hub(&shop).is("ready").await;
        shop.browser.is_accessible(&format!("{lang} {looks:?}")).await;
        let direction =
            hub(&shop).ask("getComputedStyle(root.querySelector('.panel')).direction").await;
        assert_eq!(direction, if lang == "ar" { "rtl" } else { "ltr" });
        shop.keeps_the_contract().await;
    }
}

#[tokio::test]
async fn a_store_is_configured_once_for_every_file_of_the_page() {
    let shop = Shop::open(LIGHT).await;
    let folder = format!("/funfair/{}", env!("CARGO_PKG_VERSION"));
    shop.proxy.page(
        "/case/both",
        format!(
            "<!doctype html><html lang=\"en\"><title>both</title>
            <funfair-hub store=\"acme\"></funfair-hub>
            <script type=\"module\">
            import {{ configure }} from '{folder}/funfair.js';
            configure('acme', {{ transport: async () => ({{ status: 200, body: '[]' }}) }});
            </script><script type=\"module\" src=\"{folder}/hub.js\"></script></html>"
        ),
    );
    shop.visit("/case/both").await;
    hub(&shop).is("empty").await;
    assert!(shop.proxy.exchanges().is_empty(), "all of it goes to the page's own transport");
}

#[tokio::test]
async fn it_stands_under_the_policy_of_the_stores_own_page() {
    let shop = Shop::open(LIGHT).await;
    shop.sign_in("Mei").await;
    hub(&shop).is("ready").await;
    shop.keeps_the_contract().await;
}
