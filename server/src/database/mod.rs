//! What the server asks of a database beside [`Store`]: stores and their keys, activities, audits.
//!
//! SQLite and PostgreSQL implement it; nothing outside of their folders knows which of them runs.

mod migrations;
mod rows;

pub use migrations::{Migration, SchemaError};
pub use rows::{
    ActivityWrite, Codes, KeyRow, LaneWrite, RevisionRow, SecretRow, StoreRow, rehearsal,
};

use crate::{
    Config,
    sqlite::{self, SqliteStore},
};
use funfair_engine::{Lane, LaneRow, Order, PoolKey, PoolRow, Purse, Store, StoreError, Transfer};
use std::{fmt, path::PathBuf, sync::Arc};

/// Where the rows are: a path, or the URL of a PostgreSQL server.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// A PostgreSQL server, as `postgres://user:password@host/database`.
    Postgres(String),
}

impl From<&str> for Location {
    fn from(text: &str) -> Self {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Self::Postgres(text.into());
        }
        Self::Sqlite(text.into())
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => path.fmt(f),
            // A URL holds a password.
            Self::Postgres(_) => f.write_str("PostgreSQL"),
        }
    }
}

/// Opens the database of the settings, and sets up an empty one. One of another release is refused.
pub fn open(config: &Config, readers: usize) -> Result<Arc<dyn Database>, SchemaError> {
    match &config.database {
        Location::Sqlite(path) => {
            Ok(Arc::new(SqliteStore::open(path, config.durability, readers)?))
        }
        Location::Postgres(_) => Err(SchemaError::Database("PostgreSQL is not there yet".into())),
    }
}

/// Brings a database up to this release's schema; answers how many steps were applied.
pub fn migrate(location: &Location) -> Result<usize, SchemaError> {
    match location {
        Location::Sqlite(path) => sqlite::migrate(path),
        Location::Postgres(_) => Err(SchemaError::Database("PostgreSQL is not there yet".into())),
    }
}

/// The rows of a server. Every change to stores and activities moves [`Self::directory_version`].
pub trait Database: Store {
    /// Moves with every change to stores and activities.
    fn directory_version(&self) -> Result<u64, StoreError>;

    /// Registers a store, and its programme where that is new; false where the store exists.
    fn add_store(
        &self,
        row: &StoreRow,
        identity_key: [u8; 32],
        now_ms: u64,
    ) -> Result<bool, StoreError>;

    /// A store by its id.
    fn store(&self, id: &str) -> Result<Option<StoreRow>, StoreError>;

    /// All stores, by id.
    fn stores(&self) -> Result<Vec<StoreRow>, StoreError>;

    /// The key from which a programme's member ids derive.
    fn identity_key(&self, programme: &str) -> Result<Option<Vec<u8>>, StoreError>;

    /// A store's keys, retired ones too, oldest first.
    fn keys(&self, of: &StoreRow) -> Result<Vec<KeyRow>, StoreError>;

    /// Adds a key.
    fn add_key(&self, of: &StoreRow, key: &KeyRow, now_ms: u64) -> Result<(), StoreError>;

    /// Retires a key: tokens that name it are refused from now on.
    fn retire_key(&self, of: &StoreRow, kid: &str, now_ms: u64) -> Result<(), StoreError>;

    /// A store's secret keys, retired ones too, oldest first.
    fn secrets(&self, of: &StoreRow) -> Result<Vec<SecretRow>, StoreError>;

    /// Adds a secret key by its hash.
    fn add_secret(
        &self,
        of: &StoreRow,
        id: &str,
        hash: &str,
        now_ms: u64,
    ) -> Result<(), StoreError>;

    /// Retires a secret key: requests that show it are refused from now on.
    fn retire_secret(&self, of: &StoreRow, id: &str, now_ms: u64) -> Result<(), StoreError>;

    /// The origins whose pages may ask this server.
    fn origins(&self, of: &StoreRow) -> Result<Vec<String>, StoreError>;

    /// Allows an origin.
    fn add_origin(&self, of: &StoreRow, origin: &str) -> Result<(), StoreError>;

    /// Forbids an origin again.
    fn remove_origin(&self, of: &StoreRow, origin: &str) -> Result<(), StoreError>;

    /// The shoppers whose tokens are turned away.
    fn blocked(&self, of: &StoreRow) -> Result<Vec<String>, StoreError>;

