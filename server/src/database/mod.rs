//! What the server asks of a database beside [`Store`]: stores and their keys, activities, audits.
//!
//! SQLite and PostgreSQL implement it; nothing outside of their folders knows which of them runs.
//! Plays have statements of their own in each of the two. All that happens once in a while is
//! written once, here, in [`Sql`] that both understand.

mod activities;
mod directory;
mod migrations;
mod personal;
mod retention;
mod rows;
mod snapshot;
mod sql;
mod tickets;

pub use activities::Activities;
pub(crate) use activities::open_lane;
pub use directory::Standing;
pub use migrations::{Applied, Migration, SchemaError, missing, to_open};
pub use personal::{Erased, Membership};
pub use retention::{Retained, Retention};
pub use rows::{
    ActivityWrite, Codes, KeyRow, LaneWrite, RevisionRow, SecretRow, StoreRow, rehearsal,
};
pub use snapshot::{OrderRow, PurseRow, Snapshot};
pub(crate) use sql::kept;
pub use sql::{Column, Row, Sql, Value};

use crate::{
    Config,
    postgres::{self, PostgresStore},
    sqlite::{self, SqliteStore},
};
use funfair_engine::{Store, StoreError};
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
        Location::Postgres(url) => Ok(Arc::new(PostgresStore::open(url, config.writers, readers)?)),
    }
}

/// Brings a database up to this release's schema; answers how many steps were applied.
pub fn migrate(location: &Location) -> Result<usize, SchemaError> {
    match location {
        Location::Sqlite(path) => sqlite::migrate(path),
        Location::Postgres(url) => postgres::migrate(url),
    }
}

/// The rows of a server. Every change to stores and activities moves [`Standing::version`].
///
/// A database brings two sorts of transaction; what is asked in them stands here.
pub trait Database: Store {
    /// Runs `ask`, which reads alone, on the rows of one moment.
    fn reading(
        &self,
        ask: &mut dyn FnMut(&dyn Sql) -> Result<(), StoreError>,
    ) -> Result<(), StoreError>;

    /// Runs `change` in one transaction, which is committed durably where it answers true. It may
    /// be called again with fresh rows where the database asks for a retry; only the last call
    /// counts.
    fn writing(
        &self,
        change: &mut dyn FnMut(&dyn Sql) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError>;
}

impl dyn Database + '_ {
    /// What running servers look at, to see whether anything has changed.
    pub fn standing(&self) -> Result<Standing, StoreError> {
        self.ask(directory::standing)
    }

    /// Asks that nothing is written any more, or that it is again. Every server of the database
    /// obeys from its next transaction on.
    pub fn set_read_only(&self, on: bool) -> Result<(), StoreError> {
        self.transaction(|db| directory::set_read_only(db, on))
    }

    /// Registers a store, and its programme where that is new; false where the store exists.
    pub fn add_store(
        &self,
        row: &StoreRow,
        identity_key: [u8; 32],
        now_ms: u64,
    ) -> Result<bool, StoreError> {
        self.change(|db| directory::add_store(db, row, &identity_key, now_ms))
    }

    /// A store by its id.
    pub fn store(&self, id: &str) -> Result<Option<StoreRow>, StoreError> {
        self.ask(|db| directory::store(db, id))
    }

    /// All stores, by id.
    pub fn stores(&self) -> Result<Vec<StoreRow>, StoreError> {
        self.ask(directory::stores)
    }

    /// The key from which a programme's member ids derive.
    pub fn identity_key(&self, programme: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.ask(|db| directory::identity_key(db, programme))
    }

    /// A store's keys, retired ones too, oldest first.
    pub fn keys(&self, of: &StoreRow) -> Result<Vec<KeyRow>, StoreError> {
        self.ask(|db| directory::keys(db, of))
    }

    /// Adds a key.
    pub fn add_key(&self, of: &StoreRow, key: &KeyRow, now_ms: u64) -> Result<(), StoreError> {
        self.change(|db| directory::add_key(db, of, key, now_ms))
    }

    /// Retires a key: tokens that name it are refused from now on.
    pub fn retire_key(&self, of: &StoreRow, kid: &str, now_ms: u64) -> Result<(), StoreError> {
        self.change(|db| directory::retire_key(db, of, kid, now_ms))
    }

    /// A store's secret keys, retired ones too, oldest first.
    pub fn secrets(&self, of: &StoreRow) -> Result<Vec<SecretRow>, StoreError> {
        self.ask(|db| directory::secrets(db, of))
    }

    /// Adds a secret key by its hash.
    pub fn add_secret(
        &self,
        of: &StoreRow,
        id: &str,
        hash: &str,
        now_ms: u64,
    ) -> Result<(), StoreError> {
        self.change(|db| directory::add_secret(db, of, id, hash, now_ms))
    }

    /// Retires a secret key: requests that show it are refused from now on.
    pub fn retire_secret(&self, of: &StoreRow, id: &str, now_ms: u64) -> Result<(), StoreError> {
        self.change(|db| directory::retire_secret(db, of, id, now_ms))
    }

    /// The origins whose pages may ask this server.
    pub fn origins(&self, of: &StoreRow) -> Result<Vec<String>, StoreError> {
        self.ask(|db| directory::origins(db, of))
    }

    /// Allows an origin.
    pub fn add_origin(&self, of: &StoreRow, origin: &str) -> Result<(), StoreError> {
        self.change(|db| directory::add_origin(db, of, origin))
    }

    /// Forbids an origin again.
    pub fn remove_origin(&self, of: &StoreRow, origin: &str) -> Result<(), StoreError> {
        self.change(|db| directory::remove_origin(db, of, origin))
    }

