//! The wheel's face: a sector for each of the published odds, and the hub that spins.
//!
//! The disc always stands where the last prize says; a spin is only a motion that ends there. Angles
//! are in hundredths of a degree, clockwise from the top.

use funfair_host_api::{Pay, alloc::string::String};
use funfair_kit::{
    Ask, Cx, Face, Move, Page, Shown, State, Tree, ask_paid, decimal, icon_in, next_free_words,
    pay, pay_words, unpaid_words,
};

/// The face of the kind `spin-wheel`.
pub struct WheelFace;

const TURN: u32 = 36_000;
/// Whole turns before the wheel finds its place.
const TURNS: u32 = 5;

impl Face for WheelFace {
    fn slug(&self) -> &'static str {
        "spin-wheel"
    }

    fn stage(&self, cx: &Cx<'_>, page: &mut Page<'_>) {
        let won = cx.state == State::Result;
        page.open(if won { "div.spin-wheel.landed" } else { "div.spin-wheel" });
        page.open("div.wheel");
        page.fixed(RIM);
        disc(cx, page, won);
        page.fixed(POINTER);
        hub(cx, page);
        page.close();
        page.leaf("p.hint", &hint(cx));
        page.close();
    }

    fn press(&self, cx: &Cx<'_>, name: &str, ask: &mut Ask) {
        if name == "main" {
            ask_paid(cx, r#"{"type":"spin""#, ask);
        }
    }

    fn outcome(&self, cx: &Cx<'_>, shown: &mut Shown) {
        let to = index(cx, cx.outcome.text("prize"));
        let from = angle(cx, index(cx, cx.view.text("last")));
        shown.motion = Some(Move::Turn(TURNS * TURN + (TURN + from - angle(cx, to)) % TURN));
        if let Some(odds) = odds(cx).get(to) {
            shown.icon = odds.text("icon").into();
        }
        let label = cx.outcome.at("label").words(cx.lang);
        match cx.outcome.text("type") {
            "won" => shown.title = cx.texts.fill("spin-wheel.won", label),
            "consoled" => {
                shown.won = false;
                shown.title = label.into();
                shown.line = cx.texts.get("spin-wheel.consoled").into();
            }
            _ => {}
        }
        if let Some(pay) = pay(cx) {
            shown.again = cx.texts.get("spin-wheel.again").into();
            if pay == Pay::Points {
                shown.again.push_str(" · ");
                shown.again.push_str(&pay_words(cx));
            }
        }
    }

    fn refusal(&self, cx: &Cx<'_>, refusal: &Tree) -> String {
        match refusal.text("type") {
            "sold_out" => cx.texts.get("spin-wheel.sold-out").into(),
            _ => unpaid_words(cx, refusal),
        }
    }

    fn wakes_at_ms(&self, cx: &Cx<'_>) -> u64 {
        cx.view.at("chances").num("next_free_at_ms")
    }
}

fn odds<'a>(cx: &Cx<'a>) -> &'a [Tree] {
    cx.activity.at("odds").list()
}

/// The sector of a prize; the first where it has none.
fn index(cx: &Cx<'_>, prize: &str) -> usize {
    odds(cx).iter().position(|odds| odds.text("prize") == prize).unwrap_or(0)
}

/// Where a sector's middle stands on the disc itself.
fn angle(cx: &Cx<'_>, index: usize) -> u32 {
    TURN / sectors(cx) * u32::try_from(index).unwrap_or(0)
}

fn sectors(cx: &Cx<'_>) -> u32 {
    u32::try_from(odds(cx).len()).unwrap_or(1).max(1)
}

const RIM: &str = r#"["svg.rim viewBox=-100,-100,200,200 aria-hidden=true",["circle r=93"],["circle.ring r=88.2"],["circle.marks r=93"]]"#;

const POINTER: &str = r#"["svg.pointer viewBox=0,0,20,26 aria-hidden=true",["path",{"d":"M10 25L3 11.5a8 8 0 1 1 14 0z"}]]"#;

/// `rotate(12.50)`.
fn rotate(page: &mut Page<'_>, hundredths: u32) {
    let mut out = String::from("rotate(");
    decimal(&mut out, u64::from(hundredths));
    out.push(')');
    page.attr("transform", &out);
}

