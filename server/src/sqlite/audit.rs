use super::{
    activities::Transaction,
    failed,
    read::{self, Bad, TRANSFER, many, one},
};
use crate::database::{Activities, Codes, RevisionRow, Snapshot, StoreRow};
use funfair_engine::{
    Lane, LaneRow, Order, PoolKey, PoolRow, Purse, PurseKey, StoreError, Transfer,
};
use rusqlite::{Connection, Params, Row, params};

/// A database as of one moment.
pub(super) struct Moment<'a>(pub(super) &'a Connection);

impl Snapshot for Moment<'_> {
    fn activities(&self, of: &StoreRow) -> Result<Vec<RevisionRow>, StoreError> {
        Transaction { db: self.0, of }.all()
    }

    fn transfers(
        &self,
        programme: &str,
        each: &mut dyn FnMut(String, Transfer) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let sql = TRANSFER.replace(
            " FROM transfer",
            ", member FROM transfer WHERE programme = ?1 ORDER BY member, at_ms, id",
        );
        self.each(
            &sql,
            [programme],
            |row| {
                let member: String = row.get(12)?;
                Ok((member, read::transfer_row(row)?))
            },
            |(member, row)| each(member, row),
        )
    }

    fn purse(&self, programme: &str, member: &str) -> Result<Purse, StoreError> {
        let key = PurseKey { programme: programme.into(), member: member.into() };
        Ok(read::purse(self.0, &key)?.unwrap_or_default())
    }

    fn purses_from_nowhere(&self, programme: &str) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT p.member FROM purse p WHERE p.programme = ?1
                   AND (p.points > 0 OR p.owed > 0) AND NOT EXISTS (SELECT 1 FROM transfer t
                   WHERE t.programme = p.programme AND t.member = p.member) ORDER BY p.member";
        many(self.0, sql, [programme], |row| Ok(row.get(0)?))
    }

    fn purse_sums(&self, programme: &str) -> Result<(u64, u64), StoreError> {
        let sql = "SELECT COALESCE(SUM(points), 0), COALESCE(SUM(owed), 0) FROM purse
                   WHERE programme = ?1";
        let sums = one(self.0, sql, [programme], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(sums.unwrap_or_default())
    }

    fn orders(
        &self,
        programme: &str,
        each: &mut dyn FnMut(String, String, Order) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let sql = "SELECT store, id, state FROM orders WHERE programme = ?1 ORDER BY store, id";
        self.each(
            sql,
            [programme],
            |row| Ok((row.get(0)?, row.get(1)?, read::json(row, 2, "order")?)),
            |(store, id, order)| each(store, id, order),
        )
    }

    fn lanes(&self, programme: &str) -> Result<Vec<(Lane, LaneRow)>, StoreError> {
        let sql = "SELECT store, activity FROM lane WHERE programme = ?1 ORDER BY store, activity";
        let lanes = many(self.0, sql, [programme], |row| {
            Ok(Lane { programme: programme.into(), store: row.get(0)?, activity: row.get(1)? })
        })?;
        let head = |lane: Lane| Ok(read::head(self.0, &lane)?.map(|head| (lane, head)));
        lanes.into_iter().filter_map(|lane| head(lane).transpose()).collect()
    }

    fn plays(
        &self,
        lane: &Lane,
        each: &mut dyn FnMut(u64, String, String),
    ) -> Result<(), StoreError> {
        let sql = "SELECT seq, id, receipt FROM play
                   WHERE programme = ?1 AND store = ?2 AND activity = ?3 ORDER BY seq";
        let names = params![lane.programme, lane.store, lane.activity];
        self.each(
            sql,
            names,
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            |row| {
                let (seq, id, receipt): (u64, String, String) = row;
                each(seq, id, receipt);
                Ok(())
            },
        )
    }

    fn pools(&self, programme: &str) -> Result<Vec<(PoolKey, PoolRow)>, StoreError> {
        let sql = "SELECT pool FROM pool WHERE programme = ?1 ORDER BY pool";
        let names: Vec<String> = many(self.0, sql, [programme], |row| Ok(row.get(0)?))?;
        let key = |pool| PoolKey { programme: programme.into(), pool };
        let row = |key: PoolKey| Ok(read::pool(self.0, &key)?.map(|row| (key, row)));
        names.into_iter().filter_map(|name| row(key(name)).transpose()).collect()
    }

    fn codes(&self, list: &PoolKey) -> Result<Codes, StoreError> {
        let sql = "SELECT COUNT(*), COALESCE(MAX(number), 0) FROM code
                   WHERE programme = ?1 AND pool = ?2";
        let codes = one(self.0, sql, params![list.programme, list.pool], |row| {
            Ok(Codes { count: row.get(0)?, last: row.get(1)? })
        })?;
        Ok(codes.unwrap_or_default())
    }

    fn rewards(
        &self,
        programme: &str,
        each: &mut dyn FnMut(String, String),
    ) -> Result<(), StoreError> {
        let sql = "SELECT id, reward FROM held WHERE programme = ?1";
        self.each(
            sql,
            [programme],
            |row| Ok((row.get(0)?, row.get(1)?)),
            |(id, reward)| {
                each(id, reward);
                Ok(())
            },
        )
    }
}

impl Moment<'_> {
    fn each<T>(
        &self,
        sql: &str,
        params: impl Params,
        read: impl Fn(&Row<'_>) -> Result<T, Bad>,
        mut each: impl FnMut(T) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut statement = self.0.prepare_cached(sql).map_err(failed)?;
        let mut rows = statement.query(params).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            each(read(row)?)?;
        }
        Ok(())
    }
}
