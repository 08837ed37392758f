//! The face: what today holds, and one button.

use funfair_host_api::{alloc::string::String, json};
use funfair_kit::{Ask, Cx, Face, Page, Shown, State, Tree, duration_words};

use crate::Action;

/// The face of the kind `poll`.
pub struct PollFace;

impl Face for PollFace {
    fn slug(&self) -> &'static str {
        "poll"
    }

    fn stage(&self, cx: &Cx<'_>, page: &mut Page<'_>) {
        page.open("div.poll");
        page.leaf("p.points", &cx.texts.count("poll.gift", cx.view.num("points")));
        button(cx, page);
        page.close();
    }

    fn press(&self, cx: &Cx<'_>, name: &str, ask: &mut Ask) {
        if name == "main" && !cx.view.is("taken_today") {
            ask.action = json::write(&Action::Open {});
        }
    }

    fn outcome(&self, cx: &Cx<'_>, shown: &mut Shown) {
        if cx.outcome.text("type") == "opened" {
            shown.title = cx.texts.count("poll.won", cx.outcome.num("points"));
            shown.icon = "points".into();
            shown.won = true;
        }
    }

    fn refusal(&self, cx: &Cx<'_>, refusal: &Tree) -> String {
        if refusal.text("type") != "already_taken" {
            return String::new();
        }
        let left_ms = refusal.num("next_day_at_ms").saturating_sub(cx.now_ms);
        cx.texts.fill("poll.already", &duration_words(cx.texts, left_ms))
    }

    fn wakes_at_ms(&self, cx: &Cx<'_>) -> u64 {
        cx.view.num("next_day_at_ms")
    }
}

fn button(cx: &Cx<'_>, page: &mut Page<'_>) {
    let visitor = cx.state == State::SignedOut;
    let taken = cx.view.is("taken_today");
    page.open("button.main type=button part=button data-do=main");
    if !visitor && (taken || !cx.is_open()) {
        page.attr("aria-disabled", "true");
    }
    let words = match () {
        () if visitor => "kit.sign-in",
        () if taken => "poll.done",
        () => "poll.open",
    };
    page.say("b", words);
    page.close();
}