fn disc(cx: &Cx<'_>, page: &mut Page<'_>, won: bool) {
    let shown = cx.outcome.text("prize");
    let at = index(cx, if shown.is_empty() { cx.view.text("last") } else { shown });
    let turned = TURN - angle(cx, at);
    let count = sectors(cx);
    let best = odds(cx).iter().map(|odds| odds.num("tier")).filter(|tier| *tier > 0).min();
    // A sector is a piece of a stroke as wide as the radius: no sines, no path.
    let around = 27_646;
    let mut dash = String::new();
    decimal(&mut dash, u64::from(around / count));
    dash.push(' ');
    decimal(&mut dash, u64::from(around));
    page.open("svg.disc viewBox=-100,-100,200,200 aria-hidden=true data-move=");
    page.open(if count > 8 { "g.many" } else { "g" });
    rotate(page, turned);
    for (index, odds) in odds(cx).iter().enumerate() {
        let own = angle(cx, index);
        page.open(if won && index == at { "g.won" } else { "g" });
        rotate(page, own);
        page.open(match index % 2 {
            _ if Some(odds.num("tier")) == best => "circle.sector.best r=44",
            // An odd wheel would have two equal neighbours at its seam.
            0 if index > 0 && angle(cx, index + 1) + count > TURN => "circle.sector.third r=44",
            0 => "circle.sector r=44",
            _ => "circle.sector.other r=44",
        });
        page.attr("stroke-dasharray", &dash);
        rotate(page, TURN * 3 / 4 - TURN / 2 / count);
        page.close();
        // Read from below, a label would hang upside down.
        let below = (TURN / 4 + 1..TURN * 3 / 4).contains(&((turned + own) % TURN));
        page.open(if below { "g.label transform=rotate(180,0,-65)" } else { "g.label" });
        icon_in(page, ICON, odds.text("icon"));
        let (first, second) = lines(odds.at("label").words(cx.lang));
        // An arc at that height, by the width of a narrow character.
        let (outer, inner) = if count > 8 { (106, 90) } else { (90, 76) };
        page.leaf("text y=-56", &fitted(first, outer / count));
        page.leaf("text y=-47.5", &fitted(second, inner / count));
        page.close();
        page.close();
    }
    page.close();
    page.close();
}

const ICON: &str = "svg.icon viewBox=0,0,24,24 x=-9 y=-83 width=18 height=18";

/// A label in two short lines: at the space nearest its middle, else in half.
fn lines(label: &str) -> (&str, &str) {
    let width: u32 = label.bytes().map(wide).sum();
    if width < 10 {
        return (label, "");
    }
    let spaced = label.bytes().any(|byte| byte == b' ');
    let (mut best, mut skew, mut seen) = (0, width, 0u32);
    for (at, byte) in label.bytes().enumerate() {
        let here = (seen * 2).abs_diff(width);
        if here < skew && (byte == b' ' || !spaced && wide(byte) > 0) {
            (best, skew) = (at, here);
        }
        seen += wide(byte);
    }
    let (first, second) = label.split_at_checked(best).unwrap_or((label, ""));
    (first, second.strip_prefix(' ').unwrap_or(second))
}

/// As much of a line as is no wider than `most`; the whole name is in the table below.
fn fitted(line: &str, most: u32) -> String {
    let (mut seen, mut end) = (0, 0);
    for (at, byte) in line.bytes().enumerate() {
        if seen < most && wide(byte) > 0 {
            end = at;
        }
        seen += wide(byte);
    }
    if seen <= most {
        return line.into();
    }
    let (kept, _) = line.split_at_checked(end).unwrap_or((line, ""));
    let mut out = String::from(kept.strip_suffix(' ').unwrap_or(kept));
    out.push('…');
    out
}

/// A character's width by its first byte: from U+3000 on they are as wide as two Latin ones.
fn wide(byte: u8) -> u32 {
    match byte {
        0x80..=0xbf => 0,
        0..=0xe2 => 1,
        _ => 2,
    }
}

fn hub(cx: &Cx<'_>, page: &mut Page<'_>) {
    let pay = pay(cx);
    let (key, small) = match (cx.state, pay) {
        (State::SignedOut, _) => ("kit.sign-in", String::new()),
        (State::Playing, _) => ("spin-wheel.turning", String::new()),
        (_, None) => ("spin-wheel.used-up", String::new()),
        (_, Some(_)) => ("spin-wheel.spin", pay_words(cx)),
    };
    page.open("button.hub type=button part=button data-do=main");
    if cx.state != State::SignedOut && (pay.is_none() || !cx.is_open()) {
        // Not `disabled`: the button keeps the focus while the wheel turns.
        page.attr("aria-disabled", "true");
    }
    page.say("b", key);
    page.text(" ");
    page.leaf("small", &small);
    page.close();
}

/// The line below: why it is worth a press, or when it is again.
fn hint(cx: &Cx<'_>) -> String {
    let each = cx.view.at("chances").num("points_each");
    match pay(cx) {
        // The status line says it already.
        _ if cx.state == State::Refused => String::new(),
        Some(_) if cx.view.is("sure") => cx.texts.get("spin-wheel.sure").into(),
        Some(Pay::Free) if each > 0 => cx.texts.points("spin-wheel.then", each),
        _ => next_free_words(cx),
    }
}
