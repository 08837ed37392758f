use crate::{Cx, Fault, Favour, Grant, Reads, RewardRule, Setup, Stock, rewards::is_plain};
use funfair_host_api::{Odds, Weight, Words};
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
    /// What to show: its name, or that there was nothing left, where the fallback's own reward is
    /// used up.
    pub label: Words,
    /// Its tier; 0 where nothing was left.
    pub tier: u32,
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
    let granted = prize.reward.as_ref().map(|rule| cx.grant(rule, &prize.label));
    // A fallback whose reward the budget no longer has is a blank, and must not be called by name.
    let (label, tier) = match granted {
        Some(None) => (nothing_left(), 0),
        _ => (prize.label.clone(), prize.tier),
    };
    let mut grant = granted.flatten().unwrap_or_default();
    if prize.has_pool() {
        grant.take.push(prize.id.clone());
    }
    cx.reserve(&grant);
    Some(Drawn { prize, label, tier, grant })
}

fn nothing_left() -> Words {
    Words::of(&[
        ("ar", "لم يتبق شيء هذه المرة"),
        ("en", "Nothing left this time"),
        ("ja", "賞品がなくなりました"),
        ("ko", "경품이 모두 소진됐어요"),
        ("zh-CN", "奖品已发完，谢谢参与"),
        ("zh-TW", "獎品已發完，謝謝參與"),
    ])
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

    /// Whether it wins and is there whatever has been given before, but for the budget.
    pub(crate) fn is_sure(&self) -> bool {
        self.tier > 0
            && !self.has_pool()
            && self.per_member.is_none()
            && (self.weight > 0 || self.fallback)
            && self.reward.as_ref().is_none_or(|rule| rule.pool().is_none())
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
        faults.extend(Self::endless(prizes));
        faults
    }

    /// Chances that a play gives back: where one brings one or more on average, it never ends.
    fn endless(prizes: &[Self]) -> Option<Fault> {
        let back = |prize: &Self| match &prize.reward {
            Some(RewardRule::Chance { activity: None, count, .. })
                if !prize.has_pool() && prize.per_member.is_none() =>
            {
                u128::from(*count)
            }
            _ => 0,
        };
        let weight = |prize: &Self| u128::from(prize.weight);
        let brought: u128 = prizes.iter().map(|prize| weight(prize) * back(prize)).sum();
        let total: u128 = prizes.iter().map(weight).sum();
        (brought > 0 && brought >= total).then(|| {
            let reason = "a play gives back one chance or more on average, so it never ends";
            Fault::new("rules.prizes", reason, "give fewer chances, or limit them by stock")
        })
    }

    fn faults_at(&self, key: &str, faults: &mut Vec<Fault>) {
        let mut fault = |field: &str, reason: &str, cure: &str| {
            faults.push(Fault::new(format!("{key}.{field}"), reason, cure));
        };
        if !is_plain(&self.id) {
            fault("id", "an id is 1 to 40 of a-z, 0-9 and -", "write one such as \"coupon-10\"");
        }
        if self.fallback && (self.has_pool() || self.per_member.is_some()) {
            let reason = "the fallback must never run out";
            fault("fallback", reason, "remove its stock, daily and per_member");
        }
        if self.fallback && self.reward.as_ref().is_some_and(|rule| rule.pool().is_some()) {
            let reason = "the fallback must never run out, and a list of codes does";
            fault("fallback", reason, "give it a reward without codes, or none");
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
