//! What is kept: of a member, of all together, and of a link.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

use funfair_host_api::Day;

/// One member's cards, links and counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// What came of each card and what went, without those that other activities granted: these
    /// stand in the engine's row, so that this may be below 0. A card that is named was had once.
    #[serde(default)]
    pub cards: BTreeMap<String, i64>,
    /// How many of the latest draws brought no new card.
    #[serde(default)]
    pub dry: u32,
    /// Counts of one business day.
    #[serde(default)]
    pub today: Today,
    /// Cards wrapped up in open gifts, by the link's key.
    #[serde(default)]
    pub gifts: BTreeMap<String, String>,
    /// Cards asked for, by the link's key.
    #[serde(default)]
    pub asks: BTreeMap<String, String>,
    /// How many cards came from each friend; at most as many friends as cards may be received.
    #[serde(default)]
    pub from: BTreeMap<String, u32>,
    /// As the how-manieth the set was completed, from 0.
    #[serde(default)]
    pub rank: Option<u64>,
    /// Whether the share of the pot was paid.
    #[serde(default)]
    pub paid: bool,
}

/// Counts of one business day.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Today {
    /// That day.
    pub day: Day,
    /// Cards drawn.
    pub draws: u32,
    /// Cards given: wrapped up, and as answers.
    pub gives: u32,
    /// Cards taken, and asked for.
    pub takes: u32,
}

/// What all members share.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// How many have completed the set.
    pub completed: u64,
    /// How many prizes have been given.
    pub prizes: u64,
}

/// A link: a card under way from one member to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Item {
    /// A card that is wrapped up.
    Gift {
        /// The card.
        card: String,
        /// Whose it was.
        giver: String,
        /// Until when it can be taken.
        until_ms: u64,
        /// Whether it was.
        taken: bool,
    },
    /// A card that is wanted.
    Ask {
        /// The card.
        card: String,
        /// By whom.
        asker: String,
        /// Until when it can be answered.
        until_ms: u64,
        /// Friends from whom the asker may receive no more.
        full: Vec<String>,
        /// Who gave the card.
        giver: Option<String>,
    },
}

impl Member {
    /// Today's counts.
    pub(crate) fn on(&self, day: Day) -> Today {
        if self.today.day == day { self.today.clone() } else { Today { day, ..Today::default() } }
    }

    /// The same, to be counted up.
    pub(crate) fn turn(&mut self, day: Day) -> &mut Today {
        self.today = self.on(day);
        &mut self.today
    }

    /// How many of a card are there, `granted` being what other activities gave.
    pub(crate) fn held(&self, card: &str, granted: &BTreeMap<String, u32>) -> u32 {
        let own = self.cards.get(card).copied().unwrap_or(0);
        let granted = granted.get(card).copied().unwrap_or(0);
        u32::try_from(own + i64::from(granted)).unwrap_or(0)
    }

    /// Whether a card was ever there.
    pub(crate) fn had(&self, card: &str, granted: &BTreeMap<String, u32>) -> bool {
        self.cards.contains_key(card) || granted.contains_key(card)
    }

    pub(crate) fn add(&mut self, card: &str, count: i64) {
        *self.cards.entry(card.into()).or_default() += count;
    }

    pub(crate) fn receive(&mut self, card: &str, giver: &str) {
        self.add(card, 1);
        *self.from.entry(giver.into()).or_default() += 1;
    }

    /// Cards received in all.
    pub(crate) fn received(&self) -> u32 {
        self.from.values().sum()
    }

    /// Cards asked for and not yet there: each holds a place among those that may be received.
    pub(crate) fn awaited(&self) -> u32 {
        u32::try_from(self.asks.len()).unwrap_or(u32::MAX)
    }

    /// Links under way.
    pub(crate) fn links(&self) -> usize {
        self.gifts.len() + self.asks.len()
    }
}
