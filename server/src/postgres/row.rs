//! What stands in a row's columns.

use funfair_engine::{Account, HeldRow, Lane, PlayKey, PlayRow, StoreError, Transfer};
use funfair_host_api::{ActivityState, HeldStatus, Reason};
use serde::de::DeserializeOwned;
use tokio_postgres::Row;

/// Why a row was not read.
#[derive(Debug)]
pub(super) struct Bad(pub(super) String);

impl From<Bad> for StoreError {
    fn from(Bad(reason): Bad) -> Self {
        Self::Unreadable { row: "of PostgreSQL".into(), reason }
    }
}

/// A play from the columns programme, store, activity, seq, member, key, id, `body_hash`, events,
/// receipt, `at_ms`, the first of them at `at`.
pub(super) fn play(row: &Row, at: usize) -> Result<PlayRow, Bad> {
    let programme: String = row.get(at);
    let name =
        PlayKey { programme: programme.clone(), member: row.get(at + 4), key: row.get(at + 5) };
    Ok(PlayRow {
        key: name,
        lane: Lane { programme, store: row.get(at + 1), activity: row.get(at + 2) },
        seq: number(row, at + 3)?,
        id: row.get(at + 6),
        body_hash: row.get(at + 7),
        events: row.get(at + 8),
        receipt: row.get(at + 9),
        at_ms: number(row, at + 10)?,
    })
}

/// A transfer from the columns programme, id, debit, credit, amount, reason, lots, store, activity,
/// play, `at_ms`, `of_id`.
pub(super) fn transfer(row: &Row) -> Result<Transfer, Bad> {
    let programme: String = row.get(0);
    Ok(Transfer {
        id: row.get(1),
        debit: parsed(row, 2, "account", Account::parse)?,
        credit: parsed(row, 3, "account", Account::parse)?,
        amount: number(row, 4)?,
        reason: parsed(row, 5, "reason", named(Reason::ALL, Reason::name))?,
        lots: json(row, 6, "lots")?,
        lane: Lane { programme: programme.clone(), store: row.get(7), activity: row.get(8) },
        programme,
        play: row.get(9),
        at_ms: number(row, 10)?,
        of: row.get(11),
    })
}

/// A reward from the columns programme, member, id, reward, store, activity, play, `at_ms`, status,
/// tracking, the first of them at `at`.
pub(super) fn held(row: &Row, at: usize) -> Result<HeldRow, Bad> {
    let programme: String = row.get(at);
    Ok(HeldRow {
        member: row.get(at + 1),
        id: row.get(at + 2),
        reward: json(row, at + 3, "reward")?,
        lane: Lane {
            programme: programme.clone(),
            store: row.get(at + 4),
            activity: row.get(at + 5),
        },
        programme,
        play: row.get(at + 6),
        at_ms: number(row, at + 7)?,
        status: parsed(row, at + 8, "status", named(HeldStatus::ALL, HeldStatus::name))?,
        tracking: row.get(at + 9),
    })
}

pub(super) fn state(row: &Row, at: usize) -> Result<ActivityState, Bad> {
    parsed(row, at, "state", named(ActivityState::ALL, ActivityState::name))
}

fn named<T: Copy>(all: &[T], name: fn(T) -> &'static str) -> impl Fn(&str) -> Option<T> {
    move |text| all.iter().copied().find(|value| name(*value) == text)
}

fn parsed<T>(
    row: &Row,
    at: usize,
    what: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<T, Bad> {
    let text: &str = row.get(at);
    parse(text).ok_or_else(|| Bad(format!("\"{text}\" is no {what}")))
}

pub(super) fn json<T: DeserializeOwned>(row: &Row, at: usize, what: &str) -> Result<T, Bad> {
    let text: &str = row.get(at);
    serde_json::from_str(text).map_err(|error| Bad(format!("{what}: {error}")))
}

pub(super) fn number(row: &Row, at: usize) -> Result<u64, Bad> {
    let number: i64 = row.get(at);
    u64::try_from(number).map_err(|_| Bad(format!("{number} is less than none")))
}

pub(super) fn some_number(row: &Row, at: usize) -> Result<Option<u64>, Bad> {
    let number: Option<i64> = row.get(at);
    let read = number.map(u64::try_from).transpose();
    read.map_err(|_| Bad(format!("{number:?} is less than none")))
}

/// A number as the database holds it; what is beyond is beyond every row.
pub(super) fn clamped(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
