use super::{
    commit,
    link::{self, Ask, Link, Target},
    links::Links,
};
use crate::database::{Applied, Migration, SchemaError, missing, to_open};
use crate::postgres::failure::Failure;
use funfair_engine::StoreError;
use tokio_postgres::Row;

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

/// Brings a database up to this release's schema; answers how many steps were applied.
pub fn migrate(url: &str) -> Result<usize, SchemaError> {
    apply(&links(&link::target(url).map_err(SchemaError::Database)?))
}

/// Sets up an empty database, and checks any other.
pub(super) fn prepare(to: &Target) -> Result<(), SchemaError> {
    let links = links(to);
    if to_open(ALL, &applied(&links)?)?.is_empty() {
        return Ok(());
    }
    apply(&links).map(drop)
}

/// Not the store's links: those prepare statements on tables that may not be there yet.
fn links(to: &Target) -> Links {
    Links::new(to.clone(), 1, Vec::new())
}

/// Applies what is missing, each step in its own transaction.
fn apply(links: &Links) -> Result<usize, SchemaError> {
    let mut steps = 0;
    loop {
        let have = applied(links)?;
        let Some(step) = missing(ALL, &have)?.first() else { return Ok(steps) };
        // Two processes that begin at once both see no table, and one of them gets a violation of
        // the catalogue's unique key: it finds the table when it tries again.
        steps += commit::write(links, |link| one(link, step))?;
    }
}

/// Applies a step, unless another process did; answers how many that is. The step's own row is the
/// lock: who comes second waits for the first one's commit, and finds it there.
fn one(link: &mut Link, step: &Migration) -> Result<usize, Failure> {
    link.script(
        "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0;
         -- not per programme: it describes the whole database
         CREATE TABLE IF NOT EXISTS migration (
             number INTEGER NOT NULL, checksum TEXT NOT NULL, oldest INTEGER NOT NULL,
             PRIMARY KEY (number)
         )",
    )?;
    let sql = "INSERT INTO migration (number, checksum, oldest) VALUES ($1, $2, $3)
               ON CONFLICT (number) DO NOTHING RETURNING number";
    let ask = Ask::of(sql).with(step.number.cast_signed()).with(step.checksum());
    let added = link.turn(&[ask.with(step.oldest.cast_signed())])?;
    if added[0].is_empty() {
        return Ok(0);
    }
    link.script(step.sql)?;
    Ok(1)
}

/// The steps that a database has, in order.
fn applied(links: &Links) -> Result<Vec<Applied>, SchemaError> {
    let applied = commit::again(links, |link| {
        let there = link.turn(&[Ask::of("SELECT to_regclass('migration') IS NOT NULL")])?;
        if !there[0][0].get::<_, bool>(0) {
            return Ok(Vec::new());
        }
        let sql = "SELECT number, checksum, oldest FROM migration ORDER BY number";
        Ok(link.turn(&[Ask::of(sql)])?.remove(0))
    })?;
    let number = |row: &Row, at| row.get::<_, i32>(at).unsigned_abs();
    let row = |row: &Row| Applied {
        number: number(row, 0),
        checksum: row.get(1),
        oldest: number(row, 2),
    };
    Ok(applied.iter().map(row).collect())
}
