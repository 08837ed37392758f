use crate::{Cx, Drawn, Fault, Prize, Tally, draw};
use serde::{Deserialize, Serialize};

/// What softens chance, published with the odds: the `[rules.luck]` of kinds that draw prizes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LuckRules {
    /// Whether a member's first play draws from the winning prizes only.
    #[serde(default)]
    pub first_play_wins: bool,
    /// At the latest after how many plays in a row a member wins; absent is no such promise.
    #[serde(default)]
    pub win_within: Option<u32>,
}

/// What a member's luck has been, as a part of the kind's member state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Luck {
    /// How many plays drew.
    #[serde(default)]
    pub plays: u64,
    /// How many of the latest ones won nothing.
    #[serde(default)]
    pub dry: u32,
    /// Wins of prizes that are capped per member.
    #[serde(default)]
    pub won: Tally,
}

impl LuckRules {
    /// What is wrong with it for these prizes, keys beginning with `rules.luck`.
    pub fn faults(&self, prizes: &[Prize]) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.win_within.is_some_and(|plays| !(2..=1000).contains(&plays)) {
            let reason = "a promise to win is kept within 2 to 1,000 plays";
            let cure = "give such a number, or give every prize a tier of 1 or more";
            faults.push(Fault::new("rules.luck.win_within", reason, cure));
        }
        // A guarantee that ends with the stock is none.
        let sure = |prize: &Prize| {
            prize.tier > 0
                && !prize.has_pool()
                && prize.per_member.is_none()
                && (prize.weight > 0 || prize.fallback)
                && prize.reward.as_ref().is_none_or(|rule| rule.pool().is_none())
        };
        let promised =
            [("first_play_wins", self.first_play_wins), ("win_within", self.win_within.is_some())];
        for (key, _) in promised.into_iter().filter(|(_, promised)| *promised) {
            if !prizes.iter().any(sure) {
                let reason = "no winning prize is sure to be there when it is promised";
                let cure = "give one prize of tier 1 or more a weight, and neither stock, daily, \
                            per_member nor codes";
                faults.push(Fault::new(format!("rules.luck.{key}"), reason, cure));
            }
        }
        faults
    }
}

impl Luck {
    /// Whether the member's next play is promised to win.
    pub fn is_promised(&self, rules: &LuckRules) -> bool {
        (rules.first_play_wins && self.plays == 0)
            || rules.win_within.is_some_and(|within| self.dry + 1 >= within)
    }

    /// Draws a prize, promises kept.
    pub fn draw<'a>(
        &self,
        rules: &LuckRules,
        prizes: &'a [Prize],
        cx: &mut Cx,
    ) -> Option<Drawn<'a>> {
        draw(prizes, cx, &self.won, self.is_promised(rules))
    }

    /// Counts a play that drew a prize of this tier; `capped` where a cap per member counts it.
    pub fn count(&mut self, prize: &str, tier: u32, capped: bool) {
        self.plays += 1;
        self.dry = if tier > 0 { 0 } else { self.dry + 1 };
        if capped {
            self.won.add(prize);
        }
    }
}
