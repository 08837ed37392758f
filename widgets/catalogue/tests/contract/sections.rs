//! What every activity shares is the engine's: whatever kind stands below it, a schedule, an
//! audience, a passphrase and a budget hold.

use crate::{
    crowd::Crowd,
    history::{DAY_MS, opened, ready, with},
    random::Random,
};
use funfair_catalogue::{ENTRIES, Entry, kinds};
use funfair_engine::{
    Account, Asker, Denial, Desk, Fault, Lane, MemoryStore, Running, SecretKey, Setup, Standing,
};
use funfair_host_api::{ActivityState, Barrier, Me, Reward, json::Raw};
use std::sync::Arc;

/// One kind's example with more sections, and those who come to it.
struct House {
    entry: &'static Entry,
    running: Arc<Running>,
    store: MemoryStore,
}

impl House {
    fn open(entry: &'static Entry, sections: &str) -> Self {
        let mut setup = with(entry, sections);
        setup.closes_at_ms = setup.opens_at_ms + 60 * DAY_MS;
        let (running, store) = opened(setup);
        Self { entry, running, store }
    }

    fn me(&self, asker: &Asker, now_ms: u64) -> Me<Raw> {
        Desk::me(&self.store, &self.running, asker, None, now_ms).unwrap().unwrap()
    }

    /// Takes up the first move that the view offers, whatever stands in the way.
    fn play(&self, asker: &Asker, now_ms: u64) -> Result<(), Denial> {
        let me = self.me(asker, now_ms);
        let moves = self.running.game.moves(&me.view);
        let action = moves.first().unwrap_or_else(|| panic!("{}: no move", self.entry.slug));
        let mut play = ready(&self.running, &asker.member, action, &me);
        play.asker = asker.clone();
        Desk::run(&self.store, now_ms, &[play]).unwrap().remove(0).map(|_| ())
    }

    /// What stands in a shopper's way is told by `me` and by the play alike.
    #[track_caller]
    fn barrier(&self, asker: &Asker, now_ms: u64) -> Option<Barrier> {
        let told = self.me(asker, now_ms).barrier;
        if let Some(barrier) = &told {
            let denied = self.play(asker, now_ms).unwrap_err();
            assert_eq!(denied, Denial::Barred(barrier.clone()), "{}", self.entry.slug);
        }
        told
    }
}

fn asker(member: &str, tier: Option<&str>) -> Asker {
    let standing = Standing { tier: tier.map(str::to_owned), ..Standing::default() };
    Asker { member: member.into(), standing }
}

#[test]
fn every_kind_is_played_within_its_times_and_so_often_as_they_take() {
    let sections = r#"
        [[schedule.slots]]
        from = "20:00"
        to = "20:10"
        quantity = 2
    "#;
    for entry in ENTRIES {
        let house = House::open(entry, sections);
        let opens_at_ms = house.running.setup.opens_at_ms;
        let slots = house.running.public(opens_at_ms).slots;
        let slot = slots.iter().find(|slot| slot.opens_at_ms > opens_at_ms).unwrap();
        let [ada, bo, chen] = ["ada", "bo", "chen"].map(|name| asker(name, None));
        let resting = house.barrier(&ada, slot.opens_at_ms - 1).unwrap();
        assert!(matches!(resting, Barrier::Resting { opens_at_ms: Some(at), .. }
            if at == slot.opens_at_ms));
        assert_eq!(house.barrier(&ada, slot.opens_at_ms), None);
        house.play(&ada, slot.opens_at_ms).unwrap();
        assert_eq!(house.barrier(&bo, slot.closes_at_ms - 1), None);
        house.play(&bo, slot.closes_at_ms - 1).unwrap();
        let gone = house.barrier(&chen, slot.closes_at_ms - 1).unwrap();
        let next = slot.opens_at_ms + DAY_MS;
        assert!(matches!(gone, Barrier::SlotGone { opens_at_ms: Some(at), .. } if at == next));
        assert!(matches!(house.barrier(&chen, slot.closes_at_ms), Some(Barrier::Resting { .. })));
        assert_eq!(house.barrier(&chen, next), None);
        house.play(&chen, next).unwrap();
    }
}

#[test]
fn every_kind_is_for_its_audience_alone() {
    let sections = r#"
        [audience]
        tiers = ["gold"]
        visible_to = "eligible"
        reason = { en = "For gold members.", zh-CN = "金卡会员专享。" }
    "#;
    for entry in ENTRIES {
        let house = House::open(entry, sections);
        let now_ms = house.running.setup.opens_at_ms;
        for other in [asker("ada", None), asker("ada", Some("silver"))] {
            let barrier = house.barrier(&other, now_ms).unwrap();
            let Barrier::NotEligible { label, hidden: true } = barrier else {
                panic!("{barrier:?}")
            };
            assert_eq!(label.pick("en"), "For gold members.");
        }
        let gold = asker("ada", Some("gold"));
        assert_eq!(house.barrier(&gold, now_ms), None);
        house.play(&gold, now_ms).unwrap();
    }
}

const GATE: &str = r#"
    [gate]
    passphrase = "Happy New Year"
    attempts_per_day = 2
    hint = { en = "Said in the live stream.", zh-CN = "直播间口播。" }
"#;

