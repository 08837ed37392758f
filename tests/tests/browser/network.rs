//! The network breaks, tokens end and servers restart while a play is on its way.

use crate::shop::{Shop, text};
use funfair_tests::{Exchange, Fault, Key, Rule, Token, browser::Looks, header, now, until};
use serde_json::Value;
use std::time::Instant;

const STILL: Looks = Looks { reduced_motion: true, dark: false };

/// The bodies of all plays that passed the proxy, each with its key.
fn sent(shop: &Shop) -> Vec<(String, Vec<u8>)> {
    let plays = shop.proxy.exchanges().into_iter().filter(|it| it.method == "POST");
    let sent = |play: Exchange| {
        let key = header(&play.headers, "idempotency-key").expect("a key").to_owned();
        (key, play.body)
    };
    plays.map(sent).collect()
}

/// Spins on the store's page while every answer to a play is lost.
async fn spin_without_an_answer(shop: &Shop) -> Rule {
    shop.sign_in("Mei").await;
    shop.wheel().is("ready").await;
    let lost = shop.proxy.fault("POST", "/plays", Fault::CutAnswer);
    shop.wheel().click().await;
    lost.hit(1).await;
    shop.wheel().is("offline").await;
    assert_eq!(shop.wheel().text("status").await, text("kit.offline"));
    lost
}

