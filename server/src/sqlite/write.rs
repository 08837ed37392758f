use super::{failed, read};
use funfair_engine::{
    Account, AddressRow, HeldRow, Identity, PlayRow, PoolKey, PoolRow, Purse, PurseKey, StoreError,
    Transfer, Writes,
};
use rusqlite::{Connection, Params, params};

/// Writes what a batch changed, in the one order of all batches.
pub(super) fn all(db: &Connection, writes: &Writes) -> Result<(), StoreError> {
    writes.identities.iter().try_for_each(|row| identity(db, row))?;
    writes.plays.iter().try_for_each(|row| play(db, row))?;
    for (key, state) in &writes.members {
        let lane = &key.lane;
        run(
            db,
            "INSERT INTO member_row (programme, store, activity, member, state)
             VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (programme, store, activity, member) DO UPDATE SET state = excluded.state",
            params![lane.programme, lane.store, lane.activity, key.member, state],
        )?;
    }
    for (key, state) in &writes.items {
        let lane = &key.lane;
        match state {
            Some(state) => run(
                db,
                "INSERT INTO item (programme, store, activity, item, state)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (programme, store, activity, item)
                 DO UPDATE SET state = excluded.state",
                params![lane.programme, lane.store, lane.activity, key.item, state],
            )?,
            None => run(
                db,
                "DELETE FROM item
                 WHERE programme = ?1 AND store = ?2 AND activity = ?3 AND item = ?4",
                params![lane.programme, lane.store, lane.activity, key.item],
            )?,
        }
    }
    writes.purses.iter().try_for_each(|(key, row)| purse(db, key, row))?;
    writes.pools.iter().try_for_each(|(key, row)| pool(db, key, row))?;
    for (lane, head) in &writes.lanes {
        run(
            db,
            "UPDATE lane SET seq = ?4, last_ms = ?5, shared = ?6
             WHERE programme = ?1 AND store = ?2 AND activity = ?3",
            params![lane.programme, lane.store, lane.activity, head.seq, head.last_ms, head.shared],
        )?;
    }
    writes.transfers.iter().try_for_each(|row| transfer(db, row))?;
    writes.held.values().try_for_each(|row| held(db, row))?;
    writes.addresses.iter().try_for_each(|row| address(db, row))?;
    facts(db, writes)
}

/// What a merchant's server said, and what it came to.
fn facts(db: &Connection, writes: &Writes) -> Result<(), StoreError> {
    for (key, state) in &writes.profiles {
        run(
            db,
            "INSERT INTO profile (programme, member, state) VALUES (?1, ?2, ?3)
             ON CONFLICT (programme, member) DO UPDATE SET state = excluded.state",
            params![key.programme, key.member, state],
        )?;
    }
    for (key, row) in &writes.facts {
        run(
            db,
            "INSERT INTO fact (programme, store, id, member, said, result, at_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![key.programme, key.store, key.id, row.member, row.said, row.result, row.at_ms],
        )?;
    }
    for (key, state) in &writes.orders {
        run(
            db,
            "INSERT INTO orders (programme, store, id, state) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (programme, store, id) DO UPDATE SET state = excluded.state",
            params![key.programme, key.store, key.order, state],
        )?;
    }
    Ok(())
}

/// Refuses in read-only mode.
pub(super) fn writable(db: &Connection) -> Result<(), StoreError> {
    let asked = read::one(db, "SELECT read_only FROM directory", [], |row| Ok(row.get(0)?))?;
    if asked == Some(true) { Err(StoreError::ReadOnly) } else { Ok(()) }
}

/// Puts codes on top of a list; answers how many are new.
pub(super) fn add_codes(
    db: &Connection,
    list: &PoolKey,
    codes: &[String],
) -> Result<u64, StoreError> {
    let sql = "SELECT COALESCE(MAX(number), 0) FROM code WHERE programme = ?1 AND pool = ?2";
    let names = params![list.programme, list.pool];
    let before: u64 = read::one(db, sql, names, |row| Ok(row.get(0)?))?.unwrap_or(0);
    let mut number = before;
    for code in codes {
        let added = changed(
            db,
            "INSERT INTO code (programme, pool, number, code) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (programme, pool, code) DO NOTHING",
            params![list.programme, list.pool, number + 1, code],
        )?;
        number += u64::from(added > 0);
    }
    let new = number - before;
    run(
        db,
        "INSERT INTO pool (programme, pool, remaining, daily, day, taken)
         VALUES (?1, ?2, ?3, NULL, 0, 0)
         ON CONFLICT (programme, pool) DO UPDATE SET remaining = remaining + excluded.remaining",
        params![list.programme, list.pool, new],
    )?;
    Ok(new)
}

