//! Everything beside batches: one row, one page, a list of codes.

use super::{
    failure::Failure,
    link::{Ask, Link},
    row::{self, Bad, clamped},
};
use crate::database::kept;
use funfair_engine::{Account, HeldRow, Lane, PlayRow, PoolKey, StoreError, Transfer};
use funfair_host_api::Day;
use tokio_postgres::Row;

/// A member's plays, in the columns of [`row::play`].
macro_rules! plays {
    ($which:literal) => {
        concat!(
            "SELECT programme, store, activity, seq, member, key, id, body_hash, events, receipt,
             at_ms FROM play WHERE programme = $1 AND member = $2 AND ",
            $which
        )
    };
}

/// The lines of a member's ledger, in the columns of [`row::transfer`]. What is owed has an account
/// of its own, whose rows are no lines of it.
macro_rules! transfers {
    ($which:literal) => {
        concat!(
            "SELECT programme, id, debit, credit, amount, reason, lots, store, activity, play,
             at_ms, of_id FROM transfer WHERE programme = $1 AND member = $2
             AND (debit = $3 OR credit = $3) AND ",
            $which
        )
    };
}

pub(super) fn member(
    link: &mut Link,
    programme: &str,
    store: &str,
    sub: &str,
) -> Result<Option<String>, Failure> {
    let sql = "SELECT member FROM identity WHERE programme = $1 AND store = $2 AND sub = $3";
    one(link, Ask::of(sql).with(programme).with(store).with(sub), |row| Ok(row.get(0)))
}

pub(super) fn play(
    link: &mut Link,
    programme: &str,
    member: &str,
    id: &str,
) -> Result<Option<PlayRow>, Failure> {
    let sql = plays!("id = $3");
    one(link, Ask::of(sql).with(programme).with(member).with(id), |row| row::play(row, 0))
}

// Within a lane time never runs back: what is newest by time is newest by number.
pub(super) fn plays(
    link: &mut Link,
    lane: &Lane,
    member: &str,
    before: Option<u64>,
    limit: usize,
) -> Result<Vec<PlayRow>, Failure> {
    let sql =
        plays!("store = $3 AND activity = $4 AND seq < $5 ORDER BY at_ms DESC, seq DESC LIMIT $6");
    let ask = Ask::of(sql).with(&lane.programme).with(member).with(&lane.store);
    let ask = ask.with(&lane.activity).with(before.map_or(i64::MAX, clamped)).with(most(limit));
    many(link, ask, |row| row::play(row, 0))
}

// What time brought about has no receipt.
pub(super) fn history(
    link: &mut Link,
    programme: &str,
    member: &str,
    before: Option<(u64, &str)>,
    limit: usize,
) -> Result<Vec<PlayRow>, Failure> {
    let sql =
        plays!("(at_ms, id) < ($3, $4) AND receipt <> '' ORDER BY at_ms DESC, id DESC LIMIT $5");
    let (at_ms, id) = before.map_or((i64::MAX, ""), |(at_ms, id)| (clamped(at_ms), id));
    let ask = Ask::of(sql).with(programme).with(member).with(at_ms).with(id).with(most(limit));
    many(link, ask, |row| row::play(row, 0))
}

pub(super) fn transfers(
    link: &mut Link,
    programme: &str,
    member: &str,
    before: Option<(u64, &str)>,
    limit: usize,
) -> Result<Vec<Transfer>, Failure> {
    let sql = transfers!("(at_ms, id) < ($4, $5) ORDER BY at_ms DESC, id DESC LIMIT $6");
    let (at_ms, id) = before.map_or((i64::MAX, ""), |(at_ms, id)| (clamped(at_ms), id));
    let account = Account::Member(member.into()).text();
    let ask = Ask::of(sql).with(programme).with(member).with(account).with(at_ms).with(id);
    many(link, ask.with(most(limit)), row::transfer)
}

pub(super) fn transfer(
    link: &mut Link,
    programme: &str,
    member: &str,
    id: &str,
) -> Result<Option<Transfer>, Failure> {
    let sql = transfers!("id = $4");
    let account = Account::Member(member.into()).text();
    let ask = Ask::of(sql).with(programme).with(member).with(account).with(id);
    one(link, ask, row::transfer)
}

pub(super) fn held(
    link: &mut Link,
    programme: &str,
    member: &str,
    limit: usize,
) -> Result<Vec<HeldRow>, Failure> {
    let sql = "SELECT programme, member, id, reward, store, activity, play, at_ms, status, tracking
               FROM held WHERE programme = $1 AND member = $2
               ORDER BY at_ms DESC, id DESC LIMIT $3";
    let ask = Ask::of(sql).with(programme).with(member).with(most(limit));
    many(link, ask, |row| row::held(row, 0))
}

