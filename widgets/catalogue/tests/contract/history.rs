//! A season of play: four members, 100 business days, moves drawn at random.

use funfair_catalogue::{ENTRIES, Entry, kinds};
use funfair_engine::{
    Account, Clock, Denial, Desk, Lane, LaneRow, MemberKey, MemoryStore, Play, PlayRow, Running,
    SecretKey, Setup, Store, Transfer, Wants,
};
use funfair_host_api::{ActivityState, Me, Receipt, json::Raw};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, OnceLock},
};

pub const MEMBERS: [&str; 4] = ["ada", "bo", "chen", "dai"];
const DAYS: u64 = 100;
const DAY_MS: u64 = 24 * 60 * 60 * 1000;

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
    /// The item that each accepted play named, by the play's id.
    pub items: BTreeMap<String, String>,
    seen: BTreeSet<String>,
}

/// The season of every kind, played once for all tests.
pub fn all() -> &'static [History] {
    static ALL: OnceLock<Vec<History>> = OnceLock::new();
    ALL.get_or_init(|| ENTRIES.iter().map(|entry| History::of(entry, 1)).collect())
}

pub fn setup(entry: &Entry) -> Setup {
    let clock = Clock::new("Asia/Shanghai", 4).unwrap();
    Setup::parse(entry.example, &clock)
        .unwrap_or_else(|faults| panic!("{}: {faults:?}", entry.slug))
}

pub fn running(setup: Setup) -> Running {
    let lane = Lane { programme: "acme".into(), store: "acme".into(), activity: "season".into() };
    let key = SecretKey::new([42; 32]);
    let slug = setup.kind.clone();
    Running::new(lane, setup, ActivityState::Live, key, &kinds())
        .unwrap_or_else(|faults| panic!("{slug}: {faults:?}"))
}

impl History {
    pub fn of(entry: &'static Entry, seed: u64) -> Self {
        let mut setup = setup(entry);
        // The example's own dates are those of a real activity; a season is longer.
        setup.closes_at_ms = setup.opens_at_ms + (DAYS + 1) * DAY_MS;
        let mut history = Self {
            entry,
            running: Arc::new(running(setup)),
            store: MemoryStore::default(),
            actions: Vec::new(),
            views: Vec::new(),
            outcomes: Vec::new(),
            refusals: Vec::new(),
            broken_offers: Vec::new(),
            traces: Vec::new(),
            items: BTreeMap::new(),
            seen: BTreeSet::new(),
        };
        let running = &history.running;
        history.store.open(&running.lane, &running.head(), &running.pools()).unwrap();
        history.live(&mut Random(seed));
        history
    }

    fn live(&mut self, random: &mut Random) {
        let mut past: Vec<Raw> = Vec::new();
        for day in 0..DAYS {
            let mut now_ms = self.running.setup.opens_at_ms + day * DAY_MS;
            // The first member comes every day, the last one every fourth.
            let here: Vec<_> =
                (0..).zip(MEMBERS).filter(|(lazy, _)| random.below(4) >= *lazy).collect();
            for _ in 0..=random.below(7) {
                now_ms += 60_000 + random.below(2 * 60 * 60 * 1000);
                let mut batch = Vec::new();
                for (_, member) in &here {
                    let view = self.view(member, now_ms);
                    let offered = self.running.game.moves(&view);
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
                    batch.push((self.ready(member, &action, now_ms), offered.contains(&action)));
                }
                self.run(&batch, now_ms);
            }
        }
    }

    fn view(&mut self, member: &str, now_ms: u64) -> Raw {
        let me = Desk::me(&self.store, &self.running, member, now_ms).unwrap().unwrap();
        if self.seen.insert(me.view.text().into()) {
            self.views.push(me.clone());
        }
        me.view
    }

    fn ready(&self, member: &str, action: &Raw, now_ms: u64) -> Play {
        let me = Desk::me(&self.store, &self.running, member, now_ms).unwrap().unwrap();
        Play {
            at: Arc::clone(&self.running),
            member: member.into(),
            identity: None,
            key: format!("key-{member}-{now_ms}"),
            body_hash: "0".repeat(64),
            action: action.clone(),
            client_seed: format!("seed{now_ms}"),
            commitment: me.commitment,
            revision: self.running.revision.clone(),
        }
    }

    /// Plays one batch; each play is of another member, so an offer stands until it is taken.
    fn run(&mut self, batch: &[(Play, bool)], now_ms: u64) {
        let plays: Vec<_> = batch.iter().map(|(play, _)| play.clone()).collect();
        let before: Vec<_> = plays.iter().map(|play| self.row(&play.member)).collect();
        let answers = Desk::run(&self.store, now_ms, &plays).unwrap();
        for (((play, offered), before), answer) in batch.iter().zip(before).zip(answers) {
            let (tag, action) = (&play.member, &play.action);
            if self.seen.insert(action.text().into()) {
                self.actions.push(action.clone());
            }
            match answer {
                Ok(answer) => {
                    let receipt: Receipt<Raw> = serde_json::from_str(&answer.receipt).unwrap();
                    self.outcomes.push(receipt.outcome);
                    self.view(&play.member, now_ms);
                    let reads = self.running.game.reads(action).unwrap();
                    self.items.extend(reads.item.map(|item| (receipt.id, item)));
                }
                Err(denial) => {
                    if *offered {
                        self.broken_offers.push(format!("{tag} {}: {denial:?}", action.text()));
                    }
                    if self.row(&play.member) != before {
                        self.traces.push(format!("{tag} {}", action.text()));
                    }
                    match denial {
                        Denial::Refused(refusal) => self.refusals.push(refusal),
                        other => self.broken_offers.push(format!("{tag}: {other:?}")),
                    }
                }
            }
        }
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

/// `SplitMix64`: the same numbers for the same seed everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        let at = usize::try_from(self.below(list.len() as u64)).unwrap();
        &list[at]
    }
}
