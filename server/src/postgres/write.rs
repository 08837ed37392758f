//! What a batch changed: one statement a table, whatever the number of rows.
//!
//! **No upsert.** A row that was found is locked, so UPDATE reaches it; one that was not is added
//! by a plain INSERT, which fails where another batch added it meanwhile: then the whole batch is
//! decided again. An upsert would write over what that other batch had decided. The two exceptions
//! are rows on which nothing is decided: who a member is never changes, and an address stands under
//! the lock of its prize.

use super::link::Ask;
use crate::database::kept;
use funfair_engine::{
    Account, HeldKey, HeldRow, Lane, PoolKey, PoolRow, Purse, PurseKey, Rows, StoreError, Transfer,
    Writes,
};
use serde::Serialize;
use std::collections::BTreeMap;

/// The day on which points lapse that do not lapse.
const NEVER: i32 = i32::MAX;

/// Every statement of a batch.
pub(super) const ALL: [&str; 21] = [
    IDENTITIES,
    PLAYS,
    MEMBERS,
    NEW_MEMBERS,
    ITEMS,
    NEW_ITEMS,
    OLD_ITEMS,
    PURSES,
    NEW_PURSES,
    POOLS,
    NEW_POOLS,
    HELD,
    NEW_HELD,
    ADDRESSES,
    PROFILES,
    NEW_PROFILES,
    FACTS,
    ORDERS,
    NEW_ORDERS,
    TRANSFERS,
    LANES,
];

const IDENTITIES: &str = "INSERT INTO identity (programme, store, sub, member)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
     ON CONFLICT (programme, store, sub) DO NOTHING";
const PLAYS: &str = "INSERT INTO play
     (programme, store, activity, seq, member, key, id, body_hash, events, receipt, at_ms)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[],
     $7::text[], $8::text[], $9::text[], $10::text[], $11::bigint[])";
const MEMBERS: &str = "UPDATE member_row t SET state = w.state
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
     AS w (programme, store, activity, member, state)
     WHERE t.programme = w.programme AND t.store = w.store AND t.activity = w.activity
     AND t.member = w.member";
const NEW_MEMBERS: &str = "INSERT INTO member_row (programme, store, activity, member, state)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])";
const ITEMS: &str = "UPDATE item t SET state = w.state
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])
     AS w (programme, store, activity, item, state)
     WHERE t.programme = w.programme AND t.store = w.store AND t.activity = w.activity
     AND t.item = w.item";
const NEW_ITEMS: &str = "INSERT INTO item (programme, store, activity, item, state)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[])";
const OLD_ITEMS: &str = "DELETE FROM item t
     USING unnest($1::text[], $2::text[], $3::text[], $4::text[])
     AS w (programme, store, activity, item)
     WHERE t.programme = w.programme AND t.store = w.store AND t.activity = w.activity
     AND t.item = w.item";
const PURSES: &str = "UPDATE purse t
     SET points = w.points, owed = w.owed, lapses_on = w.lapses_on, lots = w.lots
     FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::integer[], $6::text[])
     AS w (programme, member, points, owed, lapses_on, lots)
     WHERE t.programme = w.programme AND t.member = w.member";
const NEW_PURSES: &str = "INSERT INTO purse (programme, member, points, owed, lapses_on, lots)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::integer[],
     $6::text[])";
const POOLS: &str = "UPDATE pool t
     SET remaining = w.remaining, daily = w.daily, day = w.day, taken = w.taken
     FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::integer[], $6::bigint[])
     AS w (programme, pool, remaining, daily, day, taken)
     WHERE t.programme = w.programme AND t.pool = w.pool";
const NEW_POOLS: &str = "INSERT INTO pool (programme, pool, remaining, daily, day, taken)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::integer[],
     $6::bigint[])";
const HELD: &str = "UPDATE held t
     SET reward = w.reward, status = w.status, tracking = w.tracking
     FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[],
     $7::text[]) AS w (programme, member, at_ms, id, reward, status, tracking)
     WHERE t.programme = w.programme AND t.member = w.member AND t.at_ms = w.at_ms
     AND t.id = w.id";
const NEW_HELD: &str = "INSERT INTO held
     (programme, member, at_ms, id, reward, status, tracking, store, activity, play)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[],
     $7::text[], $8::text[], $9::text[], $10::text[])";
const ADDRESSES: &str = "INSERT INTO address (programme, member, held, address, at_ms)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[])
     ON CONFLICT (programme, member, held)
     DO UPDATE SET address = excluded.address, at_ms = excluded.at_ms";
const PROFILES: &str = "UPDATE profile t SET state = w.state
     FROM unnest($1::text[], $2::text[], $3::text[]) AS w (programme, member, state)
     WHERE t.programme = w.programme AND t.member = w.member";
