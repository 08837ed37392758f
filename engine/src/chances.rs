use crate::{Clock, Cx, Fault, Running, Spend};
use funfair_host_api::{ChancesLeft, Day, FACT_TYPES, Fact, Pay};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How an activity hands out permission to play: the `[chances]` of its file, for kinds that take
/// chances ([`Rules::CHANCES`](crate::Rules::CHANCES)).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChanceRules {
    /// Free chances a business day; what is left of them lapses with the day.
    #[serde(default)]
    pub free_per_day: u32,
    /// Free chances for the whole activity, used when the day's are gone.
    #[serde(default)]
    pub free_total: u32,
    /// Points for one more chance, which is used at once; absent where points buy none.
    #[serde(default)]
    pub points_each: Option<u64>,
    /// How many chances points buy a business day; absent is no limit.
    #[serde(default)]
    pub bought_per_day: Option<u32>,
    /// What facts bring.
    #[serde(default)]
    pub earned: Vec<EarnedBy>,
}

/// One line of `[[chances.earned]]`: chances for a fact that the merchant's server reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EarnedBy {
    /// The fact's type, such as `order.paid`.
    pub fact: String,
    /// How many chances one fact brings.
    #[serde(default = "one")]
    pub count: u32,
    /// The amount that the fact needs, in cents.
    #[serde(default)]
    pub at_least_cents: Option<u64>,
    /// How long something has to be looked at, with `item.browsed`.
    #[serde(default)]
    pub at_least_seconds: Option<u64>,
    /// How many facts count a business day; absent is no limit.
    #[serde(default)]
    pub per_day: Option<u32>,
    /// How many facts count in all; absent is no limit.
    #[serde(default)]
    pub total: Option<u32>,
    /// For how many business days the chances can be used, the day of the fact included; absent is
    /// until the activity closes.
    #[serde(default)]
    pub days: Option<u32>,
}

fn one() -> u32 {
    1
}

/// A member's chances in one activity: what was used, and what was earned and not yet used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chances {
    /// The business day that the counts of today are of.
    day: Day,
    free_used: u32,
    #[serde(default)]
    total_used: u32,
    bought: u32,
    granted: Vec<Granted>,
    /// How often each line of `[[chances.earned]]` counted, by the line's name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    earned: BTreeMap<String, Counted>,
}

/// How often a line of `[[chances.earned]]` counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Counted {
    /// In all.
    total: u32,
    /// On each of the latest business days, earliest first, where the line has a limit a day. Facts
    /// come late and out of order, so one day's count is not enough.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    days: BTreeMap<Day, u32>,
}

impl Counted {
    /// How many days are kept. A fact of a day before all of them counts no more.
    const KEPT: usize = 16;
}

/// Chances that lapse together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Granted {
    /// How many.
    pub count: u64,
    /// When they lapse; `None` with the activity.
    pub expires_at_ms: Option<u64>,
}

/// What a play cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Paid {
    /// One free chance.
    Free,
    /// One earned chance.
    Chance,
    /// Points.
    Points {
        /// How many.
        points: u64,
    },
}

/// Why a play cannot be paid in the way that was asked for. Each kind says it in its own words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unpaid {
    /// There is no chance of that sort.
    NoChance {
        /// When the next free one comes; `None` where none ever comes.
        next_free_at_ms: Option<u64>,
    },
    /// The member has too few points.
    NotEnoughPoints {
        /// What a chance takes.
        needs: u64,
        /// What the member has.
        balance: u64,
    },
    /// Points bought as many chances as they may today.
    PaidLimit {
        /// How many a day.
        limit: u32,
        /// When they buy one again.
        next_at_ms: u64,
    },
}

impl Paid {
    /// The spending that an event's effects name.
    pub fn spend(self) -> Spend {
        match self {
            Self::Free => Spend::Free,
            Self::Chance => Spend::Chance,
            Self::Points { points } => Spend::Bought { points },
        }
    }
}

