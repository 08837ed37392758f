//! An activity on a store in memory, and those who guess in it.

use funfair_engine::{
    Asker, Clock, Denial, Desk, Fault, Lane, MemberKey, MemoryStore, Play, PoolKey, Rows, Running,
    SecretKey, Setup, Store, Wants, Writes, erase,
};
use funfair_guess_price::{Action, GuessPrice, Member, Outcome, Refusal, Shared, View};
use funfair_host_api::{ActivityState, Pay, Receipt, Reward, json::Raw};
use serde_json::{Value, json};
use std::sync::Arc;

/// `example.toml`, read.
pub fn example() -> Setup {
    let clock = Clock::new("Asia/Shanghai", 4).unwrap();
    Setup::parse(include_str!("../../example.toml"), &clock).unwrap()
}

/// The example with other values at these places of its rules, and as many free tries as rules
/// allow.
pub fn with(changes: &[(&str, Value)]) -> Setup {
    let mut setup = example();
    setup.chances.free_total = 1000;
    put(&mut setup.rules, changes);
    setup
}

/// Puts values at places, which are made where there are none; `Null` takes away.
pub fn put(rules: &mut Value, changes: &[(&str, Value)]) {
    for (place, value) in changes {
        let (parent, field) = place.rsplit_once('/').unwrap();
        let parent = rules.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        if value.is_null() {
            parent.remove(field);
        } else {
            parent.insert(field.into(), value.clone());
        }
    }
}

pub fn faults(setup: &Setup) -> Vec<Fault> {
    erase::<GuessPrice>().load(setup).err().unwrap_or_default()
}

/// The closest guesses at the close win; ten prices, no friends' guesses to be counted.
pub fn closest(winners: u32) -> Setup {
    with(&[
        ("/win", json!({ "type": "closest", "winners": winners })),
        ("/hints", Value::Null),
        ("/prize/stock", Value::Null),
        ("/tries", json!(5)),
    ])
}

pub struct Bench {
    pub running: Arc<Running>,
    pub store: MemoryStore,
    pub now_ms: u64,
    plays: u64,
}

impl Bench {
    pub fn new(setup: Setup) -> Self {
        let lane =
            Lane { programme: "acme".into(), store: "acme".into(), activity: "price".into() };
        let now_ms = setup.opens_at_ms;
        let key = SecretKey::new([7; 32]);
        let running = Running::new(lane, setup, ActivityState::Live, key, &[erase::<GuessPrice>()])
            .unwrap_or_else(|faults| panic!("{faults:?}"));
        let store = MemoryStore::default();
        store.open(&running.lane, &running.head(), &running.pools()).unwrap();
        Self { running: Arc::new(running), store, now_ms, plays: 0 }
    }

    pub fn view(&self, member: &str, link: Option<&str>) -> View {
        let asker = Asker::from(member);
        let me = Desk::me(&self.store, &self.running, &asker, link, self.now_ms).unwrap().unwrap();
        serde_json::from_str(me.view.text()).unwrap()
    }

    pub fn play(
        &mut self,
        member: &str,
        action: &Action,
    ) -> Result<(Outcome, Vec<Reward>), Refusal> {
        self.plays += 1;
        let asker = Asker::from(member);
        let me = Desk::me(&self.store, &self.running, &asker, None, self.now_ms).unwrap().unwrap();
        let play = Play {
            at: Arc::clone(&self.running),
            asker,
            identity: None,
            key: format!("key-{member}-{}", self.plays),
            body_hash: "0".repeat(64),
            action: Raw::parse(&serde_json::to_string(action).unwrap()).unwrap(),
            client_seed: "seed0000".into(),
            commitment: me.commitment,
            revision: self.running.revision.clone(),
        };
        let before = self.row(member);
        let answer = Desk::run(&self.store, self.now_ms, &[play]).unwrap().remove(0);
        match answer {
            Ok(answer) => {
                let receipt: Receipt<Outcome> = serde_json::from_str(&answer.receipt).unwrap();
                Ok((receipt.outcome, receipt.rewards))
            }
            Err(Denial::Refused(refusal)) => {
                assert_eq!(self.row(member), before, "a refusal changes nothing");
                Err(serde_json::from_str(refusal.text()).unwrap())
            }
            Err(denial) => panic!("{denial:?}"),
        }
    }

