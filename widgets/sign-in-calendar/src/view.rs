//! The month's face: a table of days, the run of days as a line through it, one button for today.

use funfair_host_api::{
    Day,
    alloc::{string::String, vec::Vec},
    json::{self, Raw},
};
use funfair_kit::{
    Confirm, Cx, Face, Move, Node, Press, Shown, button, day_words, duration_words, el, grouped,
    icon,
};

use crate::{Action, Cell, CellState, Outcome, Refusal, View};

/// The face of the kind `sign-in-calendar`.
pub struct CalendarFace;

impl Face for CalendarFace {
    fn slug(&self) -> &'static str {
        "sign-in-calendar"
    }

    fn stage(&self, cx: &Cx<'_>) -> Option<Node> {
        let view: View = cx.view.get()?;
        Some(
            el("div", "sign-in-calendar")
                .with(run(cx, &view))
                .with(month(cx, &view))
                .with(today(cx, &view))
                .with(el("p", "hint").say(&hint(cx, &view))),
        )
    }

    fn press(&self, cx: &Cx<'_>, name: &str) -> Option<Press> {
        let view: View = cx.view.get()?;
        if name == "main" {
            return (!view.signed_today).then(|| Press::Play(json::write(&Action::SignIn {})));
        }
        let make_up = view.make_up?;
        let day = Day::parse(name)?;
        let cost = cx.texts.count("kit.points", make_up.points_each);
        Some(Press::Ask(Confirm {
            title: cx.fill("sign-in-calendar.ask", &[("day", &day_words(cx.texts, day))]),
            line: cx.texts.count("sign-in-calendar.ask-left", u64::from(make_up.left)),
            verb: cx.fill("sign-in-calendar.ask-verb", &[("cost", &cost)]),
            action: json::write(&Action::MakeUp { day }),
        }))
    }

    fn outcome(&self, cx: &Cx<'_>, outcome: &Raw) -> Option<Shown> {
        let (title, streak, bonus) = match outcome.get()? {
            Outcome::Signed { points, streak, bonus, .. } => {
                (cx.texts.count("sign-in-calendar.signed", points + bonus), streak, bonus)
            }
            Outcome::MadeUp { day, streak, bonus, .. } => {
                let day = day_words(cx.texts, day);
                (cx.fill("sign-in-calendar.made-up", &[("day", &day)]), streak, bonus)
            }
            Outcome::Unknown { .. } => return None,
        };
        let mut lines = Vec::new();
        if bonus > 0 {
            lines.push(cx.texts.count("sign-in-calendar.with-bonus", bonus));
        }
        lines.push(cx.texts.count("sign-in-calendar.streak", u64::from(streak)));
        let motion = Some(Move::Draw);
        Some(Shown { title, lines, icon: "points".into(), won: true, next: None, motion })
    }

    fn refusal(&self, cx: &Cx<'_>, refusal: &Raw) -> Option<String> {
        Some(match refusal.get()? {
            Refusal::AlreadySigned { next_day_at_ms, .. } => {
                let time = duration_words(cx.texts, next_day_at_ms.saturating_sub(cx.now_ms));
                cx.fill("sign-in-calendar.already", &[("time", &time)])
            }
            Refusal::DayNotOpen { .. } => cx.texts.get("sign-in-calendar.not-open").into(),
            Refusal::MakeUpLimit { limit, .. } => {
                cx.texts.count("sign-in-calendar.limit", u64::from(limit))
            }
            Refusal::NotEnoughPoints { needs, balance, .. } => {
                cx.texts.count("sign-in-calendar.short", needs.saturating_sub(balance))
            }
            Refusal::Unknown { .. } => return None,
        })
    }

    fn wakes_at_ms(&self, cx: &Cx<'_>) -> Option<u64> {
        Some(cx.view.get::<View>()?.next_day_at_ms)
    }
}

/// The days in a row, and what the next bonus is.
fn run(cx: &Cx<'_>, view: &View) -> Node {
    let streak = cx.texts.count("sign-in-calendar.streak", u64::from(view.streak));
    let bonus = view.bonus.as_ref().map(|bonus| {
        let gift = match &bonus.label {
            Some(label) => label.pick(cx.lang).into(),
            None => cx.texts.count("kit.points", bonus.points),
        };
        let n = u64::from(bonus.days_left);
        let days = cx.texts.count("kit.days", n);
        let words = cx.fill("sign-in-calendar.bonus", &[("days", &days), ("gift", &gift)]);
        // The way to it: a dot a day, the reached ones filled.
        let mut dots = el("span", "dots").attr("aria-hidden", "true");
        for at in 0..bonus.every.min(10) {
            let reached = at + bonus.days_left < bonus.every;
            dots = dots.with(el("i", if reached { "reached" } else { "" }));
        }
        el("p", "bonus").with(el("span", "").say(&words)).with(dots)
    });
    el("div", "run").with(el("p", "streak").say(&streak)).with_some(bonus)
}

