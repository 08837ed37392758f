use crate::fair::{DAY_MS, DRAW, Fair};
use funfair_card_collecting::{Action, Item, Outcome, PotRule};
use funfair_host_api::{Words, json::Raw};
use proptest::prelude::*;
use serde_json::json;
use std::collections::BTreeMap;

const MEMBERS: [&str; 4] = ["ada", "bo", "chen", "dai"];

proptest! {
    #[test]
    fn shares_of_a_pot_add_up_to_it(amount in 1u64..1_000_000, of in 1u64..500) {
        let pot = PotRule { label: Words::default(), points: Some(amount), days: None, cents: None };
        let shares: Vec<_> = (0..of).map(|rank| pot.share_of(rank, of)).collect();
        prop_assert_eq!(shares.iter().sum::<u64>(), amount);
        prop_assert!(shares.windows(2).all(|two| two[0] >= two[1] && two[0] - two[1] <= 1));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    #[test]
    fn no_card_is_lost_or_doubled_whatever_friends_do(
        steps in proptest::collection::vec((0usize..4, any::<u32>(), any::<u32>()), 120)
    ) {
        let mut fair = Fair::new(|rules| {
            rules["new_within"] = 4.into();
            rules["draws_per_day"] = 4.into();
            let gifts = json!({ "hours": 20, "takes_per_day": 4, "takes_total": 8, "per_friend": 3 });
            rules["gifts"] = gifts;
        });
        let mut tally = Tally::default();
        for (who, what, which) in steps {
            tally.step(&mut fair, MEMBERS[who], what, which);
            tally.check(&fair);
        }
        fair.close();
        fair.settle();
        prop_assert_eq!(fair.settle(), 0);
        tally.check(&fair);
        prop_assert!(fair.items().is_empty());
        let points: u64 = MEMBERS.iter().map(|member| fair.me(member, None).balance).sum();
        let shared = if fair.shared().completed > 0 { 888_800 } else { 0 };
        prop_assert_eq!(points, shared);
    }
}

/// What ought to be there.
#[derive(Default)]
struct Tally {
    /// Cards drawn or granted, less those handed in.
    cards: BTreeMap<String, u64>,
    /// How many of each member's latest draws brought nothing new.
    dry: BTreeMap<String, u32>,
    /// Cards by receiver and giver.
    received: BTreeMap<(String, String), u32>,
}

impl Tally {
    fn step(&mut self, fair: &mut Fair, member: &str, what: u32, which: u32) {
        match what % 16 {
            0 => fair.now_ms += DAY_MS / 3,
            1 => {
                fair.settle();
            }
            2 => {
                let card = ["carp", "ingot", "lantern"][which as usize % 3];
                fair.grant(member, &[card]);
                *self.cards.entry(card.into()).or_default() += 1;
            }
            3..6 => {
                if let Ok(outcome) = fair.play(member, &DRAW) {
                    self.drawn(member, outcome);
                }
            }
            _ => self.offered(fair, member, what, which),
        }
    }

    fn drawn(&mut self, member: &str, outcome: Outcome) {
        let Outcome::Drawn { card, new, .. } = outcome else { panic!() };
        *self.cards.entry(card).or_default() += 1;
        let dry = self.dry.entry(member.into()).or_default();
        *dry = if new { 0 } else { *dry + 1 };
    }

    /// One of the moves that a view offers, a link in view: it is not refused.
    fn offered(&mut self, fair: &mut Fair, member: &str, what: u32, which: u32) {
        let items = fair.items();
        let link = (!items.is_empty()).then(|| items[what as usize % items.len()].clone());
        let me = fair.me(member, link.as_ref().map(|(key, _)| key.as_str()));
        let moves: Vec<Raw> = fair.running.game.moves(&me.view);
        let moves: Vec<Action> =
            moves.iter().map(|raw| serde_json::from_str(raw.text()).unwrap()).collect();
        let others: Vec<_> =
            moves.into_iter().filter(|action| !matches!(action, Action::Draw { .. })).collect();
        let Some(action) = others.get(which as usize % others.len().max(1)) else { return };
        let before = fair.view(member);
        let outcome = fair.play(member, action).unwrap_or_else(|refusal| {
            panic!("{member} was offered {action:?}: {refusal:?}");
        });
        if let Outcome::Completed { .. } = outcome {
            for (was, is) in before.cards.iter().zip(fair.view(member).cards) {
                *self.cards.entry(is.card).or_default() -= u64::from(was.count - is.count);
            }
        }
    }

    /// Every card is on a shelf or in a link, and every limit holds.
    fn check(&mut self, fair: &Fair) {
        let mut found: BTreeMap<String, u64> = BTreeMap::new();
        for member in MEMBERS {
            for held in fair.view(member).cards {
                *found.entry(held.card).or_default() += u64::from(held.count);
            }
            let row = fair.member(member);
            assert!(row.from.values().all(|count| *count <= 3), "{member}: {:?}", row.from);
            assert!(row.from.values().sum::<u32>() <= 8);
            assert!(row.gifts.len() + row.asks.len() <= 10);
            assert!(
                self.dry
                    .get(member)
                    .is_none_or(|dry| *dry < 4 || fair.view(member).sure_in.is_none())
            );
            for (giver, count) in row.from {
                let pair = self.received.entry((member.into(), giver)).or_default();
                assert!(count >= *pair);
                *pair = count;
            }
        }
        for (_, item) in fair.items() {
            match item {
                Item::Gift { card, taken: false, .. } | Item::Ask { card, giver: Some(_), .. } => {
                    *found.entry(card).or_default() += 1;
                }
                _ => {}
            }
        }
        for (card, count) in &found {
            assert_eq!(*count, self.cards.get(card).copied().unwrap_or(0), "{card}");
        }
    }
}
