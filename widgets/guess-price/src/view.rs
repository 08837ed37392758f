//! The face: the item, the band that hints narrow, a field with a slider, and friends' links.
//!
//! Prices are typed in whole units of money and sent in cents.

use funfair_host_api::{
    alloc::string::String,
    json::{write_str, write_u64},
};
use funfair_kit::{
    Ask, Cx, Face, Page, Shown, State, Tree, ask_paid, cut, grouped, icon, next_free_words, pay,
    pay_words, unpaid_words,
};

/// The face of the kind `guess-price`.
pub struct GuessPriceFace;

impl Face for GuessPriceFace {
    fn slug(&self) -> &'static str {
        "guess-price"
    }

    fn stage(&self, cx: &Cx<'_>, page: &mut Page<'_>) {
        page.open("div.guess-price");
        ware(cx, page);
        band(cx, page);
        let link = cx.view.at("link");
        let over = cx.view.has("disclosed");
        if over {
            hints(cx, page);
        }
        match (link.text("state"), cx.view.text("stage")) {
            // Whoever comes by a link has one thing to do.
            ("open", _) => form(cx, page, "help", link.num("suggest_cents")),
            ("answered", _) if !over => page.say(COLLECT, "guess-price.look"),
            (_, "collect") if !over => page.say(COLLECT, "guess-price.collect"),
            (_, "open") if !over => form(cx, page, "guess", first(cx)),
            _ => page.say("button.main type=button aria-disabled=true", "guess-price.guess"),
        }
        if !over {
            dots(cx, page);
            friends(cx, page);
            hints(cx, page);
        }
        sealed(cx, page);
        page.close();
    }

    fn press(&self, cx: &Cx<'_>, name: &str, ask: &mut Ask) {
        let (name, value) = cut(name, 1);
        let view = cx.view;
        let link = view.at("link");
        let helps = name == "help" && link.text("state") == "open";
        let guess = match value {
            "" if helps => link.num("suggest_cents"),
            "" => first(cx),
            typed => cents(typed),
        };
        let mut open = String::from("{\"type\":\"");
        open.push_str(name);
        open.push('"');
        match name {
            "guess" if view.text("stage") == "open" && guess > 0 => {
                write_guess(&mut open, guess);
                return ask_paid(cx, &open, ask);
            }
            "help" if helps => {
                write_link(&mut open, link.text("key"));
                write_guess(&mut open, guess);
            }
            "collect" => {
                let found =
                    view.at("helps").list().iter().find(|help| help.text("state") == "found");
                let own = found.map_or(link.text("key"), |help| help.text("link"));
                write_link(&mut open, if value.is_empty() { own } else { value });
            }
            "invite" if view.num("asks_left") > 0 => {}
            _ => return,
        }
        open.push('}');
        ask.action = open;
    }

    fn outcome(&self, cx: &Cx<'_>, shown: &mut Shown) {
        let outcome = cx.outcome;
        let right = outcome.text("told") == "right";
        let words = |key| cx.texts.get(key).into();
        shown.won = false;
        shown.icon = "none".into();
        match outcome.text("type") {
            "guessed" | "collected" => {
                shown.won = outcome.is("won");
                if right && !shown.won {
                    shown.line = words("guess-price.missed");
                }
            }
            "helped" if right => shown.line = words("guess-price.helped"),
            "helped" => shown.line = words("guess-price.thanks"),
            "invited" => {
                shown.title = words("guess-price.invited");
                shown.line = words("guess-price.invited-line");
                shown.share = outcome.text("link").into();
                shown.icon = "packet".into();
                return;
            }
            _ => return,
        }
        if right {
            shown.icon = "coupon".into();
        }
        shown.title = told(cx, outcome, outcome.num("guess_cents"));
    }

    fn refusal(&self, cx: &Cx<'_>, refusal: &Tree) -> String {
        match refusal.text("type") {
            "off_grid" => {
                let low = money(cx, refusal.num("low_cents"));
                let high = money(cx, refusal.num("high_cents"));
                cx.texts.fill_two("guess-price.off-grid", "low", &low, &high)
            }
            "no_chance" if !refusal.has("next_free_at_ms") => {
                cx.texts.get("guess-price.used-up").into()
            }
            tag if is_rare(tag) => refusal.at("label").words(cx.lang).into(),
            _ => unpaid_words(cx, refusal),
        }
    }

    fn wakes_at_ms(&self, cx: &Cx<'_>) -> u64 {
        cx.view.at("chances").num("next_free_at_ms")
    }
}

/// Refusals that are rare, so that their words travel with them.
const RARE: &str = "no_tries guessed_before finished sold_out no_asks link_gone own_link \
                    help_limit not_yet";

fn is_rare(tag: &str) -> bool {
    let mut rest = RARE;
    while !rest.is_empty() {
        let (known, after) = cut(rest, b' ');
        if known == tag {
            return true;
        }
        rest = after;
    }
    false
}

fn write_link(out: &mut String, link: &str) {
    out.push_str(",\"link\":");
    write_str(link, out);
}

