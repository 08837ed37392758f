//! The wheel through the engine's own desk: codes, budget and what is won for another activity.

use crate::table::example;
use funfair_engine::{
    Asker, ChanceRules, Chances, Clock, Desk, Lane, MemberKey, MemoryStore, Play, PoolKey, Running,
    SecretKey, Setup, Store, Wants, Writes, erase,
};
use funfair_host_api::{ActivityState, Fact, Me, Pay, Receipt, Reward, json::Raw};
use funfair_spin_wheel::{Outcome, SpinWheel, View};
use serde_json::{Value, json};
use std::sync::Arc;

struct House {
    store: MemoryStore,
    now_ms: u64,
}

impl House {
    fn new() -> Self {
        let clock = Clock::new("Asia/Shanghai", 0).unwrap();
        let now_ms = clock.parse("2026-11-01T12:00:00").unwrap();
        Self { store: MemoryStore::default(), now_ms }
    }

    /// Opens a wheel of the example's setup, changed.
    fn wheel(&self, activity: &str, change: impl FnOnce(&mut Setup)) -> Arc<Running> {
        let clock = Clock::new("Asia/Shanghai", 0).unwrap();
        let mut setup = Setup::parse(include_str!("../../example.toml"), &clock).unwrap();
        setup.chances = ChanceRules { free_per_day: 5, ..setup.chances };
        change(&mut setup);
        let lane = Lane { programme: "p".into(), store: "s".into(), activity: activity.into() };
        let (state, key) = (ActivityState::Live, SecretKey::new([9; 32]));
        let running = Running::new(lane, setup, state, key, &[erase::<SpinWheel>()]);
        let running = Arc::new(running.unwrap_or_else(|faults| panic!("{faults:?}")));
        self.store.open(&running.lane, &running.head(), &running.pools()).unwrap();
        running
    }

    fn me(&self, at: &Running, member: &str) -> Me<Raw> {
        Desk::me(&self.store, at, &Asker::from(member), None, self.now_ms).unwrap().unwrap()
    }

    fn view(&self, at: &Running, member: &str) -> View {
        serde_json::from_str(self.me(at, member).view.text()).unwrap()
    }

    fn spin(&mut self, at: &Arc<Running>, member: &str, paid_by: Pay) -> Receipt<Outcome> {
        self.now_ms += 1;
        let play = Play {
            at: Arc::clone(at),
            asker: Asker::from(member),
            identity: None,
            key: self.now_ms.to_string(),
            body_hash: String::new(),
            action: Raw::parse(&json!({ "type": "spin", "pay": paid_by }).to_string()).unwrap(),
            client_seed: "abcdefgh".into(),
            commitment: self.me(at, member).commitment,
            revision: at.revision.clone(),
        };
        let answer = Desk::run(&self.store, self.now_ms, &[play]).unwrap().remove(0).unwrap();
        serde_json::from_str(&answer.receipt).unwrap()
    }
}

/// The example's sectors, where only the one of a place has a weight; its reward can be another.
fn only(place: usize, reward: Option<Value>) -> Value {
    let mut rules = example();
    rules["luck"] = json!({});
    for (index, prize) in rules["prizes"].as_array_mut().unwrap().iter_mut().enumerate() {
        prize["weight"] = json!(u64::from(index == place));
        for limit in ["stock", "daily", "per_member"] {
            prize.as_object_mut().unwrap().remove(limit);
        }
    }
    if let Some(reward) = reward {
        rules["prizes"][place]["reward"] = reward;
    }
    rules
}

fn prize(receipt: &Receipt<Outcome>) -> &str {
    match &receipt.outcome {
        Outcome::Won { prize, .. } | Outcome::Consoled { prize, .. } => prize,
        Outcome::Unknown { .. } => panic!("{:?}", receipt.outcome),
    }
}

#[test]
fn each_coupon_takes_a_code_of_its_own_and_without_one_it_is_not_drawn() {
    let mut house = House::new();
    let coupon = json!({ "type": "coupon", "value_cents": 1000, "codes": "spring" });
    let wheel = house.wheel("wheel", |setup| setup.rules = only(5, Some(coupon)));
    let list = PoolKey::of(&wheel.lane, "codes:spring");
    assert_eq!(prize(&house.spin(&wheel, "a", Pay::Free)), "thanks", "there is no code yet");
    house.store.add_codes(&list, &["A1".into(), "B2".into()]).unwrap();
    let codes = ["a", "b"].map(|member| {
        let receipt = house.spin(&wheel, member, Pay::Free);
        let [Reward::Coupon { code: Some(code), .. }] = &receipt.rewards[..] else {
            panic!("{receipt:?}")
        };
        code.clone()
    });
    assert_eq!(codes, ["A1", "B2"]);
    assert_eq!(prize(&house.spin(&wheel, "c", Pay::Free)), "thanks");
    house.store.add_codes(&list, &["C3".into()]).unwrap();
    assert_eq!(prize(&house.spin(&wheel, "c", Pay::Free)), "coupon-10");
}

