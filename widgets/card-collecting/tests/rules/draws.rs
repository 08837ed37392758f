use crate::fair::{DRAW, Fair, example, why};
use funfair_card_collecting::{Action, CardCollecting, Outcome, Refusal};
use funfair_engine::{Cx, Dice, Rules, SecretKey, State};
use funfair_host_api::{Day, Pay};
use serde_json::{Value, json};

/// Only these cards are drawn, each as often as the other.
fn only(rules: &mut Value, cards: &[&str]) {
    rules["set_size"] = 2.into();
    for card in rules["cards"].as_array_mut().unwrap() {
        let drawn = cards.iter().any(|id| card["id"] == *id);
        card["weight"] = u64::from(drawn).into();
    }
}

#[test]
fn a_draw_brings_one_card_and_costs_one_chance() {
    let mut fair = Fair::of(example());
    let before = fair.view("m").chances.free;
    let card = fair.draw("m");
    assert_eq!(fair.count("m", &card), 1);
    assert_eq!(fair.view("m").chances.free, before - 1);
}

#[test]
fn without_a_chance_there_is_no_draw() {
    let mut fair = Fair::of(example());
    for _ in 0..2 {
        fair.draw("m");
    }
    for (pay, tag) in
        [(Pay::Free, "no_chance"), (Pay::Chance, "no_chance"), (Pay::Points, "not_enough_points")]
    {
        assert_eq!(fair.play("m", &Action::Draw { pay }).unwrap_err().tag(), tag);
    }
    fair.next_day();
    fair.draw("m");
}

#[test]
fn points_buy_so_many_draws_a_day() {
    let mut setup = example();
    setup.chances.free_per_day = 0;
    setup.rules["pot"] = Value::Null;
    let prize = json!({ "label": { "en": "P", "zh-CN": "P" }, "reward": { "type": "points", "amount": 1000 } });
    setup.rules["prize"] = prize;
    let mut fair = Fair::of(setup);
    fair.grant("m", &crate::fair::SET);
    fair.play("m", &Action::Complete {}).unwrap();
    let bought = Action::Draw { pay: Pay::Points };
    for _ in 0..5 {
        fair.play("m", &bought).unwrap();
    }
    assert_eq!(fair.me("m", None).balance, 900);
    let refusal = fair.play("m", &bought).unwrap_err();
    assert_eq!(refusal.tag(), "paid_limit");
}

#[test]
fn a_member_draws_so_many_cards_a_day() {
    let mut fair = Fair::new(|rules| rules["draws_per_day"] = 3.into());
    for left in (0..3).rev() {
        fair.draw("m");
        assert_eq!(fair.view("m").draws_left, Some(left));
    }
    let refusal = fair.play("m", &DRAW).unwrap_err();
    assert_eq!((refusal.tag(), why(&refusal)), ("limit_reached", "draws"));
    let Refusal::LimitReached { again_at_ms, .. } = refusal else { panic!() };
    assert_eq!(again_at_ms, Some(fair.view("m").next_day_at_ms));
    let moves = fair.running.game.moves(&fair.me("m", None).view);
    assert!(moves.iter().all(|action| !action.text().contains("draw")), "{moves:?}");
    fair.next_day();
    fair.draw("m");
}

#[test]
fn a_cards_day_is_over_for_everybody_when_its_number_is_drawn() {
    let mut fair = Fair::new(|rules| {
        only(rules, &["ingot", "lantern"]);
        rules["cards"][0]["weight"] = 1.into();
        rules["cards"][5]["weight"] = (1u64 << 60).into();
        rules["cards"][5]["per_day"] = 2.into();
        rules["cards"][5]["total"] = 3.into();
        rules["new_within"] = Value::Null;
    });
    let draw = |fair: &mut Fair, member: &str| fair.draw(member);
    assert_eq!(draw(&mut fair, "a"), "ingot");
    assert_eq!(draw(&mut fair, "b"), "ingot");
    assert_eq!(draw(&mut fair, "c"), "lantern");
    fair.next_day();
    assert_eq!(draw(&mut fair, "d"), "ingot");
    assert_eq!(draw(&mut fair, "e"), "lantern", "all three are drawn");
}

