use crate::fair::{Fair, SET, example, why};
use funfair_card_collecting::{Action, Outcome};
use funfair_engine::Store;
use funfair_host_api::Reward;
use serde_json::{Value, json};

const COMPLETE: Action = Action::Complete {};

fn label(en: &str) -> Value {
    json!({ "en": en, "zh-CN": en })
}

/// A prize in the place of the pot.
fn prize(rules: &mut Value, prize: &Value) {
    rules["pot"] = Value::Null;
    rules["prize"] = prize.clone();
    rules["prize"]["label"] = label("Prize");
}

#[test]
fn a_set_is_complete_with_each_of_its_cards_and_uses_them_up() {
    let mut fair = Fair::new(|_| ());
    fair.grant("m", &SET[..5]);
    assert_eq!(why(&fair.play("m", &COMPLETE).unwrap_err()), "incomplete");
    assert_eq!((fair.view("m").have, fair.view("m").need), (5, 6));
    fair.grant("m", &["ingot", "lantern"]);
    assert!(fair.view("m").ready);
    let Ok(Outcome::Completed { rank: 1, .. }) = fair.play("m", &COMPLETE) else { panic!() };
    assert_eq!(fair.count("m", "lantern"), 1, "only one of each goes");
    assert!(SET[1..].iter().all(|card| fair.count("m", card) == 0));
}

#[test]
fn a_wildcard_stands_for_any_missing_card_and_only_where_one_is_missing() {
    let mut fair = Fair::new(|_| ());
    fair.grant("m", &SET[..4]);
    fair.grant("m", &["wild"]);
    assert!(!fair.view("m").ready);
    fair.grant("m", &["wild", "wild"]);
    fair.play("m", &COMPLETE).unwrap();
    assert_eq!(fair.count("m", "wild"), 1);
    fair.grant("n", &SET);
    fair.grant("n", &["wild"]);
    fair.play("n", &COMPLETE).unwrap();
    assert_eq!(fair.count("n", "wild"), 1);
}

#[test]
fn a_smaller_set_takes_any_different_cards_those_first_that_are_there_most_often() {
    let mut fair = Fair::new(|rules| rules["set_size"] = 3.into());
    fair.grant("m", &["ingot", "carp", "carp", "knot", "knot", "peony", "peony"]);
    assert_eq!((fair.view("m").have, fair.view("m").need), (3, 3));
    fair.play("m", &COMPLETE).unwrap();
    let left: Vec<_> =
        ["ingot", "carp", "knot", "peony"].iter().map(|card| fair.count("m", card)).collect();
    assert_eq!(left, [1, 1, 1, 1]);
}

#[test]
fn a_member_completes_the_set_once() {
    let mut fair = Fair::new(|_| ());
    fair.grant("m", &SET);
    fair.grant("m", &SET);
    fair.play("m", &COMPLETE).unwrap();
    assert!(!fair.view("m").ready && fair.view("m").completed);
    assert_eq!(why(&fair.play("m", &COMPLETE).unwrap_err()), "completed");
}

#[test]
fn a_prize_is_given_at_once() {
    let mut fair = Fair::new(|rules| {
        prize(rules, &json!({ "reward": { "type": "points", "amount": 50 } }));
    });
    fair.grant("m", &SET);
    let receipt = fair.receipt("m", &COMPLETE).unwrap();
    assert!(matches!(receipt.rewards[..], [Reward::Points { amount: 50, .. }]));
    assert_eq!(fair.me("m", None).balance, 50);
}

#[test]
fn when_the_prizes_are_gone_cards_stay() {
    let mut fair = Fair::new(|rules| {
        prize(rules, &json!({ "reward": { "type": "goods", "sku": "TEA" }, "stock": 1 }));
    });
    for member in ["a", "b"] {
        fair.grant(member, &SET);
    }
    assert_eq!(fair.view("a").prize.unwrap().left, Some(1));
    fair.play("a", &COMPLETE).unwrap();
    assert!(!fair.view("b").ready);
    assert_eq!(why(&fair.play("b", &COMPLETE).unwrap_err()), "prize_gone");
    assert!(SET.iter().all(|card| fair.count("b", card) == 1));
}

