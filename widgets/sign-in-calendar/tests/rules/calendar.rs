//! One member's calendar, with what the engine keeps beside it in its plainest form.

use funfair_engine::{Cx, Dice, Rules, SecretKey, Setup, Spend, State, StateMut};
use funfair_host_api::{Day, Reward};
use funfair_sign_in_calendar::{
    Action, CellState, Config, Event, MakeUpPay, Member, Refusal, Shared, SignInCalendar, View,
};
use serde_json::Value;

/// The rules of `example.toml`, as JSON.
pub fn example() -> Value {
    let file: Value = toml::from_str(include_str!("../../example.toml")).unwrap();
    file["rules"].clone()
}

pub fn config(rules: Value) -> Config {
    let config = serde_json::from_value(rules).unwrap();
    assert_eq!(SignInCalendar::validate(&config, &Setup::default()), []);
    config
}

pub fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

#[derive(Clone)]
pub struct Calendar {
    pub config: Config,
    pub today: Day,
    pub balance: u64,
    pub member: Member,
    pub events: Vec<Event>,
    /// Make-up cards that were granted.
    pub cards: u32,
    /// What the activity still has to give away, where that is limited.
    pub budget: Option<u64>,
    pub coupons: usize,
    /// Spins of the wheel.
    pub chances: u64,
}

impl Calendar {
    pub fn new(config: Config, today: &str) -> Self {
        Self {
            config,
            today: day(today),
            balance: 0,
            member: Member::default(),
            events: Vec::new(),
            cards: 0,
            budget: None,
            coupons: 0,
            chances: 0,
        }
    }

    pub fn sign_in(&mut self) -> Result<Event, Refusal> {
        self.act(&Action::SignIn {})
    }

    pub fn make_up(&mut self, day: Day) -> Result<Event, Refusal> {
        self.act(&Action::MakeUp { day, pay: MakeUpPay::Points })
    }

    pub fn make_up_by_card(&mut self, day: Day) -> Result<Event, Refusal> {
        self.act(&Action::MakeUp { day, pay: MakeUpPay::Card })
    }

    /// One play, carried out; what it spends must be there.
    pub fn act(&mut self, action: &Action) -> Result<Event, Refusal> {
        let mut cx = self.cx();
        let state = State { member: &self.member, shared: &Shared {}, item: None };
        let events = SignInCalendar::decide(&self.config, state, action, &mut cx)?;
        assert_eq!(cx.dice.draws(), [], "a calendar draws nothing");
        let [event] = <[Event; 1]>::try_from(events).unwrap();
        evolve(&mut self.member, &event);
        let effects = SignInCalendar::effects(&event);
        for spend in &effects.spend {
            let Spend::Points { points } = spend else { panic!("{spend:?}") };
            self.balance = self.balance.checked_sub(*points).unwrap();
        }
        for reward in &effects.give {
            match reward {
                Reward::Points { amount, .. } => {
                    self.balance += amount;
                    if let Some(left) = &mut self.budget {
                        *left = left.checked_sub(*amount).expect("within the budget");
                    }
                }
                Reward::Coupon { .. } => self.coupons += 1,
                Reward::Chance { activity, count, .. } if activity == "spin-wheel" => {
                    self.chances += count;
                }
                other => panic!("{other:?}"),
            }
        }
        self.events.push(event.clone());
        Ok(event)
    }

    /// Signs in on each day of a picture of days, `x` for a sign-in and `.` for none, and stands
    /// on its last day.
    pub fn live(mut self, picture: &str) -> Self {
        for (index, mark) in picture.chars().enumerate() {
            self.today.0 += i32::from(index > 0);
            if mark == 'x' {
                self.sign_in().unwrap();
            }
        }
        self
    }

    pub fn view(&self) -> View {
        let state = State { member: &self.member, shared: &Shared {}, item: None };
        SignInCalendar::view(&self.config, state, &self.cx())
    }

    /// The month as a picture: `x` done, `u` made up, `.` missed, `T` today, `>` ahead, `_` outside.
    pub fn picture(&self) -> String {
        let mark = |state| match state {
            CellState::Done => 'x',
            CellState::MadeUp => 'u',
            CellState::Missed => '.',
            CellState::Today => 'T',
            CellState::Ahead => '>',
            CellState::Outside => '_',
        };
        self.view().days.iter().map(|cell| mark(cell.state)).collect()
    }

    fn cx(&self) -> Cx {
        let now_ms = self.today.0.unsigned_abs().into();
        let dice = Dice::new(SecretKey::new([7; 32]).seed("p", "m", 0), "c", "rev", 0, "seed");
        Cx {
            balance: self.balance,
            cards: [("make-up".into(), self.cards)].into(),
            pools: self.budget.map(|left| ("budget:points".into(), left)).into_iter().collect(),
            ..Cx::new(now_ms, self.today, dice)
        }
    }
}

pub fn evolve(member: &mut Member, event: &Event) {
    let (mut shared, mut item) = (Shared {}, None);
    SignInCalendar::evolve(StateMut { member, shared: &mut shared, item: &mut item }, event);
}
