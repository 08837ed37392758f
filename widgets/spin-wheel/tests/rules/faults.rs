use crate::table::example;
use funfair_engine::erase;
use funfair_spin_wheel::SpinWheel;
use serde_json::{Value, json};

/// Puts `value` at `place` in the example's rules: the fault's key is `key`.
#[track_caller]
fn check(place: &str, value: Value, key: &str) {
    let mut rules = example();
    let (parent, field) = place.rsplit_once('/').unwrap();
    rules.pointer_mut(parent).unwrap()[field] = value;
    let faults = erase::<SpinWheel>().load(&rules).err().unwrap_or_default();
    let found = faults.iter().find(|fault| fault.key == key);
    let fault = found.unwrap_or_else(|| panic!("no fault at {key}: {faults:?}"));
    assert!(!fault.reason.is_empty() && !fault.cure.is_empty());
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
    assert!(erase::<SpinWheel>().load(&example()).is_ok());
}

#[test]
fn an_unknown_or_missing_key_is_named() {
    check("/first_play_win", json!(true), "rules.first_play_win");
    check("/chances/free", json!(1), "rules.chances.free");
    check("/prizes/2/wieght", json!(1), "rules.prizes[2].wieght");
    check("/chances/free_per_day", json!("one"), "rules.chances.free_per_day");
    check("/prizes/0/weight", json!(-1), "rules.prizes[0].weight");
}

#[test]
fn chances_must_make_sense_together() {
    check("/chances/points_each", json!(0), "rules.chances.points_each");
    check("/chances/points_each", json!(u64::MAX), "rules.chances.points_each");
    check("/chances/points_each", json!(null), "rules.chances.bought_per_day");
    check("/chances/bought_per_day", json!(0), "rules.chances.bought_per_day");
    check("/chances/free_per_day", json!(1_000_000), "rules.chances.free_per_day");
}

#[test]
fn a_wheel_has_4_to_12_sectors() {
    check("/prizes", prizes(|list| list.truncate(3)), "rules.prizes");
    let many = prizes(|list| list.resize(13, list[1].clone()));
    check("/prizes", many, "rules.prizes");
}

#[test]
fn ids_are_unique_and_plain() {
    check("/prizes/1/id", json!("toothbrush"), "rules.prizes[1].id");
    check("/prizes/1/id", json!("20 points"), "rules.prizes[1].id");
}

#[test]
fn weights_can_be_drawn_from() {
    check("/prizes", each("weight", &json!(0)), "rules.prizes");
    check("/prizes", each("weight", &json!(u64::MAX / 4)), "rules.prizes");
}

#[test]
fn exactly_one_fallback_never_runs_out() {
    check("/prizes/1/fallback", json!(true), "rules.prizes");
    check("/prizes/3/fallback", json!(false), "rules.prizes");
    check("/prizes/3/stock", json!(5), "rules.prizes[3].fallback");
    check("/prizes/3/per_member", json!(5), "rules.prizes[3].fallback");
}

#[test]
fn a_promised_first_win_needs_a_prize_that_lasts() {
    check("/prizes/1/stock", json!(5), "rules.first_play_wins");
    check("/prizes/1/weight", json!(0), "rules.first_play_wins");
}

#[test]
fn labels_are_in_both_languages_and_drawings_exist() {
    check("/prizes/0/label", json!({ "en": "Toothbrush" }), "rules.prizes[0].label");
    check("/prizes/0/icon", json!("unicorn"), "rules.prizes[0].icon");
}

#[test]
fn a_win_gives_something() {
    check("/prizes/0/reward", json!(null), "rules.prizes[0].reward");
    let reward = |reward: Value, field: &str| {
        check("/prizes/1/reward", reward, &format!("rules.prizes[1].reward{field}"));
    };
    reward(json!({ "type": "points", "amount": 0 }), ".amount");
    reward(json!({ "type": "points", "amount": 1, "days": 0 }), ".days");
    reward(json!({ "type": "coupon", "value_cents": 0 }), ".value_cents");
    reward(json!({ "type": "red_packet", "amount_cents": 0 }), ".amount_cents");
    reward(json!({ "type": "goods", "sku": " " }), ".sku");
    reward(json!({ "type": "benefit", "code": "" }), ".code");
    reward(json!({ "type": "unicorn" }), ".type");
}