#[test]
fn what_the_budget_no_longer_pays_is_not_drawn_and_the_fallback_becomes_a_blank() {
    let mut house = House::new();
    let wheel = house.wheel("wheel", |setup| {
        setup.rules = only(1, None);
        // Not even one of these could be given: the file would be refused.
        setup.rules["prizes"][6]["reward"]["amount"] = json!(40);
        setup.budget.points = Some(43);
        setup.chances = ChanceRules { free_total: 1, ..ChanceRules::default() };
    });
    let mut spin = |member| {
        let receipt = house.spin(&wheel, member, Pay::Free);
        (prize(&receipt).to_owned(), receipt.rewards.len(), receipt.proof.draws[0].table.len())
    };
    assert_eq!(spin("a"), ("points-20".into(), 1, 1));
    assert_eq!(spin("b"), ("points-20".into(), 1, 1));
    assert_eq!(spin("c"), ("thanks".into(), 1, 1), "three are left, two go with the thanks");
    assert_eq!(spin("d"), ("thanks".into(), 0, 1), "one is left");
    let given: u64 = house.store.all_transfers("p").iter().map(|row| row.amount).sum();
    assert_eq!(given, 42);
}

#[test]
fn chances_won_here_are_played_there() {
    let mut house = House::new();
    let chance = json!({ "type": "chance", "activity": "other", "count": 2, "days": 1 });
    let one = house.wheel("wheel", |setup| setup.rules = only(7, Some(chance)));
    let other = house.wheel("other", |setup| setup.chances = ChanceRules::default());
    assert_eq!(house.view(&other, "a").chances.earned, 0);
    let receipt = house.spin(&one, "a", Pay::Free);
    assert!(matches!(&receipt.rewards[..], [Reward::Chance { count: 2, .. }]), "{receipt:?}");
    assert_eq!(house.view(&other, "a").chances.earned, 2);
    house.spin(&other, "a", Pay::Chance);
    assert_eq!(house.view(&other, "a").chances.earned, 1);
    assert_eq!(house.view(&other, "b").chances.earned, 0);
    // They lapse with the day.
    house.now_ms += 24 * 60 * 60 * 1000;
    assert_eq!(house.view(&other, "a").chances.earned, 0);
}

#[test]
fn an_order_brings_a_spin_within_the_dates_and_no_other_time() {
    let mut house = House::new();
    let wheel = house.wheel("wheel", |_| {});
    house.spin(&wheel, "a", Pay::Free);
    let key = MemberKey { lane: wheel.lane.clone(), member: "a".into() };
    let wants = Wants { members: [key.clone()].into(), ..Wants::default() };
    let tell = |fact: &str, at_ms: u64, amount_cents: u64| {
        let fact = json!({ "id": "1", "fact": fact, "sub": "a", "at_ms": at_ms });
        let fact: Fact = serde_json::from_value(fact).unwrap();
        let fact = Fact { amount_cents: Some(amount_cents), ..fact };
        let mut brought = 0;
        let mut count = |rows: &funfair_engine::Rows| {
            let mut row: Value = serde_json::from_str(&rows.members[&key]).unwrap();
            let mut chances: Chances = serde_json::from_value(row["chances"].clone()).unwrap();
            brought = wheel.earn(&mut chances, &fact, house.now_ms);
            row["chances"] = serde_json::to_value(chances).unwrap();
            Writes { members: [(key.clone(), row.to_string())].into(), ..Writes::default() }
        };
        house.store.commit(&wants, &mut count).unwrap();
        brought
    };
    let now_ms = wheel.clock.parse("2026-11-01T12:00:00").unwrap();
    assert_eq!(tell("order.paid", now_ms, 5900), 1);
    assert_eq!(tell("order.paid", now_ms, 5899), 0, "too small an order");
    assert_eq!(tell("order.received", now_ms, 100), 1);
    assert_eq!(tell("order.paid", wheel.setup.opens_at_ms - 1, 9900), 0, "before the start");
    assert_eq!(tell("order.placed", now_ms, 9900), 0);
    assert_eq!(house.view(&wheel, "a").chances.earned, 2);
    house.spin(&wheel, "a", Pay::Chance);
    assert_eq!(house.view(&wheel, "a").chances.earned, 1);
}
