//! The journeys of the kinds that have more than one button, on the demo store's own pages.

use crate::shop::Shop;
use funfair_tests::{
    browser::{Looks, Widget},
    until,
};
use thirtyfour::Key;

const STILL: Looks = Looks { reduced_motion: true, dark: false };

/// Opens the page of an activity as a shopper who has signed in.
async fn page(shop: &Shop, activity: &str, name: &str) {
    shop.sign_in(name).await;
    shop.visit(&format!("/activities/{activity}?lang=en")).await;
}

/// Presses what `css` names, as a shopper does.
async fn press(widget: &Widget<'_>, css: &str) {
    let element = widget.element(css).await;
    element.scroll_into_view().await.expect("on the screen");
    element.click().await.unwrap_or_else(|error| panic!("{css}: {error}"));
}

async fn close(widget: &Widget<'_>) {
    press(widget, "[part~=result] .close").await;
    widget.is("ready").await;
}

#[tokio::test]
async fn a_card_is_drawn_given_by_a_link_and_taken_by_a_friend() {
    cards(&Shop::open(STILL).await).await;
}

/// A card is drawn, given by a link and taken by a friend.
pub async fn cards(shop: &Shop) {
    page(shop, "cards", "Mei").await;
    let cards = shop.browser.widget("card-collecting");
    cards.is("ready").await;
    // A wildcard cannot be given away; three free draws bring another one surely enough, since
    // nothing is given back here.
    for _ in 0..3 {
        cards.click().await;
        cards.is("result").await;
        close(&cards).await;
    }
    shop.browser.is_accessible("a shelf of cards").await;
    press(&cards, "details.card:not(.missing):has([data-do=give]) summary").await;
    press(&cards, "details[open] [data-do=give]").await;
    cards.is("result").await;
    shop.browser.is_accessible("a gift to be shared").await;
    let key = cards.ask("root.querySelector('[part~=result] [data-do=share]').dataset.value").await;
    let key = key.as_str().expect("a key to be shared").to_owned();
    close(&cards).await;

    shop.visit("/?lang=en").await;
    shop.sign_out().await;
    shop.sign_in("Bo").await;
    shop.visit(&format!("/activities/cards?lang=en&funfair=cards.{key}")).await;
    cards.is("ready").await;
    shop.browser.is_accessible("a friend's gift").await;
    press(&cards, "[data-do=take]").await;
    cards.is("result").await;
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn a_price_is_guessed_with_the_keyboard_alone_and_the_band_narrows() {
    guess(&Shop::open(STILL).await).await;
}

/// A price is guessed with the keyboard alone.
pub async fn guess(shop: &Shop) {
    page(shop, "guess", "Mei").await;
    let guess = shop.browser.widget("guess-price");
    guess.is("ready").await;
    shop.browser.is_accessible("a price to be guessed").await;
    let between = guess.ask("root.getElementById('between').innerText").await;
    press(&guess, "input[name=price]").await;
    shop.browser.press(Key::End).await;
    for _ in 0..3 {
        shop.browser.press(Key::Backspace).await;
    }
    shop.browser.press("300").await;
    let twin = guess.ask("root.querySelector('[data-twin=price]').value").await;
    assert_eq!(twin, "300", "the slider follows the field");
    shop.browser.press(Key::Enter).await;
    guess.is("result").await;
    shop.browser.is_accessible("a guess and its hint").await;
    shop.browser.press(Key::Escape).await;
    let ready = || async { (guess.state().await? == "ready").then_some(()) };
    if funfair_tests::within(std::time::Duration::from_secs(1), ready).await.is_none() {
        close(&guess).await;
    }
    let narrower = || async {
        let now = guess.ask("root.getElementById('between').innerText").await;
        (now != between).then_some(())
    };
    until("a narrower band", narrower).await;
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn a_ballot_is_cast_and_the_results_grow() {
    poll(&Shop::open(STILL).await).await;
}

/// A ballot is cast.
pub async fn poll(shop: &Shop) {
    page(shop, "stock", "Mei").await;
    let poll = shop.browser.widget("poll");
    poll.is("ready").await;
    shop.browser.is_accessible("a vote").await;
    let choose = async |option: &str| {
        press(&poll, &format!("input[value={option}]")).await;
        poll.click().await;
        poll.is("result").await;
        close(&poll).await;
    };
    choose("candle").await;
    shop.browser.is_accessible("a vote and its results").await;
    assert!(poll.shown().await.contains("100%"), "{}", poll.shown().await);
    let shopper = shop.shopper("stock").await;
    let counted = async |option: &str| {
        let me = shopper.me().await;
        let options = me["view"]["options"].as_array().expect("options").clone();
        options.iter().find(|it| it["id"] == option).expect("the option")["count"].clone()
    };
    assert_eq!(counted("candle").await, 1);
    shop.keeps_the_contract().await;
}
