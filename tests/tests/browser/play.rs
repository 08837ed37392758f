//! Playing, by every means that a shopper has.

use crate::shop::{Shop, counted, text};
use funfair_tests::{
    browser::{Browser, Looks, Widget},
    until,
};
use serde_json::json;
use thirtyfour::Key;

const STILL: Looks = Looks { reduced_motion: true, dark: false };

#[tokio::test]
async fn a_shopper_signs_in_and_spins_by_mouse() {
    let shop = Shop::open(Looks::default()).await;
    shop.sign_in("Mei").await;
    shop.wheel().is("ready").await;
    shop.wheel().click().await;
    shop.wheel().is("playing").await;
    shop.wheel().is("result").await;
    let receipt = shop.only_receipt("double11").await;
    shop.shows(shop.wheel(), &receipt).await;
    assert_eq!(shop.kept().await, [""; 0]);

    shop.calendar().is("ready").await;
    shop.calendar().click().await;
    shop.calendar().is("result").await;
    shop.shows(shop.calendar(), &shop.only_receipt("signin").await).await;
    shop.keeps_the_contract().await;
}

/// Presses Tab until the focus is on the element that `css` names.
async fn tab_to(browser: &Browser, widget: Widget<'_>, css: &str) {
    for _ in 0..80 {
        if widget.has_focus(css).await {
            return;
        }
        browser.press(Key::Tab).await;
    }
    panic!("the keyboard does not reach {css}");
}

#[tokio::test]
async fn a_shopper_signs_in_and_spins_by_keyboard_alone() {
    let shop = Shop::open(Looks::default()).await;
    shop.visit("/?lang=en").await;
    let named = || async {
        shop.browser.press(Key::Tab).await;
        let id = shop.browser.run("return document.activeElement.id", vec![]).await;
        (id == "name").then_some(())
    };
    until("the focus on the name's field", named).await;
    shop.browser.press("Jun").await;
    shop.browser.press(Key::Enter).await;
    shop.wheel().is("ready").await;

    tab_to(&shop.browser, shop.wheel(), "[part~=button]").await;
    shop.browser.press(Key::Space).await;
    shop.wheel().is("result").await;
    shop.shows(shop.wheel(), &shop.only_receipt("double11").await).await;
    assert!(shop.wheel().has_focus("[role=dialog]").await, "the focus goes into the sheet");
    shop.browser.press(Key::Escape).await;
    shop.wheel().is("ready").await;
    assert!(shop.wheel().has_focus("[part~=button]").await, "and back to where it was");

    tab_to(&shop.browser, shop.calendar(), "[part~=button]").await;
    shop.browser.press(Key::Enter).await;
    shop.calendar().is("result").await;
    shop.shows(shop.calendar(), &shop.only_receipt("signin").await).await;
    shop.keeps_the_contract().await;
}

/// Counts the motions that begin from here on.
const COUNT_MOTIONS: &str = "window.motions = 0;
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (...how) { window.motions++; return animate.apply(this, how); };";

#[tokio::test]
async fn reduced_motion_shows_the_result_without_a_motion() {
    for reduced_motion in [true, false] {
        let shop = Shop::open(Looks { reduced_motion, dark: false }).await;
        shop.sign_in("Mei").await;
        shop.wheel().is("ready").await;
        shop.browser.run(COUNT_MOTIONS, vec![]).await;
        shop.wheel().click().await;
        shop.shows(shop.wheel(), &shop.only_receipt("double11").await).await;
        let motions = shop.browser.run("return window.motions", vec![]).await;
        assert_eq!(motions == 0, reduced_motion, "{motions} motions");
    }
}

#[tokio::test]
async fn the_page_answers_in_chinese_first() {
    let shop = Shop::open(STILL).await;
    shop.sign_in("小满").await;
    shop.visit("/").await;
    shop.wheel().is("ready").await;
    shop.wheel().click().await;
    shop.wheel().is("result").await;
    let receipt = shop.only_receipt("double11").await;
    let label = receipt["outcome"]["label"]["zh-CN"].as_str().expect("a Chinese label");
    shop.wheel().text_that("status", |text| text.contains(label)).await;
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn the_wheel_stops_where_the_receipt_says() {
    let shop = Shop::open(Looks::default()).await;
    shop.sign_in("Mei").await;
    shop.wheel().is("ready").await;
    shop.wheel().click().await;
    shop.wheel().is("result").await;
    let receipt = shop.only_receipt("double11").await;
    let prize = receipt["outcome"]["prize"].as_str().expect("a prize");
    let public = shop.demo.api().activity("acme", "double11").await;
    let odds = public["odds"].as_array().expect("odds");
    let at = odds.iter().position(|odds| odds["prize"] == prize).expect("a published prize");
    let script = "(() => {
        const turned = node => { const m = node.getCTM ? node.getScreenCTM() : null;
            return Math.round(Math.atan2(m.b, m.a) * 180 / Math.PI + 360) % 360; };
        const sectors = [...root.querySelectorAll('.sector')].map(node => node.parentNode);
        return sectors.map(turned); })()";
    let angles: Vec<u64> = serde_json::from_value(shop.wheel().ask(script).await).expect("angles");
    assert_eq!(angles.len(), odds.len());
    assert!(angles[at] <= 1 || angles[at] >= 359, "sector {at} of {angles:?} is under the pointer");
}

