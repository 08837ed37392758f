//! After any history of plays, facts, corrections, returns and lapsing, the books are right; and
//! what facts bring does not depend on the order in which they come, nor on how often.

#![cfg(not(target_family = "wasm"))]
#![expect(clippy::unwrap_used, reason = "a test ends where it cannot go on")]

use funfair_engine::{
    Account, Clock, Desk, Expiry, MemoryStore, Merchant, PointsRules, Purchase, Purse, PurseKey,
    Store, Wants,
    story::{Booth, merchants},
};
use funfair_host_api::{Adjustment, Fact, Reason};
use proptest::prelude::*;
use std::collections::BTreeMap;

const DAY_MS: u64 = 86_400_000;
const MEMBERS: [&str; 3] = ["ann", "bob", "cid"];

struct Shop {
    clock: Clock,
    points: PointsRules,
}

impl Shop {
    fn new(on: Purchase) -> Self {
        let points = PointsRules {
            per_100_cents: 3,
            on,
            expiry: Expiry::Days { days: 20 },
            ..PointsRules::default()
        };
        Self { clock: Clock::new("Asia/Shanghai", 0).unwrap(), points }
    }

    fn merchant(&self) -> Merchant<'_> {
        Merchant {
            programme: "acme",
            store: "acme",
            clock: &self.clock,
            points: &self.points,
            activities: &[],
        }
    }

    fn record(&self, booth: &Booth<'_>, facts: &[Fact]) -> Vec<i64> {
        let named: Vec<_> = facts.iter().map(|fact| (fact.sub.clone(), fact.clone())).collect();
        let said = Desk::record(booth.store, &self.merchant(), booth.now_ms, &named).unwrap();
        said.iter().map(|fact| fact.points).collect()
    }
}

fn purse(store: &dyn Store, member: &str) -> Purse {
    let key = PurseKey { programme: "acme".into(), member: member.into() };
    let wants = Wants { purses: [key].into(), ..Wants::default() };
    store.load(&wants).unwrap().purses.into_values().next().unwrap_or_default()
}

/// Checks the whole programme: every account by its transfers, and their sum.
fn audit(booth: &Booth<'_>, store: &MemoryStore) {
    let mut accounts = BTreeMap::<Account, i128>::new();
    let mut returned = BTreeMap::<String, u64>::new();
    let transfers = store.all_transfers("acme");
    for row in &transfers {
        assert!(row.amount > 0);
        *accounts.entry(row.debit.clone()).or_default() -= i128::from(row.amount);
        *accounts.entry(row.credit.clone()).or_default() += i128::from(row.amount);
        if row.debit == Account::Redeemed {
            *returned.entry(row.of.clone().unwrap()).or_default() += row.amount;
        }
    }
    assert_eq!(accounts.values().sum::<i128>(), 0);
    for (of, points) in returned {
        let source = transfers.iter().find(|row| row.id == of).unwrap();
        assert_eq!((source.reason, source.amount), (Reason::Redeem, points));
    }
    for member in MEMBERS {
        let points = booth.audit(member);
        let account = |account| accounts.get(&account).copied().unwrap_or(0);
        let purse = purse(store, member);
        assert_eq!(account(Account::Member(member.into())), i128::from(points));
        assert_eq!(account(Account::Owed(member.into())), -i128::from(purse.owed));
        let day = Clock::new("Asia/Shanghai", 0).unwrap().day(booth.now_ms);
        assert!(purse.owed == 0 || purse.spendable(day) == 0, "{purse:?}");
    }
}

/// One step of a history.
#[derive(Clone, Debug)]
enum Step {
    Earn { member: usize, points: u64 },
    Spend { member: usize, points: u64 },
    Draw { member: usize },
    Order { order: u64, what: usize, cents: u64 },
    Adjust { member: usize, points: i64 },
    Return { member: usize, which: usize },
    Wait { days: u64 },
    Expire,
}

fn step() -> impl Strategy<Value = Step> {
    let member = || 0..MEMBERS.len();
    prop_oneof![
        (member(), 1..40u64).prop_map(|(member, points)| Step::Earn { member, points }),
        (member(), 1..40u64).prop_map(|(member, points)| Step::Spend { member, points }),
        member().prop_map(|member| Step::Draw { member }),
        (0..6u64, 0..3usize, 1..3000u64).prop_map(|(order, what, cents)| Step::Order {
            order,
            what,
            cents
        }),
        (member(), -60..60i64).prop_filter_map("not 0", |(member, points)| (points != 0)
            .then_some(Step::Adjust { member, points })),
        (member(), 0..4usize).prop_map(|(member, which)| Step::Return { member, which }),
        (1..15u64).prop_map(|days| Step::Wait { days }),
        Just(Step::Expire),
    ]
}

