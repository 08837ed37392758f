//! The vote's face: one list that is the ballot and its results, and below it what is proposed.

use funfair_host_api::{
    alloc::string::String,
    json::{write_str, write_u64},
};
use funfair_kit::{
    Ask, Cx, Face, Page, Shown, State, Tree, cut, day_words, decimal, grouped, icon,
};

/// The face of the kind `poll`.
pub struct PollFace;

impl Face for PollFace {
    fn slug(&self) -> &'static str {
        "poll"
    }

    fn stage(&self, cx: &Cx<'_>, page: &mut Page<'_>) {
        page.open("div.poll");
        ballot(cx, page);
        page.leaf("p.hint", &hint(cx));
        nominations(cx, page);
        page.close();
    }

    fn press(&self, _cx: &Cx<'_>, name: &str, ask: &mut Ask) {
        let (what, mut rest) = cut(name, 1);
        if rest.is_empty() {
            // Nothing is chosen, nothing is written.
            return;
        }
        // The actions, by hand: a test reads them back.
        let mut next = match what {
            "vote" => "{\"type\":\"vote\",\"options\":[",
            "nominate" => "{\"type\":\"nominate\",\"text\":",
            _ => return,
        };
        while !rest.is_empty() {
            let (value, after) = cut(rest, 1);
            ask.action.push_str(next);
            write_str(value, &mut ask.action);
            next = ",";
            rest = after;
        }
        ask.action.push_str(if what == "vote" { "]}" } else { "}" });
    }

    fn outcome(&self, cx: &Cx<'_>, shown: &mut Shown) {
        shown.icon = "check".into();
        let points = cx.outcome.num("points");
        shown.title = match cx.outcome.text("type") {
            "voted" if points > 0 => {
                shown.line = cx.texts.get("poll.thanks").into();
                shown.icon = "points".into();
                cx.texts.points("poll.won", points)
            }
            "voted" => cx.texts.get("poll.thanks").into(),
            "changed" => cx.texts.get("poll.changed").into(),
            "nominated" => {
                shown.line = cx.texts.get("poll.sent-line").into();
                cx.texts.fill("poll.sent", cx.outcome.text("text"))
            }
            _ => String::new(),
        };
    }

    fn refusal(&self, cx: &Cx<'_>, refusal: &Tree) -> String {
        if refusal.has("next") {
            return cx.texts.fill("poll.again", &day_words(cx.texts, refusal.text("next")));
        }
        let mut rest = REFUSALS;
        while !rest.is_empty() {
            let (tag, after) = cut(rest, b' ');
            if refusal.text("type") == tag {
                return refusal.at("label").words(cx.lang).into();
            }
            rest = after;
        }
        String::new()
    }

    fn wakes_at_ms(&self, cx: &Cx<'_>) -> u64 {
        if cx.view.has("round") { cx.view.num("next_day_at_ms") } else { 0 }
    }
}

/// What labels say all of, in every locale, for no bytes here.
const REFUSALS: &str = "already_voted option_full no_such_option wrong_number nominations_closed \
                        nomination_limit text_refused already_there";

/// The ballot while it can be cast, the same list without its inputs afterwards.
fn ballot(cx: &Cx<'_>, page: &mut Page<'_>) {
    let view = cx.view;
    let open = view.is("can_vote");
    let options = view.at("options").list();
    page.open(if open { "form data-do=vote" } else { "div" });
    let mut round = String::new();
    write_u64(view.at("round").num("number"), &mut round);
    // Another round is another form: what was chosen in the last one is not chosen in this.
    page.attr("key", &round);
    page.group(view.at("question").words(cx.lang));
    page.open(match (open, options.iter().any(|option| option.has("picture"))) {
        (true, true) => "div.options.pictured",
        (true, false) => "div.options",
        (false, true) => "ul.options.pictured",
        (false, false) => "ul.options",
    });
    for option in options {
        choice(cx, page, option, open);
    }
    page.close();
    page.close();
    if open && view.num("most") > 1 {
        chosen(cx, page);
    }
    button(cx, page, open);
    page.close();
}

fn choice(cx: &Cx<'_>, page: &mut Page<'_>, option: &Tree, open: bool) {
    let full = option.is("full");
    if open {
        let input = match (cx.view.num("most"), full) {
            (1, false) => "input type=radio name=option required=",
            (1, _) => "input type=radio name=option disabled=",
            (_, false) => "input type=checkbox name=option",
            _ => "input type=checkbox name=option disabled=",
        };
        page.choice(input, option.text("id"), option.is("chosen"));
    } else {
        page.open(if option.is("chosen") { "li.choice.own" } else { "li.choice" });
    }
    if option.has("picture") {
        page.open("img loading=lazy alt=");
        page.attr("src", option.text("picture"));
        page.close();
    }
    page.open("span.about");
    let mut share = String::new();
    if option.has("count") {
        write_u64(per_cent(option.num("count"), cx.view.num("ballots")), &mut share);
        // As wide as its share; a style attribute would be against the page's policy.
        page.open("svg.bar aria-hidden=true");
        let mut width = share.clone();
        width.push('%');
        page.attr("width", &width);
        page.close();
    }
    page.leaf("span.name", option.at("label").words(cx.lang));
    page.leaf("small", &band(cx, option));
    if full {
        page.say("small", "poll.full");
    }
    if option.has("count") {
        let count = grouped(option.num("count"));
        page.leaf("b", &cx.texts.fill_two("poll.count", "share", &share, &count));
    }
    if option.has("last") {
        let ballots = cx.view.at("round").num("last_ballots");
        let last = grouped(per_cent(option.num("last"), ballots));
        page.leaf("small", &cx.texts.fill("poll.last", &last));
    }
    if option.is("chosen") && !open {
        page.open("span.mark");
        icon(page, "check");
        page.say("span.said", "poll.yours");
        page.close();
    }
    page.close();
    page.close();
}