fn write_guess(out: &mut String, cents: u64) {
    out.push_str(",\"guess_cents\":");
    write_u64(cents, out);
}

/// What a guess begins with: the best suggestion; 0 where there is none.
fn first(cx: &Cx<'_>) -> u64 {
    let number =
        |tree: &Tree| tree.as_text().bytes().fold(0, |n, byte| n * 10 + u64::from(byte & 15));
    cx.view.at("suggest_cents").list().first().map_or(0, number)
}

/// A typed price, `499` or `499.5`, in cents; 0 where it is none.
fn cents(typed: &str) -> u64 {
    let (whole, part) = cut(typed, b'.');
    let mut out = 0u64;
    for byte in whole.bytes().chain(part.bytes().chain(*b"00").take(2)) {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 || out > 1 << 50 {
            return 0;
        }
        out = out * 10 + u64::from(digit);
    }
    out
}

/// A price as an input has it: `499`, `499.50`.
fn plain(out: &mut String, cents: u64) {
    write_u64(cents / 100, out);
    part(out, cents);
}

fn part(out: &mut String, cents: u64) {
    if !cents.is_multiple_of(100) {
        out.push('.');
        write_u64(cents / 10 % 10, out);
        write_u64(cents % 10, out);
    }
}

/// A price as a reader has it: `¥1,499`.
fn money(cx: &Cx<'_>, cents: u64) -> String {
    let mut n = grouped(cents / 100);
    part(&mut n, cents);
    cx.texts.fill("guess-price.money", &n)
}

/// What a guess came to, in words.
fn told(cx: &Cx<'_>, mark: &Tree, cents: u64) -> String {
    let price = money(cx, cents);
    let key = match mark.text("told") {
        "right" => "guess-price.right",
        "wrong" => "guess-price.wrong",
        "higher" => "guess-price.higher",
        "lower" => "guess-price.lower",
        "within" => "guess-price.within",
        "far" => "guess-price.far",
        _ => "guess-price.taken",
    };
    cx.texts.fill_two(key, "n", mark.text("percent"), &price)
}

/// A swing ticket, where there is no picture.
const TICKET: &str = r#"["svg.ware viewBox=0,0,120,84 aria-hidden=true",["path.tint",{"d":"M14 42L40 16h62a6 6 0 0 1 6 6v40a6 6 0 0 1-6 6H40z"}],["path",{"d":"M14 42L40 16h62a6 6 0 0 1 6 6v40a6 6 0 0 1-6 6H40zM41 37a5 5 0 1 0 0 10 5 5 0 0 0 0-10zM36 42C20 42 14 30 4 34"}],["path.ask",{"d":"M66 35a8.5 8.5 0 1 1 11.5 8c-2.5 1-3 2.5-3 5M74.5 55v.5"}]]"#;

/// What is guessed, what it takes and what it brings.
fn ware(cx: &Cx<'_>, page: &mut Page<'_>) {
    let view = cx.view;
    let name = view.at("label").words(cx.lang);
    if view.has("picture") {
        page.open("img.ware loading=lazy");
        page.attr("src", view.text("picture"));
        page.attr("alt", name);
        page.close();
    } else {
        page.fixed(TICKET);
    }
    page.leaf("h3", name);
    let win = view.at("win");
    let how = match win.text("type") {
        "exact" => cx.texts.get("guess-price.exact").into(),
        "closest" => cx.texts.count("guess-price.closest", win.num("winners")),
        _ if win.has("within_cents") => {
            cx.texts.fill("guess-price.near", &money(cx, win.num("within_cents")))
        }
        _ => cx.texts.fill("guess-price.near-percent", win.text("within_percent")),
    };
    page.leaf("p.how", &how);
    page.open("p.gain");
    icon(page, "coupon");
    page.leaf("span", view.at("prize").words(cx.lang));
    page.close();
}

/// The prices that are still possible, and the guesses.
fn band(cx: &Cx<'_>, page: &mut Page<'_>) {
    let view = cx.view;
    let (low, high) = (view.num("low_cents"), view.num("high_cents"));
    let (from, to) = (view.num("from_cents"), view.num("to_cents"));
    let marks = view.at("guesses").list();
    let at = |cents: u64| cents.saturating_sub(low) * 1000 / (high - low).max(1);
    page.open("div.band");
    page.open("svg viewBox=0,0,1008,40 preserveAspectRatio=none aria-hidden=true");
    bar(page, "rect.all y=14 height=12 rx=6", 0, 1008);
    bar(page, "rect.still y=10 height=20 rx=6", at(from), at(to) - at(from) + 8);
    for mark in marks {
        let head = if mark.is("friend") { "rect.friend height=40" } else { "rect height=40" };
        bar(page, head, at(mark.num("cents")), 8);
    }
    let answer = view.at("disclosed").num("answer_cents");
    if answer > 0 {
        bar(page, "rect.answer height=40", at(answer), 8);
    }
    page.close();
    let words = cx.texts.fill_two("guess-price.between", "from", &money(cx, from), &money(cx, to));
    page.leaf("p id=between", &words);
    if !marks.is_empty() {
        page.open("ol");
        for mark in marks {
            let words = told(cx, mark, mark.num("cents"));
            if mark.is("friend") {
                page.leaf("li.friend", &cx.texts.fill("guess-price.friend", &words));
            } else {
                page.leaf("li", &words);
            }
        }
        page.close();
    }
    page.close();
}

