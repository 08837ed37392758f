//! What all members share: counts of this round and of the one before, and the options that members
//! proposed. A count is only ever moved from what a ballot named before to what it names now.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The state of the vote.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// The round in which the last ballot was cast.
    #[serde(default)]
    pub now: Tally,
    /// The one before it that had ballots.
    #[serde(default)]
    pub last: Tally,
    /// Proposals that were taken up, oldest first.
    #[serde(default)]
    pub accepted: Vec<Accepted>,
}

/// The counts of one round.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// Its number, from 1; 0 for none.
    #[serde(default)]
    pub round: u32,
    /// How many ballots were cast in it.
    #[serde(default)]
    pub ballots: u64,
    /// How many of them name each option, by id.
    #[serde(default)]
    pub counts: BTreeMap<String, u64>,
}

/// An option that a member proposed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// Its id: no option of a file has an underscore.
    pub id: String,
    /// Its name.
    pub text: String,
}

static NONE: Tally = Tally { round: 0, ballots: 0, counts: BTreeMap::new() };

impl Shared {
    /// The counts of a round and of the one before it.
    pub fn of(&self, round: u32) -> (&Tally, &Tally) {
        if self.now.round == round { (&self.now, &self.last) } else { (&NONE, &self.now) }
    }

    /// Counts a ballot, or moves one that is counted: `was` is what it named before.
    pub(crate) fn cast(&mut self, round: u32, was: &[String], options: &[String]) {
        if self.now.round != round {
            self.last = std::mem::replace(&mut self.now, Tally { round, ..Tally::default() });
        }
        self.now.ballots += u64::from(was.is_empty());
        for id in was {
            if let Some(count) = self.now.counts.get_mut(id) {
                *count = count.saturating_sub(1);
            }
        }
        for id in options {
            *self.now.counts.entry(id.clone()).or_default() += 1;
        }
    }

    /// The id of the next proposal that is taken up.
    pub(crate) fn next_id(&self) -> String {
        format!("n_{}", self.accepted.len() + 1)
    }
}

impl Tally {
    /// How many ballots name an option.
    pub fn count(&self, id: &str) -> u64 {
        self.counts.get(id).copied().unwrap_or(0)
    }
}
