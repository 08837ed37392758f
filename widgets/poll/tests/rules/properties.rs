use crate::table::{Table, plain};
use funfair_engine::{Cx, Rules, State, StateMut, Verdict};
use funfair_poll::{Action, Config, Event, Member, Poll, Shared, Tally, View};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

fn votes() -> impl Strategy<Value = Config> {
    let quota = || prop::option::of(1u64..5);
    let quotas = (quota(), quota(), quota(), quota());
    let results = prop::sample::select(vec!["hidden", "after_vote", "live"]);
    (1u32..4, 0u32..3, any::<bool>(), 0u32..4, quotas, results).prop_map(
        |(least, more, changeable, every, quotas, results)| {
            let mut rules = serde_json::to_value(plain(json!({
                "choose": { "least": least, "most": (least + more).min(4) },
                "ballot": if changeable { "changeable" } else { "once" },
                "results": results,
                "reward": { "type": "points", "amount": 3 },
                "nominations": { "per_member": 2, "max_length": 20, "at_most": 3 },
            })))
            .unwrap();
            if every > 0 {
                rules["rounds"] = json!({ "every": every, "from": "2026-10-20" });
            }
            let quotas = [quotas.0, quotas.1, quotas.2, quotas.3];
            for (option, quota) in rules["options"].as_array_mut().unwrap().iter_mut().zip(quotas) {
                option["quota"] = json!(quota);
            }
            serde_json::from_value(rules).unwrap()
        },
    )
}

#[derive(Clone, Debug)]
enum Step {
    /// A ballot for any options whatever, offered or not.
    Vote(u8, Vec<u8>),
    /// Something that is offered.
    Offered(u8, u8),
    Judge(u8, bool),
    DayPasses,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let ids = || prop::collection::vec(0u8..6, 0..5);
    let step = prop_oneof![
        5 => (0u8..6, ids()).prop_map(|(who, ids)| Step::Vote(who, ids)),
        6 => (0u8..6, any::<u8>()).prop_map(|(who, which)| Step::Offered(who, which)),
        1 => (any::<u8>(), any::<bool>()).prop_map(|(which, yes)| Step::Judge(which, yes)),
        1 => Just(Step::DayPasses),
    ];
    prop::collection::vec(step, 1..150)
}

const IDS: [&str; 6] = ["a", "b", "c", "d", "n_1", "n_2"];

fn live(config: Config, steps: &[Step]) -> Table {
    let mut table = Table::new(config);
    for step in steps {
        match step {
            Step::Vote(who, ids) => {
                let name = format!("m{who}");
                let before = table.view(&name);
                let ids: Vec<_> = ids.iter().map(|at| IDS[usize::from(*at)]).collect();
                if table.vote(&name, &ids).is_err() {
                    assert_eq!(table.view(&name), before, "a refusal changes nothing");
                }
            }
            Step::Offered(who, which) => {
                let name = format!("m{who}");
                let offered = Poll::moves(&table.view(&name));
                if let Some(action) = offered.get(usize::from(*which) % offered.len().max(1)) {
                    table.play(&name, action).unwrap();
                }
            }
            Step::Judge(which, yes) => {
                let items: Vec<_> = table.items.keys().cloned().collect();
                if let Some(item) = items.get(usize::from(*which) % items.len().max(1)) {
                    let verdict = if *yes { Verdict::Approve } else { Verdict::Reject };
                    // Enough may be taken up, or the name be there.
                    let _ = table.judge(item, verdict);
                }
            }
            Step::DayPasses => table.day.0 += 1,
        }
    }
    table
}

/// The counts of a round by counting every member's last ballot in it.
fn recount(table: &Table, round: u32) -> (u64, BTreeMap<String, u64>) {
    let mut last: BTreeMap<&str, &[String]> = BTreeMap::new();
    for (name, event) in &table.events {
        if let Event::Voted { round: of, options, .. } = event
            && *of == round
        {
            last.insert(name, options);
        }
    }
    let mut counts = BTreeMap::new();
    for id in last.values().copied().flatten() {
        *counts.entry(id.clone()).or_default() += 1;
    }
    (last.len() as u64, counts)
}

