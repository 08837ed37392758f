//! A season of play: four members, 100 business days, moves drawn at random; links are followed,
//! facts bring chances, and what time brings about is settled between the days.

use crate::random::Random;
use funfair_catalogue::{ENTRIES, Entry, kinds};
use funfair_engine::{
    Account, Asker, Chances, Clock, Denial, Desk, Lane, LaneRow, MemberKey, MemoryStore, Play,
    PlayRow, Running, SecretKey, Setup, Store, Tick, Transfer, Wants, Writes,
};
use funfair_host_api::{ActivityState, Fact, Me, Receipt, json::Raw};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
};

pub const MEMBERS: [&str; 4] = ["ada", "bo", "chen", "dai"];
const DAYS: u64 = 100;
pub const DAY_MS: u64 = 24 * 60 * 60 * 1000;

/// What one kind's example went through.
pub struct History {
    pub entry: &'static Entry,
    pub running: Arc<Running>,
    pub store: MemoryStore,
    /// Everything that members were shown, sent and answered.
    pub actions: Vec<Raw>,
    pub views: Vec<Me<Raw>>,
    pub outcomes: Vec<Raw>,
    pub refusals: Vec<Raw>,
    /// Offered moves that were not accepted, with the denial.
    pub broken_offers: Vec<String>,
    /// Refused plays that changed something.
    pub traces: Vec<String>,
    /// The item that each play was about, by the play's number in the lane.
    pub items: BTreeMap<u64, String>,
    /// Every member who played or had something come back.
    seen: BTreeSet<String>,
}

/// The season of every kind, played once for all tests.
pub fn all() -> &'static [History] {
    static ALL: OnceLock<Vec<History>> = OnceLock::new();
    ALL.get_or_init(|| ENTRIES.iter().map(|entry| History::of(entry, 1)).collect())
}

pub fn setup(entry: &Entry) -> Setup {
    with(entry, "")
}

/// The example with more sections, in place of its own.
pub fn with(entry: &Entry, sections: &str) -> Setup {
    let clock = Clock::new("Asia/Shanghai", 4).unwrap();
    let mut file: toml::Table = entry.example.parse().unwrap();
    file.extend(sections.parse::<toml::Table>().unwrap());
    Setup::parse(&file.to_string(), &clock)
        .unwrap_or_else(|faults| panic!("{}: {faults:?}", entry.slug))
}

pub fn running(setup: Setup) -> Running {
    let lane = Lane { programme: "acme".into(), store: "acme".into(), activity: "season".into() };
    let key = SecretKey::new([42; 32]);
    let slug = setup.kind.clone();
    Running::new(lane, setup, ActivityState::Live, key, &kinds())
        .unwrap_or_else(|faults| panic!("{slug}: {faults:?}"))
}

/// An activity that has just opened.
pub fn opened(setup: Setup) -> (Arc<Running>, MemoryStore) {
    let (running, store) = (Arc::new(running(setup)), MemoryStore::default());
    store.open(&running.lane, &running.head(), &running.pools()).unwrap();
    (running, store)
}

/// One member's play, ready to be sent.
pub fn ready(running: &Arc<Running>, member: &str, action: &Raw, me: &Me<Raw>) -> Play {
    Play {
        at: Arc::clone(running),
        asker: Asker::from(member),
        identity: None,
        key: format!("key-{member}-{}", me.now_ms),
        body_hash: "0".repeat(64),
        action: action.clone(),
        client_seed: format!("seed{}", me.now_ms),
        commitment: me.commitment.clone(),
        revision: running.revision.clone(),
    }
}

/// A purchase that the store reports, for the lines of `[[chances.earned]]`, and what other
/// activities grant: one of the cards that the rules name.
pub fn reward_from_elsewhere(running: &Running, store: &MemoryStore, member: &str, now_ms: u64) {
    let key = MemberKey { lane: running.lane.clone(), member: member.into() };
    let wants = Wants { members: [key.clone()].into(), ..Wants::default() };
    let mut commit = |rows: &funfair_engine::Rows| {
        // Only who has played has a row of the engine's making.
        let Some(text) = rows.members.get(&key) else { return Writes::default() };
        let mut row: Value = serde_json::from_str(text).unwrap();
        let mut chances: Chances = serde_json::from_value(row["chances"].clone()).unwrap();
        for fact in running.setup.chances.earned.iter().map(|line| line.fact.as_str()) {
            running.earn(&mut chances, &purchase(fact, now_ms), now_ms);
        }
        row["chances"] = serde_json::to_value(chances).unwrap();
        let cards: Vec<_> = cards(&running.setup.rules).into_iter().collect();
        let nth = now_ms / 60_000 % cards.len().max(1) as u64;
        if let Some(card) = cards.get(usize::try_from(nth).unwrap()) {
            let count = row["cards"][card].as_u64().unwrap_or(0);
            row["cards"][card] = (count + 1).into();
        }
        Writes { members: [(key.clone(), row.to_string())].into(), ..Writes::default() }
    };
    store.commit(&wants, &mut commit).unwrap();
}

