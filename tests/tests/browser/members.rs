//! Another member comes to the same browser while a play is unanswered.

use crate::shop::{Shop, said};
use funfair_tests::{Fault, Key, Token, browser::Looks};

const STILL: Looks = Looks { reduced_motion: true, dark: false };

#[tokio::test]
async fn another_member_is_neither_shown_nor_charged_for_an_unanswered_play() {
    let shop = Shop::open(STILL).await;
    shop.sign_in("Mei").await;
    shop.wheel().is("ready").await;
    let lost = shop.proxy.fault("POST", "/plays", Fault::CutAnswer);
    shop.wheel().click().await;
    lost.hit(1).await;
    shop.sign_out().await;
    lost.lift();
    let receipt = shop.only_receipt("double11").await;
    let before = shop.ledger().count("play");

    shop.sign_in("Lan").await;
    shop.wheel().is("ready").await;
    assert_eq!(shop.kept().await, [""; 0], "the other's play is dropped");
    let shown = shop.wheel().shown().await;
    assert!(!shown.contains(&said(&receipt)), "{shown}");
    assert_eq!(
        shop.wheel().ask("root.querySelector('[data-receipt]')").await,
        serde_json::Value::Null
    );
    assert_eq!(shop.ledger().count("play"), before);
    let lan = shop.shopper("double11").await;
    let public = shop.demo.api().activity("acme", "double11").await;
    let view = lan.me().await["view"].take();
    assert_eq!(
        view["chances"]["free"], public["preview"]["chances"]["free"],
        "Lan's free spins are all there"
    );
    assert_eq!(lan.get("/plays").await.expect(200).json()["plays"], serde_json::json!([]));
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn a_signed_out_page_shows_nothing_of_an_unanswered_play() {
    let shop = Shop::open(STILL).await;
    shop.sign_in("Mei").await;
    shop.wheel().is("ready").await;
    let lost = shop.proxy.fault("POST", "/plays", Fault::CutAnswer);
    shop.wheel().click().await;
    lost.hit(1).await;
    shop.sign_out().await;
    lost.lift();
    shop.wheel().is("signed-out").await;
    let again = lost.hits();
    shop.sign_in("Mei").await;
    shop.shows(shop.wheel(), &shop.only_receipt("double11").await).await;
    assert_eq!(lost.hits(), again, "nothing was sent while nobody was signed in");
}

#[tokio::test]
async fn an_answer_after_the_sign_out_is_shown_to_its_member_only() {
    let shop = Shop::open(STILL).await;
    shop.sign_in("Mei").await;
    shop.wheel().is("ready").await;
    let held = shop.proxy.fault("POST", "/plays", Fault::HoldAnswer);
    shop.wheel().click().await;
    held.hit(1).await;
    shop.sign_out().await;
    shop.wheel().is("signed-out").await;
    held.lift();
    let receipt = shop.only_receipt("double11").await;
    shop.wheel().is("signed-out").await;
    let shown = shop.wheel().shown().await;
    assert!(!shown.contains(&said(&receipt)), "{shown}");
    shop.sign_in("Mei").await;
    shop.shows(shop.wheel(), &receipt).await;
    assert_eq!(shop.ledger().count("play"), 1);
}

#[tokio::test]
async fn a_token_of_another_member_does_not_carry_an_unanswered_play() {
    let shop = Shop::open(STILL).await;
    let key = Key::es256("of-the-suite", 5);
    shop.demo.program().add_key("acme", &key).expect("a second key of the store");
    let token = |sub: &str| Token::new("acme", sub).sign(&key);
    // The page's store hands out Mei's token, then, because Lan has signed in elsewhere, Lan's.
    let page = format!(
        "<!doctype html><html lang=\"en\"><title>Members</title><main>
        <funfair-spin-wheel store=\"acme\" activity=\"double11\"></funfair-spin-wheel></main>
        <script type=\"module\">
        import {{ configure }} from '/funfair/{}/funfair.js';
        window.token = '{}';
        configure('acme', {{ getToken: async () => window.token }});
        </script></html>",
        env!("CARGO_PKG_VERSION"),
        token("mei"),
    );
    shop.proxy.page("/members", page);
    shop.visit("/members").await;
    shop.wheel().is("ready").await;
    let turned_away = shop.proxy.fault("POST", "/plays", Fault::Answer(401));
    shop.browser.run("window.token = arguments[0]", vec![token("lan").into()]).await;
    shop.wheel().click().await;
    turned_away.hit(1).await;
    turned_away.lift();
    shop.wheel().is_one_of(&["ready", "signed-out"]).await;
    assert_eq!(shop.ledger().count("play"), 0, "Mei's press has not charged Lan");
    assert_eq!(shop.kept().await, [""; 0]);
}
