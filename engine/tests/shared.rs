//! What every activity shares, each rule by itself: who may play, what facts bring, what a draw can
//! give.

use funfair_engine::{
    Audience, ChanceRules, Chances, Clock, Cx, Dice, EarnedBy, Gate, Luck, LuckRules, Prize,
    Profile, RewardRule, SecretKey, Seen, Segment, Seniority, Standing, Tally, VisibleTo, draw,
};
use funfair_host_api::{Day, Fact, Reward, Words};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

mod audience {
    use super::*;

    fn all() -> Audience {
        Audience {
            visible_to: VisibleTo::All,
            members: None,
            new_days: 30,
            tiers: Vec::new(),
            tags: Vec::new(),
            without_tags: Vec::new(),
            segments: Vec::new(),
            reason: Words::default(),
        }
    }

    const TODAY: &str = "2026-11-11";

    #[track_caller]
    fn check(audience: &Audience, standing: &Standing, profile: &Profile, admitted: bool) {
        assert_eq!(audience.admits(standing, profile, day(TODAY)), admitted);
    }

    fn joined(text: &str) -> Profile {
        Profile { joined: Some(day(text)), ..Profile::default() }
    }

    #[test]
    fn members_are_new_for_so_many_days_the_first_included() {
        let new = Audience { members: Some(Seniority::New), new_days: 7, ..all() };
        let old = Audience { members: Some(Seniority::Old), new_days: 7, ..all() };
        for (date, is_new) in [("2026-11-11", true), ("2026-11-05", true), ("2026-11-04", false)] {
            check(&new, &Standing::default(), &joined(date), is_new);
            check(&old, &Standing::default(), &joined(date), !is_new);
        }
    }

    #[test]
    fn who_joined_before_facts_were_told_is_an_old_member_and_a_guest_is_none() {
        let guest = Standing { guest: true, ..Standing::default() };
        for (members, known) in [(Seniority::New, false), (Seniority::Old, true)] {
            let audience = Audience { members: Some(members), ..all() };
            check(&audience, &Standing::default(), &Profile::default(), known);
            check(&audience, &guest, &Profile::default(), false);
            check(&audience, &guest, &joined(TODAY), false);
        }
        let tagged = Audience { without_tags: vec!["staff".into()], ..all() };
        check(&tagged, &guest, &Profile::default(), true);
    }

    #[test]
    fn the_tokens_tier_goes_before_that_of_the_facts_and_tags_are_taken_together() {
        let gold = Audience { tiers: vec!["gold".into(), "black".into()], ..all() };
        let tier = |name: &str| Some(name.to_owned());
        let said = |tier: Option<String>| Standing { tier, ..Standing::default() };
        let told = |tier: Option<String>| Profile { tier, ..Profile::default() };
        check(&gold, &said(tier("black")), &told(None), true);
        check(&gold, &said(None), &told(tier("gold")), true);
        check(&gold, &said(tier("silver")), &told(tier("gold")), false);
        check(&gold, &said(None), &told(None), false);
        let tags = |list: &[&str]| list.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
        let audience =
            Audience { tags: tags(&["vip", "fan"]), without_tags: tags(&["staff"]), ..all() };
        let with = |said: &[&str], told: &[&str], admitted| {
            let standing = Standing { tags: tags(said), ..Standing::default() };
            check(&audience, &standing, &Profile { tags: tags(told), ..joined(TODAY) }, admitted);
        };
        with(&["vip"], &[], true);
        with(&[], &["fan"], true);
        with(&["vip"], &["staff"], false);
        with(&["new"], &[], false);
    }

    #[test]
    fn a_segment_counts_a_fact_ever_or_within_so_many_days() {
        let days = ["2026-11-11", "2026-11-10", "2026-11-01"].map(day).to_vec();
        let seen = Seen { count: 5, days };
        let profile = Profile { facts: [("order.paid".into(), seen)].into(), ..joined(TODAY) };
        let check = |fact: &str, (least, most): (u32, Option<u32>), within, admitted| {
            let segment =
                Segment { fact: fact.into(), at_least: least, at_most: most, within_days: within };
            let audience = Audience { segments: vec![segment], ..all() };
            check(&audience, &Standing::default(), &profile, admitted);
        };
        check("order.paid", (5, None), None, true);
        check("order.paid", (6, None), None, false);
        check("order.paid", (2, Some(2)), Some(2), true);
        check("order.paid", (1, Some(1)), Some(1), true);
        check("order.paid", (3, None), Some(10), false);
        check("order.paid", (3, None), Some(11), true);
        // Bought nothing, and absent for a month.
        check("order.refunded", (0, Some(0)), None, true);
        check("shop.visited", (0, Some(0)), Some(30), true);
        check("order.paid", (0, Some(0)), Some(30), false);
    }
}

