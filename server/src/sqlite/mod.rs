//! Rows in one SQLite file: the default database, embedded.
//!
//! **One writer**: a second connection only reads. **No acknowledged play is lost**: WAL with
//! `synchronous=FULL`, answered after the commit. **No trigger, no foreign key, no sequence, no
//! savepoint**: the same statements have to run on a distributed database later, but for the hint
//! INDEXED BY, which SQLite alone needs.

mod backup;
mod checkpoint;
mod migrate;
mod read;
mod sql;
mod write;

pub use backup::{CopyError, backup, restore};
pub use migrate::migrate;

use self::checkpoint::Checkpoints;
use crate::{
    database::{Database, SchemaError, Sql, open_lane},
    failpoint,
};
use funfair_engine::{
    HeldRow, Lane, LaneRow, PlayRow, PoolKey, PoolRow, Rows, Store, StoreError, Transfer, Wants,
    Writes,
};
use funfair_host_api::Day;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::{
    path::Path,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

/// When a commit counts as done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// When the disk has it: the default.
    Full,
    /// When the operating system has it: may lose acknowledged plays on power loss.
    Normal,
}

/// The store on SQLite.
pub struct SqliteStore {
    writer: Mutex<Connection>,
    readers: Vec<Mutex<Connection>>,
    turn: AtomicUsize,
    checkpoints: Checkpoints,
}

/// What the writer remembers of the file, in KiB (SQLite's sign for it is the minus): a batch must
/// not push its own pages out before they are committed.
const WRITER_CACHE_KIB: i64 = -65_536;

/// How long a connection waits for another process (an operator's command) to finish its write.
const BUSY: Duration = Duration::from_secs(5);

impl SqliteStore {
    /// Opens the file, and sets up an empty one. A database of another release is refused.
    pub fn open(path: &Path, durability: Durability, readers: usize) -> Result<Self, SchemaError> {
        let mut writer = connect(path, durability, false)?;
        migrate::prepare(&mut writer)?;
        let readers = (0..readers.max(1))
            .map(|_| Ok(Mutex::new(connect(path, durability, true)?)))
            .collect::<Result<_, rusqlite::Error>>()?;
        let checkpoints = Checkpoints::start(connect(path, durability, false)?)
            .map_err(|error| SchemaError::Database(error.to_string()))?;
        let writer = Mutex::new(writer);
        Ok(Self { writer, readers, turn: AtomicUsize::new(0), checkpoints })
    }

    fn writer(&self) -> MutexGuard<'_, Connection> {
        // A panic while it was held rolled its transaction back, so the connection is whole.
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a read on whichever connection is free; waits in turn where none is.
    fn read<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if let Some(free) = self.readers.iter().find_map(|reader| reader.try_lock().ok()) {
            return read(&free);
        }
        let turn = self.turn.fetch_add(1, Ordering::Relaxed) % self.readers.len();
        read(&self.readers[turn].lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Runs a write alone, in one transaction.
    fn write<T, E: From<StoreError>>(
        &self,
        write: impl FnOnce(&Connection) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut writer = self.writer();
        #[cfg(feature = "failpoints")]
        if failpoint::answers_first() && !writer.is_autocommit() {
            writer.execute_batch("COMMIT").map_err(failed)?;
        }
        self.checkpoints.before_writing(&writer);
        let transaction =
            writer.transaction_with_behavior(TransactionBehavior::Immediate).map_err(failed)?;
        failpoint::reach("begun");
        let done = write(&transaction)?;
        failpoint::reach("written");
        #[cfg(feature = "failpoints")]
        if failpoint::answers_first() {
            std::mem::forget(transaction);
            return Ok(done);
        }
        transaction.commit().map_err(failed)?;
        failpoint::reach("committed");
        self.checkpoints.committed();
        Ok(done)
    }
}

impl Store for SqliteStore {
    fn commit(
        &self,
        wants: &Wants,
        decide: &mut dyn FnMut(&Rows) -> Writes,
    ) -> Result<(), StoreError> {
        self.write(|db| {
            write::writable(db)?;
            let rows = read::rows(db, wants)?;
            failpoint::reach("read");
            let writes = decide(&rows);
            failpoint::reach("decided");
            write::all(db, &writes)
        })
    }

