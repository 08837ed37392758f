use super::{
    Codes, RevisionRow, StoreRow, activities,
    sql::{Row, Sql, values},
};
use funfair_engine::{
    Account, Lane, LaneRow, Order, PoolKey, PoolRow, Purse, StoreError, Transfer,
};
use funfair_host_api::{Day, Reason};

/// A database as of one moment, row by row: what an audit looks at. It reads alone, beside a
/// server that writes, and holds no more than a few rows at a time.
pub struct Snapshot<'a>(pub(super) &'a dyn Sql);

/// What is known of an order, and what its transfers brought.
pub struct OrderRow {
    /// Its store.
    pub store: String,
    /// Its id.
    pub id: String,
    /// What is known of it; nothing where only transfers name it.
    pub order: Option<Order>,
    /// The points that its transfers brought in all.
    pub booked: i64,
}

/// A member's points, with the day by which the server finds those that lapse.
pub struct PurseRow {
    /// Whose they are.
    pub member: String,
    /// That day; nothing where none lapse.
    pub lapses_on: Option<Day>,
    /// The points.
    pub purse: Purse,
}

/// How many purses are held at a time.
const PAGE: usize = 1000;

/// The day that stands for "does not lapse".
const NEVER: i32 = i32::MAX;

impl Snapshot<'_> {
    /// A store's activities.
    pub fn activities(&self, of: &StoreRow) -> Result<Vec<RevisionRow>, StoreError> {
        activities::all(self.0, of)
    }

    /// Every transfer with the member in its key, member by member.
    pub fn transfers(
        &self,
        programme: &str,
        each: &mut dyn FnMut(String, Transfer) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let sql = "SELECT member, id, debit, credit, amount, reason, lots, store, activity, play,
                   at_ms, of_id FROM transfer WHERE programme = $1 ORDER BY member, at_ms, id";
        self.0.each(sql, values![programme], &mut |row| {
            each(row.get(0)?, transfer_row(programme, row)?)
        })
    }

    /// A member's points.
    pub fn purse(&self, programme: &str, member: &str) -> Result<Purse, StoreError> {
        let sql = "SELECT points, owed, lots FROM purse WHERE programme = $1 AND member = $2";
        let found = self.0.one(sql, values![programme, member], |row| purse(row, 0))?;
        Ok(found.unwrap_or_default())
    }

    /// A page of purses after a member, by their members.
    pub fn purses(&self, programme: &str, after: &str) -> Result<Vec<PurseRow>, StoreError> {
        // No member's id is empty.
        let sql = format!(
            "SELECT member, lapses_on, points, owed, lots FROM purse
             WHERE programme = $1 AND member > $2 ORDER BY member LIMIT {PAGE}"
        );
        self.0.many(&sql, values![programme, after], |row| {
            Ok(PurseRow {
                member: row.get(0)?,
                lapses_on: Some(row.get(1)?).filter(|day| *day != NEVER).map(Day),
                purse: purse(row, 2)?,
            })
        })
    }

    /// Every order, and every name that a transfer gives as its order.
    pub fn orders(
        &self,
        programme: &str,
        each: &mut dyn FnMut(OrderRow),
    ) -> Result<(), StoreError> {
        // Both halves in one order: they meet row by row, and neither is held.
        let bytes = self.0.bytewise();
        let sql = format!(
            "SELECT store, id, MAX(state), CAST(SUM(points) AS BIGINT) FROM (
             SELECT store {bytes} AS store, id {bytes} AS id, state, 0 AS points FROM orders
             WHERE programme = $1 UNION ALL
             SELECT store {bytes}, of_id {bytes}, NULL, CASE WHEN debit = 'h:issued' THEN amount
             ELSE -amount END FROM transfer WHERE programme = $1 AND of_id IS NOT NULL
             AND (debit = 'h:issued' OR credit = 'h:issued')) AS named
             GROUP BY store, id ORDER BY store, id"
        );
        self.0.each(&sql, values![programme], &mut |row| {
            let state: Option<String> = row.get(2)?;
            let order = state.map(|_| row.json(2, "order")).transpose()?;
            each(OrderRow { store: row.get(0)?, id: row.get(1)?, order, booked: row.get(3)? });
            Ok(())
        })
    }

    /// The heads of a programme's activities.
    pub fn lanes(&self, programme: &str) -> Result<Vec<(Lane, LaneRow)>, StoreError> {
        let sql = "SELECT store, activity, state, revision, seq, last_ms, shared FROM lane
                   WHERE programme = $1 ORDER BY store, activity";
        self.0.many(sql, values![programme], |row| {
            let lane =
                Lane { programme: programme.into(), store: row.get(0)?, activity: row.get(1)? };
            let head = LaneRow {
                state: activities::state(row, 2)?,
                revision: row.get(3)?,
                seq: row.get(4)?,
                last_ms: row.get(5)?,
                shared: row.get(6)?,
            };
            Ok((lane, head))
        })
    }

    /// The plays of a lane in their order: number, id, receipt.
    pub fn plays(
        &self,
        lane: &Lane,
        each: &mut dyn FnMut(u64, String, String),
    ) -> Result<(), StoreError> {
        let sql = "SELECT seq, id, receipt FROM play
                   WHERE programme = $1 AND store = $2 AND activity = $3 ORDER BY seq";
        self.0.each(sql, values![&lane.programme, &lane.store, &lane.activity], &mut |row| {
            each(row.get(0)?, row.get(1)?, row.get(2)?);
            Ok(())
        })
    }

    /// All stock of a programme, by name.
    pub fn pools(&self, programme: &str) -> Result<Vec<(PoolKey, PoolRow)>, StoreError> {
        let sql = "SELECT pool, remaining, daily, day, taken FROM pool WHERE programme = $1
                   ORDER BY pool";
        self.0.many(sql, values![programme], |row| {
            let pool = PoolRow {
                left: row.get(1)?,
                daily: row.get(2)?,
                day: Day(row.get(3)?),
                taken: row.get(4)?,
            };
            Ok((PoolKey { programme: programme.into(), pool: row.get(0)? }, pool))
        })
    }

    /// How many codes a list has.
    pub fn codes(&self, list: &PoolKey) -> Result<Codes, StoreError> {
        let sql = "SELECT COUNT(*), COALESCE(MAX(number), 0) FROM code
                   WHERE programme = $1 AND pool = $2";
        let codes = self.0.one(sql, values![&list.programme, &list.pool], |row| {
            Ok(Codes { count: row.get(0)?, last: row.get(1)? })
        })?;
        Ok(codes.unwrap_or_default())
    }

    /// The coupons that members hold, each with its code, those with the same code one after
    /// another.
    pub fn coupons(
        &self,
        programme: &str,
        each: &mut dyn FnMut(String, String),
    ) -> Result<(), StoreError> {
        let reward = self.0.json("reward");
        let sql = format!(
            "SELECT id, code FROM (SELECT id, {reward} ->> 'type' AS sort,
             {reward} ->> 'code' AS code FROM held WHERE programme = $1) AS coupon
             WHERE sort = 'coupon' AND code IS NOT NULL ORDER BY code, id"
        );
        self.0.each(&sql, values![programme], &mut |row| {
            each(row.get(0)?, row.get(1)?);
            Ok(())
        })
    }
}

fn purse(row: &Row, at: usize) -> Result<Purse, StoreError> {
    Ok(Purse { points: row.get(at)?, owed: row.get(at + 1)?, lots: row.json(at + 2, "lots")? })
}

fn transfer_row(programme: &str, row: &Row) -> Result<Transfer, StoreError> {
    Ok(Transfer {
        id: row.get(1)?,
        debit: row.parsed(2, "account", Account::parse)?,
        credit: row.parsed(3, "account", Account::parse)?,
        amount: row.get(4)?,
        reason: row.parsed(5, "reason", |name| {
            Reason::ALL.iter().copied().find(|reason| reason.name() == name)
        })?,
        lots: row.json(6, "lots")?,
        lane: Lane { programme: programme.into(), store: row.get(7)?, activity: row.get(8)? },
        programme: programme.into(),
        play: row.get(9)?,
        at_ms: row.get(10)?,
        of: row.get(11)?,
    })
}
