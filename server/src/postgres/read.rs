//! The wanted rows of a batch: one statement for each sort of row, whatever their number.

use super::{
    link::Ask,
    row::{self, Bad},
};
use funfair_engine::{FactRow, Lane, LaneRow, PoolRow, Purse, Rows, StoreError, Wants};
use funfair_host_api::Day;
use std::{
    collections::{BTreeMap, BTreeSet},
    vec,
};
use tokio_postgres::Row;

/// One sort of row: how to read it, and how to read it under its lock. `n` is the row's place
/// among the wanted names, which are sorted: that is the one order in which all batches lock.
struct Question {
    plain: &'static str,
    locking: &'static str,
}

/// `$names` come as arrays, `$fits` joins them to the table `t`.
macro_rules! question {
    ($table:literal, $names:literal, $columns:literal, $fits:literal) => {
        question!($table, $names, $columns, $fits, " FOR UPDATE OF t")
    };
    ($table:literal, $names:literal, $columns:literal, $fits:literal, $lock:literal) => {
        Question {
            plain: question!(@ $table, $names, $columns, $fits, ""),
            locking: question!(@ $table, $names, $columns, $fits, $lock),
        }
    };
    (@ $table:literal, $names:literal, $columns:literal, $fits:literal, $lock:expr) => {
        concat!(
            "SELECT w.n, ", $columns, " FROM ", $names, " JOIN ", $table, " t ON ", $fits,
            " ORDER BY w.n", $lock
        )
    };
}

// A play is never changed, so it needs no lock; that no other comes under its key is what
// `play_key` is for.
const PLAYS: Question = question!(
    "play",
    "unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS w (programme, member, key, n)",
    "t.programme, t.store, t.activity, t.seq, t.member, t.key, t.id, t.body_hash, t.events,
     t.receipt, t.at_ms",
    "t.programme = w.programme AND t.member = w.member AND t.key = w.key",
    ""
);
const MEMBERS: Question = question!(
    "member_row",
    "unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY
     AS w (programme, store, activity, member, n)",
    "t.state",
    "t.programme = w.programme AND t.store = w.store AND t.activity = w.activity
     AND t.member = w.member"
);
const ITEMS: Question = question!(
    "item",
    "unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY
     AS w (programme, store, activity, item, n)",
    "t.state",
    "t.programme = w.programme AND t.store = w.store AND t.activity = w.activity
     AND t.item = w.item"
);
const PURSES: Question = question!(
    "purse",
    "unnest($1::text[], $2::text[]) WITH ORDINALITY AS w (programme, member, n)",
    "t.points, t.owed, t.lots",
    "t.programme = w.programme AND t.member = w.member"
);
const POOLS: Question = question!(
    "pool",
    "unnest($1::text[], $2::text[]) WITH ORDINALITY AS w (programme, pool, n)",
    "t.remaining, t.daily, t.day, t.taken",
    "t.programme = w.programme AND t.pool = w.pool"
);
// Whoever has the list's pool has its codes.
const CODES: Question = question!(
    "pool",
    "unnest($1::text[], $2::text[], $3::bigint[]) WITH ORDINALITY AS w (programme, pool, most, n)",
    "c.number, c.code",
    "t.programme = w.programme AND t.pool = w.pool
     JOIN code c ON c.programme = t.programme AND c.pool = t.pool AND c.number > t.taken
     AND c.number <= t.taken + w.most",
    ""
);
const HELD: Question = question!(
    "held",
    "unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS w (programme, member, id, n)",
    "t.programme, t.member, t.id, t.reward, t.store, t.activity, t.play, t.at_ms, t.status,
     t.tracking",
    "t.programme = w.programme AND t.member = w.member AND t.id = w.id"
);
const PROFILES: Question = question!(
    "profile",
    "unnest($1::text[], $2::text[]) WITH ORDINALITY AS w (programme, member, n)",
    "t.state",
    "t.programme = w.programme AND t.member = w.member"
);
// Never changed, as plays.
const FACTS: Question = question!(
    "fact",
    "unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS w (programme, store, id, n)",
    "t.member, t.said, t.result, t.at_ms",
    "t.programme = w.programme AND t.store = w.store AND t.id = w.id",
    ""
);
const ORDERS: Question = question!(
    "orders",
    "unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS w (programme, store, id, n)",
    "t.state",
    "t.programme = w.programme AND t.store = w.store AND t.id = w.id"
);
// Last, since everybody wants them: they are held for the shortest time.
const LANES: Question = question!(
    "lane",
    "unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS w (programme, store, activity, n)",
    "t.state, t.revision, t.seq, t.last_ms, t.shared",
    "t.programme = w.programme AND t.store = w.store AND t.activity = w.activity"
);

