//! The bound on what hints give away, held against a player who plays perfectly.

use crate::bench::{faults, with};
use funfair_engine::{Cx, Dice, Rules, SecretKey, Setup, State};
use funfair_guess_price::{Action, Config, Event, GuessPrice, Member, Shared, Told};
use funfair_host_api::{Day, Pay};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};

/// What a guess is told, and whether it wins, for each guess and price: by the rule itself.
fn table(setup: &Setup) -> Vec<Vec<(bool, Told, u32)>> {
    let config: Config = serde_json::from_value(setup.rules.clone()).unwrap();
    let prices: Vec<u64> = (config.low_cents..=config.high_cents).step_by(100).collect();
    let row = |guess: &u64| {
        prices
            .iter()
            .map(|answer| {
                let config = Config { answer_cents: *answer, ..config.clone() };
                told(&config, *guess)
            })
            .collect()
    };
    prices.iter().map(row).collect()
}

fn told(config: &Config, guess_cents: u64) -> (bool, Told, u32) {
    let dice = Dice::new(SecretKey::new([7; 32]).seed("p", "m", 0), "a", "rev", 0, "seed");
    let mut cx = Cx::new(1000, Day(0), dice);
    cx.chance_rules = Arc::new(funfair_engine::ChanceRules { free_total: 1, ..Default::default() });
    let (member, shared) = (Member::default(), Shared::default());
    let state = State { member: &member, shared: &shared, item: None };
    let action = Action::Guess { guess_cents, pay: Pay::Free };
    let events = GuessPrice::decide(config, state, &action, &mut cx).unwrap();
    let [Event::Guessed { mark, won, .. }] = &events[..] else { panic!("{events:?}") };
    (*won, mark.told, mark.percent)
}

/// For how many of the prices that are still possible a perfect player wins.
fn best(table: &[Vec<(bool, Told, u32)>], possible: &[usize], tries: u32) -> usize {
    if tries == 0 || possible.is_empty() {
        return 0;
    }
    let after = |row: &Vec<(bool, Told, u32)>| {
        let mut wins = 0;
        let mut rest: BTreeMap<(Told, u32), Vec<usize>> = BTreeMap::new();
        for answer in possible {
            match row[*answer] {
                (true, ..) => wins += 1,
                (_, told, percent) => rest.entry((told, percent)).or_default().push(*answer),
            }
        }
        wins + rest.values().map(|rest| best(table, rest, tries - 1)).sum::<usize>()
    };
    table.iter().map(after).max().unwrap_or(0)
}

fn setups() -> impl Strategy<Value = Setup> {
    let win = prop_oneof![
        Just(json!({ "type": "exact" })),
        (1u64..4).prop_map(|steps| json!({ "type": "band", "within_cents": steps * 100 })),
        (1u32..20).prop_map(|most| json!({ "type": "band", "within_percent": most })),
    ];
    let hints = prop_oneof![
        Just(Value::Null),
        Just(json!({ "type": "higher_lower" })),
        (1u32..30).prop_map(|ring| json!({ "type": "distance", "within_percent": [ring] })),
        (1u32..20, 1u32..60).prop_map(
            |(ring, more)| json!({ "type": "distance", "within_percent": [ring, ring + more] })
        ),
    ];
    (win, hints, 5u64..12, 10u64..40, 1u32..4, 1u32..100).prop_map(
        |(win, hints, prices, low, tries, most)| {
            let low = low * 100;
            with(&[
                ("/low_cents", json!(low)),
                ("/high_cents", json!(low + (prices - 1) * 100)),
                ("/answer_cents", json!(low)),
                ("/win", win),
                ("/hints", hints),
                ("/tries", json!(tries)),
                ("/max_win_percent", json!(most)),
                ("/help", Value::Null),
            ])
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 120, ..ProptestConfig::default() })]

    /// The criterion of `validate`: where it finds no fault, a perfect player who thinks every
    /// price as likely as any other wins with `max_win_percent` at most, and so never for sure.
    #[test]
    fn a_perfect_player_never_exceeds_what_is_published(setup in setups()) {
        let config: Config = serde_json::from_value(setup.rules.clone()).unwrap();
        let table = table(&setup);
        let all: Vec<_> = (0..table.len()).collect();
        let wins = best(&table, &all, config.tries);
        let share = wins * 100 <= table.len() * config.max_win_percent as usize;
        if faults(&setup).is_empty() {
            prop_assert!(share, "{wins} of {} in {} tries", table.len(), config.tries);
            prop_assert!(wins < table.len());
        }
    }

    /// The bound is no mere fright: with one answer or two, and a band that falls on whole steps,
    /// what is refused could indeed be searched out, unless the edges of the range are in the way.
    #[test]
    fn what_is_refused_for_higher_and_lower_can_be_searched_out(
        tries in 1u32..4, prices in 8u64..15,
    ) {
        let setup = with(&[
            ("/low_cents", json!(1000)),
            ("/high_cents", json!(1000 + (prices - 1) * 100)),
            ("/answer_cents", json!(1000)),
            ("/tries", json!(tries)),
            ("/help", Value::Null),
        ]);
        let table = table(&setup);
        let all: Vec<_> = (0..table.len()).collect();
        let wins = best(&table, &all, tries);
        prop_assert_eq!(faults(&setup).is_empty(), wins * 100 <= table.len() * 50);
    }
}
