use funfair_host_api::Day;

use crate::{HeldRow, Lane, LaneRow, PlayRow, PoolKey, PoolRow, Rows, Transfer, Wants, Writes};

/// Keeps rows. Two honest implementations, SQLite and PostgreSQL, and [`MemoryStore`] below them.
///
/// Whatever passes [`story`](crate::story) is a store.
///
/// Several threads and several processes commit at once. What [`commit`](Self::commit) promises
/// holds between them, for rows that do not exist yet as well.
///
/// [`MemoryStore`]: crate::MemoryStore
pub trait Store: Send + Sync {
    /// One transaction: loads the wanted rows under their locks, calls `decide`, writes what it
    /// answers and commits durably. When it returns, the writes survive a crash; when it errs,
    /// none of them happened, but for one case: where the way to the database broke during the
    /// commit itself, nobody knows, and it errs with [`StoreError::Unavailable`]. The store then
    /// repeats nothing; whoever sends the same plays again finds them by their keys.
    ///
    /// **From loading to commit the wanted rows do not change**, and a wanted row that was not
    /// there stays away: two batches that both find it missing and both write it are decided one
    /// after the other, the second on what the first wrote. (A store that cannot lock what is not
    /// there notices it when it writes, and begins again.) So what is written has been wanted, new
    /// plays, transfers and held rewards, whose names derive from a play's, and identities apart.
    ///
    /// `decide` may be called again with fresh rows where the database asks for a retry; only the
    /// last call counts. Empty writes need no transaction to be committed.
    fn commit(
        &self,
        wants: &Wants,
        decide: &mut dyn FnMut(&Rows) -> Writes,
    ) -> Result<(), StoreError>;

    /// The wanted rows as of one moment, without locks.
    fn load(&self, wants: &Wants) -> Result<Rows, StoreError>;

    /// Opens a lane with its stock, or puts a new head and adds the pools it does not have yet.
    /// `seq`, `last_ms`, `shared` and the stock of a lane that exists stay as they are.
    fn open(
        &self,
        lane: &Lane,
        head: &LaneRow,
        pools: &[(PoolKey, PoolRow)],
    ) -> Result<(), StoreError>;

    /// The member whom a store's token names; `None` before the first play.
    fn member(&self, programme: &str, store: &str, sub: &str)
    -> Result<Option<String>, StoreError>;

    /// One play of a member by its id.
    fn play(&self, programme: &str, member: &str, id: &str) -> Result<Option<PlayRow>, StoreError>;

    /// A member's plays in an activity, newest first, those before number `before`.
    fn plays(
        &self,
        lane: &Lane,
        member: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<PlayRow>, StoreError>;

    /// A member's transfers, newest first, those before (`at_ms`, id).
    fn transfers(
        &self,
        programme: &str,
        member: &str,
        before: Option<(u64, &str)>,
        limit: usize,
    ) -> Result<Vec<Transfer>, StoreError>;

    /// The rewards other than points that a member holds, newest first.
    fn held(&self, programme: &str, member: &str, limit: usize)
    -> Result<Vec<HeldRow>, StoreError>;

    /// A member's accepted plays in all activities of the programme, newest first, those before
    /// (`at_ms`, id).
    fn history(
        &self,
        programme: &str,
        member: &str,
        before: Option<(u64, &str)>,
        limit: usize,
    ) -> Result<Vec<PlayRow>, StoreError>;

    /// One transfer of a member by its id.
    fn transfer(
        &self,
        programme: &str,
        member: &str,
        id: &str,
    ) -> Result<Option<Transfer>, StoreError>;

    /// The members (id, row) who have played an activity, in the order of their ids, those after
    /// `after`.
    fn members(
        &self,
        lane: &Lane,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, String)>, StoreError>;

    /// Members of a programme with points whose last day is before `day`, in the order of their
    /// ids, those after `after`.
    fn lapsing(
        &self,
        programme: &str,
        day: Day,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, StoreError>;

    /// Puts codes on top of a list, which is made where there is none; those that it has already
    /// are left out. Answers how many are new.
    fn add_codes(&self, list: &PoolKey, codes: &[String]) -> Result<u64, StoreError>;

    /// An activity's items (key, row) in the order of their keys, those after `after`.
    fn items(
        &self,
        lane: &Lane,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, String)>, StoreError>;
}

/// Why a store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database did not answer, or answered with an error of its own; trying again may help.
    #[error("the database failed: {0}")]
    Database(String),
    /// The database cannot be reached, or takes no more for now; nothing is known to be wrong with
    /// the play, and the same one may be sent again later.
    #[error("the database cannot be reached: {0}")]
    Unavailable(String),
    /// An operator has asked that nothing is written for now; reading goes on.
    #[error("the database is read-only for now: `funfair read-only off` ends it")]
    ReadOnly,
    /// A row is not of the form that this release writes.
    #[error("the row {row} cannot be read: {reason}; was it written by a newer release?")]
    Unreadable {
        /// Which row.
        row: String,
        /// What is wrong with it.
        reason: String,
    },
}
