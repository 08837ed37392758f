use crate::Fault;
use funfair_host_api::Day;
use serde::{Deserialize, Serialize};

/// What points are in a store's programme: the `[points]` of its `store.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointsRules {
    /// Points for every 100 cents of an order; 0 where purchases bring none.
    #[serde(default)]
    pub per_100_cents: u64,
    /// Which fact brings them.
    #[serde(default)]
    pub on: Purchase,
    /// What 100 points are worth at the till, in cents, for showing; absent is not shown.
    #[serde(default)]
    pub worth_cents: Option<u64>,
    /// Until when points last that say nothing else.
    #[serde(default)]
    pub expiry: Expiry,
    /// For how many days points can be spent that come back from a refund after they had lapsed.
    #[serde(default = "thirty")]
    pub refund_grace_days: u32,
}

impl Default for PointsRules {
    fn default() -> Self {
        Self {
            per_100_cents: 0,
            on: Purchase::default(),
            worth_cents: None,
            expiry: Expiry::default(),
            refund_grace_days: thirty(),
        }
    }
}

fn thirty() -> u32 {
    30
}

/// The fact that brings a purchase's points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purchase {
    /// `order.paid`.
    Paid,
    /// `order.received`: nothing to take back when an order is cancelled before it arrives.
    #[default]
    Received,
}

/// Until when points last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Expiry {
    /// For good.
    #[default]
    Never,
    /// For so many business days, the one on which they came included.
    Days {
        /// How many.
        days: u32,
    },
    /// To the last day of the year in which they came, or of a year after it.
    YearEnd {
        /// How many years after it; 0 is the same year.
        #[serde(default)]
        years_after: u32,
    },
}

impl Expiry {
    /// The last business day of points that come on `day`.
    pub fn last_day(self, day: Day) -> Option<Day> {
        match self {
            Self::Never => None,
            Self::Days { days } => Some(Day(day.0.saturating_add_unsigned(days.max(1) - 1))),
            Self::YearEnd { years_after } => {
                Day::from_date(day.year().saturating_add_unsigned(years_after), 12, 31)
            }
        }
    }
}

impl PointsRules {
    /// What is wrong with it, keys beginning with `points`.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |key: &str, reason: &str, cure: &str| {
            faults.push(Fault::new(format!("points.{key}"), reason, cure));
        };
        if self.per_100_cents > MOST_POINTS {
            let cure = "give 0 to 10000; 1 is one point for every 100 cents";
            fault("per_100_cents", "more than 10,000 points for 100 cents", cure);
        }
        if self.worth_cents.is_some_and(|cents| !(1..=MOST_WORTH).contains(&cents)) {
            let cure = "give such a number, or remove it, and nothing is shown";
            fault("worth_cents", "100 points are worth 1 to 1,000,000 cents", cure);
        }
        match self.expiry {
            Expiry::Days { days } if !(1..=MOST_DAYS).contains(&days) => {
                let cure = "give such a number; for points that never lapse { type = \"never\" }";
                fault("expiry.days", "points last for 1 to 36,500 days", cure);
            }
            Expiry::YearEnd { years_after } if years_after > MOST_YEARS => {
                let cure = "give 0 to 100; 0 is the end of the year in which they came";
                fault("expiry.years_after", "more than 100 years", cure);
            }
            _ => {}
        }
        if !(1..=MOST_GRACE).contains(&self.refund_grace_days) {
            let cure = "give such a number; 30 is the default";
            let reason = "points of a refund last for 1 to 3,660 days";
            fault("refund_grace_days", reason, cure);
        }
        faults
    }

    /// What an order of so many cents brings, whole points only.
    pub(crate) fn points_for(per_100_cents: u64, cents: u64) -> u64 {
        let points = u128::from(cents) * u128::from(per_100_cents) / 100;
        u64::try_from(points).unwrap_or(u64::MAX)
    }

    /// The last day of points that come back on `day`, of which this was the last day when they
    /// were spent.
    pub(crate) fn back_until(&self, expires_on: Option<Day>, day: Day) -> Option<Day> {
        let grace = self.refund_grace_days.max(1) - 1;
        expires_on
            .map(|last| if last < day { Day(day.0.saturating_add_unsigned(grace)) } else { last })
    }
}

/// Beyond each of these a slip of the keyboard is likelier than a plan.
const MOST_POINTS: u64 = 10_000;
const MOST_WORTH: u64 = 1_000_000;
const MOST_DAYS: u32 = 36_500;
const MOST_YEARS: u32 = 100;
const MOST_GRACE: u32 = 3660;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn lasts(expiry: Expiry, day: &str, last: &str) {
        let last_day = expiry.last_day(Day::parse(day).unwrap());
        assert_eq!(last_day.map(Day::text).unwrap_or_default(), last);
    }

    #[test]
    fn points_last_for_days_or_to_the_end_of_a_year() {
        lasts(Expiry::Never, "2026-11-11", "");
        lasts(Expiry::Days { days: 1 }, "2026-11-11", "2026-11-11");
        lasts(Expiry::Days { days: 30 }, "2026-12-31", "2027-01-29");
        lasts(Expiry::YearEnd { years_after: 0 }, "2026-01-01", "2026-12-31");
        lasts(Expiry::YearEnd { years_after: 0 }, "2026-12-31", "2026-12-31");
        lasts(Expiry::YearEnd { years_after: 1 }, "2028-02-29", "2029-12-31");
    }

    #[test]
    fn only_whole_points_are_brought() {
        assert_eq!(PointsRules::points_for(1, 199), 1);
        assert_eq!(PointsRules::points_for(1, 99), 0);
        assert_eq!(PointsRules::points_for(3, 50), 1);
        assert_eq!(PointsRules::points_for(0, 10_000), 0);
    }

    #[test]
    fn every_mistake_is_named_with_its_cure() {
        let rules = |text: &str| toml::from_str::<PointsRules>(text).unwrap().faults();
        for (text, key) in [
            ("per_100_cents = 10001", "points.per_100_cents"),
            ("worth_cents = 0", "points.worth_cents"),
            ("expiry = { type = \"days\", days = 0 }", "points.expiry.days"),
            ("expiry = { type = \"year_end\", years_after = 101 }", "points.expiry.years_after"),
            ("refund_grace_days = 0", "points.refund_grace_days"),
        ] {
            let faults = rules(text);
            assert_eq!(faults.len(), 1, "{text}");
            assert_eq!(faults[0].key, key);
            assert!(!faults[0].reason.is_empty() && !faults[0].cure.is_empty());
        }
        assert_eq!(rules("per_100_cents = 1\nexpiry = { type = \"year_end\" }"), []);
    }
}