#[test]
fn every_kind_opens_to_its_passphrase_and_tries_are_limited() {
    for entry in ENTRIES {
        let house = House::open(entry, GATE);
        let now_ms = house.running.setup.opens_at_ms;
        let [ada, bo] = ["ada", "bo"].map(|name| asker(name, None));
        let left = |barrier: Option<Barrier>| match barrier {
            Some(Barrier::Passphrase { attempts_left, again_at_ms, .. }) => {
                Some((attempts_left, again_at_ms.is_some()))
            }
            None => None,
            other => panic!("{other:?}"),
        };
        let tries = |asker: &Asker, typed: &str, now_ms| {
            let me = Desk::unlock(&house.store, &house.running, asker, None, typed, now_ms);
            left(me.unwrap().unwrap().barrier)
        };
        assert_eq!(left(house.barrier(&ada, now_ms)), Some((2, false)));
        assert_eq!(tries(&ada, "happy new year!", now_ms), Some((1, false)));
        // The same one again, after a lost answer, is no second try.
        assert_eq!(tries(&ada, "happy new year!", now_ms), Some((1, false)));
        assert_eq!(tries(&ada, " ｈａｐｐｙ ＮＥＷ year\u{3000}", now_ms), None);
        house.play(&ada, now_ms).unwrap();
        assert_eq!(tries(&bo, "one", now_ms), Some((1, false)));
        assert_eq!(tries(&bo, "two", now_ms), Some((0, true)));
        assert_eq!(tries(&bo, "Happy New Year", now_ms), Some((0, true)), "no try is left");
        assert_eq!(tries(&bo, "Happy New Year", now_ms + DAY_MS), None);
    }
}

/// Two configurations that differ in the passphrase only are told apart by nothing that leaves the
/// server, before it is said and after.
#[test]
fn no_answer_tells_a_passphrase() {
    for entry in ENTRIES {
        let now_ms = House::open(entry, GATE).running.setup.opens_at_ms;
        let seen = |phrase: &str, typed: &str| {
            let house = House::open(entry, &GATE.replace("Happy New Year", phrase));
            let ada = asker("ada", None);
            let mut seen = Vec::new();
            let mut public = house.running.public(now_ms);
            assert!(!serde_json::to_string(&public).unwrap().contains(phrase));
            // A keyed hash: it names the configuration, and cannot be computed from a guess.
            public.revision.clear();
            seen.push(serde_json::to_string(&public).unwrap());
            seen.push(serde_json::to_string(&house.me(&ada, now_ms)).unwrap());
            for typed in ["wrong", typed] {
                let me = Desk::unlock(&house.store, &house.running, &ada, None, typed, now_ms);
                seen.push(serde_json::to_string(&me.unwrap().unwrap()).unwrap());
            }
            seen.push(serde_json::to_string(&house.me(&ada, now_ms)).unwrap());
            assert!(seen.iter().all(|text| !text.to_lowercase().contains(&phrase.to_lowercase())));
            seen
        };
        let one = seen("Happy New Year", "happy new year");
        assert_eq!(one, seen("Year of the Horse", "year of the horse"), "{}", entry.slug);
    }
}

#[test]
fn no_kind_gives_more_than_its_budget() {
    for entry in ENTRIES {
        let sizes = [20, 50, 100, 300, 1000, 5000, 20_000, 100_000, 1_000_000, 100_000_000];
        // Some kinds refuse one of the two sorts beside what the example promises.
        let sorts = ["points = {p}\ncents = {c}", "cents = {c}", "points = {p}"];
        let each = |size: &u64| {
            let (points, cents) = (size.to_string(), (size * 10).to_string());
            sorts.map(|sort| sort.replace("{p}", &points).replace("{c}", &cents))
        };
        let budgets = sizes.iter().flat_map(each).map(|budget| {
            let mut setup = with(entry, &format!("[budget]\n{budget}"));
            // A promise to win must not hang on the budget.
            if let Some(rules) = setup.rules.as_object_mut() {
                rules.remove("luck");
            }
            setup.closes_at_ms = setup.opens_at_ms + 60 * DAY_MS;
            setup
        });
        // The smallest with which the example makes sense: it is used up soonest.
        let mut faults = Vec::new();
        let sound = |setup: &Setup| {
            faults = faults_of(setup.clone());
            faults.is_empty()
        };
        let setup = budgets.into_iter().find(sound);
        let setup = setup.unwrap_or_else(|| panic!("{}: no budget fits: {faults:?}", entry.slug));
        let most = |budget: Option<u64>| budget.unwrap_or(u64::MAX);
        let (points, cents) = (most(setup.budget.points), most(setup.budget.cents));
        let mut crowd = Crowd::open(entry, setup);
        let mut random = Random(5);
        let opens_at_ms = crowd.running.setup.opens_at_ms;
        let step_ms = 60 * DAY_MS / 700;
        for number in 0..600 {
            crowd.turn(&mut random, opens_at_ms + number * step_ms);
        }
        crowd.settle(crowd.running.setup.closes_at_ms);
        let transfers = crowd.store.all_transfers("acme");
        let issued = transfers.iter().filter(|row| row.debit == Account::Issued);
        assert!(issued.map(|row| row.amount).sum::<u64>() <= points, "{}", entry.slug);
        let spent: u64 = crowd
            .rewards()
            .iter()
            .map(|reward| match reward {
                Reward::Coupon { value_cents, .. } => *value_cents,
                Reward::RedPacket { amount_cents, .. } => *amount_cents,
                _ => 0,
            })
            .sum();
        assert!(spent <= cents, "{}: {spent} of {cents}", entry.slug);
        crowd.audit();
    }
}

fn faults_of(setup: Setup) -> Vec<Fault> {
    let lane = Lane { programme: "acme".into(), store: "acme".into(), activity: "a".into() };
    let key = SecretKey::new([42; 32]);
    Running::new(lane, setup, ActivityState::Live, key, &kinds()).err().unwrap_or_default()
}
