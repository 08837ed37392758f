use crate::{Budget, Cx, Fault};
use funfair_host_api::{Day, Reward, Words};
use serde::{Deserialize, Serialize};

/// What a prize gives, as a merchant writes it. Days of validity count from the play.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum RewardRule {
    /// Points on the ledger.
    Points {
        /// How many.
        amount: u64,
        /// For how many days they can be spent; absent is as long as the store's points last.
        #[serde(default)]
        days: Option<u32>,
    },
    /// Money off an order.
    Coupon {
        /// What it takes off.
        value_cents: u64,
        /// The order it needs.
        #[serde(default)]
        threshold_cents: u64,
        /// For how many days it can be used; absent is for good.
        #[serde(default)]
        days: Option<u32>,
        /// The article numbers that it is good for; absent for all.
        #[serde(default)]
        items: Vec<String>,
        /// The list of codes that each coupon takes one from (`funfair codes`); absent where
        /// the store knows the member's coupons without a code.
        #[serde(default)]
        codes: Option<String>,
    },
    /// Money.
    RedPacket {
        /// How much.
        amount_cents: u64,
    },
    /// A thing to be sent.
    Goods {
        /// The store's article number.
        sku: String,
    },
    /// Something the store does for the member.
    Benefit {
        /// The store's name for it.
        code: String,
    },
    /// Permission to play.
    Chance {
        /// In which activity of the store; absent is this one.
        #[serde(default)]
        activity: Option<String>,
        /// How many.
        #[serde(default = "one")]
        count: u32,
        /// For how many days they can be used; absent is until that activity closes.
        #[serde(default)]
        days: Option<u32>,
    },
    /// A card of a set that is collected in another activity.
    Card {
        /// That activity.
        activity: String,
        /// The card's id there.
        card: String,
    },
}

fn one() -> u32 {
    1
}

/// What a reward comes to at a moment: what is owed, and where it is taken from. Kinds keep it in
/// their events and hand it to [`Effects::grant`](crate::Effects::grant).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Grant {
    /// What the member is owed.
    pub rewards: Vec<Reward>,
    /// Pools from which one each is taken.
    #[serde(default)]
    pub take: Vec<String>,
}

impl Cx {
    /// What a rule gives now; `None` where its codes or the activity's budget are used up.
    pub fn grant(&self, rule: &RewardRule, label: &Words) -> Option<Grant> {
        if rule.pool().is_some_and(|pool| self.left(&pool) == 0) {
            return None;
        }
        let reward = rule.reward(label, self);
        let (budget, cost) = Budget::cost(&reward);
        if self.pools.get(budget).is_some_and(|left| *left < cost) {
            return None;
        }
        Some(Grant { rewards: vec![reward], take: rule.pool().into_iter().collect() })
    }

    /// Counts a grant as given, so that the next one of the same play sees what is left.
    pub fn reserve(&mut self, grant: &Grant) {
        for pool in &grant.take {
            self.spend_from(pool, 1);
        }
        for reward in &grant.rewards {
            let (budget, cost) = Budget::cost(reward);
            self.spend_from(budget, cost);
        }
    }

    fn spend_from(&mut self, pool: &str, count: u64) {
        if let Some(left) = self.pools.get_mut(pool) {
            *left = left.saturating_sub(count);
        }
    }
}

impl RewardRule {
    /// The pool of codes that it takes from.
    pub fn pool(&self) -> Option<String> {
        match self {
            Self::Coupon { codes: Some(codes), .. } => Some(format!("codes:{codes}")),
            _ => None,
        }
    }

    /// The other activity in which it grants something.
    pub fn activity(&self) -> Option<String> {
        match self {
            Self::Chance { activity, .. } => activity.clone(),
            Self::Card { activity, .. } => Some(activity.clone()),
            _ => None,
        }
    }

