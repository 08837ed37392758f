//! One member, two tabs.

use crate::shop::Shop;
use funfair_tests::{Fault, browser::Looks};

const STILL: Looks = Looks { reduced_motion: true, dark: false };

#[tokio::test]
async fn two_tabs_at_once_spend_one_chance_once() {
    let shop = Shop::open(STILL).await;
    shop.sign_in("Mei").await;
    shop.case("spin-wheel", "single").await;
    shop.wheel().is("ready").await;
    let (first, second) = shop.second_tab("/case/en/spin-wheel/single").await;
    shop.wheel().is("ready").await;

    let held = shop.proxy.fault("POST", "/plays", Fault::HoldRequest);
    shop.wheel().click().await;
    held.hit(1).await;
    shop.browser.switch(&first).await;
    shop.wheel().click().await;
    held.hit(2).await;
    held.lift();

    let mut states = vec![shop.wheel().is_one_of(&["result", "refused"]).await];
    shop.browser.switch(&second).await;
    states.push(shop.wheel().is_one_of(&["result", "refused"]).await);
    states.sort();
    assert_eq!(states, ["refused", "result"]);
    shop.only_receipt("single").await;
    assert_eq!(shop.kept().await, [""; 0]);
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn a_play_that_one_tab_lost_is_charged_once_when_two_tabs_ask_for_it() {
    let shop = Shop::open(STILL).await;
    shop.sign_in("Mei").await;
    shop.case("spin-wheel", "single").await;
    shop.wheel().is("ready").await;
    let lost = shop.proxy.fault("POST", "/plays", Fault::CutAnswer);
    shop.wheel().click().await;
    lost.hit(1).await;
    let (first, _) = shop.second_tab("/case/en/spin-wheel/single").await;
    shop.wheel().is("offline").await;
    lost.lift();
    let receipt = shop.only_receipt("single").await;
    shop.shows(shop.wheel(), &receipt).await;
    shop.browser.switch(&first).await;
    shop.shows(shop.wheel(), &receipt).await;
    assert_eq!(shop.only_receipt("single").await, receipt);
    shop.keeps_the_contract().await;
}
