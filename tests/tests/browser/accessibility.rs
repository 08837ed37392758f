//! Every state of both widgets: the control's role, name and state and the words of the status line
//! first, then axe-core, in light and in dark.

use crate::shop::Shop;
use funfair_tests::{
    Fault,
    browser::{Control, Looks, Widget},
};
use serde_json::Value;

/// What is different between the two kinds.
struct Kind {
    slug: &'static str,
    /// The activity that is open, and what the others are called after a state.
    open: &'static str,
    /// The button's name in the states in which it differs.
    signed_out: &'static str,
    ready: &'static str,
    playing: &'static str,
    used: &'static str,
    /// The beginning of the words of a refusal.
    refused: &'static str,
    action: fn() -> Value,
}

const WHEEL: Kind = Kind {
    slug: "spin-wheel",
    open: "single",
    signed_out: "Sign in",
    ready: "Spin 1 free",
    playing: "Good luck",
    used: "See you soon",
    refused: "Your next free spin is in ",
    action: funfair_tests::spin,
};

const CALENDAR: Kind = Kind {
    slug: "sign-in-calendar",
    open: "calendar",
    signed_out: "Sign in",
    ready: "Sign in +5 points",
    playing: "Sign in +5 points",
    used: "Checked in today",
    refused: "Today is done. The next day begins in ",
    action: funfair_tests::sign_in,
};

/// Asserts one state: data-state, the button as assistive technology is told of it, the status
/// line, and zero violations.
async fn state(shop: &Shop, widget: Widget<'_>, name: &str, button: (&str, bool), status: &str) {
    widget.is(name).await;
    let (label, enabled) = button;
    let control = Control { role: "button".into(), name: label.into(), enabled };
    assert_eq!(widget.control("[part~=button]").await, control, "{name}");
    let line = widget.control("[part~=status]").await;
    assert_eq!(line.role, "status", "{name}");
    widget.text_that("status", |text| text.starts_with(status)).await;
    assert_eq!(status.is_empty(), widget.text("status").await.is_empty(), "{name}");
    shop.browser.is_accessible(name).await;
}

/// Asserts the button beside the status line.
async fn offers(widget: Widget<'_>, name: &str) {
    let control = widget.control(".note button").await;
    assert_eq!((control.role.as_str(), control.name.as_str()), ("button", name));
}

async fn every_state(kind: &Kind, looks: Looks) {
    let shop = Shop::open(looks).await;
    let widget = shop.browser.widget(kind.slug);
    loading(&shop, kind).await;
    let invitation = (kind.signed_out, true);
    state(&shop, widget, "signed-out", invitation, "Sign in to take part.").await;
    offers(widget, "Sign in").await;

    shop.sign_in("Mei").await;
    not_open(&shop, kind).await;
    unreadable(&shop, kind).await;
    let mei = played(&shop, kind).await;
    shop.sign_out().await;
    shop.sign_in("Lan").await;
    refused(&shop, kind).await;
    assert_ne!(mei, shop.shopper(kind.open).await.me().await["member"]);
    shop.keeps_the_contract().await;
}

async fn loading(shop: &Shop, kind: &Kind) {
    let widget = shop.browser.widget(kind.slug);
    let held = shop.proxy.fault("GET", &format!("/{}", kind.open), Fault::HoldRequest);
    shop.case(kind.slug, kind.open).await;
    widget.is("loading").await;
    assert_eq!(widget.control("[part~=status]").await.role, "status");
    assert_eq!(widget.text("status").await, "One moment…");
    shop.browser.is_accessible("loading").await;
    held.lift();
}

async fn not_open(shop: &Shop, kind: &Kind) {
    let widget = shop.browser.widget(kind.slug);
    let name = kind.open.replace("single", "wheel");
    let button = if kind.open == "single" { "Spin 50 free" } else { kind.ready };
    for (at, is, says) in [
        ("soon", "early", "Opens in"),
        ("paused", "paused", "Back in a little while."),
        ("closed", "closed", "This activity is over."),
        ("over", "closed", "This activity is over."),
    ] {
        shop.case(kind.slug, &format!("{at}-{name}")).await;
        state(shop, widget, is, (button, false), says).await;
    }
}

