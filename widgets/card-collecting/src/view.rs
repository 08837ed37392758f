//! The shelf: a card face for each of the published odds, what the set brings, and one button.
//!
//! Which card is opened, so that it can be given or asked for, is the page's own business: each is a
//! `details`.

use funfair_host_api::{Pay, alloc::string::String, json::write_str};
use funfair_kit::{
    Ask, Cx, Face, Move, Page, Shown, State, Tree, after_words, ask_paid, cut, decimal, grouped,
    icon, icon_in, next_free_words, pay, pay_words, unpaid_words,
};

use crate::drawings::DRAWINGS;

/// The face of the kind `card-collecting`.
pub struct CardCollectingFace;

impl Face for CardCollectingFace {
    fn slug(&self) -> &'static str {
        "card-collecting"
    }

    fn drawings(&self) -> &'static str {
        DRAWINGS
    }

    fn stage(&self, cx: &Cx<'_>, page: &mut Page<'_>) {
        let done = cx.view.is("completed");
        page.open(if done { "div.card-collecting.whole" } else { "div.card-collecting" });
        let link = cx.view.at("link");
        if link.exists() {
            let words = link.at("note").words(cx.lang);
            panel(cx, page, link, words, link.text("state") == "own");
        }
        goal(cx, page, done);
        shelf(cx, page);
        button(cx, page);
        page.leaf("p.hint", &hint(cx));
        own_links(cx, page);
        page.close();
    }

    fn press(&self, cx: &Cx<'_>, name: &str, ask: &mut Ask) {
        let (verb, value) = cut(name, 1);
        let field = match verb {
            "main" if cx.view.is("ready") => {
                ask.action.push_str("{\"type\":\"complete\"}");
                return;
            }
            "main" => {
                if may_draw(cx) {
                    ask_paid(cx, "{\"type\":\"draw\"", ask);
                }
                return;
            }
            "give" | "ask" => ",\"card\":",
            "take" | "take_back" => ",\"gift\":",
            _ => ",\"ask\":",
        };
        ask.action.push_str("{\"type\":");
        write_str(verb, &mut ask.action);
        ask.action.push_str(field);
        write_str(value, &mut ask.action);
        ask.action.push('}');
    }

    fn outcome(&self, cx: &Cx<'_>, shown: &mut Shown) {
        let outcome = cx.outcome;
        let card = outcome.text("card");
        // Every outcome names a card, but for that of the whole set.
        if card.is_empty() && !outcome.has("rank") {
            return;
        }
        // Sentences come with the answer, in every language.
        shown.title = outcome.at("label").words(cx.lang).into();
        shown.icon = drawing(cx, card).into();
        shown.share = outcome.text("link").into();
        match outcome.text("type") {
            "drawn" => {
                shown.motion = Some(Move::Draw);
                shown.won = outcome.is("new");
                let new = if shown.won { "card-collecting.new" } else { "card-collecting.twice" };
                shown.line = cx.texts.get(new).into();
                if cx.view.is("ready") {
                    shown.again = cx.texts.get("card-collecting.complete").into();
                } else if may_draw(cx) {
                    shown.again = cx.texts.get("card-collecting.draw").into();
                    if pay(cx) == Some(Pay::Points) {
                        shown.again.push_str(" · ");
                        shown.again.push_str(&pay_words(cx));
                    }
                }
            }
            "completed" => {
                shown.icon = "packet".into();
                shown.line = brings(cx).into();
            }
            "delivered" | "withdrawn" => shown.won = false,
            _ => {}
        }
    }

    fn refusal(&self, cx: &Cx<'_>, refusal: &Tree) -> String {
        let said = unpaid_words(cx, refusal);
        match refusal.text("type") {
            // The answer brings the sentence, in every language.
            "no_chance" | "limit_reached" | "not_possible" if said.is_empty() => {
                refusal.at("label").words(cx.lang).into()
            }
            _ => said,
        }
    }

    fn wakes_at_ms(&self, cx: &Cx<'_>) -> u64 {
        cx.view.num("next_day_at_ms")
    }
}

