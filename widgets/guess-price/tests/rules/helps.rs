use crate::bench::{Bench, closest, put, with};
use funfair_guess_price::{HelpState, LinkState, Outcome, Refusal, Stage, Told};
use funfair_host_api::Reward;
use serde_json::{Value, json};

#[track_caller]
fn refused(answer: Result<impl std::fmt::Debug, Refusal>, tag: &str) -> Refusal {
    let refusal = answer.unwrap_err();
    assert_eq!(refusal.tag(), tag);
    refusal
}

#[test]
fn a_friend_guesses_by_a_link_once_and_the_prize_is_its_owners() {
    let mut bench = Bench::new(with(&[]));
    let link = bench.invite("a").unwrap();
    assert_eq!(bench.view("b", Some(&link)).link.unwrap().state, LinkState::Open);
    let (outcome, rewards) = bench.help("b", &link, 46_900).unwrap();
    assert!(matches!(outcome, Outcome::Helped { told: Told::Right, .. }));
    assert!(matches!(rewards[..], [Reward::Points { amount: 2, .. }]), "{rewards:?}");
    assert_eq!(bench.view("c", Some(&link)).link.unwrap().state, LinkState::Used);
    refused(bench.help("c", &link, 46_900), "link_gone");
    assert_eq!((bench.prizes("a"), bench.prizes("b")), (0, 0));
    assert_eq!(bench.view("a", Some(&link)).link.unwrap().state, LinkState::Answered);
    let (outcome, rewards) = bench.collect("a", &link).unwrap();
    assert!(matches!(outcome, Outcome::Collected { told: Told::Right, won: true, .. }));
    assert!(matches!(rewards[..], [Reward::Coupon { .. }]), "{rewards:?}");
    assert_eq!(bench.view("a", None).stage, Stage::Won);
    refused(bench.collect("a", &link), "not_yet");
}

#[test]
fn what_a_friend_guessed_comes_to_the_owner_by_itself() {
    let mut bench = Bench::new(with(&[]));
    let (one, two) = (bench.invite("a").unwrap(), bench.invite("a").unwrap());
    bench.help("b", &one, 60_000).unwrap();
    bench.help("c", &two, 46_900).unwrap();
    assert_eq!(bench.settle(), 2);
    assert_eq!(bench.settle(), 0);
    let view = bench.view("a", None);
    assert_eq!(view.stage, Stage::Collect);
    assert_eq!(view.to_cents, 59_900, "a friend's hint narrows, too");
    let states: Vec<_> = view.helps.iter().map(|help| help.state).collect();
    assert_eq!(states, [HelpState::Done, HelpState::Found]);
    assert_eq!(view.tries_left, 3);
    bench.collect("a", &two).unwrap();
    assert_eq!(bench.prizes("a"), 1);
}

#[test]
fn a_link_is_for_others() {
    let mut bench = Bench::new(with(&[]));
    let link = bench.invite("a").unwrap();
    assert_eq!(bench.view("a", Some(&link)).link.unwrap().state, LinkState::Mine);
    refused(bench.help("a", &link, 46_900), "own_link");
    refused(bench.collect("a", &link), "not_yet");
    bench.help("b", &link, 30_000).unwrap();
    refused(bench.collect("c", &link), "not_yet");
    refused(bench.help("b", "nothing", 30_000), "link_gone");
}

#[test]
fn links_and_helps_are_counted() {
    let mut bench = Bench::new(with(&[]));
    let links: Vec<_> = ["a", "a", "b", "b"].map(|name| bench.invite(name).unwrap()).into();
    refused(bench.invite("a"), "no_asks");
    assert_eq!(bench.view("a", None).asks_left, 0);
    bench.help("c", &links[0], 30_000).unwrap();
    assert_eq!(bench.view("c", Some(&links[1])).link.unwrap().state, LinkState::Limit);
    let refusal = refused(bench.help("c", &links[1], 30_000), "help_limit");
    assert!(matches!(refusal, Refusal::HelpLimit { next_at_ms: Some(_), .. }));
    bench.next_day();
    bench.help("c", &links[1], 30_000).unwrap();
    bench.next_day();
    let refusal = refused(bench.help("c", &links[2], 30_000), "help_limit");
    assert!(matches!(refusal, Refusal::HelpLimit { next_at_ms: None, .. }));
}

