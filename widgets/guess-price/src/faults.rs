//! What can be wrong with a configuration.

use crate::{Config, HelpRule, Hints, Win, labels::price, state::MOST_WINNERS};
use funfair_engine::{Fault, RewardRule, Setup};

/// More prices than anyone tells apart, and more than a check of a file should walk.
const MOST_PRICES: u64 = 100_000;
/// The dearest thing: a slip of the keyboard above it.
const MOST_CENTS: u64 = 100_000_000_000;
/// Every guess is kept in the member's row.
const MOST_TRIES: u32 = 20;
const MOST_ASKS: u32 = 10;
const MOST_HELPS: u32 = 100;

fn fault(key: &str, reason: impl Into<String>, cure: impl Into<String>) -> Fault {
    Fault::new(format!("rules.{key}"), reason, cure)
}

impl Config {
    pub(crate) fn faults(&self, setup: &Setup) -> Vec<Fault> {
        let mut faults = Vec::from_iter(self.range_faults());
        let sound = faults.is_empty();
        faults.extend(self.item_faults());
        if sound {
            faults.extend(self.answer_faults());
            faults.extend(self.win_faults());
        }
        faults.extend(self.hint_faults());
        if !(1..=MOST_TRIES).contains(&self.tries) {
            let reason = format!("{} tries a member", self.tries);
            faults.push(fault("tries", reason, format!("give 1 to {MOST_TRIES}")));
        }
        if !(1..=99).contains(&self.max_win_percent) {
            let reason = format!("{} % is no chance but a promise", self.max_win_percent);
            faults.push(fault("max_win_percent", reason, "give 1 to 99, or remove it for 50"));
        }
        faults.extend(self.prize_faults());
        faults.extend(self.help.iter().flat_map(HelpRule::faults));
        faults.extend(self.late_faults(setup));
        if faults.is_empty() {
            faults.extend(self.leak());
        }
        faults
    }

    fn range_faults(&self) -> Option<Fault> {
        let Self { low_cents: low, high_cents: high, step_cents: step, .. } = *self;
        if low == 0 {
            return Some(fault("low_cents", "a price of 0 is none", "give 1 or more"));
        }
        if high > MOST_CENTS {
            let cure = "give the price in cents, up to 100000000000";
            return Some(fault("high_cents", "a price beyond all measure", cure));
        }
        if high <= low {
            let reason = "the highest price is not above the lowest";
            return Some(fault("high_cents", reason, "give more than low_cents"));
        }
        if step == 0 {
            let cure = "give the distance of two prices, such as 100";
            return Some(fault("step_cents", "a step of 0 leads nowhere", cure));
        }
        if !(high - low).is_multiple_of(step) {
            let reason = "steps from low_cents do not end at high_cents";
            let last = high - (high - low) % step;
            let cure = format!("give {last} or {}, or another step_cents", last + step);
            return Some(fault("high_cents", reason, cure));
        }
        let prices = self.prices();
        if prices > MOST_PRICES {
            let reason = format!("{prices} prices to choose from");
            return Some(fault("step_cents", reason, "give a longer step, or a narrower range"));
        }
        None
    }

    fn item_faults(&self) -> Vec<Fault> {
        let mut faults = Setup::words("rules.item.label", &self.item.label);
        if self.item.sku.trim().is_empty() {
            faults.push(fault("item.sku", "it is empty", "write the store's article number"));
        }
        let shown = |picture: &String| picture.starts_with('/') || picture.starts_with("https://");
        if self.item.picture.as_ref().is_some_and(|picture| !shown(picture)) {
            let cure = "write \"/pictures/kettle.jpg\" or \"https://…\"";
            let reason = "neither a path on the store's site nor an https address";
            faults.push(fault("item.picture", reason, cure));
        }
        faults
    }

