use super::{Durability, connect};
use crate::database::{Applied, Migration, SchemaError, missing, to_open};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use std::{path::Path, time::Duration};

/// All migrations, in order.
pub(super) const ALL: &[Migration] = &[
    Migration { number: 1, oldest: 1, sql: include_str!("schema/0001.sql") },
    Migration { number: 2, oldest: 1, sql: include_str!("schema/0002.sql") },
];

/// How long one process that migrates waits for another.
const PATIENCE: Duration = Duration::from_mins(10);

impl From<rusqlite::Error> for SchemaError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.to_string())
    }
}

/// Brings a database file up to this release's schema; answers how many steps were applied.
pub fn migrate(path: &Path) -> Result<usize, SchemaError> {
    let mut db = connect(path, Durability::Full, false)?;
    db.busy_timeout(PATIENCE)?;
    apply(&mut db, ALL)
}

/// Sets up an empty database, and checks any other.
pub(super) fn prepare(db: &mut Connection) -> Result<(), SchemaError> {
    prepare_with(db, ALL)
}

fn prepare_with(db: &mut Connection, all: &[Migration]) -> Result<(), SchemaError> {
    if to_open(all, &applied(db)?)?.is_empty() {
        return Ok(());
    }
    apply(db, all).map(drop)
}

/// Applies what is missing, each step in its own transaction.
fn apply(db: &mut Connection, all: &[Migration]) -> Result<usize, SchemaError> {
    let mut steps = 0;
    loop {
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Looked at inside the transaction: another process may be migrating too.
        let Some(step) = missing(all, &applied(&transaction)?)?.first() else { return Ok(steps) };
        transaction.execute_batch(
            "-- not per programme: it describes the whole database
             CREATE TABLE IF NOT EXISTS migration (
                 number INTEGER NOT NULL, checksum TEXT NOT NULL, oldest INTEGER NOT NULL,
                 PRIMARY KEY (number)
             ) STRICT, WITHOUT ROWID",
        )?;
        transaction.execute_batch(step.sql)?;
        transaction.execute(
            "INSERT INTO migration (number, checksum, oldest) VALUES (?1, ?2, ?3)",
            params![step.number, step.checksum(), step.oldest],
        )?;
        transaction.commit()?;
        steps += 1;
    }
}

/// The steps that a database has, in order.
pub(super) fn applied(db: &Connection) -> Result<Vec<Applied>, SchemaError> {
    let exists = db
        .query_row("SELECT 1 FROM sqlite_schema WHERE name = 'migration'", [], |_| Ok(()))
        .optional()?;
    if exists.is_none() {
        return Ok(Vec::new());
    }
    let sql = "SELECT number, checksum, oldest FROM migration ORDER BY number";
    let mut statement = db.prepare(sql)?;
    let rows = statement.query_map([], |row| {
        Ok(Applied { number: row.get(0)?, checksum: row.get(1)?, oldest: row.get(2)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LATER: Migration =
        Migration { number: 3, oldest: 1, sql: "CREATE TABLE later (a TEXT) STRICT" };

    fn empty() -> Connection {
        Connection::open_in_memory().unwrap()
    }

    #[test]
    fn an_empty_database_is_set_up_once() {
        let mut db = empty();
        prepare(&mut db).unwrap();
        assert_eq!(apply(&mut db, ALL).unwrap(), 0);
        let all: Vec<_> = ALL.iter().map(Migration::applied).collect();
        assert_eq!(applied(&db).unwrap(), all);
    }

    #[test]
    fn a_failed_step_leaves_nothing_behind() {
        let mut db = empty();
        let broken = Migration { sql: "CREATE TABLE half (a TEXT) STRICT; NONSENSE", ..LATER };
        assert!(apply(&mut db, &[ALL, &[broken]].concat()).is_err());
        assert_eq!(applied(&db).unwrap().len(), ALL.len());
        assert_eq!(apply(&mut db, &[ALL, &[LATER]].concat()).unwrap(), 1);
        // It only added, so this release goes on.
        prepare(&mut db).unwrap();
    }
}
