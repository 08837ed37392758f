use crate::calendar::{Calendar, config, day, example};
use funfair_engine::Rules;
use funfair_host_api::Day;
use funfair_sign_in_calendar::{Action, Event, Outcome, Refusal, SignInCalendar};
use serde_json::json;

/// The example's calendar from the first of November on.
fn november() -> Calendar {
    Calendar::new(config(example()), "2026-11-01")
}

#[track_caller]
fn points(event: &Event) -> u64 {
    let Event::SignedIn { points, .. } = event else { panic!("{event:?}") };
    *points
}

#[track_caller]
fn refused(calendar: &mut Calendar, day: Option<&str>, tag: &str) -> Refusal {
    let before = calendar.member.clone();
    let refusal = match day {
        None => calendar.sign_in().unwrap_err(),
        Some(text) => calendar.make_up(crate::calendar::day(text)).unwrap_err(),
    };
    assert_eq!(refusal.tag(), tag);
    assert_eq!(calendar.member, before, "a refusal changes nothing");
    refusal
}

#[test]
fn points_grow_each_day_in_a_row_up_to_the_cap() {
    let calendar = november().live("xxxxxxxx");
    let given: Vec<_> = calendar.events.iter().map(points).collect();
    assert_eq!(given, [5, 10, 15, 20, 25, 30, 30, 30]);
}

#[test]
fn a_missed_day_starts_again_with_the_first_days_points() {
    let calendar = november().live("xxx.x");
    assert_eq!(calendar.events.iter().map(points).next_back(), Some(5));
}

#[test]
fn a_day_is_signed_once() {
    let mut calendar = november().live("x");
    let next = calendar.view().next_day_at_ms;
    let refusal = refused(&mut calendar, None, "already_signed");
    assert!(matches!(refusal, Refusal::AlreadySigned { next_day_at_ms, .. }
        if next_day_at_ms == next));
}

#[test]
fn every_seventh_day_in_a_row_brings_the_bonus() {
    assert_eq!(november().live("xxxxxx").coupons, 0);
    assert_eq!(november().live("xxxxxxx").coupons, 1);
    assert_eq!(november().live("xxxxxxxxxxxxx").coupons, 1);
    assert_eq!(november().live("xxxxxxxxxxxxxx").coupons, 2);
    assert_eq!(november().live("xxxxxx.xxxxxx").coupons, 0);
}

#[test]
fn a_made_up_day_mends_the_run_and_gives_no_points() {
    let mut calendar = november().live("xxx.x");
    let before = calendar.balance;
    let event = calendar.make_up(day("2026-11-04")).unwrap();
    assert_eq!(calendar.balance, before - 20);
    assert!(matches!(event, Event::MadeUp { streak: 5, cost: 20, bonus: None, .. }));
    assert_eq!(calendar.view().streak, 5);
    calendar.today.0 += 1;
    assert_eq!(points(&calendar.sign_in().unwrap()), 30);
}

#[test]
fn a_made_up_day_brings_the_bonus_that_the_gap_had_cost() {
    let mut calendar = november().live("xxxx.xx");
    let event = calendar.make_up(day("2026-11-05")).unwrap();
    assert!(matches!(event, Event::MadeUp { streak: 7, bonus: Some(_), .. }));
    assert_eq!(calendar.coupons, 1);
}

#[test]
fn only_missed_days_within_reach_can_be_made_up() {
    let mut calendar = november().live("..x.x.......");
    calendar.balance = 1000;
    assert_eq!(calendar.today, day("2026-11-12"));
    refused(&mut calendar, Some("2026-11-04"), "day_not_open"); // missed, out of reach
    refused(&mut calendar, Some("2026-11-12"), "day_not_open"); // today
    refused(&mut calendar, Some("2026-11-13"), "day_not_open"); // to come
    calendar.make_up(day("2026-11-06")).unwrap();
    refused(&mut calendar, Some("2026-11-06"), "day_not_open"); // done
    let open: Vec<_> = calendar.view().make_up.unwrap().days.iter().map(|day| day.text()).collect();
    assert_eq!(open.first().map(String::as_str), Some("2026-11-07"));
    assert_eq!(open.len(), 5);
}

#[test]
fn who_has_not_begun_has_missed_nothing() {
    let mut calendar = november().live("....");
    calendar.balance = 1000;
    assert_eq!(calendar.view().make_up.unwrap().days, []);
    refused(&mut calendar, Some("2026-11-03"), "day_not_open");
    calendar.sign_in().unwrap();
    assert_eq!(calendar.view().make_up.unwrap().days, []);
    refused(&mut calendar, Some("2026-11-03"), "day_not_open");
}

