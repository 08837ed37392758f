//! Every mistake in a calendar's `[rules]`, and what is said about it: the snapshot reads as a list.

use crate::calendar::{config, example};
use funfair_engine::{Budget, Setup, erase};
use funfair_sign_in_calendar::SignInCalendar;
use serde_json::{Value, json};
use std::fmt::Write;

/// What is said of a file with these rules.
fn faults(setup: &Setup) -> String {
    let faults = erase::<SignInCalendar>().load(setup).err().unwrap_or_default();
    assert!(faults.iter().all(|fault| !fault.reason.is_empty() && !fault.cure.is_empty()));
    faults.iter().fold(String::new(), |mut said, fault| {
        writeln!(said, "    {fault}").unwrap();
        said
    })
}

fn setup(rules: Value) -> Setup {
    Setup { kind: "sign-in-calendar".into(), rules, ..Setup::default() }
}

#[test]
fn the_example_has_no_fault() {
    config(example());
    assert_eq!(faults(&setup(example())), "");
}

#[test]
fn every_mistake_in_the_rules_is_named() {
    let mut list = String::new();
    let mut say = |place: &str, value: Value| {
        let mut rules = example();
        let (parent, field) = place.rsplit_once('/').unwrap();
        rules.pointer_mut(parent).unwrap()[field] = value.clone();
        let said = faults(&setup(rules));
        assert_ne!(said, "", "no fault for {place} = {value}");
        write!(list, "{place} = {value}\n{said}").unwrap();
    };
    say("/streak", json!({}));
    say("/points/max", json!(9));
    say("/points", json!({ "first": 5 }));
    say("/points/first", json!(0));
    say("/points/cap", json!(4));
    say("/points/cap", json!(u64::MAX));
    say("/points/step", json!(0));
    say("/daily/label", json!({ "en": "A spin" }));
    say("/daily/reward", json!({ "type": "points", "amount": 5 }));
    say("/daily/reward", json!({ "type": "chance", "activity": " " }));
    say("/bonus/every", json!(0));
    say("/bonus/every", json!(1));
    say("/bonus/every", json!(367));
    say("/bonus/label", json!(null));
    say("/bonus/label", json!({ "en": "A coupon" }));
    say("/bonus/reward", json!({ "type": "points", "amount": 0 }));
    say("/bonus/reward", json!({ "type": "coupon", "value_cents": 0 }));
    say("/make_up/reach", json!("week"));
    say("/make_up/reach", json!(0));
    say("/make_up/reach", json!(32));
    say("/make_up/points_each", json!(0));
    say("/make_up/card", json!(""));
    say("/make_up", json!({ "reach": 7, "per_month": 3 }));
    say("/make_up/per_month", json!(0));
    say("/make_up/per_month", json!(32));
    insta::assert_snapshot!(list);
}

#[test]
fn signing_in_gives_something() {
    insta::assert_snapshot!(faults(&setup(json!({}))));
}

#[test]
fn what_one_bonus_costs_is_within_the_budget() {
    let budget = Budget { points: None, cents: Some(499) };
    insta::assert_snapshot!(faults(&Setup { budget, ..setup(example()) }));
}
