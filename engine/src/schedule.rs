use crate::{Clock, Fault};
use funfair_host_api::{Day, Slot};
use serde::{Deserialize, Serialize};

/// When within its dates an activity can be played: the `[schedule]` of its file.
///
/// Weekdays and slots are those of the business day. A slot at an hour before the cut-over belongs
/// to the business day that began on the date before. A local time that the clocks skip is the
/// first moment after the gap, one that they repeat is the first of the two; a slot that ends where
/// they go back ends then. A slot that is left with nothing by that does not take place.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The days of the week on which it can be played: `mon` to `sun`; empty for all.
    #[serde(default)]
    pub weekdays: Vec<Weekday>,
    /// Times within a day; empty for the whole day.
    #[serde(default)]
    pub slots: Vec<SlotRule>,
    /// A time within every hour.
    #[serde(default)]
    pub hourly: Option<Hourly>,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "they are the days of the week")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// One line of `[[schedule.slots]]`: a time of play on each of the weekdays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlotRule {
    /// Its first minute, local: `"20:00"`.
    pub from: String,
    /// The first minute after it: `"20:10"`; at or before `from` it is on the next date.
    pub to: String,
    /// How many plays it takes, all members together; absent is no limit.
    #[serde(default)]
    pub quantity: Option<u64>,
}

/// `[schedule.hourly]`: a time of play in every hour between two hours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hourly {
    /// The first hour that has one, 0 to 23.
    pub from_hour: u8,
    /// The last hour that has one, 0 to 23.
    pub to_hour: u8,
    /// The minute at which it begins.
    #[serde(default)]
    pub minute: u8,
    /// How many minutes it lasts.
    pub minutes: u8,
    /// How many plays each takes, all members together; absent is no limit.
    #[serde(default)]
    pub quantity: Option<u64>,
}

impl Schedule {
    /// What is wrong with it, keys beginning with `schedule`.
    pub fn faults(&self, clock: &Clock) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |key: &str, reason: &str, cure: &str| {
            let dot = if key.is_empty() { "" } else { "." };
            faults.push(Fault::new(format!("schedule{dot}{key}"), reason, cure));
        };
        if *self == Self::default() {
            let cure = "add weekdays, slots or hourly, or remove [schedule]";
            fault("", "it names no time of play", cure);
        }
        for (index, day) in self.weekdays.iter().enumerate() {
            if self.weekdays.iter().take(index).any(|other| other == day) {
                fault(&format!("weekdays[{index}]"), "the day stands there twice", "remove one");
            }
        }
        if self.hourly.is_some() && !self.slots.is_empty() {
            let cure = "keep [schedule.hourly], or write its hours as slots";
            fault("hourly", "there are slots as well, which it may overlap", cure);
        }
        if self.slots.len() > MOST_SLOTS {
            fault("slots", "more than 96 times of play a day", "use [schedule.hourly], or fewer");
        }
        if let Some(hourly) = &self.hourly {
            hourly.faults(clock, &mut fault);
        }
        self.slot_faults(clock, &mut fault);
        faults
    }

    fn slot_faults(&self, clock: &Clock, fault: &mut impl FnMut(&str, &str, &str)) {
        let mut sound: Vec<(usize, Span)> = Vec::new();
        for (index, rule) in self.slots.iter().enumerate() {
            let at = |field: &str| format!("slots[{index}].{field}");
            for (field, text) in [("from", &rule.from), ("to", &rule.to)] {
                if minutes(text).is_none() {
                    let reason = format!("\"{text}\" is no time of day");
                    fault(&at(field), &reason, "write it as \"20:00\"");
                }
            }
            if rule.quantity == Some(0) {
                let cure = "give a number, or remove it for no limit";
                fault(&at("quantity"), "0 means that nobody can play", cure);
            }
            match rule.span(clock) {
                None => {}
                Some(span) if span.length() == 0 => {
                    let cure = "give a later minute; a whole day needs no slots";
                    fault(&at("to"), "it ends in the minute in which it begins", cure);
                }
                Some(span) if span.to > Span::day_ends(clock) => {
                    let hour = clock.cutover_hour();
                    let reason =
                        format!("it goes on beyond {hour:02}:00, when the business day changes");
                    let cure = format!("end it at {hour:02}:00, and add a slot that begins then");
                    fault(&at("to"), &reason, &cure);
                }
                Some(span) => {
                    let other = sound.iter().find(|(_, other)| span.overlaps(*other));
                    if let Some((other, _)) =
                        other.and_then(|(at, _)| Some((at, self.slots.get(*at)?)))
                    {
                        let reason = format!("it overlaps slots[{other}]");
                        let cure = "begin one where the other ends";
                        fault(&format!("slots[{index}]"), &reason, cure);
                    }
                    sound.push((index, span));
                }
            }
        }
    }

    /// The times of play of a business day, in order; the whole day where there are no slots, none
    /// on a weekday without play.
    pub fn slots_of(&self, day: Day, clock: &Clock) -> Vec<Slot> {
        if !self.weekdays.is_empty() && !self.weekdays.contains(&Weekday::of(day)) {
            return Vec::new();
        }
        let (opens_at_ms, closes_at_ms) =
            (clock.begins_at_ms(day), clock.begins_at_ms(Day(day.0 + 1)));
        let mut slots = Vec::new();
        if self.slots.is_empty() && self.hourly.is_none() {
            slots.push(Slot { opens_at_ms, closes_at_ms, quantity: None });
        }
        let ruled = self.slots.iter().filter_map(|rule| Some((rule.span(clock)?, rule.quantity)));
        slots.extend(ruled.map(|(span, quantity)| span.on(day, clock, quantity)));
        if let Some(hourly) = &self.hourly {
            let spans = hourly.spans(clock);
            slots.extend(spans.map(|span| span.on(day, clock, hourly.quantity)));
        }
        slots.retain(|slot| slot.opens_at_ms < slot.closes_at_ms);
        slots.sort_by_key(|slot| slot.opens_at_ms);
        slots
    }

    /// The time of play that `now_ms` is in.
    pub fn current(&self, now_ms: u64, clock: &Clock) -> Option<Slot> {
        let day = clock.day(now_ms);
        self.slots_of(day, clock)
            .into_iter()
            .find(|slot| (slot.opens_at_ms..slot.closes_at_ms).contains(&now_ms))
    }

    /// The first moment of the next time of play after `now_ms` and before `until_ms`.
    pub fn next_at_ms(&self, now_ms: u64, until_ms: u64, clock: &Clock) -> Option<u64> {
        let day = clock.day(now_ms);
        // Every weekday has come by then, though the clocks skipped its time of play once.
        (0..=15)
            .flat_map(|ahead| self.slots_of(Day(day.0 + ahead), clock))
            .map(|slot| slot.opens_at_ms)
            .find(|opens| (now_ms + 1..until_ms).contains(opens))
    }
}

