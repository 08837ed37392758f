use super::{commit, link::Ask, links::Links};
use crate::database::{Migration, SchemaError};
use funfair_engine::StoreError;
use tokio_postgres::Config;

/// The first schema, as text: tests set up databases of other forms from it.
pub const SCHEMA: &str = include_str!("schema/0001.sql");

/// All migrations, in order.
const ALL: &[Migration] = &[Migration { number: 1, sql: SCHEMA }];

impl From<StoreError> for SchemaError {
    fn from(error: StoreError) -> Self {
        Self::Database(error.to_string())
    }
}

/// Sets up an empty database, and checks any other.
pub(super) fn prepare(config: &Config) -> Result<(), SchemaError> {
    // Not a link of the store's: those prepare statements on tables that may not be there yet.
    let links = Links::new(config.clone(), 1, Vec::new());
    let found = commit::write(&links, |link| {
        let there = link.turn(&[Ask::of("SELECT to_regclass('migration') IS NOT NULL")])?;
        let there = there[0][0].get::<_, bool>(0);
        if !there {
            for step in ALL {
                let table = "-- not per programme: it describes the whole database
                     CREATE TABLE migration (
                         number INTEGER NOT NULL, checksum TEXT NOT NULL, PRIMARY KEY (number)
                     )";
                link.script(table)?;
                link.script(step.sql)?;
                let sql = "INSERT INTO migration (number, checksum) VALUES ($1, $2)";
                link.turn(&[Ask::of(sql).with(1_i32).with(step.checksum())])?;
            }
        }
        let sql = "SELECT number, checksum FROM migration ORDER BY number";
        let rows = link.turn(&[Ask::of(sql)])?.remove(0);
        Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect::<Vec<(i32, String)>>())
    })?;
    for (number, checksum) in found {
        let known = ALL
            .iter()
            .any(|step| i64::from(step.number) == i64::from(number) && step.checksum() == checksum);
        if !known {
            return Err(SchemaError::Changed(number.unsigned_abs()));
        }
    }
    Ok(())
}
