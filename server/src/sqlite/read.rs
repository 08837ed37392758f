use super::failed;
use funfair_engine::{
    Account, FactKey, FactRow, HeldRow, Lane, LaneRow, PlayKey, PlayRow, PoolKey, PoolRow, Purse,
    PurseKey, Rows, StoreError, Transfer, Wants,
};
use funfair_host_api::{ActivityState, Day, HeldStatus, Reason};
use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use serde::de::DeserializeOwned;

/// The wanted rows, in the one order of all batches.
pub(super) fn rows(db: &Connection, wants: &Wants) -> Result<Rows, StoreError> {
    let mut rows = Rows::default();
    for key in &wants.plays {
        if let Some(row) = play_under(db, key)? {
            rows.plays.insert(key.clone(), row);
        }
    }
    for key in &wants.members {
        let lane = &key.lane;
        let sql = "SELECT state FROM member_row
                   WHERE programme = ?1 AND store = ?2 AND activity = ?3 AND member = ?4";
        let names = params![lane.programme, lane.store, lane.activity, key.member];
        if let Some(state) = one(db, sql, names, |row| Ok(row.get(0)?))? {
            rows.members.insert(key.clone(), state);
        }
    }
    for key in &wants.items {
        let lane = &key.lane;
        let sql = "SELECT state FROM item
                   WHERE programme = ?1 AND store = ?2 AND activity = ?3 AND item = ?4";
        let names = params![lane.programme, lane.store, lane.activity, key.item];
        if let Some(state) = one(db, sql, names, |row| Ok(row.get(0)?))? {
            rows.items.insert(key.clone(), state);
        }
    }
    for key in &wants.purses {
        if let Some(row) = purse(db, key)? {
            rows.purses.insert(key.clone(), row);
        }
    }
    for key in &wants.pools {
        if let Some(row) = pool(db, key)? {
            rows.pools.insert(key.clone(), row);
        }
    }
    for lane in &wants.lanes {
        if let Some(row) = head(db, lane)? {
            rows.lanes.insert(lane.clone(), row);
        }
    }
    more(db, wants, &mut rows)?;
    Ok(rows)
}

/// Codes, rewards, and what a merchant's server said.
fn more(db: &Connection, wants: &Wants, rows: &mut Rows) -> Result<(), StoreError> {
    for (list, most) in &wants.codes {
        let taken = rows.pools.get(list).map_or(0, |pool| pool.taken);
        let sql = "SELECT number, code FROM code
                   WHERE programme = ?1 AND pool = ?2 AND number > ?3 ORDER BY number LIMIT ?4";
        let names = params![list.programme, list.pool, taken, clamped(*most)];
        let next = many(db, sql, names, |row| Ok((row.get(0)?, row.get(1)?)))?;
        rows.codes.insert(list.clone(), next.into_iter().collect());
    }
    for key in &wants.held {
        let sql = format!("{HELD} AND id = ?3");
        let names = params![key.programme, key.member, key.id];
        if let Some(row) = one(db, &sql, names, held_row)? {
            rows.held.insert(key.clone(), row);
        }
    }
    for key in &wants.profiles {
        let sql = "SELECT state FROM profile WHERE programme = ?1 AND member = ?2";
        let names = params![key.programme, key.member];
        if let Some(state) = one(db, sql, names, |row| Ok(row.get(0)?))? {
            rows.profiles.insert(key.clone(), state);
        }
    }
    for key in &wants.facts {
        if let Some(row) = fact(db, key)? {
            rows.facts.insert(key.clone(), row);
        }
    }
    for key in &wants.orders {
        let sql = "SELECT state FROM orders WHERE programme = ?1 AND store = ?2 AND id = ?3";
        let names = params![key.programme, key.store, key.order];
        if let Some(state) = one(db, sql, names, |row| Ok(row.get(0)?))? {
            rows.orders.insert(key.clone(), state);
        }
    }
    Ok(())
}

fn fact(db: &Connection, key: &FactKey) -> Result<Option<FactRow>, StoreError> {
    let sql = "SELECT member, said, result, at_ms FROM fact
               WHERE programme = ?1 AND store = ?2 AND id = ?3";
    one(db, sql, params![key.programme, key.store, key.id], |row| {
        Ok(FactRow {
            member: row.get(0)?,
            said: row.get(1)?,
            result: row.get(2)?,
            at_ms: row.get(3)?,
        })
    })
}

