//! The month's face: a table of days, the run of days as a line through it, one button for today.

use funfair_host_api::{alloc::string::String, json};
use funfair_kit::{
    Ask, Cx, Face, Move, Page, Shown, State, Tree, date, day_words, duration_words, grouped, icon,
    icon_in,
};

use crate::Action;

/// The face of the kind `sign-in-calendar`.
pub struct CalendarFace;

impl Face for CalendarFace {
    fn slug(&self) -> &'static str {
        "sign-in-calendar"
    }

    fn stage(&self, cx: &Cx<'_>, page: &mut Page<'_>) {
        page.open("div.sign-in-calendar");
        run(cx, page);
        month(cx, page);
        today(cx, page);
        page.leaf("p.hint", &hint(cx));
        page.close();
    }

    fn press(&self, cx: &Cx<'_>, name: &str, ask: &mut Ask) {
        if name == "main" {
            if !cx.view.is("signed_today") {
                ask.action = json::write(&Action::SignIn {});
            }
            return;
        }
        let make_up = cx.view.at("make_up");
        let cost = cx.texts.count("kit.points", make_up.num("points_each"));
        // `Action::MakeUp`, by hand: the day is the server's own text, and a test reads it back.
        ask.action.push_str("{\"type\":\"make_up\",\"day\":");
        json::write_str(name, &mut ask.action);
        let card = make_up.num("cards") > 0;
        ask.action.push_str(if card { CARD } else { POINTS });
        ask.title = cx.texts.fill("sign-in-calendar.ask", &day_words(cx.texts, name));
        ask.line = cx.texts.count("sign-in-calendar.ask-left", make_up.num("left"));
        ask.verb = if card {
            cx.texts.get("sign-in-calendar.ask-card").into()
        } else {
            cx.texts.fill("sign-in-calendar.ask-verb", &cost)
        };
    }

    fn outcome(&self, cx: &Cx<'_>, shown: &mut Shown) {
        let outcome = cx.outcome;
        let bonus = outcome.num("bonus");
        shown.motion = Some(Move::Draw);
        match outcome.text("type") {
            "signed" => {
                let points = outcome.num("points") + bonus;
                shown.title = cx.texts.points("sign-in-calendar.signed", points);
            }
            "made_up" => {
                let day = day_words(cx.texts, outcome.text("day"));
                shown.title = cx.texts.fill("sign-in-calendar.made-up", &day);
            }
            _ => return,
        }
        shown.line = cx.texts.count("sign-in-calendar.streak", outcome.num("streak"));
        if bonus > 0 {
            shown.line.push_str(" · ");
            shown.line.push_str(&cx.texts.points("sign-in-calendar.with-bonus", bonus));
        }
    }

    fn refusal(&self, cx: &Cx<'_>, refusal: &Tree) -> String {
        match refusal.text("type") {
            "already_signed" => {
                let left_ms = refusal.num("next_day_at_ms").saturating_sub(cx.now_ms);
                cx.texts.fill("sign-in-calendar.already", &duration_words(cx.texts, left_ms))
            }
            "no_card" => cx.texts.get("sign-in-calendar.no-card").into(),
            "day_not_open" => cx.texts.get("sign-in-calendar.not-open").into(),
            "make_up_limit" => cx.texts.count("sign-in-calendar.limit", refusal.num("limit")),
            "not_enough_points" => {
                let short = refusal.num("needs").saturating_sub(refusal.num("balance"));
                cx.texts.points("sign-in-calendar.short", short)
            }
            _ => String::new(),
        }
    }

    fn wakes_at_ms(&self, cx: &Cx<'_>) -> u64 {
        cx.view.num("next_day_at_ms")
    }
}

/// How the hand-written action ends.
const CARD: &str = ",\"pay\":\"card\"}";
const POINTS: &str = ",\"pay\":\"points\"}";

/// The days in a row, and what the next bonus is.
fn run(cx: &Cx<'_>, page: &mut Page<'_>) {
    page.open("div.run");
    page.leaf("p.streak", &cx.texts.count("sign-in-calendar.streak", cx.view.num("streak")));
    let bonus = cx.view.at("bonus");
    if bonus.exists() {
        let mut gift: String = bonus.at("label").words(cx.lang).into();
        if gift.is_empty() {
            gift = cx.texts.count("kit.points", bonus.num("points"));
        }
        let (left, every) = (bonus.num("days_left"), bonus.num("every"));
        let days = cx.texts.count("kit.days", left);
        page.open("p.bonus");
        page.text(&cx.texts.fill_two("sign-in-calendar.bonus", "days", &days, &gift));
        // The way to it: a dot a day, the reached ones filled.
        page.open("span.dots aria-hidden=true");
        for at in 0..every.min(10) {
            page.open(if at + left < every { "i.reached" } else { "i" });
            page.close();
        }
        page.close();
        page.close();
    }
    page.close();
}

