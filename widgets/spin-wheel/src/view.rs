//! The wheel's face: a sector for each of the published odds, and the hub that spins.
//!
//! The disc always stands where the last prize says; a spin is only a motion that ends there. Angles
//! are in hundredths of a degree, clockwise from the top.

use funfair_host_api::{
    Odds,
    alloc::{string::String, vec::Vec},
    json::{self, Raw},
};
use funfair_kit::{
    Cx, Face, Move, Node, Press, Shown, button, duration_words, el, grouped, icon, text,
};

use crate::{Action, Outcome, Pay, Refusal, View};

/// The face of the kind `spin-wheel`.
pub struct WheelFace;

const TURN: u32 = 36_000;
/// Whole turns before the wheel finds its place.
const TURNS: u32 = 5;

impl Face for WheelFace {
    fn slug(&self) -> &'static str {
        "spin-wheel"
    }

    fn stage(&self, cx: &Cx<'_>) -> Option<Node> {
        let view: View = cx.view.get()?;
        let odds = &cx.activity.odds;
        let at = stop(cx, &view);
        let won = cx.outcome.filter(|_| cx.state == "result").map(|_| at);
        let wheel = el("div", "wheel")
            .with(rim())
            .with(disc(cx, odds, at, won))
            .with(drawing("pointer", "0 0 20 26").with(el("path", "").attr("d", POINTER)))
            .with(hub(cx, &view));
        Some(
            el("div", "spin-wheel")
                .attr_if(won.is_some(), "data-won", "")
                .with(wheel)
                .with(el("p", "hint").say(&hint(cx, &view))),
        )
    }

    fn press(&self, cx: &Cx<'_>, name: &str) -> Option<Press> {
        let view: View = cx.view.get()?;
        let pay = pay(&view).filter(|_| name == "main")?;
        Some(Press::Play(json::write(&Action::Spin { pay })))
    }

    fn outcome(&self, cx: &Cx<'_>, outcome: &Raw) -> Option<Shown> {
        let view: View = cx.view.get()?;
        let (label, prize, won) = match outcome.get()? {
            Outcome::Won { label, prize, .. } => (label, prize, true),
            Outcome::Consoled { label, prize, .. } => (label, prize, false),
            Outcome::Unknown { .. } => return None,
        };
        let odds = &cx.activity.odds;
        let label = label.pick(cx.lang);
        let to = index(odds, &prize)?;
        let icon = odds.get(to).map(|odds| odds.icon.clone()).unwrap_or_default();
        let from = angle(index(odds, view.last.as_deref().unwrap_or("")).unwrap_or(0), odds.len());
        let by = TURNS * TURN + (TURN + from - angle(to, odds.len())) % TURN;
        let title = if won { cx.fill("spin-wheel.won", &[("prize", label)]) } else { label.into() };
        let mut lines = Vec::new();
        if !won {
            lines.push(cx.texts.get("spin-wheel.consoled").into());
        }
        let next = pay(&view).map(|pay| {
            let mut verb = String::from(cx.texts.get("spin-wheel.again"));
            if pay == Pay::Points {
                verb.push_str(" · ");
                verb.push_str(&cost(cx, &view));
            }
            (verb, "main")
        });
        Some(Shown { title, lines, icon, won, next, motion: Some(Move::Turn(by)) })
    }

    fn refusal(&self, cx: &Cx<'_>, refusal: &Raw) -> Option<String> {
        let after = |key: &str, at_ms: u64| {
            let time = duration_words(cx.texts, at_ms.saturating_sub(cx.now_ms));
            cx.fill(key, &[("time", &time)])
        };
        Some(match refusal.get()? {
            Refusal::NoChance { next_free_at_ms: Some(at_ms), .. } => {
                after("spin-wheel.next-free", at_ms)
            }
            Refusal::PaidLimit { next_at_ms, .. } => after("spin-wheel.paid-limit", next_at_ms),
            Refusal::NotEnoughPoints { needs, balance, .. } => {
                cx.texts.count("spin-wheel.short", needs.saturating_sub(balance))
            }
            Refusal::SoldOut { .. } => cx.texts.get("spin-wheel.sold-out").into(),
            _ => return None,
        })
    }

    fn wakes_at_ms(&self, cx: &Cx<'_>) -> Option<u64> {
        cx.view.get::<View>()?.next_free_at_ms
    }
}

