//! The hub and the wallet.

use super::Everyone;
use crate::panels::{TEA, page, serve};
use funfair_tests::{Fault, spin};
use thirtyfour::Key;

async fn hub(lang: &'static str) {
    let everyone = Everyone::before("hub", lang).await;
    let shop = &everyone.shop;
    // A list that was read once is in the browser's cache.
    for (state, fault) in
        [("error", Fault::Problem(404, "store_unknown")), ("offline", Fault::CutRequest)]
    {
        let lost = shop.proxy.fault("GET", "/activities", fault);
        page(shop, "hub", lang).await;
        everyone.is(state).await;
        lost.lift();
    }
    let held = shop.proxy.fault("GET", "/activities", Fault::HoldRequest);
    page(shop, "hub", lang).await;
    everyone.is("loading").await;
    held.lift();
    everyone.is("ready").await;
    if lang == "en" {
        insta::assert_snapshot!("hub-en", everyone.told());
    }
    everyone.ends().await;
}

async fn wallet(lang: &'static str) {
    let everyone = Everyone::before("wallet", lang).await;
    let shop = &everyone.shop;
    serve(shop, "tea", TEA).await;
    page(shop, "wallet", lang).await;
    everyone.is("signed-out").await;

    shop.sign_in("Mei").await;
    let held = shop.proxy.fault("GET", "/wallet", Fault::HoldRequest);
    page(shop, "wallet", lang).await;
    everyone.is("loading").await;
    held.lift();
    everyone.is("empty").await;
    shop.shopper("tea").await.plays(spin()).await;
    shop.browser.reload().await;
    everyone.is("ready").await;
    everyone.tab_to(".claim summary").await;
    shop.browser.press(Key::Enter).await;
    everyone.is_after("ready", "claiming").await;
    everyone.tab_to(".tab").await;
    for tab in ["points", "plays"] {
        shop.browser.press(if lang == "ar" { Key::Left } else { Key::Right }).await;
        everyone.is_after("ready", tab).await;
    }
    for (state, fault) in
        [("error", Fault::Problem(404, "store_unknown")), ("offline", Fault::CutRequest)]
    {
        let lost = shop.proxy.fault("GET", "/wallet", fault);
        shop.browser.reload().await;
        everyone.is(state).await;
        lost.lift();
    }
    if lang == "en" {
        insta::assert_snapshot!("wallet-en", everyone.told());
    }
    everyone.ends().await;
}

#[tokio::test]
async fn the_hub_is_for_everyone_from_the_left() {
    hub("en").await;
}

#[tokio::test]
async fn the_hub_is_for_everyone_from_the_right() {
    hub("ar").await;
}

#[tokio::test]
async fn the_wallet_is_for_everyone_from_the_left() {
    wallet("en").await;
}

#[tokio::test]
async fn the_wallet_is_for_everyone_from_the_right() {
    wallet("ar").await;
}