pub(super) fn member(
    db: &Connection,
    programme: &str,
    store: &str,
    sub: &str,
) -> Result<Option<String>, StoreError> {
    let sql = "SELECT member FROM identity WHERE programme = ?1 AND store = ?2 AND sub = ?3";
    one(db, sql, params![programme, store, sub], |row| Ok(row.get(0)?))
}

const PLAY: &str = "SELECT programme, store, activity, seq, member, key, id, body_hash, events,
                    receipt, at_ms FROM play";

// Without statistics SQLite would rather walk the whole lane than this index: a member's history
// then costs as much as everyone's.
const OF_MEMBER: &str = "INDEXED BY play_history WHERE programme = ?1 AND member = ?2";

fn by_id() -> String {
    format!("{PLAY} {OF_MEMBER} AND id = ?3")
}

// Within a lane time never runs back: what is newest by time is newest by number.
fn of_lane() -> String {
    format!(
        "{PLAY} {OF_MEMBER} AND store = ?3 AND activity = ?4 AND seq < ?5
         ORDER BY at_ms DESC, seq DESC LIMIT ?6"
    )
}

// What time brought about has no receipt.
fn of_all() -> String {
    format!(
        "{PLAY} {OF_MEMBER} AND (at_ms, id) < (?3, ?4) AND receipt <> ''
         ORDER BY at_ms DESC, id DESC LIMIT ?5"
    )
}

pub(super) fn play(
    db: &Connection,
    programme: &str,
    member: &str,
    id: &str,
) -> Result<Option<PlayRow>, StoreError> {
    let sql = by_id();
    one(db, &sql, params![programme, member, id], play_row)
}

pub(super) fn plays(
    db: &Connection,
    lane: &Lane,
    member: &str,
    before: Option<u64>,
    limit: usize,
) -> Result<Vec<PlayRow>, StoreError> {
    let sql = of_lane();
    let before = before.map_or(i64::MAX, clamped);
    let names = params![lane.programme, member, lane.store, lane.activity, before, limit];
    many(db, &sql, names, play_row)
}

pub(super) fn history(
    db: &Connection,
    programme: &str,
    member: &str,
    before: Option<(u64, &str)>,
    limit: usize,
) -> Result<Vec<PlayRow>, StoreError> {
    let (at_ms, id) = before.map_or((i64::MAX, ""), |(at_ms, id)| (clamped(at_ms), id));
    many(db, &of_all(), params![programme, member, at_ms, id, limit], play_row)
}

pub(super) const TRANSFER: &str = "SELECT programme, id, debit, credit, amount, reason, lots,
                                   store, activity, play, at_ms, of_id FROM transfer";

// What is owed has an account of its own, whose rows are no lines of the member's ledger.
const OF_LEDGER: &str = "WHERE programme = ?1 AND member = ?2 AND (debit = ?3 OR credit = ?3)";

pub(super) fn transfers(
    db: &Connection,
    programme: &str,
    member: &str,
    before: Option<(u64, &str)>,
    limit: usize,
) -> Result<Vec<Transfer>, StoreError> {
    let sql = format!(
        "{TRANSFER} {OF_LEDGER} AND (at_ms, id) < (?4, ?5)
         ORDER BY at_ms DESC, id DESC LIMIT ?6"
    );
    let (at_ms, id) = before.map_or((i64::MAX, ""), |(at_ms, id)| (clamped(at_ms), id));
    let account = Account::Member(member.into()).text();
    many(db, &sql, params![programme, member, account, at_ms, id, limit], transfer_row)
}

pub(super) fn transfer(
    db: &Connection,
    programme: &str,
    member: &str,
    id: &str,
) -> Result<Option<Transfer>, StoreError> {
    let sql = format!("{TRANSFER} {OF_LEDGER} AND id = ?4");
    let account = Account::Member(member.into()).text();
    one(db, &sql, params![programme, member, account, id], transfer_row)
}

