use crate::{Node, Texts, el, text};
use alloc::string::String;
use funfair_host_api::{Day, json::write_u64};

/// The one button that plays.
pub fn button(class: &str, press: &str, enabled: bool) -> Node {
    el("button", class)
        .attr("type", "button")
        .attr("part", "button")
        .attr_if(!enabled, "disabled", "")
        .on(press)
}

/// Another button, with its words.
pub(crate) fn link(class: &str, press: &str, words: &str) -> Node {
    el("button", class).attr("type", "button").on(press).with(text(words))
}

/// `1234567` as `1,234,567`.
pub fn grouped(n: u64) -> String {
    let mut digits = String::new();
    write_u64(n, &mut digits);
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A day as the locale writes it: "30 Nov", "11月30日".
pub fn day_words(texts: &Texts, day: Day) -> String {
    let (_, month, date) = day.date();
    let months = texts.get("kit.months");
    let month = months.split(' ').nth(month as usize - 1).unwrap_or_default();
    texts.fill("kit.day", &[("m", month), ("d", &grouped(u64::from(date)))])
}

/// A length of time in its two largest units: "5 h 12 min".
pub fn duration_words(texts: &Texts, ms: u64) -> String {
    let [days, hours, minutes, seconds] = units(ms);
    let pairs: [(&str, u64, &str, u64); 3] = [
        ("kit.days", days, "kit.hours", hours),
        ("kit.hours", hours, "kit.minutes", minutes),
        ("kit.minutes", minutes, "kit.seconds", seconds),
    ];
    for (large, n, small, rest) in pairs {
        if n > 0 {
            let mut out = texts.count(large, n);
            if rest > 0 && small != "kit.seconds" {
                out.push(' ');
                out.push_str(&texts.count(small, rest));
            }
            return out;
        }
    }
    texts.count("kit.seconds", seconds)
}

/// The time until the opening, a box a unit; not announced, it changes every second.
pub(crate) fn count_down(texts: &Texts, ms: u64) -> Node {
    let mut node = el("div", "clock").attr("role", "timer");
    for (name, n) in ["kit.d", "kit.h", "kit.m", "kit.s"].into_iter().zip(units(ms)) {
        let mut digits = String::from(if n < 10 { "0" } else { "" });
        write_u64(n, &mut digits);
        node = node
            .with(el("span", "").with(el("b", "").with(text(&digits))).with(text(texts.get(name))));
    }
    node
}

fn units(ms: u64) -> [u64; 4] {
    let s = ms.div_ceil(1000);
    [s / 86_400, s / 3600 % 24, s / 60 % 60, s % 60]
}