fn odds<'a>(cx: &Cx<'a>) -> &'a [Tree] {
    cx.activity.at("odds").list()
}

fn line<'a>(cx: &Cx<'a>, card: &str) -> Option<&'a Tree> {
    odds(cx).iter().find(|odds| odds.text("prize") == card)
}

fn drawing<'a>(cx: &Cx<'a>, card: &str) -> &'a str {
    line(cx, card).map_or("", |odds| odds.text("icon"))
}

fn may_draw(cx: &Cx<'_>) -> bool {
    let over = cx.view.has("draws_left") && cx.view.num("draws_left") == 0;
    pay(cx).is_some() && !over
}

/// What completing the set brings.
fn brings<'a>(cx: &Cx<'a>) -> &'a str {
    let pot = cx.view.at("pot");
    let what = if pot.exists() { pot } else { cx.view.at("prize") };
    what.at("label").words(cx.lang)
}

/// A button that names a card or a link.
fn act(page: &mut Page<'_>, head: &str, verb: &str, value: &str, words: &str) {
    page.open(head);
    page.attr("data-do", verb);
    page.attr("data-value", value);
    page.text(words);
    page.close();
}

const QUIET: &str = "button.quiet type=button";

/// A line about a link, whoever's it is, with what can be done.
fn panel(cx: &Cx<'_>, page: &mut Page<'_>, link: &Tree, words: &str, own: bool) {
    let item = link.text("item");
    page.open("div.link");
    icon(page, drawing(cx, link.text("card")));
    page.leaf("p", words);
    let (verb, key) = match (link.text("kind") == "gift", own) {
        (true, true) => ("take_back", "card-collecting.take-back"),
        (true, false) => ("take", "card-collecting.take"),
        (false, true) => ("collect", "card-collecting.collect"),
        (false, false) => ("answer", "card-collecting.answer"),
    };
    // Own links need no leave; a link that led here says whether it can be used.
    if cx.is_open() && (link.is("can") || !link.has("note")) {
        if own {
            act(page, QUIET, "share", item, cx.texts.get("kit.share"));
        }
        act(page, if own { QUIET } else { "button type=button" }, verb, item, cx.texts.get(key));
    }
    page.close();
}

/// How far it is, and to what.
fn goal(cx: &Cx<'_>, page: &mut Page<'_>, done: bool) {
    let view = cx.view;
    let (have, need) = (view.num("have"), view.num("need"));
    page.open("div.goal");
    if done {
        page.open("p.far");
        icon(page, "check");
        page.say("span", "card-collecting.done");
        page.close();
    } else {
        let words =
            cx.texts.fill_two("card-collecting.progress", "have", &grouped(have), &grouped(need));
        page.leaf("p.far", &words);
        page.open("p.dots aria-hidden=true");
        for at in 0..need {
            page.open(if at < have { "i.there" } else { "i" });
            page.close();
        }
        page.close();
    }
    page.leaf("p.brings", brings(cx));
    let (pot, prize) = (view.at("pot"), view.at("prize"));
    if pot.exists() {
        let share = if pot.is("money") {
            let mut sum = String::new();
            decimal(&mut sum, pot.num("share"));
            cx.texts.fill("card-collecting.money", &sum)
        } else {
            cx.texts.count("kit.points", pot.num("share"))
        };
        let sharers = pot.num("sharers");
        if sharers > 0 {
            let sharers = grouped(sharers);
            page.leaf("p", &cx.texts.fill_two("card-collecting.share", "n", &sharers, &share));
        }
        if !pot.is("paid") && pot.num("at_ms") > cx.now_ms {
            page.leaf("p", &after_words(cx, "card-collecting.at", pot.num("at_ms")));
        }
    }
    if prize.has("left") && !done {
        page.leaf("p", &cx.texts.count("kit.left", prize.num("left")));
    }
    page.close();
}

