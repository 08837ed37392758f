use crate::{Clock, Fault};
use funfair_host_api::{Day, Slot};
use serde::{Deserialize, Serialize};

/// When within its dates an activity can be played: the `[schedule]` of its file.
///
/// Weekdays and slots are those of the business day. A slot at an hour before the cut-over belongs
/// to the business day that began on the date before. A local time that the clocks skip is the
/// first moment after the gap, one that they repeat is the first of the two; a slot that is left
/// with nothing by that does not take place.
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
    pub fn faults(&self) -> Vec<Fault> {
        Vec::new()
    }

    /// The times of play of a business day, in order; the whole day where there are no slots, none
    /// on a weekday without play.
    pub fn slots_of(&self, day: Day, clock: &Clock) -> Vec<Slot> {
        vec![Slot {
            opens_at_ms: clock.begins_at_ms(day),
            closes_at_ms: clock.begins_at_ms(Day(day.0 + 1)),
            quantity: None,
        }]
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
        // A week and the day after its night: every weekday has come by then.
        (0..=8)
            .flat_map(|ahead| self.slots_of(Day(day.0 + ahead), clock))
            .map(|slot| slot.opens_at_ms)
            .find(|opens| (now_ms + 1..until_ms).contains(opens))
    }
}