const POINTER: &str = "M10 25L2.5 10.5a8.5 8.5 0 1 1 15 0z";

fn index(odds: &[Odds], prize: &str) -> Option<usize> {
    odds.iter().position(|odds| odds.prize == prize)
}

/// Where a sector's middle stands on the disc itself.
fn angle(index: usize, sectors: usize) -> u32 {
    let (index, sectors) = (u32::try_from(index).unwrap_or(0), u32::try_from(sectors).unwrap_or(1));
    TURN * index / sectors.max(1)
}

/// The sector under the pointer: of the play on show, else of the last one.
fn stop(cx: &Cx<'_>, view: &View) -> usize {
    let prize = match cx.outcome.and_then(Raw::get) {
        Some(Outcome::Won { prize, .. } | Outcome::Consoled { prize, .. }) => Some(prize),
        _ => view.last.clone(),
    };
    prize.and_then(|prize| index(&cx.activity.odds, &prize)).unwrap_or(0)
}

/// What the next spin is paid with; the cheapest first.
fn pay(view: &View) -> Option<Pay> {
    match view {
        View { free_left: 1.., .. } => Some(Pay::Free),
        View { chances: 1.., .. } => Some(Pay::Chance),
        View { affordable: true, .. } => Some(Pay::Points),
        _ => None,
    }
}

fn cost(cx: &Cx<'_>, view: &View) -> String {
    cx.texts.count("kit.points", view.points_each.unwrap_or(0))
}

fn drawing(class: &'static str, view_box: &str) -> Node {
    el("svg", class).attr("viewBox", view_box).attr("aria-hidden", "true")
}

/// `rotate(12.5)`.
fn rotate(hundredths: u32, around: &str) -> String {
    let mut out = String::from("rotate(");
    out.push_str(&decimal(hundredths));
    out.push_str(around);
    out.push(')');
    out
}

fn decimal(hundredths: u32) -> String {
    let mut out = json::write(&(hundredths / 100));
    out.push('.');
    out.push_str(&json::write(&(hundredths / 10 % 10)));
    out.push_str(&json::write(&(hundredths % 10)));
    out
}

fn circle(class: &str, radius: &str) -> Node {
    el("circle", class).attr("r", radius)
}

fn rim() -> Node {
    drawing("rim", BOX).with(circle("", "98")).with(circle("marks", "94.2"))
}

const BOX: &str = "-100 -100 200 200";

fn disc(cx: &Cx<'_>, odds: &[Odds], at: usize, won: Option<usize>) -> Node {
    let count = odds.len();
    let turned = (TURN - angle(at, count)) % TURN;
    let best = odds.iter().map(|odds| odds.tier).filter(|tier| *tier > 0).min();
    // A sector is a piece of a stroke as wide as the radius: no sines, no path.
    let around = 27_646;
    let share = around / u32::try_from(count).unwrap_or(1).max(1);
    let mut dash = decimal(share);
    dash.push(' ');
    dash.push_str(&decimal(around - share));
    let start = (TURN * 3 / 4 + TURN - TURN / 2 / u32::try_from(count).unwrap_or(1).max(1)) % TURN;
    let mut group =
        el("g", if count > 8 { "many" } else { "" }).attr("transform", &rotate(turned, ""));
    for (index, odds) in odds.iter().enumerate() {
        let tint = match index % 2 {
            _ if Some(odds.tier) == best => "sector best",
            // An odd wheel would have two equal neighbours at its seam.
            0 if index + 1 == count && count % 2 == 1 => "sector third",
            0 => "sector",
            _ => "sector other",
        };
        let own = angle(index, count);
        // Read from below, a label would hang upside down.
        let below = (TURN / 4 + 1..TURN * 3 / 4).contains(&((turned + own) % TURN));
        group = group.with(
            el("g", if won == Some(index) { "won" } else { "" })
                .attr("transform", &rotate(own, ""))
                .with(
                    circle(tint, "44")
                        .attr("stroke-dasharray", &dash)
                        .attr("transform", &rotate(start, "")),
                )
                .with(label(odds, cx.lang, below)),
        );
    }
    drawing("disc", BOX).attr("data-move", "").with(group)
}

