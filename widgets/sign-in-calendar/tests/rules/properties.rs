use crate::calendar::{Calendar, config, evolve, example};
use funfair_engine::Rules;
use funfair_host_api::Day;
use funfair_sign_in_calendar::{Action, Config, Event, MakeUpPay, Member, SignInCalendar};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeSet;

fn calendars() -> impl Strategy<Value = Config> {
    (2u32..9, 1u32..=31, 1u32..=31, 0u64..6).prop_map(|(every, reach, per_month, step)| {
        config(json!({
            "points": { "first": 5, "step": step, "cap": if step == 0 { 5 } else { 30 } },
            "bonus": { "every": every, "reward": { "type": "points", "amount": 50 } },
            "make_up": {
                "points_each": 20, "card": "make-up", "reach": reach, "per_month": per_month,
            },
        }))
    })
}

/// What a member does on each day: whether they sign in before or after they make up, or not at
/// all, and which days back they make up.
type Life = Vec<(SignIn, Vec<u8>)>;

#[derive(Clone, Copy, Debug, PartialEq)]
enum SignIn {
    First,
    Last,
    Not,
}

fn lives() -> impl Strategy<Value = Life> {
    let sign_in = prop::sample::select(&[SignIn::First, SignIn::Last, SignIn::Not, SignIn::First]);
    prop::collection::vec((sign_in, prop::collection::vec(1u8..34, 0..4)), 1..150)
}

fn live(config: &Config, life: &Life) -> Calendar {
    let mut calendar = Calendar::new(config.clone(), "2026-11-01");
    calendar.balance = 1_000_000;
    calendar.cards = 5;
    for (sign_in, back) in life {
        if *sign_in == SignIn::First {
            calendar.sign_in().unwrap();
        }
        for back in back {
            let day = Day(calendar.today.0 - i32::from(*back));
            let offered = SignInCalendar::moves(&calendar.view());
            // Every other one by card, as long as there are some.
            let pay = if back % 2 == 0 { MakeUpPay::Card } else { MakeUpPay::Points };
            let action = Action::MakeUp { day, pay };
            assert_eq!(calendar.act(&action).is_ok(), offered.contains(&action));
        }
        if *sign_in == SignIn::Last {
            calendar.sign_in().unwrap();
        }
        calendar.today.0 += 1;
    }
    calendar
}

/// The lengths of the runs in a set of days.
fn runs(days: &BTreeSet<i32>) -> Vec<u32> {
    let mut runs = Vec::new();
    for day in days {
        match runs.last_mut() {
            Some(run) if days.contains(&(day - 1)) => *run += 1,
            _ => runs.push(1),
        }
    }
    runs
}

fn filled(calendar: &Calendar) -> BTreeSet<i32> {
    let day = |event: &Event| match event {
        Event::SignedIn { day, .. } | Event::MadeUp { day, .. } => day.0,
    };
    calendar.events.iter().map(day).collect()
}

fn bonuses(calendar: &Calendar) -> u32 {
    let bonus = |event: &Event| match event {
        Event::SignedIn { bonus, .. } | Event::MadeUp { bonus, .. } => u32::from(bonus.is_some()),
    };
    calendar.events.iter().map(bonus).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn a_run_has_brought_its_length_through_every(config in calendars(), life in lives()) {
        let calendar = live(&config, &life);
        let every = config.bonus.as_ref().unwrap().every;
        let owed: u32 = runs(&filled(&calendar)).iter().map(|run| run / every).sum();
        prop_assert_eq!(bonuses(&calendar), owed);
    }

    #[test]
    fn no_day_counts_twice(config in calendars(), life in lives()) {
        let calendar = live(&config, &life);
        prop_assert_eq!(filled(&calendar).len(), calendar.events.len());
    }

    #[test]
    fn the_streak_is_the_run_up_to_now(config in calendars(), life in lives()) {
        let calendar = live(&config, &life);
        let filled = filled(&calendar);
        let (mut run, mut day) = (0, calendar.today.0 - 1);
        while filled.contains(&day) {
            (run, day) = (run + 1, day - 1);
        }
        prop_assert_eq!(calendar.view().streak, run);
    }

    #[test]
    fn points_are_exactly_what_was_earned_less_what_was_spent(
        config in calendars(),
        life in lives(),
    ) {
        let calendar = live(&config, &life);
        let mut balance = 1_000_000 + u64::from(bonuses(&calendar)) * 50;
        for event in &calendar.events {
            match event {
                Event::SignedIn { points, streak, .. } => {
                    let rule = config.points.as_ref().unwrap();
                    let grown = rule.first + rule.step * u64::from(streak - 1);
                    prop_assert_eq!(*points, grown.min(rule.cap));
                    balance += points;
                }
                Event::MadeUp { cost, .. } => balance -= cost,
            }
        }
        prop_assert_eq!(calendar.balance, balance);
    }

    #[test]
    fn a_month_has_no_more_made_up_days_than_its_limit(config in calendars(), life in lives()) {
        let calendar = live(&config, &life);
        let rule = config.make_up.as_ref().unwrap();
        let mut months = std::collections::BTreeMap::new();
        for event in &calendar.events {
            if let Event::MadeUp { day, on, .. } = event {
                let count = months.entry(on.first_of_month()).or_insert(0);
                *count += 1;
                prop_assert!(*count <= rule.per_month);
                prop_assert!(day < on && on.0 - day.0 <= rule.reach.cast_signed());
            }
        }
    }

    #[test]
    fn replayed_events_give_the_same_member(life in lives()) {
        let calendar = live(&config(example()), &life);
        let mut again = Member::default();
        for event in &calendar.events {
            let stored = serde_json::to_string(event).unwrap();
            evolve(&mut again, &serde_json::from_str(&stored).unwrap());
        }
        prop_assert_eq!(again, calendar.member);
    }
}
