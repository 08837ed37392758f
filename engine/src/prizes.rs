use crate::{Budget, Cx, Fault, Favour, Reads, Setup, Stock};
use funfair_host_api::{Day, Odds, Reward, Weight, Words};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One line of `[[rules.prizes]]`: what a draw can give.
///
/// The whole list is published as [`Odds`] before the start; nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prize {
    /// Its id within the activity; also the name of its stock.
    pub id: String,
    /// Its name.
    pub label: Words,
    /// 1 is the best; 0 means no win.
    pub tier: u32,
    /// Its share of the total.
    pub weight: u64,
    /// How many there are; absent is no limit.
    #[serde(default)]
    pub stock: Option<u64>,
    /// How many go a business day at most.
    #[serde(default)]
    pub daily: Option<u64>,
    /// How many one member wins at most.
    #[serde(default)]
    pub per_member: Option<u32>,
    /// The drawing shown with it.
    pub icon: String,
    /// What the member gets; absent for a blank.
    #[serde(default)]
    pub reward: Option<RewardRule>,
    /// Whether it is the one given when nothing else is left.
    #[serde(default)]
    pub fallback: bool,
}

/// What a prize gives, as a merchant writes it. Days of validity count from the play.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum RewardRule {
    /// Points on the ledger.
    Points {
        /// How many.
        amount: u64,
        /// For how many days they can be spent; absent is for good.
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
        /// The list of codes that each coupon takes one from (`funfair codes add`); absent where
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
        let amount = |field: &'static str, amount: u64| {
            let reason = "an amount is 1 to 1,000,000,000";
            let wrong = !(1..=1_000_000_000).contains(&amount);
            wrong.then_some((field, reason, "give such a number"))
        };
        let days = |days: Option<u32>| {
            let wrong = days.is_some_and(|days| !(1..=3660).contains(&days));
            let cure = "give such a number, or remove it for good";
            wrong.then_some(("days", "validity is 1 to 3660 days", cure))
        };
        let name = |field: &'static str, name: &str| {
            name.trim().is_empty().then_some((
                field,
                "it is empty",
                "write the store's name for it",
            ))
        };
        let found = match self {
            Self::Points { amount: points, days: last } => [amount("amount", *points), days(*last)],
            Self::Coupon { value_cents, days: last, .. } => {
                [amount("value_cents", *value_cents), days(*last)]
            }
            Self::Chance { count, days: last, .. } => {
                [amount("count", u64::from(*count)), days(*last)]
            }
            Self::Card { activity, card } => [name("activity", activity), name("card", card)],
            Self::RedPacket { amount_cents } => [amount("amount_cents", *amount_cents), None],
            Self::Goods { sku } => [name("sku", sku), None],
            Self::Benefit { code } => [name("code", code), None],
        };
        let fault = |(field, reason, cure)| Fault::new(format!("{key}.{field}"), reason, cure);
        found.into_iter().flatten().map(fault).collect()
    }
}

/// How often a member has won each prize that is capped per member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tally(BTreeMap<String, u32>);

impl Tally {
    /// How often `prize` was won.
    pub fn count(&self, prize: &str) -> u32 {
        self.0.get(prize).copied().unwrap_or(0)
    }

    /// Counts one more.
    pub fn add(&mut self, prize: &str) {
        *self.0.entry(prize.into()).or_default() += 1;
    }
}

/// What a draw gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn<'a> {
    /// The prize.
    pub prize: &'a Prize,
    /// What the member is owed, and the pools it is taken from: the prize's own among them.
    pub grant: Grant,
}

/// Draws one prize from what is still available to this member: stock, codes, budget, the day's and
/// the member's limits considered, and only winning tiers where `only_wins`. When nothing is left
/// the fallback is given; `None` where there is none.
pub fn draw<'a>(
    prizes: &'a [Prize],
    cx: &mut Cx,
    won: &Tally,
    only_wins: bool,
) -> Option<Drawn<'a>> {
    let available = |prize: &&Prize| {
        prize.weight > 0
            && (!only_wins || prize.tier > 0)
            && (!prize.has_pool() || cx.left(&prize.id) > 0)
            && prize.per_member.is_none_or(|limit| won.count(&prize.id) < limit)
            && prize.reward.as_ref().is_none_or(|rule| cx.grant(rule, &prize.label).is_some())
    };
    let line = |prize: &Prize, weight| Weight { prize: prize.id.clone(), weight };
    let mut table: Vec<_> =
        prizes.iter().filter(available).map(|prize| line(prize, prize.weight)).collect();
    if table.is_empty() {
        // The proof then shows a table of one.
        table = prizes.iter().filter(|prize| prize.fallback).map(|prize| line(prize, 1)).collect();
    }
    let id = cx.dice.pick(table)?;
    let prize = prizes.iter().find(|prize| prize.id == id)?;
    // A fallback whose reward the budget no longer has is a blank.
    let granted = prize.reward.as_ref().and_then(|rule| cx.grant(rule, &prize.label));
    let mut grant = granted.unwrap_or_default();
    if prize.has_pool() {
        grant.take.push(prize.id.clone());
    }
    Some(Drawn { prize, grant })
}

