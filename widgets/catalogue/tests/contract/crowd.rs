//! The random player at scale: whatever a view offers, a crowd takes up, for a year of business
//! days. Nothing offered is refused, every outcome comes up, and the ledger sums to zero.
//!
//! An optimised build plays 100,000 plays a kind, `cargo test --release -p funfair-catalogue
//! --features rules --test contract crowd`; a debug build plays enough to notice what breaks.

use crate::{
    history::{DAY_MS, opened, ready, reward_from_elsewhere, setup, tags},
    random::Random,
};
use funfair_catalogue::{ENTRIES, Entry};
use funfair_engine::{Account, Asker, Desk, MemoryStore, PurseKey, Running, Setup, Store, Wants};
use funfair_host_api::{Receipt, Reward, json::Raw};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    thread,
};

const PLAYS: u64 = if cfg!(debug_assertions) { 500 } else { 100_000 };
const DAYS: u64 = 365;
/// How many members are about at a time; others have left, or are yet to come.
const ABOUT: u64 = if cfg!(debug_assertions) { 8 } else { 320 };

#[test]
fn a_crowd_takes_up_every_offer_and_the_ledger_sums_to_zero() {
    thread::scope(|scope| {
        let crowds: Vec<_> = ENTRIES.iter().map(|entry| scope.spawn(|| play(entry))).collect();
        for crowd in crowds {
            crowd.join().unwrap();
        }
    });
}

fn play(entry: &'static Entry) {
    let mut setup = setup(entry);
    setup.closes_at_ms = setup.opens_at_ms + DAYS * DAY_MS;
    let closes_at_ms = setup.closes_at_ms;
    let mut crowd = Crowd::open(entry, setup);
    let mut random = Random(11);
    let mut reached = BTreeSet::new();
    let opens_at_ms = crowd.running.setup.opens_at_ms;
    for number in 0..PLAYS {
        let now_ms = opens_at_ms + number * (DAYS * DAY_MS - 1) / PLAYS;
        let later_ms = opens_at_ms + (number + 1) * (DAYS * DAY_MS - 1) / PLAYS;
        if now_ms / DAY_MS != later_ms / DAY_MS && random.below(2) == 0 {
            crowd.settle(now_ms);
        }
        reached.extend(tags(&[crowd.turn(&mut random, now_ms)]));
    }
    crowd.settle(closes_at_ms);
    for tag in entry.codecs.outcomes.iter().filter(|tag| **tag != "unknown") {
        assert!(cfg!(debug_assertions) || reached.contains(*tag), "{}: never {tag}", entry.slug);
    }
    crowd.audit();
}

/// Everybody who ever came to an activity.
pub struct Crowd {
    entry: &'static Entry,
    pub running: Arc<Running>,
    pub store: MemoryStore,
    /// How many members there have been.
    joined: u64,
    /// The keys that links name.
    links: Vec<String>,
    turns: u64,
}

impl Crowd {
    pub fn open(entry: &'static Entry, setup: Setup) -> Self {
        let (running, store) = opened(setup);
        Self { entry, running, store, joined: ABOUT, links: Vec::new(), turns: 0 }
    }

    /// One accepted play of whoever has something to do.
    pub fn turn(&mut self, random: &mut Random, now_ms: u64) -> Raw {
        if self.turns.is_multiple_of(64) {
            // Keys are hexadecimal and random, so a part of them is a fair one.
            let after = (!self.turns.is_multiple_of(256))
                .then(|| format!("{:016x}", random.below(u64::MAX)));
            let items = self.store.items(&self.running.lane, after.as_deref(), 128).unwrap();
            self.links = items.into_iter().map(|(key, _)| key).collect();
        }
        self.turns += 1;
        for _ in 0..10_000 {
            let member = format!("m{}", self.joined - 1 - random.below(ABOUT));
            if random.below(24) == 0 {
                reward_from_elsewhere(&self.running, &self.store, &member, now_ms);
            }
            let link = (random.below(4) == 0 && !self.links.is_empty())
                .then(|| random.pick(&self.links).clone());
            let asker = Asker::from(member.as_str());
            let me = Desk::me(&self.store, &self.running, &asker, link.as_deref(), now_ms);
            let me = me.unwrap().unwrap();
            let offered = self.running.game.moves(&me.view);
            if offered.is_empty() {
                // Somebody new comes in the place of one who has nothing left to do.
                self.joined += u64::from(random.below(3) == 0);
                continue;
            }
            let action = random.pick(&offered);
            let mut play = ready(&self.running, &member, action, &me);
            // Several plays of one member may fall on one moment.
            play.key.push_str(&random.below(u64::MAX).to_string());
            let answer = Desk::run(&self.store, now_ms, &[play]).unwrap().remove(0);
            let answer = answer.unwrap_or_else(|denial| {
                let (slug, view) = (self.entry.slug, me.view.text());
                panic!("{slug}: {} offered in {view} is denied: {denial:?}", action.text())
            });
            let receipt: Receipt<Raw> = serde_json::from_str(&answer.receipt).unwrap();
            return receipt.outcome;
        }
        panic!("{}: nobody has anything to do", self.entry.slug)
    }

    pub fn settle(&self, now_ms: u64) {
        let mut cursor = None;
        while let Some(next) =
            Desk::settle(&self.store, &self.running, cursor.as_deref(), now_ms).unwrap()
        {
            cursor = Some(next);
        }
    }

    /// Every reward other than points that somebody holds.
    pub fn rewards(&self) -> Vec<Reward> {
        let held = |number| self.store.held("acme", &format!("m{number}"), usize::MAX).unwrap();
        (0..self.joined).flat_map(held).map(|row| row.reward).collect()
    }

    /// Every account's sum, and every purse against its own.
    pub fn audit(&self) {
        let mut sums: BTreeMap<Account, i128> = BTreeMap::new();
        for transfer in self.store.all_transfers("acme") {
            *sums.entry(transfer.debit).or_default() -= i128::from(transfer.amount);
            *sums.entry(transfer.credit).or_default() += i128::from(transfer.amount);
        }
        let slug = self.entry.slug;
        assert_eq!(sums.values().sum::<i128>(), 0, "{slug}");
        let members: BTreeSet<_> = (0..self.joined).map(|number| format!("m{number}")).collect();
        let key = |member: &String| PurseKey { programme: "acme".into(), member: member.clone() };
        let wants = Wants { purses: members.iter().map(key).collect(), ..Wants::default() };
        let purses = self.store.load(&wants).unwrap().purses;
        for member in members {
            let sum = sums.get(&Account::Member(member.clone())).copied().unwrap_or(0);
            let purse = purses.get(&key(&member)).cloned().unwrap_or_default();
            assert_eq!(sum, i128::from(purse.points), "{slug} {member}");
            assert_eq!(purse.points, purse.lots.iter().map(|lot| lot.points).sum::<u64>());
        }
    }
}
