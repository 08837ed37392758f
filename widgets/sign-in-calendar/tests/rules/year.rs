//! A year of sign-ins through the engine's own desk, in zones whose clocks change: no streak is
//! lost and none is gained.

use funfair_engine::{
    Asker, Clock, Denial, Desk, Lane, MemoryStore, Play, PoolKey, Running, SecretKey, Setup, Store,
    erase,
};
use funfair_host_api::{ActivityState, Day, Me, Receipt, Reward, json::Raw};
use funfair_sign_in_calendar::{SignInCalendar, View};
use serde_json::json;
use std::sync::Arc;

const DAYS: i32 = 365;

struct Year {
    running: Arc<Running>,
    store: MemoryStore,
    first: Day,
}

impl Year {
    /// The example, for a year from the first of March on: both changes of the clocks lie in it.
    fn open(zone: &str, cutover: u8) -> Self {
        Self::with(zone, cutover, |_| {})
    }

    fn with(zone: &str, cutover: u8, change: impl FnOnce(&mut Setup)) -> Self {
        let clock = Clock::new(zone, cutover).unwrap();
        let file = include_str!("../../example.toml")
            .replace("2026-11-01T00:00:00", "2026-03-01T00:00:00")
            .replace("2026-12-01T00:00:00", "2027-04-01T00:00:00");
        let mut setup = Setup::parse(&file, &clock).unwrap();
        change(&mut setup);
        let lane = Lane { programme: "p".into(), store: "s".into(), activity: "year".into() };
        let (state, key) = (ActivityState::Live, SecretKey::new([3; 32]));
        let running =
            Running::new(lane, setup, state, key, &[erase::<SignInCalendar>()]).ok().unwrap();
        let store = MemoryStore::default();
        store.open(&running.lane, &running.head(), &running.pools()).unwrap();
        let first = Day::parse("2026-03-01").unwrap();
        Self { running: Arc::new(running), store, first }
    }

    /// The first and the last millisecond of the business day that comes so many days later.
    fn ends(&self, after: i32) -> (u64, u64) {
        let begins = |day: Day| self.running.clock.begins_at_ms(day);
        let day = Day(self.first.0 + after);
        (begins(day), begins(Day(day.0 + 1)) - 1)
    }

    fn me(&self, member: &str, now_ms: u64) -> Me<Raw> {
        let asker = Asker::from(member);
        Desk::me(&self.store, &self.running, &asker, None, now_ms).unwrap().unwrap()
    }

    fn view(&self, member: &str, now_ms: u64) -> View {
        serde_json::from_str(self.me(member, now_ms).view.text()).unwrap()
    }

    fn sign_in(&self, member: &str, now_ms: u64) -> Result<Vec<Reward>, Denial> {
        let me = self.me(member, now_ms);
        let play = Play {
            at: Arc::clone(&self.running),
            asker: Asker::from(member),
            identity: None,
            key: format!("{member}-{now_ms}"),
            body_hash: String::new(),
            action: Raw::parse(r#"{"type":"sign_in"}"#).unwrap(),
            client_seed: "abcdefgh".into(),
            commitment: me.commitment,
            revision: self.running.revision.clone(),
        };
        let answers = Desk::run(&self.store, now_ms, &[play]).unwrap();
        let receipt = answers.into_iter().next().unwrap()?.receipt;
        let receipt: Receipt<Raw> = serde_json::from_str(&receipt).unwrap();
        Ok(receipt.rewards)
    }
}

const ZONES: [(&str, u8); 6] = [
    ("America/New_York", 0),
    ("America/New_York", 2),
    ("Europe/Berlin", 3),
    ("Australia/Lord_Howe", 0),
    ("Australia/Lord_Howe", 2),
    ("America/Havana", 0),
];

/// Whenever a member comes within the day, its first and its last millisecond included.
#[test]
fn a_year_without_a_gap_is_one_streak_whatever_the_clocks_do() {
    for (zone, cutover) in ZONES {
        let year = Year::open(zone, cutover);
        for after in 0..DAYS {
            let (first, last) = year.ends(after);
            let middle = first + (last - first) / 2;
            let streak = u32::try_from(after).unwrap() + 1;
            for (member, now_ms) in [("early", first), ("middle", middle), ("late", last)] {
                assert_eq!(year.view(member, now_ms).streak, streak - 1, "{zone} {after}");
                year.sign_in(member, now_ms).unwrap();
                let view = year.view(member, now_ms);
                assert_eq!((view.streak, view.signed_today), (streak, true), "{zone} {after}");
            }
        }
    }
}

/// From the day's last millisecond to the next day's first one it is another day, and no sooner.
#[test]
fn no_day_is_signed_twice_and_the_next_one_begins_when_it_was_said() {
    for (zone, cutover) in ZONES {
        let year = Year::open(zone, cutover);
        for after in 0..DAYS {
            let (first, last) = year.ends(after);
            year.sign_in("m", first).unwrap();
            assert_eq!(year.view("m", first).next_day_at_ms, last + 1, "{zone} {after}");
            let again = year.sign_in("m", last).unwrap_err();
            assert!(matches!(again, Denial::Refused(_)), "{zone} {after}: {again:?}");
        }
    }
}

#[test]
fn every_missed_day_ends_a_streak_and_no_other_does() {
    for (zone, cutover) in ZONES {
        let year = Year::open(zone, cutover);
        let mut streak = 0;
        for after in 0..DAYS {
            let (first, last) = year.ends(after);
            // A gap every so many days, so that the changes of the clocks fall into runs and gaps.
            if after % 9 == 8 {
                streak = 0;
                continue;
            }
            streak += 1;
            let now_ms = if after % 2 == 0 { first } else { last };
            year.sign_in("m", now_ms).unwrap();
            assert_eq!(year.view("m", now_ms).streak, streak, "{zone} {after}");
        }
    }
}

/// A day's coupon and the bonus may both be coupons, and only one of them with a code.
#[test]
fn a_code_belongs_to_the_coupon_that_it_was_taken_for() {
    let year = Year::with("Asia/Shanghai", 0, |setup| {
        let coupon = json!({ "type": "coupon", "value_cents": 100 });
        setup.rules["daily"]["reward"] = coupon.clone();
        setup.rules["bonus"]["every"] = json!(2);
        setup.rules["bonus"]["reward"] = coupon;
        setup.rules["bonus"]["reward"]["codes"] = json!("weekly");
    });
    let list = PoolKey::of(&year.running.lane, "codes:weekly");
    year.store.add_codes(&list, &["W1".into()]).unwrap();
    let codes: Vec<Vec<_>> = (0..4)
        .map(|after| {
            let rewards = year.sign_in("m", year.ends(after).0).unwrap();
            let code = |reward: Reward| match reward {
                Reward::Coupon { code, .. } => Some(code.unwrap_or_default()),
                _ => None,
            };
            rewards.into_iter().filter_map(code).collect()
        })
        .collect();
    // The second bonus finds no code, and is not given.
    assert_eq!(codes, [vec![""], vec!["", "W1"], vec![""], vec![""]]);
}