/// In the one order of all batches.
const ALL: [&Question; 11] =
    [&PLAYS, &MEMBERS, &ITEMS, &PURSES, &POOLS, &CODES, &HELD, &PROFILES, &FACTS, &ORDERS, &LANES];

/// What a batch may ask.
pub(super) fn locking() -> impl Iterator<Item = &'static str> {
    ALL.into_iter().map(|question| question.locking)
}

/// What a reading without locks may ask.
pub(super) fn plain() -> impl Iterator<Item = &'static str> {
    ALL.into_iter().map(|question| question.plain)
}

/// Asks for the wanted rows, those of each sort that is wanted at all.
pub(super) fn asks(wants: &Wants, locked: bool) -> Vec<Ask<'_>> {
    let of = |question: &Question| Ask::of(if locked { question.locking } else { question.plain });
    let mut asks = Vec::new();
    let Wants { plays, members, items, purses, pools, .. } = wants;
    if !plays.is_empty() {
        let ask = of(&PLAYS).with(texts(plays, |key| &key.programme));
        let ask = ask.with(texts(plays, |key| &key.member));
        asks.push(ask.with(texts(plays, |key| &key.key)));
    }
    if !members.is_empty() {
        let ask = in_lanes(of(&MEMBERS), members, |key| &key.lane);
        asks.push(ask.with(texts(members, |key| &key.member)));
    }
    if !items.is_empty() {
        let ask = in_lanes(of(&ITEMS), items, |key| &key.lane);
        asks.push(ask.with(texts(items, |key| &key.item)));
    }
    if !purses.is_empty() {
        let ask = of(&PURSES).with(texts(purses, |key| &key.programme));
        asks.push(ask.with(texts(purses, |key| &key.member)));
    }
    if !pools.is_empty() {
        let ask = of(&POOLS).with(texts(pools, |key| &key.programme));
        asks.push(ask.with(texts(pools, |key| &key.pool)));
    }
    more(wants, of, &mut asks);
    if !wants.lanes.is_empty() {
        asks.push(in_lanes(of(&LANES), &wants.lanes, |lane| lane));
    }
    asks
}

/// Codes, rewards, and what a merchant's server said.
fn more<'a>(wants: &'a Wants, of: impl Fn(&Question) -> Ask<'a>, asks: &mut Vec<Ask<'a>>) {
    let Wants { codes, held, profiles, facts, orders, .. } = wants;
    if !codes.is_empty() {
        let ask = of(&CODES).with(texts(codes.keys(), |key| &key.programme));
        let ask = ask.with(texts(codes.keys(), |key| &key.pool));
        asks.push(ask.with(codes.values().map(|most| row::clamped(*most)).collect::<Vec<_>>()));
    }
    if !held.is_empty() {
        let ask = of(&HELD).with(texts(held, |key| &key.programme));
        let ask = ask.with(texts(held, |key| &key.member));
        asks.push(ask.with(texts(held, |key| &key.id)));
    }
    if !profiles.is_empty() {
        let ask = of(&PROFILES).with(texts(profiles, |key| &key.programme));
        asks.push(ask.with(texts(profiles, |key| &key.member)));
    }
    if !facts.is_empty() {
        let ask = of(&FACTS).with(texts(facts, |key| &key.programme));
        let ask = ask.with(texts(facts, |key| &key.store));
        asks.push(ask.with(texts(facts, |key| &key.id)));
    }
    if !orders.is_empty() {
        let ask = of(&ORDERS).with(texts(orders, |key| &key.programme));
        let ask = ask.with(texts(orders, |key| &key.store));
        asks.push(ask.with(texts(orders, |key| &key.order)));
    }
}

/// One name of each key.
fn texts<'a, K: 'a>(
    keys: impl IntoIterator<Item = &'a K>,
    name: impl Fn(&'a K) -> &'a str,
) -> Vec<&'a str> {
    keys.into_iter().map(name).collect()
}

