use crate::{Clock, Fault};
use funfair_host_api::Day;
use serde::{Deserialize, Serialize};

/// What points are in a store's programme: the `[points]` of its `store.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    pub fn last_day(self, _day: Day, _clock: &Clock) -> Option<Day> {
        None
    }
}

impl PointsRules {
    /// What is wrong with it, keys beginning with `points`.
    pub fn faults(&self) -> Vec<Fault> {
        Vec::new()
    }
}
