use crate::json::{Reader, Wire, write_str, write_u64};
use alloc::string::String;

/// A business day of a store, written `2026-11-11`.
///
/// Inside it counts days since 1970-01-01, so that streaks are plain subtraction. Which day it is
/// depends on the store's zone and cut-over hour; `engine` decides that, and a stored day is never
/// computed again.
///
/// ```
/// use funfair_host_api::Day;
/// let day = Day::parse("2026-11-11").unwrap();
/// assert_eq!((day.year(), day.month(), day.day_of_month()), (2026, 11, 11));
/// assert_eq!(day.weekday(), 3); // a Wednesday
/// assert_eq!(Day(day.0 + 20).text(), "2026-12-01");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(try_from = "String", into = "String"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "String"))]
pub struct Day(
    /// Days since 1970-01-01.
    pub i32,
);

impl Day {
    /// The day of a date in the Gregorian calendar; `None` where there is no such date.
    pub fn from_date(year: i32, month: u32, day: u32) -> Option<Self> {
        // Years run from March, so that the leap day is the last of its year.
        let y = i64::from(year) - i64::from(month <= 2);
        let era = y.div_euclid(400);
        let year_of_era = y.rem_euclid(400);
        let day_of_year = i64::from((153 * ((month + 9) % 12) + 2) / 5 + day) - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        let found = Self(i32::try_from(era * 146_097 + day_of_era - 719_468).ok()?);
        (found.date() == (year, month, day)).then_some(found)
    }

    /// Reads `2026-11-11`.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut part = |len: usize| {
            let part = parts.next().filter(|part| part.len() == len)?;
            let digits = part.bytes().all(|byte| byte.is_ascii_digit());
            if digits { part.parse::<u32>().ok() } else { None }
        };
        let (year, month, day) = (part(4)?, part(2)?, part(2)?);
        if parts.next().is_some() {
            return None;
        }
        Self::from_date(i32::try_from(year).ok()?, month, day)
    }

    /// (year, month, day of month).
    pub fn date(self) -> (i32, u32, u32) {
        let days = i64::from(self.0) + 719_468;
        let era = days.div_euclid(146_097);
        let day_of_era = days.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let march_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * march_month + 2) / 5 + 1;
        let month = (march_month + 2) % 12 + 1;
        let year = year_of_era + era * 400 + i64::from(month <= 2);
        (narrow(year), narrow(month).unsigned_abs(), narrow(day).unsigned_abs())
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.date().0
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u32 {
        self.date().1
    }

    /// The day of the month, 1 to 31.
    pub fn day_of_month(self) -> u32 {
        self.date().2
    }

    /// The first day of this day's month.
    #[must_use]
    pub fn first_of_month(self) -> Self {
        Self(self.0.saturating_sub_unsigned(self.day_of_month() - 1))
    }

    /// How many days this day's month has.
    pub fn days_in_month(self) -> u32 {
        let (year, month, _) = self.date();
        match month {
            4 | 6 | 9 | 11 => 30,
            2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
            2 => 28,
            _ => 31,
        }
    }

    /// The day of the week, 0 for Sunday to 6 for Saturday.
    pub fn weekday(self) -> u32 {
        (self.0 + 4).rem_euclid(7) as u32
    }

    /// The day as `2026-11-11`; years are those of stores, 0 to 9999.
    pub fn text(self) -> String {
        let (year, month, day) = self.date();
        let mut out = String::new();
        for (value, width) in [(year.unsigned_abs(), 1000), (month, 10), (day, 10)] {
            if !out.is_empty() {
                out.push('-');
            }
            let mut pad = width;
            while pad > 1 && value < pad {
                out.push('0');
                pad /= 10;
            }
            write_u64(u64::from(value), &mut out);
        }
        out
    }
}

/// Every part of a date of an `i32` of days fits.
fn narrow(value: i64) -> i32 {
    i32::try_from(value).unwrap_or(0)
}

impl Wire for Day {
    fn write(&self, out: &mut String) {
        write_str(&self.text(), out);
    }
    fn read(input: &mut Reader<'_>) -> Option<Self> {
        Self::parse(&String::read(input)?)
    }
}

impl From<Day> for String {
    fn from(day: Day) -> Self {
        day.text()
    }
}

impl TryFrom<String> for Day {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("a date is written 2026-11-11")
    }
}