fn counted(tally: &Tally) -> (u64, BTreeMap<String, u64>) {
    let counts = tally.counts.iter().filter(|(_, count)| **count > 0);
    (tally.ballots, counts.map(|(id, count)| (id.clone(), *count)).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn the_tallies_are_those_of_a_recount(config in votes(), steps in steps()) {
        let table = live(config, &steps);
        for tally in [&table.shared.now, &table.shared.last] {
            prop_assert_eq!(counted(tally), recount(&table, tally.round));
        }
        prop_assert!(table.shared.last.round <= table.shared.now.round);
    }

    #[test]
    fn no_quota_is_exceeded_at_any_time(config in votes(), steps in steps()) {
        let table = live(config, &steps);
        let mut shared = Shared::default();
        for (name, event) in &table.events {
            let mut member = table.members[name].clone();
            Poll::evolve(StateMut { member: &mut member, shared: &mut shared, item: &mut None }, event);
            for option in &table.config.options {
                let count = shared.now.count(&option.id);
                prop_assert!(option.quota.is_none_or(|quota| count <= quota), "{}", option.id);
            }
        }
        prop_assert_eq!(shared, table.shared);
    }

    #[test]
    fn a_member_is_rewarded_once_a_round(config in votes(), steps in steps()) {
        let table = live(config, &steps);
        for (name, points) in &table.points {
            let mine = table.events.iter().filter(|(who, _)| who == name);
            let rounds = mine.filter_map(|(_, event)| match event {
                Event::Voted { round, .. } => Some(*round),
                _ => None,
            });
            let rounds: std::collections::BTreeSet<_> = rounds.collect();
            prop_assert_eq!(*points, 3 * rounds.len() as u64);
        }
    }

    #[test]
    fn what_is_not_offered_as_full_or_past_is_refused(config in votes(), steps in steps()) {
        let table = live(config, &steps);
        for who in 0..6 {
            let view = table.view(&format!("m{who}"));
            let votes = Poll::moves(&view).into_iter().filter(|action| action.tag() == "vote");
            prop_assert_eq!(votes.count() > 0, view.can_vote);
        }
    }

    #[test]
    fn hidden_counts_leave_no_mark_on_a_view(
        one in prop::collection::vec(0u64..1000, 9),
        two in prop::collection::vec(0u64..1000, 9),
        after_vote: bool,
        round in 1u32..3,
    ) {
        let config = plain(json!({
            "results": if after_vote { "after_vote" } else { "hidden" },
            "rounds": { "every": 3, "from": "2026-10-20" },
            "ballot": "changeable",
        }));
        let voted = Member { round, ballot: vec!["a".into()], proposed: Vec::new() };
        // Who has voted sees no counts either where they are hidden.
        let members = if after_vote { vec![Member::default()] } else { vec![Member::default(), voted] };
        for member in members {
            let view = |counts: &[u64]| {
                let shared = counts_of(counts, round);
                let state = State { member: &member, shared: &shared, item: None };
                let table = Table::new(config.clone());
                let cx: Cx = table.cx("ada");
                let view: View = Poll::view(&config, state, &cx);
                serde_json::to_string(&view).unwrap()
            };
            prop_assert_eq!(view(&one), view(&two));
        }
    }
}

fn counts_of(counts: &[u64], round: u32) -> Shared {
    let tally = |round, counts: &[u64]| {
        let ids = IDS.iter().map(|id| (*id).to_owned());
        Tally {
            round,
            ballots: counts.iter().sum(),
            counts: ids.zip(counts.iter().copied()).collect(),
        }
    };
    let (now, last) = counts.split_at(5);
    Shared { now: tally(round, now), last: tally(round - 1, last), accepted: Vec::new() }
}

#[test]
fn the_actions_of_the_tests_read_as_those_of_the_wire() {
    let action = Action::Vote { options: vec!["a".into()] };
    assert_eq!(serde_json::to_string(&action).unwrap(), r#"{"type":"vote","options":["a"]}"#);
}
