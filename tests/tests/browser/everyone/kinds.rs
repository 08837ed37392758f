//! The kinds, by their own examples: from loading to closed.

use super::Everyone;
use crate::panels::serve;
use funfair_catalogue::{ENTRIES, LOCALES};
use funfair_tests::{Fault, browser::Widget, run, until};
use serde_json::{Value, json};
use thirtyfour::Key;

/// What is different between the kinds.
struct Kind {
    slug: &'static str,
    /// What the example is changed by, so that what comes of a play is known beforehand.
    sure: fn(&str) -> String,
    /// What has to be done before the button is pressed: a field to fill, and with what.
    fills: Option<(&'static str, &'static str)>,
    /// A play like the page's next, by which it will be refused.
    before: fn() -> Value,
    /// How many of these there may be.
    plays: usize,
}

const KINDS: [Kind; 5] = [
    Kind {
        slug: "card-collecting",
        sure: |text| only(text, 1),
        fills: None,
        before: || json!({ "type": "draw", "pay": "free" }),
        plays: 2,
    },
    Kind {
        slug: "guess-price",
        sure: str::to_owned,
        fills: Some(("input[name=price]", "300")),
        before: || json!({ "type": "guess", "guess_cents": 30_000, "pay": "free" }),
        plays: 1,
    },
    Kind {
        slug: "poll",
        sure: |text| text.replace("\"changeable\"", "\"once\""),
        fills: Some(("input[type=radio]", " ")),
        before: || json!({ "type": "vote", "options": ["candle"] }),
        plays: 1,
    },
    Kind {
        slug: "sign-in-calendar",
        sure: str::to_owned,
        fills: None,
        before: funfair_tests::sign_in,
        plays: 1,
    },
    Kind {
        slug: "spin-wheel",
        // The first of the list that has no end, as the promise of the first spin wants it.
        sure: |text| only(text, 2),
        fills: None,
        before: funfair_tests::spin,
        plays: 1,
    },
];

/// An example in which it would be odd if another of its list were drawn.
fn only(text: &str, nth: usize) -> String {
    let mut seen = 0;
    let lines = text.lines().map(|line| {
        if !line.starts_with("weight = ") {
            return line;
        }
        seen += 1;
        if seen == nth { "weight = 1000000" } else { "weight = 1" }
    });
    let lines: Vec<_> = lines.collect();
    lines.join("\n")
}

/// The kind's example, open from one moment to another.
fn example(kind: &Kind, from: &str, until: &str) -> String {
    let entry = ENTRIES.iter().find(|entry| entry.slug == kind.slug).expect("a kind");
    let line = |line: &str| match line.split(" = ").next() {
        Some("opens_at") => format!("opens_at = \"{from}\""),
        Some("closes_at") => format!("closes_at = \"{until}\""),
        _ => line.to_owned(),
    };
    let lines: Vec<_> = entry.example.lines().map(line).collect();
    // What it rewards with chances of is another activity here.
    let text = lines.join("\n");
    let text = ENTRIES.iter().fold(text, |text, entry| {
        text.replace(&format!("activity = \"{}\"", entry.slug), "activity = \"wheel\"")
    });
    (kind.sure)(&text)
}

