//! What a merchant writes, and what is wrong with it. Nothing in it is secret.

use funfair_engine::{Budget, ChanceRules, Fault, RewardRule, Setup};
use funfair_host_api::Words;
use serde::{Deserialize, Serialize};

/// The `[rules]` of an activity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The cards, in the order of the shelf.
    pub cards: Vec<Card>,
    /// How many different cards make the set; absent is all that are not wild.
    #[serde(default)]
    pub set_size: Option<u32>,
    /// At the latest with which draw in a row a new card comes; absent is no such promise.
    #[serde(default)]
    pub new_within: Option<u32>,
    /// How many cards a member draws a business day, however many chances there are.
    #[serde(default)]
    pub draws_per_day: Option<u32>,
    /// What completing the set brings at once.
    #[serde(default)]
    pub prize: Option<PrizeRule>,
    /// What all who complete it share at the close.
    #[serde(default)]
    pub pot: Option<PotRule>,
    /// How cards go from friend to friend; absent is not at all.
    #[serde(default)]
    pub gifts: Option<Gifts>,
}

/// One line of `[[rules.cards]]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Its id within the activity; also the name of its stock.
    pub id: String,
    /// Its name.
    pub label: Words,
    /// Its share of the total; 0 is never drawn, only granted by other activities.
    pub weight: u64,
    /// Its drawing.
    pub drawing: String,
    /// Whether it stands for any card that is missing.
    #[serde(default)]
    pub wild: bool,
    /// How many are drawn a business day at most, all members together.
    #[serde(default)]
    pub per_day: Option<u64>,
    /// How many there are to draw; absent is no limit.
    #[serde(default)]
    pub total: Option<u64>,
}

/// `[rules.prize]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrizeRule {
    /// Its name.
    pub label: Words,
    /// What the member gets.
    pub reward: RewardRule,
    /// For how many members; absent is no limit.
    #[serde(default)]
    pub stock: Option<u64>,
    /// What everybody else gets who completes the set.
    #[serde(default)]
    pub instead: Option<Instead>,
}

/// `[rules.prize.instead]`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Instead {
    /// Its name.
    pub label: Words,
    /// What the member gets.
    pub reward: RewardRule,
}

/// `[rules.pot]`: points or money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PotRule {
    /// Its name.
    pub label: Words,
    /// Points that are shared.
    #[serde(default)]
    pub points: Option<u64>,
    /// For how many days the points can be spent; absent is for good.
    #[serde(default)]
    pub days: Option<u32>,
    /// Money that is shared, in cents.
    #[serde(default)]
    pub cents: Option<u64>,
}

/// `[rules.gifts]`: how cards go from friend to friend.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gifts {
    /// For how many hours a link is good.
    #[serde(default = "day")]
    pub hours: u32,
    /// How many cards a member gives a business day.
    #[serde(default = "three")]
    pub gives_per_day: u32,
    /// How many a member takes or asks for a business day.
    #[serde(default = "three")]
    pub takes_per_day: u32,
    /// How many a member receives in all.
    #[serde(default = "twelve")]
    pub takes_total: u32,
    /// How many a member receives from one friend.
    #[serde(default = "two")]
    pub per_friend: u32,
}

fn day() -> u32 {
    24
}

fn three() -> u32 {
    3
}

fn twelve() -> u32 {
    12
}

fn two() -> u32 {
    2
}

/// The drawings that the widget has.
pub(crate) const DRAWINGS: [&str; 10] =
    ["lantern", "ingot", "carp", "peony", "firecracker", "fan", "knot", "cloud", "drum", "star"];

impl Config {
    /// How many different cards make the set.
    pub(crate) fn need(&self) -> u32 {
        let all = self.cards.iter().filter(|card| !card.wild).count();
        self.set_size.unwrap_or_else(|| u32::try_from(all).unwrap_or(u32::MAX))
    }

    pub(crate) fn card(&self, id: &str) -> Option<&Card> {
        self.cards.iter().find(|card| card.id == id)
    }

    pub(crate) fn label(&self, id: &str) -> Words {
        self.card(id).map(|card| card.label.clone()).unwrap_or_default()
    }

    /// Everything that is wrong with it.
    pub(crate) fn faults(&self, setup: &Setup) -> Vec<Fault> {
        let mut faults = Vec::new();
        if !(2..=30).contains(&self.cards.len()) {
            let reason = format!("there are 2 to 30 cards, not {}", self.cards.len());
            faults.push(Fault::new("rules.cards", reason, "add or remove cards"));
        }
        for (index, card) in self.cards.iter().enumerate() {
            card.faults_at(&format!("rules.cards[{index}]"), &mut faults);
            if self.cards.iter().take(index).any(|other| other.id == card.id) {
                let reason = format!("two cards are called \"{}\"", card.id);
                faults.push(Fault::new(format!("rules.cards[{index}].id"), reason, "rename one"));
            }
        }
        self.draw_faults(&mut faults);
        self.set_faults(&mut faults);
        self.prize_faults(setup, &mut faults);
        if let Some(gifts) = &self.gifts {
            gifts.faults(&mut faults);
        }
        let ChanceRules { free_per_day, free_total, points_each, earned, .. } = &setup.chances;
        if *free_per_day == 0 && *free_total == 0 && points_each.is_none() && earned.is_empty() {
            let reason = "nobody can draw a card, because no chance ever comes";
            let cure = "give free_per_day, free_total, points_each or [[chances.earned]]";
            faults.push(Fault::new("chances", reason, cure));
        }
        faults
    }

