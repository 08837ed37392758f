use crate::calendar::example;
use funfair_engine::erase;
use funfair_sign_in_calendar::SignInCalendar;
use serde_json::{Value, json};

/// Puts `value` at `place` in the example's rules: the fault's key is `key`.
#[track_caller]
fn check(place: &str, value: Value, key: &str) {
    let mut rules = example();
    let (parent, field) = place.rsplit_once('/').unwrap();
    rules.pointer_mut(parent).unwrap()[field] = value;
    let faults = erase::<SignInCalendar>().load(&rules).err().unwrap_or_default();
    let found = faults.iter().find(|fault| fault.key == key);
    let fault = found.unwrap_or_else(|| panic!("no fault at {key}: {faults:?}"));
    assert!(!fault.reason.is_empty() && !fault.cure.is_empty());
}

#[test]
fn the_example_has_no_fault() {
    assert!(erase::<SignInCalendar>().load(&example()).is_ok());
}

#[test]
fn an_unknown_or_missing_key_is_named() {
    check("/streak", json!({}), "rules.streak");
    check("/points/max", json!(9), "rules.points.max");
    check("/points", json!({ "first": 5 }), "rules.points");
    check("/make_up/reach", json!("week"), "rules.make_up.reach");
}

#[test]
fn signing_in_gives_something() {
    let faults = erase::<SignInCalendar>().load(&json!({})).err().unwrap();
    assert_eq!(faults[0].key, "rules");
    check("/points/first", json!(0), "rules.points.first");
}

#[test]
fn growth_reaches_its_cap() {
    check("/points/cap", json!(4), "rules.points.cap");
    check("/points/cap", json!(u64::MAX), "rules.points.cap");
    check("/points/step", json!(0), "rules.points.step");
}

#[test]
fn a_bonus_comes_after_2_to_366_days_and_has_a_name() {
    check("/bonus/every", json!(0), "rules.bonus.every");
    check("/bonus/every", json!(1), "rules.bonus.every");
    check("/bonus/every", json!(367), "rules.bonus.every");
    check("/bonus/label", json!(null), "rules.bonus.label");
    check("/bonus/label", json!({ "en": "A coupon" }), "rules.bonus.label");
    let reward = |reward: Value, key| check("/bonus/reward", reward, key);
    reward(json!({ "type": "points", "amount": 0 }), "rules.bonus.reward.amount");
    reward(json!({ "type": "coupon", "value_cents": 0 }), "rules.bonus.reward.value_cents");
}

#[test]
fn making_up_has_a_price_a_reach_and_a_limit() {
    check("/make_up/points_each", json!(0), "rules.make_up.points_each");
    check("/make_up/reach", json!(0), "rules.make_up.reach");
    check("/make_up/reach", json!(32), "rules.make_up.reach");
    check("/make_up/per_month", json!(0), "rules.make_up.per_month");
    check("/make_up/per_month", json!(32), "rules.make_up.per_month");
}