fn order_fact(id: &str, order: u64, what: usize, cents: u64) -> Fact {
    let what = ["order.paid", "order.received", "order.refunded"][what];
    let member = MEMBERS[usize::try_from(order).unwrap() % MEMBERS.len()];
    let order = format!("o{order}");
    Fact { sub: member.into(), ..merchants::fact(id, what, Some(&order), Some(cents)) }
}

fn take(step: &Step, number: usize, booth: &mut Booth<'_>, shop: &Shop) {
    let id = format!("step-{number}");
    match *step {
        Step::Earn { member, points } => {
            let action = format!(r#"{{"type":"earn","points":{points}}}"#);
            // Refused once the activity is over; the ledger goes on.
            let _ = booth.one(MEMBERS[member], &id, &action);
        }
        Step::Spend { member, points } => {
            let name = MEMBERS[member];
            let action = format!(r#"{{"type":"wrap","item":"{name}:{id}","points":{points}}}"#);
            let _ = booth.one(name, &id, &action);
        }
        Step::Draw { member } => drop(booth.one(MEMBERS[member], &id, r#"{"type":"buy"}"#)),
        Step::Order { order, what, cents } => {
            let fact = order_fact(&id, order, what, cents);
            shop.record(booth, &[fact.clone(), fact]);
        }
        Step::Adjust { member, points } => {
            let one = merchants::adjustment(&id, points);
            let said =
                Desk::adjust(booth.store, &shop.merchant(), booth.now_ms, MEMBERS[member], &one);
            assert!(!said.unwrap().repeated);
        }
        Step::Return { member, which } => {
            let member = MEMBERS[member];
            let spent = booth.store.transfers("acme", member, None, 1 << 20).unwrap();
            let spent = spent.into_iter().filter(|row| row.reason == Reason::Redeem).nth(which);
            let Some(spent) = spent else { return };
            let one = Adjustment {
                points: None,
                refund_of: Some(spent.id),
                ..merchants::adjustment(&id, 0)
            };
            // Refused where it was returned before.
            let _ = Desk::adjust(booth.store, &shop.merchant(), booth.now_ms, member, &one);
        }
        Step::Wait { days } => booth.now_ms += days * DAY_MS,
        Step::Expire => {
            let day = shop.clock.day(booth.now_ms);
            let expire =
                || Desk::expire(booth.store, &shop.merchant(), day, booth.now_ms, None).unwrap();
            expire();
            assert_eq!(expire().points, 0, "run again it finds nothing");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn after_any_history_the_books_are_right(
        steps in prop::collection::vec(step(), 1..60),
        on in prop_oneof![Just(Purchase::Paid), Just(Purchase::Received)],
    ) {
        let store = MemoryStore::default();
        let shop = Shop::new(on);
        let mut booth = Booth::open(&store, "acme");
        for (number, step) in steps.iter().enumerate() {
            take(step, number, &mut booth, &shop);
            audit(&booth, &store);
        }
    }

    #[test]
    fn facts_bring_the_same_in_any_order_and_however_often(
        facts in prop::collection::vec((0..4u64, 0..3usize, 1..3000u64), 1..24),
        shuffled in any::<u64>(),
        cuts in prop::collection::vec(1..5usize, 24),
        on in prop_oneof![Just(Purchase::Paid), Just(Purchase::Received)],
    ) {
        let shop = Shop::new(on);
        let fact = |(number, (order, what, cents)): (usize, &(u64, usize, u64))| {
            order_fact(&format!("f{number}"), *order, *what, *cents)
        };
        let told: Vec<_> = facts.iter().enumerate().map(fact).collect();
        // Another order, and every third fact twice.
        let mut other = told.clone();
        other.extend(told.iter().step_by(3).cloned());
        let mut seed = shuffled;
        for at in (1..other.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            other.swap(at, usize::try_from(seed >> 33).unwrap() % (at + 1));
        }
        let stores = [MemoryStore::default(), MemoryStore::default()];
        for (store, facts) in stores.iter().zip([&told, &other]) {
            let booth = Booth::open(store, "acme");
            let mut rest = facts.as_slice();
            for cut in cuts.iter().chain(std::iter::repeat(&7)) {
                let (now, later) = rest.split_at((*cut).min(rest.len()));
                shop.record(&booth, now);
                rest = later;
                if rest.is_empty() {
                    break;
                }
            }
            audit(&booth, store);
        }
        for member in MEMBERS {
            prop_assert_eq!(purse(&stores[0], member), purse(&stores[1], member));
        }
        let profiles = |store: &MemoryStore| {
            let key = |member: &&str| PurseKey { programme: "acme".into(), member: (*member).into() };
            let profiles = MEMBERS.iter().map(key).collect();
            store.load(&Wants { profiles, ..Wants::default() }).unwrap().profiles
        };
        prop_assert_eq!(profiles(&stores[0]), profiles(&stores[1]));
    }
}
