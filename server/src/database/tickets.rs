//! Tickets: a token that waits to be fetched, once and within a minute, under a hash of what fetches
//! it. The table is of the database, so whichever process is asked has it.

use super::{StoreRow, sql::Sql, sql::values};
use funfair_engine::StoreError;

pub(super) fn add(
    db: &dyn Sql,
    of: &StoreRow,
    hash: &str,
    token: &str,
    expires_at_ms: u64,
) -> Result<(), StoreError> {
    db.run(
        "INSERT INTO ticket (programme, store, hash, token, expires_at_ms)
         VALUES ($1, $2, $3, $4, $5)",
        values![&of.programme, &of.store, hash, token, expires_at_ms],
    )
    .map(drop)
}

/// The token that waits under a hash.
pub(super) fn find(
    db: &dyn Sql,
    of: &StoreRow,
    hash: &str,
    now_ms: u64,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT token FROM ticket
               WHERE programme = $1 AND store = $2 AND hash = $3 AND expires_at_ms > $4";
    db.one(sql, values![&of.programme, &of.store, hash, now_ms], |row| row.get(0))
}

/// The same, taken away: of all who ask at once, the one whose deletion found the row has it.
pub(super) fn take(
    db: &dyn Sql,
    of: &StoreRow,
    hash: &str,
    now_ms: u64,
) -> Result<Option<String>, StoreError> {
    let found = find(db, of, hash, now_ms)?;
    let sql = "DELETE FROM ticket WHERE programme = $1 AND store = $2 AND hash = $3";
    let taken = db.run(sql, values![&of.programme, &of.store, hash])?;
    Ok(found.filter(|_| taken == 1))
}

/// Takes away what nobody fetched in time; answers how many.
pub(super) fn sweep(db: &dyn Sql, programme: &str, now_ms: u64) -> Result<u64, StoreError> {
    let sql = "DELETE FROM ticket WHERE programme = $1 AND expires_at_ms <= $2";
    db.run(sql, values![programme, now_ms])
}
