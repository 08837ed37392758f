//! What a merchant sets, how a guess is judged, and how much the hints can give away.

use crate::{Mark, Told, WinView};
use funfair_engine::RewardRule;
use funfair_host_api::Words;
use serde::{Deserialize, Serialize};

/// The `[rules]` of an activity. `answer_cents` is secret until the close; all else is public.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What is guessed.
    pub item: Ware,
    /// The lowest price that may be guessed.
    pub low_cents: u64,
    /// The highest one.
    pub high_cents: u64,
    /// The distance from one allowed price to the next.
    pub step_cents: u64,
    /// The price, one of the allowed ones.
    pub answer_cents: u64,
    /// What wins.
    pub win: Win,
    /// What is told of a guess that does not.
    #[serde(default)]
    pub hints: Hints,
    /// How many guesses a member makes in all, however they are paid.
    pub tries: u32,
    /// Up to which chance of winning, in per cent, perfect play may lead.
    #[serde(default = "half")]
    pub max_win_percent: u32,
    /// What is won.
    pub prize: PrizeRule,
    /// What a member's first guess gives when it does not win.
    #[serde(default)]
    pub consolation: Option<Gift>,
    /// How friends may help.
    #[serde(default)]
    pub help: Option<HelpRule>,
}

fn half() -> u32 {
    50
}

/// What is guessed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ware {
    /// Its name.
    pub label: Words,
    /// Its picture.
    #[serde(default)]
    pub picture: Option<String>,
    /// The store's article number.
    pub sku: String,
}

/// What wins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Win {
    /// The exact price.
    Exact {},
    /// A price near enough: by one of the two measures.
    Band {
        /// How far off it may be.
        #[serde(default)]
        within_cents: Option<u64>,
        /// How far off it may be, in per cent of the price.
        #[serde(default)]
        within_percent: Option<u32>,
    },
    /// The closest guesses at the close; of equal ones the earlier.
    Closest {
        /// How many win.
        winners: u32,
    },
}

/// What is told of a guess that does not win.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum Hints {
    /// That it does not.
    #[default]
    None,
    /// Whether the price is higher or lower.
    HigherLower {},
    /// How far off it is, roughly.
    Distance {
        /// The rings, in per cent of the price, from the narrowest; what is beyond them is far.
        within_percent: Vec<u32>,
    },
}

/// What is won.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrizeRule {
    /// Its name.
    pub label: Words,
    /// What it gives.
    pub reward: RewardRule,
    /// How many members win at most; absent is no limit.
    #[serde(default)]
    pub stock: Option<u64>,
}

/// A reward with a name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gift {
    /// Its name.
    pub label: Words,
    /// What it gives.
    pub reward: RewardRule,
}

/// How friends may help.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpRule {
    /// How many links a member may make; each is one friend's guess.
    pub asks: u32,
    /// How many friends a member may help a business day.
    pub per_day: u32,
    /// How many in all.
    pub total: u32,
    /// What the one who helps gets for it.
    #[serde(default)]
    pub reward: Option<Gift>,
}

impl Config {
    /// Whether a price may be guessed.
    pub(crate) fn allows(&self, cents: u64) -> bool {
        (self.low_cents..=self.high_cents).contains(&cents)
            && (cents - self.low_cents).is_multiple_of(self.step_cents.max(1))
    }

    /// How many prices may be guessed.
    pub(crate) fn prices(&self) -> u64 {
        self.high_cents.saturating_sub(self.low_cents) / self.step_cents.max(1) + 1
    }

    /// How far a guess is from the price.
    pub(crate) fn distance(&self, cents: u64) -> u64 {
        cents.abs_diff(self.answer_cents)
    }

    /// A guess, and what is told of it. What it shows of the price is all that a member learns.
    pub(crate) fn judge(&self, cents: u64, friend: bool) -> Mark {
        let told = |told| Mark { cents, told, percent: 0, friend };
        let off = self.distance(cents);
        match &self.win {
            Win::Closest { .. } => return told(Told::Sealed),
            Win::Exact {} if off == 0 => return told(Told::Right),
            Win::Band { within_cents: Some(most), .. } if off <= *most => return told(Told::Right),
            Win::Band { within_percent: Some(most), .. }
                if is_within(off, *most, self.answer_cents) =>
            {
                return told(Told::Right);
            }
            _ => {}
        }
        match &self.hints {
            Hints::None => told(Told::Wrong),
            Hints::HigherLower {} if cents < self.answer_cents => told(Told::Higher),
            Hints::HigherLower {} => told(Told::Lower),
            Hints::Distance { within_percent } => {
                let mut rings = within_percent.iter();
                match rings.find(|percent| is_within(off, **percent, self.answer_cents)) {
                    Some(percent) => Mark { percent: *percent, ..told(Told::Within) },
                    None => told(Told::Far),
                }
            }
        }
    }