    /// The shoppers whose tokens are turned away.
    pub fn blocked(&self, of: &StoreRow) -> Result<Vec<String>, StoreError> {
        self.ask(|db| directory::blocked(db, of))
    }

    /// Turns a shopper's tokens away, or no longer.
    pub fn block(
        &self,
        of: &StoreRow,
        sub: &str,
        blocked: bool,
        now_ms: u64,
    ) -> Result<(), StoreError> {
        self.change(|db| directory::block(db, of, sub, blocked, now_ms))
    }

    /// Keeps a token for whoever shows the ticket of this hash.
    pub fn add_ticket(
        &self,
        of: &StoreRow,
        hash: &str,
        token: &str,
        expires_at_ms: u64,
    ) -> Result<(), StoreError> {
        self.change(|db| tickets::add(db, of, hash, token, expires_at_ms))
    }

    /// Whether a token waits under this hash.
    pub fn has_ticket(&self, of: &StoreRow, hash: &str, now_ms: u64) -> Result<bool, StoreError> {
        self.ask(|db| Ok(tickets::find(db, of, hash, now_ms)?.is_some()))
    }

    /// The token under this hash, for one asker alone.
    pub fn take_ticket(
        &self,
        of: &StoreRow,
        hash: &str,
        now_ms: u64,
    ) -> Result<Option<String>, StoreError> {
        self.change(|db| tickets::take(db, of, hash, now_ms))
    }

    /// Takes away a programme's tickets that nobody showed in time; answers how many.
    pub fn sweep_tickets(&self, programme: &str, now_ms: u64) -> Result<u64, StoreError> {
        self.change(|db| tickets::sweep(db, programme, now_ms))
    }

    /// A store's activities, by id.
    pub fn activities(&self, of: &StoreRow) -> Result<Vec<RevisionRow>, StoreError> {
        self.ask(|db| activities::all(db, of))
    }

    /// All that is held about a shopper, by the store's name of them; nothing where nobody goes by
    /// it.
    pub fn export(
        &self,
        of: &StoreRow,
        sub: &str,
    ) -> Result<Option<serde_json::Value>, StoreError> {
        self.ask(|db| personal::export(db, of, sub))
    }

    /// Takes away what names a shopper, and puts a fresh key in place of the one that members' ids
    /// derive from; answers who the shopper was.
    pub fn erase(
        &self,
        of: &StoreRow,
        sub: &str,
        fresh_key: [u8; 32],
    ) -> Result<(Vec<Membership>, Erased), StoreError> {
        self.change(|db| {
            let members = personal::memberships(db, of, sub)?;
            let erased = personal::erase(db, of, sub, &members, Some(&fresh_key))?;
            Ok((members, erased))
        })
    }

    /// Takes away what came about an erased shopper after all.
    pub fn erase_again(
        &self,
        of: &StoreRow,
        sub: &str,
        members: &[Membership],
    ) -> Result<Erased, StoreError> {
        self.change(|db| personal::erase(db, of, sub, members, None))
    }

    /// Takes away what is kept for a time that is over, or only counts it.
    pub fn retain(
        &self,
        keep: &Retention,
        now_ms: u64,
        dry_run: bool,
    ) -> Result<Retained, StoreError> {
        let mut done = Retained::default();
        for programme in self.ask(retention::programmes)? {
            for sort in retention::Sort::ALL {
                let mut after = Some(Default::default());
                while let Some(from) = after {
                    let how = (keep, now_ms, dry_run);
                    let page = |db: &dyn Sql| retention::page(db, sort, &programme, &from, how);
                    let page = if dry_run { self.ask(page) } else { self.change(page) }?;
                    done = done.and(page.done);
                    after = page.next;
                }
            }
        }
        Ok(done)
    }

    /// Reads, checks and writes a store's activities in one transaction: all of it happens at one
    /// moment, or none does. `change` must not ask this database for anything else.
    pub fn change_activities<T, E: From<StoreError>>(
        &self,
        of: &StoreRow,
        mut change: impl FnMut(&Activities<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut said = None;
        self.writing(&mut |db| {
            directory::writable(db)?;
            Ok(said.insert(change(&Activities::locked(db, of)?)).is_ok())
        })?;
        said.unwrap_or_else(|| Err(StoreError::Database("nothing was changed".into()).into()))
    }

    /// Asks several questions about one moment.
    pub fn snapshot<T, E: From<StoreError>>(
        &self,
        mut ask: impl FnMut(&Snapshot<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut said = None;
        self.reading(&mut |db| {
            said = Some(ask(&Snapshot(db)));
            Ok(())
        })?;
        said.unwrap_or_else(|| Err(StoreError::Database("nothing was asked".into()).into()))
    }

    /// Reads alone.
    fn ask<T>(&self, ask: impl Fn(&dyn Sql) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let mut said = None;
        self.reading(&mut |db| {
            said = Some(ask(db)?);
            Ok(())
        })?;
        said.ok_or_else(|| StoreError::Database("nothing was asked".into()))
    }

    /// Writes, unless an operator has asked that nothing is written.
    fn change<T>(
        &self,
        change: impl Fn(&dyn Sql) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.transaction(|db| {
            directory::writable(db)?;
            change(db)
        })
    }

    fn transaction<T>(
        &self,
        change: impl Fn(&dyn Sql) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut said = None;
        self.writing(&mut |db| {
            said = Some(change(db)?);
            Ok(true)
        })?;
        said.ok_or_else(|| StoreError::Database("nothing was changed".into()))
    }
}
