//! The wallet on a real page: claiming, paging, checking draws, by mouse and by keyboard.

use crate::{
    panels::{TEA, page, serve, tab_to, text},
    shop::Shop,
};
use funfair_tests::{
    Fault, PATIENCE,
    browser::{Looks, Widget},
    sign_in, spin, until, within,
};
use serde_json::{Value, json};
use thirtyfour::Key;

const LIGHT: Looks = Looks { reduced_motion: true, dark: false };
const DARK: Looks = Looks { reduced_motion: true, dark: true };

/// A member who has won tea so many times, before the wallet.
async fn wallet_after(spins: usize, looks: Looks, lang: &str) -> Shop {
    let shop = Shop::open(looks).await;
    serve(&shop, "tea", TEA).await;
    shop.sign_in("Mei").await;
    let mei = shop.shopper("tea").await;
    for _ in 0..spins {
        mei.plays(spin()).await;
    }
    page(&shop, "wallet", lang).await;
    wallet(&shop).is("ready").await;
    shop
}

fn wallet(shop: &Shop) -> Widget<'_> {
    shop.browser.widget("wallet")
}

async fn click(shop: &Shop, css: &str) {
    let element = wallet(shop).element(css).await;
    element.scroll_into_view().await.expect("on the screen");
    element.click().await.unwrap_or_else(|error| panic!("{css}: {error}"));
}

/// Waits until an expression over the element's root is true, and fails with what is shown instead.
async fn waits(shop: &Shop, what: &str, expression: &str) {
    let fits = || async { (wallet(shop).ask(expression).await == true).then_some(()) };
    if within(PATIENCE, fits).await.is_none() {
        let (shown, console) = (wallet(shop).shown().await, shop.browser.console().await);
        panic!("never came: {what}; it shows:\n{shown}\nconsole:\n{console}");
    }
}

/// Waits until as many elements as that are as `css` says.
async fn counts(shop: &Shop, css: &str, count: usize) {
    let script = format!("root.querySelectorAll({}).length === {count}", json!(css));
    waits(shop, &format!("{count} of {css}"), &script).await;
}

/// Waits until the element's visible text holds these words.
async fn shows(shop: &Shop, css: &str, words: &str) {
    let (at, held) = (json!(css), json!(words));
    let script = format!("!!root.querySelector({at})?.innerText.includes({held})");
    waits(shop, &format!("{words:?} in {css}"), &script).await;
}

async fn type_into(shop: &Shop, name: &str, typed: &str) {
    let field = wallet(shop).element(&format!("input[name={name}]")).await;
    field.clear().await.expect("a field");
    field.send_keys(typed).await.expect("a field");
}

