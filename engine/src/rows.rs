//! What a store keeps, as plain rows: the nouns of [`Store`](crate::Store).
//!
//! The programme stands first in every key, so that one programme's rows stay together in a
//! database that is spread over machines.

use crate::Transfer;
use funfair_host_api::{ActivityState, Address, Day, HeldStatus, Reward};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One activity of one store of a programme: the unit in which plays are ordered.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Lane {
    /// One store, or several that share points.
    pub programme: String,
    /// The store's id.
    pub store: String,
    /// The activity's id within its store.
    pub activity: String,
}

/// The row of a lane: the activity's head and what all members share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaneRow {
    /// Where the activity stands.
    pub state: ActivityState,
    /// The revision in force.
    pub revision: String,
    /// How many plays were accepted; the next play gets this number plus one.
    pub seq: u64,
    /// The `now` of the last batch: time never runs back within a lane.
    pub last_ms: u64,
    /// The kind's shared state, JSON; empty before the first play.
    pub shared: String,
}

/// Names a play: one key of one member.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlayKey {
    /// The programme.
    pub programme: String,
    /// The member.
    pub member: String,
    /// The `Idempotency-Key`.
    pub key: String,
}

/// An accepted play. The rows of one lane in the order of `seq` are also its outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlayRow {
    /// Its name.
    pub key: PlayKey,
    /// Its id, derived from the name.
    pub id: String,
    /// Its activity.
    pub lane: Lane,
    /// Its number within the lane, from 1.
    pub seq: u64,
    /// SHA-256 of the request's body, hexadecimal: another body under the same key is refused.
    pub body_hash: String,
    /// The kind's events, a JSON array.
    pub events: String,
    /// The receipt, JSON, exactly as it is answered.
    pub receipt: String,
    /// When it was decided.
    pub at_ms: u64,
}

/// Names a member's row in an activity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MemberKey {
    /// The activity.
    pub lane: Lane,
    /// The member.
    pub member: String,
}

impl MemberKey {
    /// The same member in another activity of the store.
    pub(crate) fn in_activity(&self, activity: &str) -> Self {
        let lane = Lane { activity: activity.into(), ..self.lane.clone() };
        Self { lane, member: self.member.clone() }
    }
}

/// Names an item of an activity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ItemKey {
    /// The activity.
    pub lane: Lane,
    /// The item's key.
    pub item: String,
}

/// Names a member's points.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PurseKey {
    /// The programme.
    pub programme: String,
    /// The member.
    pub member: String,
}

/// A member's points: the balance and the lots that make it up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purse {
    /// The sum of the lots.
    pub points: u64,
    /// What the next earnings pay back first.
    pub owed: u64,
    /// One bucket for each last day, soonest first, those without one last.
    pub lots: Vec<Lot>,
}

/// Points that lapse together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// The last business day on which they can be spent.
    pub expires_on: Option<Day>,
    /// How many.
    pub points: u64,
}

/// Names a pool of things to give.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PoolKey {
    /// The programme.
    pub programme: String,
    /// The pool's id within the programme.
    pub pool: String,
}

impl PoolKey {
    /// The key of the pool that an activity calls `pool`: its own; for a name that begins with
    /// `shared:`, the one of that name that the whole programme shares; for one that begins with
    /// `codes:`, the store's list of codes.
    pub fn of(lane: &Lane, pool: &str) -> Self {
        let name = if pool.starts_with("shared:") {
            pool.into()
        } else if let Some(codes) = pool.strip_prefix("codes:") {
            format!("codes:{}/{codes}", lane.store)
        } else {
            format!("{}/{}/{pool}", lane.store, lane.activity)
        };
        Self { programme: lane.programme.clone(), pool: name }
    }
}

/// A pool's exact stock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PoolRow {
    /// How many are left.
    pub left: u64,
    /// How many may go a business day.
    pub daily: Option<u64>,
    /// The day that `taken` counts.
    pub day: Day,
    /// How many went on that day.
    pub taken: u64,
}

impl PoolRow {
    /// How many can be taken on `day`.
    pub fn available(&self, day: Day) -> u64 {
        let taken = if self.day == day { self.taken } else { 0 };
        self.daily.map_or(self.left, |daily| self.left.min(daily.saturating_sub(taken)))
    }

    /// Takes so many on `day`; false, and nothing is taken, where there are too few.
    pub(crate) fn take(&mut self, count: u64, day: Day) -> bool {
        if self.available(day) < count {
            return false;
        }
        self.taken = if self.day == day { self.taken + count } else { count };
        self.day = day;
        self.left -= count;
        true
    }
}

/// A reward other than points that a member holds.
#[derive(Clone, Debug, PartialEq)]
pub struct HeldRow {
    /// The programme.
    pub programme: String,
    /// The member.
    pub member: String,
    /// Its id, derived from the play's.
    pub id: String,
    /// What it is.
    pub reward: Reward,
    /// The activity that gave it.
    pub lane: Lane,
    /// The play that gave it.
    pub play: String,
    /// When.
    pub at_ms: u64,
    /// How far it has come.
    pub status: HeldStatus,
    /// The parcel's number.
    pub tracking: Option<String>,
}

/// Names a reward that a member holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HeldKey {
    /// The programme.
    pub programme: String,
    /// The member.
    pub member: String,
    /// The reward's id.
    pub id: String,
}

