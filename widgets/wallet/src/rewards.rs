//! Chances, coupons as tickets, and prizes with how far they have come.

use crate::{Wallet, nothing, words};
use alloc::string::String;
use funfair_kit::{Page, Seen, Tree, duration_words, icon, time};

/// How far a parcel comes; what is won is the first of them.
const STEPS: [&str; 4] = ["granted", "claimed", "shipped", "delivered"];

impl Wallet {
    pub fn rewards(&self, seen: &Seen, page: &mut Page<'_>) {
        let main = &seen.main;
        let held = main.at("rewards").list();
        let chances = main.at("chances").list();
        let of = |coupon: bool| held.iter().filter(move |held| kind(held) == i32::from(coupon));
        if chances.is_empty() && held.iter().all(|held| kind(held) < 0) {
            return nothing("goods", "wallet.no-rewards", page);
        }
        if of(false).next().is_some() {
            page.say("h3", "wallet.prizes");
            page.open("ul.prizes");
            for held in of(false) {
                self.prize(seen, held, page);
            }
            page.close();
        }
        if of(true).next().is_some() {
            page.say("h3", "wallet.coupons");
            page.open("ul.tickets");
            for held in of(true) {
                self.ticket(seen, held, page);
            }
            page.close();
        }
        if !chances.is_empty() {
            page.say("h3", "wallet.chances");
            page.open("ul.rows");
            for lot in chances {
                chance(seen, lot, page);
            }
            page.close();
        }
    }

    fn ticket(&self, seen: &Seen, held: &Tree, page: &mut Page<'_>) {
        let (texts, coupon) = (&seen.texts, held.at("reward"));
        let until = coupon.text("valid_until");
        let over = held.text("status") != "granted"
            || (!until.is_empty() && words::near(seen, until).0 == "past");
        page.open(if over { "li.ticket.spent" } else { "li.ticket" });
        page.attr("key", held.text("id"));
        page.open("div.stub");
        page.leaf("b", &words::money(seen, coupon.num("value_cents")));
        page.say("span", "wallet.off");
        page.close();
        page.fixed(r#"["div.holes"]"#);
        page.open("div.paper");
        page.leaf("h4", coupon.at("label").words(&seen.lang));
        let least = coupon.num("threshold_cents");
        page.leaf(
            "p",
            &match least {
                0 => texts.get("wallet.any").into(),
                _ => texts.fill("wallet.from", &words::money(seen, least)),
            },
        );
        let items = coupon.at("items").list();
        if !items.is_empty() {
            let mut list = String::new();
            for item in items {
                list.push_str(if list.is_empty() { "" } else { ", " });
                list.push_str(item.as_text());
            }
            page.leaf("p.fine", &texts.fill("wallet.items", &list));
        }
        if held.text("status") == "void" {
            page.say("p.fine", "wallet.void");
        } else if !until.is_empty() {
            page.leaf("p.fine", &words::until(seen, until));
        }
        if coupon.has("code") && !over {
            page.open("p.code");
            page.leaf("code", coupon.text("code"));
            self.copy(seen, coupon.text("code"), page);
            page.close();
        }
        page.close();
        page.close();
    }

    fn prize(&self, seen: &Seen, held: &Tree, page: &mut Page<'_>) {
        let (texts, reward) = (&seen.texts, held.at("reward"));
        let (status, sort) = (held.text("status"), reward.text("type"));
        page.open(if status == "void" { "li.prize.spent" } else { "li.prize" });
        page.attr("key", held.text("id"));
        page.open("div.medal");
        icon(page, if sort == "red_packet" { "packet" } else { "goods" });
        page.close();
        page.open("div.what");
        page.leaf("h4", reward.at("label").words(&seen.lang));
        page.open("p.fine");
        page.text(held.at("title").words(&seen.lang));
        page.text(" · ");
        time(page, held.num("at_ms"));
        page.close();
        let goods = sort == "goods";
        let mut key = String::from("wallet.status.");
        key.push_str(status);
        if status == "granted" {
            key.push_str(if goods { ".goods" } else { "" });
        }
        if goods && status != "void" {
            steps(seen, status, page);
        }
        page.leaf("p.status", texts.get(&key));
        if held.has("tracking") {
            page.open("p.code");
            page.leaf("span", texts.get("wallet.tracking"));
            page.leaf("code", held.text("tracking"));
            self.copy(seen, held.text("tracking"), page);
            page.close();
        }
        page.close();
        self.claim.stage(seen, held, page);
        page.close();
    }
}

/// 1 for a coupon, 0 for what else is a prize, below for what is shown elsewhere: chances are among
/// the chances, cards in their set.
fn kind(held: &Tree) -> i32 {
    match held.at("reward").text("type") {
        "coupon" => 1,
        "chance" | "card" | "points" => -1,
        _ => 0,
    }
}

/// The way of a parcel, for the eye; the status beside it says it in words.
fn steps(seen: &Seen, status: &str, page: &mut Page<'_>) {
    page.open("ol.steps aria-hidden=true");
    let mut done = true;
    for step in STEPS {
        page.open(if done { "li.done" } else { "li" });
        let mut key = String::from("wallet.step.");
        key.push_str(step);
        page.text(seen.texts.get(&key));
        page.close();
        done = done && step != status;
    }
    page.close();
}

fn chance(seen: &Seen, lot: &Tree, page: &mut Page<'_>) {
    page.open("li");
    page.open("div.what");
    page.leaf("b", lot.at("title").words(&seen.lang));
    page.open("small");
    let left = lot.num("expires_at_ms").saturating_sub(seen.now_ms);
    page.text(&match lot.num("expires_at_ms") {
        0 => seen.texts.get("wallet.chance.open").into(),
        _ => seen.texts.fill("wallet.chance.left", &duration_words(&seen.texts, left)),
    });
    page.close();
    page.close();
    page.leaf("span.sum", &seen.texts.count("wallet.times", lot.num("count")));
    page.close();
}
