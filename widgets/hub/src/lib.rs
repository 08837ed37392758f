//! The hub: all activities of a store that this shopper may see, what is open first.
//!
//! It plays nothing and names no kind: a kind that is newer than its drawings gets the parcel's.
#![no_std]

extern crate alloc;

mod drawing;

use alloc::{string::String, vec::Vec};
use funfair_kit::{Effects, MAIN, Page, Pane, Seen, Texts, Tree, cut, duration_words};

/// The style sheet; the kit's comes before it.
pub const STYLE: &str = include_str!("../style.css");

/// From here on "open now" also says for how much longer.
const SOON_MS: u64 = 3 * 86_400_000;

/// `<funfair-hub>`: the list of a store's activities.
#[derive(Debug, Default)]
pub struct Hub {
    /// When the list was read; what was to come then and has come since is worth another reading.
    read_at_ms: u64,
}

/// How a card stands among the others; the first of these comes first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    /// There is something to do.
    Open,
    /// There is, for whoever knows the passphrase.
    Locked,
    /// Not now, but at a known time.
    Next,
    /// Not begun.
    Early,
    /// Nothing to do, and no time is known.
    Done,
    Paused,
    /// For others.
    Barred,
    Over,
}

impl Pane for Hub {
    fn slug(&self) -> &'static str {
        "hub"
    }

    fn read(&self, todo: &mut Effects) {
        todo.ask_openly(MAIN, "/activities");
    }

    fn answered(&mut self, seen: &mut Seen, _: &str, _: u32, _: &mut Tree, _: &mut Effects) {
        self.read_at_ms = seen.now_ms;
    }

    fn pressed(&mut self, _: &Seen, _: &str, _: &str, _: &mut Effects) {}

    fn picture(&self, page: &mut Page<'_>) {
        drawing::draw(page, "");
    }

    fn stage(&self, seen: &Seen, page: &mut Page<'_>) {
        page.say("h2.title part=title", "hub.title");
        if self.is_empty(seen) {
            page.open("div.blank");
            self.picture(page);
            page.say("p", "hub.none");
            page.close();
            return;
        }
        page.open("ul.cards part=list");
        let mut rest: Vec<&Tree> = seen.main.list().iter().collect();
        // Ten of them, perhaps: a sort would weigh more than it saves.
        while let Some(first) = first_of(seen, &rest) {
            card(seen, rest.remove(first), page);
        }
        page.close();
    }

    fn is_empty(&self, seen: &Seen) -> bool {
        seen.main.list().is_empty()
    }

    fn wakes_at_ms(&self, seen: &Seen) -> u64 {
        let mut soonest = 0;
        for listed in seen.main.list() {
            for at in [next_at_ms(listed), listed.num("opens_at_ms"), listed.num("closes_at_ms")] {
                if at > self.read_at_ms && (soonest == 0 || at < soonest) {
                    soonest = at;
                }
            }
        }
        soonest
    }
}

fn first_of(seen: &Seen, rest: &[&Tree]) -> Option<usize> {
    let mut best: Option<(usize, (Standing, u64))> = None;
    for (at, listed) in rest.iter().enumerate() {
        let standing = standing(seen, listed);
        let when = match standing {
            Standing::Next => next_at_ms(listed),
            Standing::Early => listed.num("opens_at_ms"),
            // What was over last comes first.
            Standing::Over => u64::MAX - listed.num("closes_at_ms"),
            _ => 0,
        };
        let key = (standing, when);
        if best.is_none_or(|(_, least)| key < least) {
            best = Some((at, key));
        }
    }
    best.map(|(at, _)| at)
}

fn standing(seen: &Seen, listed: &Tree) -> Standing {
    let barrier = listed.at("barrier").text("type");
    match listed.text("state") {
        "closed" => Standing::Over,
        _ if listed.num("closes_at_ms") <= seen.now_ms => Standing::Over,
        "paused" => Standing::Paused,
        _ if listed.num("opens_at_ms") > seen.now_ms => Standing::Early,
        _ if barrier == "passphrase" => Standing::Locked,
        _ if listed.is("open") => Standing::Open,
        _ if next_at_ms(listed) > seen.now_ms => Standing::Next,
        _ if barrier.is_empty() => Standing::Done,
        _ => Standing::Barred,
    }
}

/// When there is something to do next; 0 where no time is known.
fn next_at_ms(listed: &Tree) -> u64 {
    let next = listed.num("next_at_ms");
    if next > 0 { next } else { listed.at("barrier").num("opens_at_ms") }
}

fn card(seen: &Seen, listed: &Tree, page: &mut Page<'_>) {
    let standing = standing(seen, listed);
    page.open("li.card.look part=card");
    let (id, look) = (listed.text("activity"), listed.text("look"));
    page.attr("key", id);
    page.attr("data-own", look);
    page.attr(
        "data-when",
        match standing {
            Standing::Open | Standing::Locked => "open",
            Standing::Over => "over",
            _ => "next",
        },
    );
    page.open("div.art");
    drawing::draw(page, listed.text("kind"));
    page.close();
    page.open("div.what");
    page.open("h3");
    page.open("a");
    page.attr("data-activity", id);
    page.text(listed.at("title").words(&seen.lang));
    page.close();
    page.close();
    page.open("p.when");
    words(seen, standing, listed, page);
    page.close();
    page.close();
    page.close();
}

/// When there is something to do, in words.
fn words(seen: &Seen, standing: Standing, listed: &Tree, page: &mut Page<'_>) {
    let texts = &seen.texts;
    let barrier = listed.at("barrier");
    let until = |at: u64| duration_words(texts, at.saturating_sub(seen.now_ms));
    let say = |key: &str, at: u64| texts.fill(key, &until(at));
    let ends = listed.num("closes_at_ms");
    let said = match standing {
        Standing::Open if ends < seen.now_ms + SOON_MS => say("hub.ends", ends),
        Standing::Open => texts.get("hub.open").into(),
        Standing::Locked => texts.get("hub.locked").into(),
        Standing::Next if barrier.exists() => return at_time(texts, next_at_ms(listed), page),
        Standing::Next => say("hub.again", next_at_ms(listed)),
        Standing::Early => say("hub.early", listed.num("opens_at_ms")),
        Standing::Done => texts.get("hub.done").into(),
        Standing::Paused => texts.get("hub.paused").into(),
        Standing::Barred => barrier.at("label").words(&seen.lang).into(),
        Standing::Over => texts.get("hub.over").into(),
    };
    let said: String = said;
    page.text(&said);
}

/// "Next at 20:00": the shell writes the time, in the shopper's own zone.
fn at_time(texts: &Texts, at_ms: u64, page: &mut Page<'_>) {
    let (before, rest) = cut(texts.get("hub.next"), b'{');
    let (_, after) = cut(rest, b'}');
    page.text(before);
    funfair_kit::time(page, at_ms);
    page.text(after);
}
