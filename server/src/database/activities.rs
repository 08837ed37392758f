use super::{
    ActivityWrite, RevisionRow, StoreRow, directory, rehearsal,
    sql::{Row, Sql, kept, values},
};
use funfair_engine::{Lane, LaneRow, PoolKey, PoolRow, StoreError, TopUp};
use funfair_host_api::ActivityState;

/// A store's activities inside one write transaction: what is read here still holds when it is
/// written back, whatever plays and commands run beside.
pub struct Activities<'a> {
    db: &'a dyn Sql,
    of: &'a StoreRow,
}

impl<'a> Activities<'a> {
    /// Takes the locks under which nothing of it changes: against other operators the store's own
    /// row, against plays their pools and lanes, in the order in which plays lock them.
    pub(super) fn locked(db: &'a dyn Sql, of: &'a StoreRow) -> Result<Self, StoreError> {
        let (programme, draft, store) = (&of.programme, &rehearsal(&of.programme), &of.store);
        db.lock("SELECT store FROM store WHERE store = $1", values![store])?;
        db.lock(
            "SELECT pool FROM pool WHERE programme IN ($1, $2) AND (pool LIKE $3 OR pool LIKE $4)
             ORDER BY programme, pool",
            values![programme, draft, &format!("{store}/%"), "shared:%"],
        )?;
        db.lock(
            "SELECT activity FROM lane WHERE programme IN ($1, $2) AND store = $3
             ORDER BY programme, store, activity",
            values![programme, draft, store],
        )?;
        Ok(Self { db, of })
    }

    /// All of them, by id.
    pub fn all(&self) -> Result<Vec<RevisionRow>, StoreError> {
        all(self.db, self.of)
    }

    /// How many plays a lane has accepted.
    pub fn accepted(&self, lane: &Lane) -> Result<u64, StoreError> {
        let sql = "SELECT seq FROM lane WHERE programme = $1 AND store = $2 AND activity = $3";
        let names = values![&lane.programme, &lane.store, &lane.activity];
        Ok(self.db.one(sql, names, |row| row.get(0))?.unwrap_or(0))
    }

    /// Writes an activity with its revision and lanes.
    pub fn put(&self, write: &ActivityWrite, now_ms: u64) -> Result<(), StoreError> {
        let (lane, row) = (&write.lane, &write.row);
        self.db.run(
            "INSERT INTO activity_revision
             (programme, store, activity, revision, setup, created_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (programme, store, activity, revision) DO NOTHING",
            values![&lane.programme, &lane.store, &row.activity, &row.revision, &row.setup, now_ms],
        )?;
        self.db.run(
            "INSERT INTO activity (programme, store, activity, state, revision, key, created_at_ms)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (programme, store, activity)
             DO UPDATE SET state = excluded.state, revision = excluded.revision",
            values![
                &lane.programme,
                &lane.store,
                &row.activity,
                row.state.name(),
                &row.revision,
                row.key.as_slice(),
                now_ms
            ],
        )?;
        for (lane, head, pools) in &write.lanes {
            let (draft, played) = (head.state == ActivityState::Draft, self.accepted(lane)? > 0);
            // A pool that the programme shares may have given to other activities.
            let anew = |key: &PoolKey| draft || (!played && !key.pool.starts_with("shared:"));
            pools.iter().filter(|(key, _)| anew(key)).try_for_each(|(key, _)| self.empty(key))?;
            open_lane(self.db, lane, head, pools)?;
        }
        write.raised.iter().try_for_each(|top_up| self.raise(top_up))?;
        directory::moved(self.db)
    }

    /// Whether there is a pool, however much is left in it.
    pub fn has_pool(&self, pool: &PoolKey) -> Result<bool, StoreError> {
        let sql = "SELECT pool FROM pool WHERE programme = $1 AND pool = $2";
        let found = self.db.one(sql, values![&pool.programme, &pool.pool], |_| Ok(()))?;
        Ok(found.is_some())
    }

    /// Puts the store's points rules, JSON.
    pub fn put_points(&self, points: &str) -> Result<(), StoreError> {
        let sql = "UPDATE store SET points = $1 WHERE store = $2";
        self.db.run(sql, values![points, &self.of.store])?;
        directory::moved(self.db)
    }

    fn raise(&self, top_up: &TopUp) -> Result<(), StoreError> {
        let TopUp { key, more, daily } = top_up;
        // No limit is the largest number, to which nothing can be added.
        let more = i64::try_from(*more).unwrap_or(i64::MAX);
        let sql = "UPDATE pool SET daily = $1,
                   remaining = CASE WHEN remaining > $2 THEN $3 ELSE remaining + $4 END
                   WHERE programme = $5 AND pool = $6";
        let names = values![*daily, i64::MAX - more, i64::MAX, more, &key.programme, &key.pool];
        self.db.run(sql, names).map(drop)
    }

    fn empty(&self, pool: &PoolKey) -> Result<(), StoreError> {
        let sql = "DELETE FROM pool WHERE programme = $1 AND pool = $2";
        self.db.run(sql, values![&pool.programme, &pool.pool]).map(drop)
    }
}

/// Opens a lane, or puts its new state and revision; adds the pools that are not there yet. Pools
/// before lanes, each in the order of their names, as plays lock them.
pub(crate) fn open_lane(
    db: &dyn Sql,
    lane: &Lane,
    head: &LaneRow,
    pools: &[(PoolKey, PoolRow)],
) -> Result<(), StoreError> {
    let mut pools: Vec<_> = pools.iter().collect();
    pools.sort_by_key(|(key, _)| key);
    for (key, row) in pools {
        let (left, daily) = (kept(row.left)?, row.daily.map(kept).transpose()?);
        db.run(
            "INSERT INTO pool (programme, pool, remaining, daily, day, taken)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (programme, pool) DO NOTHING",
            values![&key.programme, &key.pool, left, daily, row.day.0, kept(row.taken)?],
        )?;
    }
    db.run(
        "INSERT INTO lane (programme, store, activity, state, revision, seq, last_ms, shared)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (programme, store, activity)
         DO UPDATE SET state = excluded.state, revision = excluded.revision",
        values![
            &lane.programme,
            &lane.store,
            &lane.activity,
            head.state.name(),
            &head.revision,
            kept(head.seq)?,
            kept(head.last_ms)?,
            &head.shared
        ],
    )
    .map(drop)
}

pub(super) fn all(db: &dyn Sql, of: &StoreRow) -> Result<Vec<RevisionRow>, StoreError> {
    let sql = "SELECT a.activity, a.state, a.revision, r.setup, a.key, r.created_at_ms
               FROM activity a
               JOIN activity_revision r ON r.programme = a.programme AND r.store = a.store
               AND r.activity = a.activity AND r.revision = a.revision
               WHERE a.programme = $1 AND a.store = $2 ORDER BY a.activity";
    db.many(sql, values![&of.programme, &of.store], revision_row)
}

fn revision_row(row: &Row) -> Result<RevisionRow, StoreError> {
    Ok(RevisionRow {
        activity: row.get(0)?,
        state: state(row, 1)?,
        revision: row.get(2)?,
        setup: row.get(3)?,
        key: row.get(4)?,
        published_ms: row.get(5)?,
    })
}

pub(super) fn state(row: &Row, at: usize) -> Result<ActivityState, StoreError> {
    row.parsed(at, "state", |text| {
        ActivityState::ALL.iter().copied().find(|state| state.name() == text)
    })
}
