use crate::table::{Table, config, example};
use funfair_engine::{ChanceRules, Paid, Rules};
use funfair_host_api::{Pay, Reward};
use funfair_spin_wheel::{Action, Config, Event, Outcome, Refusal, SpinWheel};
use serde_json::json;

/// A wheel where only the prize of a given place can be drawn.
fn only(index: usize) -> Config {
    let mut rules = example();
    rules["luck"] = json!({});
    for (place, prize) in rules["prizes"].as_array_mut().unwrap().iter_mut().enumerate() {
        prize["weight"] = json!(u64::from(place == index));
    }
    config(rules)
}

#[track_caller]
fn prize(event: &Event) -> &str {
    let Event::Spun { prize, .. } = event;
    prize
}

#[track_caller]
fn refused(table: &mut Table, pay: Pay, tag: &str) -> Refusal {
    let before = table.seat("m").clone();
    let refusal = table.spin("m", pay).unwrap_err();
    assert_eq!(refusal.tag(), tag);
    assert_eq!(*table.seat("m"), before, "a refusal changes nothing");
    refusal
}

#[test]
fn a_free_spin_comes_back_with_the_next_business_day() {
    let mut table = Table::new(config(example()));
    table.spin("m", Pay::Free).unwrap();
    let tomorrow = table.view("m").chances.next_free_at_ms;
    let refusal = refused(&mut table, Pay::Free, "no_chance");
    assert!(matches!(refusal, Refusal::NoChance { next_free_at_ms, .. }
        if next_free_at_ms == tomorrow && tomorrow.is_some()));
    table.next_day();
    assert_eq!(table.view("m").chances.next_free_at_ms, None);
    table.spin("m", Pay::Free).unwrap();
}

#[test]
fn a_spin_for_points_costs_exactly_its_price() {
    let mut table = Table::new(only(3));
    table.seat("m").balance = 100;
    let event = table.spin("m", Pay::Points).unwrap();
    assert!(matches!(event, Event::Spun { paid: Paid::Points { points: 20 }, .. }));
    assert_eq!(table.seat("m").balance, 100 - 20 + 2, "the consolation is 2 points");
}

#[test]
fn points_buy_no_more_than_the_days_limit() {
    let mut table = Table::new(config(example()));
    table.seat("m").balance = 1000;
    for left in [3, 2, 1] {
        assert_eq!(table.view("m").chances.paid_left, Some(left));
        table.spin("m", Pay::Points).unwrap();
    }
    assert!(!table.view("m").chances.affordable);
    let refusal = refused(&mut table, Pay::Points, "paid_limit");
    assert!(matches!(refusal, Refusal::PaidLimit { limit: 3, .. }));
    table.next_day();
    table.spin("m", Pay::Points).unwrap();
}

#[test]
fn too_few_points_are_refused_with_what_is_missing() {
    let mut table = Table::new(config(example()));
    table.seat("m").balance = 19;
    assert!(!table.view("m").chances.affordable);
    let refusal = refused(&mut table, Pay::Points, "not_enough_points");
    assert!(matches!(refusal, Refusal::NotEnoughPoints { needs: 20, balance: 19, .. }));
}

#[test]
fn points_buy_nothing_where_they_have_no_price() {
    let mut table = Table::new(config(example()));
    table.chances = ChanceRules { free_per_day: 1, ..ChanceRules::default() };
    table.seat("m").balance = 1000;
    assert_eq!(table.view("m").chances.points_each, None);
    refused(&mut table, Pay::Points, "no_chance");
}

#[test]
fn an_earned_spin_is_used_once() {
    let mut table = Table::new(config(example()));
    table.chances.free_per_day = 0;
    refused(&mut table, Pay::Chance, "no_chance");
    table.seat("m").granted = 1;
    assert_eq!(table.view("m").chances.earned, 1);
    let event = table.spin("m", Pay::Chance).unwrap();
    assert!(matches!(event, Event::Spun { paid: Paid::Chance, .. }));
    refused(&mut table, Pay::Chance, "no_chance");
}

#[test]
fn stock_is_shared_between_members() {
    let mut table = Table::new(only(0));
    for name in ["a", "b", "c"] {
        assert_eq!(prize(&table.spin(name, Pay::Free).unwrap()), "toothbrush");
    }
    assert_eq!(prize(&table.spin("d", Pay::Free).unwrap()), "thanks");
}

#[test]
fn a_days_limit_ends_with_the_day() {
    let mut table = Table::new(only(4));
    let spin = |table: &mut Table, name: u32| {
        prize(&table.spin(&format!("m{name}"), Pay::Free).unwrap()).to_owned()
    };
    let first: Vec<_> = (0..5).map(|name| spin(&mut table, name)).collect();
    assert_eq!(first, ["packet-88", "packet-88", "packet-88", "packet-88", "thanks"]);
    table.next_day();
    assert_eq!(spin(&mut table, 5), "packet-88");
}

#[test]
fn a_cap_per_member_leaves_the_prize_to_others() {
    let mut table = Table::new(only(4));
    assert_eq!(prize(&table.spin("a", Pay::Free).unwrap()), "packet-88");
    table.next_day();
    assert_eq!(prize(&table.spin("a", Pay::Free).unwrap()), "thanks");
    assert_eq!(prize(&table.spin("b", Pay::Free).unwrap()), "packet-88");
}

#[test]
fn a_first_spin_wins_even_when_all_that_is_limited_has_gone() {
    let mut table = Table::new(config(example()));
    for pool in table.pools.values_mut() {
        *pool = (0, 0);
    }
    assert!(table.view("m").sure);
    assert_eq!(prize(&table.spin("m", Pay::Free).unwrap()), "points-20");
    assert!(!table.view("m").sure);
}

