use crate::{Cx, Page, Texts, life::HOUR_MS};
use alloc::string::String;
use funfair_host_api::json::write_u64;

/// `1234567` as `1,234,567`.
pub fn grouped(n: u64) -> String {
    let mut out = String::new();
    write_grouped(n, &mut out);
    out
}

fn write_grouped(n: u64, out: &mut String) {
    if n < 1000 {
        return write_u64(n, out);
    }
    write_grouped(n / 1000, out);
    out.push(',');
    write_u64(n / 100 % 10, out);
    write_u64(n / 10 % 10, out);
    write_u64(n % 10, out);
}

/// A day, `2026-11-30`, as the locale writes it: "30 Nov", "11月30日".
pub fn day_words(texts: &Texts, day: &str) -> String {
    let (_, month, date) = date(day);
    texts.fill_two("kit.day", "d", &grouped(date), texts.word("kit.months", month))
}

/// Year, month and day of `2026-11-30`.
///
/// Why not `Day::parse`: the server's days are dates, and checking that again is a tenth of a face.
pub fn date(day: &str) -> (u64, u64, u64) {
    let digits = day.bytes().filter(|byte| *byte != b'-');
    let n = digits.fold(0, |n, byte| n * 10 + u64::from(byte & 15));
    (n / 10_000, n / 100 % 100, n % 100)
}

/// A length of time in its two largest units: "5 h 12 min".
pub fn duration_words(texts: &Texts, ms: u64) -> String {
    let minutes = ms / 60_000 + 1;
    let (large, n, small, rest) = if minutes < 60 {
        ("kit.minutes", minutes, "", 0)
    } else if minutes < 1440 {
        ("kit.hours", minutes / 60, "kit.minutes", minutes % 60)
    } else {
        ("kit.days", minutes / 1440, "kit.hours", minutes / 60 % 24)
    };
    let mut out = texts.count(large, n);
    if rest > 0 {
        out.push(' ');
        out.push_str(&texts.count(small, rest));
    }
    out
}

/// How long it is until a moment, as the words of `key` say it: "in 5 h 12 min".
pub fn after_words(cx: &Cx<'_>, key: &str, at_ms: u64) -> String {
    cx.texts.fill(key, &duration_words(cx.texts, at_ms.saturating_sub(cx.now_ms)))
}

/// The time until the opening, a box a unit; seconds in the last hour only.
pub(crate) fn count_down(page: &mut Page<'_>, ms: u64) {
    let s = ms / 1000;
    page.open("div.clock role=timer");
    if s >= 86_400 {
        unit(page, "kit.d", s / 86_400);
    }
    if ms >= HOUR_MS {
        unit(page, "kit.h", s / 3600 % 24);
    }
    unit(page, "kit.m", s / 60 % 60);
    if ms < HOUR_MS {
        unit(page, "kit.s", s % 60);
    }
    page.close();
}

fn unit(page: &mut Page<'_>, key: &str, n: u64) {
    let mut digits = String::from(if n < 10 { "0" } else { "" });
    write_u64(n, &mut digits);
    page.open("div");
    page.leaf("b", &digits);
    page.say("span", key);
    page.close();
}

/// `12.50`.
pub fn decimal(out: &mut String, hundredths: u64) {
    write_u64(hundredths / 100, out);
    out.push('.');
    write_u64(hundredths / 10 % 10, out);
    write_u64(hundredths % 10, out);
}