/// The day that stands for "does not lapse".
const NEVER: i32 = i32::MAX;

fn identity(db: &Connection, row: &Identity) -> Result<(), StoreError> {
    run(
        db,
        "INSERT INTO identity (programme, store, sub, member) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (programme, store, sub) DO NOTHING",
        params![row.programme, row.store, row.sub, row.member],
    )
}

fn play(db: &Connection, row: &PlayRow) -> Result<(), StoreError> {
    run(
        db,
        "INSERT INTO play
         (programme, store, activity, seq, member, key, id, body_hash, events, receipt, at_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            row.lane.programme,
            row.lane.store,
            row.lane.activity,
            row.seq,
            row.key.member,
            row.key.key,
            row.id,
            row.body_hash,
            row.events,
            row.receipt,
            row.at_ms
        ],
    )
}

fn purse(db: &Connection, key: &PurseKey, row: &Purse) -> Result<(), StoreError> {
    let lapses_on = row.lots.iter().filter_map(|lot| lot.expires_on).min();
    run(
        db,
        "INSERT INTO purse (programme, member, points, owed, lapses_on, lots)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (programme, member) DO UPDATE SET points = excluded.points,
         owed = excluded.owed, lapses_on = excluded.lapses_on, lots = excluded.lots",
        params![
            key.programme,
            key.member,
            row.points,
            row.owed,
            lapses_on.map_or(NEVER, |day| day.0),
            json(&row.lots)?
        ],
    )
}

fn pool(db: &Connection, key: &PoolKey, row: &PoolRow) -> Result<(), StoreError> {
    run(
        db,
        "INSERT INTO pool (programme, pool, remaining, daily, day, taken)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (programme, pool) DO UPDATE SET remaining = excluded.remaining,
         daily = excluded.daily, day = excluded.day, taken = excluded.taken",
        params![key.programme, key.pool, row.left, row.daily, row.day.0, row.taken],
    )
}

fn transfer(db: &Connection, row: &Transfer) -> Result<(), StoreError> {
    let ((Account::Member(member) | Account::Owed(member), _)
    | (_, Account::Member(member) | Account::Owed(member))) = (&row.debit, &row.credit)
    else {
        return Err(StoreError::Database(format!("transfer {} names no member", row.id)));
    };
    run(
        db,
        "INSERT INTO transfer (programme, member, at_ms, id, debit, credit, amount, reason, lots,
         store, activity, play, of_id)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        params![
            row.programme,
            member,
            row.at_ms,
            row.id,
            row.debit.text(),
            row.credit.text(),
            row.amount,
            row.reason.name(),
            json(&row.lots)?,
            row.lane.store,
            row.lane.activity,
            row.play,
            row.of
        ],
    )
}

fn held(db: &Connection, row: &HeldRow) -> Result<(), StoreError> {
    run(
        db,
        "INSERT INTO held
         (programme, member, at_ms, id, reward, store, activity, play, status, tracking)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (programme, member, at_ms, id) DO UPDATE SET
         reward = excluded.reward, status = excluded.status, tracking = excluded.tracking",
        params![
            row.programme,
            row.member,
            row.at_ms,
            row.id,
            json(&row.reward)?,
            row.lane.store,
            row.lane.activity,
            row.play,
            row.status.name(),
            row.tracking
        ],
    )
}

fn address(db: &Connection, row: &AddressRow) -> Result<(), StoreError> {
    let key = &row.key;
    run(
        db,
        "INSERT INTO address (programme, member, held, address, at_ms) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (programme, member, held)
         DO UPDATE SET address = excluded.address, at_ms = excluded.at_ms",
        params![key.programme, key.member, key.id, json(&row.address)?, row.at_ms],
    )
}

/// Runs one statement, prepared once a connection.
pub(super) fn run(db: &Connection, sql: &str, params: impl Params) -> Result<(), StoreError> {
    changed(db, sql, params).map(|_| ())
}

/// As [`run`]; answers how many rows it wrote.
fn changed(db: &Connection, sql: &str, params: impl Params) -> Result<usize, StoreError> {
    db.prepare_cached(sql).and_then(|mut statement| statement.execute(params)).map_err(failed)
}

fn json<T: serde::Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Database(error.to_string()))
}