    fn load(&self, wants: &Wants) -> Result<Rows, StoreError> {
        self.read(|db| {
            // Several statements, one moment.
            let snapshot = db.unchecked_transaction().map_err(failed)?;
            read::rows(&snapshot, wants)
        })
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
        self.read(|db| read::member(db, programme, store, sub))
    }

    fn play(&self, programme: &str, member: &str, id: &str) -> Result<Option<PlayRow>, StoreError> {
        self.read(|db| read::play(db, programme, member, id))
    }

    fn plays(
        &self,
        lane: &Lane,
        member: &str,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<PlayRow>, StoreError> {
        self.read(|db| read::plays(db, lane, member, before, limit))
    }

    fn transfers(
        &self,
        programme: &str,
        member: &str,
        before: Option<(u64, &str)>,
        limit: usize,
    ) -> Result<Vec<Transfer>, StoreError> {
        self.read(|db| read::transfers(db, programme, member, before, limit))
    }

    fn held(
        &self,
        programme: &str,
        member: &str,
        limit: usize,
    ) -> Result<Vec<HeldRow>, StoreError> {
        self.read(|db| read::held(db, programme, member, limit))
    }

    fn history(
        &self,
        programme: &str,
        member: &str,
        before: Option<(u64, &str)>,
        limit: usize,
    ) -> Result<Vec<PlayRow>, StoreError> {
        self.read(|db| read::history(db, programme, member, before, limit))
    }

    fn transfer(
        &self,
        programme: &str,
        member: &str,
        id: &str,
    ) -> Result<Option<Transfer>, StoreError> {
        self.read(|db| read::transfer(db, programme, member, id))
    }

    fn members(
        &self,
        lane: &Lane,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, String)>, StoreError> {
        self.read(|db| read::members(db, lane, after, limit))
    }

    fn lapsing(
        &self,
        programme: &str,
        day: Day,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>, StoreError> {
        self.read(|db| read::lapsing(db, programme, day, after, limit))
    }

    fn add_codes(&self, list: &PoolKey, codes: &[String]) -> Result<u64, StoreError> {
        self.write(|db| {
            write::writable(db)?;
            write::add_codes(db, list, codes)
        })
    }

    fn items(
        &self,
        lane: &Lane,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<(String, String)>, StoreError> {
        self.read(|db| read::items(db, lane, after, limit))
    }
}

impl Database for SqliteStore {
    fn reading(
        &self,
        ask: &mut dyn FnMut(&dyn Sql) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.read(|db| {
            let snapshot = db.unchecked_transaction().map_err(failed)?;
            ask(&sql::Open(&snapshot))
        })
    }

    fn writing(
        &self,
        change: &mut dyn FnMut(&dyn Sql) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        /// Why nothing stands: the caller does not want it, or it failed.
        struct Undone(Option<StoreError>);
        impl From<StoreError> for Undone {
            fn from(error: StoreError) -> Self {
                Self(Some(error))
            }
        }
        let done =
            self.write(|db| if change(&sql::Open(db))? { Ok(()) } else { Err(Undone(None)) });
        done.or_else(|undone| undone.0.map_or(Ok(()), Err))
    }
}

fn connect(path: &Path, durability: Durability, read_only: bool) -> rusqlite::Result<Connection> {
    let access = if read_only {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE
    };
    let db = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_timeout(BUSY)?;
    db.set_prepared_statement_cache_capacity(64);
    if !read_only {
        db.pragma_update(None, "journal_mode", "wal")?;
        let level = match durability {
            Durability::Full => "full",
            Durability::Normal => "normal",
        };
        db.pragma_update(None, "synchronous", level)?;
        db.pragma_update(None, "cache_size", WRITER_CACHE_KIB)?;
        db.pragma_update(None, "wal_autocheckpoint", checkpoint::MOST_PAGES)?;
    }
    Ok(db)
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn failed(error: rusqlite::Error) -> StoreError {
    StoreError::Database(error.to_string())
}