pub(super) fn members(
    link: &mut Link,
    lane: &Lane,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<(String, String)>, Failure> {
    let sql = "SELECT member, state FROM member_row WHERE programme = $1 AND store = $2
               AND activity = $3 AND member > $4 ORDER BY member LIMIT $5";
    states(link, sql, lane, (after, limit))
}

pub(super) fn items(
    link: &mut Link,
    lane: &Lane,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<(String, String)>, Failure> {
    let sql = "SELECT item, state FROM item WHERE programme = $1 AND store = $2
               AND activity = $3 AND item > $4 ORDER BY item LIMIT $5";
    states(link, sql, lane, (after, limit))
}

/// A page of a lane's rows by their names. No member's id is empty, and no item's key.
fn states(
    link: &mut Link,
    sql: &'static str,
    lane: &Lane,
    (after, limit): (Option<&str>, usize),
) -> Result<Vec<(String, String)>, Failure> {
    let ask = Ask::of(sql).with(&lane.programme).with(&lane.store).with(&lane.activity);
    let ask = ask.with(after.unwrap_or_default()).with(most(limit));
    many(link, ask, |row| Ok((row.get(0), row.get(1))))
}

pub(super) fn lapsing(
    link: &mut Link,
    programme: &str,
    day: Day,
    after: Option<&str>,
    limit: usize,
) -> Result<Vec<String>, Failure> {
    let sql = "SELECT member FROM purse WHERE programme = $1 AND member > $2
               AND lapses_on < $3 ORDER BY member LIMIT $4";
    let ask = Ask::of(sql).with(programme).with(after.unwrap_or_default()).with(day.0);
    many(link, ask.with(most(limit)), |row| Ok(row.get(0)))
}

/// Puts codes on top of a list; answers how many are new. The list's pool comes first: whoever has
/// its lock is alone in giving out numbers.
pub(super) fn add_codes(link: &mut Link, list: &PoolKey, codes: &[String]) -> Result<u64, Failure> {
    let of = |sql| Ask::of(sql).with(&list.programme).with(&list.pool);
    let made = of("INSERT INTO pool (programme, pool, remaining, daily, day, taken)
                   VALUES ($1, $2, 0, NULL, 0, 0) ON CONFLICT (programme, pool) DO NOTHING");
    let locked = of("SELECT 1 FROM pool WHERE programme = $1 AND pool = $2 FOR UPDATE");
    let greatest =
        of("SELECT COALESCE(MAX(number), 0) FROM code WHERE programme = $1 AND pool = $2");
    // Numbered in the order in which they came, each at its first place.
    let new = of("SELECT w.code FROM unnest($3::text[]) WITH ORDINALITY AS w (code, n)
                  WHERE NOT EXISTS (SELECT 1 FROM code c
                  WHERE c.programme = $1 AND c.pool = $2 AND c.code = w.code)
                  GROUP BY w.code ORDER BY MIN(w.n)")
    .with(codes);
    let answers = link.turn(&[made, locked, greatest, new])?;
    let [_, _, greatest, new] = &answers[..] else { return Ok(0) };
    let before = greatest.first().map_or(0, |row| row.get::<_, i64>(0));
    let new: Vec<&str> = new.iter().map(|row| row.get(0)).collect();
    let count = kept(new.len() as u64)?;
    let numbers: Vec<_> = (before + 1..=before + count).collect();
    let added = of("INSERT INTO code (programme, pool, number, code)
                    SELECT $1, $2, w.number, w.code
                    FROM unnest($3::bigint[], $4::text[]) AS w (number, code)");
    let more = of("UPDATE pool SET remaining = remaining + $3
                   WHERE programme = $1 AND pool = $2");
    link.turn(&[added.with(numbers).with(new), more.with(count)])?;
    Ok(count.unsigned_abs())
}

/// The one row of a question, or none.
pub(super) fn one<T>(
    link: &mut Link,
    ask: Ask<'_>,
    read: impl Fn(&Row) -> Result<T, Bad>,
) -> Result<Option<T>, Failure> {
    Ok(many(link, ask, read)?.into_iter().next())
}

/// All rows of a question.
pub(super) fn many<T>(
    link: &mut Link,
    ask: Ask<'_>,
    read: impl Fn(&Row) -> Result<T, Bad>,
) -> Result<Vec<T>, Failure> {
    let rows = link.turn(&[ask])?.into_iter().flatten();
    let rows = rows.map(|row| read(&row).map_err(StoreError::from));
    Ok(rows.collect::<Result<_, _>>()?)
}

fn most(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}