const NEW_PROFILES: &str = "INSERT INTO profile (programme, member, state)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[])";
const FACTS: &str = "INSERT INTO fact (programme, store, id, member, said, result, at_ms)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
     $7::bigint[])";
const ORDERS: &str = "UPDATE orders t SET state = w.state
     FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS w (programme, store, id, state)
     WHERE t.programme = w.programme AND t.store = w.store AND t.id = w.id";
const NEW_ORDERS: &str = "INSERT INTO orders (programme, store, id, state)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])";
const TRANSFERS: &str = "INSERT INTO transfer (programme, member, at_ms, id, debit, credit, amount,
     reason, lots, store, activity, play, of_id)
     SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[],
     $7::bigint[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[])";
const LANES: &str = "UPDATE lane t SET seq = w.seq, last_ms = w.last_ms, shared = w.shared
     FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::text[])
     AS w (programme, store, activity, seq, last_ms, shared)
     WHERE t.programme = w.programme AND t.store = w.store AND t.activity = w.activity";

/// Asks for everything that a batch changed, given the rows that it found.
pub(super) fn asks<'a>(rows: &'a Rows, writes: &'a Writes) -> Result<Vec<Ask<'a>>, StoreError> {
    let mut asks = Vec::new();
    let identities: Vec<_> = writes.identities.iter().collect();
    put(&mut asks, IDENTITIES, &identities, |ask, rows| {
        let ask = ask.with(column(rows, |row| row.programme.as_str()));
        let ask = ask.with(column(rows, |row| row.store.as_str()));
        let ask = ask.with(column(rows, |row| row.sub.as_str()));
        Ok(ask.with(column(rows, |row| row.member.as_str())))
    })?;
    plays(&mut asks, writes)?;
    let (old, new) = parted(&writes.members, &rows.members);
    for (sql, rows) in [(MEMBERS, old), (NEW_MEMBERS, new)] {
        put(&mut asks, sql, &rows, |ask, rows| {
            let ask = in_lanes(ask, rows, |(key, _)| &key.lane);
            let ask = ask.with(column(rows, |(key, _)| key.member.as_str()));
            Ok(ask.with(column(rows, |(_, state)| state.as_str())))
        })?;
    }
    items(&mut asks, rows, writes)?;
    let (old, new) = parted(&writes.purses, &rows.purses);
    put(&mut asks, PURSES, &old, purses)?;
    put(&mut asks, NEW_PURSES, &new, purses)?;
    let (old, new) = parted(&writes.pools, &rows.pools);
    put(&mut asks, POOLS, &old, pools)?;
    put(&mut asks, NEW_POOLS, &new, pools)?;
    let (old, new) = parted(&writes.held, &rows.held);
    put(&mut asks, HELD, &old, held)?;
    put(&mut asks, NEW_HELD, &new, |ask, rows| {
        let ask = held(ask, rows)?.with(column(rows, |(_, row)| row.lane.store.as_str()));
        let ask = ask.with(column(rows, |(_, row)| row.lane.activity.as_str()));
        Ok(ask.with(column(rows, |(_, row)| row.play.as_str())))
    })?;
    told(&mut asks, rows, writes)?;
    let transfers: Vec<_> = writes.transfers.iter().collect();
    put(&mut asks, TRANSFERS, &transfers, moved)?;
    let lanes: Vec<_> = writes.lanes.iter().collect();
    put(&mut asks, LANES, &lanes, |ask, rows| {
        let ask = in_lanes(ask, rows, |(lane, _)| lane);
        let ask = ask.with(numbers(rows, |(_, head)| head.seq)?);
        let ask = ask.with(numbers(rows, |(_, head)| head.last_ms)?);
        Ok(ask.with(column(rows, |(_, head)| head.shared.as_str())))
    })?;
    Ok(asks)
}

fn plays<'a>(asks: &mut Vec<Ask<'a>>, writes: &'a Writes) -> Result<(), StoreError> {
    let plays: Vec<_> = writes.plays.iter().collect();
    put(asks, PLAYS, &plays, |ask, rows| {
        let ask = in_lanes(ask, rows, |row| &row.lane);
        let ask = ask.with(numbers(rows, |row| row.seq)?);
        let ask = ask.with(column(rows, |row| row.key.member.as_str()));
        let ask = ask.with(column(rows, |row| row.key.key.as_str()));
        let ask = ask.with(column(rows, |row| row.id.as_str()));
        let ask = ask.with(column(rows, |row| row.body_hash.as_str()));
        let ask = ask.with(column(rows, |row| row.events.as_str()));
        let ask = ask.with(column(rows, |row| row.receipt.as_str()));
        Ok(ask.with(numbers(rows, |row| row.at_ms)?))
    })
}

