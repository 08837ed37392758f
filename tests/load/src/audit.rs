//! The rows after a load, held to what was answered and to each other. A run whose rows are wrong
//! fails, whatever its figures.
//!
//! **One text for both databases**, and none of the server's own code: plain SQL that SQLite and
//! PostgreSQL understand alike.

use crate::{
    ground::{Ground, PROGRAMME, Rows, STOCK},
    place::{At, Place},
};
use anyhow::{Result, ensure};

/// Whose rows are wrong, of activities that have given what is not gone from their stock.
const STOCK_OFF: &str = "
    SELECT count(*) FROM pool
    LEFT JOIN (
        SELECT programme, store, activity, count(*) AS plays FROM play
        WHERE receipt LIKE '%\"picked\":\"PRIZE\"%'
        GROUP BY programme, store, activity
    ) AS given
      ON given.programme = pool.programme
     AND given.store || '/' || given.activity || '/PRIZE' = pool.pool
    WHERE pool.programme = 'PROGRAMME' AND pool.pool LIKE '%/PRIZE'
      AND pool.remaining + coalesce(given.plays, 0) <> STOCK";

/// Activities whose head counted otherwise than their plays.
const HEADS_OFF: &str = "
    SELECT count(*) FROM lane
    LEFT JOIN (
        SELECT programme, store, activity, count(*) AS plays, max(seq) AS last FROM play
        GROUP BY programme, store, activity
    ) AS made
      ON made.programme = lane.programme AND made.store = lane.store
     AND made.activity = lane.activity
    WHERE lane.seq <> coalesce(made.plays, 0) OR lane.seq <> coalesce(made.last, 0)";

/// Earned, and not spent, by all members: what their purses have to hold.
const ISSUED: &str = "
    SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM transfer WHERE debit = 'h:issued'";

/// Plays that share their key with another of the same member.
const KEYS_TWICE: &str = "
    SELECT count(*) FROM (
        SELECT 1 FROM play GROUP BY programme, member, key HAVING count(*) > 1
    ) AS twice";

/// Audits the rows of a run in which so many plays were answered as accepted.
pub fn audit(place: &Place, at: &At, ground: &Ground, accepted: u64) -> Result<&'static str> {
    let number = |sql: &str| place.number(at, sql);
    let plays = number("SELECT count(*) FROM play")?;
    ensure!(plays == i64::try_from(accepted)?, "{accepted} answered as accepted, {plays} written");
    ensure!(number(HEADS_OFF)? == 0, "a head counted otherwise than its plays");
    ensure!(number(KEYS_TWICE)? == 0, "a key has two outcomes");
    if ground.rows == Rows::SoldOut {
        let held = number("SELECT count(*) FROM held")?;
        ensure!(held == plays && held <= 1, "one prize was there, {held} are held");
        return Ok("plays, heads, keys and stock agree");
    }
    for prize in ["points-5", "coupon"] {
        let off = STOCK_OFF.replace("PRIZE", prize).replace("PROGRAMME", PROGRAMME);
        let off = number(&off.replace("<> STOCK", &format!("<> {STOCK}")))?;
        ensure!(off == 0, "the stock of {prize} is wrong in {off} activities");
    }
    let held = number("SELECT count(*) FROM held")?;
    let coupons = number("SELECT count(*) FROM play WHERE receipt LIKE '%\"picked\":\"coupon\"%'")?;
    ensure!(held == coupons, "{coupons} coupons won, {held} held");
    let issued = number(ISSUED)?;
    let purses = number("SELECT CAST(coalesce(sum(points), 0) AS BIGINT) FROM purse")?;
    ensure!(purses == issued, "{issued} points issued, {purses} held");
    Ok("plays, heads, keys, stock and points agree")
}