impl Cx {
    /// What a play costs when it is paid in this way, or why it cannot be.
    pub fn pay(&self, pay: Pay) -> Result<Paid, Unpaid> {
        let left = self.chances_left();
        match pay {
            Pay::Free if left.free > 0 => Ok(Paid::Free),
            Pay::Chance if left.earned > 0 => Ok(Paid::Chance),
            Pay::Free | Pay::Chance => {
                Err(Unpaid::NoChance { next_free_at_ms: left.next_free_at_ms })
            }
            Pay::Points => {
                let Some(needs) = self.chance_rules.points_each else {
                    return Err(Unpaid::NoChance { next_free_at_ms: left.next_free_at_ms });
                };
                if left.paid_left == Some(0) {
                    let limit = self.chance_rules.bought_per_day.unwrap_or(0);
                    return Err(Unpaid::PaidLimit { limit, next_at_ms: self.next_day_at_ms });
                }
                let balance = self.balance;
                if balance < needs {
                    return Err(Unpaid::NotEnoughPoints { needs, balance });
                }
                Ok(Paid::Points { points: needs })
            }
        }
    }

    /// What the member can still pay with, for the kind's view.
    pub fn chances_left(&self) -> ChancesLeft {
        let rules = &*self.chance_rules;
        let free = self.chances.free_left(rules, self.day);
        let paid_left = self.chances.bought_left(rules, self.day);
        let enough = rules.points_each.is_some_and(|each| each <= self.balance);
        ChancesLeft {
            free,
            earned: u32::try_from(self.chances.granted(self.now_ms)).unwrap_or(u32::MAX),
            points_each: rules.points_each,
            paid_left,
            affordable: enough && paid_left != Some(0),
            next_free_at_ms: (free == 0 && rules.free_per_day > 0 && !self.over)
                .then_some(self.next_day_at_ms),
        }
    }
}

impl ChanceRules {
    /// What is wrong with it, keys beginning with `chances`.
    pub fn faults(&self) -> Vec<Fault> {
        let Self { free_per_day, free_total, points_each, bought_per_day, .. } = *self;
        let mut faults = Vec::new();
        let mut fault = |key: &str, reason: &str, cure: &str| {
            faults.push(Fault::new(format!("chances.{key}"), reason, cure));
        };
        if free_per_day > MOST_FREE {
            fault("free_per_day", "more than 1,000 free chances a day", "give 0 to 1000");
        }
        if free_total > MOST_FREE {
            fault("free_total", "more than 1,000 free chances", "give 0 to 1000");
        }
        if points_each.is_some_and(|points| !(1..=MOST_POINTS).contains(&points)) {
            let cure = "give such a number; chances without points are free_per_day";
            fault("points_each", "a chance costs 1 to 1,000,000,000 points", cure);
        }
        if bought_per_day == Some(0) {
            let cure = "give at least 1, or remove points_each";
            fault("bought_per_day", "0 means that points never buy a chance", cure);
        }
        if bought_per_day.is_some() && points_each.is_none() {
            let cure = "add points_each, or remove bought_per_day";
            fault("bought_per_day", "a limit of chances for points, which have no price", cure);
        }
        if self.earned.len() > MOST_LINES {
            fault("earned", "more than 16 lines", "leave out those that bring least");
        }
        for (index, line) in self.earned.iter().enumerate() {
            line.faults(&format!("earned[{index}]"), &mut fault);
            if self.earned.iter().take(index).any(|other| other.name() == line.name()) {
                let key = format!("earned[{index}].fact");
                let cure = "put both counts into one line, or give them different amounts";
                fault(&key, "an earlier line counts the same fact", cure);
            }
        }
        faults
    }
}

