//! The chapters about what a merchant's server says and an operator does.

use super::{Booth, START_MS};
use crate::{
    AdjustError, Clock, Desk, Expiry, LaneRow, Merchant, PointsRules, PoolKey, PoolRow, Purchase,
    PurseKey, RecordError, Wants,
};
use funfair_host_api::{
    ActivityState, Adjusted, Adjustment, Day, Fact, HeldStatus, Reason, Recorded, Reward,
};
use std::sync::Arc;

/// One business day.
const DAY_MS: u64 = 86_400_000;

/// The chapters, in order.
pub(super) const CHAPTERS: [fn(&Booth<'_>); 10] = [
    the_points_of_an_order_do_not_depend_on_the_order_of_its_facts,
    a_fact_is_recorded_once,
    one_wrong_fact_stops_its_whole_batch,
    facts_for_an_activity_that_changed_are_stale,
    what_was_spent_before_a_refund_is_owed_and_paid_back_first,
    a_redemption_is_returned_once_and_into_its_lots,
    an_adjustment_is_booked_once,
    what_has_lapsed_goes_once,
    a_prize_moves_on_and_never_back,
    codes_are_numbered_as_they_come,
];

/// A merchant of the story, with the booth's activity.
pub struct Office {
    clock: Clock,
    points: PointsRules,
    activities: Vec<Arc<crate::Running>>,
}

impl Office {
    /// One point for every 100 cents, which lapses after 30 days.
    #[expect(clippy::expect_used, reason = "a story that cannot begin ends here")]
    pub fn of(booth: &Booth<'_>, on: Purchase) -> Self {
        let points = PointsRules {
            per_100_cents: 1,
            on,
            expiry: Expiry::Days { days: 30 },
            ..PointsRules::default()
        };
        let clock = Clock::new("Asia/Shanghai", 0).expect("a known zone");
        Self { clock, points, activities: vec![booth.at.clone()] }
    }

    /// The merchant.
    pub fn merchant<'a>(&'a self, booth: &'a Booth<'_>) -> Merchant<'a> {
        Merchant {
            programme: &booth.at.lane.programme,
            store: "acme",
            clock: &self.clock,
            points: &self.points,
            activities: &self.activities,
        }
    }

    /// Records facts about Ann.
    pub fn record(&self, booth: &Booth<'_>, facts: &[Fact]) -> Result<Vec<Recorded>, RecordError> {
        let named: Vec<_> =
            facts.iter().map(|fact| (fact.sub.replace("sub-of-", ""), fact.clone())).collect();
        Desk::record(booth.store, &self.merchant(booth), booth.now_ms, &named)
    }

    /// Books an adjustment of Ann's.
    pub fn adjust(&self, booth: &Booth<'_>, one: &Adjustment) -> Result<Adjusted, AdjustError> {
        Desk::adjust(booth.store, &self.merchant(booth), booth.now_ms, "ann", one)
    }
}

/// A fact about Ann.
pub fn fact(id: &str, what: &str, order: Option<&str>, amount_cents: Option<u64>) -> Fact {
    Fact {
        id: id.into(),
        fact: what.into(),
        sub: "sub-of-ann".into(),
        at_ms: START_MS,
        order: order.map(Into::into),
        amount_cents,
        item: None,
        dwell_seconds: None,
        tier: None,
        tags: None,
        prize: None,
        tracking: None,
        channel: None,
    }
}

/// Points in or out of Ann's purse.
pub fn adjustment(id: &str, points: i64) -> Adjustment {
    Adjustment {
        id: id.into(),
        sub: "sub-of-ann".into(),
        points: Some(points),
        refund_of: None,
        note: "as the story wants it".into(),
    }
}

fn points(said: Result<Vec<Recorded>, RecordError>) -> Vec<i64> {
    said.unwrap().iter().map(|fact| fact.points).collect()
}

fn owed(booth: &Booth<'_>) -> u64 {
    let key = PurseKey { programme: "acme".into(), member: "ann".into() };
    let wants = Wants { purses: [key].into(), ..Wants::default() };
    let purses = booth.store.load(&wants).unwrap().purses;
    purses.into_values().next().unwrap_or_default().owed
}