fn purchase(fact: &str, now_ms: u64) -> Fact {
    Fact {
        id: format!("fact-{now_ms}"),
        fact: fact.into(),
        sub: String::new(),
        at_ms: now_ms,
        order: None,
        amount_cents: Some(100_000),
        item: None,
        dwell_seconds: Some(600),
        tier: None,
        tags: None,
        prize: None,
        tracking: None,
        channel: None,
    }
}

/// The cards that rules know: `card = "id"`, and the ids of a list of `cards`.
fn cards(rules: &Value) -> BTreeSet<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let mut found = BTreeSet::new();
    match rules {
        Value::Object(map) => {
            for (key, value) in map {
                match key.as_str() {
                    "card" => found.extend(text(value)),
                    "cards" => {
                        let list = value.as_array().into_iter().flatten();
                        found.extend(list.filter_map(|card| text(&card["id"])));
                    }
                    _ => found.extend(cards(value)),
                }
            }
        }
        Value::Array(list) => found.extend(list.iter().flat_map(cards)),
        _ => {}
    }
    found
}

impl History {
    pub fn of(entry: &'static Entry, seed: u64) -> Self {
        let mut setup = setup(entry);
        // The example's own dates are those of a real activity; a season is longer.
        setup.closes_at_ms = setup.opens_at_ms + (DAYS + 1) * DAY_MS;
        let (running, store) = opened(setup);
        let mut history = Self {
            entry,
            running,
            store,
            actions: Vec::new(),
            views: Vec::new(),
            outcomes: Vec::new(),
            refusals: Vec::new(),
            broken_offers: Vec::new(),
            traces: Vec::new(),
            items: BTreeMap::new(),
            seen: BTreeSet::new(),
        };
        history.live(&mut Random(seed));
        history
    }

    fn live(&mut self, random: &mut Random) {
        let mut past: Vec<Raw> = Vec::new();
        for day in 0..DAYS {
            let mut now_ms = self.running.setup.opens_at_ms + day * DAY_MS;
            // Not every day: what is due in between is still done by hand.
            if random.below(3) == 0 {
                self.settle(now_ms);
            }
            // The first member comes every day, the last one every fourth.
            let here: Vec<_> =
                (0..).zip(MEMBERS).filter(|(lazy, _)| random.below(4) >= *lazy).collect();
            for _ in 0..=random.below(7) {
                now_ms += 60_000 + random.below(2 * 60 * 60 * 1000);
                let links = self.links();
                let mut batch = Vec::new();
                for (_, member) in &here {
                    if random.below(12) == 0 {
                        reward_from_elsewhere(&self.running, &self.store, member, now_ms);
                    }
                    let link = (random.below(2) == 0 && !links.is_empty())
                        .then(|| random.pick(&links).clone());
                    let me = self.look(member, link.as_deref(), now_ms);
                    let offered = self.running.game.moves(&me.view);
                    // Now and then an old tab sends what is no longer offered.
                    let stale = random.below(5) == 0;
                    let from = if stale { &past } else { &offered };
                    if random.below(4) == 0 || from.is_empty() {
                        continue;
                    }
                    let action = random.pick(from).clone();
                    for action in &offered {
                        if !past.contains(action) {
                            past.push(action.clone());
                        }
                    }
                    let play = ready(&self.running, member, &action, &me);
                    batch.push((play, link, offered.contains(&action)));
                }
                self.run(&batch, now_ms);
            }
        }
        let closes_at_ms = self.running.setup.closes_at_ms;
        self.settle(closes_at_ms);
        for member in MEMBERS {
            self.look(member, None, closes_at_ms);
        }
    }

    /// What a member sees, remembered.
    fn look(&mut self, member: &str, link: Option<&str>, now_ms: u64) -> Me<Raw> {
        let asker = Asker::from(member);
        let me = Desk::me(&self.store, &self.running, &asker, link, now_ms).unwrap().unwrap();
        if self.seen.insert(me.view.text().into()) {
            self.views.push(me.clone());
        }
        me
    }

    /// The keys that links name: of the latest items.
    fn links(&self) -> Vec<String> {
        let items = self.store.items(&self.running.lane, None, usize::MAX).unwrap();
        items.into_iter().map(|(key, _)| key).collect()
    }