impl EarnedBy {
    fn faults(&self, at: &str, fault: &mut impl FnMut(&str, &str, &str)) {
        let mut fault = |key: &str, reason: &str, cure: &str| {
            fault(&format!("{at}.{key}"), reason, cure);
        };
        if !FACT_TYPES.contains(&self.fact.as_str()) {
            let reason = format!("there is no fact \"{}\"", self.fact);
            fault("fact", &reason, &format!("use one of {}", FACT_TYPES.join(", ")));
        }
        if !(1..=MOST_FREE).contains(&self.count) {
            fault("count", "a fact brings 1 to 1,000 chances", "give such a number");
        }
        for (key, limit) in [("per_day", self.per_day), ("total", self.total)] {
            if limit == Some(0) {
                let cure = "give at least 1, or remove it for no limit";
                fault(key, "0 means that no fact ever counts", cure);
            }
        }
        if self.total.zip(self.per_day).is_some_and(|(total, day)| total < day) {
            let cure = "give the same or a greater number, or remove per_day";
            fault("total", "it is below the limit of a single day", cure);
        }
        if self.at_least_cents.is_some() && !self.fact.starts_with("order.") {
            let reason = "only facts about orders have an amount";
            fault("at_least_cents", reason, "remove it, or count an order fact");
        }
        if self.at_least_seconds.is_some() && self.fact != "item.browsed" {
            let reason = "only item.browsed says how long something was looked at";
            fault("at_least_seconds", reason, "remove it, or count item.browsed");
        }
        for (key, least) in
            [("at_least_cents", self.at_least_cents), ("at_least_seconds", self.at_least_seconds)]
        {
            if least == Some(0) {
                fault(key, "0 asks for nothing", "give at least 1, or remove it");
            }
        }
        if self.days.is_some_and(|days| !(1..=3660).contains(&days)) {
            let cure = "give such a number, or remove it for until the activity closes";
            fault("days", "validity is 1 to 3660 days", cure);
        }
    }
}

/// More lines than that nobody reads; each is counted in every member's row.
const MOST_LINES: usize = 16;

/// More free chances than any member takes: a slip of the keyboard.
const MOST_FREE: u32 = 1000;

/// As for the points of a prize.
const MOST_POINTS: u64 = 1_000_000_000;

impl Chances {
    /// Free chances left on `day`: the day's, and those of the whole activity.
    pub fn free_left(&self, rules: &ChanceRules, day: Day) -> u32 {
        let used = if self.day == day { self.free_used } else { 0 };
        let total = rules.free_total.saturating_sub(self.total_used);
        rules.free_per_day.saturating_sub(used).saturating_add(total)
    }

    /// Chances that points can still buy on `day`: `None` where there is no limit, 0 where points
    /// buy none.
    pub fn bought_left(&self, rules: &ChanceRules, day: Day) -> Option<u32> {
        if rules.points_each.is_none() {
            return Some(0);
        }
        let used = if self.day == day { self.bought } else { 0 };
        rules.bought_per_day.map(|limit| limit.saturating_sub(used))
    }

    /// Earned chances that have not lapsed.
    pub fn granted(&self, now_ms: u64) -> u64 {
        self.granted.iter().filter(|lot| alive(lot, now_ms)).map(|lot| lot.count).sum()
    }

    /// Earned chances that have not lapsed, lot by lot.
    pub fn lots(&self, now_ms: u64) -> Vec<Granted> {
        self.granted.iter().filter(|lot| alive(lot, now_ms)).cloned().collect()
    }

    /// Counts a fact for every line that it fits, and grants what they bring; answers how many
    /// chances. Limits a day are those of the day on which the fact happened, however late it is
    /// told, and validity counts from that day: what has lapsed by `now_ms` is not granted.
    ///
    /// The caller sees to it that a fact is counted once.
    pub fn earn(&mut self, rules: &ChanceRules, fact: &Fact, clock: &Clock, now_ms: u64) -> u64 {
        let day = clock.day(fact.at_ms);
        let mut brought = 0;
        for line in rules.earned.iter().filter(|line| line.fits(fact)) {
            if !self.earned.entry(line.name()).or_default().count(line, day) {
                continue;
            }
            let ends =
                line.days.map(|days| clock.begins_at_ms(Day(day.0.saturating_add_unsigned(days))));
            if ends.is_none_or(|ends| now_ms < ends) {
                self.grant(line.count.into(), ends, now_ms);
                brought += u64::from(line.count);
            }
        }
        brought
    }