fn the_points_of_an_order_do_not_depend_on_the_order_of_its_facts(booth: &Booth<'_>) {
    let office = Office::of(booth, Purchase::Received);
    let paid = fact("paid", "order.paid", Some("o1"), Some(10_050));
    let came = fact("came", "order.received", Some("o1"), None);
    let back = fact("back", "order.refunded", Some("o1"), Some(4_000));
    assert_eq!(points(office.record(booth, &[paid, came, back])), [0, 100, -40]);
    assert_eq!(booth.audit("ann"), 60);
    // The other way round, as another order, in two batches.
    let paid = fact("paid-2", "order.paid", Some("o2"), Some(10_050));
    let came = fact("came-2", "order.received", Some("o2"), None);
    let back = fact("back-2", "order.refunded", Some("o2"), Some(4_000));
    assert_eq!(points(office.record(booth, &[back, came])), [0, 0]);
    assert_eq!(points(office.record(booth, &[paid])), [60]);
    assert_eq!(booth.audit("ann"), 120);
    assert_eq!(booth.store.member("acme", "acme", "sub-of-ann").unwrap().as_deref(), Some("ann"));
    let rows = booth.store.transfers("acme", "ann", None, 9).unwrap();
    assert!(rows.iter().all(|row| row.of.as_deref().is_some_and(|of| of.starts_with('o'))));
}

fn a_fact_is_recorded_once(booth: &Booth<'_>) {
    let office = Office::of(booth, Purchase::Paid);
    let paid = fact("paid", "order.paid", Some("o1"), Some(900));
    let other = Fact { amount_cents: Some(5_000), ..paid.clone() };
    let twice = office.record(booth, &[paid.clone(), other.clone()]).unwrap();
    assert_eq!((twice[0].repeated, twice[1].repeated), (false, true));
    assert_eq!((twice[0].points, twice[1].points), (9, 9), "as it was recorded");
    assert!(office.record(booth, &[other]).unwrap()[0].repeated);
    assert_eq!(booth.audit("ann"), 9);
}

fn one_wrong_fact_stops_its_whole_batch(booth: &Booth<'_>) {
    let office = Office::of(booth, Purchase::Paid);
    let good = fact("good", "order.paid", Some("o1"), Some(900));
    let wrong = [
        (fact("a", "order.eaten", None, None), "order.refunded"),
        (fact("", "shop.visited", None, None), "id is not"),
        (fact("a", "order.paid", Some("o2"), None), "needs amount_cents"),
        (fact("a", "order.paid", None, Some(1)), "needs order"),
        (fact("a", "shop.visited", Some("o2"), None), "order does not go with shop.visited"),
        (fact("a", "member.updated", None, None), "needs tier or tags"),
        (Fact { at_ms: 1_794_355_200, ..good.clone() }, "milliseconds"),
        (Fact { at_ms: START_MS + 2 * DAY_MS, ..good.clone() }, "past moment"),
        (Fact { sub: "sub-of-bob".into(), id: "b".into(), ..good.clone() }, "another shopper's"),
        (Fact { prize: Some("x".into()), ..fact("c", "prize.shipped", None, None) }, "no prize x"),
    ];
    for (wrong, reason) in wrong {
        let said = office.record(booth, &[good.clone(), wrong]).unwrap_err();
        assert!(matches!(&said, RecordError::Invalid { index: 1, .. }), "{said}");
        assert!(said.to_string().contains(reason), "{said}");
    }
    assert_eq!(booth.audit("ann"), 0);
    assert_eq!(booth.store.member("acme", "acme", "sub-of-ann").unwrap(), None);
}

fn facts_for_an_activity_that_changed_are_stale(booth: &Booth<'_>) {
    let line = "points_each = 5\nearned = [{ fact = \"order.paid\" }]";
    let file = super::ACTIVITY.replace("points_each = 5", line);
    let booth = Booth::open_with(booth.store, "acme", "earning", &file);
    let (office, at) = (Office::of(&booth, Purchase::Paid), &booth.at);
    let paid = [fact("paid", "order.paid", Some("o1"), Some(900))];
    let paused = LaneRow { state: ActivityState::Paused, ..at.head() };
    booth.store.open(&at.lane, &paused, &[]).unwrap();
    assert!(matches!(office.record(&booth, &paid), Err(RecordError::Stale)));
    assert_eq!(booth.audit("ann"), 0, "nothing of it was written");
    booth.store.open(&at.lane, &at.head(), &[]).unwrap();
    assert!(!office.record(&booth, &paid).unwrap()[0].repeated);
    assert_eq!(booth.audit("ann"), 9);
}