fn month(cx: &Cx<'_>, view: &View) -> Node {
    let year = json::write(&u64::from(view.month.year().unsigned_abs()));
    let months = cx.texts.get("kit.months");
    let name = months.split(' ').nth(view.month.month() as usize - 1).unwrap_or_default();
    let caption = cx.fill("sign-in-calendar.month", &[("m", name), ("y", &year)]);
    let mut head = el("tr", "");
    for name in cx.texts.get("sign-in-calendar.week").split(' ') {
        head = head.with(el("th", "").attr("scope", "col").say(name));
    }
    let settled = |cell: &Cell| {
        matches!(cell.state, CellState::Done | CellState::MadeUp) || just_now(cx) == Some(cell.day)
    };
    let mut body = el("tbody", "");
    let mut row = el("tr", "");
    // Weeks begin on Monday.
    let before = (view.month.weekday() + 6) % 7;
    for _ in 0..before {
        row = row.with(el("td", ""));
    }
    for (index, cell) in view.days.iter().enumerate() {
        let sunday = cell.day.weekday() == 0;
        let done = settled(cell);
        let joined = done && !sunday && view.days.get(index + 1).is_some_and(settled);
        row = row.with(day(cx, view, cell, done, joined));
        if sunday {
            body = body.with(row);
            row = el("tr", "");
        }
    }
    let body = body.with(row);
    el("table", "month")
        .with(el("caption", "").say(&caption))
        .with(el("thead", "").with(head))
        .with(body)
}

/// The day of the play in motion or on show.
fn just_now(cx: &Cx<'_>) -> Option<Day> {
    match cx.outcome?.get()? {
        Outcome::Signed { day, .. } | Outcome::MadeUp { day, .. } => Some(day),
        Outcome::Unknown { .. } => None,
    }
}

fn day(cx: &Cx<'_>, view: &View, cell: &Cell, done: bool, joined: bool) -> Node {
    let date = grouped(u64::from(cell.day.day_of_month()));
    let number = el("span", "date").say(&date);
    let open = view.make_up.as_ref().is_some_and(|make_up| make_up.days.contains(&cell.day));
    let said = |key: &str| el("span", "said").say(cx.texts.get(key));
    let class = match cell.state {
        _ if joined => "done join",
        _ if done => "done",
        CellState::Missed => "missed",
        CellState::Today => "today",
        _ => "",
    };
    let mut node = el("td", class).attr_if(cell.day == view.today, "aria-current", "date");
    if done {
        let check = icon("check").attr_if(just_now(cx) == Some(cell.day), "data-move", "");
        return node
            .with(el("span", "disk").with(check))
            .with(number)
            .with(said("sign-in-calendar.done"));
    }
    if open && cx.is_open() {
        let words = cx.fill("sign-in-calendar.make-up", &[("day", &day_words(cx.texts, cell.day))]);
        let press = cell.day.text();
        return node
            .with(
                el("button", "disk")
                    .attr("type", "button")
                    .attr("aria-label", &words)
                    .on(&press)
                    .say("+"),
            )
            .with(number);
    }
    if cell.points > 0 {
        let mut points = String::from("+");
        points.push_str(&grouped(cell.points));
        node = node.with(el("span", "disk").say(&points));
    } else {
        node = node.with(el("span", "disk"));
    }
    let missed = cell.state == CellState::Missed;
    let node = node.with(number);
    if missed { node.with(said("sign-in-calendar.missed")) } else { node }
}

/// The one button: today.
fn today(cx: &Cx<'_>, view: &View) -> Node {
    let (key, gift) = match cx.state {
        "signed-out" => ("kit.sign-in", 0),
        _ if view.signed_today => ("sign-in-calendar.done-today", 0),
        _ => ("sign-in-calendar.sign-in", view.next_points),
    };
    let enabled = cx.state == "signed-out" || (cx.is_open() && !view.signed_today);
    let node = button("main", "main", true)
        .attr_if(!enabled, "aria-disabled", "true")
        .with(el("b", "").say(cx.texts.get(key)));
    if gift == 0 {
        return node;
    }
    let gift = cx.texts.count("sign-in-calendar.gift", gift);
    node.say(" ").with(el("small", "").say(&gift))
}

fn hint(cx: &Cx<'_>, view: &View) -> String {
    match &view.make_up {
        _ if view.signed_today => cx.texts.count("sign-in-calendar.tomorrow", view.next_points),
        Some(make_up) if !make_up.days.is_empty() => {
            cx.texts.count("sign-in-calendar.can-make-up", make_up.points_each)
        }
        _ => String::new(),
    }
}