/// The three names of each key's lane.
fn in_lanes<'a, K: 'a, I>(ask: Ask<'a>, keys: I, lane: impl Fn(&'a K) -> &'a Lane) -> Ask<'a>
where
    I: IntoIterator<Item = &'a K> + Clone,
{
    ask.with(texts(keys.clone(), |key| &lane(key).programme))
        .with(texts(keys.clone(), |key| &lane(key).store))
        .with(texts(keys, |key| &lane(key).activity))
}

/// Reads the answers to [`asks`].
pub(super) fn rows(wants: &Wants, answers: Vec<Vec<Row>>) -> Result<Rows, StoreError> {
    Ok(Answers(answers.into_iter()).rows(wants)?)
}

struct Answers(vec::IntoIter<Vec<Row>>);

impl Answers {
    fn rows(mut self, wants: &Wants) -> Result<Rows, Bad> {
        let mut rows = Rows::default();
        self.each(&wants.plays, |key, row| {
            rows.plays.insert(key.clone(), row::play(row, 1)?);
            Ok(())
        })?;
        self.states(&wants.members, &mut rows.members)?;
        self.states(&wants.items, &mut rows.items)?;
        self.each(&wants.purses, |key, row| {
            let (points, owed) = (row::number(row, 1)?, row::number(row, 2)?);
            let purse = Purse { points, owed, lots: row::json(row, 3, "lots")? };
            rows.purses.insert(key.clone(), purse);
            Ok(())
        })?;
        self.each(&wants.pools, |key, row| {
            rows.pools.insert(key.clone(), pool_row(row)?);
            Ok(())
        })?;
        let lists: BTreeSet<_> = wants.codes.keys().cloned().collect();
        rows.codes = lists.iter().map(|list| (list.clone(), BTreeMap::new())).collect();
        self.each(&lists, |list, row| {
            let codes = rows.codes.entry(list.clone()).or_default();
            codes.insert(row::number(row, 1)?, row.get(2));
            Ok(())
        })?;
        self.each(&wants.held, |key, row| {
            rows.held.insert(key.clone(), row::held(row, 1)?);
            Ok(())
        })?;
        self.states(&wants.profiles, &mut rows.profiles)?;
        self.each(&wants.facts, |key, row| {
            let [member, said, result] = [1, 2, 3].map(|at| row.get(at));
            let fact = FactRow { member, said, result, at_ms: row::number(row, 4)? };
            rows.facts.insert(key.clone(), fact);
            Ok(())
        })?;
        self.states(&wants.orders, &mut rows.orders)?;
        self.each(&wants.lanes, |lane, row| {
            rows.lanes.insert(lane.clone(), lane_row(row)?);
            Ok(())
        })?;
        Ok(rows)
    }

    /// Takes the next answer, where such rows were wanted, and reads each of them with its name.
    fn each<K>(
        &mut self,
        names: &BTreeSet<K>,
        mut read: impl FnMut(&K, &Row) -> Result<(), Bad>,
    ) -> Result<(), Bad> {
        if names.is_empty() {
            return Ok(());
        }
        let names: Vec<_> = names.iter().collect();
        for row in self.0.next().unwrap_or_default() {
            let n: i64 = row.get(0);
            let name = usize::try_from(n - 1).ok().and_then(|at| names.get(at));
            read(name.ok_or_else(|| Bad(format!("{n} was not wanted")))?, &row)?;
        }
        Ok(())
    }

    fn states<K: Ord + Clone>(
        &mut self,
        names: &BTreeSet<K>,
        into: &mut BTreeMap<K, String>,
    ) -> Result<(), Bad> {
        self.each(names, |key, row| {
            into.insert(key.clone(), row.get(1));
            Ok(())
        })
    }
}

fn pool_row(row: &Row) -> Result<PoolRow, Bad> {
    Ok(PoolRow {
        left: row::number(row, 1)?,
        daily: row::some_number(row, 2)?,
        day: Day(row.get(3)),
        taken: row::number(row, 4)?,
    })
}

fn lane_row(row: &Row) -> Result<LaneRow, Bad> {
    Ok(LaneRow {
        state: row::state(row, 1)?,
        revision: row.get(2),
        seq: row::number(row, 3)?,
        last_ms: row::number(row, 4)?,
        shared: row.get(5),
    })
}
