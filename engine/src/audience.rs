use crate::{Fault, Setup};
use funfair_host_api::{Day, FACT_TYPES, Words};
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
    /// Where they are: `weixin`, `alipay`, `douyin`, `web`, or what else the store calls a channel.
    pub channel: Option<String>,
    /// What they have agreed to.
    pub consents: Vec<String>,
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
    /// When `tier` was said, so that a late fact does not undo a later one.
    #[serde(default)]
    pub updated_at_ms: u64,
    /// When `tags` were said.
    #[serde(default)]
    pub tagged_at_ms: u64,
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
        let mut faults = Vec::new();
        let mut fault = |key: &str, reason: &str, cure: &str| {
            let dot = if key.is_empty() { "" } else { "." };
            faults.push(Fault::new(format!("audience{dot}{key}"), reason, cure));
        };
        if !self.has_conditions() {
            let cure = "add members, tiers, tags, without_tags or segments, or remove [audience]";
            match self.visible_to {
                VisibleTo::All => fault("", "it names no condition", cure),
                VisibleTo::Eligible => {
                    fault("visible_to", "it is hidden from others, but nobody is one", cure);
                }
            }
        }
        if !(1..=3660).contains(&self.new_days) {
            fault("new_days", "a member is new for 1 to 3660 days", "give such a number");
        }
        for (key, list) in
            [("tiers", &self.tiers), ("tags", &self.tags), ("without_tags", &self.without_tags)]
        {
            name_faults(key, list, &mut fault);
        }
        for (index, tag) in self.without_tags.iter().enumerate() {
            if self.tags.contains(tag) {
                let reason = format!("\"{tag}\" is asked for in tags, and here ruled out");
                fault(&format!("without_tags[{index}]"), &reason, "keep one of the two");
            }
        }
        if self.segments.len() > MOST {
            fault("segments", "more than 64 lines", "keep those that matter");
        }
        for (index, segment) in self.segments.iter().enumerate() {
            segment.faults(&format!("segments[{index}]"), &mut fault);
        }
        faults.extend(Setup::words("audience.reason", &self.reason));
        faults
    }

    fn has_conditions(&self) -> bool {
        self.members.is_some()
            || !self.segments.is_empty()
            || [&self.tiers, &self.tags, &self.without_tags].iter().any(|list| !list.is_empty())
    }

    /// Whether a shopper is among those who play. A guest is neither a new member nor an old one.
    ///
    /// Who joined before the store's server began to report `member.joined` has no such fact, and
    /// is an old member: a welcome is for those of whom it is known that they are new.
    pub fn admits(&self, standing: &Standing, profile: &Profile, today: Day) -> bool {
        let joined_lately = profile.joined.is_some_and(|joined| {
            i64::from(today.0) - i64::from(joined.0) < i64::from(self.new_days)
        });
        let seniority = self
            .members
            .is_none_or(|members| !standing.guest && (members == Seniority::New) == joined_lately);
        // The token is of this minute, the facts are of some time ago.
        let tier = standing.tier.as_ref().or(profile.tier.as_ref());
        let tags: Vec<_> = standing.tags.iter().chain(&profile.tags).collect();
        let tagged = |list: &[String]| list.iter().any(|tag| tags.contains(&tag));
        seniority
            && (self.tiers.is_empty() || tier.is_some_and(|tier| self.tiers.contains(tier)))
            && (self.tags.is_empty() || tagged(&self.tags))
            && !tagged(&self.without_tags)
            && self.segments.iter().all(|segment| segment.fits(profile, today))
    }
}

impl Segment {
    fn fits(&self, profile: &Profile, today: Day) -> bool {
        let seen = profile.facts.get(&self.fact);
        let count = seen.map_or(0, |seen| match self.within_days {
            None => seen.count,
            Some(days) => {
                let since = today.0.saturating_sub_unsigned(days.saturating_sub(1));
                seen.days.iter().filter(|day| day.0 >= since).count() as u64
            }
        });
        count >= u64::from(self.at_least)
            && self.at_most.is_none_or(|most| count <= u64::from(most))
    }

    fn faults(&self, at: &str, fault: &mut impl FnMut(&str, &str, &str)) {
        let mut fault = |key: &str, reason: &str, cure: &str| {
            fault(&format!("{at}{key}"), reason, cure);
        };
        if !FACT_TYPES.contains(&self.fact.as_str()) {
            let reason = format!("there is no fact \"{}\"", self.fact);
            fault(".fact", &reason, &format!("use one of {}", FACT_TYPES.join(", ")));
        }
        let kept = u32::try_from(Seen::KEPT).unwrap_or(u32::MAX);
        if self.at_least > kept {
            fault(".at_least", "facts are counted up to 16", "give 16 or less");
        }
        if self.at_most.is_some_and(|most| most >= kept) {
            let cure = "give 15 or less, or remove it for no limit";
            fault(".at_most", "facts are counted up to 16", cure);
        }
        if self.at_most.is_some_and(|most| most < self.at_least) {
            fault(".at_most", "it is below at_least, so nobody fits", "give at_least or more");
        }
        if self.at_least == 0 && self.at_most.is_none() {
            fault("", "everybody fits", "add at_least = 1, or at_most");
        }
        if self.within_days.is_some_and(|days| !(1..=3660).contains(&days)) {
            let cure = "give such a number, or remove it for ever";
            fault(".within_days", "days are 1 to 3660", cure);
        }
    }
}

fn name_faults(key: &str, list: &[String], fault: &mut impl FnMut(&str, &str, &str)) {
    if list.len() > MOST {
        fault(key, "more than 64 names", "keep those that matter");
    }
    for (index, name) in list.iter().enumerate() {
        let at = format!("{key}[{index}]");
        if name.trim().is_empty() {
            fault(&at, "it is empty", "write the store's name for it, or remove it");
        } else if list.iter().take(index).any(|other| other == name) {
            fault(&at, "it stands there twice", "remove one");
        }
    }
}

/// More conditions of one sort than anyone means.
const MOST: usize = 64;