    /// Turns a shopper's tokens away, or no longer.
    fn block(&self, of: &StoreRow, sub: &str, blocked: bool, now_ms: u64)
    -> Result<(), StoreError>;

    /// A store's activities, by id.
    fn activities(&self, of: &StoreRow) -> Result<Vec<RevisionRow>, StoreError>;

    /// Runs `change` on a store's activities in one transaction, which is committed where it
    /// answers true. It may be called again where the database asks for a retry, and must not ask
    /// this database for anything else. See [`change_activities`](trait.Database.html).
    fn with_activities(
        &self,
        of: &StoreRow,
        change: &mut dyn FnMut(&dyn Activities) -> bool,
    ) -> Result<(), StoreError>;

    /// Runs `ask` on the rows of one moment.
    fn with_snapshot(&self, ask: &mut dyn FnMut(&dyn Snapshot)) -> Result<(), StoreError>;
}

impl dyn Database + '_ {
    /// Reads, checks and writes a store's activities in one transaction: all of it happens at one
    /// moment, or none does. `change` must not ask this database for anything else.
    pub fn change_activities<T, E: From<StoreError>>(
        &self,
        of: &StoreRow,
        mut change: impl FnMut(&dyn Activities) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut said = None;
        self.with_activities(of, &mut |activities| said.insert(change(activities)).is_ok())?;
        said.unwrap_or_else(|| Err(StoreError::Database("nothing was changed".into()).into()))
    }

    /// Asks several questions about one moment.
    pub fn snapshot<T, E: From<StoreError>>(
        &self,
        mut ask: impl FnMut(&dyn Snapshot) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut said = None;
        self.with_snapshot(&mut |rows| said = Some(ask(rows)))?;
        said.unwrap_or_else(|| Err(StoreError::Database("nothing was asked".into()).into()))
    }
}

/// A store's activities inside one write transaction: what is read here still holds when it is
/// written back, whatever plays and commands run beside.
pub trait Activities {
    /// All of them, by id.
    fn all(&self) -> Result<Vec<RevisionRow>, StoreError>;

    /// How many plays a lane has accepted.
    fn accepted(&self, lane: &Lane) -> Result<u64, StoreError>;

    /// Writes an activity with its revision and lanes.
    fn put(&self, write: &ActivityWrite, now_ms: u64) -> Result<(), StoreError>;

    /// Whether there is a pool, however much is left in it.
    fn has_pool(&self, pool: &PoolKey) -> Result<bool, StoreError>;

    /// Puts the store's points rules, JSON.
    fn put_points(&self, points: &str) -> Result<(), StoreError>;
}

/// A database as of one moment, row by row: what an audit looks at. It reads alone, beside a
/// server that writes.
pub trait Snapshot {
    /// A store's activities.
    fn activities(&self, of: &StoreRow) -> Result<Vec<RevisionRow>, StoreError>;

    /// Every transfer with the member in its key, member by member.
    fn transfers(
        &self,
        programme: &str,
        each: &mut dyn FnMut(String, Transfer) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// A member's points.
    fn purse(&self, programme: &str, member: &str) -> Result<Purse, StoreError>;

    /// Members who have points or owe some without any transfer.
    fn purses_from_nowhere(&self, programme: &str) -> Result<Vec<String>, StoreError>;

    /// The sums of all purses: points, and what is owed.
    fn purse_sums(&self, programme: &str) -> Result<(u64, u64), StoreError>;

    /// Every order: its store, its id and what is known of it.
    fn orders(
        &self,
        programme: &str,
        each: &mut dyn FnMut(String, String, Order) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// The heads of a programme's activities.
    fn lanes(&self, programme: &str) -> Result<Vec<(Lane, LaneRow)>, StoreError>;

    /// The plays of a lane in their order: number, id, receipt.
    fn plays(
        &self,
        lane: &Lane,
        each: &mut dyn FnMut(u64, String, String),
    ) -> Result<(), StoreError>;

    /// All stock of a programme, by name.
    fn pools(&self, programme: &str) -> Result<Vec<(PoolKey, PoolRow)>, StoreError>;

    /// How many codes a list has.
    fn codes(&self, list: &PoolKey) -> Result<Codes, StoreError>;

    /// Every reward that members hold, JSON.
    fn rewards(
        &self,
        programme: &str,
        each: &mut dyn FnMut(String, String),
    ) -> Result<(), StoreError>;
}
