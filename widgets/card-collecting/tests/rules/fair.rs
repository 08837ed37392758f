//! An activity of the kind, with those who play it, on a store in memory.

use funfair_card_collecting::{
    Action, CardCollecting, Item, LinkKind, Member, Outcome, Refusal, Shared, View,
};
use funfair_engine::{
    Answer, Asker, Chances, Clock, Denial, Desk, Lane, MemberKey, MemoryStore, Play, Running,
    SecretKey, Setup, Store, Wants, Writes, erase,
};
use funfair_host_api::{ActivityState, Me, Pay, Receipt, json::Raw};
use serde_json::{Value, json};
use std::sync::Arc;

pub const DAY_MS: u64 = 24 * 60 * 60 * 1000;
pub const DRAW: Action = Action::Draw { pay: Pay::Free };

/// The rules of `example.toml`, as JSON.
pub fn example() -> Setup {
    let clock = Clock::new("Asia/Shanghai", 4).unwrap();
    Setup::parse(include_str!("../../example.toml"), &clock).unwrap()
}

pub struct Fair {
    pub running: Arc<Running>,
    pub store: MemoryStore,
    pub now_ms: u64,
    plays: u64,
}

impl Fair {
    /// The example with changed rules, and free draws enough.
    pub fn new(edit: impl FnOnce(&mut Value)) -> Self {
        let mut setup = example();
        setup.chances.free_per_day = 100;
        edit(&mut setup.rules);
        Self::of(setup)
    }

    pub fn of(setup: Setup) -> Self {
        let lane = Lane { programme: "p".into(), store: "s".into(), activity: "cards".into() };
        let now_ms = setup.opens_at_ms;
        let kinds = [erase::<CardCollecting>()];
        let key = SecretKey::new([7; 32]);
        let running = Running::new(lane, setup, ActivityState::Live, key, &kinds)
            .unwrap_or_else(|faults| panic!("{faults:?}"));
        let (running, store) = (Arc::new(running), MemoryStore::default());
        store.open(&running.lane, &running.head(), &running.pools()).unwrap();
        Self { running, store, now_ms, plays: 0 }
    }

    pub fn me(&self, member: &str, item: Option<&str>) -> Me<Raw> {
        Desk::me(&self.store, &self.running, &Asker::from(member), item, self.now_ms)
            .unwrap()
            .unwrap()
    }

    pub fn view(&self, member: &str) -> View {
        serde_json::from_str(self.me(member, None).view.text()).unwrap()
    }

    /// What a member sees who follows a link.
    pub fn follow(&self, member: &str, item: &str) -> View {
        serde_json::from_str(self.me(member, Some(item)).view.text()).unwrap()
    }

    pub fn play(&mut self, member: &str, action: &Action) -> Result<Outcome, Refusal> {
        self.receipt(member, action)
            .map(|receipt| serde_json::from_str(receipt.outcome.text()).unwrap())
    }

    pub fn receipt(&mut self, member: &str, action: &Action) -> Result<Receipt<Raw>, Refusal> {
        self.together(&[(member, action)]).remove(0)
    }

    /// Plays of several members that come in one batch.
    pub fn together(&mut self, plays: &[(&str, &Action)]) -> Vec<Result<Receipt<Raw>, Refusal>> {
        let batch: Vec<_> =
            plays.iter().map(|(member, action)| self.ready(member, action)).collect();
        let answers = Desk::run(&self.store, self.now_ms, &batch).unwrap();
        let read = |answer| match answer {
            Ok(Answer { receipt, .. }) => Ok(serde_json::from_str(&receipt).unwrap()),
            Err(Denial::Refused(refusal)) => Err(serde_json::from_str(refusal.text()).unwrap()),
            Err(other) => panic!("{plays:?}: {other:?}"),
        };
        answers.into_iter().map(read).collect()
    }

    fn ready(&mut self, member: &str, action: &Action) -> Play {
        self.plays += 1;
        Play {
            at: Arc::clone(&self.running),
            asker: Asker::from(member),
            identity: None,
            key: format!("key-{}", self.plays),
            body_hash: "0".repeat(64),
            action: Raw::parse(&serde_json::to_string(action).unwrap()).unwrap(),
            client_seed: format!("seed-{}", self.plays),
            commitment: self.me(member, None).commitment,
            revision: self.running.revision.clone(),
        }
    }

    /// Draws a card; its id.
    pub fn draw(&mut self, member: &str) -> String {
        let Ok(Outcome::Drawn { card, .. }) = self.play(member, &DRAW) else { panic!("no card") };
        card
    }

