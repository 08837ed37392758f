//! What must hold whatever is drawn, earned and spent.

use funfair_engine::{
    Dice, MemoryStore, SecretKey, Store,
    story::{self, Booth},
};
use funfair_host_api::Weight;
use proptest::prelude::*;

fn table(weights: &[u64]) -> Vec<Weight> {
    let line =
        |(index, weight): (usize, &u64)| Weight { prize: index.to_string(), weight: *weight };
    weights.iter().enumerate().map(line).collect()
}

/// Chi-square over many draws: at 9 degrees of freedom, 40 is beyond one in 100,000.
#[test]
fn draws_follow_the_weights() {
    let weights = [1u32, 2, 3, 4, 5, 10, 15, 20, 20, 20];
    let key = SecretKey::new([9; 32]);
    let mut counts = [0f64; 10];
    let rounds = 50_000u32;
    for n in 0..u64::from(rounds) {
        let mut dice = Dice::new(key.seed("p", "m", n), "a", "r", n, "seed");
        let picked = dice.pick(table(&weights.map(u64::from))).unwrap();
        counts[picked.parse::<usize>().unwrap()] += 1.0;
    }
    let total = f64::from(weights.iter().sum::<u32>());
    let chi: f64 = weights
        .iter()
        .zip(counts)
        .map(|(weight, count)| {
            let expected = f64::from(rounds) * f64::from(*weight) / total;
            (count - expected).powi(2) / expected
        })
        .sum();
    assert!(chi < 40.0, "chi-square {chi}: {counts:?}");
}

#[test]
fn an_empty_table_and_one_that_overflows_draw_nothing() {
    let seed = SecretKey::new([1; 32]).seed("p", "m", 0);
    let mut dice = Dice::new(seed, "a", "r", 0, "s");
    assert_eq!(dice.pick(table(&[])), None);
    assert_eq!(dice.pick(table(&[0, 0])), None);
    assert_eq!(dice.pick(table(&[u64::MAX, 1])), None);
    assert!(dice.draws().is_empty());
}

#[test]
fn memory_is_a_store() {
    story::tell(&|| Box::new(MemoryStore::default()));
}

/// One step of a random history: a member and what they ask.
fn step() -> impl Strategy<Value = (usize, String)> {
    let action = prop_oneof![
        Just(r#"{"type":"draw"}"#.to_owned()),
        Just(r#"{"type":"buy"}"#.to_owned()),
        (1..9u64).prop_map(|points| format!(r#"{{"type":"earn","points":{points}}}"#)),
        (0..3usize, 1..9u64).prop_map(|(n, points)| {
            format!(r#"{{"type":"wrap","item":"ann:{n}","points":{points}}}"#)
        }),
        (0..3usize).prop_map(|n| format!(r#"{{"type":"unwrap","item":"ann:{n}"}}"#)),
        Just(r#"{"type":"overdraw"}"#.to_owned()),
    ];
    (0..3usize, action)
}

const MEMBERS: [&str; 3] = ["ann", "bob", "cid"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn purses_lots_and_transfers_agree_after_any_history(steps in prop::collection::vec(step(), 1..60)) {
        let store = MemoryStore::default();
        let mut booth = Booth::open(&store, "acme");
        for (n, (member, action)) in steps.iter().enumerate() {
            let _ = booth.one(MEMBERS[*member], &n.to_string(), action);
            booth.now_ms += 3_600_000 * (n as u64 % 30);
        }
        for member in MEMBERS {
            booth.audit(member);
        }
        for row in store.all_transfers("acme") {
            prop_assert!(row.amount > 0 && row.debit != row.credit);
        }
    }

    /// The commitments are those of the play's turn, so that both ways decide the same plays.
    #[test]
    fn any_split_into_batches_leaves_the_same_rows(
        steps in prop::collection::vec(step(), 1..40),
        cut in 1..8usize,
    ) {
        let whole = MemoryStore::default();
        let alone = Booth::open(&whole, "acme");
        let mut plays = Vec::new();
        for (n, (member, action)) in steps.iter().enumerate() {
            let play = alone.play(MEMBERS[*member], &n.to_string(), action);
            let _ = alone.run(std::slice::from_ref(&play));
            plays.push(play);
        }
        let split = MemoryStore::default();
        let batched = Booth::open(&split, "acme");
        for batch in plays.chunks(cut) {
            batched.run(batch);
        }
        prop_assert_eq!(story::dump(&alone), story::dump(&batched));
        prop_assert!(split.plays(&alone.at.lane, "ann", None, 1).is_ok());
    }
}