#[tokio::test]
async fn a_prize_is_claimed_with_an_address_that_was_asked_for_until_it_was_right() {
    let shop = wallet_after(1, LIGHT, "en").await;
    shows(&shop, ".prize .status", &text("wallet.status.granted.goods")).await;
    click(&shop, ".claim summary").await;
    shows(&shop, "form", &text("wallet.free-postage")).await;
    let fields = "[...root.querySelectorAll('form input')].map(it => it.autocomplete)";
    let fills = json!(["name", "tel", "address-level1", "street-address", ""]);
    assert_eq!(wallet(&shop).ask(fields).await, fills);

    // Nothing was typed: each field says what it needs, nothing is sent, the first has the focus.
    click(&shop, "form [type=submit]").await;
    counts(&shop, "[aria-invalid]", 5).await;
    assert!(wallet(&shop).has_focus("input[name=name]").await);
    assert!(!shop.proxy.exchanges().iter().any(|it| it.method == "POST"));
    shop.browser.is_accessible("an empty claim").await;

    // What only the server knows to be wrong stands at its field too.
    type_into(&shop, "name", "Mei Lin").await;
    type_into(&shop, "phone", "call me").await;
    type_into(&shop, "region", "Zhejiang, Hangzhou, Xihu").await;
    type_into(&shop, "street", "Tea Lane 8").await;
    click(&shop, "input[name=consent]").await;
    click(&shop, "form [type=submit]").await;
    counts(&shop, "[aria-invalid]", 1).await;
    assert!(wallet(&shop).has_focus("input[name=phone]").await);
    shows(&shop, ".fault", &text("wallet.field.phone.fault")).await;
    let typed = wallet(&shop).ask("root.querySelector('[name=street]').value").await;
    assert_eq!(typed, "Tea Lane 8", "what was typed stays");

    type_into(&shop, "phone", "+86 138 0013 8000").await;
    click(&shop, "form [type=submit]").await;
    shows(&shop, ".prize .status", &text("wallet.status.claimed")).await;
    shop.browser.is_accessible("a claimed prize").await;
    let held = shop.shopper("tea").await.wallet().await["rewards"][0].take();
    assert_eq!(held["status"], "claimed");
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn a_claim_that_was_lost_is_sent_again_and_claims_once() {
    let shop = wallet_after(1, LIGHT, "en").await;
    click(&shop, ".claim summary").await;
    for (name, typed) in
        [("name", "Mei"), ("phone", "13800138000"), ("region", "Hangzhou"), ("street", "Lane 8")]
    {
        type_into(&shop, name, typed).await;
    }
    click(&shop, "input[name=consent]").await;
    let lost = shop.proxy.fault("POST", "/claim", Fault::CutAnswer);
    click(&shop, "form [type=submit]").await;
    lost.hit(1).await;
    shows(&shop, ".prize .told", &text("wallet.claim-lost")).await;
    lost.lift();
    click(&shop, "form [type=submit]").await;
    shows(&shop, ".prize .status", &text("wallet.status.claimed")).await;
    shop.keeps_the_contract().await;
}

/// Opens the plays, and the newest of them.
async fn open_play(shop: &Shop) {
    click(shop, "[for=plays]").await;
    click(shop, ".play summary").await;
}

#[tokio::test]
async fn a_draw_is_computed_again_in_the_page_and_its_receipt_is_kept_whole() {
    let shop = wallet_after(1, LIGHT, "en").await;
    open_play(&shop).await;
    click(&shop, "[data-do=check]").await;
    shows(&shop, ".verdict.right", &text("wallet.proof.right")).await;
    let receipt = shop.ledger().receipts("tea").remove(0);
    let proof = &receipt["proof"];
    shows(&shop, ".proof", proof["server_seed"].as_str().expect("a seed")).await;
    shows(&shop, ".proof", proof["commitment"].as_str().expect("a commitment")).await;
    shows(&shop, ".hit", "tea").await;
    shop.browser.is_accessible("a draw that is right").await;

    shop.browser
        .run(
            "URL.createObjectURL = blob => (blob.text().then(text => window.saved = text), '#')",
            vec![],
        )
        .await;
    click(&shop, "[data-do=save]").await;
    let saved = || async {
        let text = shop.browser.run("return window.saved", vec![]).await;
        text.as_str().map(|text| serde_json::from_str::<Value>(text).expect("JSON"))
    };
    assert_eq!(until("the receipt as a file", saved).await, receipt);
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn a_receipt_that_was_tampered_with_is_found_out() {
    let shop = wallet_after(1, LIGHT, "en").await;
    let genuine = shop.ledger().receipts("tea").remove(0);
    let seed = genuine["proof"]["server_seed"].as_str().expect("a seed");
    let other_seed = format!("{}{}", if seed.starts_with('0') { '1' } else { '0' }, &seed[1..]);
    let picked = "/proof/draws/0/picked";
    for (at, value, words) in [
        (picked, json!("points"), "the receipt says points"),
        ("/proof/server_seed", json!(other_seed), "not what was promised"),
        ("/proof/client_seed", json!("another-seed"), "does not add up"),
        ("/proof/n", json!(7), "does not add up"),
        ("/outcome/prize", json!("coupon"), "does not add up"),
        ("/proof/draws/0/table/0/weight", json!("many"), "does not add up"),
    ] {
        let mut receipt = genuine.clone();
        // A draw that any seed would give proves nothing: every prize gets its share first.
        if at.starts_with("/proof/client") || at == "/proof/n" {
            let line = |at: usize| json!({ "prize": format!("p{at}"), "weight": 1 });
            let table: Vec<_> = (0..1000).map(line).collect();
            receipt["proof"]["draws"][0]["table"] = json!(table);
        }
        *receipt.pointer_mut(at).expect(at) = value;
        let history = json!({ "plays": [receipt], "next": null }).to_string();
        shop.proxy.page("/v1/stores/acme/plays", history);
        shop.browser.reload().await;
        wallet(&shop).is("ready").await;
        open_play(&shop).await;
        click(&shop, "[data-do=check]").await;
        shows(&shop, ".verdict.wrong", &text("wallet.proof.wrong")).await;
        shows(&shop, ".proof", words).await;
    }
    shop.browser.is_accessible("a draw that is wrong").await;
}

#[tokio::test]
async fn the_ledger_and_the_plays_are_read_page_by_page() {
    let shop = Shop::open(LIGHT).await;
    serve(
        &shop,
        "tea",
        &TEA.replace("weight = 60", "weight = 0")
            .replace("tier = 2\nweight = 0", "tier = 2\nweight = 60"),
    )
    .await;
    shop.sign_in("Mei").await;
    let mei = shop.shopper("tea").await;
    for _ in 0..43 {
        mei.plays(spin()).await;
    }
    page(&shop, "wallet", "en").await;
    wallet(&shop).is("ready").await;
    shows(&shop, "[part=balance]", "215").await;
    for (tab, rows, more) in [
        ("points", "[part=ledger] .rows li", "[part=ledger] .more"),
        ("plays", ".play", "[part=plays] .more"),
    ] {
        click(&shop, &format!("[for={tab}]")).await;
        for read in [20, 40] {
            counts(&shop, rows, read).await;
            click(&shop, more).await;
        }
        counts(&shop, rows, 43).await;
        counts(&shop, more, 0).await;
    }
    let ids =
        "new Set([...root.querySelectorAll('.play .code code')].map(it => it.textContent)).size";
    assert_eq!(wallet(&shop).ask(ids).await, 43, "each play once");
    // What happens meanwhile comes in front, and the pages that were read stay.
    mei.plays(spin()).await;
    shop.browser.run("window.dispatchEvent(new Event('online'))", vec![]).await;
    counts(&shop, ".play", 44).await;
    counts(&shop, "[part=ledger] .rows li", 44).await;
    shows(&shop, "[part=balance]", "220").await;
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn the_keyboard_alone_is_enough() {
    let shop = wallet_after(1, LIGHT, "en").await;
    let browser = &shop.browser;
    tab_to(browser, "wallet", "#rewards").await;
    tab_to(browser, "wallet", ".claim summary").await;
    browser.press(Key::Enter).await;
    tab_to(browser, "wallet", "input[name=name]").await;
    for typed in ["Mei", "13800138000", "Hangzhou", "Lane 8"] {
        browser.press(typed).await;
        browser.press(Key::Tab).await;
    }
    browser.press(Key::Space).await;
    browser.press(Key::Tab).await;
    browser.press(Key::Enter).await;
    shows(&shop, ".prize .status", &text("wallet.status.claimed")).await;

    browser.reload().await;
    wallet(&shop).is("ready").await;
    tab_to(browser, "wallet", "#rewards").await;
    browser.press(Key::Right).await;
    assert!(wallet(&shop).has_focus("#points:checked").await);
    browser.press(Key::Right).await;
    shows(&shop, "[part=plays]", &text("wallet.plays-intro")).await;
    tab_to(browser, "wallet", ".play summary").await;
    browser.press(Key::Space).await;
    tab_to(browser, "wallet", "[data-do=check]").await;
    browser.press(Key::Enter).await;
    shows(&shop, ".verdict.right", &text("wallet.proof.right")).await;
    assert!(wallet(&shop).has_focus("[data-do=check]").await, "the focus stays where it was");
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn a_visitor_signs_in_and_a_member_signs_out() {
    let shop = Shop::open(LIGHT).await;
    page(&shop, "wallet", "en").await;
    wallet(&shop).is("signed-out").await;
    assert_eq!(wallet(&shop).text("status").await, text("wallet.signed-out"));
    shop.browser.is_accessible("signed out").await;
    shop.browser
        .run("document.addEventListener('funfair-login-required', ({detail}) => window.asked = detail.store)", vec![])
        .await;
    wallet(&shop).click().await;
    assert_eq!(shop.browser.run("return window.asked", vec![]).await, "acme");

    shop.sign_in("Mei").await;
    page(&shop, "wallet", "en").await;
    wallet(&shop).is("empty").await;
    shop.browser.is_accessible("empty").await;
}

#[tokio::test]
async fn a_broken_network_and_a_problem_are_said_and_pass() {
    let shop = wallet_after(1, LIGHT, "en").await;
    for (fault, state) in [
        (Fault::CutRequest, "offline"),
        (Fault::Answer(502), "offline"),
        (Fault::Problem(404, "store_unknown"), "error"),
    ] {
        let broken = shop.proxy.fault("GET", "/wallet", fault);
        shop.browser.reload().await;
        wallet(&shop).is(state).await;
        assert_eq!(wallet(&shop).text("status").await, text(&format!("wallet.{state}")));
        shop.browser.is_accessible(state).await;
        broken.lift();
        click(&shop, "[data-do=retry]").await;
        wallet(&shop).is("ready").await;
    }
}

/// Every tab, opened up, without a violation.
async fn accessible(looks: Looks, lang: &str) {
    let shop = wallet_after(1, looks, lang).await;
    click(&shop, ".claim summary").await;
    shop.browser.is_accessible(&format!("rewards in {lang}, {looks:?}")).await;
    click(&shop, "[for=points]").await;
    shop.browser.is_accessible(&format!("points in {lang}, {looks:?}")).await;
    open_play(&shop).await;
    click(&shop, "[data-do=check]").await;
    counts(&shop, ".verdict.right", 1).await;
    shop.browser.is_accessible(&format!("plays in {lang}, {looks:?}")).await;
    let direction =
        wallet(&shop).ask("getComputedStyle(root.querySelector('.panel')).direction").await;
    assert_eq!(direction, if lang == "ar" { "rtl" } else { "ltr" });
    let wide = wallet(&shop).ask("document.documentElement.scrollWidth > innerWidth").await;
    assert_eq!(wide, false, "nothing runs out of the screen");
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn it_is_accessible_in_light() {
    accessible(LIGHT, "en").await;
}

#[tokio::test]
async fn it_is_accessible_in_dark_in_chinese() {
    accessible(DARK, "zh-CN").await;
}

#[tokio::test]
async fn it_is_accessible_from_right_to_left() {
    accessible(LIGHT, "ar").await;
}

#[tokio::test]
async fn it_stands_under_the_policy_of_the_stores_own_page() {
    let shop = Shop::open(LIGHT).await;
    shop.sign_in("Mei").await;
    shop.shopper("calendar").await.plays(sign_in()).await;
    shop.visit("/wallet?lang=en").await;
    wallet(&shop).is("ready").await;
    open_play(&shop).await;
    shows(&shop, "[part=plays]", &text("wallet.no-draw")).await;
    shop.browser.is_accessible("the store's wallet").await;
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn what_is_open_stays_open_when_everything_is_read_again() {
    let shop = wallet_after(2, LIGHT, "en").await;
    open_play(&shop).await;
    shop.shopper("tea").await.plays(spin()).await;
    shop.browser.run("document.querySelector('funfair-wallet').refresh()", vec![]).await;
    counts(&shop, ".play", 3).await;
    counts(&shop, "#plays:checked", 1).await;
    shop.keeps_the_contract().await;
}