pub(super) fn transfer_row(row: &Row<'_>) -> Result<Transfer, Bad> {
    let programme: String = row.get(0)?;
    Ok(Transfer {
        id: row.get(1)?,
        debit: parsed(row, 2, "account", Account::parse)?,
        credit: parsed(row, 3, "account", Account::parse)?,
        amount: row.get(4)?,
        reason: parsed(row, 5, "reason", named(Reason::ALL, Reason::name))?,
        lots: json(row, 6, "lots")?,
        lane: Lane { programme: programme.clone(), store: row.get(7)?, activity: row.get(8)? },
        programme,
        play: row.get(9)?,
        at_ms: row.get(10)?,
        of: row.get(11)?,
    })
}

const HELD: &str = "SELECT programme, member, id, reward, store, activity, play, at_ms, status,
                    tracking FROM held WHERE programme = ?1 AND member = ?2";

pub(super) fn held(
    db: &Connection,
    programme: &str,
    member: &str,
    limit: usize,
) -> Result<Vec<HeldRow>, StoreError> {
    let sql = format!("{HELD} ORDER BY at_ms DESC, id DESC LIMIT ?3");
    many(db, &sql, params![programme, member, limit], held_row)
}

fn held_row(row: &Row<'_>) -> Result<HeldRow, Bad> {
    let programme: String = row.get(0)?;
    Ok(HeldRow {
        member: row.get(1)?,
        id: row.get(2)?,
        reward: json(row, 3, "reward")?,
        lane: Lane { programme: programme.clone(), store: row.get(4)?, activity: row.get(5)? },
        programme,
        play: row.get(6)?,
        at_ms: row.get(7)?,
        status: parsed(row, 8, "status", named(HeldStatus::ALL, HeldStatus::name))?,
        tracking: row.get(9)?,
    })
}

pub(super) fn members(
    db: &Connection,
    lane: &Lane,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT member, state FROM member_row WHERE programme = ?1 AND store = ?2
               AND activity = ?3 AND member > ?4 ORDER BY member LIMIT ?5";
    states(db, sql, lane, (after, limit))
}

pub(super) fn items(
    db: &Connection,
    lane: &Lane,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT item, state FROM item WHERE programme = ?1 AND store = ?2
               AND activity = ?3 AND item > ?4 ORDER BY item LIMIT ?5";
    states(db, sql, lane, (after, limit))
}

/// A page of a lane's rows by their names. No member's id is empty, and no item's key.
fn states(
    db: &Connection,
    sql: &str,
    lane: &Lane,
    (after, limit): (Option<&str>, usize),
) -> Result<Vec<(String, String)>, StoreError> {
    let after = after.unwrap_or_default();
    let names = params![lane.programme, lane.store, lane.activity, after, limit];
    many(db, sql, names, |row| Ok((row.get(0)?, row.get(1)?)))
}

pub(super) fn lapsing(
    db: &Connection,
    programme: &str,
    day: Day,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT member FROM purse WHERE programme = ?1 AND member > ?2
               AND lapses_on < ?3 ORDER BY member LIMIT ?4";
    let names = params![programme, after.unwrap_or_default(), day.0, limit];
    many(db, sql, names, |row| Ok(row.get(0)?))
}

fn play_under(db: &Connection, key: &PlayKey) -> Result<Option<PlayRow>, StoreError> {
    let sql = format!("{PLAY} WHERE programme = ?1 AND member = ?2 AND key = ?3");
    one(db, &sql, params![key.programme, key.member, key.key], play_row)
}

fn play_row(row: &Row<'_>) -> Result<PlayRow, Bad> {
    let programme: String = row.get(0)?;
    Ok(PlayRow {
        key: PlayKey { programme: programme.clone(), member: row.get(4)?, key: row.get(5)? },
        lane: Lane { programme, store: row.get(1)?, activity: row.get(2)? },
        seq: row.get(3)?,
        id: row.get(6)?,
        body_hash: row.get(7)?,
        events: row.get(8)?,
        receipt: row.get(9)?,
        at_ms: row.get(10)?,
    })
}

pub(super) fn purse(db: &Connection, key: &PurseKey) -> Result<Option<Purse>, StoreError> {
    let sql = "SELECT points, owed, lots FROM purse WHERE programme = ?1 AND member = ?2";
    one(db, sql, params![key.programme, key.member], |row| {
        Ok(Purse { points: row.get(0)?, owed: row.get(1)?, lots: json(row, 2, "lots")? })
    })
}

