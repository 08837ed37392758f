use crate::{Fault, Stock};
use funfair_host_api::Reward;
use serde::{Deserialize, Serialize};

/// The most that an activity gives away: the `[budget]` of its file. What would go beyond it is not
/// drawn, and not given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// Points, in all.
    #[serde(default)]
    pub points: Option<u64>,
    /// Money in coupons and red packets, in cents, in all.
    #[serde(default)]
    pub cents: Option<u64>,
}

impl Budget {
    /// The pool of points.
    pub(crate) const POINTS: &'static str = "budget:points";
    /// The pool of money.
    pub(crate) const CENTS: &'static str = "budget:cents";

    /// From which pool a reward is paid, and how much.
    pub(crate) fn cost(reward: &Reward) -> (&'static str, u64) {
        match reward {
            Reward::Points { amount, .. } => (Self::POINTS, *amount),
            Reward::Coupon { value_cents, .. } => (Self::CENTS, *value_cents),
            Reward::RedPacket { amount_cents, .. } => (Self::CENTS, *amount_cents),
            _ => (Self::CENTS, 0),
        }
    }

    /// The pools that it opens with.
    pub(crate) fn stock(&self) -> Vec<Stock> {
        [(Self::POINTS, self.points), (Self::CENTS, self.cents)]
            .into_iter()
            .filter_map(|(pool, quantity)| {
                Some(Stock { pool: pool.into(), quantity: quantity?, daily: None })
            })
            .collect()
    }

    /// What is wrong with it, keys beginning with `budget`.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (key, amount) in [("points", self.points), ("cents", self.cents)] {
            if amount.is_some_and(|amount| !(1..=i64::MAX.cast_unsigned()).contains(&amount)) {
                let reason = "a budget of 0 gives nothing away";
                let cure = "give an amount, or remove it for no limit";
                faults.push(Fault::new(format!("budget.{key}"), reason, cure));
            }
        }
        faults
    }
}