#[test]
fn nothing_is_made_up_where_it_is_not_offered() {
    let mut rules = example();
    rules.as_object_mut().unwrap().remove("make_up");
    let mut calendar = Calendar::new(config(rules), "2026-11-01").live("x.x");
    assert_eq!(calendar.view().make_up, None);
    refused(&mut calendar, Some("2026-11-02"), "day_not_open");
}

#[test]
fn so_many_days_a_month_can_be_made_up() {
    let mut calendar = Calendar::new(config(example()), "2026-11-24").live("x......");
    assert_eq!(calendar.today, day("2026-11-30"));
    calendar.balance = 1000;
    for text in ["2026-11-25", "2026-11-26", "2026-11-27"] {
        calendar.make_up(day(text)).unwrap();
    }
    assert_eq!(calendar.view().make_up.unwrap().left, 0);
    let refusal = refused(&mut calendar, Some("2026-11-28"), "make_up_limit");
    assert!(matches!(refusal, Refusal::MakeUpLimit { limit: 3, .. }));
    calendar.today = day("2026-12-02");
    assert_eq!(calendar.view().make_up.unwrap().left, 3, "a new month");
    calendar.make_up(day("2026-12-01")).unwrap();
    assert_eq!(calendar.view().make_up.unwrap().left, 2);
}

#[test]
fn a_day_of_last_month_can_no_longer_be_made_up() {
    let mut calendar = Calendar::new(config(example()), "2026-11-28").live("x....");
    calendar.balance = 1000;
    assert_eq!(calendar.today, day("2026-12-02"));
    refused(&mut calendar, Some("2026-11-30"), "day_not_open");
    assert_eq!(calendar.view().make_up.unwrap().days, [day("2026-12-01")]);
}

#[test]
fn too_few_points_are_refused_with_what_is_missing() {
    let mut calendar = november().live("x.x");
    let refusal = refused(&mut calendar, Some("2026-11-02"), "not_enough_points");
    assert!(matches!(refusal, Refusal::NotEnoughPoints { needs: 20, balance: 10, .. }));
    let make_up = calendar.view().make_up.unwrap();
    assert_eq!((make_up.left, make_up.days), (3, vec![]), "nothing is offered that is refused");
}

#[test]
fn a_make_up_card_makes_a_day_up_for_no_points() {
    let mut calendar = november().live("x.x.x");
    let refusal = calendar.make_up_by_card(day("2026-11-02")).unwrap_err();
    assert_eq!(refusal.tag(), "no_card");
    calendar.cards = 1;
    let before = calendar.balance;
    let make_up = calendar.view().make_up.unwrap();
    assert_eq!((make_up.cards, make_up.affordable), (1, false));
    assert_eq!(make_up.days, [day("2026-11-02"), day("2026-11-04")]);
    let event = calendar.make_up_by_card(day("2026-11-02")).unwrap();
    assert!(matches!(event, Event::MadeUp { streak: 3, cost: 0, .. }));
    assert_eq!(calendar.balance, before);
    assert_eq!(calendar.view().make_up.unwrap().days, [], "the card is used");
    let refusal = calendar.make_up_by_card(day("2026-11-04")).unwrap_err();
    assert_eq!(refusal.tag(), "no_card");
    calendar.cards = 2;
    calendar.make_up_by_card(day("2026-11-04")).unwrap();
    assert_eq!(calendar.view().streak, 5);
}

#[test]
fn cards_alone_can_make_days_up() {
    let mut rules = example();
    rules["make_up"].as_object_mut().unwrap().remove("points_each");
    let mut calendar = Calendar::new(config(rules), "2026-11-01").live("x.x");
    calendar.balance = 1000;
    let make_up = calendar.view().make_up.unwrap();
    assert_eq!((make_up.points_each, make_up.affordable, make_up.days), (None, false, vec![]));
    refused(&mut calendar, Some("2026-11-02"), "no_card");
    calendar.cards = 1;
    calendar.make_up_by_card(day("2026-11-02")).unwrap();
}

#[test]
fn each_sign_in_brings_a_chance_elsewhere_and_making_up_does_not() {
    let mut calendar = november().live("xxx.x");
    assert_eq!(calendar.chances, 4);
    calendar.make_up(day("2026-11-04")).unwrap();
    assert_eq!(calendar.chances, 4);
    let reads = SignInCalendar::reads(&config(example()), &Action::SignIn {});
    assert_eq!(reads.activities, ["spin-wheel"]);
}