fn items<'a>(
    asks: &mut Vec<Ask<'a>>,
    rows: &'a Rows,
    writes: &'a Writes,
) -> Result<(), StoreError> {
    let (old, new) = parted(&writes.items, &rows.items);
    let (kept, gone): (Vec<_>, Vec<_>) = old.into_iter().partition(|(_, state)| state.is_some());
    let new: Vec<_> = new.into_iter().filter(|(_, state)| state.is_some()).collect();
    for (sql, rows) in [(ITEMS, kept), (NEW_ITEMS, new)] {
        put(asks, sql, &rows, |ask, rows| {
            let ask = in_lanes(ask, rows, |(key, _)| &key.lane);
            let ask = ask.with(column(rows, |(key, _)| key.item.as_str()));
            Ok(ask.with(column(rows, |(_, state)| state.as_deref())))
        })?;
    }
    put(asks, OLD_ITEMS, &gone, |ask, rows| {
        let ask = in_lanes(ask, rows, |(key, _)| &key.lane);
        Ok(ask.with(column(rows, |(key, _)| key.item.as_str())))
    })
}

fn purses<'a>(ask: Ask<'a>, rows: &[(&'a PurseKey, &'a Purse)]) -> Result<Ask<'a>, StoreError> {
    let lapses_on = |purse: &Purse| {
        let days = purse.lots.iter().filter_map(|lot| lot.expires_on);
        days.min().map_or(NEVER, |day| day.0)
    };
    let ask = ask.with(column(rows, |(key, _)| key.programme.as_str()));
    let ask = ask.with(column(rows, |(key, _)| key.member.as_str()));
    let ask = ask.with(numbers(rows, |(_, purse)| purse.points)?);
    let ask = ask.with(numbers(rows, |(_, purse)| purse.owed)?);
    let ask = ask.with(column(rows, |(_, purse)| lapses_on(purse)));
    Ok(ask.with(json(rows, |(_, purse)| &purse.lots)?))
}

fn pools<'a>(ask: Ask<'a>, rows: &[(&'a PoolKey, &'a PoolRow)]) -> Result<Ask<'a>, StoreError> {
    let ask = ask.with(column(rows, |(key, _)| key.programme.as_str()));
    let ask = ask.with(column(rows, |(key, _)| key.pool.as_str()));
    let ask = ask.with(numbers(rows, |(_, pool)| pool.left)?);
    let daily = rows.iter().map(|(_, pool)| pool.daily.map(kept).transpose());
    let ask = ask.with(daily.collect::<Result<Vec<_>, _>>()?);
    let ask = ask.with(column(rows, |(_, pool)| pool.day.0));
    Ok(ask.with(numbers(rows, |(_, pool)| pool.taken)?))
}

fn held<'a>(ask: Ask<'a>, rows: &[(&'a HeldKey, &'a HeldRow)]) -> Result<Ask<'a>, StoreError> {
    let ask = ask.with(column(rows, |(key, _)| key.programme.as_str()));
    let ask = ask.with(column(rows, |(key, _)| key.member.as_str()));
    let ask = ask.with(numbers(rows, |(_, row)| row.at_ms)?);
    let ask = ask.with(column(rows, |(key, _)| key.id.as_str()));
    let ask = ask.with(json(rows, |(_, row)| &row.reward)?);
    let ask = ask.with(column(rows, |(_, row)| row.status.name()));
    Ok(ask.with(column(rows, |(_, row)| row.tracking.as_deref())))
}

