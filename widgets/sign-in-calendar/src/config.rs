//! What a merchant sets, what it comes to, and what can be wrong with it.

use crate::labels;
use funfair_engine::{Cx, Fault, Grant, Reads, RewardRule, Setup};
use funfair_host_api::Words;
use serde::{Deserialize, Serialize};

/// The `[rules]` of a calendar. Nothing in it is secret.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Points for each day, growing with the streak.
    #[serde(default)]
    pub points: Option<PointsRule>,
    /// Something that each sign-in brings beside them.
    #[serde(default)]
    pub daily: Option<DailyRule>,
    /// Something more after every so many days in a row.
    #[serde(default)]
    pub bonus: Option<BonusRule>,
    /// Missed days for points or cards.
    #[serde(default)]
    pub make_up: Option<MakeUpRule>,
}

/// Growing points: `first`, then `step` more each day in a row, `cap` at most.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointsRule {
    /// Points of the first day.
    pub first: u64,
    /// How many more each further day in a row gives.
    #[serde(default)]
    pub step: u64,
    /// The most that a day gives.
    pub cap: u64,
}

/// What each sign-in brings beside points: a chance at the wheel, a coupon.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DailyRule {
    /// Its name.
    pub label: Words,
    /// What it is.
    pub reward: RewardRule,
}

/// A bonus after every `every` days in a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BonusRule {
    /// How many days in a row complete it.
    pub every: u32,
    /// Its name; absent, the days are named.
    #[serde(default)]
    pub label: Option<Words>,
    /// What it is.
    pub reward: RewardRule,
}

/// Making up missed days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MakeUpRule {
    /// Points for one day; absent where only cards make one up.
    #[serde(default)]
    pub points_each: Option<u64>,
    /// The id of the card that makes one up: what a `card` reward of another activity names. Absent
    /// where only points do.
    #[serde(default)]
    pub card: Option<String>,
    /// How many days back.
    pub reach: u32,
    /// How many days in a month, counted when they are made up.
    pub per_month: u32,
}

impl Config {
    /// Points of the day that makes a run `streak` days long.
    pub(crate) fn points_of(&self, streak: u32) -> u64 {
        self.points.as_ref().map_or(0, |rule| {
            let grown = rule.step.saturating_mul(u64::from(streak.saturating_sub(1)));
            rule.first.saturating_add(grown).min(rule.cap)
        })
    }

    /// Whether a day that joins the runs before and after it completes a bonus.
    ///
    /// Both have been paid for already. Only what the joined run is worth beyond them is owed, so
    /// a run of L days has paid `L / every` bonuses in all, in whatever order its days were filled.
    fn completes(&self, before: u32, after: u32) -> bool {
        self.bonus.as_ref().is_some_and(|rule| {
            let joined = (before + 1 + after) / rule.every;
            // Two runs short of a bonus each cannot make two: the difference is 0 or 1.
            joined > before / rule.every + after / rule.every
        })
    }

    /// The bonus of such a day, as far as codes and budget have it.
    pub(crate) fn bonus_of(&self, before: u32, after: u32, cx: &mut Cx) -> Option<Grant> {
        let rule = self.bonus.as_ref().filter(|_| self.completes(before, after))?;
        given(&rule.reward, &rule.name(), cx)
    }

    /// The points of a sign-in that makes a run `streak` days long, as far as the budget has them.
    pub(crate) fn growth_of(&self, streak: u32, cx: &mut Cx) -> Option<Grant> {
        let amount = self.points_of(streak);
        let rule = RewardRule::Points { amount, days: None };
        if amount == 0 { None } else { given(&rule, &labels::growth(), cx) }
    }

    /// What each sign-in brings beside them.
    pub(crate) fn daily_of(&self, cx: &mut Cx) -> Option<Grant> {
        self.daily.as_ref().and_then(|rule| given(&rule.reward, &rule.label, cx))
    }

    /// The rules of what can be given beside points.
    pub(crate) fn reads(&self) -> Reads {
        let daily = self.daily.iter().map(|rule| &rule.reward);
        Reads::default().giving(daily.chain(self.bonus.iter().map(|rule| &rule.reward)))
    }

