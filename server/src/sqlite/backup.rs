//! Copies of the file, taken beside a running server and put back in its place.

use super::{Durability, SqliteStore, migrate};
use crate::{
    Admin, Report,
    database::{SchemaError, missing},
    now_ms,
};
use rusqlite::{Connection, OpenFlags, backup::Backup};
use std::{
    ffi::OsString,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

/// Why there is no copy, or nothing was put back.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// A file system's error.
    #[error("{path}: {reason}")]
    File {
        /// Which file.
        path: String,
        /// Why.
        reason: io::Error,
    },
    /// There is such a file already.
    #[error("{0} exists and is not overwritten: give another name, or move it away")]
    Exists(String),
    /// There is no such file.
    #[error("there is no database {0}: is the path right?")]
    Missing(String),
    /// There is a database in the place.
    #[error(
        "{0} is a database already: with --replace it is kept aside, and the backup takes its place"
    )]
    Occupied(String),
    /// A server or a command has the database open.
    #[error("{0} is in use: stop the server and other commands first")]
    InUse(String),
    /// The file's pages are not whole.
    #[error("{path} is damaged: {reason}")]
    Damaged {
        /// Which file.
        path: String,
        /// What SQLite found first.
        reason: String,
    },
    /// The file is of another release.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The books in the file do not add up.
    #[error(
        "{path} is a whole copy of books that are not right: {wrong} findings; run `funfair \
         --database {path} audit`"
    )]
    Wrong {
        /// Which file.
        path: String,
        /// How many findings.
        wrong: u64,
    },
    /// SQLite failed.
    #[error("the copy failed: {0}")]
    Database(#[from] rusqlite::Error),
}

/// Copies a database as of one moment, while servers go on writing to it; answers the copy's audit,
/// or nothing where an older release wrote it and this one cannot read it yet. The copy is one file,
/// whole and audited when it gets its name.
pub fn backup(database: &Path, copy: &Path) -> Result<Option<Report>, CopyError> {
    if !database.exists() {
        return Err(CopyError::Missing(shown(database)));
    }
    let part = beside(copy, "part");
    for path in [copy, &part] {
        if path.exists() {
            return Err(CopyError::Exists(shown(path)));
        }
    }
    let done = fill(database, &part).and_then(|report| {
        // A link, unlike a new name, never takes another file's place; not every disk has links.
        if fs::hard_link(&part, copy).is_err() {
            if copy.exists() {
                return Err(CopyError::Exists(shown(copy)));
            }
            moved(&part, copy)?;
        }
        synced(copy)?;
        Ok(report)
    });
    // Whatever came of it, nothing half-done stays behind.
    let _ = fs::remove_file(&part);
    let report = done?;
    let checks = report.iter().flat_map(|report| &report.checks);
    let wrong = checks.map(|check| check.wrong).sum();
    if wrong > 0 {
        return Err(CopyError::Wrong { path: shown(copy), wrong });
    }
    Ok(report)
}

/// Puts a backup in a database's place; answers where the one that was there is now.
pub fn restore(copy: &Path, database: &Path, replace: bool) -> Result<Option<PathBuf>, CopyError> {
    if !copy.exists() {
        return Err(CopyError::Missing(shown(copy)));
    }
    if database.exists() && !replace {
        return Err(CopyError::Occupied(shown(database)));
    }
    whole(&Connection::open_with_flags(copy, OpenFlags::SQLITE_OPEN_READ_ONLY)?, copy)?;
    let part = beside(database, "part");
    if part.exists() {
        return Err(CopyError::Exists(shown(&part)));
    }
    let done = copied(copy, &part).and_then(|()| {
        let aside = database.exists().then(|| put_aside(database)).transpose()?;
        // What is left of a database that is gone would be taken for this one's last writes.
        for left in ["-wal", "-shm"].map(|end| suffixed(database, end)) {
            if left.exists() {
                let kept = beside(&left, &format!("before-{}", now_ms()));
                moved(&left, &kept)?;
            }
        }
        moved(&part, database)?;
        synced(database)?;
        Ok(aside)
    });
    if done.is_err() {
        let _ = fs::remove_file(&part);
    }
    done
}

/// Moves a database that nobody uses to a name of its own.
fn put_aside(database: &Path) -> Result<PathBuf, CopyError> {
    let used = || CopyError::InUse(shown(database));
    let db = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    db.busy_timeout(std::time::Duration::ZERO)?;
    // Leaves the write-ahead log, and can do so only where no other process has the file open.
    let mode = db.pragma_update_and_check(None, "journal_mode", "delete", |row| row.get(0));
    match mode.map(|mode: String| mode == "delete") {
        Ok(true) => {}
        Ok(false) => return Err(used()),
        Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => {
            return Err(used());
        }
        Err(error) => return Err(error.into()),
    }
    let aside = beside(database, &format!("before-{}", now_ms()));
    moved(database, &aside)?;
    Ok(aside)
}

/// Copies, checks and audits.
fn fill(database: &Path, part: &Path) -> Result<Option<Report>, CopyError> {
    copied(database, part)?;
    let applied = migrate::applied(&Connection::open(part)?)?;
    if !missing(migrate::ALL, &applied)?.is_empty() {
        return Ok(None);
    }
    let db = SqliteStore::open(part, Durability::Full, 1)?;
    let report = Admin::new(&db, None)
        .audit(None)
        .map_err(|error| CopyError::Damaged { path: shown(part), reason: error.to_string() })?;
    drop(db);
    // One file again: opening it began a write-ahead log.
    single(part)?;
    synced(part)?;
    Ok(Some(report))
}

/// Copies the pages of one moment to a new file, and looks at them.
fn copied(from: &Path, to: &Path) -> Result<(), CopyError> {
    File::create_new(to).map_err(|reason| CopyError::File { path: shown(to), reason })?;
    let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut copy = Connection::open(to)?;
    {
        let backup = Backup::new(&source, &mut copy)?;
        // All pages in one step: between two of them a writer would make it begin again.
        backup.step(-1)?;
    }
    drop(copy);
    single(to)?;
    whole(&Connection::open_with_flags(to, OpenFlags::SQLITE_OPEN_READ_ONLY)?, to)?;
    synced(to)
}

fn single(path: &Path) -> Result<(), CopyError> {
    let db = Connection::open(path)?;
    db.pragma_update_and_check(None, "journal_mode", "delete", |_| Ok(()))?;
    Ok(())
}

/// Refuses a file whose pages are damaged, or that this release does not understand.
fn whole(db: &Connection, path: &Path) -> Result<(), CopyError> {
    let damaged = |reason: String| CopyError::Damaged { path: shown(path), reason };
    let found: String = db
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(|error| damaged(error.to_string()))?;
    if found != "ok" {
        return Err(damaged(found));
    }
    let applied = migrate::applied(db)?;
    if applied.is_empty() {
        return Err(damaged("there is nothing of funfair in it".into()));
    }
    // One that is older is migrated after it was put back.
    missing(migrate::ALL, &applied)?;
    Ok(())
}

fn moved(from: &Path, to: &Path) -> Result<(), CopyError> {
    fs::rename(from, to).map_err(|reason| CopyError::File { path: shown(from), reason })
}

/// The file and its name are on the disk.
fn synced(path: &Path) -> Result<(), CopyError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    for path in [path, folder.unwrap_or(Path::new("."))] {
        let synced = File::open(path).and_then(|file| file.sync_all());
        synced.map_err(|reason| CopyError::File { path: shown(path), reason })?;
    }
    Ok(())
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    suffixed(path, &format!(".{ending}"))
}

fn suffixed(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
