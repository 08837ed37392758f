use crate::bench::{Bench, example, with};
use funfair_guess_price::{Action, Outcome, Refusal, Stage, Told, commitment};
use funfair_host_api::{Pay, Reward};
use serde_json::{Value, json};

#[track_caller]
fn told(bench: &mut Bench, member: &str, cents: u64) -> (Told, u32) {
    match bench.guess(member, cents).unwrap().0 {
        Outcome::Guessed { told, percent, .. } => (told, percent),
        outcome => panic!("{outcome:?}"),
    }
}

#[track_caller]
fn refused(answer: Result<impl std::fmt::Debug, Refusal>, tag: &str) -> Refusal {
    let refusal = answer.unwrap_err();
    assert_eq!(refusal.tag(), tag);
    refusal
}

#[test]
fn the_exact_price_wins_a_coupon_that_is_good_for_the_item_alone() {
    let mut bench = Bench::new(example());
    let (outcome, rewards) = bench.guess("a", 46_900).unwrap();
    assert!(matches!(outcome, Outcome::Guessed { told: Told::Right, won: true, .. }));
    let [Reward::Coupon { items, value_cents: 10_000, .. }] = &rewards[..] else {
        panic!("{rewards:?}")
    };
    assert_eq!(items, &["AF-600-CREAM"]);
    assert_eq!(bench.view("a", None).stage, Stage::Won);
}

#[test]
fn a_guess_is_one_of_the_public_prices() {
    let mut bench = Bench::new(example());
    for cents in [0, 19_800, 19_950, 90_000] {
        let refusal = refused(bench.guess("a", cents), "off_grid");
        assert!(matches!(refusal, Refusal::OffGrid { low_cents: 19_900, high_cents: 89_900, .. }));
    }
}

#[test]
fn higher_and_lower_narrow_what_is_possible() {
    let mut bench = Bench::new(example());
    assert_eq!(told(&mut bench, "a", 30_000), (Told::Higher, 0));
    assert_eq!(told(&mut bench, "a", 60_000), (Told::Lower, 0));
    let view = bench.view("a", None);
    assert_eq!((view.from_cents, view.to_cents), (30_100, 59_900));
    assert!(view.suggest_cents.iter().all(|cents| (30_100..=59_900).contains(cents)));
}

#[test]
fn without_hints_a_guess_is_right_or_wrong() {
    let mut bench = Bench::new(with(&[("/hints", Value::Null)]));
    assert_eq!(told(&mut bench, "a", 30_000), (Told::Wrong, 0));
    let view = bench.view("a", None);
    assert_eq!((view.from_cents, view.to_cents), (19_900, 89_900));
}

#[test]
fn distances_are_told_in_rings() {
    let rings = json!({ "type": "distance", "within_percent": [10, 30] });
    let mut bench = Bench::new(with(&[
        ("/hints", rings),
        ("/max_win_percent", json!(99)),
        ("/help", Value::Null),
    ]));
    assert_eq!(told(&mut bench, "a", 43_000), (Told::Within, 10));
    assert_eq!(told(&mut bench, "a", 60_000), (Told::Within, 30));
    assert_eq!(told(&mut bench, "a", 80_000), (Told::Far, 0));
    let view = bench.view("a", None);
    // 43,000 lies within 10 % of 39,091 to 47,777; 60,000 within 30 % of 46,154 and more.
    assert_eq!((view.from_cents, view.to_cents), (46_200, 47_700));
}

#[test]
fn a_band_takes_what_is_near_enough_and_no_more() {
    let cents = json!({ "type": "band", "within_cents": 100 });
    let percent = json!({ "type": "band", "within_percent": 1 });
    for (win, near, off) in [(cents, 46_800, 46_700), (percent, 46_500, 46_400)] {
        let none = [("/win", win), ("/hints", Value::Null)];
        let mut bench = Bench::new(with(&none));
        assert_eq!(told(&mut bench, "a", off), (Told::Wrong, 0));
        assert_eq!(told(&mut bench, "b", near), (Told::Right, 0));
    }
}

#[test]
fn a_member_has_so_many_tries_in_all() {
    let mut bench = Bench::new(with(&[]));
    for (left, cents) in [(3, 20_000), (2, 21_000), (1, 22_000)] {
        assert_eq!(bench.view("a", None).tries_left, left);
        bench.guess("a", cents).unwrap();
    }
    assert_eq!(bench.view("a", None).stage, Stage::UsedUp);
    bench.next_day();
    refused(bench.guess("a", 23_000), "no_tries");
}

#[test]
fn a_try_is_paid_with_a_chance() {
    let mut setup = with(&[]);
    setup.chances.free_total = 1;
    setup.chances.points_each = Some(10);
    setup.chances.bought_per_day = Some(1);
    let mut bench = Bench::new(setup);
    bench.guess("a", 20_000).unwrap();
    refused(bench.guess("a", 21_000), "no_chance");
    let pay = |pay| Action::Guess { guess_cents: 21_000, pay };
    refused(bench.play("a", &pay(Pay::Chance)), "no_chance");
    // The consolation brought 5 points.
    let refusal = refused(bench.play("a", &pay(Pay::Points)), "not_enough_points");
    assert!(matches!(refusal, Refusal::NotEnoughPoints { needs: 10, balance: 5, .. }));
}

