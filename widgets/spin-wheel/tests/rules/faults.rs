//! Every mistake in a wheel's `[rules]`, and what is said about it: the snapshot reads as a list.

use crate::table::{config, example};
use funfair_engine::{Budget, ChanceRules, Setup, erase};
use funfair_spin_wheel::SpinWheel;
use serde_json::{Value, json};
use std::fmt::Write;

/// What is said of a file with these rules.
fn faults(setup: &Setup) -> String {
    let faults = erase::<SpinWheel>().load(setup).err().unwrap_or_default();
    assert!(faults.iter().all(|fault| !fault.reason.is_empty() && !fault.cure.is_empty()));
    faults.iter().fold(String::new(), |mut said, fault| {
        writeln!(said, "    {fault}").unwrap();
        said
    })
}

fn setup(rules: Value) -> Setup {
    Setup { kind: "spin-wheel".into(), rules, ..Setup::default() }
}

/// What is said where `value` stands at `place` in the example's rules.
#[track_caller]
fn says(list: &mut String, place: &str, value: &Value) {
    let mut rules = example();
    let (parent, field) = place.rsplit_once('/').unwrap();
    rules.pointer_mut(parent).unwrap()[field] = value.clone();
    let said = faults(&setup(rules));
    assert_ne!(said, "", "no fault for {place} = {value}");
    let value = match value {
        Value::Array(list) => format!("({} prizes)", list.len()),
        value => value.to_string(),
    };
    write!(list, "{place} = {value}\n{said}").unwrap();
}

/// The example's prizes, `edit`ed.
fn prizes(edit: impl FnOnce(&mut Vec<Value>)) -> Value {
    let mut rules = example();
    let list = rules["prizes"].as_array_mut().unwrap();
    edit(list);
    json!(list)
}

fn each(field: &str, value: &Value) -> Value {
    prizes(|list| list.iter_mut().for_each(|prize| prize[field] = value.clone()))
}

#[test]
fn the_example_has_no_fault() {
    config(example());
    assert_eq!(faults(&setup(example())), "");
}

#[test]
fn every_mistake_in_the_rules_is_named() {
    let mut list = String::new();
    let mut say = |place: &str, value: Value| says(&mut list, place, &value);
    say("/lucky", json!(true));
    say("/prizes/2/wieght", json!(1));
    say("/prizes/0/weight", json!(-1));
    say("/prizes/0/weight", json!("5%"));
    say("/prizes", prizes(|list| list.truncate(3)));
    say("/prizes", prizes(|list| list.resize(13, list[1].clone())));
    say("/prizes", each("weight", &json!(0)));
    say("/prizes", each("weight", &json!(u64::MAX / 4)));
    say("/prizes/1/id", json!("toothbrush"));
    say("/prizes/1/id", json!("20 points"));
    say("/prizes/1/fallback", json!(true));
    say("/prizes/3/fallback", json!(false));
    say("/prizes/3/stock", json!(5));
    say("/prizes/3/per_member", json!(5));
    let coded = json!({ "type": "coupon", "value_cents": 100, "codes": "spring" });
    say("/prizes/3/reward", coded);
    say("/prizes/0/stock", json!(0));
    say("/prizes/0/daily", json!(0));
    say("/prizes/0/per_member", json!(0));
    say("/prizes/0/stock", json!(u64::MAX));
    say("/prizes/0/label", json!({ "en": "Toothbrush" }));
    say("/prizes/0/icon", json!("unicorn"));
    say("/luck/win_within", json!(1));
    say("/prizes/1/stock", json!(5));
    say("/prizes/1/weight", json!(0));
    say("/prizes/0/reward", json!(null));
    insta::assert_snapshot!(list);
}

#[test]
fn every_mistake_in_a_reward_is_named() {
    let mut list = String::new();
    let mut say = |reward: Value| says(&mut list, "/prizes/4/reward", &reward);
    say(json!({ "type": "unicorn" }));
    say(json!({ "type": "points" }));
    say(json!({ "type": "points", "amount": 0 }));
    say(json!({ "type": "points", "amount": 1, "days": 0 }));
    say(json!({ "type": "coupon", "value_cents": 0 }));
    say(json!({ "type": "coupon", "value_cents": 500, "threshold_cents": 400 }));
    say(json!({ "type": "coupon", "value_cents": 500, "items": ["A", " "] }));
    say(json!({ "type": "coupon", "value_cents": 500, "codes": "Spring 10" }));
    say(json!({ "type": "coupon", "value_cents": 500, "days": 4000 }));
    say(json!({ "type": "red_packet", "amount_cents": 0 }));
    say(json!({ "type": "goods", "sku": " " }));
    say(json!({ "type": "benefit", "code": "" }));
    say(json!({ "type": "chance", "count": 0 }));
    say(json!({ "type": "chance", "activity": "" }));
    say(json!({ "type": "chance", "days": 0 }));
    say(json!({ "type": "card", "activity": "", "card": "" }));
    insta::assert_snapshot!(list);
}

#[test]
fn mistakes_between_prizes_chances_and_budget_are_named() {
    let mut list = String::new();
    let mut say = |what: &str, setup: &Setup| {
        let said = faults(setup);
        assert_ne!(said, "", "no fault for {what}");
        write!(list, "{what}\n{said}").unwrap();
    };
    let back = json!({ "type": "chance", "count": 2 });
    let endless = prizes(|list| {
        for prize in list.iter_mut() {
            prize["weight"] = json!(1);
        }
        for place in [1, 4, 5, 6] {
            list[place] = list[3].clone();
            list[place]["id"] = json!(format!("again-{place}"));
            list[place]["fallback"] = json!(false);
            list[place]["reward"] = back.clone();
        }
    });
    let rules = json!({ "prizes": endless });
    say("half the wheel gives two chances", &setup(rules));
    let small = Budget { points: Some(150), cents: None };
    let dear = Setup { budget: small, ..setup(example()) };
    say("a budget of 150 points for 200 points", &dear);
    let small = Budget { points: Some(200), cents: None };
    let chances = ChanceRules { free_per_day: 10, ..ChanceRules::default() };
    let closes_at_ms = 30 * 24 * 60 * 60 * 1000;
    let free =
        Setup { budget: small, chances, closes_at_ms, zone: "UTC".into(), ..setup(example()) };
    say("a budget of 200 points for 300 free chances a member", &free);
    insta::assert_snapshot!(list);
}