#[test]
fn a_passphrase_is_typed_in_any_case_and_width() {
    let gate = |phrase: &str| Gate {
        passphrase: phrase.into(),
        attempts_per_day: 5,
        hint: Words::default(),
    };
    for typed in ["芝麻开门888", "　芝麻开门８８８ ", "芝麻开门888\n"] {
        assert!(gate("芝麻开门888").opens(typed), "{typed}");
    }
    for typed in ["open sesame", "OPEN Sesame", "ｏｐｅｎ ｓｅｓａｍｅ", "ＯＰＥＮ　ＳＥＳＡＭＥ"]
    {
        assert!(gate("Open Sesame").opens(typed), "{typed}");
    }
    for typed in ["", "opensesame", "open sesame!", "open  sesame"] {
        assert!(!gate("Open Sesame").opens(typed), "{typed}");
    }
}

mod chances {
    use super::*;

    const DAY_MS: u64 = 24 * 60 * 60 * 1000;

    fn clock() -> Clock {
        Clock::new("Asia/Shanghai", 4).unwrap()
    }

    /// Noon of a day of November.
    fn noon(date: u64) -> u64 {
        clock().begins_at_ms(day("2026-11-01")) + (date - 1) * DAY_MS + DAY_MS / 3
    }

    fn rules(line: EarnedBy) -> ChanceRules {
        ChanceRules { earned: vec![line], ..ChanceRules::default() }
    }

    fn line(fact: &str) -> EarnedBy {
        EarnedBy {
            fact: fact.into(),
            count: 1,
            at_least_cents: None,
            at_least_seconds: None,
            per_day: None,
            total: None,
            days: None,
        }
    }

    fn fact(fact: &str, at_ms: u64) -> Fact {
        Fact {
            id: String::new(),
            fact: fact.into(),
            sub: String::new(),
            at_ms,
            order: None,
            amount_cents: Some(5000),
            item: None,
            dwell_seconds: Some(30),
            tier: None,
            tags: None,
            prize: None,
            tracking: None,
            channel: None,
        }
    }

    #[test]
    fn a_fact_counts_for_the_lines_of_its_type_whose_amount_it_reaches() {
        let small = EarnedBy { at_least_cents: Some(5000), ..line("order.paid") };
        let large = EarnedBy { at_least_cents: Some(5001), count: 5, ..line("order.paid") };
        let looked = EarnedBy { at_least_seconds: Some(30), count: 2, ..line("item.browsed") };
        let rules = ChanceRules { earned: vec![small, large, looked], ..ChanceRules::default() };
        let mut mine = Chances::default();
        let mut earn = |fact| mine.earn(&rules, &fact, &clock(), noon(2));
        assert_eq!(earn(fact("order.paid", noon(1))), 1);
        assert_eq!(earn(Fact { amount_cents: None, ..fact("order.paid", noon(1)) }), 0);
        assert_eq!(earn(Fact { amount_cents: Some(9000), ..fact("order.paid", noon(1)) }), 6);
        assert_eq!(earn(fact("item.browsed", noon(1))), 2);
        assert_eq!(earn(Fact { dwell_seconds: Some(29), ..fact("item.browsed", noon(1)) }), 0);
        assert_eq!(earn(fact("order.received", noon(1))), 0);
        assert_eq!(mine.granted(noon(2)), 9);
    }

    #[test]
    fn a_days_limit_is_that_of_the_facts_own_day_however_late_it_is_told() {
        let rules = rules(EarnedBy { per_day: Some(2), total: Some(5), ..line("order.paid") });
        let mut mine = Chances::default();
        let mut earn = |date| mine.earn(&rules, &fact("order.paid", noon(date)), &clock(), noon(9));
        let brought: Vec<_> = [9, 9, 9, 7, 9, 7, 7, 8, 8].map(&mut earn).into();
        assert_eq!(brought, [1, 1, 0, 1, 0, 1, 0, 1, 0], "two a day, five in all");
    }