/// Where a claimed prize is sent; apart from all other rows, so that it can be erased.
#[derive(Clone, Debug, PartialEq)]
pub struct AddressRow {
    /// The prize.
    pub key: HeldKey,
    /// Where it goes.
    pub address: Address,
    /// When the member agreed that it is kept.
    pub at_ms: u64,
}

/// Names something that a merchant's server said, by the merchant's own id: a fact, an adjustment.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FactKey {
    /// The programme.
    pub programme: String,
    /// The store that said it.
    pub store: String,
    /// Its id, after `fact:`, `adjust:` or `refund:`.
    pub id: String,
}

/// A recorded fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactRow {
    /// Whom it is about.
    pub member: String,
    /// What was said, JSON.
    pub said: String,
    /// What it came to, JSON.
    pub result: String,
    /// When it was recorded.
    pub at_ms: u64,
}

/// Names an order of a store.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OrderKey {
    /// The programme.
    pub programme: String,
    /// The store.
    pub store: String,
    /// The merchant's id of it.
    pub order: String,
}

/// The only link between a store's shopper and a member: erasing the row erases the person.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    /// The programme.
    pub programme: String,
    /// The store whose token names the shopper.
    pub store: String,
    /// The token's `sub`.
    pub sub: String,
    /// The member.
    pub member: String,
}

/// The names of all rows that a batch needs; sorted, so that every batch locks in one order.
#[derive(Clone, Debug, Default)]
pub struct Wants {
    /// Keys that may have been used.
    pub plays: BTreeSet<PlayKey>,
    /// Members' rows.
    pub members: BTreeSet<MemberKey>,
    /// Items.
    pub items: BTreeSet<ItemKey>,
    /// Points.
    pub purses: BTreeSet<PurseKey>,
    /// Stock.
    pub pools: BTreeSet<PoolKey>,
    /// Heads of activities.
    pub lanes: BTreeSet<Lane>,
    /// What facts have told of members.
    pub profiles: BTreeSet<PurseKey>,
    /// Facts that may have been recorded.
    pub facts: BTreeSet<FactKey>,
    /// Orders.
    pub orders: BTreeSet<OrderKey>,
    /// Rewards that members hold.
    pub held: BTreeSet<HeldKey>,
    /// How many codes may be taken from a list at most.
    pub codes: BTreeMap<PoolKey, u64>,
}

/// The rows that were found.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// Plays under the wanted keys.
    pub plays: BTreeMap<PlayKey, PlayRow>,
    /// Members' rows, JSON.
    pub members: BTreeMap<MemberKey, String>,
    /// Items, JSON.
    pub items: BTreeMap<ItemKey, String>,
    /// Points.
    pub purses: BTreeMap<PurseKey, Purse>,
    /// Stock.
    pub pools: BTreeMap<PoolKey, PoolRow>,
    /// Heads of activities.
    pub lanes: BTreeMap<Lane, LaneRow>,
    /// What facts have told of members, JSON of [`Profile`](crate::Profile).
    pub profiles: BTreeMap<PurseKey, String>,
    /// Facts recorded before.
    pub facts: BTreeMap<FactKey, FactRow>,
    /// Orders, JSON of [`Order`](crate::Order).
    pub orders: BTreeMap<OrderKey, String>,
    /// Rewards that members hold.
    pub held: BTreeMap<HeldKey, HeldRow>,
    /// The codes that go next, by number. A list's codes are numbered from 1 in the order in which
    /// they came; its pool's `taken` counts those that are gone, as its day never changes.
    pub codes: BTreeMap<PoolKey, BTreeMap<u64, String>>,
}

/// What a batch changed: rows to put in place of the old ones, and rows to add.
#[derive(Clone, Debug, Default)]
pub struct Writes {
    /// Identities to add where the shopper has none yet.
    pub identities: BTreeSet<Identity>,
    /// Plays to add.
    pub plays: Vec<PlayRow>,
    /// Members' rows to put.
    pub members: BTreeMap<MemberKey, String>,
    /// Items to put, or to delete.
    pub items: BTreeMap<ItemKey, Option<String>>,
    /// Points to put; lots that are no longer listed are gone.
    pub purses: BTreeMap<PurseKey, Purse>,
    /// Stock to put.
    pub pools: BTreeMap<PoolKey, PoolRow>,
    /// Heads to put; only `seq`, `last_ms` and `shared` change here.
    pub lanes: BTreeMap<Lane, LaneRow>,
    /// Transfers to add.
    pub transfers: Vec<Transfer>,
    /// Rewards to put.
    pub held: BTreeMap<HeldKey, HeldRow>,
    /// Addresses to put.
    pub addresses: Vec<AddressRow>,
    /// What facts have told of members, to put.
    pub profiles: BTreeMap<PurseKey, String>,
    /// Facts to add.
    pub facts: BTreeMap<FactKey, FactRow>,
    /// Orders to put.
    pub orders: BTreeMap<OrderKey, String>,
}

impl HeldRow {
    /// Its name.
    pub fn key(&self) -> HeldKey {
        let Self { programme, member, id, .. } = self;
        HeldKey { programme: programme.clone(), member: member.clone(), id: id.clone() }
    }
}
