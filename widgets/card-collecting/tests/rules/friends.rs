use crate::fair::{DAY_MS, Fair, why};
use funfair_card_collecting::{Action, LinkKind, LinkState, Outcome};
use serde_json::{Value, json};

fn gifts(edit: impl FnOnce(&mut Value)) -> Fair {
    Fair::new(|rules| {
        rules["gifts"] = json!({ "hours": 24 });
        edit(&mut rules["gifts"]);
    })
}

#[test]
fn a_gift_goes_from_the_giver_over_the_link_to_the_friend_who_takes_it() {
    let mut fair = gifts(|_| ());
    fair.grant("giver", &["carp"]);
    let link = fair.give("giver", "carp").unwrap();
    assert_eq!(fair.count("giver", "carp"), 0);
    assert_eq!(fair.link("giver", LinkKind::Gift), Some(link.clone()));
    let seen = fair.follow("friend", &link).link.unwrap();
    assert_eq!((seen.state, seen.can, seen.card.as_str()), (LinkState::Open, true, "carp"));
    assert!(matches!(fair.take("friend", &link), Ok(Outcome::Took { .. })));
    assert_eq!(fair.count("friend", "carp"), 1);
}

#[test]
fn a_gift_is_taken_once_and_not_by_the_giver() {
    let mut fair = gifts(|_| ());
    fair.grant("giver", &["carp"]);
    let link = fair.give("giver", "carp").unwrap();
    assert_eq!(why(&fair.take("giver", &link).unwrap_err()), "own_link");
    assert_eq!(fair.follow("giver", &link).link.unwrap().state, LinkState::Own);
    fair.take("friend", &link).unwrap();
    for member in ["friend", "other"] {
        assert_eq!(why(&fair.take(member, &link).unwrap_err()), "link_taken");
        assert_eq!(fair.follow(member, &link).link.unwrap().state, LinkState::Taken);
    }
    assert_eq!(fair.settle(), 1);
    assert_eq!(fair.link("giver", LinkKind::Gift), None);
    assert_eq!(why(&fair.take("other", &link).unwrap_err()), "link_gone");
    assert_eq!(fair.follow("other", &link).link.unwrap().state, LinkState::Gone);
}

#[test]
fn of_all_who_take_a_gift_at_once_one_has_it() {
    let mut fair = gifts(|_| ());
    fair.grant("giver", &["carp"]);
    let gift = fair.give("giver", "carp").unwrap();
    let take = Action::Take { gift };
    let names: Vec<_> = (0..50).map(|n| format!("friend-{n}")).collect();
    let plays: Vec<_> = names.iter().map(|name| (name.as_str(), &take)).collect();
    let answers = fair.together(&plays);
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    let have: u32 = names.iter().map(|name| fair.count(name, "carp")).sum();
    assert_eq!(have, 1);
}

#[test]
fn a_giver_takes_a_gift_back_or_hears_that_a_friend_was_faster() {
    let mut fair = gifts(|_| ());
    fair.grant("giver", &["carp", "carp"]);
    let link = fair.give("giver", "carp").unwrap();
    assert_eq!(why(&fair.take_back("friend", &link).unwrap_err()), "not_own_link");
    assert!(matches!(fair.take_back("giver", &link), Ok(Outcome::CameBack { .. })));
    assert_eq!(fair.count("giver", "carp"), 2);
    assert_eq!(why(&fair.take("friend", &link).unwrap_err()), "link_gone");
    let link = fair.give("giver", "carp").unwrap();
    fair.take("friend", &link).unwrap();
    assert!(matches!(fair.take_back("giver", &link), Ok(Outcome::Delivered { .. })));
    assert_eq!(fair.count("giver", "carp"), 1);
    assert!(fair.items().is_empty());
}

#[test]
fn a_gift_that_nobody_takes_goes_back_when_its_hours_are_over() {
    let mut fair = gifts(|_| ());
    fair.grant("giver", &["carp"]);
    let link = fair.give("giver", "carp").unwrap();
    fair.now_ms += DAY_MS - 1;
    assert_eq!(fair.settle(), 0);
    fair.now_ms += 1;
    assert_eq!(why(&fair.take("friend", &link).unwrap_err()), "link_gone");
    assert_eq!((fair.settle(), fair.settle()), (1, 0));
    assert_eq!(fair.count("giver", "carp"), 1);
}