    #[test]
    fn validity_counts_from_the_facts_day_and_what_has_lapsed_is_not_granted() {
        let rules = rules(EarnedBy { days: Some(2), ..line("order.paid") });
        let mut mine = Chances::default();
        let ends = clock().begins_at_ms(day("2026-11-05"));
        let paid = fact("order.paid", noon(3));
        assert_eq!(mine.earn(&rules, &paid, &clock(), ends), 0);
        assert_eq!(mine.earn(&rules, &paid, &clock(), ends - 1), 1);
        assert_eq!((mine.granted(ends - 1), mine.granted(ends)), (1, 0));
        let lots = mine.lots(ends - 1);
        assert_eq!(lots.iter().map(|lot| lot.expires_at_ms).collect::<Vec<_>>(), [Some(ends)]);
    }

    proptest! {
        /// Facts come in any order: what they bring is the same.
        #[test]
        fn the_order_of_facts_does_not_change_what_they_bring(
            dates in prop::collection::vec(1u64..15, 0..40),
            per_day in prop::option::of(1u32..4),
            seed: u64,
        ) {
            let rules = rules(EarnedBy { per_day, ..line("order.paid") });
            let bring = |dates: &[u64]| {
                let mut mine = Chances::default();
                for date in dates {
                    mine.earn(&rules, &fact("order.paid", noon(*date)), &clock(), noon(20));
                }
                mine.granted(noon(20))
            };
            let mut other = dates.clone();
            let mut state = seed | 1;
            for at in (1..other.len()).rev() {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                other.swap(at, usize::try_from(state >> 33).unwrap() % (at + 1));
            }
            prop_assert_eq!(bring(&dates), bring(&other));
            let mut counts = BTreeMap::new();
            for date in &dates {
                *counts.entry(*date).or_insert(0u64) += 1;
            }
            let most = u64::from(per_day.unwrap_or(u32::MAX));
            prop_assert_eq!(bring(&dates), counts.values().map(|count| (*count).min(most)).sum::<u64>());
        }
    }
}

mod prizes {
    use super::*;

    fn words(text: &str) -> Words {
        Words::of(&[("en", text), ("zh-CN", text)])
    }

    fn reward(kind: u8) -> Option<RewardRule> {
        match kind {
            0 => None,
            1 => Some(RewardRule::Points { amount: 10, days: None }),
            2 => Some(RewardRule::Coupon {
                value_cents: 500,
                threshold_cents: 0,
                days: Some(7),
                items: Vec::new(),
                codes: Some("spring".into()),
            }),
            3 => Some(RewardRule::RedPacket { amount_cents: 800 }),
            4 => Some(RewardRule::Chance { activity: Some("cards".into()), count: 2, days: None }),
            5 => Some(RewardRule::Card { activity: "signin".into(), card: "make-up".into() }),
            _ => Some(RewardRule::Benefit { code: "free-post".into() }),
        }
    }

    fn prize(id: &str, kind: u8, weight: u64) -> Prize {
        let reward = reward(kind);
        Prize {
            id: id.into(),
            label: words(id),
            tier: u32::from(reward.is_some()),
            weight,
            stock: None,
            daily: None,
            per_member: None,
            icon: "none".into(),
            reward,
            fallback: false,
        }
    }

    /// Lists with every sort of reward and limit; what keeps promises is a benefit.
    fn lists() -> impl Strategy<Value = Vec<Prize>> {
        let limits = (prop::option::of(0u64..3), prop::option::of(1u32..3));
        let line = (0u8..7, 0u64..10, limits);
        (prop::collection::vec(line, 1..6), 0u8..2, 1u64..3).prop_map(|(lines, last, sure)| {
            let mut list: Vec<_> = lines
                .into_iter()
                .enumerate()
                .map(|(index, (kind, weight, (stock, per_member)))| Prize {
                    stock,
                    per_member,
                    ..prize(&format!("p{index}"), kind, weight)
                })
                .collect();
            list.push(prize("sure", 6, sure));
            list.push(Prize { fallback: true, tier: 0, ..prize("last", last, 1) });
            list
        })
    }

