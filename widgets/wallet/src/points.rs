//! The balance in large figures, what lapses, and the ledger in plain words.

use crate::{Wallet, more, nothing, words};
use alloc::string::String;
use funfair_kit::{Page, Seen, Tree, cut, grouped, time};

/// The head of the wallet: how much there is, what it is worth, what lapses first.
pub fn balance(seen: &Seen, page: &mut Page<'_>) {
    let (texts, main) = (&seen.texts, &seen.main);
    page.open("div.purse");
    page.say("h2.title part=title", "wallet.title");
    page.open("p.balance part=balance");
    page.leaf("b", &grouped(main.num("balance")));
    page.text(" ");
    page.leaf("span", &texts.count("wallet.unit", main.num("balance")));
    page.close();
    if main.has("worth_cents") && main.num("balance") > 0 {
        // Rounded down, as the till does.
        let cents = main.num("balance") * main.num("worth_cents") / 100;
        page.leaf("p.worth", &texts.fill("wallet.worth", &words::money(seen, cents)));
    }
    if let Some(first) = main.at("expiring").list().first() {
        page.open("p.lapse");
        lapse(seen, first, page);
        page.close();
    }
    if main.num("owed") > 0 {
        page.leaf("p.owed", &texts.points("wallet.owed", main.num("owed")));
    }
    page.close();
}

/// "120 points lapse in 3 days · 25 Nov".
fn lapse(seen: &Seen, lot: &Tree, page: &mut Page<'_>) {
    let day = lot.text("expires_on");
    let (word, days) = match words::near(seen, day) {
        // The day has turned since it was read.
        ("past", _) => ("today", 0),
        near => near,
    };
    let mut key = String::from("wallet.lapse.");
    key.push_str(word);
    let points = seen.texts.count("kit.points", lot.num("amount"));
    let days = seen.texts.count("kit.days", days);
    page.leaf("b", &seen.texts.fill_two(&key, "points", &points, &days));
    page.leaf("span", &words::dated(seen, word, day));
}

impl Wallet {
    pub fn ledger(&self, seen: &Seen, page: &mut Page<'_>) {
        let expiring = seen.main.at("expiring").list();
        // The first stands above already.
        if expiring.len() > 1 {
            page.say("h3", "wallet.expiring");
            page.open("ul.lapses");
            for lot in expiring {
                page.open("li");
                lapse(seen, lot, page);
                page.close();
            }
            page.close();
        }
        if self.entries.rows.is_empty() {
            return nothing("points", "wallet.no-entries", page);
        }
        page.say("h3", "wallet.ledger");
        page.open("ul.rows");
        for entry in &self.entries.rows {
            row(seen, entry, page);
        }
        page.close();
        more(&self.entries, "entries", page);
    }
}

fn row(seen: &Seen, entry: &Tree, page: &mut Page<'_>) {
    let amount = entry.text("amount");
    let (sign, digits) = match amount.strip_prefix('-') {
        Some(digits) => ("−", digits),
        None => ("+", amount),
    };
    page.open("li");
    page.attr("key", entry.text("id"));
    page.open("div.what");
    page.leaf("b", &reason(seen, entry, sign == "+"));
    page.open("small");
    time(page, entry.num("at_ms"));
    // The order that it answers to; of an earlier line there is nothing to be said.
    let order = entry.text("of");
    if !entry.has("title") && !order.is_empty() {
        page.leaf("span", &seen.texts.fill("wallet.order", order));
    }
    page.close();
    page.close();
    let mut sum = String::from(sign);
    sum.push_str(&grouped(funfair_kit::number(digits)));
    // The sign stands before the figures in every direction of writing.
    page.leaf(if sign == "+" { "span.sum.plus dir=ltr" } else { "span.sum dir=ltr" }, &sum);
    page.close();
}

/// Why points moved, as one would say it.
fn reason(seen: &Seen, entry: &Tree, into: bool) -> String {
    let mut key = String::from("wallet.");
    key.push_str(entry.text("reason"));
    if entry.text("reason") == "refund" && !into {
        key.push_str(".back");
    } else if entry.has("title") {
        key.push_str(".in");
    }
    let words = seen.texts.get(&key);
    if words == key {
        // A reason that is newer than the words.
        return entry.at("title").words(&seen.lang).into();
    }
    let (before, rest) = cut(words, b'{');
    let (_, after) = cut(rest, b'}');
    let mut out = String::from(before);
    if !rest.is_empty() {
        out.push_str(entry.at("title").words(&seen.lang));
    }
    out.push_str(after);
    out
}
