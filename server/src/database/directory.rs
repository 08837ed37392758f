//! Stores with their keys, secret keys, origins and blocked shoppers.

use super::{
    KeyRow, SecretRow, StoreRow,
    sql::{Row, Sql, values},
};
use funfair_engine::StoreError;

/// What stands in the row that every running server looks at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Moves with every change to stores and activities.
    pub version: u64,
    /// Whether an operator has asked that nothing is written.
    pub read_only: bool,
}

pub(super) fn standing(db: &dyn Sql) -> Result<Standing, StoreError> {
    let found = db.one("SELECT version, read_only FROM directory", &[], |row| {
        Ok(Standing { version: row.get(0)?, read_only: row.get(1)? })
    })?;
    Ok(found.unwrap_or_default())
}

/// Refuses in read-only mode.
pub(super) fn writable(db: &dyn Sql) -> Result<(), StoreError> {
    if standing(db)?.read_only { Err(StoreError::ReadOnly) } else { Ok(()) }
}

pub(super) fn set_read_only(db: &dyn Sql, on: bool) -> Result<(), StoreError> {
    db.run("UPDATE directory SET read_only = $1", values![on])?;
    moved(db)
}

/// Tells running servers that what they hold in memory is no longer so.
pub(super) fn moved(db: &dyn Sql) -> Result<(), StoreError> {
    db.run("UPDATE directory SET version = version + 1", &[]).map(drop)
}

pub(super) fn add_store(
    db: &dyn Sql,
    row: &StoreRow,
    identity_key: &[u8],
    now_ms: u64,
) -> Result<bool, StoreError> {
    if store(db, &row.store)?.is_some() {
        return Ok(false);
    }
    db.run(
        "INSERT INTO programme (programme, identity_key, created_at_ms) VALUES ($1, $2, $3)
         ON CONFLICT (programme) DO NOTHING",
        values![&row.programme, identity_key, now_ms],
    )?;
    db.run(
        "INSERT INTO store
         (store, programme, zone, cutover_hour, development, points, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            &row.store,
            &row.programme,
            &row.zone,
            i32::from(row.cutover_hour),
            row.development,
            &row.points,
            now_ms
        ],
    )?;
    moved(db)?;
    Ok(true)
}

const STORE: &str = "SELECT store, programme, zone, cutover_hour, development, points FROM store";

pub(super) fn store(db: &dyn Sql, id: &str) -> Result<Option<StoreRow>, StoreError> {
    db.one(&format!("{STORE} WHERE store = $1"), values![id], store_row)
}

pub(super) fn stores(db: &dyn Sql) -> Result<Vec<StoreRow>, StoreError> {
    db.many(&format!("{STORE} ORDER BY store"), &[], store_row)
}

fn store_row(row: &Row) -> Result<StoreRow, StoreError> {
    Ok(StoreRow {
        store: row.get(0)?,
        programme: row.get(1)?,
        zone: row.get(2)?,
        cutover_hour: row.get(3)?,
        development: row.get(4)?,
        points: row.get(5)?,
    })
}

pub(super) fn identity_key(db: &dyn Sql, programme: &str) -> Result<Option<Vec<u8>>, StoreError> {
    let sql = "SELECT identity_key FROM programme WHERE programme = $1";
    db.one(sql, values![programme], |row| row.get(0))
}

pub(super) fn keys(db: &dyn Sql, of: &StoreRow) -> Result<Vec<KeyRow>, StoreError> {
    let sql = "SELECT kid, alg, verifying, signing, issuer, retired_at_ms FROM store_key
               WHERE programme = $1 AND store = $2 ORDER BY created_at_ms, kid";
    db.many(sql, values![&of.programme, &of.store], |row| {
        Ok(KeyRow {
            kid: row.get(0)?,
            alg: row.get(1)?,
            verifying: row.get(2)?,
            signing: row.get(3)?,
            issuer: row.get(4)?,
            retired_at_ms: row.get(5)?,
        })
    })
}

