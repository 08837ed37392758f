//! What a season of play shows of every kind.

use crate::history::{self, History, MEMBERS, tags};
use funfair_catalogue::NAMED;
use funfair_engine::{Held, PurseKey, Store, Wants};
use funfair_host_api::{Words, json::Raw};
use serde_json::Value;
use std::{collections::BTreeMap, fs, path::Path};

#[test]
fn an_offered_move_is_never_refused() {
    for history in history::all() {
        assert_eq!(history.broken_offers, [""; 0], "{}", history.entry.slug);
    }
}

#[test]
fn a_refusal_leaves_no_trace() {
    for history in history::all() {
        assert!(!history.refusals.is_empty(), "{}", history.entry.slug);
        assert_eq!(history.traces, [""; 0], "{}", history.entry.slug);
    }
}

#[test]
fn every_outcome_is_reached() {
    for history in history::all() {
        let mut reached = tags(&history.outcomes);
        let wanted = history.entry.codecs.outcomes.iter().filter(|tag| **tag != "unknown");
        let wanted: Vec<_> = wanted.map(|tag| (*tag).to_owned()).collect();
        // Four members meet less often than a crowd: some outcomes take another season.
        for seed in 2..8 {
            if wanted.iter().all(|tag| reached.contains(tag)) {
                break;
            }
            reached.extend(tags(&History::of(history.entry, seed).outcomes));
        }
        for tag in wanted {
            assert!(reached.contains(&tag), "{}: never {tag}", history.entry.slug);
        }
    }
}

#[test]
fn every_refusal_is_reached_here_or_by_a_test_of_the_kind() {
    for history in history::all() {
        let slug = history.entry.slug;
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../{slug}/tests/rules"));
        let tests: String = fs::read_dir(folder)
            .unwrap()
            .map(|file| file.unwrap().path())
            .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
            .map(|path| fs::read_to_string(path).unwrap())
            .collect();
        let reached = tags(&history.refusals);
        for tag in history.entry.codecs.refusals.iter().filter(|tag| **tag != "unknown") {
            let tested = tests.contains(&format!("\"{tag}\""));
            assert!(reached.contains(*tag) || tested, "{slug}: never {tag}");
        }
    }
}

#[test]
fn every_outcome_and_refusal_has_a_label_in_every_locale() {
    for history in history::all() {
        for answer in history.outcomes.iter().chain(&history.refusals) {
            let value: Value = serde_json::from_str(answer.text()).unwrap();
            let label: Words = serde_json::from_value(value["label"].clone()).unwrap();
            let have: Vec<_> = label.iter().filter(|(_, text)| !text.is_empty()).collect();
            for locale in NAMED {
                let said = have.iter().any(|(have, _)| have == locale);
                assert!(said, "{} {locale}: {}", history.entry.slug, answer.text());
            }
        }
    }
}

#[test]
fn the_ledger_says_what_every_member_has() {
    for history in history::all() {
        assert!(!history.transfers().is_empty(), "{}", history.entry.slug);
        for member in MEMBERS {
            let key = PurseKey { programme: "acme".into(), member: member.into() };
            let wants = Wants { purses: [key.clone()].into(), ..Wants::default() };
            let purse = history.store.load(&wants).unwrap().purses.remove(&key).unwrap_or_default();
            let points = i64::try_from(purse.points).unwrap();
            assert_eq!(history.points(member), points, "{} {member}", history.entry.slug);
            assert_eq!(purse.points, purse.lots.iter().map(|lot| lot.points).sum::<u64>());
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_history() {
    for one in history::all() {
        let two = History::of(one.entry, 1);
        assert_eq!(one.plays(), two.plays(), "{}", one.entry.slug);
        assert_eq!(one.transfers(), two.transfers(), "{}", one.entry.slug);
    }
}

#[test]
fn replayed_events_give_the_stored_state() {
    for history in history::all() {
        let slug = history.entry.slug;
        let mut members: BTreeMap<String, String> = BTreeMap::new();
        let mut items: BTreeMap<String, String> = BTreeMap::new();
        let mut shared = String::new();
        for play in history.plays() {
            let item = history.items.get(&play.seq);
            let before = Held {
                member: members.remove(&play.key.member).unwrap_or_default(),
                shared,
                item: item.and_then(|item| items.remove(item)),
            };
            let events: Vec<Raw> = serde_json::from_str(&play.events).unwrap();
            assert!(!events.is_empty(), "{slug}: a play without an event");
            let after = history.running.game.replay(&before, &events).unwrap();
            members.insert(play.key.member, after.member);
            items.extend(item.cloned().zip(after.item));
            shared = after.shared;
        }
        for member in MEMBERS {
            assert_eq!(json(&members[member]), history.state(member), "{slug} {member}");
        }
        assert_eq!(json(&shared), json(&history.head().shared), "{slug}");
    }
}

#[test]
fn rows_stay_within_4_kb() {
    for history in history::all() {
        let bytes = |member| history.state(member).to_string().len();
        let largest = MEMBERS.into_iter().map(bytes).max().unwrap();
        assert!(largest <= 4096, "{}: {largest} bytes a member", history.entry.slug);
        assert!(history.head().shared.len() <= 4096, "{}", history.entry.slug);
    }
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