#[test]
fn the_close_brings_every_card_home() {
    let mut fair = gifts(|gifts| gifts["hours"] = 168.into());
    fair.now_ms = fair.running.setup.closes_at_ms - DAY_MS;
    fair.grant("a", &["carp"]);
    fair.grant("b", &["knot"]);
    fair.give("a", "carp").unwrap();
    let link = fair.ask("a", "knot").unwrap();
    fair.answer("b", &link).unwrap();
    fair.close();
    assert_eq!(fair.settle(), 2);
    assert_eq!((fair.count("a", "carp"), fair.count("a", "knot")), (1, 1));
    assert!(fair.items().is_empty());
}

#[test]
fn an_ask_is_answered_by_a_friend_who_has_the_card_and_fetched_by_the_asker() {
    let mut fair = gifts(|_| ());
    fair.grant("friend", &["carp"]);
    let link = fair.ask("asker", "carp").unwrap();
    assert_eq!(why(&fair.answer("asker", &link).unwrap_err()), "own_link");
    assert_eq!(why(&fair.answer("poor", &link).unwrap_err()), "not_held");
    let seen = fair.follow("poor", &link).link.unwrap();
    assert_eq!((seen.kind, seen.state, seen.can), (LinkKind::Ask, LinkState::Open, false));
    assert!(fair.follow("friend", &link).link.unwrap().can);
    fair.answer("friend", &link).unwrap();
    assert_eq!((fair.count("friend", "carp"), fair.count("asker", "carp")), (0, 0));
    fair.grant("late", &["carp"]);
    assert_eq!(why(&fair.answer("late", &link).unwrap_err()), "link_taken");
    assert_eq!(why(&fair.collect("late", &link).unwrap_err()), "not_own_link");
    assert!(matches!(fair.collect("asker", &link), Ok(Outcome::Collected { .. })));
    assert_eq!(fair.count("asker", "carp"), 1);
    assert_eq!(why(&fair.collect("asker", &link).unwrap_err()), "link_gone");
}

#[test]
fn an_answered_ask_reaches_the_asker_by_itself() {
    let mut fair = gifts(|_| ());
    fair.grant("friend", &["carp"]);
    let link = fair.ask("asker", "carp").unwrap();
    fair.answer("friend", &link).unwrap();
    assert_eq!((fair.settle(), fair.settle()), (1, 0));
    assert_eq!(fair.count("asker", "carp"), 1);
}

#[test]
fn an_ask_that_nobody_answers_ends() {
    let mut fair = gifts(|_| ());
    let link = fair.ask("asker", "carp").unwrap();
    assert!(matches!(fair.collect("asker", &link), Ok(Outcome::Withdrawn { .. })));
    let link = fair.ask("asker", "carp").unwrap();
    fair.next_day();
    fair.grant("friend", &["carp"]);
    assert_eq!(why(&fair.answer("friend", &link).unwrap_err()), "link_gone");
    assert_eq!(fair.settle(), 1);
    assert!(fair.view("asker").links.is_empty() && fair.items().is_empty());
}

#[test]
fn only_a_missing_card_of_the_set_is_asked_for() {
    let mut fair = gifts(|_| ());
    fair.grant("m", &["carp"]);
    for card in ["carp", "wild", "unicorn"] {
        assert_eq!(why(&fair.ask("m", card).unwrap_err()), "no_such_card");
    }
    assert_eq!(why(&fair.give("m", "unicorn").unwrap_err()), "not_held");
}

#[test]
fn a_gifts_link_is_no_asks_link() {
    let mut fair = gifts(|_| ());
    fair.grant("a", &["carp"]);
    let (gift, ask) = (fair.give("a", "carp").unwrap(), fair.ask("a", "knot").unwrap());
    assert_eq!(why(&fair.take("b", &ask).unwrap_err()), "link_gone");
    assert_eq!(why(&fair.answer("b", &gift).unwrap_err()), "link_gone");
    assert_eq!(why(&fair.collect("a", &gift).unwrap_err()), "link_gone");
    assert_eq!(why(&fair.take_back("a", &ask).unwrap_err()), "link_gone");
}

#[test]
fn a_member_gives_so_many_cards_a_day_answers_counted() {
    let mut fair = gifts(|gifts| gifts["gives_per_day"] = 2.into());
    fair.grant("m", &["carp", "carp", "carp", "knot"]);
    let ask = fair.ask("friend", "knot").unwrap();
    fair.answer("m", &ask).unwrap();
    fair.give("m", "carp").unwrap();
    assert_eq!(fair.view("m").gives_left, 0);
    assert_eq!(why(&fair.give("m", "carp").unwrap_err()), "gives");
    let ask = fair.ask("other", "carp").unwrap();
    assert_eq!(why(&fair.answer("m", &ask).unwrap_err()), "gives");
    fair.next_day();
    fair.give("m", "carp").unwrap();
}