#[test]
fn tier_0_is_a_consolation_and_anything_else_a_win() {
    let outcome = |index| {
        let event = Table::new(only(index)).spin("m", Pay::Free).unwrap();
        SpinWheel::outcome(&[event])
    };
    assert!(matches!(outcome(3), Outcome::Consoled { tier: 0, .. }));
    assert!(matches!(outcome(1), Outcome::Won { tier: 4, .. }));
}

#[test]
fn a_prize_can_be_chances_in_another_activity() {
    let event = Table::new(only(7)).spin("m", Pay::Free).unwrap();
    let Event::Spun { grant, .. } = event;
    let [Reward::Chance { activity, count: 2, expires_on: Some(last), .. }] = &grant.rewards[..]
    else {
        panic!("{grant:?}")
    };
    assert_eq!((activity.as_str(), last.text().as_str()), ("card-collecting", "2026-11-07"));
    let reads = SpinWheel::reads(&config(example()), &Action::Spin { pay: Pay::Free });
    assert_eq!(reads.activities, ["card-collecting"]);
}

#[test]
fn after_so_many_spins_without_a_win_the_next_one_wins() {
    let mut rules = example();
    rules["luck"] = json!({ "win_within": 4 });
    for prize in rules["prizes"].as_array_mut().unwrap() {
        // A win is drawn once in a million, unless it is promised.
        prize["weight"] = json!(if prize["id"] == "thanks" { 1_000_000 } else { 0 });
        if prize["id"] == "points-20" {
            prize["weight"] = json!(1);
        }
    }
    let mut table = Table::new(config(rules));
    table.chances.free_per_day = 100;
    let tiers: Vec<_> = (0..12)
        .map(|_| {
            let sure = table.view("m").sure;
            let Event::Spun { tier, .. } = table.spin("m", Pay::Free).unwrap();
            assert_eq!(sure, tier > 0);
            tier
        })
        .collect();
    assert_eq!(tiers, [0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 4]);
}

#[test]
fn a_fallback_that_the_budget_no_longer_pays_is_not_called_by_its_name() {
    let mut table = Table::new(only(3));
    table.pools.insert("budget:points".into(), (1, 0));
    let event = table.spin("m", Pay::Free).unwrap();
    let Outcome::Consoled { label, prize, tier: 0 } =
        SpinWheel::outcome(std::slice::from_ref(&event))
    else {
        panic!("{event:?}")
    };
    assert_eq!((label.pick("en"), prize.as_str()), ("Nothing left this time", "thanks"));
    let Event::Spun { grant, .. } = event;
    assert_eq!(grant.rewards, []);
}

#[test]
fn the_terms_say_what_is_promised_and_what_is_left_at_the_end() {
    let titles = |rules| {
        let clauses = SpinWheel::clauses(&config(rules));
        clauses.iter().map(|clause| clause.title.pick("en").to_owned()).collect::<Vec<_>>()
    };
    let all = ["How it is drawn", "When all is gone", "The first spin wins", "A sure win"];
    assert_eq!(titles(example()), all);
    let mut rules = example();
    rules["luck"] = json!({});
    assert_eq!(titles(rules), all[..2]);
}

#[test]
fn the_view_names_where_the_wheel_last_stopped() {
    let mut table = Table::new(only(1));
    assert_eq!(table.view("m").last, None);
    table.spin("m", Pay::Free).unwrap();
    assert_eq!(table.view("m").last.as_deref(), Some("points-20"));
}

#[test]
fn points_that_lapse_say_until_when() {
    let event = Table::new(only(6)).spin("m", Pay::Free).unwrap();
    let Event::Spun { grant, .. } = event;
    let [Reward::Points { amount: 200, expires_on: Some(last), .. }] = &grant.rewards[..] else {
        panic!("{grant:?}")
    };
    assert_eq!(last.text(), "2027-10-31");
}

/// Only a configuration that `validate` refuses can come here; the shopper still gets an answer.
#[test]
fn without_a_fallback_an_empty_wheel_says_that_it_is_sold_out() {
    let mut config = only(0);
    for prize in &mut config.prizes {
        prize.fallback = false;
    }
    let mut table = Table::new(config);
    for name in ["a", "b", "c"] {
        table.spin(name, Pay::Free).unwrap();
    }
    refused(&mut table, Pay::Free, "sold_out");
}

/// Chi-square over 20,000 spins: the draws follow the published weights. The key is fixed, so the
/// answer is the same every time; 24.3 is what one fair wheel in a thousand exceeds.
#[test]
fn draws_follow_the_published_weights() {
    let mut rules = example();
    rules["luck"] = json!({});
    for prize in rules["prizes"].as_array_mut().unwrap() {
        for limit in ["stock", "daily", "per_member"] {
            prize.as_object_mut().unwrap().remove(limit);
        }
    }
    let mut table = Table::new(config(rules));
    table.chances.free_per_day = 1000;
    let mut counts = std::collections::BTreeMap::new();
    for spin in 0..20_000 {
        if spin % 1000 == 0 {
            table.next_day();
        }
        let event = table.spin("m", Pay::Free).unwrap();
        *counts.entry(prize(&event).to_owned()).or_insert(0u32) += 1;
    }
    let odds = SpinWheel::odds(&table.config);
    let total: u64 = odds.iter().map(|line| line.weight).sum();
    let share = |weight: u64| f64::from(u32::try_from(weight).unwrap());
    let chi: f64 = odds
        .iter()
        .map(|line| {
            let expected = 20_000.0 * share(line.weight) / share(total);
            let found = f64::from(counts.get(&line.prize).copied().unwrap_or(0));
            (found - expected).powi(2) / expected
        })
        .sum();
    assert!(chi < 24.3, "chi-square {chi} at 7 degrees of freedom: {counts:?}");
}