    pub fn guess(&mut self, member: &str, cents: u64) -> Result<(Outcome, Vec<Reward>), Refusal> {
        self.play(member, &Action::Guess { guess_cents: cents, pay: Pay::Free })
    }

    /// Makes a link; its key.
    pub fn invite(&mut self, member: &str) -> Result<String, Refusal> {
        match self.play(member, &Action::Invite {})? {
            (Outcome::Invited { link, .. }, _) => Ok(link),
            (outcome, _) => panic!("{outcome:?}"),
        }
    }

    pub fn help(
        &mut self,
        member: &str,
        link: &str,
        cents: u64,
    ) -> Result<(Outcome, Vec<Reward>), Refusal> {
        self.play(member, &Action::Help { link: link.into(), guess_cents: cents })
    }

    pub fn collect(&mut self, member: &str, link: &str) -> Result<(Outcome, Vec<Reward>), Refusal> {
        self.play(member, &Action::Collect { link: link.into() })
    }

    pub fn next_day(&mut self) {
        self.now_ms += 24 * 60 * 60 * 1000;
    }

    pub fn close(&mut self) {
        self.now_ms = self.running.setup.closes_at_ms;
    }

    /// What time brings about now, to the end; how many events there were.
    pub fn settle(&mut self) -> u64 {
        let before = self.seq();
        let mut cursor = None;
        loop {
            cursor = Desk::settle(&self.store, &self.running, cursor.as_deref(), self.now_ms)
                .unwrap_or_else(|error| panic!("{error}"));
            if cursor.is_none() {
                return self.seq() - before;
            }
        }
    }

    pub fn add_codes(&self, list: &str, codes: &[&str]) {
        let list = PoolKey::of(&self.running.lane, &format!("codes:{list}"));
        let codes: Vec<_> = codes.iter().map(|code| (*code).to_owned()).collect();
        self.store.add_codes(&list, &codes).unwrap();
    }

    fn seq(&self) -> u64 {
        let lane = &self.running.lane;
        let wants = Wants { lanes: [lane.clone()].into(), ..Wants::default() };
        self.store.load(&wants).unwrap().lanes[lane].seq
    }

    pub fn shared(&self) -> Shared {
        let lane = &self.running.lane;
        let wants = Wants { lanes: [lane.clone()].into(), ..Wants::default() };
        let text = self.store.load(&wants).unwrap().lanes[lane].shared.clone();
        if text.is_empty() { Shared::default() } else { serde_json::from_str(&text).unwrap() }
    }

    pub fn member(&self, member: &str) -> Member {
        let Some(row) = self.row(member) else { return Member::default() };
        serde_json::from_value(row["state"].clone()).unwrap_or_default()
    }

    /// A member's row, with what the engine keeps beside the kind's state.
    pub fn row(&self, member: &str) -> Option<Value> {
        self.row_in("price", member)
    }

    pub fn row_in(&self, activity: &str, member: &str) -> Option<Value> {
        let key = self.key(activity, member);
        let wants = Wants { members: [key.clone()].into(), ..Wants::default() };
        let row = self.store.load(&wants).unwrap().members.remove(&key)?;
        Some(serde_json::from_str(&row).unwrap())
    }

    pub fn put_row(&self, activity: &str, member: &str, row: &Value) {
        let key = self.key(activity, member);
        let members = || [(key.clone(), row.to_string())].into();
        let write = &mut |_: &Rows| Writes { members: members(), ..Writes::default() };
        self.store.commit(&Wants::default(), write).unwrap();
    }

    fn key(&self, activity: &str, member: &str) -> MemberKey {
        let lane = Lane { activity: activity.into(), ..self.running.lane.clone() };
        MemberKey { lane, member: member.into() }
    }

    /// The code of the coupon that a member holds.
    pub fn code(&self, member: &str) -> Option<String> {
        let held = self.store.held("acme", member, usize::MAX).unwrap();
        match &held[0].reward {
            Reward::Coupon { code, .. } => code.clone(),
            reward => panic!("{reward:?}"),
        }
    }

    /// How many prizes a member holds.
    pub fn prizes(&self, member: &str) -> usize {
        self.store.held("acme", member, usize::MAX).unwrap().len()
    }
}
