use crate::{Fault, LuckRules, Prize, RewardRule, Setup, Stock};
use funfair_host_api::Reward;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The most that an activity gives away: the `[budget]` of its file. What would go beyond it is not
/// drawn, and not given. What settling gives was promised when it was played for: it is given in
/// any case, and uses the budget up.
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

    /// What is left for a rule's sort of reward as the activity opens, and what one of it costs.
    fn of(&self, rule: &RewardRule) -> Option<(u64, u64)> {
        let (has, cost) = match rule {
            RewardRule::Points { amount, .. } => (self.points, *amount),
            RewardRule::Coupon { value_cents, .. } => (self.cents, *value_cents),
            RewardRule::RedPacket { amount_cents } => (self.cents, *amount_cents),
            _ => (None, 0),
        };
        Some((has?, cost))
    }

    /// The pools that it opens with.
    pub(crate) fn stock(&self) -> Vec<Stock> {
        let stock =
            |(pool, quantity): (&str, u64)| Stock { pool: pool.into(), quantity, daily: None };
        self.limits().map(stock).collect()
    }

    /// Their names.
    pub(crate) fn pools(&self) -> impl Iterator<Item = &'static str> + use<> {
        self.limits().map(|(pool, _)| pool)
    }

    fn limits(&self) -> impl Iterator<Item = (&'static str, u64)> + use<> {
        let all = [(Self::POINTS, self.points), (Self::CENTS, self.cents)];
        all.into_iter().filter_map(|(pool, quantity)| Some((pool, quantity?)))
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

impl Setup {
    /// What the rules promise beyond the `[budget]`. It looks for rewards wherever they stand in
    /// `[rules]`, so that no kind has to.
    pub(crate) fn beyond_budget(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.budget == Budget::default() {
            return faults;
        }
        self.too_dear("rules", &self.rules, &mut faults);
        let Some(prizes) = self.rules.get("prizes") else { return faults };
        // Not every kind means the same by prizes.
        let Ok(prizes) = Vec::<Prize>::deserialize(prizes) else { return faults };
        faults.extend(self.too_many_chances(&prizes));
        let luck = self.rules.get("luck").and_then(|luck| LuckRules::deserialize(luck).ok());
        faults.extend(luck.iter().flat_map(|luck| luck.unsure_within(&self.budget, &prizes)));
        faults
    }

    /// Rewards of which not even one can be given.
    fn too_dear(&self, key: &str, value: &Value, faults: &mut Vec<Fault>) {
        let rule = RewardRule::deserialize(value).ok();
        if let Some((has, cost)) = rule.as_ref().and_then(|rule| self.budget.of(rule))
            && cost > has
        {
            let reason = format!("one of it costs {cost}, and the budget is {has}");
            faults.push(Fault::new(key, reason, "raise the budget, or give less"));
        }
        match value {
            Value::Object(map) => {
                for (name, value) in map {
                    self.too_dear(&format!("{key}.{name}"), value, faults);
                }
            }
            Value::Array(list) => {
                for (index, value) in list.iter().enumerate() {
                    self.too_dear(&format!("{key}[{index}]"), value, faults);
                }
            }
            _ => {}
        }
    }

    /// Free chances of which a single member's would use the budget up.
    fn too_many_chances(&self, prizes: &[Prize]) -> Vec<Fault> {
        let days = self.clock().map_or(1, |clock| {
            let (first, last) = (clock.day(self.opens_at_ms), clock.day(self.closes_at_ms - 1));
            u128::from(last.0.abs_diff(first.0)) + 1
        });
        let chances =
            u128::from(self.chances.free_per_day) * days + u128::from(self.chances.free_total);
        let total: u128 = prizes.iter().map(|prize| u128::from(prize.weight)).sum();
        let sorts = [("budget.points", self.budget.points), ("budget.cents", self.budget.cents)];
        let mut faults = Vec::new();
        for (key, has) in sorts {
            let Some(has) = has.filter(|_| total > 0) else { continue };
            let one = Budget::only(key, has);
            let mean = prizes.iter().map(|prize| {
                let cost = prize.reward.as_ref().and_then(|rule| one.of(rule));
                let expected = chances * u128::from(prize.weight) / total;
                let most = prize.stock.map_or(u128::MAX, u128::from);
                let most = most.min(prize.per_member.map_or(u128::MAX, u128::from));
                expected.min(most) * cost.map_or(0, |(_, cost)| u128::from(cost))
            });
            let mean: u128 = mean.sum();
            if mean > u128::from(has) {
                let reason = format!(
                    "the {chances} free chances of one member come to about {mean}, more than {has}"
                );
                let cure = "raise it, or lower chances.free_per_day or the prizes";
                faults.push(Fault::new(key, reason, cure));
            }
        }
        faults
    }
}

impl Budget {
    fn only(key: &str, amount: u64) -> Self {
        let points = key == "budget.points";
        Self { points: points.then_some(amount), cents: (!points).then_some(amount) }
    }

    /// Whether a reward can be given however much was given before.
    pub(crate) fn always_has(&self, rule: &RewardRule) -> bool {
        self.of(rule).is_none()
    }
}
