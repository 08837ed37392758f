use super::{
    directory,
    read::{Bad, many, one, state},
    write::{self, run},
};
use crate::database::{Activities, ActivityWrite, RevisionRow, StoreRow};
use funfair_engine::{Lane, PoolKey, StoreError, TopUp};
use funfair_host_api::ActivityState;
use rusqlite::{Connection, Row, params};

/// A store's activities inside one transaction.
pub(super) struct Transaction<'a> {
    pub(super) db: &'a Connection,
    pub(super) of: &'a StoreRow,
}

impl Activities for Transaction<'_> {
    fn all(&self) -> Result<Vec<RevisionRow>, StoreError> {
        let sql = "SELECT a.activity, a.state, a.revision, r.setup, a.key, r.created_at_ms
                   FROM activity a
                   JOIN activity_revision r ON r.programme = a.programme AND r.store = a.store
                   AND r.activity = a.activity AND r.revision = a.revision
                   WHERE a.programme = ?1 AND a.store = ?2 ORDER BY a.activity";
        many(self.db, sql, params![self.of.programme, self.of.store], revision_row)
    }

    fn accepted(&self, lane: &Lane) -> Result<u64, StoreError> {
        let sql = "SELECT seq FROM lane WHERE programme = ?1 AND store = ?2 AND activity = ?3";
        let names = params![lane.programme, lane.store, lane.activity];
        Ok(one(self.db, sql, names, |row| Ok(row.get(0)?))?.unwrap_or(0))
    }

    fn put(&self, write: &ActivityWrite, now_ms: u64) -> Result<(), StoreError> {
        let (lane, row) = (&write.lane, &write.row);
        run(
            self.db,
            "INSERT INTO activity_revision
             (programme, store, activity, revision, setup, created_at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (programme, store, activity, revision) DO NOTHING",
            params![lane.programme, lane.store, row.activity, row.revision, row.setup, now_ms],
        )?;
        run(
            self.db,
            "INSERT INTO activity (programme, store, activity, state, revision, key, created_at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (programme, store, activity)
             DO UPDATE SET state = excluded.state, revision = excluded.revision",
            params![
                lane.programme,
                lane.store,
                row.activity,
                row.state.name(),
                row.revision,
                row.key,
                now_ms
            ],
        )?;
        for (lane, head, pools) in &write.lanes {
            let (draft, played) = (head.state == ActivityState::Draft, self.accepted(lane)? > 0);
            // A pool that the programme shares may have given to other activities.
            let anew = |key: &PoolKey| draft || (!played && !key.pool.starts_with("shared:"));
            pools.iter().filter(|(key, _)| anew(key)).try_for_each(|(key, _)| self.empty(key))?;
            write::open(self.db, lane, head, pools)?;
        }
        write.raised.iter().try_for_each(|top_up| self.raise(top_up))?;
        directory::moved(self.db)
    }

    fn has_pool(&self, pool: &PoolKey) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM pool WHERE programme = ?1 AND pool = ?2";
        let found = one(self.db, sql, params![pool.programme, pool.pool], |_| Ok(()))?;
        Ok(found.is_some())
    }

    fn put_points(&self, points: &str) -> Result<(), StoreError> {
        let sql = "UPDATE store SET points = ?2 WHERE store = ?1";
        run(self.db, sql, params![self.of.store, points])?;
        directory::moved(self.db)
    }
}

impl Transaction<'_> {
    fn raise(&self, top_up: &TopUp) -> Result<(), StoreError> {
        let TopUp { key, more, daily } = top_up;
        // No limit is the largest number, to which nothing can be added.
        let more = i64::try_from(*more).unwrap_or(i64::MAX);
        run(
            self.db,
            "UPDATE pool SET daily = ?4,
             remaining = CASE WHEN remaining > ?5 - ?3 THEN ?5 ELSE remaining + ?3 END
             WHERE programme = ?1 AND pool = ?2",
            params![key.programme, key.pool, more, daily, i64::MAX],
        )
    }

    fn empty(&self, pool: &PoolKey) -> Result<(), StoreError> {
        run(
            self.db,
            "DELETE FROM pool WHERE programme = ?1 AND pool = ?2",
            params![pool.programme, pool.pool],
        )
    }
}

fn revision_row(row: &Row<'_>) -> Result<RevisionRow, Bad> {
    Ok(RevisionRow {
        activity: row.get(0)?,
        state: state(row, 1)?,
        revision: row.get(2)?,
        setup: row.get(3)?,
        key: row.get(4)?,
        published_ms: row.get(5)?,
    })
}
