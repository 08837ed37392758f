use crate::{
    Clock, Desk, FactKey, HeldKey, OrderKey, PointsRules, PurseKey, Rows, Running, Store,
    StoreError, Wants, Writes, books::Books, facts,
};
use funfair_host_api::{ActivityState, Adjusted, Adjustment, Day, Fact, Recorded};
use std::sync::Arc;

/// For which store a merchant's server speaks.
#[derive(Clone, Copy)]
pub struct Merchant<'a> {
    /// The programme whose points it gives and takes.
    pub programme: &'a str,
    /// The store.
    pub store: &'a str,
    /// Its business days.
    pub clock: &'a Clock,
    /// What points are there.
    pub points: &'a PointsRules,
    /// Its activities: facts bring chances in them.
    pub activities: &'a [Arc<Running>],
}

/// Why facts were not recorded: none of the batch was.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// One of them is not of its form, or does not fit what is known.
    #[error("fact {index}: {reason}")]
    Invalid {
        /// Which, from 0.
        index: usize,
        /// Why.
        reason: String,
    },
    /// An activity changed under the caller: read the store again and record the facts again.
    #[error("an activity changed meanwhile")]
    Stale,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why an adjustment was not booked.
#[derive(Debug, thiserror::Error)]
pub enum AdjustError {
    /// It is not of its form.
    #[error("{0}")]
    Invalid(String),
    /// The member has no such redemption, or it was returned already.
    #[error("{0}")]
    Closed(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What one page of expiry came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lapsed {
    /// How many members lost points.
    pub members: u64,
    /// How many points.
    pub points: u64,
    /// Where the next page begins; `None` at the end.
    pub next: Option<String>,
}

/// How many members one page of expiry looks at.
const PAGE: usize = 500;
/// More points than an operator gives or takes at once.
const MOST_ADJUSTED: u64 = 1_000_000_000;

impl Desk {
    /// Records facts (member, fact) in one transaction: all of them, or none. A fact whose id is
    /// on record is answered as it was then. Points and profiles depend on the set of facts alone,
    /// in whatever order they come and however often.
    pub fn record(
        store: &dyn Store,
        merchant: &Merchant<'_>,
        now_ms: u64,
        facts: &[(String, Fact)],
    ) -> Result<Vec<Recorded>, RecordError> {
        for (index, (_, fact)) in facts.iter().enumerate() {
            if let Some(reason) = facts::fault(fact, now_ms) {
                return Err(RecordError::Invalid { index, reason });
            }
        }
        let mut wants = Wants::default();
        for (member, fact) in facts {
            merchant.wants(&mut wants, member, fact);
        }
        let mut said = Ok(Vec::new());
        store.commit(&wants, &mut |rows| {
            if !merchant.is_as_in(rows, &wants) {
                said = Err(RecordError::Stale);
                return Writes::default();
            }
            let mut books = Books::new(merchant, rows, now_ms);
            let record = |(index, (member, fact)): (usize, &(String, Fact))| {
                books.record(member, fact).map_err(|wrong| wrong.at(index))
            };
            said = facts.iter().enumerate().map(record).collect();
            if said.is_ok() { books.writes } else { Writes::default() }
        })?;
        said
    }

    /// Books an operator's correction, or the return of a redemption.
    pub fn adjust(
        store: &dyn Store,
        merchant: &Merchant<'_>,
        now_ms: u64,
        member: &str,
        adjustment: &Adjustment,
    ) -> Result<Adjusted, AdjustError> {
        if let Some(reason) = adjustment_fault(adjustment) {
            return Err(AdjustError::Invalid(reason));
        }
        let source = match &adjustment.refund_of {
            Some(id) => store.transfer(merchant.programme, member, id)?,
            None => None,
        };
        let mut wants = Wants::default();
        wants.facts.insert(merchant.fact_key("adjust", &adjustment.id));
        let refund = adjustment.refund_of.iter().map(|id| merchant.fact_key("refund", id));
        wants.facts.extend(refund);
        wants.purses.insert(merchant.purse_key(member));
        let mut said = Err(AdjustError::Invalid(String::new()));
        store.commit(&wants, &mut |rows| {
            let mut books = Books::new(merchant, rows, now_ms);
            said = books.adjust(member, adjustment, source.as_ref());
            if said.is_ok() { books.writes } else { Writes::default() }
        })?;
        said
    }

    /// Lets the points lapse whose last day is before `day`, for the members after `after`. What
    /// has lapsed is gone: run again, it finds nothing.
    pub fn expire(
        store: &dyn Store,
        merchant: &Merchant<'_>,
        day: Day,
        now_ms: u64,
        after: Option<&str>,
    ) -> Result<Lapsed, StoreError> {
        let (members, wants) = merchant.lapsing(store, day, after)?;
        let mut lapsed = Lapsed::default();
        if !members.is_empty() {
            store.commit(&wants, &mut |rows| {
                let mut books = Books::new(merchant, rows, now_ms);
                lapsed = books.expire(&members, day);
                books.writes
            })?;
        }
        Ok(Lapsed { next: next(members), ..lapsed })
    }

    /// What [`expire`](Self::expire) would do.
    pub fn would_expire(
        store: &dyn Store,
        merchant: &Merchant<'_>,
        day: Day,
        after: Option<&str>,
    ) -> Result<Lapsed, StoreError> {
        let (members, wants) = merchant.lapsing(store, day, after)?;
        let rows = store.load(&wants)?;
        let lapsed = Books::new(merchant, &rows, 0).expire(&members, day);
        Ok(Lapsed { next: next(members), ..lapsed })
    }
}

fn next(mut members: Vec<String>) -> Option<String> {
    (members.len() == PAGE).then(|| members.pop()).flatten()
}

impl Merchant<'_> {
    pub(crate) fn fact_key(&self, what: &str, id: &str) -> FactKey {
        FactKey {
            programme: self.programme.into(),
            store: self.store.into(),
            id: format!("{what}:{id}"),
        }
    }

    pub(crate) fn purse_key(&self, member: &str) -> PurseKey {
        PurseKey { programme: self.programme.into(), member: member.into() }
    }

    pub(crate) fn order_key(&self, order: &str) -> OrderKey {
        OrderKey { programme: self.programme.into(), store: self.store.into(), order: order.into() }
    }

    pub(crate) fn held_key(&self, member: &str, prize: &str) -> HeldKey {
        HeldKey { programme: self.programme.into(), member: member.into(), id: prize.into() }
    }

    /// The activities in which a fact brings chances.
    pub(crate) fn earning(&self, fact: &Fact) -> impl Iterator<Item = &Arc<Running>> {
        let running =
            |at: &&Arc<Running>| matches!(at.state, ActivityState::Live | ActivityState::Paused);
        let channel = fact.channel.as_deref();
        let counts = move |at: &&Arc<Running>| {
            at.earns_by(&fact.fact)
                && (fact.fact != "shop.shared" || at.setup.rewards_sharing(channel))
        };
        self.activities.iter().filter(running).filter(counts)
    }

    fn wants(&self, wants: &mut Wants, member: &str, fact: &Fact) {
        wants.facts.insert(self.fact_key("fact", &fact.id));
        wants.profiles.insert(self.purse_key(member));
        if let Some(order) = &fact.order {
            wants.orders.insert(self.order_key(order));
            wants.purses.insert(self.purse_key(member));
        }
        wants.held.extend(fact.prize.iter().map(|prize| self.held_key(member, prize)));
        for at in self.earning(fact) {
            wants.lanes.insert(at.lane.clone());
            wants.members.insert(at.member(member));
        }
    }

    /// Whether the activities in which facts bring chances are those that the caller knows.
    fn is_as_in(&self, rows: &Rows, wants: &Wants) -> bool {
        let wanted = |at: &&Arc<Running>| wants.lanes.contains(&at.lane);
        let same = |at: &Arc<Running>| {
            let head = rows.lanes.get(&at.lane);
            head.is_some_and(|head| head.revision == at.revision && head.state == at.state)
        };
        self.activities.iter().filter(wanted).all(same)
    }

    fn lapsing(
        &self,
        store: &dyn Store,
        day: Day,
        after: Option<&str>,
    ) -> Result<(Vec<String>, Wants), StoreError> {
        let members = store.lapsing(self.programme, day, after, PAGE)?;
        let purses = members.iter().map(|member| self.purse_key(member)).collect();
        Ok((members, Wants { purses, ..Wants::default() }))
    }
}

/// What is wrong with the form of an adjustment.
fn adjustment_fault(adjustment: &Adjustment) -> Option<String> {
    let Adjustment { id, note, points, refund_of, sub } = adjustment;
    if !(1..=128).contains(&sub.chars().count()) || sub.chars().any(char::is_control) {
        return Some("sub is not 1 to 128 characters".into());
    }
    if !(1..=64).contains(&id.chars().count()) || id.chars().any(char::is_control) {
        return Some("id is not 1 to 64 characters".into());
    }
    if refund_of.iter().any(|id| id.chars().any(char::is_control)) {
        return Some("refund_of is no entry's id".into());
    }
    if !(1..=200).contains(&note.chars().count()) {
        return Some("note is not 1 to 200 characters".into());
    }
    let amount = points.unwrap_or(1).unsigned_abs();
    if !(1..=MOST_ADJUSTED).contains(&amount) {
        return Some("points are not 1 to 1,000,000,000, in or out".into());
    }
    (points.is_some() == refund_of.is_some()).then(|| "give either points or refund_of".into())
}