pub(super) fn add_key(
    db: &dyn Sql,
    of: &StoreRow,
    key: &KeyRow,
    now_ms: u64,
) -> Result<(), StoreError> {
    db.run(
        "INSERT INTO store_key
         (programme, store, kid, alg, verifying, signing, issuer, created_at_ms)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        values![
            &of.programme,
            &of.store,
            &key.kid,
            &key.alg,
            key.verifying.as_slice(),
            key.signing.as_deref(),
            &key.issuer,
            now_ms
        ],
    )?;
    moved(db)
}

pub(super) fn retire_key(
    db: &dyn Sql,
    of: &StoreRow,
    kid: &str,
    now_ms: u64,
) -> Result<(), StoreError> {
    db.run(
        "UPDATE store_key SET retired_at_ms = $1, signing = NULL
         WHERE programme = $2 AND store = $3 AND kid = $4 AND retired_at_ms IS NULL",
        values![now_ms, &of.programme, &of.store, kid],
    )?;
    moved(db)
}

pub(super) fn secrets(db: &dyn Sql, of: &StoreRow) -> Result<Vec<SecretRow>, StoreError> {
    let sql = "SELECT id, hash, created_at_ms, retired_at_ms FROM secret_key
               WHERE programme = $1 AND store = $2 ORDER BY created_at_ms, id";
    db.many(sql, values![&of.programme, &of.store], |row| {
        Ok(SecretRow {
            id: row.get(0)?,
            hash: row.get(1)?,
            created_at_ms: row.get(2)?,
            retired_at_ms: row.get(3)?,
        })
    })
}

pub(super) fn add_secret(
    db: &dyn Sql,
    of: &StoreRow,
    id: &str,
    hash: &str,
    now_ms: u64,
) -> Result<(), StoreError> {
    db.run(
        "INSERT INTO secret_key (programme, store, id, hash, created_at_ms)
         VALUES ($1, $2, $3, $4, $5)",
        values![&of.programme, &of.store, id, hash, now_ms],
    )?;
    moved(db)
}

pub(super) fn retire_secret(
    db: &dyn Sql,
    of: &StoreRow,
    id: &str,
    now_ms: u64,
) -> Result<(), StoreError> {
    db.run(
        "UPDATE secret_key SET retired_at_ms = $1
         WHERE programme = $2 AND store = $3 AND id = $4 AND retired_at_ms IS NULL",
        values![now_ms, &of.programme, &of.store, id],
    )?;
    moved(db)
}

pub(super) fn origins(db: &dyn Sql, of: &StoreRow) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT origin FROM store_origin WHERE programme = $1 AND store = $2
               ORDER BY origin";
    db.many(sql, values![&of.programme, &of.store], |row| row.get(0))
}

pub(super) fn add_origin(db: &dyn Sql, of: &StoreRow, origin: &str) -> Result<(), StoreError> {
    db.run(
        "INSERT INTO store_origin (programme, store, origin) VALUES ($1, $2, $3)
         ON CONFLICT (programme, store, origin) DO NOTHING",
        values![&of.programme, &of.store, origin],
    )?;
    moved(db)
}

pub(super) fn remove_origin(db: &dyn Sql, of: &StoreRow, origin: &str) -> Result<(), StoreError> {
    db.run(
        "DELETE FROM store_origin WHERE programme = $1 AND store = $2 AND origin = $3",
        values![&of.programme, &of.store, origin],
    )?;
    moved(db)
}

pub(super) fn blocked(db: &dyn Sql, of: &StoreRow) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT sub FROM blocked WHERE programme = $1 AND store = $2 ORDER BY sub";
    db.many(sql, values![&of.programme, &of.store], |row| row.get(0))
}

pub(super) fn block(
    db: &dyn Sql,
    of: &StoreRow,
    sub: &str,
    blocked: bool,
    now_ms: u64,
) -> Result<(), StoreError> {
    if blocked {
        db.run(
            "INSERT INTO blocked (programme, store, sub, blocked_at_ms) VALUES ($1, $2, $3, $4)
             ON CONFLICT (programme, store, sub) DO NOTHING",
            values![&of.programme, &of.store, sub, now_ms],
        )?;
    } else {
        db.run(
            "DELETE FROM blocked WHERE programme = $1 AND store = $2 AND sub = $3",
            values![&of.programme, &of.store, sub],
        )?;
    }
    moved(db)
}