    fn draw_faults(&self, faults: &mut Vec<Fault>) {
        let mut fault = |key: &str, reason: &str, cure: &str| {
            faults.push(Fault::new(format!("rules.{key}"), reason, cure));
        };
        let total = self.cards.iter().try_fold(0u64, |sum, card| sum.checked_add(card.weight));
        if total == Some(0) {
            let cure = "give the cards weights, such as parts of 10000";
            fault("cards", "all weights are 0, so nothing can be drawn", cure);
        } else if total.is_none_or(|total| total > 1 << 62) {
            let reason = "the weights add up to more than can be drawn from";
            fault("cards", reason, "use smaller weights, such as parts of 10000");
        } else if !self.cards.iter().any(|card| card.weight > 0 && !card.has_pool()) {
            let reason = "every card can run out, and then a paid draw has nothing to give";
            fault("cards", reason, "leave one card without per_day and total");
        }
        if self.new_within.is_some_and(|draws| !(2..=1000).contains(&draws)) {
            let reason = "a new card is promised within 2 to 1,000 draws";
            fault("new_within", reason, "give such a number, or remove it");
        }
        if self.draws_per_day == Some(0) {
            fault("draws_per_day", "0 means that nobody draws", "give at least 1, or remove it");
        }
    }

    fn set_faults(&self, faults: &mut Vec<Fault>) {
        let plain = || self.cards.iter().filter(|card| !card.wild);
        let (all, need) = (plain().count(), self.need() as usize);
        let drawn = plain().filter(|card| card.weight > 0).count();
        if all < 2 {
            let reason = "a set is at least 2 different cards, wildcards not counted";
            faults.push(Fault::new("rules.cards", reason, "add cards without wild"));
        } else if need < 2 || need > all {
            let reason = format!("a set is 2 to {all} different cards, wildcards not counted");
            let cure = "give such a set_size, or add cards without wild";
            faults.push(Fault::new("rules.set_size", reason, cure));
        } else if need > drawn {
            let reason = format!(
                "the set cannot be completed: it needs {need} cards, and {drawn} are drawn"
            );
            let cure = "give every card of the set a weight, or set a smaller set_size";
            faults.push(Fault::new("rules.cards", reason, cure));
        }
    }

    fn prize_faults(&self, setup: &Setup, faults: &mut Vec<Fault>) {
        match (&self.prize, &self.pot) {
            (Some(_), Some(_)) => {
                let reason = "there is a prize at once and a pot at the close";
                faults.push(Fault::new("rules.pot", reason, "remove one of them"));
            }
            (None, None) => {
                let reason = "completing the set brings nothing";
                faults.push(Fault::new("rules", reason, "add [rules.prize] or [rules.pot]"));
            }
            (Some(prize), None) => prize.faults(&setup.budget, faults),
            (None, Some(pot)) => pot.faults(&setup.budget, faults),
        }
    }
}

impl Card {
    /// Whether its number is limited, in all or a day.
    pub(crate) fn has_pool(&self) -> bool {
        self.per_day.is_some() || self.total.is_some()
    }

    fn faults_at(&self, key: &str, faults: &mut Vec<Fault>) {
        let mut fault = |field: &str, reason: &str, cure: &str| {
            faults.push(Fault::new(format!("{key}.{field}"), reason, cure));
        };
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || self.id.len() > 20 || !self.id.chars().all(plain) {
            fault("id", "an id is 1 to 20 of a-z, 0-9 and -", "write one such as \"lantern\"");
        }
        if !DRAWINGS.contains(&self.drawing.as_str()) {
            let reason = format!("there is no drawing \"{}\"", self.drawing);
            fault("drawing", &reason, &format!("give one of {}", DRAWINGS.join(", ")));
        }
        for (field, limit) in [("per_day", self.per_day), ("total", self.total)] {
            let most = i64::MAX.cast_unsigned();
            if limit.is_some_and(|limit| !(1..=most).contains(&limit)) {
                let cure = "give at least 1, or remove it for no limit";
                fault(field, "with such a limit the card is never drawn, or not counted", cure);
            }
        }
        faults.extend(Setup::words(&format!("{key}.label"), &self.label));
    }
}