/// The result of the one play is on show, nothing is kept, and each sending was the same.
async fn shows_it_once(shop: &Shop) {
    shop.shows(shop.wheel(), &shop.only_receipt("double11").await).await;
    assert_eq!(shop.kept().await, [""; 0]);
    let sent = sent(shop);
    assert!(sent.len() > 1 && sent.iter().all(|play| *play == sent[0]), "{sent:?}");
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn a_lost_answer_is_shown_after_a_reload_and_charged_once() {
    let shop = Shop::open(Looks::default()).await;
    let lost = spin_without_an_answer(&shop).await;
    assert_eq!(shop.kept().await.len(), 1);
    lost.lift();
    shop.browser.reload().await;
    shows_it_once(&shop).await;
    let mei = shop.shopper("double11").await;
    let public = shop.demo.api().activity("acme", "double11").await;
    let free = |view: &Value| view["chances"]["free"].as_u64().expect("free spins");
    let left = free(&mei.me().await["view"]);
    assert_eq!(left + 1, free(&public["preview"]), "one free spin is gone, and only one");
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_without_a_reload() {
    let shop = Shop::open(STILL).await;
    spin_without_an_answer(&shop).await.lift();
    shows_it_once(&shop).await;
}

#[tokio::test]
async fn a_lost_sign_in_is_shown_after_a_reload_and_charged_once() {
    let shop = Shop::open(STILL).await;
    shop.sign_in("Mei").await;
    shop.calendar().is("ready").await;
    let lost = shop.proxy.fault("POST", "/plays", Fault::CutAnswer);
    shop.calendar().click().await;
    lost.hit(1).await;
    lost.lift();
    shop.browser.reload().await;
    let receipt = shop.only_receipt("signin").await;
    shop.shows(shop.calendar(), &receipt).await;
    let wallet = shop.shopper("signin").await.wallet().await;
    assert_eq!(wallet["balance"], receipt["outcome"]["points"]);
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn a_lost_request_is_sent_when_the_network_is_back() {
    let shop = Shop::open(STILL).await;
    shop.sign_in("Mei").await;
    shop.wheel().is("ready").await;
    let lost = shop.proxy.fault("POST", "/plays", Fault::CutRequest);
    shop.wheel().click().await;
    lost.hit(1).await;
    shop.wheel().is("offline").await;
    assert_eq!(shop.ledger().count("play"), 0);
    lost.lift();
    shop.shows(shop.wheel(), &shop.only_receipt("double11").await).await;
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn a_gateway_without_a_server_is_no_answer() {
    let shop = Shop::open(STILL).await;
    shop.sign_in("Mei").await;
    shop.wheel().is("ready").await;
    for status in [503, 404, 200] {
        let broken = shop.proxy.fault("POST", "/plays", Fault::Answer(status));
        if status == 503 {
            shop.wheel().click().await;
        }
        broken.hit(1).await;
        shop.wheel().is("offline").await;
        assert_eq!(shop.kept().await.len(), 1, "{status}");
        broken.lift();
    }
    shop.shows(shop.wheel(), &shop.only_receipt("double11").await).await;
    assert_eq!(shop.kept().await, [""; 0]);
}

#[tokio::test]
async fn a_reload_during_the_motion_shows_the_same_receipt() {
    let shop = Shop::open(Looks::default()).await;
    shop.sign_in("Mei").await;
    shop.wheel().is("ready").await;
    let held = shop.proxy.fault("POST", "/plays", Fault::HoldAnswer);
    shop.wheel().click().await;
    held.hit(1).await;
    shop.browser.reload().await;
    held.lift();
    shows_it_once(&shop).await;
}

#[tokio::test]
async fn a_server_restarted_before_the_play_arrived_takes_it_once() {
    let mut shop = Shop::open(STILL).await;
    shop.sign_in("Mei").await;
    shop.wheel().is("ready").await;
    shop.demo.stop().await;
    shop.wheel().click().await;
    shop.wheel().is("offline").await;
    shop.demo.start().await;
    shop.shows(shop.wheel(), &shop.only_receipt("double11").await).await;
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn a_server_restarted_before_its_answer_arrived_gives_the_same_one() {
    let mut shop = Shop::open(STILL).await;
    let lost = spin_without_an_answer(&shop).await;
    shop.demo.stop().await;
    lost.lift();
    shop.demo.start().await;
    shop.browser.reload().await;
    shows_it_once(&shop).await;
}

/// A page that gets these tokens one after the other from its store.
fn page_with_tokens(tokens: &[String]) -> String {
    let tokens = serde_json::to_string(tokens).expect("JSON");
    format!(
        "<!doctype html><html lang=\"en\"><title>Tokens</title><main>
        <funfair-spin-wheel store=\"acme\" activity=\"double11\"></funfair-spin-wheel></main>
        <script type=\"module\">
        import {{ configure }} from '/funfair/{}/funfair.js';
        const tokens = {tokens};
        window.asked = 0;
        configure('acme', {{ getToken: async () => tokens[Math.min(window.asked++, tokens.length - 1)] }});
        </script></html>",
        env!("CARGO_PKG_VERSION")
    )
}

#[tokio::test]
async fn a_token_that_expires_in_between_is_replaced_and_the_play_goes_on() {
    let shop = Shop::open(STILL).await;
    let key = Key::es256("of-the-suite", 5);
    shop.demo.program().add_key("acme", &key).expect("a second key of the store");
    let token = |left: u64| {
        // A minute of leeway is the server's: this token is over when the minute is.
        let (iat, exp) = (now() + left - 360, now() + left - 60);
        Token::new("acme", "mei").claim("iat", iat).claim("exp", exp).sign(&key)
    };
    let (short, long) = (token(8), token(300));
    shop.proxy.page("/tokens", page_with_tokens(&[short.clone(), long]));
    shop.visit("/tokens").await;
    shop.wheel().is("ready").await;
    let over = || async {
        let path = "/v1/stores/acme/activities/double11/me";
        let answer = shop.demo.api().get(path).token(&short).send().await;
        (answer.code() == "token_expired").then_some(())
    };
    until("the end of the token", over).await;
    assert_eq!(shop.browser.run("return window.asked", vec![]).await, 1);

    shop.wheel().click().await;
    shop.wheel().is("result").await;
    assert_eq!(shop.browser.run("return window.asked", vec![]).await, 2);
    let refused = shop.proxy.exchanges().into_iter().any(|it| it.code() == "token_expired");
    assert!(refused, "the play was first sent with the token that was over");
    shows_it_once(&shop).await;
}

#[tokio::test]
async fn a_page_that_cannot_read_says_so_and_comes_back_by_itself() {
    let shop = Shop::open(STILL).await;
    shop.sign_in("Mei").await;
    let broken = shop.proxy.fault("GET", "/me", Fault::CutRequest);
    shop.browser.reload().await;
    shop.wheel().is("offline").await;
    shop.calendar().is("offline").await;
    broken.lift();
    shop.wheel().is("ready").await;
    shop.calendar().is("ready").await;
}

/// Not at a time of its own, which would be six seconds at the latest, nor in the same moment as everybody.
#[tokio::test]
async fn a_busy_server_is_asked_again_when_it_said() {
    const SECONDS: u32 = 8;
    let shop = Shop::open(STILL).await;
    shop.sign_in("Mei").await;
    for (slug, path, ending) in [
        ("spin-wheel", "/activities/double11", "/double11/me"),
        ("wallet", "/wallet", "acme/wallet"),
    ] {
        let busy = shop.proxy.fault("GET", ending, Fault::Busy(SECONDS));
        shop.visit(&format!("{path}?lang=en")).await;
        shop.browser.widget(slug).is("offline").await;
        let (told, asked) = (Instant::now(), busy.hits());
        busy.hit(asked + 1).await;
        let waited = told.elapsed().as_secs_f64() / f64::from(SECONDS);
        busy.lift();
        // Up to half as long again; and this clock is a little late, as the browser may be.
        assert!((0.8..1.9).contains(&waited), "{slug}: {waited} times as long as it was told");
    }
}
