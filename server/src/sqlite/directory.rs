use super::{
    SqliteStore,
    activities::Transaction,
    audit::Moment,
    failed,
    read::{Bad, many, one},
    write::run,
};
use crate::database::{Activities, Database, KeyRow, RevisionRow, SecretRow, Snapshot, StoreRow};
use funfair_engine::StoreError;
use rusqlite::{Connection, Row, params};

impl Database for SqliteStore {
    fn directory_version(&self) -> Result<u64, StoreError> {
        self.read(|db| {
            let version = one(db, "SELECT version FROM directory", [], |row| Ok(row.get(0)?))?;
            Ok(version.unwrap_or(0))
        })
    }

    fn add_store(
        &self,
        row: &StoreRow,
        identity_key: [u8; 32],
        now_ms: u64,
    ) -> Result<bool, StoreError> {
        self.change(|db| {
            if store(db, &row.store)?.is_some() {
                return Ok(false);
            }
            run(
                db,
                "INSERT INTO programme (programme, identity_key, created_at_ms) VALUES (?1, ?2, ?3)
                 ON CONFLICT (programme) DO NOTHING",
                params![row.programme, identity_key, now_ms],
            )?;
            run(
                db,
                "INSERT INTO store
                 (store, programme, zone, cutover_hour, development, points, created_at_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                params![
                    row.store,
                    row.programme,
                    row.zone,
                    row.cutover_hour,
                    row.development,
                    row.points,
                    now_ms
                ],
            )?;
            Ok(true)
        })
    }

    fn store(&self, id: &str) -> Result<Option<StoreRow>, StoreError> {
        self.read(|db| store(db, id))
    }

    fn stores(&self) -> Result<Vec<StoreRow>, StoreError> {
        self.read(|db| many(db, &format!("{STORE} ORDER BY store"), [], store_row))
    }

    fn identity_key(&self, programme: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT identity_key FROM programme WHERE programme = ?1";
        self.read(|db| one(db, sql, [programme], |row| Ok(row.get(0)?)))
    }

    fn keys(&self, of: &StoreRow) -> Result<Vec<KeyRow>, StoreError> {
        let sql = "SELECT kid, alg, verifying, signing, issuer, retired_at_ms FROM store_key
                   WHERE programme = ?1 AND store = ?2 ORDER BY created_at_ms, kid";
        self.read(|db| {
            many(db, sql, params![of.programme, of.store], |row| {
                Ok(KeyRow {
                    kid: row.get(0)?,
                    alg: row.get(1)?,
                    verifying: row.get(2)?,
                    signing: row.get(3)?,
                    issuer: row.get(4)?,
                    retired_at_ms: row.get(5)?,
                })
            })
        })
    }

    fn add_key(&self, of: &StoreRow, key: &KeyRow, now_ms: u64) -> Result<(), StoreError> {
        self.change(|db| {
            run(
                db,
                "INSERT INTO store_key
                 (programme, store, kid, alg, verifying, signing, issuer, created_at_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    of.programme,
                    of.store,
                    key.kid,
                    key.alg,
                    key.verifying,
                    key.signing,
                    key.issuer,
                    now_ms
                ],
            )
        })
    }

    fn retire_key(&self, of: &StoreRow, kid: &str, now_ms: u64) -> Result<(), StoreError> {
        self.change(|db| {
            run(
                db,
                "UPDATE store_key SET retired_at_ms = ?4, signing = NULL
                 WHERE programme = ?1 AND store = ?2 AND kid = ?3 AND retired_at_ms IS NULL",
                params![of.programme, of.store, kid, now_ms],
            )
        })
    }

    fn secrets(&self, of: &StoreRow) -> Result<Vec<SecretRow>, StoreError> {
        let sql = "SELECT id, hash, created_at_ms, retired_at_ms FROM secret_key
                   WHERE programme = ?1 AND store = ?2 ORDER BY created_at_ms, id";
        self.read(|db| {
            many(db, sql, params![of.programme, of.store], |row| {
                Ok(SecretRow {
                    id: row.get(0)?,
                    hash: row.get(1)?,
                    created_at_ms: row.get(2)?,
                    retired_at_ms: row.get(3)?,
                })
            })
        })
    }

    fn add_secret(
        &self,
        of: &StoreRow,
        id: &str,
        hash: &str,
        now_ms: u64,
    ) -> Result<(), StoreError> {
        self.change(|db| {
            run(
                db,
                "INSERT INTO secret_key (programme, store, id, hash, created_at_ms)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![of.programme, of.store, id, hash, now_ms],
            )
        })
    }

    fn retire_secret(&self, of: &StoreRow, id: &str, now_ms: u64) -> Result<(), StoreError> {
        self.change(|db| {
            run(
                db,
                "UPDATE secret_key SET retired_at_ms = ?4
                 WHERE programme = ?1 AND store = ?2 AND id = ?3 AND retired_at_ms IS NULL",
                params![of.programme, of.store, id, now_ms],
            )
        })
    }

    fn origins(&self, of: &StoreRow) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT origin FROM store_origin WHERE programme = ?1 AND store = ?2
                   ORDER BY origin";
        self.read(|db| many(db, sql, params![of.programme, of.store], |row| Ok(row.get(0)?)))
    }

