//! The contract story: what any store must do, told once and run on each.
//!
//! ```
//! funfair_engine::story::tell(&|| Box::new(funfair_engine::MemoryStore::default()));
//! ```

mod chapters;
pub mod merchants;
mod races;
mod stall;

pub use chapters::{dump, tell};

use crate::{
    Account, Answer, Clock, Denial, Desk, Lane, Play, PurseKey, Running, SecretKey, Setup, Store,
    Wants, erase,
};
use funfair_host_api::{ActivityState, Receipt, json::Raw};
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, sync::Arc};

/// The moment at which the story begins: 2026-11-11 08:00 in Shanghai.
pub const START_MS: u64 = 1_794_355_200_000;

/// The stall's activity file; ten mugs and no end of points.
pub const ACTIVITY: &str = r#"
kind = "stall"
title = { en = "The stall", "zh-CN" = "小摊" }
terms = { en = "For the tests.", "zh-CN" = "测试用。" }
opens_at = "2026-11-11T00:00:00"
closes_at = "2026-12-12T00:00:00"

[chances]
free_per_day = 1
points_each = 5

[[rules.prizes]]
id = "mug"
label = { en = "Mug", "zh-CN" = "马克杯" }
tier = 1
weight = 3
stock = 10
icon = "goods"
reward = { type = "goods", sku = "MUG-1" }

[[rules.prizes]]
id = "points"
label = { en = "2 points", "zh-CN" = "2 积分" }
tier = 2
weight = 7
icon = "points"
fallback = true
reward = { type = "points", amount = 2, days = 30 }
"#;

/// One activity of the story on one store, with a clock that the teller moves.
pub struct Booth<'a> {
    /// The store under test.
    pub store: &'a dyn Store,
    /// The activity.
    pub at: Arc<Running>,
    /// The moment of the next batch.
    pub now_ms: u64,
}

impl<'a> Booth<'a> {
    /// Opens the stall in the store under test.
    pub fn open(store: &'a dyn Store, programme: &str) -> Self {
        Self::open_as(store, programme, "double11")
    }

    /// Opens another stall, an activity of its own in the same store.
    pub fn open_as(store: &'a dyn Store, programme: &str, activity: &str) -> Self {
        Self::open_with(store, programme, activity, ACTIVITY)
    }

    /// Opens a stall with an activity file of its own.
    #[expect(clippy::expect_used, reason = "a story that cannot begin ends here")]
    pub fn open_with(store: &'a dyn Store, programme: &str, activity: &str, file: &str) -> Self {
        let clock = Clock::new("Asia/Shanghai", 0).expect("a known zone");
        let setup = Setup::parse(file, &clock).expect("a valid file");
        let lane =
            Lane { programme: programme.into(), store: "acme".into(), activity: activity.into() };
        let kinds = [erase::<stall::Stall>()];
        let key = SecretKey::new([7; 32]);
        let at = Running::new(lane, setup, ActivityState::Live, key, &kinds).expect("valid rules");
        store.open(&at.lane, &at.head(), &at.pools()).expect("a lane opens");
        Self { store, at: Arc::new(at), now_ms: START_MS }
    }

    /// One play, its commitment taken from `me`.
    pub fn play(&self, member: &str, key: &str, action: &str) -> Play {
        let commitment = self.me(member).commitment;
        self.play_with(member, key, action, commitment)
    }

    /// One play with a commitment of the teller's choice.
    #[expect(clippy::expect_used, reason = "the story's actions are JSON")]
    pub fn play_with(&self, member: &str, key: &str, action: &str, commitment: String) -> Play {
        Play {
            at: self.at.clone(),
            asker: member.into(),
            identity: Some(("acme".into(), format!("sub-of-{member}"))),
            key: key.into(),
            body_hash: hex::encode(Sha256::digest(action)),
            action: Raw::parse(action).expect("an action is JSON"),
            client_seed: "story-seed".into(),
            commitment,
            revision: self.at.revision.clone(),
        }
    }

    /// Runs a batch.
    #[expect(clippy::expect_used, reason = "a story ends where the store fails")]
    pub fn run(&self, batch: &[Play]) -> Vec<Result<Answer, Denial>> {
        Desk::run(self.store, self.now_ms, batch).expect("the store commits")
    }

    /// Runs one play.
    pub fn one(&self, member: &str, key: &str, action: &str) -> Result<Answer, Denial> {
        let play = self.play(member, key, action);
        self.run(&[play]).pop().unwrap_or(Err(Denial::Stale))
    }

    /// How a member stands.
    #[expect(clippy::expect_used, reason = "a story ends where the store fails")]
    pub fn me(&self, member: &str) -> funfair_host_api::Me<Raw> {
        let me = Desk::me(self.store, &self.at, &member.into(), None, self.now_ms);
        me.expect("the store loads").expect("the lane is open")
    }

    /// A receipt with its types.
    #[expect(clippy::expect_used, reason = "a receipt that cannot be read ends the story")]
    pub fn receipt(answer: &Answer) -> Receipt<Raw> {
        serde_json::from_str(&answer.receipt).expect("a receipt is JSON")
    }

    /// Checks that a member's transfers, lots and balance agree, and answers the balance.
    #[expect(clippy::expect_used, reason = "a story ends where the store fails")]
    pub fn audit(&self, member: &str) -> u64 {
        let programme = &self.at.lane.programme;
        let account = Account::Member(member.into());
        let rows = self.store.transfers(programme, member, None, usize::MAX >> 1);
        let mut lots: BTreeMap<_, i128> = BTreeMap::new();
        for row in rows.expect("the store reads") {
            assert_eq!(row.amount, row.lots.iter().map(|lot| lot.points).sum::<u64>());
            let sign = if row.credit == account { 1 } else { -1 };
            for lot in row.lots {
                *lots.entry(lot.expires_on).or_default() += sign * i128::from(lot.points);
            }
        }
        let mut wants = Wants::default();
        let key = PurseKey { programme: programme.clone(), member: member.into() };
        wants.purses.insert(key.clone());
        let purse = self.store.load(&wants).expect("the store loads").purses.remove(&key);
        let purse = purse.unwrap_or_default();
        lots.retain(|_, points| *points != 0);
        let kept = purse.lots.iter().map(|lot| (lot.expires_on, i128::from(lot.points)));
        assert_eq!(lots, kept.collect(), "lots are what the transfers say");
        assert_eq!(purse.points, purse.lots.iter().map(|lot| lot.points).sum::<u64>());
        purse.points
    }
}