fn what_was_spent_before_a_refund_is_owed_and_paid_back_first(booth: &Booth<'_>) {
    let office = Office::of(booth, Purchase::Paid);
    let paid = fact("paid", "order.paid", Some("o1"), Some(1_000));
    office.record(booth, &[paid]).unwrap();
    booth.one("ann", "spend", r#"{"type":"wrap","item":"ann:gift","points":8}"#).unwrap();
    let back = fact("back", "order.refunded", Some("o1"), Some(1_000));
    assert_eq!(points(office.record(booth, &[back])), [-10]);
    assert_eq!((booth.audit("ann"), owed(booth)), (0, 8));
    // A play's points pay it back first, a fact's too.
    booth.one("ann", "earn", r#"{"type":"earn","points":3}"#).unwrap();
    assert_eq!((booth.audit("ann"), owed(booth)), (0, 5));
    let paid = fact("paid-2", "order.paid", Some("o2"), Some(700));
    office.record(booth, &[paid]).unwrap();
    assert_eq!((booth.audit("ann"), owed(booth)), (2, 0));
}

fn a_redemption_is_returned_once_and_into_its_lots(booth: &Booth<'_>) {
    let office = Office::of(booth, Purchase::Paid);
    office.record(booth, &[fact("paid", "order.paid", Some("o1"), Some(500))]).unwrap();
    booth.one("ann", "earn", r#"{"type":"earn","points":4}"#).unwrap();
    booth.one("ann", "spend", r#"{"type":"wrap","item":"ann:gift","points":7}"#).unwrap();
    let spent = booth.store.transfers("acme", "ann", None, 1 << 20).unwrap();
    let spent = spent.into_iter().find(|row| row.reason == Reason::Redeem).unwrap();
    assert_eq!(booth.store.transfer("acme", "ann", &spent.id).unwrap(), Some(spent.clone()));
    assert_eq!(booth.store.transfer("acme", "bob", &spent.id).unwrap(), None);
    let refund = |id: &str, of: &str| Adjustment {
        points: None,
        refund_of: Some(of.into()),
        ..adjustment(id, 0)
    };
    let said = office.adjust(booth, &refund("r1", "none")).unwrap_err();
    assert!(matches!(said, AdjustError::Closed(_)), "{said}");
    // Past the last day of the purchase's points: those get the grace, the others stay without end.
    let later = Booth { now_ms: START_MS + 40 * DAY_MS, ..Booth::open(booth.store, "acme") };
    let said = office.adjust(&later, &refund("r1", &spent.id)).unwrap();
    assert_eq!((said.balance, said.repeated), (9, false));
    assert!(office.adjust(&later, &refund("r1", &spent.id)).unwrap().repeated);
    let said = office.adjust(&later, &refund("r2", &spent.id)).unwrap_err();
    assert!(said.to_string().contains("returned already"), "{said}");
    let row = booth.store.transfer("acme", "ann", &format!("{}-0", said_id("adjust", "r1")));
    let row = row.unwrap().unwrap();
    assert_eq!((row.of, row.amount), (Some(spent.id), 7));
    let today = office.clock.day(later.now_ms);
    let days: Vec<_> = row.lots.iter().map(|lot| (lot.expires_on, lot.points)).collect();
    assert_eq!(days, [(None, 2), (Some(Day(today.0 + 29)), 5)]);
    booth.audit("ann");
}

/// The id of what moved points, derived from what the merchant's server said.
fn said_id(what: &str, id: &str) -> String {
    use sha2::{Digest, Sha256};
    hex::encode(&Sha256::digest(format!("{what}\nacme\nacme\n{id}"))[..12])
}

fn an_adjustment_is_booked_once(booth: &Booth<'_>) {
    let office = Office::of(booth, Purchase::Paid);
    let said = office.adjust(booth, &adjustment("a1", 50)).unwrap();
    assert_eq!((said.balance, said.owed, said.repeated), (50, 0, false));
    assert!(office.adjust(booth, &adjustment("a1", 50)).unwrap().repeated);
    let said = office.adjust(booth, &adjustment("a2", -80)).unwrap();
    assert_eq!((said.balance, said.owed), (0, 30));
    let said = office.adjust(booth, &adjustment("a3", 40)).unwrap();
    assert_eq!((said.balance, said.owed), (10, 0));
    assert_eq!(booth.audit("ann"), 10);
    for wrong in [adjustment("", 1), adjustment("b", 0), adjustment("b", i64::MIN)] {
        let said = office.adjust(booth, &wrong).unwrap_err();
        assert!(matches!(said, AdjustError::Invalid(_)), "{said}");
    }
}

fn what_has_lapsed_goes_once(booth: &Booth<'_>) {
    let office = Office::of(booth, Purchase::Paid);
    office.record(booth, &[fact("paid", "order.paid", Some("o1"), Some(500))]).unwrap();
    booth.one("ann", "earn", r#"{"type":"earn","points":4}"#).unwrap();
    let merchant = office.merchant(booth);
    let today = office.clock.day(START_MS);
    let (last, after) = (Day(today.0 + 29), Day(today.0 + 30));
    assert!(booth.store.lapsing("acme", last, None, 9).unwrap().is_empty());
    assert_eq!(booth.store.lapsing("acme", after, None, 9).unwrap(), ["ann"]);
    assert!(booth.store.lapsing("acme", after, Some("ann"), 9).unwrap().is_empty());
    assert!(booth.store.lapsing("other", after, None, 9).unwrap().is_empty());
    let now_ms = START_MS + 30 * DAY_MS;
    let foretold = Desk::would_expire(booth.store, &merchant, after, None).unwrap();
    let run = || Desk::expire(booth.store, &merchant, after, now_ms, None).unwrap();
    let (first, again) = (run(), run());
    assert_eq!((first.members, first.points, &first), (1, 5, &foretold));
    assert_eq!((again.members, again.points), (0, 0));
    assert_eq!(booth.audit("ann"), 4);
}

fn a_prize_moves_on_and_never_back(booth: &Booth<'_>) {
    let office = Office::of(booth, Purchase::Paid);
    let won = (0..40).find_map(|n| {
        let key = format!("draw-{n}");
        booth.one("ann", &format!("earn-{n}"), r#"{"type":"earn","points":5}"#).unwrap();
        booth.one("ann", &key, r#"{"type":"buy"}"#).unwrap();
        booth.store.held("acme", "ann", 1).unwrap().pop()
    });
    let won = won.unwrap();
    assert!(matches!(won.reward, Reward::Goods { .. }));
    assert_eq!((won.status, &won.tracking), (HeldStatus::Granted, &None));
    let said = |id: &str, what: &str, tracking: Option<&str>| Fact {
        prize: Some(won.id.clone()),
        tracking: tracking.map(Into::into),
        ..fact(id, what, None, None)
    };
    let status = || {
        let row = booth.store.held("acme", "ann", 99).unwrap();
        let row = row.into_iter().find(|row| row.id == won.id).unwrap();
        (row.status, row.tracking)
    };
    let held = booth.store.held("acme", "ann", 99).unwrap().len();
    office.record(booth, &[said("d", "prize.delivered", None)]).unwrap();
    assert_eq!(status(), (HeldStatus::Delivered, None));
    // Late: the parcel's number is kept, the prize stays delivered.
    office.record(booth, &[said("s", "prize.shipped", Some("SF123"))]).unwrap();
    assert_eq!(status(), (HeldStatus::Delivered, Some("SF123".into())));
    assert_eq!(booth.store.held("acme", "ann", 99).unwrap().len(), held, "put, not added");
}

fn codes_are_numbered_as_they_come(booth: &Booth<'_>) {
    let list = PoolKey { programme: "acme".into(), pool: "codes:acme/summer".into() };
    let codes = |from: u32, to: u32| (from..to).map(|n| format!("C{n}")).collect::<Vec<_>>();
    assert_eq!(booth.store.add_codes(&list, &codes(0, 3)).unwrap(), 3);
    assert_eq!(booth.store.add_codes(&list, &codes(1, 5)).unwrap(), 2, "three are there already");
    let wants = Wants {
        pools: [list.clone()].into(),
        codes: [(list.clone(), 2)].into(),
        ..Wants::default()
    };
    let mut rows = booth.store.load(&wants).unwrap();
    assert_eq!(rows.pools[&list].left, 5);
    let next = rows.codes.remove(&list).unwrap();
    assert_eq!(next.into_iter().collect::<Vec<_>>(), [(1, "C0".into()), (2, "C1".into())]);
    let taken = PoolRow { left: 3, taken: 2, ..rows.pools[&list].clone() };
    booth
        .store
        .commit(&wants, &mut |_| crate::Writes {
            pools: [(list.clone(), taken.clone())].into(),
            ..crate::Writes::default()
        })
        .unwrap();
    let rows = booth.store.load(&wants).unwrap();
    assert_eq!(rows.codes[&list].keys().copied().collect::<Vec<_>>(), [3, 4]);
}