    fn pools(list: &[Prize], left: &[u64]) -> BTreeMap<String, u64> {
        let stock = list.iter().filter(|prize| prize.has_pool()).map(|prize| prize.id.clone());
        let rest = ["codes:spring", "budget:points", "budget:cents"].map(str::to_owned);
        stock.chain(rest).zip(left.iter().copied().cycle()).collect()
    }

    fn cx(pools: BTreeMap<String, u64>, key: u8) -> Cx {
        let dice = Dice::new(SecretKey::new([key; 32]).seed("p", "m", 0), "a", "r", 0, "seed");
        Cx { pools, ..Cx::new(0, day("2026-11-11"), dice) }
    }

    /// What a grant takes from each pool, the budget's included.
    fn cost(grant: &funfair_engine::Grant) -> BTreeMap<String, u64> {
        let mut cost: BTreeMap<String, u64> = BTreeMap::new();
        for pool in &grant.take {
            *cost.entry(pool.clone()).or_default() += 1;
        }
        for reward in &grant.rewards {
            match reward {
                Reward::Points { amount, .. } => {
                    *cost.entry("budget:points".into()).or_default() += amount;
                }
                Reward::Coupon { value_cents: cents, .. }
                | Reward::RedPacket { amount_cents: cents, .. } => {
                    *cost.entry("budget:cents".into()).or_default() += cents;
                }
                _ => {}
            }
        }
        cost
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(512))]

        #[test]
        fn a_draw_never_promises_what_is_not_there(
            list in lists(),
            left in prop::collection::vec(prop::sample::select(vec![0u64, 1, 9, 500, 5000]), 1..6),
            promised: bool,
            key: u8,
        ) {
            let before = pools(&list, &left);
            let mut cx = cx(before.clone(), key);
            let drawn = draw(&list, &mut cx, &Tally::default(), promised).unwrap();
            for (pool, cost) in cost(&drawn.grant) {
                prop_assert!(cost <= before[&pool], "{cost} of {pool}");
                prop_assert_eq!(cx.left(&pool), before[&pool] - cost);
            }
            // The sure prize is there in every state of stock, codes and budget.
            prop_assert!(!promised || drawn.tier > 0);
            if drawn.prize.reward.is_some() && drawn.grant.rewards.is_empty() {
                prop_assert!(drawn.prize.fallback && drawn.tier == 0);
                prop_assert_ne!(&drawn.label, &drawn.prize.label);
            }
        }

        #[test]
        fn promises_are_kept_and_caps_hold_while_everything_runs_out(
            list in lists(),
            left in prop::collection::vec(0u64..3, 1..6),
            first_play_wins: bool,
            win_within in prop::option::of(2u32..6),
            plays in 1usize..60,
        ) {
            let rules = LuckRules { first_play_wins, win_within };
            let mut left = pools(&list, &left);
            let mut luck = Luck::default();
            let mut won: Vec<(String, bool)> = Vec::new();
            for number in 0..plays {
                let mut cx = cx(left, u8::try_from(number).unwrap());
                let drawn = luck.draw(&rules, &list, &mut cx).unwrap();
                let capped = drawn.prize.per_member.is_some();
                luck.count(&drawn.prize.id, drawn.tier, capped);
                won.push((drawn.prize.id.clone(), drawn.tier > 0));
                left = cx.pools;
            }
            prop_assert!(!first_play_wins || won[0].1);
            if let Some(within) = win_within {
                let within = usize::try_from(within).unwrap();
                prop_assert!(won.windows(within).all(|plays| plays.iter().any(|(_, won)| *won)));
            }
            for prize in &list {
                let count = won.iter().filter(|(id, _)| *id == prize.id).count();
                let most = prize.per_member.map_or(usize::MAX, |most| usize::try_from(most).unwrap());
                prop_assert!(count <= most);
            }
        }
    }

    #[test]
    fn two_grants_of_one_play_share_what_is_left() {
        let mut cx = cx([("budget:points".into(), 15), ("codes:spring".into(), 1)].into(), 1);
        let (points, coupon) = (reward(1).unwrap(), reward(2).unwrap());
        for rule in [&points, &coupon] {
            let grant = cx.grant(rule, &words("a")).unwrap();
            cx.reserve(&grant);
        }
        assert_eq!(cx.grant(&points, &words("a")), None, "five points are left");
        assert_eq!(cx.grant(&coupon, &words("a")), None, "no code is left");
    }
}
