use super::{commit, link::Ask, links::Links};
use crate::database::{Applied, Migration, SchemaError, to_open};
use funfair_engine::StoreError;
use tokio_postgres::Config;

/// The first schema, as text: tests set up databases of other forms from it.
pub const SCHEMA: &str = include_str!("schema/0001.sql");

/// All migrations, in order.
const ALL: &[Migration] = &[
    Migration { number: 1, oldest: 1, sql: SCHEMA },
    Migration { number: 2, oldest: 1, sql: include_str!("schema/0002.sql") },
];

impl From<StoreError> for SchemaError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unavailable(reason) => Self::Unreachable(reason),
            error => Self::Database(error.to_string()),
        }
    }
}

/// Sets up an empty database, and checks any other.
pub(super) fn prepare(config: &Config) -> Result<(), SchemaError> {
    // Not a link of the store's: those prepare statements on tables that may not be there yet.
    let links = Links::new(config.clone(), 1, Vec::new());
    let mut checked = Ok(());
    commit::write(&links, |link| {
        let there = link.turn(&[Ask::of("SELECT to_regclass('migration') IS NOT NULL")])?;
        if !there[0][0].get::<_, bool>(0) {
            link.script(
                "-- not per programme: it describes the whole database
                 CREATE TABLE migration (
                     number INTEGER NOT NULL, checksum TEXT NOT NULL, oldest INTEGER NOT NULL,
                     PRIMARY KEY (number)
                 )",
            )?;
        }
        let sql = "SELECT number, checksum, oldest FROM migration ORDER BY number";
        let rows = link.turn(&[Ask::of(sql)])?.remove(0);
        let number = |row: &tokio_postgres::Row, at| row.get::<_, i32>(at).unsigned_abs();
        let applied = rows.iter().map(|row| Applied {
            number: number(row, 0),
            checksum: row.get(1),
            oldest: number(row, 2),
        });
        let missing = match to_open(ALL, &applied.collect::<Vec<_>>()) {
            Ok(missing) => missing,
            Err(error) => {
                checked = Err(error);
                return Ok(());
            }
        };
        for step in missing {
            link.script(step.sql)?;
            let sql = "INSERT INTO migration (number, checksum, oldest) VALUES ($1, $2, $3)";
            let ask = Ask::of(sql).with(step.number.cast_signed()).with(step.checksum());
            link.turn(&[ask.with(step.oldest.cast_signed())])?;
        }
        Ok(())
    })?;
    checked
}