#[test]
fn a_member_takes_or_asks_for_so_many_cards_a_day() {
    let mut fair = gifts(|gifts| gifts["takes_per_day"] = 2.into());
    fair.grant("giver", &["carp", "carp"]);
    let links: Vec<_> = (0..2).map(|_| fair.give("giver", "carp").unwrap()).collect();
    fair.take("m", &links[0]).unwrap();
    fair.ask("m", "knot").unwrap();
    assert_eq!(fair.view("m").asks_left, 0);
    assert_eq!(why(&fair.take("m", &links[1]).unwrap_err()), "takes");
    assert_eq!(why(&fair.ask("m", "peony").unwrap_err()), "takes");
}

#[test]
fn a_member_receives_so_many_cards_in_all_and_an_ask_holds_a_place() {
    let mut fair = gifts(|gifts| {
        gifts["takes_total"] = 2.into();
        gifts["takes_per_day"] = 9.into();
    });
    fair.grant("giver", &["carp", "carp"]);
    let links: Vec<_> = (0..2).map(|_| fair.give("giver", "carp").unwrap()).collect();
    let ask = fair.ask("m", "knot").unwrap();
    fair.take("m", &links[0]).unwrap();
    assert_eq!(why(&fair.take("m", &links[1]).unwrap_err()), "takes_total");
    assert_eq!(why(&fair.ask("m", "peony").unwrap_err()), "takes_total");
    fair.collect("m", &ask).unwrap();
    fair.take("m", &links[1]).unwrap();
}

#[test]
fn one_friend_gives_a_member_only_so_many_cards_by_gift_or_answer() {
    let mut fair = gifts(|gifts| {
        gifts["per_friend"] = 1.into();
        gifts["takes_per_day"] = 9.into();
    });
    fair.grant("giver", &["carp", "carp", "knot"]);
    let links: Vec<_> = (0..2).map(|_| fair.give("giver", "carp").unwrap()).collect();
    let ask = fair.ask("m", "knot").unwrap();
    // The ask may yet be answered by this very friend.
    assert_eq!(why(&fair.take("m", &links[0]).unwrap_err()), "friend");
    fair.answer("giver", &ask).unwrap();
    fair.collect("m", &ask).unwrap();
    assert_eq!(why(&fair.take("m", &links[0]).unwrap_err()), "friend");
    fair.take("other", &links[0]).unwrap();
    let ask = fair.ask("m", "carp").unwrap();
    fair.next_day();
    fair.settle();
    assert_eq!(fair.view("m").links.len(), 0);
    let again = fair.ask("m", "carp").unwrap();
    assert_ne!(ask, again);
    assert_eq!(why(&fair.answer("giver", &again).unwrap_err()), "friend");
}

#[test]
fn a_member_has_ten_links_under_way_at_most() {
    let mut fair = gifts(|gifts| {
        gifts["gives_per_day"] = 20.into();
        gifts["takes_per_day"] = 20.into();
    });
    fair.grant("m", &["carp"; 11]);
    for _ in 0..10 {
        fair.give("m", "carp").unwrap();
    }
    let view = fair.view("m");
    assert_eq!((view.links.len(), view.gives_left, view.asks_left), (10, 0, 0));
    assert_eq!(why(&fair.give("m", "carp").unwrap_err()), "links");
    assert_eq!(why(&fair.ask("m", "knot").unwrap_err()), "links");
}

#[test]
fn where_nothing_is_said_of_gifts_cards_stay() {
    let mut fair = Fair::new(|rules| rules["gifts"] = Value::Null);
    fair.grant("m", &["carp"]);
    assert_eq!(why(&fair.give("m", "carp").unwrap_err()), "no_gifts");
    assert_eq!(why(&fair.ask("m", "knot").unwrap_err()), "no_gifts");
    let (view, take) = (fair.view("m"), Action::Take { gift: "x".into() });
    assert_eq!((view.gives_left, view.asks_left), (0, 0));
    assert_eq!(why(&fair.play("m", &take).unwrap_err()), "no_gifts");
}

#[test]
fn a_link_names_no_member() {
    let mut fair = gifts(|_| ());
    fair.grant("the-giver", &["carp"]);
    let link = fair.give("the-giver", "carp").unwrap();
    fair.take("the-taker", &link).unwrap();
    for member in ["the-giver", "the-taker", "other"] {
        let seen = fair.me(member, Some(&link)).view;
        assert!(!seen.text().contains("the-"), "{}", seen.text());
    }
}
