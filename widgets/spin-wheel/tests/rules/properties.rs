use crate::table::{Seat, Table, config, example};
use funfair_engine::{Rules, StateMut};
use funfair_host_api::Day;
use funfair_spin_wheel::{Action, Config, Event, Member, Paid, Pay, Shared, SpinWheel};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

/// The example with random weights and limits so small that they are met.
fn wheels() -> impl Strategy<Value = Config> {
    let limit = || prop::option::of(1u64..6);
    let limits = prop::collection::vec((1u64..1000, limit(), limit(), limit()), 8);
    (limits, any::<bool>(), 0u32..3, prop::option::of(1u32..4)).prop_map(
        |(limits, first_play_wins, free, bought)| {
            let mut rules = example();
            rules["first_play_wins"] = json!(first_play_wins);
            rules["chances"] =
                json!({ "free_per_day": free, "points_each": 20, "bought_per_day": bought });
            let prizes = rules["prizes"].as_array_mut().unwrap();
            for (prize, (weight, stock, daily, per_member)) in prizes.iter_mut().zip(limits) {
                prize["weight"] = json!(weight);
                // The fallback and the prize that keeps the promise of a first win stay.
                if prize["id"] != "thanks" && prize["id"] != "points-20" {
                    prize["stock"] = json!(stock);
                    prize["daily"] = json!(daily);
                    prize["per_member"] = json!(per_member);
                }
            }
            config(rules)
        },
    )
}

/// Who spins, how it is paid, whether a day passes first.
fn spins() -> impl Strategy<Value = Vec<(u8, Pay, bool)>> {
    let pay = prop::sample::select(Pay::ALL);
    prop::collection::vec((0u8..4, pay, prop::bool::weighted(0.2)), 1..120)
}

/// Everything that was won: on which day, by whom, in order.
type Won = Vec<(Day, String, Event)>;

fn run(config: &Config, spins: &[(u8, Pay, bool)], key: u8) -> (Table, Won) {
    let mut table = Table::new(config.clone());
    table.key = key;
    let mut won = Vec::new();
    for (who, pay, day_passes) in spins {
        if *day_passes {
            table.next_day();
        }
        let name = format!("m{who}");
        if table.seat(&name).events.is_empty() {
            table.seat(&name).balance = 100;
        }
        table.seat(&name).granted += u64::from(*day_passes);
        let offered = SpinWheel::moves(&table.view(&name));
        let spun = table.spin(&name, *pay);
        assert_eq!(offered.contains(&Action::Spin { pay: *pay }), spun.is_ok());
        won.extend(spun.map(|event| (table.day, name, event)));
    }
    (table, won)
}

fn counts<K: Ord>(won: &Won, key: impl Fn(&Day, &str, &str) -> K) -> BTreeMap<K, u64> {
    let mut counts = BTreeMap::new();
    for (day, name, Event::Spun { prize, .. }) in won {
        *counts.entry(key(day, name, prize)).or_default() += 1;
    }
    counts
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_prize_is_given_beyond_its_limits(config in wheels(), spins in spins(), key: u8) {
        let (_, won) = run(&config, &spins, key);
        for prize in &config.prizes {
            let most = |counts: BTreeMap<_, u64>| counts.into_values().max().unwrap_or(0);
            let mine: Won =
                won.iter()
                    .filter(|(_, _, Event::Spun { prize: id, .. })| *id == prize.id)
                    .cloned()
                    .collect();
            prop_assert!(prize.stock.is_none_or(|stock| mine.len() as u64 <= stock));
            let daily = most(counts(&mine, |day, _, _| day.text()));
            prop_assert!(prize.daily.is_none_or(|limit| daily <= limit));
            let each = most(counts(&mine, |_, name, _| name.to_owned()));
            prop_assert!(prize.per_member.is_none_or(|limit| each <= u64::from(limit)));
        }
    }

    #[test]
    fn a_promised_first_win_is_kept(config in wheels(), spins in spins(), key: u8) {
        let (table, _) = run(&config, &spins, key);
        for seat in table.seats.values().filter(|_| config.first_play_wins) {
            if let Some(Event::Spun { tier, .. }) = seat.events.first() {
                prop_assert!(*tier > 0);
            }
        }
    }

    #[test]
    fn spins_a_day_stay_within_what_was_granted(config in wheels(), spins in spins(), key: u8) {
        let (_, won) = run(&config, &spins, key);
        let paid = |fits: fn(&Paid) -> bool| {
            let won: Won = won
                .iter()
                .filter(|(_, _, Event::Spun { paid, .. })| fits(paid))
                .cloned()
                .collect();
            counts(&won, |day, name, _| (*day, name.to_owned())).into_values().max().unwrap_or(0)
        };
        let rules = &config.chances;
        prop_assert!(paid(|paid| *paid == Paid::Free) <= rules.free_per_day.into());
        let bought = paid(|paid| matches!(paid, Paid::Points { .. }));
        prop_assert!(rules.bought_per_day.is_none_or(|limit| bought <= limit.into()));
        for (_, _, Event::Spun { paid, .. }) in &won {
            let price = if let Paid::Points { points } = paid { *points } else { 20 };
            prop_assert_eq!(price, 20);
        }
    }

    #[test]
    fn replayed_events_give_the_same_member(config in wheels(), spins in spins(), key: u8) {
        let (table, _) = run(&config, &spins, key);
        for Seat { member, events, .. } in table.seats.values() {
            let (mut again, mut shared, mut item) = (Member::default(), Shared {}, None);
            for event in events {
                let stored = serde_json::to_string(event).unwrap();
                let event = serde_json::from_str(&stored).unwrap();
                let state = StateMut { member: &mut again, shared: &mut shared, item: &mut item };
                SpinWheel::evolve(state, &event);
            }
            prop_assert_eq!(&again, member);
        }
    }

    #[test]
    fn the_same_key_gives_the_same_history(config in wheels(), spins in spins(), key: u8) {
        prop_assert_eq!(run(&config, &spins, key).1, run(&config, &spins, key).1);
    }
}