/// What members said of parcels, and a merchant's server of members and orders.
fn told<'a>(asks: &mut Vec<Ask<'a>>, rows: &'a Rows, writes: &'a Writes) -> Result<(), StoreError> {
    let addresses: Vec<_> = writes.addresses.iter().collect();
    put(asks, ADDRESSES, &addresses, |ask, rows| {
        let ask = ask.with(column(rows, |row| row.key.programme.as_str()));
        let ask = ask.with(column(rows, |row| row.key.member.as_str()));
        let ask = ask.with(column(rows, |row| row.key.id.as_str()));
        let ask = ask.with(json(rows, |row| &row.address)?);
        Ok(ask.with(numbers(rows, |row| row.at_ms)?))
    })?;
    let (old, new) = parted(&writes.profiles, &rows.profiles);
    for (sql, rows) in [(PROFILES, old), (NEW_PROFILES, new)] {
        put(asks, sql, &rows, |ask, rows| {
            let ask = ask.with(column(rows, |(key, _)| key.programme.as_str()));
            let ask = ask.with(column(rows, |(key, _)| key.member.as_str()));
            Ok(ask.with(column(rows, |(_, state)| state.as_str())))
        })?;
    }
    let facts: Vec<_> = writes.facts.iter().collect();
    put(asks, FACTS, &facts, |ask, rows| {
        let ask = ask.with(column(rows, |(key, _)| key.programme.as_str()));
        let ask = ask.with(column(rows, |(key, _)| key.store.as_str()));
        let ask = ask.with(column(rows, |(key, _)| key.id.as_str()));
        let ask = ask.with(column(rows, |(_, row)| row.member.as_str()));
        let ask = ask.with(column(rows, |(_, row)| row.said.as_str()));
        let ask = ask.with(column(rows, |(_, row)| row.result.as_str()));
        Ok(ask.with(numbers(rows, |(_, row)| row.at_ms)?))
    })?;
    let (old, new) = parted(&writes.orders, &rows.orders);
    for (sql, rows) in [(ORDERS, old), (NEW_ORDERS, new)] {
        put(asks, sql, &rows, |ask, rows| {
            let ask = ask.with(column(rows, |(key, _)| key.programme.as_str()));
            let ask = ask.with(column(rows, |(key, _)| key.store.as_str()));
            let ask = ask.with(column(rows, |(key, _)| key.order.as_str()));
            Ok(ask.with(column(rows, |(_, state)| state.as_str())))
        })?;
    }
    Ok(())
}

fn moved<'a>(ask: Ask<'a>, rows: &[&'a Transfer]) -> Result<Ask<'a>, StoreError> {
    let member = |row: &&'a Transfer| match (&row.debit, &row.credit) {
        (Account::Member(member) | Account::Owed(member), _)
        | (_, Account::Member(member) | Account::Owed(member)) => Ok(member.as_str()),
        _ => Err(StoreError::Database(format!("transfer {} names no member", row.id))),
    };
    let ask = ask.with(column(rows, |row| row.programme.as_str()));
    let ask = ask.with(rows.iter().map(member).collect::<Result<Vec<_>, _>>()?);
    let ask = ask.with(numbers(rows, |row| row.at_ms)?);
    let ask = ask.with(column(rows, |row| row.id.as_str()));
    let ask = ask.with(column(rows, |row| row.debit.text()));
    let ask = ask.with(column(rows, |row| row.credit.text()));
    let ask = ask.with(numbers(rows, |row| row.amount)?);
    let ask = ask.with(column(rows, |row| row.reason.name()));
    let ask = ask.with(json(rows, |row| &row.lots)?);
    let ask = ask.with(column(rows, |row| row.lane.store.as_str()));
    let ask = ask.with(column(rows, |row| row.lane.activity.as_str()));
    let ask = ask.with(column(rows, |row| row.play.as_str()));
    Ok(ask.with(column(rows, |row| row.of.as_deref())))
}

/// The rows that were found, and those that were not.
#[expect(clippy::type_complexity, reason = "two lists of names and rows")]
fn parted<'a, K: Ord, V, F>(
    writes: &'a BTreeMap<K, V>,
    found: &BTreeMap<K, F>,
) -> (Vec<(&'a K, &'a V)>, Vec<(&'a K, &'a V)>) {
    writes.iter().partition(|(key, _)| found.contains_key(*key))
}

/// Adds a statement, where there is anything for it to write.
fn put<'a, T>(
    asks: &mut Vec<Ask<'a>>,
    sql: &'static str,
    rows: &[T],
    columns: impl FnOnce(Ask<'a>, &[T]) -> Result<Ask<'a>, StoreError>,
) -> Result<(), StoreError> {
    if !rows.is_empty() {
        asks.push(columns(Ask::of(sql), rows)?);
    }
    Ok(())
}

fn in_lanes<'a, T>(ask: Ask<'a>, rows: &[T], lane: impl Fn(&T) -> &'a Lane) -> Ask<'a> {
    ask.with(column(rows, |row| lane(row).programme.as_str()))
        .with(column(rows, |row| lane(row).store.as_str()))
        .with(column(rows, |row| lane(row).activity.as_str()))
}

fn column<T, V>(rows: &[T], value: impl Fn(&T) -> V) -> Vec<V> {
    rows.iter().map(value).collect()
}

fn numbers<T>(rows: &[T], value: impl Fn(&T) -> u64) -> Result<Vec<i64>, StoreError> {
    rows.iter().map(|row| kept(value(row))).collect()
}

fn json<'a, T, V: Serialize + 'a>(
    rows: &[T],
    value: impl Fn(&T) -> &'a V,
) -> Result<Vec<String>, StoreError> {
    let text = rows.iter().map(|row| serde_json::to_string(value(row)));
    text.collect::<Result<_, _>>().map_err(|error| StoreError::Database(error.to_string()))
}
