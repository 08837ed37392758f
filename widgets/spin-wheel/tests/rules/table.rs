//! A wheel on a table: what the engine keeps beside the kind's state, in its plainest form.

use funfair_engine::{
    ChanceRules, Chances, Cx, Dice, Effects, Rules, SecretKey, Setup, Spend, State, StateMut,
};
use funfair_host_api::{Day, Pay, Reward};
use funfair_spin_wheel::{Action, Config, Event, Member, Refusal, Shared, SpinWheel, View};
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};

fn file() -> Value {
    toml::from_str(include_str!("../../example.toml")).unwrap()
}

/// The rules of `example.toml`, as JSON.
pub fn example() -> Value {
    file()["rules"].clone()
}

/// Its `[chances]`.
pub fn chances() -> ChanceRules {
    serde_json::from_value(file()["chances"].clone()).unwrap()
}

pub fn config(rules: Value) -> Config {
    let config = serde_json::from_value(rules).unwrap();
    assert_eq!(SpinWheel::validate(&config, &Setup::default()), []);
    config
}

/// A wheel and those who spin it.
pub struct Table {
    pub config: Config,
    pub chances: ChanceRules,
    pub day: Day,
    pub seats: BTreeMap<String, Seat>,
    /// What is left of each pool, and what went today.
    pub pools: BTreeMap<String, (u64, u64)>,
    pub key: u8,
}

/// One member at the table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seat {
    pub member: Member,
    pub balance: u64,
    pub granted: u64,
    pub free_used: u32,
    pub bought: u32,
    pub draws: u64,
    pub events: Vec<Event>,
}

impl Table {
    pub fn new(config: Config) -> Self {
        let pools = SpinWheel::stock(&config)
            .into_iter()
            .map(|stock| (stock.pool, (stock.quantity, 0)))
            .collect();
        let day = Day::parse("2026-11-01").unwrap();
        Self { config, chances: chances(), day, seats: BTreeMap::new(), pools, key: 7 }
    }

    pub fn seat(&mut self, name: &str) -> &mut Seat {
        self.seats.entry(name.into()).or_default()
    }

    pub fn next_day(&mut self) {
        self.day = Day(self.day.0 + 1);
        for seat in self.seats.values_mut() {
            (seat.free_used, seat.bought) = (0, 0);
        }
        for pool in self.pools.values_mut() {
            pool.1 = 0;
        }
    }

    pub fn view(&mut self, name: &str) -> View {
        let cx = self.cx(name);
        let member = self.seat(name).member.clone();
        let state = State { member: &member, shared: &Shared {}, item: None };
        SpinWheel::view(&self.config, state, &cx)
    }

    /// One spin, carried out; every effect must be possible.
    #[track_caller]
    pub fn spin(&mut self, name: &str, pay: Pay) -> Result<Event, Refusal> {
        let mut cx = self.cx(name);
        let mut member = self.seat(name).member.clone();
        let (mut shared, mut item) = (Shared {}, None);
        let state = State { member: &member, shared: &shared, item: None };
        let events = SpinWheel::decide(&self.config, state, &Action::Spin { pay }, &mut cx)?;
        let [event] = <[Event; 1]>::try_from(events).unwrap();
        let state = StateMut { member: &mut member, shared: &mut shared, item: &mut item };
        SpinWheel::evolve(state, &event);
        self.carry_out(name, &SpinWheel::effects(&event));
        let seat = self.seat(name);
        seat.member = member;
        seat.draws += 1;
        seat.events.push(event.clone());
        Ok(event)
    }

    #[track_caller]
    fn carry_out(&mut self, name: &str, effects: &Effects) {
        for pool in &effects.take {
            let (left, today) = self.pools.get_mut(pool).expect("a pool that was opened");
            *left = left.checked_sub(1).expect("something left in the pool");
            *today += 1;
        }
        let seat = self.seat(name);
        for spend in &effects.spend {
            match *spend {
                Spend::Free => seat.free_used += 1,
                Spend::Chance => seat.granted = seat.granted.checked_sub(1).unwrap(),
                Spend::Bought { points } => {
                    seat.balance = seat.balance.checked_sub(points).unwrap();
                    seat.bought += 1;
                }
                Spend::Points { .. } => panic!("a spin is a chance"),
            }
        }
        for reward in &effects.give {
            if let Reward::Points { amount, .. } = reward {
                seat.balance += amount;
            }
        }
    }

    fn cx(&mut self, name: &str) -> Cx {
        let (day, now_ms) = (self.day, self.day.0.unsigned_abs().into());
        let pools = SpinWheel::reads(&self.config, &Action::Spin { pay: Pay::Free }).pools;
        let budget = self.pools.keys().filter(|pool| pool.starts_with("budget:")).cloned();
        let pools: Vec<_> = pools.into_iter().chain(budget).collect();
        let pools = pools.into_iter().map(|pool| (pool.clone(), self.available(&pool))).collect();
        let key = SecretKey::new([self.key; 32]);
        let chance_rules = Arc::new(self.chances.clone());
        let seat = self.seat(name);
        let dice = Dice::new(key.seed("p", name, seat.draws), "wheel", "rev", seat.draws, "seed");
        Cx {
            balance: seat.balance,
            chances: seat.chances(day),
            pools,
            chance_rules,
            ..Cx::new(now_ms, day, dice)
        }
    }

    fn available(&self, pool: &str) -> u64 {
        let (left, today) = self.pools[pool];
        let stock = SpinWheel::stock(&self.config);
        let daily = stock.iter().find(|stock| stock.pool == pool).and_then(|stock| stock.daily);
        daily.map_or(left, |daily| left.min(daily - today))
    }
}

impl Seat {
    fn chances(&self, day: Day) -> Chances {
        let granted = json!([{ "count": self.granted, "expires_at_ms": null }]);
        serde_json::from_value(json!({
            "day": day, "free_used": self.free_used, "bought": self.bought, "granted": granted,
        }))
        .unwrap()
    }
}