fn bar(page: &mut Page<'_>, head: &str, x: u64, width: u64) {
    let mut head = String::from(head);
    head.push_str(" x=");
    write_u64(x, &mut head);
    head.push_str(" width=");
    write_u64(width, &mut head);
    page.open(&head);
    page.close();
}

/// A field with a slider, and the button that sends it.
fn form(cx: &Cx<'_>, page: &mut Page<'_>, name: &str, begins: u64) {
    let view = cx.view;
    let own = name == "guess";
    let pay = pay(cx);
    page.open("form");
    page.attr("data-do", name);
    let mut head = String::new();
    for (field, cents) in [
        (" min=", view.num("low_cents")),
        (" max=", view.num("high_cents")),
        (" step=", view.num("step_cents")),
        (" value=", begins.max(view.num("low_cents"))),
    ] {
        head.push_str(field);
        plain(&mut head, cents);
    }
    let label = cx.texts.get(if own { "guess-price.yours" } else { "guess-price.for-friend" });
    let mut typed = String::from(
        "input name=price type=number inputmode=decimal required= aria-describedby=between",
    );
    typed.push_str(&head);
    page.field(&typed, label);
    let mut slid = String::from("input type=range data-twin=price");
    slid.push_str(&head);
    page.open(&slid);
    page.attr("aria-label", label);
    page.close();
    page.open("button.main part=button");
    let visitor = cx.state == State::SignedOut;
    let open =
        cx.is_open() && (!own || view.text("stage") == "open" && begins > 0 && pay.is_some());
    if !visitor && !open {
        page.attr("aria-disabled", "true");
    }
    page.say("b", if visitor { "kit.sign-in" } else { "guess-price.guess" });
    if own && !visitor {
        page.text(" ");
        page.leaf("small", &pay_words(cx));
    }
    page.close();
    page.close();
}

/// A dot a try, those that are left filled.
fn dots(cx: &Cx<'_>, page: &mut Page<'_>) {
    let left = cx.view.num("tries_left");
    page.open("p.lamps role=img");
    page.attr("aria-label", &cx.texts.count("guess-price.tries", left));
    for at in 0..cx.view.num("tries") {
        page.open(if at < left { "i.left" } else { "i" });
        page.close();
    }
    page.close();
}

const COLLECT: &str = "button.main type=button data-do=collect";

/// The links for friends: one more, and those that are open.
fn friends(cx: &Cx<'_>, page: &mut Page<'_>) {
    let left = cx.view.num("asks_left");
    page.open("div.friends");
    if left > 0 && cx.state != State::SignedOut {
        let words = cx.texts.count("guess-price.invite", left);
        page.leaf("button.quiet type=button data-do=invite", &words);
    }
    for help in cx.view.at("helps").list() {
        if help.text("state") == "open" {
            page.open("button.quiet type=button data-do=share");
            page.attr("data-value", help.text("link"));
            page.text(cx.texts.get("guess-price.send"));
            page.close();
        }
    }
    page.close();
}

/// What came of the link that the page was opened with, how the member stands, and the price once
/// it is disclosed.
fn hints(cx: &Cx<'_>, page: &mut Page<'_>) {
    let over = cx.view.at("disclosed");
    if over.exists() {
        let price = money(cx, over.num("answer_cents"));
        page.leaf("p.was", &cx.texts.fill("guess-price.was", &price));
    }
    let link = match cx.view.at("link").text("state") {
        "mine" => "guess-price.mine",
        "used" => "guess-price.gone",
        "limit" => "guess-price.limit",
        _ => "",
    };
    let stage = match cx.view.text("stage") {
        "won" => "guess-price.won",
        "missed" => "guess-price.missed",
        "collect" => "guess-price.found",
        _ if over.exists() => "guess-price.over",
        "sold_out" => "guess-price.sold-out",
        "used_up" => "guess-price.used-up",
        _ => "",
    };
    for key in [link, stage] {
        if !key.is_empty() {
            page.say("p.standing", key);
        }
    }
    page.leaf("p.standing", &next_free_words(cx));
}

/// What the price was sealed with: its fingerprint, and after the close the seal.
fn sealed(cx: &Cx<'_>, page: &mut Page<'_>) {
    let (print, over) = (cx.view.text("commitment"), cx.view.at("disclosed"));
    page.open("details.fold");
    let short = print.get(..8).unwrap_or_default();
    page.leaf("summary", &cx.texts.fill("guess-price.sealed", short));
    page.leaf("p.fine", &cx.texts.fill("guess-price.print", print));
    if over.exists() {
        page.say("p.fine", "guess-price.check");
        let mut lines = String::from("funfair/1 price\n");
        write_u64(over.num("answer_cents"), &mut lines);
        lines.push('\n');
        lines.push_str(over.text("seal"));
        page.leaf("pre", &lines);
    }
    page.close();
}