#[tokio::test]
async fn markup_in_a_merchants_words_stays_text() {
    let shop = Shop::open(STILL).await;
    shop.sign_in("Eve").await;
    shop.case("spin-wheel", "markup").await;
    shop.wheel().is("ready").await;
    shop.wheel().click().await;
    shop.wheel().is("result").await;
    shop.shows(shop.wheel(), &shop.only_receipt("markup").await).await;
    let title = shop.wheel().text("title").await;
    assert_eq!(title, "<img src=x onerror='window.pwned=1'>");
    let made = shop.wheel().ask("root.querySelectorAll('img, script, iframe').length").await;
    assert_eq!(
        (made, shop.browser.run("return window.pwned", vec![]).await),
        (json!(0), json!(null))
    );
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn an_activity_changed_under_the_page_is_shown_anew_and_nothing_is_charged() {
    let shop = Shop::open(STILL).await;
    shop.sign_in("Mei").await;
    shop.case("spin-wheel", "single").await;
    shop.wheel().is("ready").await;
    shop.demo.revise("single", "en = \"Wheel\"", "en = \"New wheel\"").await;
    shop.wheel().click().await;
    shop.wheel().text_that("status", |said| said == text("kit.changed")).await;
    assert_eq!(shop.wheel().text("title").await, "New wheel");
    assert_eq!(shop.ledger().count("play"), 0);
    assert_eq!(shop.kept().await, [""; 0]);
    shop.browser.is_accessible("changed").await;

    let ok = shop.wheel().element(".note button").await;
    ok.click().await.expect("a button");
    shop.wheel().click().await;
    shop.shows(shop.wheel(), &shop.only_receipt("single").await).await;
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn a_missed_day_is_made_up_after_a_question_that_names_its_price() {
    let mut shop = Shop::open(STILL).await;
    shop.sign_in("Mei").await;
    let mei = shop.shopper("calendar").await;
    let reply = mei.plays(funfair_tests::sign_in()).await;
    let month = reply["me"]["view"]["month"].as_str().expect("a month");
    shop.demo.restart_as_if_begun_on("calendar", month).await;
    let missed = mei.me().await["view"]["make_up"]["days"].take();
    shop.case("sign-in-calendar", "calendar").await;
    shop.calendar().is("ready").await;
    let offered = shop.calendar().ask("root.querySelectorAll('td button').length").await;
    assert_eq!(offered, missed.as_array().map_or(0, Vec::len));
    // On the first of a month there is no day of it to make up.
    let Some(day) = missed.as_array().and_then(|days| days.last()) else { return };

    assert_eq!(shop.calendar().control("td button").await.role, "button");
    tab_to(&shop.browser, shop.calendar(), "td button").await;
    shop.browser.press(Key::Enter).await;
    let sheet = shop.calendar().control("[role=dialog]").await;
    assert_eq!(sheet.role, "dialog");
    shop.browser.is_accessible("asking").await;
    let price = counted("kit.points", 5);
    let verb = text("sign-in-calendar.ask-verb").replace("{cost}", &price);
    assert_eq!(shop.calendar().control("[role=dialog] .main").await.name, verb);
    assert_eq!(shop.ledger().receipts("calendar").len(), 1, "a question costs nothing");

    let confirm = shop.calendar().element("[role=dialog] .main").await;
    confirm.click().await.expect("a button");
    shop.calendar().is("result").await;
    let receipts = shop.ledger().receipts("calendar");
    assert_eq!(receipts.len(), 2);
    assert_eq!(shop.calendar().receipt().await, receipts[1]["id"].as_str().expect("an id"));
    assert_eq!(receipts[1]["outcome"]["type"], "made_up");
    assert!(missed.as_array().expect("days").contains(&receipts[1]["outcome"]["day"]), "{day}");
    assert_eq!(mei.wallet().await["balance"], 0);
    shop.keeps_the_contract().await;
}