#[test]
fn what_is_given_instead_is_there_for_everybody_else() {
    let mut fair = Fair::new(|rules| {
        prize(rules, &json!({ "reward": { "type": "goods", "sku": "TEA" }, "stock": 1 }));
        rules["prize"]["instead"] =
            json!({ "label": label("Thanks"), "reward": { "type": "points", "amount": 5 } });
    });
    for member in ["a", "b", "c"] {
        fair.grant(member, &SET);
    }
    let given = |fair: &mut Fair, member| fair.receipt(member, &COMPLETE).unwrap().rewards;
    assert!(matches!(given(&mut fair, "a")[..], [Reward::Goods { .. }]));
    assert!(matches!(given(&mut fair, "b")[..], [Reward::Points { amount: 5, .. }]));
    assert_eq!(fair.view("c").prize.unwrap().label.pick("en"), "Thanks");
    assert!(matches!(given(&mut fair, "c")[..], [Reward::Points { amount: 5, .. }]));
}

#[test]
fn codes_that_have_run_out_are_followed_by_what_is_given_instead() {
    let mut fair = Fair::new(|rules| {
        let coupon = json!({ "type": "coupon", "value_cents": 500, "codes": "empty" });
        prize(rules, &json!({ "reward": coupon }));
        rules["prize"]["instead"] =
            json!({ "label": label("Thanks"), "reward": { "type": "points", "amount": 5 } });
    });
    fair.grant("m", &SET);
    let rewards = fair.receipt("m", &COMPLETE).unwrap().rewards;
    assert!(matches!(rewards[..], [Reward::Points { amount: 5, .. }]));
}

#[test]
fn the_pot_is_shared_equally_at_the_close_and_what_is_left_over_goes_to_the_first() {
    let mut fair = Fair::new(|rules| rules["pot"]["points"] = 100.into());
    for member in ["a", "b", "c", "late"] {
        fair.grant(member, &SET);
    }
    for member in ["b", "c", "a"] {
        fair.play(member, &COMPLETE).unwrap();
    }
    assert_eq!(fair.settle(), 0, "not before the close");
    let share = |fair: &Fair, member| fair.view(member).pot.unwrap().share;
    assert_eq!((share(&fair, "b"), share(&fair, "c"), share(&fair, "late")), (34, 33, 25));
    fair.close();
    assert_eq!(fair.settle(), 3);
    let points = |fair: &Fair, member: &str| fair.me(member, None).balance;
    let all: Vec<_> = ["a", "b", "c", "late"].map(|member| points(&fair, member)).into();
    assert_eq!(all, [33, 34, 33, 0]);
    let pot = fair.view("a").pot.unwrap();
    assert!(pot.paid && pot.sharers == 3 && pot.at_ms == fair.now_ms);
}

#[test]
fn of_all_who_complete_at_once_each_has_a_rank_of_its_own() {
    let mut fair = Fair::new(|rules| rules["pot"]["points"] = 1_000_003.into());
    let names: Vec<_> = (0..250).map(|n| format!("m-{n}")).collect();
    for name in &names {
        fair.grant(name, &SET);
    }
    let plays: Vec<_> = names.iter().map(|name| (name.as_str(), &COMPLETE)).collect();
    assert!(fair.together(&plays).iter().all(Result::is_ok));
    fair.close();
    // More members than one page of a settling step.
    assert_eq!((fair.settle(), fair.settle()), (250, 0));
    let all: u64 = names.iter().map(|name| fair.me(name, None).balance).sum();
    assert_eq!(all, 1_000_003);
}

#[test]
fn sharing_twice_pays_once() {
    let mut fair = Fair::new(|_| ());
    fair.grant("m", &SET);
    fair.play("m", &COMPLETE).unwrap();
    fair.close();
    assert_eq!((fair.settle(), fair.settle()), (1, 0));
    assert_eq!(fair.me("m", None).balance, 888_800);
}

#[test]
fn a_pot_of_money_comes_as_red_packets_and_a_share_of_nothing_as_none() {
    let mut fair = Fair::new(|rules| {
        rules["pot"] = json!({ "label": label("Pot"), "cents": 1 });
    });
    for member in ["a", "b"] {
        fair.grant(member, &SET);
        fair.play(member, &COMPLETE).unwrap();
    }
    fair.close();
    assert_eq!(fair.settle(), 2);
    let held = |member| fair.store.held("p", member, 9).unwrap();
    assert!(matches!(held("a")[0].reward, Reward::RedPacket { amount_cents: 1, .. }));
    assert!(held("b").is_empty() && fair.member("b").paid);
}

#[test]
fn cards_of_other_activities_count() {
    let mut fair = Fair::of(example());
    fair.grant("m", &["carp", "carp"]);
    assert_eq!((fair.count("m", "carp"), fair.view("m").have), (2, 1));
    fair.give("m", "carp").unwrap();
    fair.give("m", "carp").unwrap();
    assert_eq!(why(&fair.give("m", "carp").unwrap_err()), "not_held");
}
