//! What is published holds, what is drawn can be checked, and what is secret stays so: no view, no
//! odds and no preview tells two configurations apart that differ in secrets only.

use crate::history::{self, History, MEMBERS, running, setup};
use funfair_engine::{Asker, Desk, Dice, Seed, Setup};
use funfair_host_api::{Day, Receipt, json::Raw};
use serde_json::Value;
use std::{collections::BTreeMap, sync::Arc};

#[test]
fn configurations_that_differ_in_secrets_only_look_the_same() {
    for history in history::all() {
        for secret in history.entry.secrets {
            let other = Arc::new(running(changed(setup(history.entry), secret)));
            let (one, two) = (history.running.public(0), other.public(0));
            assert_eq!((one.odds, one.preview), (two.odds, two.preview), "{secret}");
            let now_ms = history.head().last_ms;
            for member in MEMBERS {
                let view = |at| {
                    let asker = Asker::from(member);
                    Desk::me(&history.store, at, &asker, None, now_ms).unwrap().unwrap().view
                };
                assert_eq!(view(&history.running), view(&other), "{secret}");
            }
        }
    }
}

#[test]
fn no_view_and_no_public_side_holds_the_key_of_the_draws() {
    for history in history::all() {
        let running = &history.running;
        let key =
            running.public(running.setup.closes_at_ms).key.expect("published after the close");
        let public = serde_json::to_string(&running.public(0)).unwrap();
        assert!(public.contains(&running.key.hash()) && !public.contains(&key));
        assert!(history.views.iter().all(|me| !me.view.text().contains(&key)));
    }
}

#[test]
fn every_draw_is_computed_again_from_its_receipt() {
    for history in history::all() {
        for (_, receipt) in receipts(history) {
            let proof = receipt.proof;
            if proof.draws.is_empty() {
                assert_eq!(proof.server_seed, "", "a seed that drew nothing stays secret");
                continue;
            }
            let seed = Seed::from_hex(&proof.server_seed).unwrap();
            assert_eq!(seed.commitment(), proof.commitment);
            let mut dice =
                Dice::new(seed, &proof.activity, &proof.revision, proof.n, &proof.client_seed);
            for draw in &proof.draws {
                assert_eq!(dice.pick(draw.table.clone()).as_ref(), Some(&draw.picked));
            }
            assert_eq!(dice.draws(), proof.draws, "{}", history.entry.slug);
        }
    }
}

#[test]
fn nothing_is_drawn_beyond_its_published_limits() {
    for history in history::all() {
        // How often each prize was drawn: in all, on each day, by each member.
        let mut counts: BTreeMap<(String, Scope), u64> = BTreeMap::new();
        for (member, receipt) in receipts(history) {
            let day = history.running.clock.day(receipt.at_ms);
            for draw in receipt.proof.draws {
                for scope in [Scope::All, Scope::Day(day), Scope::Member(member.clone())] {
                    *counts.entry((draw.picked.clone(), scope)).or_default() += 1;
                }
            }
        }
        let odds = history.running.public(0).odds;
        for ((prize, scope), count) in counts {
            let line = odds.iter().find(|line| line.prize == prize).expect("a published prize");
            let limit = match scope {
                Scope::All => line.quantity,
                Scope::Day(_) => line.daily,
                Scope::Member(_) => line.per_member,
            };
            assert!(limit.is_none_or(|limit| count <= limit), "{prize} {scope:?}: {count}");
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Scope {
    All,
    Day(Day),
    Member(String),
}

/// Every receipt of a season, with whose it is.
fn receipts(history: &History) -> Vec<(String, Receipt<Raw>)> {
    let read = |text: &str| serde_json::from_str(text).unwrap();
    let plays = history.plays().into_iter().filter(|play| !play.receipt.is_empty());
    plays.map(|play| (play.key.member, read(&play.receipt))).collect()
}

/// The configuration with one secret changed into another of its type.
fn changed(mut setup: Setup, secret: &str) -> Setup {
    let value = setup.rules.pointer_mut(secret).expect("a secret of the example");
    *value = match &*value {
        Value::Number(number) => Value::from(number.as_u64().unwrap() + 1),
        Value::String(text) => Value::from(text.chars().rev().collect::<String>()),
        Value::Bool(yes) => Value::from(!yes),
        other => panic!("{secret} is {other}: say here how it is changed"),
    };
    setup
}