fn shelf(cx: &Cx<'_>, page: &mut Page<'_>) {
    let total: u64 = odds(cx).iter().map(|odds| odds.num("weight")).sum();
    let drawn = cx.outcome.text("type") == "drawn";
    page.open("div.shelf");
    for held in cx.view.at("cards").list() {
        let id = held.text("card");
        let Some(odds) = line(cx, id) else { continue };
        let count = held.num("count");
        let new = drawn && cx.outcome.text("card") == id;
        page.open(match (new, count) {
            (true, _) => "details.card.drawn name=card",
            (_, 0) => "details.card.missing name=card",
            _ => "details.card name=card",
        });
        page.open("summary");
        let head = if new {
            "svg.icon viewBox=0,0,24,24 aria-hidden=true data-move="
        } else {
            "svg.icon viewBox=0,0,24,24 aria-hidden=true"
        };
        icon_in(page, head, odds.text("icon"));
        page.leaf("span", odds.at("label").words(cx.lang));
        let mut small = String::new();
        if count > 0 || new {
            small.push('×');
            small.push_str(&grouped(count.max(1)));
        } else {
            decimal(&mut small, odds.num("weight") * 10_000 / total.max(1));
            small.push('%');
        }
        page.leaf("b", &small);
        page.close();
        acts(cx, page, held);
        page.close();
    }
    page.close();
}

/// What can be done with a card: below its face once it is opened.
fn acts(cx: &Cx<'_>, page: &mut Page<'_>, held: &Tree) {
    let (id, wild, view) = (held.text("card"), held.is("wild"), cx.view);
    page.open("div.acts");
    if wild {
        page.say("p", "card-collecting.wild");
    }
    let (verb, key, left, note) = if held.num("count") > 0 {
        ("give", "card-collecting.give", "gives_left", "gives_note")
    } else {
        ("ask", "card-collecting.ask", "asks_left", "asks_note")
    };
    if verb == "ask" && wild {
        // Nobody asks for a wildcard.
    } else if view.num(left) == 0 {
        page.leaf("p", view.at(note).words(cx.lang));
    } else if cx.is_open() || cx.state == State::SignedOut {
        act(page, QUIET, verb, id, cx.texts.get(key));
    }
    page.close();
}

fn button(cx: &Cx<'_>, page: &mut Page<'_>) {
    let ready = cx.view.is("ready");
    let visitor = cx.state == State::SignedOut;
    let idle = !visitor && !(cx.is_open() && (ready || may_draw(cx)));
    page.open("button.main type=button part=button data-do=main");
    if idle {
        page.attr("aria-disabled", "true");
    }
    let (key, small) = match cx.state {
        State::SignedOut => ("kit.sign-in", String::new()),
        State::Playing => ("kit.loading", String::new()),
        _ if ready => ("card-collecting.complete", String::new()),
        _ if !may_draw(cx) => ("card-collecting.used-up", String::new()),
        _ => ("card-collecting.draw", pay_words(cx)),
    };
    page.say("b", key);
    page.text(" ");
    page.leaf("small", &small);
    page.close();
}

/// The line below: what the next draws are promised, or when there is one again.
fn hint(cx: &Cx<'_>) -> String {
    let sure = cx.view.num("sure_in");
    match () {
        // The status line says it already.
        () if cx.state == State::Refused || cx.view.is("ready") => String::new(),
        () if may_draw(cx) && sure > 0 => cx.texts.count("card-collecting.sure", sure),
        () if pay(cx).is_some() && !may_draw(cx) => {
            after_words(cx, "card-collecting.tomorrow", cx.view.num("next_day_at_ms"))
        }
        () => next_free_words(cx),
    }
}

/// Own links under way: to be shared again, or ended.
fn own_links(cx: &Cx<'_>, page: &mut Page<'_>) {
    for own in cx.view.at("links").list() {
        let name = line(cx, own.text("card")).map_or("", |odds| odds.at("label").words(cx.lang));
        let gift = own.text("kind") == "gift";
        let key = if gift { "card-collecting.given" } else { "card-collecting.asked" };
        panel(cx, page, own, &cx.texts.fill(key, name), true);
    }
}
