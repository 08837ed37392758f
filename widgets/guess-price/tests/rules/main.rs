//! The rule, played: one test a sentence of the README.

use funfair_engine::{Cx, Dice, Rules, SecretKey, Setup, State, StateMut};
use funfair_guess_price::{Action, Config, Event, GuessPrice, Member, Refusal, Shared};
use funfair_host_api::{Day, Reward};

/// One member's play on a day, carried out.
fn open(member: &mut Member, day: i32) -> Result<Event, Refusal> {
    let dice = Dice::new(SecretKey::new([7; 32]).seed("p", "m", 0), "a", "rev", 0, "seed");
    let mut cx = Cx::new(1_000, Day(day), dice);
    let state = State { member, shared: &Shared {}, item: None };
    let events = GuessPrice::decide(&example(), state, &Action::Open {}, &mut cx)?;
    let [event] = <[Event; 1]>::try_from(events).unwrap();
    let (mut shared, mut item) = (Shared {}, None);
    GuessPrice::evolve(StateMut { member, shared: &mut shared, item: &mut item }, &event);
    Ok(event)
}

/// The rules of `example.toml`.
fn example() -> Config {
    let file: toml::Table = include_str!("../../example.toml").parse().unwrap();
    serde_json::from_value(serde_json::to_value(&file["rules"]).unwrap()).unwrap()
}

#[test]
fn a_gift_gives_its_points() {
    let event = open(&mut Member::default(), 0).unwrap();
    let given = GuessPrice::effects(&event).give;
    assert!(matches!(given[..], [Reward::Points { amount: 5, .. }]), "{given:?}");
}

#[test]
fn a_gift_is_taken_once_a_business_day() {
    let mut member = Member::default();
    open(&mut member, 0).unwrap();
    assert_eq!(open(&mut member, 0).unwrap_err().tag(), "already_taken");
    open(&mut member, 1).unwrap();
}

#[test]
fn a_gift_of_nothing_is_a_fault() {
    assert_eq!(GuessPrice::validate(&example(), &Setup::default()), []);
    let nothing = Config { points: 0 };
    assert_eq!(GuessPrice::validate(&nothing, &Setup::default()).len(), 1);
}
