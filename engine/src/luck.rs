use crate::{Budget, Cx, Drawn, Fault, Prize, Tally, draw};
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
        if !prizes.iter().any(Prize::is_sure) {
            faults.extend(self.promises().map(|key| {
                let reason = "no winning prize is sure to be there when it is promised";
                let cure = "give one prize of tier 1 or more a weight, and neither stock, daily, \
                            per_member nor codes";
                Fault::new(key, reason, cure)
            }));
        }
        faults
    }

    /// The promises that a budget breaks when it is used up.
    pub(crate) fn unsure_within(&self, budget: &Budget, prizes: &[Prize]) -> Vec<Fault> {
        let free =
            |prize: &&Prize| prize.reward.as_ref().is_none_or(|rule| budget.always_has(rule));
        if prizes.iter().filter(|prize| prize.is_sure()).any(|prize| free(&prize)) {
            return Vec::new();
        }
        let fault = |key| {
            let reason = "no winning prize is sure to be there once the budget is used up";
            let cure = "give one that the budget does not pay for, such as a benefit or a coupon \
                        under a budget of points";
            Fault::new(key, reason, cure)
        };
        self.promises().map(fault).collect()
    }

    /// The keys of what is promised.
    fn promises(&self) -> impl Iterator<Item = &'static str> {
        let promised = [
            ("rules.luck.first_play_wins", self.first_play_wins),
            ("rules.luck.win_within", self.win_within.is_some()),
        ];
        promised.into_iter().filter(|(_, promised)| *promised).map(|(key, _)| key)
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