pub(super) fn pool(db: &Connection, key: &PoolKey) -> Result<Option<PoolRow>, StoreError> {
    let sql = "SELECT remaining, daily, day, taken FROM pool WHERE programme = ?1 AND pool = ?2";
    one(db, sql, params![key.programme, key.pool], |row| {
        Ok(PoolRow {
            left: row.get(0)?,
            daily: row.get(1)?,
            day: Day(row.get(2)?),
            taken: row.get(3)?,
        })
    })
}

pub(super) fn head(db: &Connection, lane: &Lane) -> Result<Option<LaneRow>, StoreError> {
    let sql = "SELECT state, revision, seq, last_ms, shared FROM lane
               WHERE programme = ?1 AND store = ?2 AND activity = ?3";
    one(db, sql, params![lane.programme, lane.store, lane.activity], |row| {
        Ok(LaneRow {
            state: state(row, 0)?,
            revision: row.get(1)?,
            seq: row.get(2)?,
            last_ms: row.get(3)?,
            shared: row.get(4)?,
        })
    })
}

/// Why a row was not read.
pub(super) enum Bad {
    Database(rusqlite::Error),
    Unreadable(String),
}

impl From<rusqlite::Error> for Bad {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error)
    }
}

impl From<Bad> for StoreError {
    fn from(bad: Bad) -> Self {
        match bad {
            Bad::Database(error) => failed(error),
            Bad::Unreadable(reason) => Self::Unreadable { row: "of SQLite".into(), reason },
        }
    }
}

/// The one row of a question, or none.
pub(super) fn one<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> Result<T, Bad>,
) -> Result<Option<T>, StoreError> {
    let mut statement = db.prepare_cached(sql).map_err(failed)?;
    let found = statement.query_row(params, |row| Ok(read(row))).optional().map_err(failed)?;
    Ok(found.transpose()?)
}

/// All rows of a question.
pub(super) fn many<T>(
    db: &Connection,
    sql: &str,
    params: impl Params,
    mut read: impl FnMut(&Row<'_>) -> Result<T, Bad>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = db.prepare_cached(sql).map_err(failed)?;
    let mut rows = statement.query(params).map_err(failed)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().map_err(failed)? {
        all.push(read(row)?);
    }
    Ok(all)
}

pub(super) fn state(row: &Row<'_>, at: usize) -> Result<ActivityState, Bad> {
    parsed(row, at, "state", named(ActivityState::ALL, ActivityState::name))
}

fn named<T: Copy>(all: &[T], name: fn(T) -> &'static str) -> impl Fn(&str) -> Option<T> {
    move |text| all.iter().copied().find(|value| name(*value) == text)
}

fn parsed<T>(
    row: &Row<'_>,
    at: usize,
    what: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, Bad> {
    let text: String = row.get(at)?;
    parse(&text).ok_or_else(|| Bad::Unreadable(format!("\"{text}\" is no {what}")))
}

pub(super) fn json<T: DeserializeOwned>(row: &Row<'_>, at: usize, what: &str) -> Result<T, Bad> {
    let text: String = row.get(at)?;
    serde_json::from_str(&text).map_err(|error| Bad::Unreadable(format!("{what}: {error}")))
}

/// A number as SQLite's integers hold it; what is beyond is beyond every row.
fn clamped(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn walks(sql: &str, plan: &str) {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(include_str!("schema/0001.sql")).unwrap();
        let sql = format!("EXPLAIN QUERY PLAN {sql}");
        let mut statement = db.prepare(&sql).unwrap();
        let seen: Vec<String> =
            statement.raw_query().mapped(|row| row.get(3)).map(Result::unwrap).collect();
        assert!(seen[0].contains(plan), "{seen:?}");
        assert!(!seen.iter().any(|step| step.contains("SCAN")), "{seen:?}");
    }

    #[test]
    fn a_members_plays_are_found_without_walking_the_lane() {
        let own = "play_history (programme=? AND member=?)";
        walks(&of_lane(), own);
        walks(&by_id(), own);
        walks(&of_all(), "play_history (programme=? AND member=? AND (at_ms,id)<(?,?))");
        let key = format!("{PLAY} WHERE programme = ?1 AND member = ?2 AND key = ?3");
        walks(&key, "play_key (programme=? AND member=? AND key=?)");
    }
}