/// A passphrase before it, which opens nothing yet.
const GATE: &str = "
[gate]
passphrase = \"open-sesame\"
attempts_per_day = 3
hint = { en = \"It is said in the live stream.\", zh-CN = \"直播间公布。\" }
";

async fn every_state(kind: &Kind, lang: &'static str) {
    let everyone = Everyone::before(kind.slug, lang).await;
    let shop = &everyone.shop;
    let (from, to) = ("2026-01-01T00:00:00", "2036-01-01T00:00:00");
    let open = example(kind, from, to);
    serve(shop, "play", &open).await;
    serve(shop, "gated", &(open + GATE)).await;
    serve(shop, "soon", &example(kind, "2035-01-01T00:00:00", to)).await;

    let held = shop.proxy.fault("GET", "/play", Fault::HoldRequest);
    shop.case_in(lang, kind.slug, "play").await;
    everyone.is("loading").await;
    held.lift();
    everyone.is("signed-out").await;

    shop.sign_in("Mei").await;
    shop.case_in(lang, kind.slug, "soon").await;
    everyone.is("early").await;
    shop.case_in(lang, kind.slug, "gated").await;
    everyone.is("barred").await;
    played(&everyone, kind).await;
    refused(&everyone, kind).await;
    for state in ["paused", "closed"] {
        let program = shop.demo.program();
        run(&mut program.command(&["activity", "acme", "play", state])).expect(state);
        // The page's copy of the activity lives for a while.
        let arrived = || async {
            shop.browser.reload().await;
            let settled = everyone.widget().is_one_of(&["ready", "paused", "closed"]).await;
            (settled == state).then_some(())
        };
        until(state, arrived).await;
        everyone.is(state).await;
    }
    if lang == "en" || kind.slug == "spin-wheel" {
        insta::assert_snapshot!(format!("{}-{lang}", kind.slug), everyone.told());
    }
    everyone.ends().await;
}

async fn played(everyone: &Everyone, kind: &Kind) {
    let (shop, widget) = (&everyone.shop, everyone.widget());
    shop.case_in(everyone.lang, kind.slug, "play").await;
    everyone.is("ready").await;
    for (state, fault) in
        [("error", Fault::Problem(403, "token_blocked")), ("offline", Fault::CutRequest)]
    {
        let lost = shop.proxy.fault("POST", "/plays", fault);
        play(&widget, kind, everyone).await;
        everyone.is(state).await;
        // It is given up, not sent: the next state begins afresh.
        shop.browser.run("localStorage.clear()", vec![]).await;
        shop.visit("/?lang=en").await;
        lost.lift();
        shop.case_in(everyone.lang, kind.slug, "play").await;
        widget.is("ready").await;
    }
    let held = shop.proxy.fault("POST", "/plays", Fault::HoldAnswer);
    play(&widget, kind, everyone).await;
    held.hit(1).await;
    everyone.is("playing").await;
    held.lift();
    everyone.is("result").await;
    shop.browser.press(Key::Escape).await;
    shop.browser.reload().await;
    everyone.is_after("ready", "played").await;
}

async fn refused(everyone: &Everyone, kind: &Kind) {
    let (shop, widget) = (&everyone.shop, everyone.widget());
    shop.visit("/?lang=en").await;
    shop.sign_out().await;
    shop.sign_in("Lan").await;
    shop.case_in(everyone.lang, kind.slug, "play").await;
    widget.is("ready").await;
    let shopper = shop.shopper("play").await;
    for _ in 0..kind.plays {
        shopper.plays((kind.before)()).await;
    }
    play(&widget, kind, everyone).await;
    everyone.is("refused").await;
}

/// Plays by the keyboard alone.
async fn play(widget: &Widget<'_>, kind: &Kind, everyone: &Everyone) {
    let browser = &everyone.shop.browser;
    if let Some((field, typed)) = kind.fills {
        everyone.tab_to(field).await;
        if typed != " " {
            browser.press(Key::Control + "a").await;
        }
        browser.press(typed).await;
    }
    everyone.tab_to("[part~=button]").await;
    browser.press(Key::Enter).await;
    let left = || async { widget.state().await.filter(|state| state != "ready") };
    until("another state", left).await;
}

#[tokio::test]
async fn card_collecting_is_for_everyone_from_the_left() {
    every_state(kind("card-collecting"), "en").await;
}

#[tokio::test]
async fn card_collecting_is_for_everyone_from_the_right() {
    every_state(kind("card-collecting"), "ar").await;
}

#[tokio::test]
async fn guess_price_is_for_everyone_from_the_left() {
    every_state(kind("guess-price"), "en").await;
}

#[tokio::test]
async fn guess_price_is_for_everyone_from_the_right() {
    every_state(kind("guess-price"), "ar").await;
}

#[tokio::test]
async fn poll_is_for_everyone_from_the_left() {
    every_state(kind("poll"), "en").await;
}

#[tokio::test]
async fn poll_is_for_everyone_from_the_right() {
    every_state(kind("poll"), "ar").await;
}

#[tokio::test]
async fn sign_in_calendar_is_for_everyone_from_the_left() {
    every_state(kind("sign-in-calendar"), "en").await;
}

#[tokio::test]
async fn sign_in_calendar_is_for_everyone_from_the_right() {
    every_state(kind("sign-in-calendar"), "ar").await;
}

#[tokio::test]
async fn spin_wheel_is_for_everyone_from_the_left() {
    every_state(kind("spin-wheel"), "en").await;
}

#[tokio::test]
async fn spin_wheel_is_for_everyone_from_the_right() {
    every_state(kind("spin-wheel"), "ar").await;
}

#[tokio::test]
async fn every_language_fits_on_a_small_screen() {
    for kind in &KINDS {
        let mut everyone = Everyone::before(kind.slug, "en").await;
        let open = example(kind, "2026-01-01T00:00:00", "2036-01-01T00:00:00");
        serve(&everyone.shop, "play", &open).await;
        everyone.shop.sign_in("Mei").await;
        for lang in LOCALES {
            everyone.lang = lang;
            everyone.shop.case_in(lang, kind.slug, "play").await;
            everyone.widget().is("ready").await;
            let spoken = everyone.widget().ask("root.querySelector('[data-state]').lang").await;
            assert_eq!(spoken, *lang);
            everyone.fits("ready").await;
        }
        everyone.ends().await;
    }
}

#[test]
fn no_kind_is_left_out() {
    let known: Vec<_> = KINDS.iter().map(|kind| kind.slug).collect();
    let all: Vec<_> = ENTRIES.iter().map(|entry| entry.slug).collect();
    assert_eq!(known, all);
}

fn kind(slug: &str) -> &'static Kind {
    KINDS.iter().find(|kind| kind.slug == slug).expect("a kind")
}