impl Prize {
    /// What in a list may change after the start; see [`Rules::FAVOURS`](crate::Rules::FAVOURS).
    pub const FAVOURS: &'static [(&'static str, Favour)] = &[
        ("/prizes/*/stock", Favour::More),
        ("/prizes/*/daily", Favour::More),
        ("/prizes/*/per_member", Favour::More),
    ];

    /// Whether its number is limited, in all or a day.
    pub fn has_pool(&self) -> bool {
        self.stock.is_some() || self.daily.is_some()
    }

    /// What drawing from a list needs to read.
    pub fn reads(prizes: &[Self]) -> Reads {
        let stock = prizes.iter().filter(|prize| prize.has_pool());
        Reads { pools: stock.map(|prize| prize.id.clone()).collect(), ..Reads::default() }
            .giving(prizes.iter().filter_map(|prize| prize.reward.as_ref()))
    }

    /// The stock a list opens with.
    pub fn stock(prizes: &[Self]) -> Vec<Stock> {
        let stock = |prize: &Self| Stock {
            pool: prize.id.clone(),
            // A day's limit alone: as many as a database's integer holds.
            quantity: prize.stock.unwrap_or(i64::MAX.cast_unsigned()),
            daily: prize.daily,
        };
        prizes.iter().filter(|prize| prize.has_pool()).map(stock).collect()
    }

    /// The published chances of a list.
    pub fn odds(prizes: &[Self]) -> Vec<Odds> {
        let odds = |prize: &Self| Odds {
            prize: prize.id.clone(),
            label: prize.label.clone(),
            tier: prize.tier,
            weight: prize.weight,
            quantity: prize.stock,
            daily: prize.daily,
            per_member: prize.per_member.map(u64::from),
            icon: prize.icon.clone(),
            fallback: prize.fallback,
        };
        prizes.iter().map(odds).collect()
    }

    /// What is wrong with a list, keys beginning with `rules.prizes`.
    pub fn faults(prizes: &[Self]) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (index, prize) in prizes.iter().enumerate() {
            prize.faults_at(&format!("rules.prizes[{index}]"), &mut faults);
            if prizes.iter().take(index).any(|other| other.id == prize.id) {
                let reason = format!("two prizes are called \"{}\"", prize.id);
                faults.push(Fault::new(format!("rules.prizes[{index}].id"), reason, "rename one"));
            }
        }
        let total = prizes.iter().try_fold(0u64, |sum, prize| sum.checked_add(prize.weight));
        if total.is_none_or(|total| total > 1 << 62) {
            let reason = "the weights add up to more than can be drawn from";
            faults.push(Fault::new(
                "rules.prizes",
                reason,
                "use smaller weights, such as parts of 10000",
            ));
        }
        if total == Some(0) {
            let reason = "all weights are 0, so nothing can be drawn";
            faults.push(Fault::new("rules.prizes", reason, "give at least one prize a weight"));
        }
        if prizes.iter().filter(|prize| prize.fallback).count() != 1 {
            let reason = "exactly one prize is the one given when everything else is gone";
            faults.push(Fault::new("rules.prizes", reason, "set fallback = true on one prize"));
        }
        faults
    }

    fn faults_at(&self, key: &str, faults: &mut Vec<Fault>) {
        let mut fault = |field: &str, reason: &str, cure: &str| {
            faults.push(Fault::new(format!("{key}.{field}"), reason, cure));
        };
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || self.id.len() > 40 || !self.id.chars().all(plain) {
            fault("id", "an id is 1 to 40 of a-z, 0-9 and -", "write one such as \"coupon-10\"");
        }
        if self.fallback && (self.has_pool() || self.per_member.is_some()) {
            let reason = "the fallback must never run out";
            fault("fallback", reason, "remove its stock, daily and per_member");
        }
        if self.tier > 0 && self.reward.is_none() {
            fault("reward", "a winning tier gives nothing", "add a reward, or set tier = 0");
        }
        for (field, limit) in [
            ("stock", self.stock),
            ("daily", self.daily),
            ("per_member", self.per_member.map(u64::from)),
        ] {
            if limit == Some(0) {
                fault(
                    field,
                    "0 means that it can never be won",
                    "give a number, or remove the prize",
                );
            }
            if limit.is_some_and(|limit| limit > i64::MAX.cast_unsigned()) {
                fault(field, "more than a database counts", "give a smaller number, or remove it");
            }
        }
        faults.extend(Setup::words(&format!("{key}.label"), &self.label));
        if let Some(rule) = &self.reward {
            faults.extend(rule.faults(&format!("{key}.reward")));
        }
    }
}