    pub(crate) fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.points.is_none() && self.bonus.is_none() && self.daily.is_none() {
            let cure = "add [rules.points], [rules.daily] or [rules.bonus]";
            faults.push(Fault::new("rules", "signing in gives nothing", cure));
        }
        faults.extend(self.points.iter().flat_map(PointsRule::faults));
        faults.extend(self.daily.iter().flat_map(DailyRule::faults));
        faults.extend(self.bonus.iter().flat_map(BonusRule::faults));
        faults.extend(self.make_up.iter().flat_map(MakeUpRule::faults));
        faults
    }
}

impl PointsRule {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |key: &str, reason: &str, cure: &str| {
            faults.push(Fault::new(format!("rules.points.{key}"), reason, cure));
        };
        if self.first == 0 {
            fault("first", "the first day gives nothing", "give at least 1");
        }
        if self.cap < self.first {
            fault("cap", "the cap is below the first day's points", "give first or more");
        }
        if self.step == 0 && self.cap > self.first {
            let cure = "give a step, or a cap equal to first";
            fault("step", "without a step the cap is never reached", cure);
        }
        if self.cap > MOST_POINTS {
            fault("cap", "a day gives 1,000,000,000 points at most", "give a smaller number");
        }
        faults
    }
}

/// What a rule gives now; the next one of the same play sees what is left then.
fn given(rule: &RewardRule, label: &Words, cx: &mut Cx) -> Option<Grant> {
    let grant = cx.grant(rule, label)?;
    cx.reserve(&grant);
    Some(grant)
}

impl DailyRule {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Setup::words("rules.daily.label", &self.label);
        faults.extend(self.reward.faults("rules.daily.reward"));
        if matches!(self.reward, RewardRule::Points { .. }) {
            let reason = "the points of a day stand in two places";
            faults.push(Fault::new("rules.daily.reward", reason, "use [rules.points] for them"));
        }
        faults
    }
}

impl BonusRule {
    /// Its name, or the days where it has none.
    pub(crate) fn name(&self) -> Words {
        self.label.clone().unwrap_or_else(|| labels::bonus(self.every))
    }

    /// Its points; 0 where it is something else.
    pub(crate) fn points(&self) -> u64 {
        if let RewardRule::Points { amount, .. } = self.reward { amount } else { 0 }
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !(2..=366).contains(&self.every) {
            let reason = format!("{} days in a row", self.every);
            let cure = "give 2 to 366; what every day gives is [rules.points]";
            faults.push(Fault::new("rules.bonus.every", reason, cure));
        }
        let words = self.label.iter().flat_map(|label| Setup::words("rules.bonus.label", label));
        faults.extend(words);
        faults.extend(self.reward.faults("rules.bonus.reward"));
        if self.label.is_none() && !matches!(self.reward, RewardRule::Points { .. }) {
            let reason = "a bonus that is not points has no name to show";
            faults.push(Fault::new("rules.bonus.label", reason, "name it in en and zh-CN"));
        }
        faults
    }
}

impl MakeUpRule {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |key: &str, reason: &str, cure: &str| {
            faults.push(Fault::new(format!("rules.make_up.{key}"), reason, cure));
        };
        if self.points_each.is_some_and(|points| !(1..=MOST_POINTS).contains(&points)) {
            fault("points_each", "a day costs 1 to 1,000,000,000 points", "give such a number");
        }
        if self.points_each.is_none() && self.card.is_none() {
            let cure = "give points_each or card, or remove [rules.make_up]";
            fault("points_each", "neither points nor a card make a day up", cure);
        }
        if self.card.as_ref().is_some_and(|card| card.trim().is_empty()) {
            let cure = "write the card's id, such as \"make-up\", or remove it";
            fault("card", "it is empty", cure);
        }
        if !(1..=31).contains(&self.reach) {
            fault("reach", "making up reaches 1 to 31 days back", "give 1 to 31");
        }
        if !(1..=31).contains(&self.per_month) {
            let cure = "give 1 to 31, or remove [rules.make_up]";
            fault("per_month", "1 to 31 days a month can be made up", cure);
        }
        faults
    }
}

/// As for the points of a prize.
const MOST_POINTS: u64 = 1_000_000_000;