fn month(cx: &Cx<'_>, page: &mut Page<'_>) {
    let (year, number, _) = date(cx.view.text("month"));
    let name = cx.texts.word("kit.months", number);
    let mut digits = String::new();
    json::write_u64(year, &mut digits);
    page.open("table.month");
    page.leaf("caption", &cx.texts.fill_two("sign-in-calendar.month", "m", name, &digits));
    page.open("thead");
    page.open("tr");
    for nth in 1..=7 {
        page.leaf("th scope=col", cx.texts.word("sign-in-calendar.week", nth));
    }
    page.close();
    page.close();
    page.open("tbody");
    page.open("tr");
    let before = weekday(year, number);
    for _ in 0..before {
        page.open("td");
        page.close();
    }
    let days = cx.view.at("days").list();
    for (index, cell) in days.iter().enumerate() {
        let place = index + before;
        if place > 0 && place.is_multiple_of(7) {
            page.close();
            page.open("tr");
        }
        let done = is_done(cx, cell);
        let next = days.get(index + 1).filter(|_| place % 7 < 6);
        let joined = done && next.is_some_and(|next| is_done(cx, next));
        day(cx, page, cell, &grouped(index as u64 + 1), done, joined);
    }
    page.close();
    page.close();
    page.close();
}

/// How many days of its week, which begins on Monday, are before the first of a month.
fn weekday(year: u64, month: u64) -> usize {
    // Counted from March, so that the leap day is the last of its year.
    let year = year - u64::from(month < 3);
    let months = (month + 9) % 12;
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (153 * months + 2) / 5 + 2;
    (days % 7) as usize
}

/// Whether a day is signed, that of the play in motion or on show too.
fn is_done(cx: &Cx<'_>, cell: &Tree) -> bool {
    matches!(cell.text("state"), "done" | "made_up") || is_new(cx, cell)
}

fn is_new(cx: &Cx<'_>, cell: &Tree) -> bool {
    cx.outcome.text("day") == cell.text("day")
}

fn day(cx: &Cx<'_>, page: &mut Page<'_>, cell: &Tree, date: &str, done: bool, joined: bool) {
    let name = cell.text("day");
    let open = cx.view.at("make_up").at("days").list().iter().any(|day| day.as_text() == name);
    page.open(match cell.text("state") {
        _ if joined => "td.done.join",
        _ if done => "td.done",
        "missed" => "td.missed",
        "today" => "td.today",
        _ => "td",
    });
    if cx.view.text("today") == name {
        page.attr("aria-current", "date");
    }
    page.leaf("span.date", date);
    if open && !done && cx.is_open() {
        page.open("button.disk type=button");
        page.attr("data-do", name);
        let words = cx.texts.fill("sign-in-calendar.make-up", &day_words(cx.texts, name));
        page.attr("aria-label", &words);
        page.text("+");
        page.close();
    } else {
        page.open("span.disk");
        if done && is_new(cx, cell) {
            icon_in(page, "svg.icon viewBox=0,0,24,24 aria-hidden=true data-move=", "check");
        } else if done {
            icon(page, "check");
        } else if cell.num("points") > 0 {
            let mut points = String::from("+");
            points.push_str(&grouped(cell.num("points")));
            page.text(&points);
        }
        page.close();
    }
    if done {
        page.say("span.said", "sign-in-calendar.done");
    } else if cell.text("state") == "missed" {
        page.say("span.said", "sign-in-calendar.missed");
    }
    page.close();
}

/// The one button: today.
fn today(cx: &Cx<'_>, page: &mut Page<'_>) {
    let visitor = cx.state == State::SignedOut;
    let signed = cx.view.is("signed_today");
    page.open("button.main type=button part=button data-do=main");
    if !visitor && (signed || !cx.is_open()) {
        page.attr("aria-disabled", "true");
    }
    if visitor {
        page.say("b", "kit.sign-in");
    } else if signed {
        page.say("b", "sign-in-calendar.done-today");
    } else {
        page.say("b", "sign-in-calendar.sign-in");
        page.text(" ");
        let gift = cx.texts.points("sign-in-calendar.gift", cx.view.num("next_points"));
        page.leaf("small", &gift);
    }
    page.close();
}

fn hint(cx: &Cx<'_>) -> String {
    let make_up = cx.view.at("make_up");
    if cx.state == State::Refused {
        // The status line says it already.
        String::new()
    } else if cx.view.is("signed_today") {
        cx.texts.points("sign-in-calendar.tomorrow", cx.view.num("next_points"))
    } else if make_up.at("days").list().is_empty() || !cx.is_open() {
        String::new()
    } else if make_up.num("cards") > 0 {
        cx.texts.get("sign-in-calendar.can-use-card").into()
    } else {
        cx.texts.points("sign-in-calendar.can-make-up", make_up.num("points_each"))
    }
}