async fn unreadable(shop: &Shop, kind: &Kind) {
    let widget = shop.browser.widget(kind.slug);
    shop.case(kind.slug, kind.open).await;
    state(shop, widget, "ready", (kind.ready, true), "").await;

    let lost = shop.proxy.fault("POST", "/plays", Fault::Answer(404));
    widget.click().await;
    let broken = "Something went wrong on our side. Nothing was charged.";
    state(shop, widget, "error", (kind.ready, false), broken).await;
    offers(widget, "Try again").await;
    lost.lift();

    shop.browser.reload().await;
    widget.is("ready").await;
    let lost = shop.proxy.fault("POST", "/plays", Fault::CutRequest);
    widget.click().await;
    state(shop, widget, "offline", (kind.ready, false), "No connection.").await;
    offers(widget, "Try again").await;
    // The play is given up, not sent: the next state begins afresh.
    shop.browser.run("localStorage.clear()", vec![]).await;
    shop.visit("/case/blank").await;
    lost.lift();
}

/// From ready over playing to the result; the member.
async fn played(shop: &Shop, kind: &Kind) -> Value {
    let widget = shop.browser.widget(kind.slug);
    shop.case(kind.slug, kind.open).await;
    widget.is("ready").await;
    let held = shop.proxy.fault("POST", "/plays", Fault::HoldAnswer);
    widget.click().await;
    held.hit(1).await;
    state(shop, widget, "playing", (kind.playing, false), "").await;
    held.lift();
    let receipt = shop.only_receipt(kind.open).await;
    shop.shows(widget, &receipt).await;
    let sheet = widget.control("[role=dialog]").await;
    let title = widget.text("status").await;
    assert_eq!((sheet.role.as_str(), sheet.name), ("dialog", title));
    assert_eq!(widget.control("[role=dialog] .close").await.name, "Close");
    assert_eq!(widget.control("[role=dialog] .main").await.name, "Done");
    shop.browser.is_accessible("result").await;
    let close = widget.element("[role=dialog] .main").await;
    close.click().await.expect("a button");
    state(shop, widget, "ready", (kind.used, false), "").await;
    shop.shopper(kind.open).await.me().await["member"].take()
}

async fn refused(shop: &Shop, kind: &Kind) {
    let widget = shop.browser.widget(kind.slug);
    shop.case(kind.slug, kind.open).await;
    widget.is("ready").await;
    // The chance goes elsewhere, after the page has read it.
    shop.shopper(kind.open).await.plays((kind.action)()).await;
    widget.click().await;
    state(shop, widget, "refused", (kind.used, false), kind.refused).await;
    offers(widget, "OK").await;
}

const LIGHT: Looks = Looks { dark: false, reduced_motion: true };
const DARK: Looks = Looks { dark: true, reduced_motion: true };

#[tokio::test]
async fn the_wheel_is_accessible_in_every_state_in_light() {
    every_state(&WHEEL, LIGHT).await;
}

#[tokio::test]
async fn the_wheel_is_accessible_in_every_state_in_dark() {
    every_state(&WHEEL, DARK).await;
}

#[tokio::test]
async fn the_calendar_is_accessible_in_every_state_in_light() {
    every_state(&CALENDAR, LIGHT).await;
}

#[tokio::test]
async fn the_calendar_is_accessible_in_every_state_in_dark() {
    every_state(&CALENDAR, DARK).await;
}

#[tokio::test]
async fn the_stores_own_page_is_accessible_with_both_widgets() {
    for looks in [LIGHT, DARK] {
        let shop = Shop::open(looks).await;
        shop.sign_in("Mei").await;
        for path in ["/?lang=en", "/"] {
            shop.visit(path).await;
            shop.wheel().is("ready").await;
            shop.calendar().is("ready").await;
            shop.browser.is_accessible(path).await;
        }
        let scheme = shop.wheel().ask("root.querySelector('.look').dataset.scheme").await;
        assert_eq!(scheme, if looks.dark { "dark" } else { "light" });
    }
}