    /// Plays one batch; each play is of another member, so an offer stands unless one of them took
    /// what all share.
    fn run(&mut self, batch: &[(Play, Option<String>, bool)], now_ms: u64) {
        let plays: Vec<_> = batch.iter().map(|(play, ..)| play.clone()).collect();
        let before: Vec<_> = plays.iter().map(|play| self.row(&play.asker.member)).collect();
        let mut seq = self.head().seq;
        let answers = Desk::run(&self.store, now_ms, &plays).unwrap();
        for (((play, link, offered), before), answer) in batch.iter().zip(before).zip(answers) {
            let (member, action) = (&play.asker.member, &play.action);
            if self.seen.insert(action.text().into()) {
                self.actions.push(action.clone());
            }
            match answer {
                Ok(answer) => {
                    let receipt: Receipt<Raw> = serde_json::from_str(&answer.receipt).unwrap();
                    self.outcomes.push(receipt.outcome);
                    seq += 1;
                    let reads = self.running.game.reads(action).unwrap();
                    let item = play.item(&reads).map(|key| key.item);
                    self.look(member, item.as_deref(), now_ms);
                    self.items.extend(item.map(|item| (seq, item)));
                }
                Err(denial) => {
                    if self.row(member) != before {
                        self.traces.push(format!("{member} {}", action.text()));
                    }
                    let now = self.look(member, link.as_deref(), now_ms);
                    let still = self.running.game.moves(&now.view).contains(action);
                    let said = format!("{member} {}: {denial:?}", action.text());
                    match denial {
                        Denial::Refused(refusal) => {
                            self.refusals.push(refusal);
                            if *offered && still {
                                self.broken_offers.push(said);
                            }
                        }
                        _ => self.broken_offers.push(said),
                    }
                }
            }
        }
    }

    /// Brings about what time alone does, and sees that a second run has nothing left to do.
    fn settle(&mut self, now_ms: u64) {
        let head = self.head();
        let tick = Tick {
            now_ms: now_ms.max(head.last_ms),
            day: self.running.clock.day(now_ms.max(head.last_ms)),
            closes_at_ms: self.running.setup.closes_at_ms,
            over: self.running.is_over(now_ms),
        };
        let mut seq = head.seq;
        let mut cursor: Option<String> = None;
        loop {
            let items = match &cursor {
                Some(cursor) if cursor.as_str().starts_with("members/") => Vec::new(),
                after => self.store.items(&self.running.lane, after.as_deref(), 100).unwrap(),
            };
            let shared = self.head().shared;
            let due = self.running.game.settle(&shared, &items, &[], &tick).unwrap();
            cursor = Desk::settle(&self.store, &self.running, cursor.as_deref(), now_ms).unwrap();
            if items.is_empty() {
                seq = self.head().seq;
            }
            for due in due {
                seq += 1;
                self.items.extend(due.item.map(|item| (seq, item)));
            }
            assert_eq!(seq, self.head().seq, "{}: settled otherwise", self.entry.slug);
            if cursor.is_none() {
                break;
            }
        }
        let mut cursor = None;
        while let Some(next) =
            Desk::settle(&self.store, &self.running, cursor.as_deref(), now_ms).unwrap()
        {
            cursor = Some(next);
        }
        assert_eq!(seq, self.head().seq, "{}: settled twice", self.entry.slug);
    }

    /// The kind's state of a member as it is stored, `Null` before the first play.
    pub fn state(&self, member: &str) -> Value {
        let Some(row) = self.row(member).0 else { return Value::Null };
        let row: Value = serde_json::from_str(&row).unwrap();
        row["state"].clone()
    }

    /// A member's row, and how many transfers name the member.
    fn row(&self, member: &str) -> (Option<String>, usize) {
        let key = MemberKey { lane: self.running.lane.clone(), member: member.into() };
        let wants = Wants { members: [key.clone()].into(), ..Wants::default() };
        let row = self.store.load(&wants).unwrap().members.remove(&key);
        let transfers = self.store.transfers("acme", member, None, usize::MAX).unwrap();
        (row, transfers.len())
    }

    pub fn head(&self) -> LaneRow {
        let lane = &self.running.lane;
        let wants = Wants { lanes: [lane.clone()].into(), ..Wants::default() };
        self.store.load(&wants).unwrap().lanes.remove(lane).unwrap()
    }

    /// All accepted plays, in the order of the lane.
    pub fn plays(&self) -> Vec<PlayRow> {
        let rows = |member| self.store.plays(&self.running.lane, member, None, usize::MAX).unwrap();
        let mut rows: Vec<_> = MEMBERS.into_iter().flat_map(rows).collect();
        rows.sort_by_key(|row| row.seq);
        rows
    }

    pub fn transfers(&self) -> Vec<Transfer> {
        self.store.all_transfers("acme")
    }

    /// A member's points by the ledger alone.
    pub fn points(&self, member: &str) -> i64 {
        let account = Account::Member(member.into());
        let amount = |transfer: &Transfer| i64::try_from(transfer.amount).unwrap();
        self.transfers()
            .iter()
            .map(|transfer| match () {
                () if transfer.credit == account => amount(transfer),
                () if transfer.debit == account => -amount(transfer),
                () => 0,
            })
            .sum()
    }
}

pub fn tags(list: &[Raw]) -> BTreeSet<String> {
    let tag = |raw: &Raw| {
        let value: Value = serde_json::from_str(raw.text()).unwrap();
        value["type"].as_str().unwrap().to_owned()
    };
    list.iter().map(tag).collect()
}
