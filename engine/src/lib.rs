//! Runs a kind's rules against stored state: the authority over who plays and what is won.
//!
//! **No clock**: `now` and the business day are arguments. **No entropy**: draws derive from the
//! activity's key. **No SQL, no HTTP, no files**: rows come and go through [`Store`].
//! **No kind is named here**: kinds implement [`Rules`] and are handed in as [`AnyKind`].
//!
//! The way of a play: [`Desk::run`] takes a batch of [`Command`]s, names every row they need
//! ([`Wants`]), and [`Store::commit`] loads those rows, calls back to decide all plays in order in
//! memory, writes what changed, commits, and only then are the answers given out.

mod activity;
mod chances;
mod clock;
mod desk;
mod dice;
mod erased;
mod ledger;
mod memory;
mod prizes;
mod rows;
mod rules;
mod running;
mod store;
#[cfg(any(test, feature = "story"))]
pub mod story;
mod work;

pub use activity::{Fault, Setup};
pub use chances::{ChanceRules, Chances};
pub use clock::{Clock, tz_version};
pub use desk::{Answer, Denial, Desk, Play, SettleError};
pub use dice::{Dice, SecretKey, Seed};
pub use erased::{AnyKind, Game, Held, NotPlayed, Played, Stored, erase};
pub use ledger::{Account, Transfer};
pub use memory::MemoryStore;
pub use prizes::{Drawn, Prize, RewardRule, Tally, draw};
pub use rows::{
    HeldRow, Identity, ItemKey, Lane, LaneRow, Lot, MemberKey, PlayKey, PlayRow, PoolKey, PoolRow,
    Purse, PurseKey, Rows, Wants, Writes,
};
pub use rules::{Cx, Due, Effects, Reads, Rules, Spend, State, StateMut, Stock};
pub use running::Running;
pub use store::{Store, StoreError};