#[test]
fn points_and_bonus_of_one_day_share_what_the_budget_has_left() {
    let mut rules = example();
    rules["bonus"] = json!({ "every": 2, "reward": { "type": "points", "amount": 50 } });
    let mut calendar = Calendar::new(config(rules), "2026-11-01");
    calendar.budget = Some(5 + 10 + 49);
    let calendar = calendar.live("xx");
    let Some(Event::SignedIn { points: 10, bonus: None, .. }) = calendar.events.last() else {
        panic!("{:?}", calendar.events)
    };
    let calendar = Calendar { budget: Some(4), ..calendar }.live("..x");
    let Some(Event::SignedIn { points: 0, streak: 1, .. }) = calendar.events.last() else {
        panic!("{:?}", calendar.events)
    };
}

#[test]
fn the_terms_say_what_each_day_gives_and_how_one_is_made_up() {
    let texts = |rules| -> Vec<String> {
        let clauses = SignInCalendar::clauses(&config(rules));
        clauses.iter().map(|clause| clause.text.pick("en").to_owned()).collect()
    };
    assert_eq!(
        texts(example()),
        [
            "The first day gives 5 points, each further day in a row 5 more, up to 30.",
            "Each sign-in also brings: 1 spin of the wheel.",
            "Every 7 days in a row bring: ¥5 off anything.",
            "A missed day of the last 7 can be made up for 20 points or a make-up card within the \
             same month, up to 3 times a month. It counts for the row and gives no points of its \
             own.",
        ]
    );
}

#[test]
fn the_month_shows_each_day_as_it_stands() {
    assert_eq!(november().picture(), "T>>>>>>>>>>>>>>>>>>>>>>>>>>>>>");
    let mut calendar = november().live("..xx.x.");
    calendar.balance = 20;
    assert_eq!(calendar.picture(), "__xx.xT>>>>>>>>>>>>>>>>>>>>>>>");
    calendar.make_up(day("2026-11-05")).unwrap();
    assert_eq!(calendar.picture(), "__xxuxT>>>>>>>>>>>>>>>>>>>>>>>");
    calendar.sign_in().unwrap();
    assert_eq!(calendar.picture(), "__xxuxx>>>>>>>>>>>>>>>>>>>>>>>");
}

#[test]
fn the_days_ahead_show_what_an_unbroken_run_gives() {
    let shown = |calendar: &Calendar| -> Vec<_> {
        calendar.view().days.iter().map(|cell| cell.points).take(8).collect()
    };
    let mut calendar = november().live("xx.");
    calendar.today = day("2026-11-03");
    assert_eq!(shown(&calendar), [0, 0, 15, 20, 25, 30, 30, 30]);
    assert_eq!(calendar.view().next_points, 15);
    calendar.sign_in().unwrap();
    assert_eq!(shown(&calendar), [0, 0, 0, 20, 25, 30, 30, 30]);
    assert_eq!(calendar.view().next_points, 20);
}

#[test]
fn the_next_bonus_is_named_with_the_days_it_still_takes() {
    let days_left = |picture: &str| november().live(picture).view().bonus.unwrap().days_left;
    assert_eq!(days_left("."), 7);
    assert_eq!(days_left("xxxxx"), 2);
    assert_eq!(days_left("xxxxx."), 2);
    assert_eq!(days_left("xxxxxxx"), 7);
    assert_eq!(days_left("xxx.."), 7);
}

#[test]
fn a_bonus_of_points_is_told_in_the_outcome() {
    let mut rules = example();
    rules["bonus"] = json!({ "every": 2, "reward": { "type": "points", "amount": 50 } });
    let mut calendar = Calendar::new(config(rules), "2026-11-01").live("x");
    assert_eq!(calendar.view().bonus.unwrap().points, 50);
    calendar.today.0 += 1;
    let outcome = SignInCalendar::outcome(&[calendar.sign_in().unwrap()]);
    assert!(matches!(outcome, Outcome::Signed { streak: 2, points: 10, bonus: 50, .. }));
    assert_eq!(calendar.balance, 5 + 10 + 50);
}

#[test]
fn a_run_of_years_stays_in_one_small_row() {
    let mut calendar = november();
    for _ in 0..3 * 366 {
        calendar.sign_in().unwrap();
        calendar.today = Day(calendar.today.0 + 1);
    }
    assert_eq!(calendar.view().streak, 3 * 366);
    assert!(serde_json::to_string(&calendar.member).unwrap().len() < 200);
}

#[test]
fn a_clock_that_runs_a_day_behind_offers_no_second_sign_in() {
    let mut calendar = november().live("xx");
    calendar.today.0 -= 1;
    assert!(calendar.view().signed_today);
    refused(&mut calendar, None, "already_signed");
}
