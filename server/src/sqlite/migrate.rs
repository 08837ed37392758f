use crate::database::{Migration, SchemaError};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use std::path::Path;

/// All migrations, in order.
const ALL: &[Migration] = &[Migration { number: 1, sql: include_str!("schema/0001.sql") }];

impl From<rusqlite::Error> for SchemaError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.to_string())
    }
}

/// Brings a database file up to this release's schema; answers how many steps were applied.
pub fn migrate(path: &Path) -> Result<usize, SchemaError> {
    let mut db = super::connect(path, super::Durability::Full, false)?;
    apply(&mut db, ALL)
}

/// Sets up an empty database, and checks any other.
pub(super) fn prepare(db: &mut Connection) -> Result<(), SchemaError> {
    prepare_with(db, ALL)
}

fn prepare_with(db: &mut Connection, all: &[Migration]) -> Result<(), SchemaError> {
    let found = check(db, all)?;
    let known = all.last().map_or(0, |last| last.number);
    match found {
        0 => apply(db, all).map(|_| ()),
        found if found < known => Err(SchemaError::Older { found, known }),
        _ => Ok(()),
    }
}

/// Applies what is missing, each step in its own transaction.
fn apply(db: &mut Connection, all: &[Migration]) -> Result<usize, SchemaError> {
    let mut applied = 0;
    for step in all {
        let transaction = db.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Looked at inside the transaction: another process may be migrating too.
        if check(&transaction, all)? < step.number {
            transaction.execute_batch(
                "-- not per programme: it describes the whole database
                 CREATE TABLE IF NOT EXISTS migration (
                     number INTEGER NOT NULL, checksum TEXT NOT NULL, PRIMARY KEY (number)
                 ) STRICT, WITHOUT ROWID",
            )?;
            transaction.execute_batch(step.sql)?;
            transaction.execute(
                "INSERT INTO migration (number, checksum) VALUES (?1, ?2)",
                params![step.number, step.checksum()],
            )?;
            applied += 1;
        }
        transaction.commit()?;
    }
    Ok(applied)
}

/// The number of the last applied migration; all that were applied are ones of this release.
fn check(db: &Connection, all: &[Migration]) -> Result<u32, SchemaError> {
    let exists = db
        .query_row("SELECT 1 FROM sqlite_schema WHERE name = 'migration'", [], |_| Ok(()))
        .optional()?;
    if exists.is_none() {
        return Ok(0);
    }
    let mut statement = db.prepare("SELECT number, checksum FROM migration ORDER BY number")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let rows = rows.collect::<Result<Vec<(u32, String)>, _>>()?;
    let (found, known) =
        (rows.last().map_or(0, |row| row.0), all.last().map_or(0, |last| last.number));
    if found > known {
        return Err(SchemaError::Newer { found, known });
    }
    for (number, checksum) in rows {
        if !all.iter().any(|step| step.number == number && step.checksum() == checksum) {
            return Err(SchemaError::Changed(number));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Migration = Migration { number: 2, sql: "CREATE TABLE later (a TEXT) STRICT" };

    fn two() -> Vec<Migration> {
        [ALL, &[SECOND]].concat()
    }

    fn empty() -> Connection {
        Connection::open_in_memory().unwrap()
    }

    #[test]
    fn an_empty_database_is_set_up_once() {
        let mut db = empty();
        prepare_with(&mut db, ALL).unwrap();
        assert_eq!(apply(&mut db, ALL).unwrap(), 0);
        assert_eq!(check(&db, ALL).unwrap(), 1);
    }

    #[test]
    fn a_database_of_an_older_release_waits_for_migrate() {
        let mut db = empty();
        prepare_with(&mut db, ALL).unwrap();
        let error = prepare_with(&mut db, &two()).unwrap_err();
        assert!(error.to_string().contains("funfair migrate"), "{error}");
        assert_eq!(apply(&mut db, &two()).unwrap(), 1);
        prepare_with(&mut db, &two()).unwrap();
    }

    #[test]
    fn a_database_of_a_newer_release_is_refused() {
        let mut db = empty();
        apply(&mut db, &two()).unwrap();
        let error = prepare_with(&mut db, ALL).unwrap_err();
        assert!(matches!(error, SchemaError::Newer { found: 2, known: 1 }), "{error}");
        assert!(error.to_string().contains("run the newer release"), "{error}");
    }

    #[test]
    fn an_edited_migration_is_noticed() {
        let mut db = empty();
        apply(&mut db, &two()).unwrap();
        let edited = Migration { number: 2, sql: "CREATE TABLE other (a TEXT) STRICT" };
        let error = prepare_with(&mut db, &[ALL, &[edited]].concat()).unwrap_err();
        assert!(matches!(error, SchemaError::Changed(2)), "{error}");
    }

    #[test]
    fn a_failed_step_leaves_nothing_behind() {
        let mut db = empty();
        let broken = Migration { number: 2, sql: "CREATE TABLE half (a TEXT) STRICT; NONSENSE" };
        assert!(apply(&mut db, &[ALL, &[broken]].concat()).is_err());
        assert_eq!(check(&db, ALL).unwrap(), 1);
        assert_eq!(apply(&mut db, &two()).unwrap(), 1);
    }
}
