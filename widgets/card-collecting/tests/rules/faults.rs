use crate::fair::example;
use funfair_card_collecting::{CardCollecting, Config};
use funfair_engine::{RewardRule, Rules, Setup, erase};
use serde_json::{Value, json};
use std::fmt::Write;

/// The example with `value` at `place`.
fn with(place: &str, value: Value) -> Setup {
    let mut setup = example();
    let (parent, field) = place.rsplit_once('/').unwrap();
    let parent = setup.rules.pointer_mut(parent).unwrap();
    match field.parse::<usize>() {
        Ok(index) => parent[index] = value,
        Err(_) => parent[field] = value,
    }
    setup
}

fn prize(prize: Value) -> Setup {
    let mut setup = with("/pot", Value::Null);
    setup.rules["prize"] = prize;
    setup.rules["prize"]["label"] = json!({ "en": "Tea", "zh-CN": "茶" });
    setup
}

fn each(field: &str, value: &Value) -> Setup {
    let mut setup = example();
    for card in setup.rules["cards"].as_array_mut().unwrap() {
        card[field] = value.clone();
    }
    setup
}

/// Every mistake, with what is said of it.
fn mistakes() -> Vec<(&'static str, Setup)> {
    let points = json!({ "type": "points", "amount": 10 });
    let codes = json!({ "type": "coupon", "value_cents": 500, "codes": "tea" });
    let budget = |mut setup: Setup, points| {
        setup.budget.points = Some(points);
        setup
    };
    let mut chanceless = example();
    chanceless.chances = funfair_engine::ChanceRules::default();
    let mut few = example();
    few.rules["cards"].as_array_mut().unwrap().truncate(1);
    let instead = json!({ "label": { "en": "Thanks", "zh-CN": "谢谢" }, "reward": codes });
    vec![
        ("an unknown key", with("/new_witin", json!(3))),
        ("an unknown key of a card", with("/cards/0/wieght", json!(3))),
        ("one card", few),
        ("a bad id", with("/cards/0/id", json!("Red lantern"))),
        ("two of one id", with("/cards/1/id", json!("lantern"))),
        ("a label in one language", with("/cards/0/label", json!({ "en": "Lantern" }))),
        ("an unknown drawing", with("/cards/0/drawing", json!("unicorn"))),
        ("a day of none", with("/cards/5/per_day", json!(0))),
        ("none in all", with("/cards/5/total", json!(0))),
        ("all weights 0", each("weight", &json!(0))),
        ("weights beyond a draw", each("weight", &json!(u64::MAX / 4))),
        ("every card can run out", each("per_day", &json!(5))),
        ("a set card is never drawn", with("/cards/5/weight", json!(0))),
        ("a set of more than there are", with("/set_size", json!(7))),
        ("a set of one", with("/set_size", json!(1))),
        ("only wildcards", each("wild", &json!(true))),
        ("a promise within 1", with("/new_within", json!(1))),
        ("no draw a day", with("/draws_per_day", json!(0))),
        ("no chance", chanceless),
        ("neither prize nor pot", with("/pot", Value::Null)),
        ("prize and pot", {
            let mut setup = prize(json!({ "reward": points }));
            setup.rules["pot"] = example().rules["pot"].clone();
            setup
        }),
        ("a pot of points and money", with("/pot/cents", json!(5))),
        ("an empty pot", with("/pot/points", json!(0))),
        ("a pot beyond the budget", budget(example(), 1000)),
        ("a pot without a name", with("/pot/label", json!({}))),
        ("a pot that is over at once", with("/pot/days", json!(0))),
        ("money that lapses", {
            let pot = json!({ "label": { "en": "Pot", "zh-CN": "奖池" }, "cents": 5, "days": 3 });
            with("/pot", pot)
        }),
        ("no prizes", prize(json!({ "reward": points, "stock": 0 }))),
        ("a prize of nothing", prize(json!({ "reward": { "type": "points", "amount": 0 } }))),
        ("codes alone", prize(json!({ "reward": codes }))),
        ("prizes beyond the budget", budget(prize(json!({ "reward": points, "stock": 5 })), 49)),
        ("codes for codes", prize(json!({ "reward": codes, "instead": instead }))),
        ("links of no hour", with("/gifts/hours", json!(0))),
        ("no gives", with("/gifts/gives_per_day", json!(0))),
        ("too many takes", with("/gifts/takes_per_day", json!(21))),
        ("too many takes in all", with("/gifts/takes_total", json!(21))),
        ("more from one friend than from all", with("/gifts/per_friend", json!(13))),
    ]
}

#[test]
fn the_example_has_no_fault() {
    assert!(erase::<CardCollecting>().load(&example()).is_ok());
}

#[test]
fn every_mistake_is_named_with_key_reason_and_cure() {
    let mut said = String::new();
    for (what, setup) in mistakes() {
        let faults = erase::<CardCollecting>().load(&setup).err().unwrap_or_default();
        assert!(!faults.is_empty(), "{what} passes");
        for fault in faults {
            writeln!(said, "{what}: {fault}").unwrap();
        }
    }
    insta::assert_snapshot!(said);
}

#[test]
fn what_the_budget_is_enough_for_is_no_fault() {
    let reward = json!({ "type": "points", "amount": 10 });
    let mut setup = prize(json!({ "reward": reward, "stock": 5 }));
    setup.budget.points = Some(50);
    assert!(erase::<CardCollecting>().load(&setup).is_ok());
}

#[test]
fn every_drawing_that_can_be_named_is_drawn() {
    let view = include_str!("../../src/drawings.rs");
    let config = include_str!("../../src/config.rs");
    let listed = config.split("DRAWINGS: [&str; 10] =").nth(1).unwrap().split(';').next().unwrap();
    let names: Vec<_> = listed.split('"').skip(1).step_by(2).collect();
    assert_eq!(names.len(), 10);
    for name in names {
        assert!(view.contains(&format!("\n{name}|")), "{name}");
    }
}

#[test]
fn the_terms_tell_every_rule_with_its_numbers() {
    let config: Config = serde_json::from_value(example().rules).unwrap();
    let clauses = CardCollecting::clauses(&config);
    let said = |lang: &str| {
        clauses.iter().map(|clause| clause.text.pick(lang).to_owned() + "\n").collect::<String>()
    };
    for lang in ["en", "zh-CN", "zh-TW", "ar", "ja", "ko"] {
        for number in ["6", "8", "12", "888", "24", "3", "4"] {
            assert!(said(lang).contains(number), "{lang}: {number}");
        }
    }
    let mut config = config;
    config.pot = None;
    let reward = RewardRule::Goods { sku: "TEA".into() };
    let label = funfair_host_api::Words::of(&[("en", "Tea")]);
    let instead =
        Some(funfair_card_collecting::Instead { label: label.clone(), reward: reward.clone() });
    config.prize =
        Some(funfair_card_collecting::PrizeRule { label, reward, stock: Some(7), instead });
    let clauses = CardCollecting::clauses(&config);
    assert!(clauses.iter().any(|clause| clause.text.pick("en").contains("first 7 members")));
    assert!(clauses.iter().all(|clause| !clause.text.pick("ar").contains('{')));
}