#[test]
fn at_the_latest_with_the_promised_draw_comes_a_new_card() {
    // All but never anything else than a lantern.
    let mut fair = Fair::new(|rules| {
        rules["cards"][0]["weight"] = (1u64 << 60).into();
        rules["new_within"] = 3.into();
    });
    let mut new = Vec::new();
    for _ in 0..12 {
        let said = fair.view("m").sure_in;
        let Ok(Outcome::Drawn { new: is_new, .. }) = fair.play("m", &DRAW) else { panic!() };
        assert!(is_new || said != Some(1));
        new.push(is_new);
    }
    let expected = [true, false, false, true, false, false, true, false, false, true, false, false];
    assert_eq!(new, expected);
}

#[test]
fn the_promise_ends_with_the_last_new_card_and_gives_no_card_twice() {
    let mut fair = Fair::new(|rules| rules["new_within"] = 2.into());
    fair.grant("m", &["lantern", "firecracker", "knot", "peony", "carp"]);
    assert_eq!(fair.view("m").sure_in, Some(2));
    while fair.count("m", "ingot") == 0 {
        fair.draw("m");
    }
    assert_eq!(fair.view("m").sure_in, None);
    // Giving it away does not make it new again.
    fair.give("m", "ingot").unwrap();
    assert_eq!((fair.count("m", "ingot"), fair.view("m").sure_in), (0, None));
}

#[test]
fn a_promise_waits_for_a_card_that_has_run_out() {
    let mut fair = Fair::new(|rules| {
        only(rules, &["lantern", "ingot"]);
        rules["cards"][0]["weight"] = (1u64 << 60).into();
        rules["cards"][5]["per_day"] = 1.into();
        rules["cards"][5]["total"] = Value::Null;
        rules["new_within"] = 2.into();
    });
    for (member, cards) in [("a", ["lantern", "lantern", "ingot"]), ("b", ["lantern"; 3])] {
        for card in cards {
            assert_eq!(fair.draw(member), card);
        }
    }
    fair.next_day();
    assert_eq!(fair.draw("b"), "ingot");
}

#[test]
fn the_odds_are_the_cards_in_their_order_and_one_of_them_never_runs_out() {
    let setup = example();
    let config = serde_json::from_value(setup.rules).unwrap();
    let odds = CardCollecting::odds(&config);
    let ids: Vec<_> = odds.iter().map(|odds| odds.prize.as_str()).collect();
    assert_eq!(ids, ["lantern", "firecracker", "knot", "peony", "carp", "ingot", "wild"]);
    let sure: Vec<_> = odds.iter().filter(|odds| odds.fallback).collect();
    assert_eq!(sure.len(), 1);
    assert_eq!((sure[0].quantity, sure[0].daily), (None, None));
}

#[test]
fn a_receipt_shows_the_table_that_the_card_was_drawn_from() {
    let mut fair = Fair::new(|rules| rules["new_within"] = 2.into());
    let mut tables = Vec::new();
    for _ in 0..12 {
        let receipt = fair.receipt("m", &DRAW).unwrap();
        let [draw] = &receipt.proof.draws[..] else { panic!() };
        tables.push(draw.table.len());
    }
    assert_eq!(tables[0], 7, "all cards");
    assert!(tables.iter().any(|lines| *lines < 7), "a promise draws from the new ones: {tables:?}");
}

/// Only rules that `validate` refuses come here; the shopper still gets an answer.
#[test]
fn when_every_card_is_gone_the_draw_costs_nothing() {
    let mut rules = example().rules;
    only(&mut rules, &["ingot"]);
    let config = serde_json::from_value(rules).unwrap();
    let dice = Dice::new(SecretKey::new([7; 32]).seed("p", "m", 0), "a", "rev", 0, "seed");
    let mut cx = Cx::new(0, Day(0), dice);
    cx.chance_rules = example().chances.into();
    let (member, shared) = Default::default();
    let state = State { member: &member, shared: &shared, item: None };
    let refusal = CardCollecting::decide(&config, state, &DRAW, &mut cx).unwrap_err();
    assert_eq!((refusal.tag(), why(&refusal)), ("not_possible", "sold_out"));
}
