use crate::table::{Seat, Table, config, example};
use funfair_engine::{ChanceRules, Paid, Rules, StateMut};
use funfair_host_api::{Day, Pay};
use funfair_spin_wheel::{Action, Config, Event, Member, Shared, SpinWheel};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

/// The example with random weights and limits so small that they are met.
fn wheels() -> impl Strategy<Value = (Config, ChanceRules)> {
    let limit = || prop::option::of(1u64..6);
    let limits = prop::collection::vec((1u64..1000, limit(), limit(), limit()), 8);
    let promises = (any::<bool>(), prop::option::of(2u32..5));
    (limits, promises, 0u32..3, prop::option::of(1u32..4)).prop_map(
        |(limits, (first_play_wins, win_within), free_per_day, bought_per_day)| {
            let mut rules = example();
            rules["luck"] = json!({ "first_play_wins": first_play_wins, "win_within": win_within });
            let prizes = rules["prizes"].as_array_mut().unwrap();
            for (prize, (weight, stock, daily, per_member)) in prizes.iter_mut().zip(limits) {
                prize["weight"] = json!(weight);
                // The fallback and the prize that keeps the promises stay.
                if prize["id"] != "thanks" && prize["id"] != "points-20" {
                    prize["stock"] = json!(stock);
                    prize["daily"] = json!(daily);
                    prize["per_member"] = json!(per_member);
                }
            }
            let chances = ChanceRules {
                free_per_day,
                points_each: Some(20),
                bought_per_day,
                ..ChanceRules::default()
            };
            (config(rules), chances)
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

fn run(wheel: &(Config, ChanceRules), spins: &[(u8, Pay, bool)], key: u8) -> (Table, Won) {
    let mut table = Table::new(wheel.0.clone());
    table.chances = wheel.1.clone();
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
    fn no_prize_is_given_beyond_its_limits(wheel in wheels(), spins in spins(), key: u8) {
        let (_, won) = run(&wheel, &spins, key);
        for prize in &wheel.0.prizes {
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
    fn promised_wins_are_kept(wheel in wheels(), spins in spins(), key: u8) {
        let (table, _) = run(&wheel, &spins, key);
        let luck = &wheel.0.luck;
        for seat in table.seats.values() {
            let won: Vec<_> =
                seat.events.iter().map(|Event::Spun { tier, .. }| *tier > 0).collect();
            prop_assert!(!luck.first_play_wins || won.first().is_none_or(|won| *won));
            if let Some(within) = luck.win_within {
                let within = usize::try_from(within).unwrap();
                prop_assert!(won.windows(within).all(|spins| spins.contains(&true)));
            }
        }
    }

    #[test]
    fn spins_a_day_stay_within_what_was_granted(wheel in wheels(), spins in spins(), key: u8) {
        let (_, won) = run(&wheel, &spins, key);
        let paid = |fits: fn(&Paid) -> bool| {
            let won: Won = won
                .iter()
                .filter(|(_, _, Event::Spun { paid, .. })| fits(paid))
                .cloned()
                .collect();
            counts(&won, |day, name, _| (*day, name.to_owned())).into_values().max().unwrap_or(0)
        };
        let rules = &wheel.1;
        prop_assert!(paid(|paid| *paid == Paid::Free) <= rules.free_per_day.into());
        let bought = paid(|paid| matches!(paid, Paid::Points { .. }));
        prop_assert!(rules.bought_per_day.is_none_or(|limit| bought <= limit.into()));
        for (_, _, Event::Spun { paid, .. }) in &won {
            let price = if let Paid::Points { points } = paid { *points } else { 20 };
            prop_assert_eq!(price, 20);
        }
    }

    #[test]
    fn replayed_events_give_the_same_member(wheel in wheels(), spins in spins(), key: u8) {
        let (table, _) = run(&wheel, &spins, key);
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
    fn the_same_key_gives_the_same_history(wheel in wheels(), spins in spins(), key: u8) {
        prop_assert_eq!(run(&wheel, &spins, key).1, run(&wheel, &spins, key).1);
    }
}
