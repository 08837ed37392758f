//! What a merchant sets, and what it comes to on a day.

use crate::Results;
use funfair_engine::{Cx, RewardRule};
use funfair_host_api::{Day, Words};
use serde::{Deserialize, Serialize};

/// The `[rules]` of a vote. Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What is asked.
    pub question: Words,
    /// How many options a ballot names.
    #[serde(default)]
    pub choose: Choose,
    /// Whether a ballot can be changed.
    #[serde(default)]
    pub ballot: Ballot,
    /// How the vote is renewed; absent, it is one for the whole activity.
    #[serde(default)]
    pub rounds: Option<RoundRule>,
    /// When counts are shown.
    #[serde(default = "hidden")]
    pub results: Results,
    /// What a ballot brings, once a round.
    #[serde(default)]
    pub reward: Option<RewardRule>,
    /// What can be chosen, in order.
    pub options: Vec<OptionRule>,
    /// Proposing options; absent, it is not offered.
    #[serde(default)]
    pub nominations: Option<NominationRule>,
}

/// How many options a ballot names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choose {
    /// At least.
    pub least: u32,
    /// At most.
    pub most: u32,
}

/// Whether a ballot can be changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ballot {
    /// What is cast is cast.
    #[default]
    Once,
    /// Until the round ends, or the activity closes.
    Changeable,
}

/// Rounds: a ballot each, tallies of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RoundRule {
    /// How many business days a round lasts.
    pub every: u32,
    /// The first business day of the first one.
    pub from: Day,
}

/// One option.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OptionRule {
    /// Its id within the activity.
    pub id: String,
    /// Its name.
    pub label: Words,
    /// Its picture: an `https` URL, or a path on the store's own site.
    #[serde(default)]
    pub picture: Option<String>,
    /// The lower end of its price band, in cents.
    #[serde(default)]
    pub from_cents: Option<u64>,
    /// The upper end.
    #[serde(default)]
    pub to_cents: Option<u64>,
    /// How many ballots of a round may name it; absent is no limit.
    #[serde(default)]
    pub quota: Option<u64>,
}

/// Proposing options.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NominationRule {
    /// How many one member proposes, those not taken up included.
    pub per_member: u32,
    /// The longest name, in characters.
    pub max_length: u32,
    /// How many are taken up.
    pub at_most: u32,
    /// What the author of one that is taken up gets.
    #[serde(default)]
    pub reward: Option<RewardRule>,
}

fn hidden() -> Results {
    Results::Hidden
}

impl Default for Choose {
    fn default() -> Self {
        Self { least: 1, most: 1 }
    }
}

impl NominationRule {
    /// The longest name in bytes: what `max_length` characters of Chinese take, so that the shared
    /// row has room for as many as are taken up.
    pub(crate) fn max_bytes(&self) -> usize {
        self.max_length as usize * 3
    }
}

impl Config {
    pub(crate) fn option(&self, id: &str) -> Option<&OptionRule> {
        self.options.iter().find(|option| option.id == id)
    }

    /// The number of the round of a day, from 1.
    pub(crate) fn round(&self, day: Day) -> u32 {
        self.rounds.as_ref().map_or(1, |rule| rule.number(day))
    }

    /// The day on which the round after that of `cx` begins, where the activity is open then.
    pub(crate) fn next_round(&self, cx: &Cx) -> Option<Day> {
        let rule = self.rounds.as_ref().filter(|_| !cx.over)?;
        let next = rule.begins(rule.number(cx.day) + 1);
        // Days are 24 hours but for those on which clocks change, by two hours at most; a round
        // that would be shorter than that is none.
        let ahead = u64::from(next.0.abs_diff(cx.day.0)).saturating_sub(1) * DAY_MS;
        let begins_at_ms = cx.next_day_at_ms.saturating_add(ahead);
        (begins_at_ms.saturating_add(2 * HOUR_MS) < cx.closes_at_ms).then_some(next)
    }
}

impl RoundRule {
    fn number(self, day: Day) -> u32 {
        let days = u32::try_from(i64::from(day.0) - i64::from(self.from.0)).unwrap_or(0);
        days / self.every.max(1) + 1
    }

    fn begins(self, number: u32) -> Day {
        Day(self.from.0.saturating_add_unsigned(self.every.saturating_mul(number - 1)))
    }
}

const HOUR_MS: u64 = 60 * 60 * 1000;
const DAY_MS: u64 = 24 * HOUR_MS;