/// More times of play than quarters of an hour in a day.
const MOST_SLOTS: usize = 96;

const DAY_MINUTES: u32 = 24 * 60;

impl Weekday {
    fn of(day: Day) -> Self {
        match day.weekday() {
            0 => Self::Sun,
            1 => Self::Mon,
            2 => Self::Tue,
            3 => Self::Wed,
            4 => Self::Thu,
            5 => Self::Fri,
            _ => Self::Sat,
        }
    }
}

/// Minutes from midnight of a business day's date, beyond 1440 on the next one.
#[derive(Clone, Copy, Debug)]
struct Span {
    from: u32,
    to: u32,
}

impl Span {
    fn new(from: u32, length: u32, clock: &Clock) -> Self {
        // Before the cut-over it is still the business day of the date before.
        let early = from < u32::from(clock.cutover_hour()) * 60;
        let from = if early { from + DAY_MINUTES } else { from };
        Self { from, to: from + length }
    }

    fn length(self) -> u32 {
        self.to - self.from
    }

    fn day_ends(clock: &Clock) -> u32 {
        DAY_MINUTES + u32::from(clock.cutover_hour()) * 60
    }

    fn overlaps(self, other: Self) -> bool {
        self.from < other.to && other.from < self.to
    }

    fn on(self, day: Day, clock: &Clock, quantity: Option<u64>) -> Slot {
        let at = |minute| clock.minute_at_ms(day, minute);
        // A time that ends where the clocks go back ends then, and not when they come there again.
        let ends = at(self.to).min(at(self.to.saturating_sub(1)) + 60_000);
        let day_ends = clock.begins_at_ms(Day(day.0 + 1));
        Slot { opens_at_ms: at(self.from), closes_at_ms: ends.min(day_ends), quantity }
    }
}

impl SlotRule {
    fn span(&self, clock: &Clock) -> Option<Span> {
        let (from, to) = (minutes(&self.from)?, minutes(&self.to)?);
        let from = from % DAY_MINUTES;
        let length = if to >= from { to - from } else { to + DAY_MINUTES - from };
        Some(Span::new(from, length, clock))
    }
}

impl Hourly {
    fn spans(&self, clock: &Clock) -> impl Iterator<Item = Span> {
        let (first, last) = (u32::from(self.from_hour), u32::from(self.to_hour));
        let count = (last + 24 - first) % 24;
        let (minute, length) = (u32::from(self.minute), u32::from(self.minutes));
        let cutover = u32::from(clock.cutover_hour()) * 60;
        (0..=count).map(move |ahead| {
            let from = (first + ahead) % 24 * 60 + minute;
            let from = if from < cutover { from + DAY_MINUTES } else { from };
            Span { from, to: from + length }
        })
    }

    fn faults(&self, clock: &Clock, fault: &mut impl FnMut(&str, &str, &str)) {
        let mut sound = true;
        for (key, value, range, what) in [
            ("from_hour", self.from_hour, 0..=23, "an hour is 0 to 23"),
            ("to_hour", self.to_hour, 0..=23, "an hour is 0 to 23"),
            ("minute", self.minute, 0..=59, "a minute is 0 to 59"),
            ("minutes", self.minutes, 1..=60, "it lasts 1 to 60 minutes of an hour"),
        ] {
            if !range.contains(&value) {
                sound = false;
                fault(&format!("hourly.{key}"), what, "give such a number");
            }
        }
        if self.quantity == Some(0) {
            let cure = "give a number, or remove it for no limit";
            fault("hourly.quantity", "0 means that nobody can play", cure);
        }
        let hour = clock.cutover_hour();
        if sound && self.spans(clock).any(|span| span.to > Span::day_ends(clock)) {
            let reason =
                format!("the last one goes on beyond {hour:02}:00, when the business day changes");
            fault("hourly.minutes", &reason, "give fewer minutes, or an earlier to_hour");
        }
    }
}

/// Minutes from midnight of `"20:00"`; `"24:00"` is the end of the day.
fn minutes(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let number = |part: &str| {
        let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        if digits { part.parse::<u32>().ok() } else { None }
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    let whole = hour * 60 + minute;
    (minute < 60 && whole <= DAY_MINUTES).then_some(whole)
}