fn per_cent(count: u64, all: u64) -> u64 {
    (count * 100 + all / 2).checked_div(all).unwrap_or(0)
}

/// What an option costs: "¥99–129".
fn band(cx: &Cx<'_>, option: &Tree) -> String {
    let price = |name: &str| {
        let cents = option.num(name);
        let mut out = String::new();
        if cents.is_multiple_of(100) {
            out = grouped(cents / 100);
        } else {
            decimal(&mut out, cents);
        }
        out
    };
    let (from, to) = (option.has("from_cents"), option.has("to_cents"));
    match (from, to) {
        (true, true) => {
            cx.texts.fill_two("poll.band", "from", &price("from_cents"), &price("to_cents"))
        }
        (true, _) => cx.texts.fill("poll.band-from", &price("from_cents")),
        (_, true) => cx.texts.fill("poll.band-to", &price("to_cents")),
        _ => String::new(),
    }
}

/// "1 of 2 chosen": the first number is counted by the style sheet, from the inputs themselves.
fn chosen(cx: &Cx<'_>, page: &mut Page<'_>) {
    let most = grouped(cx.view.num("most"));
    let words = cx.texts.fill_two("poll.chosen", "n", "\u{1}", &most);
    let (before, after) = cut(&words, 1);
    page.open("p.chosen");
    page.text(before);
    page.open("b");
    page.close();
    page.text(after);
    let least = cx.view.num("least");
    if least > 1 {
        page.text(" · ");
        page.leaf("small", &cx.texts.fill("poll.least", &grouped(least)));
    }
    page.close();
}

fn button(cx: &Cx<'_>, page: &mut Page<'_>, open: bool) {
    let visitor = cx.state == State::SignedOut;
    let voted = cx.view.is("voted");
    page.open(if open {
        "button.main type=submit part=button"
    } else {
        "button.main type=button part=button data-do=main"
    });
    if !(visitor || open && cx.is_open()) {
        page.attr("aria-disabled", "true");
    }
    page.say(
        "b",
        match () {
            () if visitor => "kit.sign-in",
            () if open && voted => "poll.change",
            () if open => "poll.vote",
            () if voted => "poll.thanks",
            () if cx.state == State::Closed => "poll.over",
            () => "poll.full",
        },
    );
    let gift = cx.view.at("gift");
    if gift.exists() && open && !visitor {
        page.text(" ");
        page.leaf(
            "small",
            &match gift.num("points") {
                0 => cx.texts.get("poll.gift-any").into(),
                points => cx.texts.points("poll.gift", points),
            },
        );
    }
    page.close();
}

/// The line below: how many voted, when counts are shown, when the next round is.
fn hint(cx: &Cx<'_>) -> String {
    let (view, texts) = (cx.view, cx.texts);
    let next = view.at("round").text("next");
    let mut out = if view.has("ballots") {
        texts.count("poll.ballots", view.num("ballots"))
    } else {
        texts
            .get(match view.text("results") {
                "hidden" => "poll.later",
                "after_vote" => "poll.after",
                _ => "",
            })
            .into()
    };
    if !next.is_empty() {
        if !out.is_empty() {
            out.push_str(" · ");
        }
        out.push_str(&texts.fill("poll.next", &day_words(texts, next)));
    }
    out
}

/// What this member proposed, and a form for more.
fn nominations(cx: &Cx<'_>, page: &mut Page<'_>) {
    let rule = cx.view.at("nominations");
    let (left, mine) = (rule.num("left"), rule.at("mine").list());
    if left == 0 && mine.is_empty() {
        return;
    }
    page.open("section.more");
    page.say("h3", "poll.more");
    if !mine.is_empty() {
        page.open("ul");
    }
    for proposed in mine {
        page.open("li");
        page.leaf("span", proposed.text("text"));
        page.say(
            "small",
            match proposed.text("status") {
                "pending" => "poll.pending",
                "accepted" => "poll.accepted",
                "declined" => "poll.declined",
                _ => "poll.lapsed",
            },
        );
        page.close();
    }
    if !mine.is_empty() {
        page.close();
    }
    if left > 0 && cx.state != State::SignedOut {
        page.open("form data-do=nominate");
        // A proposal that is taken down leaves the field empty.
        page.attr("key", &grouped(left));
        page.open("label.field");
        let most = grouped(rule.num("max_length"));
        page.leaf("span", &cx.texts.fill_two("poll.name", "n", &most, &grouped(left)));
        page.open("input name=text required= autocomplete=off");
        page.attr("maxlength", &most);
        page.close();
        page.close();
        page.open("button.quiet type=submit");
        if !cx.is_open() {
            page.attr("aria-disabled", "true");
        }
        page.text(cx.texts.get("poll.nominate"));
        page.close();
        page.close();
    }
    page.close();
}