    pub(crate) fn use_free(&mut self, rules: &ChanceRules, day: Day) {
        self.turn(day);
        if self.free_used < rules.free_per_day {
            self.free_used += 1;
        } else {
            self.total_used += 1;
        }
    }

    pub(crate) fn use_bought(&mut self, day: Day) {
        self.turn(day);
        self.bought += 1;
    }

    /// Uses the chance that lapses first; false where there is none.
    pub(crate) fn use_granted(&mut self, now_ms: u64) -> bool {
        self.granted.retain(|lot| alive(lot, now_ms) && lot.count > 0);
        self.granted.sort_by_key(|lot| lot.expires_at_ms.unwrap_or(u64::MAX));
        let Some(first) = self.granted.first_mut() else { return false };
        first.count -= 1;
        self.granted.retain(|lot| lot.count > 0);
        true
    }

    pub(crate) fn grant(&mut self, count: u64, expires_at_ms: Option<u64>, now_ms: u64) {
        // Who never plays would keep every lapsed lot.
        self.granted.retain(|lot| alive(lot, now_ms));
        match self.granted.iter_mut().find(|lot| lot.expires_at_ms == expires_at_ms) {
            Some(lot) => lot.count += count,
            None => self.granted.push(Granted { count, expires_at_ms }),
        }
    }

    fn turn(&mut self, day: Day) {
        if self.day != day {
            self.day = day;
            self.free_used = 0;
            self.bought = 0;
        }
    }
}

impl EarnedBy {
    /// Whether a fact is of the sort that this line counts.
    fn fits(&self, fact: &Fact) -> bool {
        let reaches = |least: Option<u64>, is: Option<u64>| {
            least.is_none_or(|least| is.is_some_and(|is| is >= least))
        };
        self.fact == fact.fact
            && reaches(self.at_least_cents, fact.amount_cents)
            && reaches(self.at_least_seconds, fact.dwell_seconds)
    }

    /// What tells it from the other lines.
    fn name(&self) -> String {
        let least = self.at_least_cents.or(self.at_least_seconds);
        least.map_or_else(|| self.fact.clone(), |least| format!("{}>={least}", self.fact))
    }
}

impl Counted {
    /// Counts a fact of `day`; false where the line's limits are reached.
    fn count(&mut self, line: &EarnedBy, day: Day) -> bool {
        if line.total.is_some_and(|limit| self.total >= limit) {
            return false;
        }
        if let Some(limit) = line.per_day {
            let first = self.days.keys().next().copied();
            let forgotten = self.days.len() >= Self::KEPT && first.is_some_and(|first| day < first);
            let today = self.days.get(&day).copied().unwrap_or(0);
            if forgotten || today >= limit {
                return false;
            }
            self.days.insert(day, today + 1);
            while self.days.len() > Self::KEPT {
                self.days.pop_first();
            }
        }
        self.total = self.total.saturating_add(1);
        true
    }
}

impl Running {
    /// Whether facts of a type bring chances here.
    pub fn earns_by(&self, fact: &str) -> bool {
        self.chances.earned.iter().any(|line| line.fact == fact)
    }

    /// Grants what a fact brings here: nothing where it happened outside the activity's dates, or
    /// the activity is over. Answers how many chances.
    pub fn earn(&self, chances: &mut Chances, fact: &Fact, now_ms: u64) -> u64 {
        let dates = self.setup.opens_at_ms..self.setup.closes_at_ms;
        if self.is_over(now_ms) || !dates.contains(&fact.at_ms) {
            return 0;
        }
        chances.earn(&self.chances, fact, &self.clock, now_ms)
    }
}

fn alive(lot: &Granted, now_ms: u64) -> bool {
    lot.expires_at_ms.is_none_or(|end| now_ms < end)
}
