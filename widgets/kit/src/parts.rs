use crate::{Page, Texts, life::HOUR_MS};
use alloc::string::String;
use funfair_host_api::json::write_u64;

/// `1234567` as `1,234,567`.
pub fn grouped(n: u64) -> String {
    let mut out = String::new();
    write_u64(n, &mut out);
    let mut at = out.len();
    while at > 3 {
        at -= 3;
        out.insert(at, ',');
    }
    out
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
    let mut parts = [0, 0, 0];
    let mut at = 0;
    for byte in day.bytes() {
        if byte == b'-' {
            at += 1;
        } else if let Some(part) = parts.get_mut(at) {
            *part = *part * 10 + u64::from(byte & 15);
        }
    }
    let [year, month, date] = parts;
    (year, month, date)
}

/// A length of time in its two largest units: "5 h 12 min".
pub fn duration_words(texts: &Texts, ms: u64) -> String {
    let [days, hours, minutes, _] = units(ms);
    let ((large, n), (small, rest)) = match (days, hours) {
        (1.., _) => (("kit.days", days), ("kit.hours", hours)),
        (_, 1..) => (("kit.hours", hours), ("kit.minutes", minutes)),
        _ => (("kit.minutes", minutes.max(1)), ("", 0)),
    };
    let mut out = texts.count(large, n);
    if rest > 0 {
        out.push(' ');
        out.push_str(&texts.count(small, rest));
    }
    out
}

/// The time until the opening, a box a unit; seconds in the last hour only.
pub(crate) fn count_down(page: &mut Page<'_>, ms: u64) {
    page.open("div.clock role=timer");
    let far = usize::from(ms < HOUR_MS) * 2;
    let all = ["kit.d", "kit.h", "kit.m", "kit.s"].into_iter().zip(units(ms));
    for (key, n) in all.skip(far).take(3) {
        let mut digits = String::from(if n < 10 { "0" } else { "" });
        write_u64(n, &mut digits);
        page.open("div");
        page.leaf("b", &digits);
        page.say("span", key);
        page.close();
    }
    page.close();
}

fn units(ms: u64) -> [u64; 4] {
    let s = ms.div_ceil(1000);
    [s / 86_400, s / 3600 % 24, s / 60 % 60, s % 60]
}
