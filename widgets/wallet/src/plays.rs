//! Every play with what it brought, its number for the store's support, and its draws made again.

use crate::{Wallet, more, nothing};
use funfair_kit::{Page, Seen, Tree, grouped, icon, time};

impl Wallet {
    pub fn history(&self, seen: &Seen, page: &mut Page<'_>) {
        if !self.has_plays {
            return self.no_plays(page);
        }
        if self.plays.rows.is_empty() {
            return nothing("none", "wallet.no-plays", page);
        }
        page.say("p.fine", "wallet.plays-intro");
        for play in &self.plays.rows {
            self.play(seen, play, page);
        }
        more(&self.plays, "older", page);
    }

    /// On their way, or lost: then they can be asked for again.
    fn no_plays(&self, page: &mut Page<'_>) {
        page.open("div.nothing");
        page.say("p", if self.wants_plays { "kit.loading" } else { "wallet.plays-lost" });
        if !self.wants_plays {
            page.say("button.quiet type=button data-do=tab data-value=plays", "kit.retry");
        }
        page.close();
    }

    fn title<'a>(&'a self, seen: &'a Seen, activity: &'a str) -> &'a str {
        let lists = [self.listed.list(), seen.main.at("chances").list(), &self.entries.rows];
        let of = |row: &&Tree| row.text("activity") == activity && row.has("title");
        let found = lists.iter().find_map(|list| list.iter().find(of));
        found.map_or(activity, |row| row.at("title").words(&seen.lang))
    }

    fn play(&self, seen: &Seen, play: &Tree, page: &mut Page<'_>) {
        let (id, outcome) = (play.text("id"), play.at("outcome"));
        let rewards = play.at("rewards").list();
        page.open("details.play");
        page.attr("key", id);
        page.open("summary");
        page.open("span.what");
        page.leaf("b", outcome.at("label").words(&seen.lang));
        page.open("small");
        page.text(self.title(seen, play.text("activity")));
        page.text(" · ");
        time(page, play.num("at_ms"));
        page.close();
        page.close();
        page.close();
        if play.text("status") == "void" {
            page.say("p.fine", "wallet.void");
        }
        if !rewards.is_empty() {
            page.open("ul.brought");
            for reward in rewards {
                let n = reward.num("amount");
                let points = reward.text("type") == "points" && n > 0;
                page.open("li");
                page.text(reward.at("label").words(&seen.lang));
                // A label may say the number already; a reader is not told twice.
                if points && reward.at("label").words(&seen.lang).is_empty() {
                    page.text(&seen.texts.count("kit.points", n));
                }
                page.close();
            }
            page.close();
        }
        page.open("p.code");
        page.say("span", "wallet.support");
        page.leaf("code", id);
        self.copy(seen, id, page);
        page.close();
        self.draws(seen, play, page);
        page.close();
    }

    fn draws(&self, seen: &Seen, play: &Tree, page: &mut Page<'_>) {
        let (id, proof) = (play.text("id"), play.at("proof"));
        let drawn = !proof.at("draws").list().is_empty();
        page.open("p.acts");
        for (name, key) in [("check", "wallet.check"), ("save", "wallet.save")] {
            if drawn || name == "save" {
                page.open("button.quiet type=button");
                page.attr("data-do", name);
                page.attr("data-value", id);
                page.text(seen.texts.get(key));
                page.close();
            }
        }
        page.close();
        if !drawn {
            page.say("p.fine", "wallet.no-draw");
        }
        // The line is there before it says something, or nobody is told.
        page.open("div.proof role=status");
        if let Some(said) = self.checks.iter().find(|said| said.text("id") == id) {
            verdict(seen, proof, said, page);
        }
        page.close();
    }
}

fn verdict(seen: &Seen, proof: &Tree, said: &Tree, page: &mut Page<'_>) {
    let texts = &seen.texts;
    if !said.is("able") {
        page.say("p.fine", "wallet.proof.unable");
        return;
    }
    let right = said.is("right");
    page.open(if right { "p.verdict.right" } else { "p.verdict.wrong" });
    icon(page, if right { "check" } else { "close" });
    page.say("b", if right { "wallet.proof.right" } else { "wallet.proof.wrong" });
    page.close();
    page.open("dl");
    page.say("dt", "wallet.proof.commitment");
    page.leaf("dd.hash dir=ltr", proof.text("commitment"));
    page.say("dt", "wallet.proof.seed");
    page.leaf("dd.hash dir=ltr", proof.text("server_seed"));
    page.close();
    page.say(
        if said.is("bound") { "p.fine" } else { "p.fine.wrong" },
        if said.is("bound") { "wallet.proof.bound" } else { "wallet.proof.loose" },
    );
    for (draw, again) in proof.at("draws").list().iter().zip(said.at("draws").list()) {
        table(seen, draw, again, page);
        let found = texts.fill_two(
            if again.is("right") { "wallet.proof.found" } else { "wallet.proof.differs" },
            "picked",
            draw.text("picked"),
            again.text("found"),
        );
        page.leaf(if again.is("right") { "p.fine" } else { "p.fine.wrong" }, &found);
    }
}

/// The table that was drawn from; each prize with the numbers that are its own.
fn table(seen: &Seen, draw: &Tree, again: &Tree, page: &mut Page<'_>) {
    let said = seen.texts.fill_two(
        "wallet.proof.drawn",
        "value",
        &grouped(again.num("value")),
        &grouped(again.num("total")),
    );
    page.open("table.odds");
    page.leaf("caption", &said);
    page.open("thead");
    page.open("tr");
    for key in ["kit.prize", "wallet.proof.numbers"] {
        page.say("th scope=col", key);
    }
    page.close();
    page.close();
    page.open("tbody");
    let mut from = 0;
    for line in draw.at("table").list() {
        let (prize, weight) = (line.text("prize"), line.num("weight"));
        if weight == 0 {
            continue;
        }
        page.open(if prize == again.text("found") { "tr.hit" } else { "tr" });
        page.leaf("th scope=row", prize);
        let mut range = grouped(from);
        from += weight;
        if weight > 1 {
            range.push('–');
            range.push_str(&grouped(from - 1));
        }
        page.leaf("td dir=ltr", &range);
        page.close();
    }
    page.close();
    page.close();
}
