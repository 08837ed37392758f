use alloc::string::String;
use funfair_kit::{Seen, date, day_words, decimal, grouped};

/// `¥12.30`, `¥20`: as the locale writes an amount of the store's currency.
pub fn money(seen: &Seen, cents: u64) -> String {
    let mut digits = String::new();
    if cents.is_multiple_of(100) {
        digits = grouped(cents / 100);
    } else {
        decimal(&mut digits, cents);
    }
    seen.texts.fill("wallet.money", &digits)
}

/// How near a business day is, as a word of a text's key, and in how many days.
pub fn near(seen: &Seen, day: &str) -> (&'static str, u64) {
    let (today, last) = (number(seen.main.text("day")), number(day));
    match last.checked_sub(today) {
        None => ("past", 0),
        Some(0) => ("today", 0),
        Some(1) => ("tomorrow", 1),
        Some(days) if days < 60 => ("days", days),
        Some(days) => ("later", days),
    }
}

/// Until when something is good: "3 days left, until 25 Nov"; the words before the date.
pub fn until(seen: &Seen, day: &str) -> String {
    let (word, days) = near(seen, day);
    let mut key = String::from("wallet.until.");
    key.push_str(word);
    let days = seen.texts.count("kit.days", days);
    seen.texts.fill_two(&key, "days", &days, &dated(seen, word, day))
}

/// A day as the locale writes it, with its year where it is not near: that may be another one.
pub fn dated(seen: &Seen, word: &str, day: &str) -> String {
    let date = day_words(&seen.texts, day);
    if word != "later" && word != "past" {
        return date;
    }
    seen.texts.fill_two("wallet.date", "y", day.get(..4).unwrap_or_default(), &date)
}

/// A day's number in a row of all days: only differences mean something.
fn number(day: &str) -> u64 {
    let (year, month, day) = date(day);
    // Years begin in March, so that a leap day is the last one.
    let year = if month < 3 { year.wrapping_sub(1) } else { year };
    let month = (month + 9) % 12;
    year * 365 + year / 4 - year / 100 + year / 400 + (month * 306 + 5) / 10 + day
}