    fn answer_faults(&self) -> Option<Fault> {
        if self.allows(self.answer_cents) {
            return None;
        }
        let reason = if (self.low_cents..=self.high_cents).contains(&self.answer_cents) {
            "the price is none of those that may be guessed"
        } else {
            "the price is outside low_cents to high_cents"
        };
        let cure = "give low_cents plus so many step_cents, up to high_cents";
        Some(fault("answer_cents", reason, cure))
    }

    fn win_faults(&self) -> Option<Fault> {
        match self.win {
            Win::Exact {} => None,
            Win::Band { within_cents, within_percent } => {
                self.band_faults(within_cents, within_percent)
            }
            Win::Closest { winners } => {
                let most = MOST_WINNERS;
                if winners == 0 || winners as usize > most {
                    let reason = format!("{winners} winners");
                    return Some(fault("win.winners", reason, format!("give 1 to {most}")));
                }
                if self.hints != Hints::None {
                    let reason = "hints would lead whoever searches to the price before the close";
                    return Some(fault("hints", reason, "remove it: closest tells nothing before"));
                }
                if self.prize.stock.is_some() {
                    let reason = "how many win is said by win.winners already";
                    return Some(fault("prize.stock", reason, "remove it"));
                }
                None
            }
        }
    }

    fn band_faults(&self, cents: Option<u64>, percent: Option<u32>) -> Option<Fault> {
        let key = match (cents, percent) {
            (Some(0), None) | (None, Some(0)) => {
                let cure = "write win = { type = \"exact\" }";
                return Some(fault("win", "a band of 0 is the exact price", cure));
            }
            (Some(_), None) => "win.within_cents",
            (None, Some(percent)) if percent > 50 => {
                let reason = format!("{percent} % is no guess");
                return Some(fault("win.within_percent", reason, "give 1 to 50"));
            }
            (None, Some(_)) => "win.within_percent",
            _ => {
                let cure = "give one of within_cents and within_percent";
                return Some(fault("win", "a band has one measure", cure));
            }
        };
        if self.widest() < self.prices() {
            return None;
        }
        let range = format!("{} to {}", price(self.low_cents), price(self.high_cents));
        let reason =
            format!("the band is as wide as the price range, {range}: one guess has it all");
        Some(fault(key, reason, "narrow the band, or widen low_cents to high_cents"))
    }

    fn hint_faults(&self) -> Option<Fault> {
        let Hints::Distance { within_percent: rings } = &self.hints else { return None };
        let sound = rings.iter().all(|percent| (1..=90).contains(percent));
        if sound && (1..=3).contains(&rings.len()) && rings.is_sorted_by(|a, b| a < b) {
            return None;
        }
        let reason = "distances are 1 to 3 numbers from 1 to 90, the narrowest first";
        Some(fault("hints.within_percent", reason, "write them as [10] or [10, 30]"))
    }

    fn prize_faults(&self) -> Vec<Fault> {
        let mut faults = Setup::words("rules.prize.label", &self.prize.label);
        faults.extend(self.prize.reward.faults("rules.prize.reward"));
        if self.prize.stock == Some(0) {
            let cure = "give a number, or remove it for no limit";
            faults.push(fault("prize.stock", "0 means that nobody ever wins", cure));
        }
        if let RewardRule::Coupon { items, .. } = &self.prize.reward
            && !items.is_empty()
            && !items.contains(&self.item.sku)
        {
            let reason = "the coupon is not good for the item whose price is guessed";
            let cure =
                format!("add \"{}\", or remove items for a coupon good for all", self.item.sku);
            faults.push(fault("prize.reward.items", reason, cure));
        }
        if matches!(self.prize.reward, RewardRule::Chance { activity: None, .. }) {
            let reason = "a winner is done here and has no use for another chance";
            faults.push(fault("prize.reward.activity", reason, "name another activity"));
        }
        let help = self.help.as_ref().and_then(|help| help.reward.as_ref());
        for (key, gift) in [("consolation", self.consolation.as_ref()), ("help.reward", help)] {
            if let Some(gift) = gift {
                faults.extend(Setup::words(&format!("rules.{key}.label"), &gift.label));
                faults.extend(gift.reward.faults(&format!("rules.{key}.reward")));
            }
        }
        faults
    }

