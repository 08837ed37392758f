//! Times of play, in zones whose clocks do odd things: no overlap, nothing outside the business
//! day, nothing on another weekday, and every question answered from the same list.

use funfair_engine::{Clock, Hourly, Schedule, SlotRule, Weekday};
use funfair_host_api::{Day, Slot};
use proptest::prelude::*;

const ZONES: [&str; 7] = [
    "Asia/Shanghai",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/Havana",
    "Asia/Beirut",
    "Antarctica/Troll",
];

fn clocks() -> impl Strategy<Value = Clock> {
    (prop::sample::select(&ZONES[..]), 0u8..8)
        .prop_map(|(zone, cutover)| Clock::new(zone, cutover).unwrap())
}

/// From 2024 on, so that every change of clocks comes by.
fn days() -> impl Strategy<Value = Day> {
    (0..1200).prop_map(|after| Day(Day::parse("2024-01-01").unwrap().0 + after))
}

fn weekdays() -> impl Strategy<Value = Vec<Weekday>> {
    use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};
    prop::sample::subsequence(vec![Mon, Tue, Wed, Thu, Fri, Sat, Sun], 0..=7)
}

/// Cuts of the business day, in minutes after its beginning, two for each time of play.
fn schedules() -> impl Strategy<Value = (Clock, Schedule)> {
    let cuts = prop::collection::btree_set(0u32..=1440, 0..12);
    let hourly = prop::option::of((0u8..24, 0u8..24, 0u8..60, 1u8..=60));
    (clocks(), weekdays(), cuts, hourly).prop_map(|(clock, weekdays, cuts, hourly)| {
        let cutover = u32::from(clock.cutover_hour()) * 60;
        let time = |after: u32| {
            let minute = (cutover + after) % 1440;
            format!("{:02}:{:02}", minute / 60, minute % 60)
        };
        let cuts: Vec<_> = cuts.into_iter().collect();
        let slots: Vec<_> = cuts
            .chunks_exact(2)
            .map(|cut| SlotRule { from: time(cut[0]), to: time(cut[1]), quantity: Some(3) })
            // A whole day is none of these: its ends look the same.
            .filter(|rule| rule.from != rule.to)
            .collect();
        let hourly = hourly.filter(|_| slots.is_empty());
        let hourly = hourly.map(|(from_hour, to_hour, minute, minutes)| Hourly {
            from_hour,
            to_hour,
            minute,
            minutes,
            quantity: None,
        });
        let mut schedule = Schedule { weekdays, slots, hourly };
        // Hours that run over the change of the day are refused.
        if schedule.hourly.is_some() && !schedule.faults(&clock).is_empty() {
            schedule.hourly = None;
        }
        (clock, schedule)
    })
}

fn ends(slot: &Slot) -> (u64, u64) {
    (slot.opens_at_ms, slot.closes_at_ms)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn times_of_play_are_apart_in_their_day_and_on_its_weekday(
        (clock, schedule) in schedules(),
        day in days(),
    ) {
        prop_assert!(schedule == Schedule::default() || schedule.faults(&clock).is_empty());
        let slots = schedule.slots_of(day, &clock);
        let (begins, over) = (clock.begins_at_ms(day), clock.begins_at_ms(Day(day.0 + 1)));
        for slot in &slots {
            prop_assert!(begins <= slot.opens_at_ms && slot.closes_at_ms <= over);
            prop_assert!(slot.opens_at_ms < slot.closes_at_ms);
        }
        for pair in slots.windows(2) {
            prop_assert!(pair[0].closes_at_ms <= pair[1].opens_at_ms);
        }
        let names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
        let name = names[usize::try_from(day.weekday()).unwrap()];
        let listed = schedule
            .weekdays
            .iter()
            .any(|day| serde_json::to_value(day).unwrap() == name);
        if !schedule.weekdays.is_empty() && !listed {
            prop_assert_eq!(&slots, &[]);
        }
        if schedule.slots.is_empty() && schedule.hourly.is_none() && !slots.is_empty() {
            prop_assert_eq!(ends(&slots[0]), (begins, over));
        }
    }

    #[test]
    fn what_is_on_and_what_comes_next_agree_with_the_list(
        (clock, schedule) in schedules(),
        day in days(),
        part in 0.0..1.0f64,
    ) {
        let (begins, over) = (clock.begins_at_ms(day), clock.begins_at_ms(Day(day.0 + 1)));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "any moment of the day will do"
        )]
        let now = begins + ((over - begins - 1) as f64 * part) as u64;
        let all: Vec<_> =
            (0..16).flat_map(|ahead| schedule.slots_of(Day(day.0 + ahead), &clock)).collect();
        let on = |at: u64| all.iter().find(|slot| (slot.opens_at_ms..slot.closes_at_ms).contains(&at));
        prop_assert_eq!(schedule.current(now, &clock), on(now).cloned());
        let next = all.iter().map(|slot| slot.opens_at_ms).find(|opens| *opens > now);
        prop_assert_eq!(schedule.next_at_ms(now, u64::MAX, &clock), next);
        if let Some(next) = next {
            prop_assert!(schedule.current(next, &clock).is_some());
            prop_assert_eq!(schedule.next_at_ms(now, next, &clock), None);
            if on(now).is_none() {
                prop_assert_eq!(schedule.current(next - 1, &clock), None);
            }
        }
    }
}

