use crate::bench::{example, faults, put, with};
use funfair_engine::Setup;
use serde_json::{Value, json};
use std::fmt::Write;

/// One mistake a line: what is changed in the example.
fn mistakes() -> Vec<(&'static str, Setup)> {
    let band = |cents: u64| json!({ "type": "band", "within_cents": cents });
    let closest = |winners: u32| json!({ "type": "closest", "winners": winners });
    let one = |place: &'static str, value: Value| (place, with(&[(place, value)]));
    vec![
        one("/answer", json!(46_900)),
        one("/answer_cents", json!(46_950)),
        one("/answer_cents", json!(90_000)),
        one("/low_cents", json!(0)),
        one("/high_cents", json!(19_900)),
        one("/high_cents", json!(89_950)),
        one("/high_cents", json!(100_000_000_100u64)),
        one("/step_cents", json!(0)),
        ("/step_cents", with(&[("/step_cents", json!(1)), ("/high_cents", json!(20_000_000))])),
        one("/win", band(70_000)),
        one("/win", band(0)),
        one("/win", json!({ "type": "band" })),
        one("/win", json!({ "type": "band", "within_percent": 60 })),
        one("/win", json!({ "type": "nearest" })),
        one("/win", closest(21)),
        ("closest, hints", with(&[("/win", closest(3)), ("/prize/stock", Value::Null)])),
        ("closest, stock", with(&[("/win", closest(3)), ("/hints", Value::Null)])),
        one("/hints", json!({ "type": "distance", "within_percent": [30, 10] })),
        one("/hints", json!({ "type": "distance", "within_percent": [] })),
        one("/tries", json!(0)),
        one("/tries", json!(21)),
        one("/tries", json!(6)),
        one("/help/total", json!(9)),
        ("a band searched out", with(&[("/win", band(1000))])),
        (
            "too few prices",
            with(&[
                ("/high_cents", json!(89_900)),
                ("/step_cents", json!(35_000)),
                ("/answer_cents", json!(54_900)),
            ]),
        ),
        one("/max_win_percent", json!(100)),
        one("/item/label", json!({ "en": "Air fryer" })),
        one("/item/sku", json!(" ")),
        one("/item/picture", json!("fryer.jpg")),
        one("/prize/stock", json!(0)),
        one("/prize/reward/items", json!(["KETTLE"])),
        one("/prize/reward", json!({ "type": "coupon", "value_cents": 0 })),
        one("/prize/reward", json!({ "type": "points", "amount": 100 })),
        one("/prize/reward", json!({ "type": "chance" })),
        one("/consolation/label", json!({ "zh-CN": "送5积分" })),
        one("/consolation/reward", json!({ "type": "points", "amount": 0 })),
        one("/help/asks", json!(0)),
        one("/help/per_day", json!(3)),
        ("a budget", {
            let mut setup = example();
            setup.budget.cents = Some(1_000_000);
            setup
        }),
    ]
}

#[test]
fn every_mistake_is_refused_with_key_reason_and_cure() {
    let mut said = String::new();
    for (name, setup) in mistakes() {
        let found = faults(&setup);
        assert!(!found.is_empty(), "{name} is no fault");
        for fault in found {
            assert!(!fault.reason.is_empty() && !fault.cure.is_empty(), "{name}: {fault:?}");
            writeln!(said, "{name}: {fault}").unwrap();
        }
    }
    insta::assert_snapshot!(said);
}

#[test]
fn the_example_has_no_fault_and_says_what_perfect_play_comes_to() {
    assert_eq!(faults(&example()), []);
    let mut setup = example();
    put(&mut setup.rules, &[("/max_win_percent", json!(18))]);
    let fault = faults(&setup).remove(0);
    assert_eq!(fault.key, "rules.tries");
    assert!(fault.reason.contains("19 of 100"), "{fault}");
    assert!(fault.cure.contains("add up to 6"), "{fault}");
}

#[test]
fn a_budget_that_covers_every_prize_is_none_to_fear() {
    let mut setup = example();
    setup.budget.cents = Some(1111 * 10_000);
    assert_eq!(faults(&setup), []);
    put(&mut setup.rules, &[("/help", Value::Null)]);
    setup.budget.cents = Some(50_000);
    assert_eq!(faults(&setup), [], "without help all is given while members play");
}

#[test]
fn the_terms_say_how_it_is_won_and_what_perfect_play_comes_to() {
    let game = funfair_engine::erase::<funfair_guess_price::GuessPrice>().load(&example());
    let mut said = String::new();
    for clause in game.unwrap_or_else(|faults| panic!("{faults:?}")).clauses() {
        for lang in ["en", "zh-CN"] {
            writeln!(said, "{}: {}", clause.title.pick(lang), clause.text.pick(lang)).unwrap();
        }
    }
    assert!(!said.contains("46900") && !said.contains("469"), "{said}");
    insta::assert_snapshot!(said);
}
