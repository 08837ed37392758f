//! What is published holds, what is drawn can be checked, and what is secret stays so: no view, no
//! odds and no preview tells two configurations apart that differ in secrets only, but by a
//! commitment: 64 hexadecimal digits, a hash under a key that nobody has before the close.

use crate::history::{self, History, MEMBERS, running};
use funfair_catalogue::kinds;
use funfair_engine::{Asker, Desk, Dice, Seed, Setup};
use funfair_host_api::{Day, Receipt, json::Raw};
use serde_json::Value;
use std::collections::BTreeMap;

#[test]
fn configurations_that_differ_in_secrets_only_look_the_same() {
    for history in history::all() {
        for secret in history.entry.secrets {
            let mut other = running(changed(history.running.setup.clone(), secret));
            // The name of a configuration is told apart, and tells nothing without the key.
            other.revision.clone_from(&history.running.revision);
            let (one, two) = (history.running.public(0), other.public(0));
            assert_eq!(one.odds, two.odds, "{secret}");
            assert_eq!(blind(&one.preview), blind(&two.preview), "{secret}");
            let now_ms = history.head().last_ms;
            for member in MEMBERS {
                let view = |at| {
                    let asker = Asker::from(member);
                    Desk::me(&history.store, at, &asker, None, now_ms).unwrap().unwrap().view
                };
                assert_eq!(blind(&view(&history.running)), blind(&view(&other)), "{secret}");
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

/// A view without its commitments.
fn blind(view: &Raw) -> String {
    let hash = |part: &&str| part.len() == 64 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    view.text().split('"').filter(|part| !hash(part)).collect::<Vec<_>>().join("\"")
}

/// The configuration with one secret changed into another of its type, still one without a fault.
fn changed(mut setup: Setup, secret: &str) -> Setup {
    let value = setup.rules.pointer(secret).expect("a secret of the example").clone();
    let others: Vec<Value> = match &value {
        Value::Number(number) => {
            let number = number.as_u64().unwrap();
            [1, 10, 100, 1000].map(|more| Value::from(number + more)).into()
        }
        Value::String(text) => vec![Value::from(text.chars().rev().collect::<String>())],
        Value::Bool(yes) => vec![Value::from(!yes)],
        other => panic!("{secret} is {other}: say here how it is changed"),
    };
    let kind = kinds().into_iter().find(|kind| kind.slug() == setup.kind).unwrap();
    for other in others {
        *setup.rules.pointer_mut(secret).unwrap() = other;
        if kind.load(&setup).is_ok() {
            return setup;
        }
    }
    panic!("{secret}: no other value is without a fault");
}