impl PrizeRule {
    fn faults(&self, budget: &Budget, faults: &mut Vec<Fault>) {
        let key = "rules.prize";
        faults.extend(Setup::words(&format!("{key}.label"), &self.label));
        faults.extend(self.reward.faults(&format!("{key}.reward")));
        if self.stock == Some(0) {
            let cure = "give at least 1, or remove it for no limit";
            faults.push(Fault::new(format!("{key}.stock"), "0 prizes are none", cure));
        }
        let budgeted = cost(&self.reward, budget);
        let cost_in_all = budgeted.zip(self.stock).map(|((cost, _), n)| cost.saturating_mul(n));
        let beyond = budgeted.is_some_and(|(_, most)| cost_in_all.is_none_or(|all| all > most));
        match &self.instead {
            None if self.reward.pool().is_some() => {
                let reason = "the codes can run out, and then a completed set brings nothing";
                let cure = "add [rules.prize.instead] without codes";
                faults.push(Fault::new(format!("{key}.reward.codes"), reason, cure));
            }
            None if beyond => {
                let reason = "the budget can run out, and then a completed set brings nothing";
                let cure = "give a stock that the budget is enough for, or add \
                            [rules.prize.instead], or raise the budget";
                faults.push(Fault::new(format!("{key}.stock"), reason, cure));
            }
            None => {}
            Some(instead) => {
                let key = format!("{key}.instead");
                faults.extend(Setup::words(&format!("{key}.label"), &instead.label));
                faults.extend(instead.reward.faults(&format!("{key}.reward")));
                if instead.reward.pool().is_some() || cost(&instead.reward, budget).is_some() {
                    let reason = "what is given instead can run out, too";
                    let cure = "give a reward without codes that no budget limits";
                    faults.push(Fault::new(format!("{key}.reward"), reason, cure));
                }
            }
        }
    }
}

/// What a reward takes from a budget that is limited, and how much that is.
fn cost(reward: &RewardRule, budget: &Budget) -> Option<(u64, u64)> {
    let (cost, most) = match reward {
        RewardRule::Points { amount, .. } => (*amount, budget.points),
        RewardRule::Coupon { value_cents, .. } => (*value_cents, budget.cents),
        RewardRule::RedPacket { amount_cents } => (*amount_cents, budget.cents),
        _ => return None,
    };
    Some((cost, most?))
}

impl PotRule {
    /// What is shared, and whether it is money.
    pub(crate) fn amount(&self) -> (u64, bool) {
        match (self.points, self.cents) {
            (None, Some(cents)) => (cents, true),
            (points, _) => (points.unwrap_or(0), false),
        }
    }

    /// The share of the member who completed the set as number `rank` from 0: the rest of the
    /// division goes to the first ones, so that the shares add up to the pot.
    pub fn share_of(&self, rank: u64, of: u64) -> u64 {
        let (amount, _) = self.amount();
        let of = of.max(1);
        amount / of + u64::from(rank < amount % of)
    }

    fn faults(&self, budget: &Budget, faults: &mut Vec<Fault>) {
        let mut fault = |field: &str, reason: &str, cure: &str| {
            faults.push(Fault::new(format!("rules.pot{field}"), reason, cure));
        };
        let (field, amount, most) = match (self.points, self.cents) {
            (Some(points), None) => (".points", points, budget.points),
            (None, Some(cents)) => (".cents", cents, budget.cents),
            _ => return fault("", "a pot is points or cents", "give one of the two"),
        };
        if !(1..=1_000_000_000).contains(&amount) {
            fault(field, "a pot is 1 to 1,000,000,000", "give such a number");
        } else if most.is_some_and(|most| most < amount) {
            fault(field, "it is more than the budget", "raise the budget, or share less");
        }
        if self.days.is_some_and(|days| !(1..=3660).contains(&days)) {
            fault(".days", "validity is 1 to 3660 days", "give such a number, or remove it");
        }
        if self.days.is_some() && self.points.is_none() {
            fault(".days", "money does not lapse", "remove it");
        }
        faults.extend(Setup::words("rules.pot.label", &self.label));
    }
}

impl Gifts {
    fn faults(&self, faults: &mut Vec<Fault>) {
        for (field, n, most, what) in [
            ("hours", self.hours, 168, "a link is good for 1 to 168 hours"),
            ("gives_per_day", self.gives_per_day, 20, "a member gives 1 to 20 cards a day"),
            ("takes_per_day", self.takes_per_day, 20, "a member takes 1 to 20 cards a day"),
            ("takes_total", self.takes_total, 20, "a member receives 1 to 20 cards in all"),
            (
                "per_friend",
                self.per_friend,
                self.takes_total,
                "from one friend a member receives at least 1 card, and no more than takes_total",
            ),
        ] {
            if !(1..=most).contains(&n) {
                let cure = "give such a number; without [rules.gifts] no card is passed on";
                faults.push(Fault::new(format!("rules.gifts.{field}"), what, cure));
            }
        }
    }
}
