//! Runs a kind's rules against stored state: the authority over who plays and what is won.
//!
//! **No clock**: `now` and the business day are arguments. **No entropy**: draws derive from the
//! activity's key. **No SQL, no HTTP, no files**: rows come and go through [`Store`].
//! **No kind is named here**: kinds implement [`Rules`] and are handed in as [`AnyKind`].
//!
//! The way of a play: [`Desk::run`] takes a batch of [`Play`]s, names every row they need
//! ([`Wants`]), and [`Store::commit`] loads those rows, calls back to decide all plays in order in
//! memory, writes what changed, commits, and only then are the answers given out.

mod access;
mod activity;
mod audience;
mod batch;
mod books;
mod budget;
mod chances;
mod claims;
mod clock;
mod desk;
mod dice;
mod erased;
mod facts;
mod favours;
mod gate;
mod hub;
mod ledger;
mod luck;
mod memory;
mod merchant;
mod moderation;
mod points;
mod prizes;
mod rewards;
mod rows;
mod rules;
mod running;
mod schedule;
mod stage;
mod store;
#[cfg(any(test, feature = "story"))]
pub mod story;
mod work;

pub use activity::{Fault, Setup};
pub use audience::{Audience, Profile, Seen, Segment, Seniority, Standing, VisibleTo};
pub use batch::Batch;
pub use budget::Budget;
pub use chances::{ChanceRules, Chances, EarnedBy, Granted, Paid, Unpaid};
pub use claims::Unclaimed;
pub use clock::{Clock, tz_version};
pub use desk::{Answer, Asker, Denial, Desk, Play, SettleError};
pub use dice::{Dice, SecretKey, Seed};
pub use erased::{AnyKind, Game, Held, NotPlayed, Played, Stored, erase};
pub use facts::Order;
pub use favours::TopUp;
pub use gate::{Gate, Passing};
pub use hub::Stand;
pub use ledger::{Account, Transfer};
pub use luck::{Luck, LuckRules};
pub use memory::MemoryStore;
pub use merchant::{AdjustError, Lapsed, Merchant, RecordError};
pub use points::{Expiry, PointsRules, Purchase};
pub use prizes::{Drawn, Prize, Tally, draw};
pub use rewards::{Grant, RewardRule};
pub use rows::{
    AddressRow, FactKey, FactRow, HeldKey, HeldRow, Identity, ItemKey, Lane, LaneRow, Lot,
    MemberKey, OrderKey, PlayKey, PlayRow, PoolKey, PoolRow, Purse, PurseKey, Rows, Wants, Writes,
};
pub use rules::{
    Clause, Cx, Due, Effects, Favour, ItemRef, Page, Reads, Report, Rules, Spend, State, StateMut,
    Stock, Tick, Verdict,
};
pub use running::Running;
pub use schedule::{Hourly, Schedule, SlotRule, Weekday};
pub use store::{Store, StoreError};