fn slot(from: &str, to: &str) -> Schedule {
    let rule = SlotRule { from: from.into(), to: to.into(), quantity: None };
    Schedule { slots: vec![rule], ..Schedule::default() }
}

/// How many minutes a time of play lasts on a day, and how many after the day's beginning it opens.
#[track_caller]
fn check(zone: &str, cutover: u8, day: &str, (from, to): (&str, &str), expected: &[(u64, u64)]) {
    let clock = Clock::new(zone, cutover).unwrap();
    let day = Day::parse(day).unwrap();
    let begins = clock.begins_at_ms(day);
    let schedule = slot(from, to);
    assert_eq!(schedule.faults(&clock), []);
    let found: Vec<_> = schedule
        .slots_of(day, &clock)
        .iter()
        .map(|slot| {
            let minutes = |ms: u64| ms / 60_000;
            (minutes(slot.opens_at_ms - begins), minutes(slot.closes_at_ms - slot.opens_at_ms))
        })
        .collect();
    assert_eq!(found, expected, "{zone} {from}–{to}");
}

#[test]
fn a_time_of_play_crosses_midnight_and_one_before_the_cut_over_is_of_the_day_before() {
    check("Asia/Shanghai", 4, "2026-11-11", ("22:00", "02:00"), &[(18 * 60, 240)]);
    check("Asia/Shanghai", 4, "2026-11-11", ("01:00", "01:30"), &[(21 * 60, 30)]);
    check("Asia/Shanghai", 0, "2026-11-11", ("20:00", "24:00"), &[(20 * 60, 240)]);
    check("Asia/Shanghai", 0, "2026-11-11", ("20:00", "00:00"), &[(20 * 60, 240)]);
}

#[test]
fn local_times_that_are_skipped_are_the_first_moment_after_the_gap() {
    // New York skipped 02:00–03:00.
    check("America/New_York", 0, "2026-03-08", ("01:30", "02:30"), &[(90, 30)]);
    check("America/New_York", 0, "2026-03-08", ("02:30", "03:30"), &[(120, 30)]);
    check("America/New_York", 0, "2026-03-08", ("02:10", "02:50"), &[]);
    // Lord Howe's clocks move by half an hour, 02:00–02:30.
    check("Australia/Lord_Howe", 0, "2026-10-04", ("02:10", "02:45"), &[(120, 15)]);
    // Havana skips its midnight.
    check("America/Havana", 0, "2026-03-08", ("00:00", "00:30"), &[]);
    check("America/Havana", 0, "2026-03-08", ("00:30", "01:30"), &[(0, 30)]);
}

#[test]
fn local_times_that_come_twice_are_the_first_of_the_two() {
    // New York repeats 01:00–02:00.
    check("America/New_York", 0, "2026-11-01", ("01:00", "02:00"), &[(60, 60)]);
    check("America/New_York", 0, "2026-11-01", ("01:50", "02:10"), &[(110, 80)]);
    check("America/New_York", 0, "2026-11-01", ("20:00", "24:00"), &[(21 * 60, 240)]);
    // Berlin repeats 02:00–03:00.
    check("Europe/Berlin", 0, "2026-10-25", ("02:30", "02:45"), &[(150, 15)]);
}

#[test]
fn an_hourly_time_begins_in_every_hour_and_runs_over_midnight_with_the_business_day() {
    let clock = Clock::new("Asia/Shanghai", 4).unwrap();
    let hourly = Hourly { from_hour: 22, to_hour: 1, minute: 30, minutes: 10, quantity: Some(8) };
    let schedule = Schedule { hourly: Some(hourly), ..Schedule::default() };
    assert_eq!(schedule.faults(&clock), []);
    let day = Day::parse("2026-11-11").unwrap();
    let slots = schedule.slots_of(day, &clock);
    let begins = clock.begins_at_ms(day);
    let hours: Vec<_> = slots.iter().map(|slot| (slot.opens_at_ms - begins) / 60_000).collect();
    assert_eq!(hours, [1110, 1170, 1230, 1290]);
    assert!(slots.iter().all(|slot| slot.quantity == Some(8)));
}