    /// The reward as it is owed from the day of `cx` on.
    pub fn reward(&self, label: &Words, cx: &Cx) -> Reward {
        let until = |days: Option<u32>| {
            days.map(|days| Day(cx.day.0.saturating_add_unsigned(days.saturating_sub(1))))
        };
        let label = label.clone();
        match self {
            Self::Points { amount, days } => {
                let expires_on = until(*days).or(cx.points_until);
                Reward::Points { label, amount: *amount, expires_on }
            }
            Self::Coupon { value_cents, threshold_cents, days, items, codes: _ } => {
                Reward::Coupon {
                    label,
                    value_cents: *value_cents,
                    threshold_cents: *threshold_cents,
                    valid_until: until(*days),
                    // Taken when it is given.
                    code: None,
                    items: items.clone(),
                }
            }
            Self::RedPacket { amount_cents } => {
                Reward::RedPacket { label, amount_cents: *amount_cents }
            }
            // The law and good sense: who wins pays no postage.
            Self::Goods { sku } => Reward::Goods { label, sku: sku.clone(), postage_cents: 0 },
            Self::Benefit { code } => Reward::Benefit { label, code: code.clone() },
            Self::Chance { activity, count, days } => Reward::Chance {
                label,
                activity: activity.clone().unwrap_or_else(|| cx.activity.clone()),
                count: u64::from(*count),
                expires_on: until(*days),
            },
            Self::Card { activity, card } => {
                Reward::Card { label, activity: activity.clone(), card: card.clone() }
            }
        }
    }

    /// What is wrong with it, keys beginning with `key`.
    pub fn faults(&self, key: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |field: &str, reason: &str, cure: &str| {
            faults.push(Fault::new(format!("{key}.{field}"), reason, cure));
        };
        let (days, amount) = match self {
            Self::Points { amount, days } => (*days, Some(("amount", *amount))),
            Self::Coupon { value_cents, days, .. } => (*days, Some(("value_cents", *value_cents))),
            Self::Chance { count, days, .. } => (*days, Some(("count", u64::from(*count)))),
            Self::RedPacket { amount_cents } => (None, Some(("amount_cents", *amount_cents))),
            Self::Goods { .. } | Self::Benefit { .. } | Self::Card { .. } => (None, None),
        };
        let most = if matches!(self, Self::Chance { .. }) { 1000 } else { 1_000_000_000 };
        if let Some((field, amount)) = amount
            && !(1..=most).contains(&amount)
        {
            let most = if most == 1000 { "1,000" } else { "1,000,000,000" };
            fault(field, &format!("an amount is 1 to {most}"), "give such a number");
        }
        if days.is_some_and(|days| !(1..=3660).contains(&days)) {
            let cure = "give such a number, or remove it for good";
            fault("days", "validity is 1 to 3660 days", cure);
        }
        let names = match self {
            Self::Goods { sku } => vec![("sku", sku)],
            Self::Benefit { code } => vec![("code", code)],
            Self::Card { activity, card } => vec![("activity", activity), ("card", card)],
            Self::Chance { activity: Some(activity), .. } => vec![("activity", activity)],
            _ => Vec::new(),
        };
        for (field, name) in names {
            if name.trim().is_empty() {
                fault(field, "it is empty", "write the store's name for it");
            }
        }
        if let Self::Coupon { value_cents, threshold_cents, items, codes, .. } = self {
            if (1..*value_cents).contains(threshold_cents) {
                let cure = "raise it to value_cents or more, or remove it for no threshold";
                fault("threshold_cents", "the order it needs is below what it takes off", cure);
            }
            for (index, item) in items.iter().enumerate() {
                if item.trim().is_empty() {
                    let cure = "write the store's article number, or remove it";
                    fault(&format!("items[{index}]"), "it is empty", cure);
                }
            }
            if codes.as_ref().is_some_and(|codes| !is_plain(codes)) {
                let cure = "write the name given to `funfair codes`, such as \"spring-10\"";
                fault("codes", "a list's name is 1 to 40 of a-z, 0-9 and -", cure);
            }
        }
        faults
    }
}

/// Whether a text is 1 to 40 of a-z, 0-9 and -.
pub(crate) fn is_plain(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=40).contains(&text.len()) && text.chars().all(plain)
}
