use funfair_host_api::Day;
use serde::{Deserialize, Serialize};

/// How an activity hands out permission to play: the `[rules.chances]` of its file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChanceRules {
    /// Free chances a business day.
    #[serde(default)]
    pub free_per_day: u32,
    /// Points for one more chance; absent where points buy none.
    #[serde(default)]
    pub points_each: Option<u64>,
    /// How many chances points buy a business day; absent is no limit.
    #[serde(default)]
    pub bought_per_day: Option<u32>,
}

/// A member's chances in one activity: what was used today, and what was earned and not yet used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chances {
    /// The business day that the counts of today are of.
    day: Day,
    free_used: u32,
    bought: u32,
    granted: Vec<Granted>,
}

/// Chances that lapse together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Granted {
    count: u64,
    expires_at_ms: Option<u64>,
}

impl Chances {
    /// Free chances left on `day`.
    pub fn free_left(&self, rules: &ChanceRules, day: Day) -> u32 {
        rules.free_per_day.saturating_sub(if self.day == day { self.free_used } else { 0 })
    }

    /// Chances that points can still buy on `day`: `None` where there is no limit, 0 where points
    /// buy none.
    pub fn bought_left(&self, rules: &ChanceRules, day: Day) -> Option<u32> {
        if rules.points_each.is_none() {
            return Some(0);
        }
        let used = if self.day == day { self.bought } else { 0 };
        rules.bought_per_day.map(|limit| limit.saturating_sub(used))
    }

    /// Earned chances that have not lapsed.
    pub fn granted(&self, now_ms: u64) -> u64 {
        self.granted.iter().filter(|lot| alive(lot, now_ms)).map(|lot| lot.count).sum()
    }

    pub(crate) fn use_free(&mut self, day: Day) {
        self.turn(day);
        self.free_used += 1;
    }

    pub(crate) fn use_bought(&mut self, day: Day) {
        self.turn(day);
        self.bought += 1;
    }

    /// Uses the chance that lapses first; false where there is none.
    pub(crate) fn use_granted(&mut self, now_ms: u64) -> bool {
        self.granted.retain(|lot| alive(lot, now_ms) && lot.count > 0);
        self.granted.sort_by_key(|lot| lot.expires_at_ms.unwrap_or(u64::MAX));
        let Some(first) = self.granted.first_mut() else { return false };
        first.count -= 1;
        self.granted.retain(|lot| lot.count > 0);
        true
    }

    pub(crate) fn grant(&mut self, count: u64, expires_at_ms: Option<u64>) {
        match self.granted.iter_mut().find(|lot| lot.expires_at_ms == expires_at_ms) {
            Some(lot) => lot.count += count,
            None => self.granted.push(Granted { count, expires_at_ms }),
        }
    }

    fn turn(&mut self, day: Day) {
        if self.day != day {
            *self = Self { day, granted: std::mem::take(&mut self.granted), ..Self::default() };
        }
    }
}

fn alive(lot: &Granted, now_ms: u64) -> bool {
    lot.expires_at_ms.is_none_or(|end| now_ms < end)
}
