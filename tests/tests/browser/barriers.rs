//! What stands between a shopper and a play, on a real page: said, unlocked, hidden, in Arabic too.

use crate::shop::{Shop, counted, text};
use funfair_tests::{
    Key, Shopper, Token,
    browser::{Looks, Widget},
    sign_in, until,
};
use serde_json::Value;

const STILL: Looks = Looks { reduced_motion: true, dark: false };
const FIELD: &str = "input[name=passphrase]";

/// A calendar with something in the way, before a member.
async fn calendar(shop: &Shop, name: &str) {
    shop.sign_in("Mei").await;
    shop.case("sign-in-calendar", name).await;
}

async fn typed(widget: Widget<'_>) -> Value {
    widget.ask(&format!("root.querySelector('{FIELD}').value")).await
}

/// What the page posted to unlock, in order.
fn tries(shop: &Shop) -> Vec<String> {
    let posts = shop.proxy.exchanges().into_iter().filter(|it| it.path.ends_with("/unlock"));
    posts.map(|it| String::from_utf8(it.body).expect("UTF-8")).collect()
}

#[tokio::test]
async fn a_passphrase_is_typed_refused_typed_again_and_opens() {
    let shop = Shop::open(STILL).await;
    calendar(&shop, "gated-calendar").await;
    let widget = shop.calendar();
    widget.is("barred").await;
    assert_eq!(widget.text("status").await, "Said tonight");
    assert_eq!(widget.control(FIELD).await.name, text("kit.passphrase"));
    assert!(!widget.control("[part~=button]").await.enabled);
    shop.browser.is_accessible("a passphrase").await;

    let field = widget.element(FIELD).await;
    field.send_keys("shut tea").await.expect("a field");
    // What others change meanwhile neither overwrites what was typed nor takes the focus.
    let asked = shop.proxy.exchanges().len();
    widget.ask("host.refresh()").await;
    until("another reading", || async { (shop.proxy.exchanges().len() > asked).then_some(()) })
        .await;
    widget.is("barred").await;
    assert_eq!(typed(widget).await, "shut tea");
    assert!(widget.has_focus(FIELD).await);

    // Enter sends the form as its button does.
    field.send_keys("\u{e007}").await.expect("a field");
    let wrong = counted("kit.wrong", 4);
    widget.text_that("status", |said| said == wrong).await;
    assert_eq!(typed(widget).await, "shut tea");
    field.clear().await.expect("a field");
    field.send_keys("OPEN tea").await.expect("a field");
    let open = widget.element("form [type=submit]").await;
    open.click().await.expect("a button");
    widget.is("ready").await;
    assert_eq!(tries(&shop), [r#"{"passphrase":"shut tea"}"#, r#"{"passphrase":"OPEN tea"}"#]);
    widget.click().await;
    widget.is("result").await;
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn a_form_presses_with_the_values_of_its_fields_and_twins_stay_equal() {
    let shop = Shop::open(STILL).await;
    calendar(&shop, "gated-calendar").await;
    let widget = shop.calendar();
    widget.is("barred").await;
    // A form of every field there is, beside the widget's own and heard as that is.
    let form = "(() => { const form = document.createElement('form');
        form.dataset.do = 'unlock';
        form.innerHTML = `<input name=price type=number value=5><input data-twin=price type=range max=99>
            <input type=radio name=way value=sea><input type=radio name=way value=air checked>
            <input type=checkbox name=gift value=yes><input type=checkbox name=card value=on checked>
            <textarea name=note>a\\u0001b</textarea><button type=submit>Go</button>`;
        root.querySelector('.stage').append(form);
        const [price, slider] = form.elements;
        slider.value = '40';
        slider.dispatchEvent(new Event('input', { bubbles: true }));
        const first = price.value;
        price.value = '41';
        price.dispatchEvent(new Event('input', { bubbles: true }));
        const second = slider.value;
        form.querySelector('button').click();
        return [first, second]; })()";
    assert_eq!(widget.ask(form).await, serde_json::json!(["40", "41"]));
    let sent = || async { tries(&shop).first().cloned() };
    let body: Value = serde_json::from_str(&until("a form", sent).await).expect("JSON");
    assert_eq!(body["passphrase"], "41\u{1}air\u{1}on\u{1}ab");
}

#[tokio::test]
async fn an_activity_for_others_says_for_whom_and_a_hidden_one_shows_nothing() {
    let shop = Shop::open(STILL).await;
    calendar(&shop, "vips-calendar").await;
    let widget = shop.calendar();
    widget.is("barred").await;
    assert_eq!(widget.text("status").await, "For gold members");
    shop.browser.is_accessible("for others").await;

    shop.case("sign-in-calendar", "hidden-calendar").await;
    widget.is("hidden").await;
    assert_eq!(widget.shown().await, "");
    assert_eq!(widget.ask("host.offsetHeight").await, 0);
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn a_time_of_play_that_is_gone_counts_down_to_the_next() {
    let shop = Shop::open(STILL).await;
    calendar(&shop, "rush-calendar").await;
    let widget = shop.calendar();
    widget.is("ready").await;
    // The only play goes elsewhere, after the page has read it.
    let key = Key::es256("of-the-suite", 5);
    shop.demo.program().add_key("acme", &key).expect("a second key of the store");
    let token = Token::new("acme", "somebody").sign(&key);
    let other = Shopper { token, ..shop.shopper("rush-calendar").await };
    // Another process added the key: the server sees it within a fraction of a second.
    let known = || async { (other.get("/me").await.status == 200).then_some(()) };
    until("a server that knows the key", known).await;
    other.plays(sign_in()).await;
    widget.click().await;
    widget.is("barred").await;
    assert_eq!(widget.text("status").await, text("kit.gone"));
    assert_eq!(widget.control("[role=timer]").await.role, "timer");
    shop.browser.is_accessible("gone").await;
    assert_eq!(shop.kept().await, [""; 0]);
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn an_arabic_page_runs_from_the_right_and_is_accessible() {
    let shop = Shop::open(STILL).await;
    shop.sign_in("Mei").await;
    for (slug, activity) in [("sign-in-calendar", "calendar"), ("spin-wheel", "single")] {
        shop.case_in("ar-SA", slug, activity).await;
        let widget = shop.browser.widget(slug);
        widget.is("ready").await;
        let way = "getComputedStyle(root.querySelector('.funfair')).direction";
        assert_eq!(widget.ask(way).await, "rtl");
        assert_eq!(widget.ask("root.querySelector('[data-state]').lang").await, "ar");
        let title = widget.ask("root.querySelector('.title').getBoundingClientRect().right").await;
        let edge = widget.ask("root.querySelector('.scene').getBoundingClientRect().right").await;
        let gap = edge.as_f64().expect("an edge") - title.as_f64().expect("an edge");
        assert!(gap < 30.0, "the title begins {gap} px from the right");
        let wide =
            widget.ask("root.querySelector('.funfair').scrollWidth - host.offsetWidth").await;
        assert!(wide.as_f64().is_some_and(|more| more <= 0.0), "{wide} px too wide");
        shop.browser.is_accessible("ar").await;
    }
    for (page, spoken) in [("zh-HK", "zh-TW"), ("ja-JP", "ja"), ("ko-KR", "ko"), ("fr", "en")] {
        shop.case_in(page, "spin-wheel", "single").await;
        shop.wheel().is("ready").await;
        assert_eq!(shop.wheel().ask("root.querySelector('[data-state]').lang").await, spoken);
    }
}
