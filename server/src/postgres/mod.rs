//! Rows in PostgreSQL, or in a database that speaks its language.
//!
//! **Two round trips a batch**: one begins and reads under locks, one writes and commits; what lies
//! between them happens in memory. **No upsert** where something is decided. **No acknowledged play
//! is lost**: `synchronous_commit` stays as the server has it, which is on unless an operator
//! turned it off. **Nothing that a distributed database lacks**: `cargo xtask tidy` reads the SQL.

mod commit;
mod failure;
mod link;
mod links;
mod migrate;
mod page;
mod read;
mod row;
mod sql;
mod tls;
mod write;

pub use migrate::{SCHEMA, migrate};

use crate::database::{Database, SchemaError, open_lane};
use failure::Failure;
use funfair_engine::{
    HeldRow, Lane, LaneRow, PlayRow, PoolKey, PoolRow, Rows, Store, StoreError, Transfer, Wants,
    Writes,
};
use funfair_host_api::Day;
use link::Link;
use links::Links;

/// The store on PostgreSQL. Its methods block; they are called where that is allowed, not inside
/// an asynchronous task.
pub struct PostgresStore {
    writers: Links,
    readers: Links,
}

/// How many links there are beside those of the writers: for claims, commands and facts.
const MORE: usize = 4;

impl PostgresStore {
    /// Connects, and sets up an empty database. One of another release is refused. As many threads
    /// as there are `writers` commit side by side.
    pub fn open(url: &str, writers: usize, readers: usize) -> Result<Self, SchemaError> {
        let to = link::target(url).map_err(SchemaError::Database)?;
        migrate::prepare(&to)?;
        let reading = read::plain().chain(link::TRANSACTION).collect();
        Ok(Self {
            writers: Links::new(to.clone(), writers.max(1) + MORE, commit::statements()),
            readers: Links::new(to, readers, reading),
        })
    }

    /// Reads, on a link for readers.
    fn read<T>(&self, read: impl FnMut(&mut Link) -> Result<T, Failure>) -> Result<T, StoreError> {
        commit::again(&self.readers, read)
    }

    /// Runs statements in one transaction.
    fn write<T>(
        &self,
        write: impl FnMut(&mut Link) -> Result<T, Failure>,
    ) -> Result<T, StoreError> {
        commit::write(&self.writers, write)
    }
}

impl Store for PostgresStore {
    fn commit(
        &self,
        wants: &Wants,
        decide: &mut dyn FnMut(&Rows) -> Writes,
    ) -> Result<(), StoreError> {
        commit::batch(&self.writers, wants, decide)
    }

    fn load(&self, wants: &Wants) -> Result<Rows, StoreError> {
        self.read(|link| Ok(read::rows(wants, link.snapshot(read::asks(wants, false))?)?))
    }

    fn open(
        &self,
        lane: &Lane,
        head: &LaneRow,
        pools: &[(PoolKey, PoolRow)],
    ) -> Result<(), StoreError> {
        self.writing(&mut |db| open_lane(db, lane, head, pools).map(|()| true))
    }

    fn member(
        &self,
        programme: &str,
        store: &str,
        sub: &str,
    ) -> Result<Option<String>, StoreError> {
        self.read(|link| page::member(link, programme, store, sub))
    }

    fn play(&self, programme: &str, member: &str, id: &str) -> Result<Option<PlayRow>, StoreError> {
        self.read(|link| page::play(link, programme, member, id))
    }

    fn plays(
        &self,
        lane: &Lane,
        member: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<PlayRow>, StoreError> {
        self.read(|link| page::plays(link, lane, member, before, limit))
    }

    fn transfers(
        &self,
        programme: &str,
        member: &str,
        before: Option<(u64, &str)>,
        limit: usize,
    ) -> Result<Vec<Transfer>, StoreError> {
        self.read(|link| page::transfers(link, programme, member, before, limit))
    }

    fn held(
        &self,
        programme: &str,
        member: &str,
        limit: usize,
    ) -> Result<Vec<HeldRow>, StoreError> {
        self.read(|link| page::held(link, programme, member, limit))
    }

    fn history(
        &self,
        programme: &str,
        member: &str,
        before: Option<(u64, &str)>,
        limit: usize,
    ) -> Result<Vec<PlayRow>, StoreError> {
        self.read(|link| page::history(link, programme, member, before, limit))
    }

    fn transfer(
        &self,
        programme: &str,
        member: &str,
        id: &str,
    ) -> Result<Option<Transfer>, StoreError> {
        self.read(|link| page::transfer(link, programme, member, id))
    }

    fn members(
        &self,
        lane: &Lane,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, String)>, StoreError> {
        self.read(|link| page::members(link, lane, after, limit))
    }

    fn lapsing(
        &self,
        programme: &str,
        day: Day,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        self.read(|link| page::lapsing(link, programme, day, after, limit))
    }

    fn add_codes(&self, list: &PoolKey, codes: &[String]) -> Result<u64, StoreError> {
        self.write(|link| page::add_codes(link, list, codes))
    }

    fn items(
        &self,
        lane: &Lane,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, String)>, StoreError> {
        self.read(|link| page::items(link, lane, after, limit))
    }
}