fn label(odds: &Odds, lang: &str, below: bool) -> Node {
    let (first, second) = lines(odds.label.pick(lang));
    let line = |y: &str, words: &str| el("text", "").attr("y", y).with(text(words));
    let drawn =
        icon(&odds.icon).attr("x", "-9").attr("y", "-83").attr("width", "18").attr("height", "18");
    el("g", "label")
        .attr_if(below, "transform", "rotate(180 0 -65)")
        .with(drawn)
        .with(line("-56", &first))
        .with(line("-47.5", &second))
}

/// A label in two short lines: at the space nearest its middle, else in half.
fn lines(label: &str) -> (String, String) {
    let wide = |c: char| if c.is_ascii() { 1 } else { 2 };
    let width: usize = label.chars().map(wide).sum();
    if width <= 9 {
        return (label.into(), String::new());
    }
    let (mut best, mut seen, mut skew) = (0, 0usize, usize::MAX);
    let spaced = label.contains(' ');
    for (at, c) in label.char_indices() {
        let here = (seen * 2).abs_diff(width);
        if at > 0 && here < skew && (c == ' ') == spaced {
            (best, skew) = (at, here);
        }
        seen += wide(c);
    }
    let (first, second) = label.split_at_checked(best).unwrap_or((label, ""));
    (first.into(), second.trim_start().into())
}

fn hub(cx: &Cx<'_>, view: &View) -> Node {
    let pay = pay(view);
    let (key, small) = match (cx.state, pay) {
        ("signed-out", _) => ("kit.sign-in", String::new()),
        ("playing", _) => ("spin-wheel.turning", String::new()),
        (_, Some(Pay::Free)) => {
            ("spin-wheel.spin", cx.texts.count("spin-wheel.free", u64::from(view.free_left)))
        }
        (_, Some(Pay::Chance)) => {
            ("spin-wheel.spin", cx.texts.count("spin-wheel.left", u64::from(view.chances)))
        }
        (_, Some(Pay::Points)) => ("spin-wheel.spin", cost(cx, view)),
        (_, None) => ("spin-wheel.used-up", String::new()),
    };
    let enabled = cx.state == "signed-out" || (cx.is_open() && pay.is_some());
    // Not `disabled`: the button keeps the focus while the wheel turns.
    let node = button("hub", "main", true)
        .attr_if(!enabled, "aria-disabled", "true")
        .with(el("b", "").say(cx.texts.get(key)));
    if small.is_empty() { node } else { node.say(" ").with(el("small", "").say(&small)) }
}

/// The line below: why it is worth a press, or when it is again.
fn hint(cx: &Cx<'_>, view: &View) -> String {
    if view.first_play && view.free_left > 0 {
        return cx.texts.get("spin-wheel.first").into();
    }
    match (pay(view), view.next_free_at_ms, view.points_each) {
        (Some(Pay::Free), _, Some(points)) => {
            cx.fill("spin-wheel.then", &[("n", &grouped(points))])
        }
        (_, Some(at_ms), _) => {
            let time = duration_words(cx.texts, at_ms.saturating_sub(cx.now_ms));
            cx.fill("spin-wheel.next-free", &[("time", &time)])
        }
        _ => String::new(),
    }
}
