//! Every state of both widgets: the control's role, name and state and the words of the status line
//! first, then axe-core, in light and in dark.

use crate::shop::{Shop, counted, points, said, text};
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
    other: &'static str,
    /// The button's name while a play is to be had there, here and in the others.
    ready: fn() -> String,
    ready_in_other: fn() -> String,
    playing: fn() -> String,
    used: &'static str,
    refused: &'static str,
    action: fn() -> Value,
}

const WHEEL: Kind = Kind {
    slug: "spin-wheel",
    open: "single",
    other: "wheel",
    ready: || wheel_button(1),
    ready_in_other: || wheel_button(50),
    playing: || text("spin-wheel.turning"),
    used: "spin-wheel.used-up",
    refused: "kit.next-free",
    action: funfair_tests::spin,
};

const CALENDAR: Kind = Kind {
    slug: "sign-in-calendar",
    open: "calendar",
    other: "calendar",
    ready: calendar_button,
    ready_in_other: calendar_button,
    playing: calendar_button,
    used: "sign-in-calendar.done-today",
    refused: "sign-in-calendar.already",
    action: funfair_tests::sign_in,
};

fn wheel_button(free: u64) -> String {
    format!("{} {}", text("spin-wheel.spin"), counted("kit.free", free))
}

fn calendar_button() -> String {
    format!("{} {}", text("sign-in-calendar.sign-in"), points("sign-in-calendar.gift", 5))
}

/// A widget in one state, before the eyes of assistive technology.
struct Seen<'a> {
    shop: &'a Shop,
    widget: Widget<'a>,
}

impl Seen<'_> {
    /// Asserts the state, the button's role, name and state, the status line, and zero violations.
    /// `status` is a text's key, with whatever the text leaves open; empty where nothing is said.
    async fn is(&self, state: &str, (label, enabled): (&str, bool), status: &str) {
        self.widget.is(state).await;
        let button = Control { role: "button".into(), name: label.into(), enabled };
        assert_eq!(self.widget.control("[part~=button]").await, button, "{state}");
        self.says(status).await;
        self.shop.browser.is_accessible(state).await;
    }

    async fn says(&self, status: &str) {
        assert_eq!(self.widget.control("[part~=status]").await.role, "status");
        if status.is_empty() {
            return assert_eq!(self.widget.text("status").await, "");
        }
        let words = text(status);
        let (before, after) = words.split_once("{time}").unwrap_or((&words, ""));
        let fits = |said: &str| said.starts_with(before) && said.ends_with(after);
        self.widget.text_that("status", fits).await;
    }

    /// Asserts the button beside the status line.
    async fn offers(&self, key: &str) {
        let button = Control { role: "button".into(), name: text(key), enabled: true };
        assert_eq!(self.widget.control(".note button").await, button);
    }
}

async fn every_state(kind: &Kind, looks: Looks) {
    let shop = Shop::open(looks).await;
    let seen = Seen { shop: &shop, widget: shop.browser.widget(kind.slug) };
    loading(&seen, kind).await;
    seen.is("signed-out", (&text("kit.sign-in"), true), "kit.signed-out").await;

    shop.sign_in("Mei").await;
    not_open(&seen, kind).await;
    unreadable(&seen, kind).await;
    played(&seen, kind).await;
    shop.visit("/?lang=en").await;
    shop.sign_out().await;
    shop.sign_in("Lan").await;
    refused(&seen, kind).await;
    shop.keeps_the_contract().await;
}

async fn loading(seen: &Seen<'_>, kind: &Kind) {
    let held = seen.shop.proxy.fault("GET", &format!("/{}", kind.open), Fault::HoldRequest);
    seen.shop.case(kind.slug, kind.open).await;
    seen.widget.is("loading").await;
    seen.says("kit.loading").await;
    seen.shop.browser.is_accessible("loading").await;
    held.lift();
}

async fn not_open(seen: &Seen<'_>, kind: &Kind) {
    let button = (kind.ready_in_other)();
    for (at, state, status) in [
        ("soon", "early", "kit.early"),
        ("paused", "paused", "kit.paused"),
        ("closed", "closed", "kit.closed"),
        ("over", "closed", "kit.closed"),
    ] {
        seen.shop.case(kind.slug, &format!("{at}-{}", kind.other)).await;
        seen.is(state, (&button, false), status).await;
    }
}

async fn unreadable(seen: &Seen<'_>, kind: &Kind) {
    let (shop, ready) = (seen.shop, (kind.ready)());
    shop.case(kind.slug, kind.open).await;
    seen.is("ready", (&ready, true), "").await;

    let lost = shop.proxy.fault("POST", "/plays", Fault::Problem(403, "token_blocked"));
    seen.widget.click().await;
    seen.is("error", (&ready, false), "kit.error").await;
    seen.offers("kit.retry").await;
    lost.lift();

    shop.browser.reload().await;
    seen.widget.is("ready").await;
    let lost = shop.proxy.fault("POST", "/plays", Fault::CutRequest);
    seen.widget.click().await;
    seen.is("offline", (&ready, false), "kit.offline").await;
    seen.offers("kit.retry").await;
    // The play is given up, not sent: the next state begins afresh.
    shop.browser.run("localStorage.clear()", vec![]).await;
    shop.visit("/?lang=en").await;
    lost.lift();
}

async fn played(seen: &Seen<'_>, kind: &Kind) {
    let shop = seen.shop;
    shop.case(kind.slug, kind.open).await;
    seen.widget.is("ready").await;
    let held = shop.proxy.fault("POST", "/plays", Fault::HoldAnswer);
    seen.widget.click().await;
    held.hit(1).await;
    seen.is("playing", (&(kind.playing)(), false), "").await;
    held.lift();
    let receipt = shop.only_receipt(kind.open).await;
    shop.shows(seen.widget, &receipt).await;
    let control = |role: &str, name| Control { role: role.into(), name, enabled: true };
    for (css, role, name) in [
        ("[role=dialog]", "dialog", said(&receipt)),
        ("[role=dialog] .close", "button", text("kit.close")),
        ("[role=dialog] .main", "button", text("kit.done")),
    ] {
        assert_eq!(seen.widget.control(css).await, control(role, name));
    }
    shop.browser.is_accessible("result").await;
    let done = seen.widget.element("[role=dialog] .main").await;
    done.click().await.expect("a button");
    seen.is("ready", (&text(kind.used), false), "").await;
}

async fn refused(seen: &Seen<'_>, kind: &Kind) {
    let shop = seen.shop;
    shop.case(kind.slug, kind.open).await;
    seen.widget.is("ready").await;
    // The chance goes elsewhere, after the page has read it.
    shop.shopper(kind.open).await.plays((kind.action)()).await;
    seen.widget.click().await;
    seen.is("refused", (&text(kind.used), false), kind.refused).await;
    seen.offers("kit.ok").await;
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
            shop.browser.is_accessible(&format!("{path} {looks:?}")).await;
        }
        let scheme = shop.wheel().ask("root.querySelector('.look').dataset.scheme").await;
        assert_eq!(scheme, if looks.dark { "dark" } else { "light" });
    }
}
