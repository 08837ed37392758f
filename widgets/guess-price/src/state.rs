//! What is kept: of a member, of all, and of a link.

use crate::{HelpState, Mark, Told};
use funfair_host_api::Day;
use serde::{Deserialize, Serialize};

/// What is kept of one member.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The guesses, friends' among them, and what was told of each.
    #[serde(default)]
    pub guesses: Vec<Mark>,
    /// The links made.
    #[serde(default)]
    pub asked: Vec<Asked>,
    /// Whether the prize was won.
    #[serde(default)]
    pub won: bool,
    /// Whether the consolation was given.
    #[serde(default)]
    pub consoled: bool,
    /// The business day that `helped_today` counts.
    #[serde(default)]
    pub helped_on: Day,
    /// How many friends were helped on it.
    #[serde(default)]
    pub helped_today: u32,
    /// How many in all.
    #[serde(default)]
    pub helped: u32,
}

/// One link that a member made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// Its key.
    pub link: String,
    /// How far it has come.
    pub state: HelpState,
}

/// What all members share: what was won, and the closest guesses. Shown to nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {
    /// How many have won.
    #[serde(default)]
    pub won: u64,
    /// How many guesses there were: what says which of two was earlier.
    #[serde(default)]
    pub guesses: u64,
    /// The closest guesses, one a member, the best first.
    #[serde(default)]
    pub best: Vec<Best>,
}

/// One of the closest guesses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Best {
    /// How far it is from the price.
    pub off: u64,
    /// Its number among all guesses.
    pub seq: u64,
    /// Whose it is.
    pub member: String,
    /// Whether the prize was given for it.
    #[serde(default)]
    pub paid: bool,
}

/// A link by which a friend may guess once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HelpLink {
    /// Who made it.
    pub owner: String,
    /// The friend's guess.
    #[serde(default)]
    pub answer: Option<Mark>,
}

/// The most that can win by being closest, and so how many of the closest are kept.
pub(crate) const MOST_WINNERS: usize = 20;

impl Shared {
    /// Takes a guess for the close. Only a member's best counts, so who has dropped out of the list
    /// comes back by a better one, and the list is exact.
    pub(crate) fn enter(&mut self, member: &str, off: u64) {
        self.guesses += 1;
        let seq = self.guesses;
        if let Some(own) = self.best.iter_mut().find(|best| best.member == member) {
            if own.off > off {
                (own.off, own.seq) = (off, seq);
            }
        } else {
            self.best.push(Best { off, seq, member: member.into(), paid: false });
        }
        self.best.sort_by_key(|best| (best.off, best.seq));
        self.best.truncate(MOST_WINNERS);
    }

    /// The place of a member among the closest, from 0.
    pub(crate) fn place(&self, member: &str) -> Option<usize> {
        self.best.iter().position(|best| best.member == member)
    }
}

impl Member {
    /// How many guesses of the member's own were made.
    pub(crate) fn tried(&self) -> u32 {
        let own = self.guesses.iter().filter(|mark| !mark.friend).count();
        u32::try_from(own).unwrap_or(u32::MAX)
    }

    /// Whether the price was found, by the member or by a friend.
    pub(crate) fn has_found(&self) -> bool {
        self.won || self.guesses.iter().any(|mark| mark.told == Told::Right)
    }

    /// The link by which a friend has found the price, while the prize waits.
    pub(crate) fn found(&self) -> Option<&Asked> {
        self.asked.iter().find(|asked| asked.state == HelpState::Found).filter(|_| !self.won)
    }

    /// Whether a link's friend has found the price, and nothing was collected for it.
    pub(crate) fn waits(&self, link: &str) -> bool {
        self.asked.iter().any(|asked| asked.link == link && asked.state == HelpState::Found)
    }

    /// The friend's guess that found the price.
    pub(crate) fn friends_find(&self) -> Option<&Mark> {
        self.guesses.iter().find(|mark| mark.friend && mark.told == Told::Right)
    }

    /// Writes what a friend's guess came to.
    pub(crate) fn answer(&mut self, link: &str, mark: &Mark) {
        self.guesses.push(mark.clone());
        let found = mark.told == Told::Right && !self.won;
        self.mark(link, if found { HelpState::Found } else { HelpState::Done });
    }

    /// Says that nothing waits any more.
    pub(crate) fn collected(&mut self) {
        for asked in &mut self.asked {
            if asked.state == HelpState::Found {
                asked.state = HelpState::Done;
            }
        }
    }

    pub(crate) fn mark(&mut self, link: &str, state: HelpState) {
        if let Some(asked) = self.asked.iter_mut().find(|asked| asked.link == link) {
            asked.state = state;
        }
    }

    /// How many friends were helped on a day.
    pub(crate) fn helped_on(&self, day: Day) -> u32 {
        if self.helped_on == day { self.helped_today } else { 0 }
    }
}
