//! The wallet: what a member holds, in plain words, and how each play can be checked.
//!
//! Three tabs, which are native radio buttons: rewards, points, plays. What is open and what is
//! typed lives in the page; here is what was read and what was answered.
#![no_std]

extern crate alloc;

mod claim;
mod plays;
mod points;
mod rewards;
mod words;

use alloc::{string::String, vec::Vec};
use funfair_kit::{Effects, MAIN, Page, Pages, Pane, Seen, Tree, cut};

/// The style sheet; the kit's comes before it.
pub const STYLE: &str = include_str!("../style.css");

/// `<funfair-wallet>`: points, rewards and plays of one member in a store's programme.
#[derive(Debug, Default)]
pub struct Wallet {
    /// The ledger, as far as it was read.
    entries: Pages,
    /// The plays, as far as they were read.
    plays: Pages,
    /// Whether the plays were asked for: not before their tab is opened.
    wants_plays: bool,
    /// Whether the plays were answered.
    has_plays: bool,
    /// The store's activities, for the titles of plays.
    listed: Tree,
    /// What came of checking draws, by the receipt's id.
    checks: Vec<Tree>,
    /// What was put on the clipboard last.
    copied: String,
    claim: Claim,
}

/// A claim on its way, or what was wrong with it.
#[derive(Debug, Default)]
struct Claim {
    /// The prize's id; empty where nothing is being claimed.
    id: String,
    sent: bool,
    /// The fields that are wrong, each before a colon, as the problem's detail has them.
    faults: String,
    /// The words for whatever else was in the way; empty for nothing.
    said: &'static str,
}

const TABS: [(&str, &str); 3] =
    [("rewards", "wallet.rewards"), ("points", "wallet.points"), ("plays", "wallet.plays")];

impl Pane for Wallet {
    fn slug(&self) -> &'static str {
        "wallet"
    }

    fn read(&self, todo: &mut Effects) {
        todo.ask(MAIN, "/wallet", "");
        if self.wants_plays {
            todo.ask("plays", "/plays", "");
        }
    }

    fn answered(
        &mut self,
        seen: &mut Seen,
        name: &str,
        status: u32,
        body: &mut Tree,
        todo: &mut Effects,
    ) {
        let good = (200..300).contains(&status);
        match name {
            MAIN => {
                self.entries.newest(&mut seen.main, "entries");
                if self.claim.sent {
                    self.claim = Claim::default();
                }
            }
            "entries" if good => self.entries.older(body, "entries"),
            "entries" => self.entries.lost(),
            "plays" if good => {
                self.has_plays = true;
                self.plays.newest(body, "plays");
            }
            "older" if good => self.plays.older(body, "plays"),
            "older" => self.plays.lost(),
            "listed" if good => self.listed = core::mem::take(body),
            "check" => {
                self.checks.retain(|known| known.text("id") != body.text("id"));
                self.checks.push(core::mem::take(body));
            }
            "claim" => self.claim.answered(status, body, todo),
            // Asked for again when the tab is opened again.
            "plays" => self.wants_plays = self.has_plays,
            _ => {}
        }
    }

    fn pressed(&mut self, _: &Seen, name: &str, value: &str, todo: &mut Effects) {
        match name {
            "tab" if value == "plays" && !self.wants_plays => {
                self.wants_plays = true;
                todo.ask("plays", "/plays", "");
                if !self.listed.exists() {
                    todo.ask_openly("listed", "/activities");
                }
            }
            "entries" => self.entries.more("entries", "/wallet?before=", todo),
            "older" => self.plays.more("older", "/plays?before=", todo),
            "copy" => todo.want("copy", value),
            "copied" => {
                self.copied.clear();
                self.copied.push_str(value);
            }
            "check" | "save" => todo.want(name, value),
            "claim" => {
                let (id, typed) = cut(value, 1);
                self.claim.asked(id, typed, todo);
            }
            _ => {}
        }
    }

    fn picture(&self, page: &mut Page<'_>) {
        funfair_kit::icon(page, "points");
    }

    fn stage(&self, seen: &Seen, page: &mut Page<'_>) {
        points::balance(seen, page);
        for (at, (tab, _)) in TABS.iter().enumerate() {
            page.open("input.tab type=radio name=tab");
            page.attr("id", tab);
            page.attr("value", tab);
            if at == 0 {
                page.attr("checked", "");
            }
            page.close();
        }
        page.open("div.tabs");
        for (tab, key) in TABS {
            page.open("label");
            page.attr("for", tab);
            page.text(seen.texts.get(key));
            page.close();
        }
        page.close();
        page.open("section.rewards part=rewards");
        self.rewards(seen, page);
        page.close();
        page.open("section.points-tab part=ledger");
        self.ledger(seen, page);
        page.close();
        page.open("section.plays part=plays");
        self.history(seen, page);
        page.close();
        page.leaf("p.said role=status part=status", self.said(seen));
    }

    fn is_empty(&self, seen: &Seen) -> bool {
        let main = &seen.main;
        let lists = [main.at("rewards"), main.at("chances")];
        main.num("balance") == 0
            && self.entries.rows.is_empty()
            && lists.iter().all(|list| list.list().is_empty())
    }

    fn wakes_at_ms(&self, _: &Seen) -> u64 {
        0
    }
}

impl Wallet {
    /// What a screen reader is told beside what changed where it was pressed.
    fn said<'a>(&self, seen: &'a Seen) -> &'a str {
        let key = match () {
            () if !self.claim.said.is_empty() => self.claim.said,
            () if self.claim.sent => "wallet.claiming",
            () if !self.claim.faults.is_empty() => "wallet.fault",
            () if !self.copied.is_empty() => "wallet.copied",
            () => return "",
        };
        seen.texts.get(key)
    }

    /// A button that copies, and says so when it has.
    fn copy(&self, seen: &Seen, text: &str, page: &mut Page<'_>) {
        page.open("button.quiet type=button data-do=copy");
        page.attr("data-value", text);
        let done = self.copied == text;
        page.text(seen.texts.get(if done { "wallet.copied" } else { "wallet.copy" }));
        page.close();
    }
}

/// A button that reads the next page of a list, where there is one.
fn more(pages: &Pages, name: &str, page: &mut Page<'_>) {
    if pages.has_more() {
        page.open("button.quiet.more type=button");
        page.attr("data-do", name);
        if pages.is_reading() {
            page.attr("aria-disabled", "true");
        }
        page.say("span", "wallet.more");
        page.close();
    }
}

/// A drawing and a sentence where a list is empty.
fn nothing(icon: &str, key: &str, page: &mut Page<'_>) {
    page.open("div.nothing");
    funfair_kit::icon(page, icon);
    page.say("p", key);
    page.close();
}