    /// What is given after the close must be sure to be there, and to say of itself how long it
    /// lasts: nobody can be told no by then.
    fn late_faults(&self, setup: &Setup) -> Vec<Fault> {
        let winners = self.winners();
        if winners.is_none() && self.help.is_none() {
            return Vec::new();
        }
        let mut faults = Vec::new();
        if matches!(self.prize.reward, RewardRule::Points { days: None, .. }) {
            let reason = "points that may be given after the close say how long they last";
            faults.push(fault("prize.reward.days", reason, "give a number, such as 365"));
        }
        let points = |rule: &RewardRule| match rule {
            RewardRule::Points { amount, .. } => Some(*amount),
            _ => None,
        };
        let cents = |rule: &RewardRule| match rule {
            RewardRule::Coupon { value_cents, .. } => Some(*value_cents),
            RewardRule::RedPacket { amount_cents } => Some(*amount_cents),
            _ => None,
        };
        let help = self.help.as_ref().and_then(|help| help.reward.as_ref());
        let others = || [self.consolation.as_ref(), help].into_iter().flatten();
        let count = winners.map(|winners| winners as u64).or(self.prize.stock);
        let mut check =
            |key: &str, budget: Option<u64>, of: &dyn Fn(&RewardRule) -> Option<u64>| {
                let (Some(budget), Some(each)) = (budget, of(&self.prize.reward)) else { return };
                let enough = count.is_some_and(|count| count.saturating_mul(each) <= budget);
                if !enough || others().any(|gift| of(&gift.reward).is_some()) {
                    let reason = "it may be used up when the prizes are given after the close";
                    let cure = "remove it: the prize's own number is the limit";
                    faults.push(Fault::new(format!("budget.{key}"), reason, cure));
                }
            };
        check("points", setup.budget.points, &points);
        check("cents", setup.budget.cents, &cents);
        faults
    }

    /// Whether the hints would give the price away within the guesses that one member can see.
    fn leak(&self) -> Option<Fault> {
        let (guesses, most) = (self.eyes(), u64::from(self.max_win_percent));
        let percent = self.reach_percent(guesses);
        if percent <= most {
            return None;
        }
        let fits = (1..guesses).rev().find(|guesses| self.reach_percent(*guesses) <= most);
        let help = match &self.help {
            Some(help) => format!(
                " ({} of one's own, {} of friends, {} for friends)",
                self.tries, help.asks, help.total
            ),
            None => String::new(),
        };
        let reason = format!(
            "{guesses} guesses{help}, each told one of {} things, find the price among {} in up to \
             {percent} of 100 cases; max_win_percent is {most}",
            self.answers() + 1,
            self.prices(),
        );
        let cure = match fits {
            Some(fits) => format!(
                "let tries, help.asks and help.total add up to {fits}, give coarser hints, a \
                 narrower band, or more prices"
            ),
            None => "narrow the band, or give more prices: a longer range or a shorter step".into(),
        };
        Some(fault("tries", reason, cure))
    }
}

impl HelpRule {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (key, count, most) in [
            ("help.asks", self.asks, MOST_ASKS),
            ("help.per_day", self.per_day, MOST_HELPS),
            ("help.total", self.total, MOST_HELPS),
        ] {
            if !(1..=most).contains(&count) {
                let cure = format!("give 1 to {most}, or remove [rules.help]");
                faults.push(fault(key, format!("{count} is no number of helps"), cure));
            }
        }
        if self.per_day > self.total {
            let reason = "more a day than in all";
            faults.push(fault("help.per_day", reason, "give no more than help.total"));
        }
        faults
    }
}