#[test]
fn a_friends_guess_is_one_of_the_public_prices_while_there_is_something_to_win() {
    let mut bench = Bench::new(with(&[("/prize/stock", json!(1))]));
    let link = bench.invite("a").unwrap();
    refused(bench.help("b", &link, 30_001), "off_grid");
    bench.guess("c", 46_900).unwrap();
    refused(bench.help("b", &link, 30_000), "sold_out");
}

#[test]
fn a_prize_that_a_friend_found_is_given_after_the_close_once() {
    let mut bench = Bench::new(with(&[]));
    let link = bench.invite("a").unwrap();
    bench.help("b", &link, 46_900).unwrap();
    bench.close();
    assert_eq!(bench.settle(), 2, "the answer, then the prize");
    assert_eq!(bench.settle(), 0);
    assert_eq!(bench.prizes("a"), 1);
    assert_eq!(bench.view("a", None).stage, Stage::Won);
}

#[test]
fn what_a_friend_found_too_late_is_told_so() {
    let mut bench = Bench::new(with(&[("/prize/stock", json!(1))]));
    let link = bench.invite("a").unwrap();
    bench.help("b", &link, 46_900).unwrap();
    bench.settle();
    bench.guess("c", 46_900).unwrap();
    let (outcome, rewards) = bench.collect("a", &link).unwrap();
    assert!(matches!(outcome, Outcome::Collected { told: Told::Right, won: false, .. }));
    assert_eq!((rewards, bench.view("a", None).stage), (vec![], Stage::Missed));
    bench.close();
    assert_eq!(bench.settle(), 0);
    assert_eq!(bench.prizes("a"), 0);
}

#[test]
fn two_friends_who_find_the_price_win_one_prize() {
    let mut bench = Bench::new(with(&[]));
    let (one, two) = (bench.invite("a").unwrap(), bench.invite("a").unwrap());
    bench.help("b", &one, 46_900).unwrap();
    bench.help("c", &two, 46_900).unwrap();
    bench.settle();
    bench.collect("a", &two).unwrap();
    refused(bench.collect("a", &one), "not_yet");
    bench.close();
    assert_eq!(bench.settle(), 0);
    assert_eq!(bench.prizes("a"), 1);
}

#[test]
fn without_help_in_the_rules_there_are_no_links() {
    let mut bench = Bench::new(with(&[("/help", Value::Null)]));
    refused(bench.invite("a"), "no_asks");
    assert_eq!(bench.view("a", None).asks_left, 0);
}

#[test]
fn a_members_row_stays_within_4_kb_at_the_most_that_rules_allow() {
    let mut setup = closest(1);
    put(&mut setup.rules, &[("/tries", json!(20)), ("/help/asks", json!(10))]);
    let mut bench = Bench::new(setup);
    for step in 0..20 {
        bench.guess("a", 89_900 - step * 100).unwrap();
    }
    for step in 0..10 {
        let link = bench.invite("a").unwrap();
        bench.help(&format!("friend{step}"), &link, 79_900).unwrap();
    }
    bench.settle();
    let row = bench.member("a");
    assert_eq!((row.guesses.len(), row.asked.len()), (30, 10));
    assert!(serde_json::to_string(&row).unwrap().len() <= 4096);
}

/// A prize in another activity locks the member's row there, which is not looked at.
#[test]
fn a_prize_in_another_activity_is_given_once() {
    let reward = json!({ "type": "chance", "activity": "wheel" });
    let mut bench = Bench::new(with(&[("/prize/reward", reward)]));
    let link = bench.invite("a").unwrap();
    bench.help("b", &link, 46_900).unwrap();
    bench.settle();
    // There, too, a friend has found the price.
    let own = bench.row("a").unwrap();
    bench.put_row("wheel", "a", &own);
    bench.close();
    assert_eq!(bench.settle(), 1);
    assert_eq!(bench.shared().won, 1);
    let there = bench.row_in("wheel", "a").unwrap();
    assert_eq!(there["chances"]["granted"][0]["count"], 1);
}

#[test]
fn a_prize_that_is_given_after_the_close_takes_a_code_while_there_is_one() {
    let mut setup = closest(2);
    put(&mut setup.rules, &[("/prize/reward/codes", json!("fryer"))]);
    let mut bench = Bench::new(setup);
    bench.add_codes("fryer", &["FRYER-1"]);
    bench.guess("a", 46_900).unwrap();
    bench.guess("b", 46_900).unwrap();
    bench.close();
    assert_eq!(bench.settle(), 2);
    assert_eq!((bench.code("a"), bench.code("b")), (Some("FRYER-1".into()), None));
}