    fn add_origin(&self, of: &StoreRow, origin: &str) -> Result<(), StoreError> {
        self.change(|db| {
            run(
                db,
                "INSERT INTO store_origin (programme, store, origin) VALUES (?1, ?2, ?3)
                 ON CONFLICT (programme, store, origin) DO NOTHING",
                params![of.programme, of.store, origin],
            )
        })
    }

    fn remove_origin(&self, of: &StoreRow, origin: &str) -> Result<(), StoreError> {
        self.change(|db| {
            run(
                db,
                "DELETE FROM store_origin WHERE programme = ?1 AND store = ?2 AND origin = ?3",
                params![of.programme, of.store, origin],
            )
        })
    }

    fn blocked(&self, of: &StoreRow) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT sub FROM blocked WHERE programme = ?1 AND store = ?2 ORDER BY sub";
        self.read(|db| many(db, sql, params![of.programme, of.store], |row| Ok(row.get(0)?)))
    }

    fn block(
        &self,
        of: &StoreRow,
        sub: &str,
        blocked: bool,
        now_ms: u64,
    ) -> Result<(), StoreError> {
        self.change(|db| {
            if blocked {
                return run(
                    db,
                    "INSERT INTO blocked (programme, store, sub, blocked_at_ms)
                     VALUES (?1, ?2, ?3, ?4) ON CONFLICT (programme, store, sub) DO NOTHING",
                    params![of.programme, of.store, sub, now_ms],
                );
            }
            run(
                db,
                "DELETE FROM blocked WHERE programme = ?1 AND store = ?2 AND sub = ?3",
                params![of.programme, of.store, sub],
            )
        })
    }

    fn activities(&self, of: &StoreRow) -> Result<Vec<RevisionRow>, StoreError> {
        self.read(|db| Transaction { db, of }.all())
    }

    fn with_activities(
        &self,
        of: &StoreRow,
        change: &mut dyn FnMut(&dyn Activities) -> bool,
    ) -> Result<(), StoreError> {
        /// What the caller does not want to stand.
        enum Undone {
            Wanted,
            Failed(StoreError),
        }
        impl From<StoreError> for Undone {
            fn from(error: StoreError) -> Self {
                Self::Failed(error)
            }
        }
        let done = self
            .write(|db| if change(&Transaction { db, of }) { Ok(()) } else { Err(Undone::Wanted) });
        match done {
            Err(Undone::Failed(error)) => Err(error),
            Ok(()) | Err(Undone::Wanted) => Ok(()),
        }
    }

    fn with_snapshot(&self, ask: &mut dyn FnMut(&dyn Snapshot)) -> Result<(), StoreError> {
        self.read(|db| {
            let snapshot = db.unchecked_transaction().map_err(failed)?;
            ask(&Moment(&snapshot));
            Ok(())
        })
    }
}

impl SqliteStore {
    /// One transaction that moves the directory's version.
    fn change<T>(
        &self,
        write: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        self.write(|db| {
            let done = write(db)?;
            moved(db)?;
            Ok(done)
        })
    }
}

/// Tells running servers that what they hold in memory is no longer so.
pub(super) fn moved(db: &Connection) -> Result<(), StoreError> {
    run(db, "UPDATE directory SET version = version + 1", [])
}

const STORE: &str = "SELECT store, programme, zone, cutover_hour, development, points FROM store";

fn store(db: &Connection, id: &str) -> Result<Option<StoreRow>, StoreError> {
    one(db, &format!("{STORE} WHERE store = ?1"), [id], store_row)
}

fn store_row(row: &Row<'_>) -> Result<StoreRow, Bad> {
    Ok(StoreRow {
        store: row.get(0)?,
        programme: row.get(1)?,
        zone: row.get(2)?,
        cutover_hour: row.get(3)?,
        development: row.get(4)?,
        points: row.get(5)?,
    })
}
