//! Random histories of several members, links and days, settled now and then, and twice.

use crate::bench::{Bench, closest, with};
use funfair_engine::Setup;
use funfair_guess_price::Refusal;
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

const MEMBERS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];

#[derive(Clone, Debug)]
enum Step {
    Guess(usize, u64),
    Invite(usize),
    Help(usize, usize, u64),
    Collect(usize, usize),
    Settle,
    NextDay,
}

/// Prices near the right one, so that it is met and that many are equally far.
fn steps() -> impl Strategy<Value = Vec<Step>> {
    let who = 0..MEMBERS.len();
    let cents = (0u64..9).prop_map(|step| 46_500 + step * 100);
    let step = prop_oneof![
        6 => (who.clone(), cents.clone()).prop_map(|(who, cents)| Step::Guess(who, cents)),
        2 => who.clone().prop_map(Step::Invite),
        4 => (who.clone(), 0usize..12, cents).prop_map(|(who, at, cents)| Step::Help(who, at, cents)),
        2 => (who, 0usize..12).prop_map(|(who, at)| Step::Collect(who, at)),
        1 => Just(Step::Settle),
        1 => Just(Step::NextDay),
    ];
    prop::collection::vec(step, 1..80)
}

/// What each member's guesses, friends' among them, came to: how far off, and when.
type Tries = BTreeMap<&'static str, Vec<(u64, usize)>>;

fn run(setup: Setup, steps: &[Step]) -> (Bench, Tries) {
    let mut bench = Bench::new(setup);
    let mut links: Vec<(&'static str, String)> = Vec::new();
    let mut tries = Tries::new();
    let off = |cents: u64| cents.abs_diff(46_900);
    for (time, step) in steps.iter().enumerate() {
        let refused = |answer: Result<_, Refusal>| answer.is_err();
        match step {
            Step::Guess(who, cents) => {
                let offered = bench.view(MEMBERS[*who], None);
                if !refused(bench.guess(MEMBERS[*who], *cents).map(drop)) {
                    assert!(offered.tries_left > 0);
                    tries.entry(MEMBERS[*who]).or_default().push((off(*cents), time));
                }
            }
            Step::Invite(who) => {
                links.extend(bench.invite(MEMBERS[*who]).ok().map(|link| (MEMBERS[*who], link)));
            }
            Step::Help(who, at, cents) => {
                let Some((owner, link)) = links.get(*at).cloned() else { continue };
                if !refused(bench.help(MEMBERS[*who], &link, *cents).map(drop)) {
                    assert_ne!(owner, MEMBERS[*who]);
                    tries.entry(owner).or_default().push((off(*cents), time));
                }
            }
            Step::Collect(who, at) => {
                let Some((owner, link)) = links.get(*at).cloned() else { continue };
                if bench.collect(MEMBERS[*who], &link).is_ok() {
                    assert_eq!(owner, MEMBERS[*who]);
                }
            }
            Step::Settle => {
                bench.settle();
                assert_eq!(bench.settle(), 0, "a second run has nothing to do");
            }
            Step::NextDay => bench.next_day(),
        }
    }
    bench.close();
    bench.settle();
    let prizes = MEMBERS.map(|name| bench.prizes(name));
    assert_eq!(bench.settle(), 0, "a second run has nothing to do");
    assert_eq!(MEMBERS.map(|name| bench.prizes(name)), prizes);
    assert!(prizes.iter().all(|prizes| *prizes <= 1), "nobody wins twice: {prizes:?}");
    let all: usize = prizes.iter().sum();
    assert_eq!(bench.shared().won, all as u64);
    for name in MEMBERS {
        assert_eq!(bench.member(name).won, bench.prizes(name) == 1);
    }
    (bench, tries)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn the_k_best_win_at_the_close(steps in steps(), winners in 1u32..5) {
        let (bench, tries) = run(closest(winners), &steps);
        let mut best: Vec<_> =
            tries.iter().map(|(name, tries)| (tries.iter().min().unwrap(), *name)).collect();
        best.sort();
        let expected: Vec<_> = best.iter().take(winners as usize).map(|(_, name)| *name).collect();
        let mut won: Vec<_> =
            MEMBERS.into_iter().filter(|name| bench.prizes(name) == 1).collect();
        won.sort_by_key(|name| expected.iter().position(|have| have == name));
        prop_assert_eq!(won, expected);
    }

    #[test]
    fn whoever_found_the_price_wins_while_prizes_last(steps in steps(), stock in 1u64..6) {
        let (bench, tries) = run(with(&[("/prize/stock", json!(stock))]), &steps);
        let found = tries.values().filter(|tries| tries.iter().any(|(off, _)| *off == 0)).count();
        let won: usize = MEMBERS.iter().map(|name| bench.prizes(name)).sum();
        prop_assert_eq!(won, found.min(usize::try_from(stock).unwrap()));
        for (name, tries) in &tries {
            let right = tries.iter().any(|(off, _)| *off == 0);
            prop_assert!(right || bench.prizes(name) == 0);
        }
    }
}