    /// The lowest and the highest price that what was told leaves possible.
    pub(crate) fn possible(&self, marks: &[Mark]) -> (u64, u64) {
        let (mut from, mut to) = (self.low_cents, self.high_cents);
        for mark in marks {
            match mark.told {
                Told::Higher => from = from.max(self.winning(mark.cents).1.saturating_add(1)),
                Told::Lower => to = to.min(self.winning(mark.cents).0.saturating_sub(1)),
                Told::Within => {
                    let (low, high) = prices_near(mark.cents, mark.percent);
                    (from, to) = (from.max(low), to.min(high));
                }
                _ => {}
            }
        }
        let step = self.step_cents.max(1);
        let from = self.low_cents + from.saturating_sub(self.low_cents).div_ceil(step) * step;
        let to = self.low_cents + to.saturating_sub(self.low_cents) / step * step;
        if from <= to { (from, to) } else { (self.low_cents, self.high_cents) }
    }

    /// The lowest and the highest price for which a guess wins.
    fn winning(&self, cents: u64) -> (u64, u64) {
        match self.win {
            Win::Band { within_cents: Some(most), .. } => {
                (cents.saturating_sub(most), cents.saturating_add(most))
            }
            Win::Band { within_percent: Some(most), .. } => prices_near(cents, most),
            _ => (cents, cents),
        }
    }

    /// Of the allowed prices the most for which one guess wins.
    pub(crate) fn widest(&self) -> u64 {
        let step = self.step_cents.max(1);
        let count = |index: u64| {
            let (low, high) = self.winning(self.low_cents + index * step);
            let (low, high) = (low.max(self.low_cents), high.min(self.high_cents));
            let first = (low - self.low_cents).div_ceil(step);
            let last = high.saturating_sub(self.low_cents) / step;
            (last + 1).saturating_sub(first)
        };
        match self.win {
            Win::Exact {} | Win::Closest { .. } => 1,
            Win::Band { .. } => (0..self.prices()).map(count).max().unwrap_or(1),
        }
    }

    /// How many different things a guess that does not win can be told.
    pub(crate) fn answers(&self) -> u64 {
        match &self.hints {
            Hints::None => 1,
            Hints::HigherLower {} => 2,
            Hints::Distance { within_percent } => within_percent.len() as u64 + 1,
        }
    }

    /// The guesses of which a member can learn what they came to: the member's own, those of the
    /// friends who help, and those made for friends.
    pub(crate) fn eyes(&self) -> u32 {
        let help = self.help.as_ref().map_or(0, |help| help.asks.saturating_add(help.total));
        self.tries.saturating_add(help)
    }

    /// For how many of the allowed prices the best possible player wins within so many guesses, at
    /// most.
    ///
    /// The next guess depends on nothing but the answers so far. With `a` different answers to a
    /// guess that does not win there are at most 1 + a + a² + … guesses that such a player could
    /// ever make, one for each row of answers, and each wins for `widest` prices at most.
    pub(crate) fn reach(&self, guesses: u32) -> u64 {
        if matches!(self.win, Win::Closest { .. }) {
            // Nothing is told before the close, so there is nothing to search by.
            return 0;
        }
        let (answers, prices) = (self.answers(), self.prices());
        let (mut rows, mut sum) = (1u64, 0u64);
        for _ in 0..guesses {
            sum = sum.saturating_add(rows);
            rows = rows.saturating_mul(answers);
            if sum >= prices {
                break;
            }
        }
        sum.saturating_mul(self.widest()).min(prices)
    }

    /// The same as a share in per cent, rounded up.
    pub(crate) fn reach_percent(&self, guesses: u32) -> u64 {
        (self.reach(guesses) * 100).div_ceil(self.prices())
    }

    /// How many win by being closest; `None` where nothing is decided at the close.
    pub(crate) fn winners(&self) -> Option<usize> {
        match self.win {
            Win::Closest { winners } => Some(winners as usize),
            _ => None,
        }
    }

    /// What wins, as it is shown.
    pub(crate) fn win_view(&self) -> WinView {
        match self.win {
            Win::Exact {} => WinView::Exact {},
            Win::Band { within_cents, within_percent } => {
                WinView::Band { within_cents, within_percent }
            }
            Win::Closest { winners } => WinView::Closest { winners },
        }
    }
}

/// Whether so much is at most so many per cent of the price.
fn is_within(off: u64, percent: u32, price: u64) -> bool {
    u128::from(off) * 100 <= u128::from(price) * u128::from(percent)
}

/// The lowest and the highest price of which a guess is within so many per cent.
fn prices_near(cents: u64, percent: u32) -> (u64, u64) {
    let percent = u64::from(percent.min(99));
    (cents.saturating_mul(100).div_ceil(100 + percent), cents.saturating_mul(100) / (100 - percent))
}
