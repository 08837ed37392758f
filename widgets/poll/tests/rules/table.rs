//! A vote with some members at it, and a clock that is moved by hand.

use funfair_engine::{
    Cx, Dice, Due, Effects, Fault, Page, Rules, SecretKey, State, StateMut, Tick, Verdict,
};
use funfair_host_api::{Day, Reward};
use funfair_poll::{Action, Config, Event, Member, Nomination, Poll, Refusal, Shared, View};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// The rules of `example.toml`.
pub fn example() -> Value {
    let file: toml::Table = include_str!("../../example.toml").parse().unwrap();
    serde_json::to_value(&file["rules"]).unwrap()
}

pub fn config(rules: Value) -> Config {
    serde_json::from_value(rules).unwrap()
}

/// The example with the fields of `more` in place of its own.
pub fn with(more: Value) -> Config {
    let mut rules = example();
    let Value::Object(more) = more else { panic!("{more}") };
    for (key, value) in more {
        rules[key] = value;
    }
    config(rules)
}

/// Four options `a` to `d` without anything else, and the fields of `more`.
pub fn plain(more: Value) -> Config {
    let label = |id: &str| json!({ "en": format!("Set {id}"), "zh-CN": format!("礼盒{id}") });
    let option = |id: &str| json!({ "id": id, "label": label(id) });
    let options = ["a", "b", "c", "d"].map(option);
    let mut rules = json!({
        "question": { "en": "Which?", "zh-CN": "哪个？" },
        "options": options,
    });
    let Value::Object(more) = more else { panic!("{more}") };
    for (key, value) in more {
        rules[key] = value;
    }
    config(rules)
}

pub struct Table {
    pub config: Config,
    pub shared: Shared,
    pub members: BTreeMap<String, Member>,
    pub items: BTreeMap<String, Nomination>,
    /// What happened, and to whom.
    pub events: Vec<(String, Event)>,
    pub points: BTreeMap<String, u64>,
    /// Points that may still be given; `None` is no limit.
    pub budget: Option<u64>,
    pub day: Day,
    pub closes_at_ms: u64,
}

impl Table {
    pub fn new(config: Config) -> Self {
        Self {
            config,
            shared: Shared::default(),
            members: BTreeMap::new(),
            items: BTreeMap::new(),
            events: Vec::new(),
            points: BTreeMap::new(),
            budget: None,
            day: Day::parse("2026-10-20").unwrap(),
            closes_at_ms: u64::MAX,
        }
    }

    pub fn now_ms(&self) -> u64 {
        u64::from(self.day.0.unsigned_abs()) * DAY_MS + 1000
    }

    /// The activity is over from now on.
    pub fn close(&mut self) {
        self.closes_at_ms = self.now_ms();
    }

    pub fn cx(&self, name: &str) -> Cx {
        let now_ms = self.now_ms();
        let dice = Dice::new(SecretKey::new([7; 32]).seed("p", name, 0), "a", "rev", 0, "seed");
        Cx {
            next_day_at_ms: now_ms - 1000 + DAY_MS,
            member: name.into(),
            item: format!("item-{}", self.events.len()),
            closes_at_ms: self.closes_at_ms,
            over: now_ms >= self.closes_at_ms,
            pools: self.budget.map(|left| ("budget:points".into(), left)).into_iter().collect(),
            ..Cx::new(now_ms, self.day, dice)
        }
    }

    pub fn view(&self, name: &str) -> View {
        let member = self.members.get(name).cloned().unwrap_or_default();
        let state = State { member: &member, shared: &self.shared, item: None };
        Poll::view(&self.config, state, &self.cx(name))
    }

    pub fn count(&self, id: &str) -> u64 {
        self.shared.now.count(id)
    }

    pub fn vote(&mut self, name: &str, ids: &[&str]) -> Result<Event, Refusal> {
        let options = ids.iter().map(|id| (*id).to_owned()).collect();
        self.play(name, &Action::Vote { options })
    }

    /// The key of the item it makes.
    pub fn nominate(&mut self, name: &str, text: &str) -> Result<String, Refusal> {
        let event = self.play(name, &Action::Nominate { text: text.into() })?;
        let Event::Nominated { item, .. } = event else { panic!("{event:?}") };
        Ok(item)
    }

    pub fn play(&mut self, name: &str, action: &Action) -> Result<Event, Refusal> {
        let mut cx = self.cx(name);
        let member = self.members.get(name).cloned().unwrap_or_default();
        let state = State { member: &member, shared: &self.shared, item: None };
        let events = Poll::decide(&self.config, state, action, &mut cx)?;
        let [event] = <[Event; 1]>::try_from(events).unwrap();
        let item = matches!(event, Event::Nominated { .. }).then_some(cx.item);
        self.bring_about(name, item, &event);
        Ok(event)
    }

    pub fn judge(&mut self, item: &str, verdict: Verdict) -> Result<(), Fault> {
        let row = (item, &self.items[item]);
        let due = Poll::moderate(&self.config, &self.shared, row, verdict, &self.tick())?;
        let Due { member, item, event } = due;
        self.bring_about(&member, item, &event);
        Ok(())
    }

    pub fn settle(&mut self) {
        let items: Vec<_> = self.items.clone().into_iter().collect();
        let page = Page { items: &items, members: &[] };
        for due in Poll::settle(&self.config, &self.shared, &page, &self.tick()) {
            self.bring_about(&due.member, due.item, &due.event);
        }
    }

    fn tick(&self) -> Tick {
        let (now_ms, closes_at_ms) = (self.now_ms(), self.closes_at_ms);
        Tick { now_ms, day: self.day, closes_at_ms, over: now_ms >= closes_at_ms }
    }

    fn bring_about(&mut self, name: &str, item: Option<String>, event: &Event) {
        // As stored and read again.
        let event: Event = serde_json::from_str(&serde_json::to_string(event).unwrap()).unwrap();
        let mut row = item.as_ref().and_then(|item| self.items.remove(item));
        let member = self.members.entry(name.into()).or_default();
        Poll::evolve(StateMut { member, shared: &mut self.shared, item: &mut row }, &event);
        self.items.extend(item.zip(row));
        let Effects { give, spend, .. } = Poll::effects(&event);
        assert_eq!(spend, [], "a vote costs nothing");
        for reward in give {
            let Reward::Points { amount, .. } = reward else { continue };
            *self.points.entry(name.into()).or_default() += amount;
            self.budget = self.budget.map(|left| left - amount);
        }
        self.events.push((name.into(), event));
    }
}

#[track_caller]
pub fn refused<T: std::fmt::Debug>(answer: Result<T, Refusal>, tag: &str) -> Refusal {
    let refusal = answer.unwrap_err();
    assert_eq!(refusal.tag(), tag);
    refusal
}