#[test]
fn points_buy_no_more_than_the_days_limit() {
    let mut setup = with(&[("/consolation/reward/amount", json!(50))]);
    setup.chances.free_total = 1;
    setup.chances.points_each = Some(10);
    setup.chances.bought_per_day = Some(1);
    let mut bench = Bench::new(setup);
    bench.guess("a", 20_000).unwrap();
    let buy = |cents| Action::Guess { guess_cents: cents, pay: Pay::Points };
    bench.play("a", &buy(21_000)).unwrap();
    refused(bench.play("a", &buy(22_000)), "paid_limit");
}

#[test]
fn a_price_is_not_guessed_twice() {
    let mut bench = Bench::new(with(&[]));
    bench.guess("a", 20_000).unwrap();
    refused(bench.guess("a", 20_000), "guessed_before");
}

#[test]
fn the_first_guess_that_does_not_win_brings_the_consolation_and_no_other_does() {
    let mut bench = Bench::new(with(&[]));
    let (_, rewards) = bench.guess("a", 20_000).unwrap();
    assert!(matches!(rewards[..], [Reward::Points { amount: 5, .. }]), "{rewards:?}");
    assert_eq!(bench.guess("a", 21_000).unwrap().1, []);
    let (_, rewards) = bench.guess("b", 46_900).unwrap();
    assert!(matches!(rewards[..], [Reward::Coupon { .. }]), "{rewards:?}");
}

#[test]
fn a_member_wins_once() {
    let mut bench = Bench::new(with(&[]));
    bench.guess("a", 46_900).unwrap();
    refused(bench.guess("a", 20_000), "finished");
    refused(bench.invite("a"), "finished");
    assert_eq!(bench.prizes("a"), 1);
}

#[test]
fn as_many_win_as_there_are_prizes() {
    let mut bench = Bench::new(with(&[("/prize/stock", json!(2))]));
    bench.guess("a", 46_900).unwrap();
    bench.guess("b", 46_900).unwrap();
    assert_eq!(bench.view("c", None).stage, Stage::SoldOut);
    refused(bench.guess("c", 46_900), "sold_out");
    refused(bench.invite("c"), "sold_out");
}

#[test]
fn who_is_right_when_the_codes_have_gone_is_told_so() {
    let mut setup = with(&[("/prize/reward/codes", json!("fryer"))]);
    setup.rules["help"] = Value::Null;
    let mut bench = Bench::new(setup);
    let (outcome, rewards) = bench.guess("a", 46_900).unwrap();
    assert!(matches!(outcome, Outcome::Guessed { told: Told::Right, won: false, .. }));
    assert_eq!(rewards, []);
    assert_eq!(bench.view("a", None).stage, Stage::Missed);
    refused(bench.guess("a", 20_000), "finished");
}

#[test]
fn the_price_is_sealed_from_the_start_and_disclosed_after_the_close() {
    let mut bench = Bench::new(example());
    let before = bench.view("a", None);
    assert_eq!(before.disclosed, None);
    let preview = bench.running.public(bench.now_ms).preview;
    assert!(preview.text().contains(&before.commitment) && !preview.text().contains("46900"));
    bench.close();
    let after = bench.view("a", None);
    assert_eq!(after.commitment, before.commitment);
    let disclosed = after.disclosed.unwrap();
    assert_eq!(disclosed.answer_cents, 46_900);
    assert_eq!(commitment(disclosed.answer_cents, &disclosed.seal), before.commitment);
    let preview = bench.running.public(bench.now_ms).preview;
    assert!(preview.text().contains(&disclosed.seal));
}

/// The README's one-liners print the same.
#[test]
fn a_commitment_is_the_hash_of_three_lines() {
    let seal = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    assert_eq!(commitment(46_900, seal), include_str!("../golden/commitment.txt").trim());
}

/// Two configurations that differ in the price alone show the same to a member with the same row:
/// a view is made of what was told and of what is public. The commitment is a hash under a secret
/// that nobody has before the close.
#[test]
fn views_tell_nothing_of_the_price_but_what_was_told() {
    let mut one = Bench::new(with(&[]));
    let other = with(&[("/answer_cents", json!(46_800))]);
    let mut two = Bench::new(other);
    for bench in [&mut one, &mut two] {
        bench.guess("a", 30_000).unwrap();
        bench.guess("a", 60_000).unwrap();
        let link = bench.invite("a").unwrap();
        bench.help("b", &link, 40_000).unwrap();
        bench.settle();
    }
    for member in ["a", "b", "c"] {
        let (mut left, mut right) = (one.view(member, None), two.view(member, None));
        assert_ne!(left.commitment, right.commitment);
        left.commitment.clear();
        right.commitment.clear();
        for view in [&mut left, &mut right] {
            view.helps.iter_mut().for_each(|help| help.link.clear());
        }
        assert_eq!(left, right);
    }
}