    /// Wraps a card up; the link's key.
    pub fn give(&mut self, member: &str, card: &str) -> Result<String, Refusal> {
        match self.play(member, &Action::Give { card: card.into() })? {
            Outcome::Gave { link, .. } => Ok(link),
            other => panic!("{other:?}"),
        }
    }

    /// Asks for a card; the link's key.
    pub fn ask(&mut self, member: &str, card: &str) -> Result<String, Refusal> {
        match self.play(member, &Action::Ask { card: card.into() })? {
            Outcome::Asked { link, .. } => Ok(link),
            other => panic!("{other:?}"),
        }
    }

    pub fn take(&mut self, member: &str, gift: &str) -> Result<Outcome, Refusal> {
        self.play(member, &Action::Take { gift: gift.into() })
    }

    pub fn answer(&mut self, member: &str, ask: &str) -> Result<Outcome, Refusal> {
        self.play(member, &Action::Answer { ask: ask.into() })
    }

    pub fn collect(&mut self, member: &str, ask: &str) -> Result<Outcome, Refusal> {
        self.play(member, &Action::Collect { ask: ask.into() })
    }

    pub fn take_back(&mut self, member: &str, gift: &str) -> Result<Outcome, Refusal> {
        self.play(member, &Action::TakeBack { gift: gift.into() })
    }

    /// Grants cards as another activity does.
    pub fn grant(&self, member: &str, cards: &[&str]) {
        let key = self.key(member);
        let wants = Wants { members: [key.clone()].into(), ..Wants::default() };
        self.store
            .commit(&wants, &mut |rows| {
                let fresh = || json!({ "draws": 0, "chances": Chances::default() });
                let row = rows.members.get(&key);
                let mut row: Value =
                    row.map_or_else(fresh, |row| serde_json::from_str(row).unwrap());
                for card in cards {
                    let count = row["cards"][*card].as_u64().unwrap_or(0);
                    row["cards"][*card] = (count + 1).into();
                }
                Writes { members: [(key.clone(), row.to_string())].into(), ..Writes::default() }
            })
            .unwrap();
    }

    /// Everything that time brings about now; how many events that was.
    pub fn settle(&self) -> u64 {
        let before = self.seq();
        let mut cursor = None;
        loop {
            cursor =
                Desk::settle(&self.store, &self.running, cursor.as_deref(), self.now_ms).unwrap();
            if cursor.is_none() {
                return self.seq() - before;
            }
        }
    }

    pub fn next_day(&mut self) {
        self.now_ms += DAY_MS;
    }

    pub fn close(&mut self) {
        self.now_ms = self.running.setup.closes_at_ms;
    }

    pub fn member(&self, member: &str) -> Member {
        let wants = Wants { members: [self.key(member)].into(), ..Wants::default() };
        let rows = self.store.load(&wants).unwrap().members;
        let row = rows.get(&self.key(member)).map_or_else(String::new, Clone::clone);
        let row: Value = serde_json::from_str(&row).unwrap_or_default();
        serde_json::from_value(row["state"].clone()).unwrap_or_default()
    }

    pub fn shared(&self) -> Shared {
        serde_json::from_str(&self.head().shared).unwrap_or_default()
    }

    pub fn items(&self) -> Vec<(String, Item)> {
        let rows = self.store.items(&self.running.lane, None, usize::MAX).unwrap();
        rows.into_iter().map(|(key, row)| (key, serde_json::from_str(&row).unwrap())).collect()
    }

    /// How many of a card a member has.
    pub fn count(&self, member: &str, card: &str) -> u32 {
        self.view(member).cards.iter().find(|held| held.card == card).unwrap().count
    }

    /// The key of a member's only link of a kind.
    pub fn link(&self, member: &str, kind: LinkKind) -> Option<String> {
        let links = self.view(member).links;
        links.into_iter().find(|link| link.kind == kind).map(|link| link.item)
    }

    fn head(&self) -> funfair_engine::LaneRow {
        let lane = &self.running.lane;
        let wants = Wants { lanes: [lane.clone()].into(), ..Wants::default() };
        self.store.load(&wants).unwrap().lanes.remove(lane).unwrap()
    }

    fn seq(&self) -> u64 {
        self.head().seq
    }

    fn key(&self, member: &str) -> MemberKey {
        MemberKey { lane: self.running.lane.clone(), member: member.into() }
    }
}

/// The six cards that make the example's set.
pub const SET: [&str; 6] = ["lantern", "firecracker", "knot", "peony", "carp", "ingot"];

/// What a refusal is about.
pub fn why(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NotPossible { why, .. } => why.name(),
        Refusal::LimitReached { of, .. } => of.name(),
        other => other.tag(),
    }
}
