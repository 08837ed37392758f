//! Cost as work grows: the same load on an empty database and on one with years of plays in it.
//!
//! What fills the database is copied from plays that the engine decided: a hundred members play
//! ten times each, and every row that this left is written again under other members, activities
//! and numbers, by SQL that both databases understand. So each row is as long, and each index as
//! large, as if they had all been played.

use crate::{
    bench::Plan,
    ground::{self, ACTIVITIES_A_STORE, Ground, Rows},
    inside::{self, Load, Member, Turn},
    place::Place,
    report::{Figure, Report},
    token::Signer,
};
use anyhow::{Result, bail};
use funfair_engine::{Desk, Store};
use funfair_server::now_ms;
use std::{sync::Arc, time::Instant};

/// How large the filled database is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Activities that are live.
    pub activities: usize,
    /// Members, each with ten plays.
    pub members: usize,
}

/// Plays of one member in each of two activities of one store.
const EACH: usize = 5;
/// Members whose plays are copied, in two activities of a store of their own.
const SAMPLES: usize = 100;
/// Members whose rows are written in one transaction.
const CHUNK: usize = 20_000;
/// Coprime to every round number, so that clients meet members in no order.
const STRIDE: usize = 611_953;
const CLIENTS: usize = 512;
/// The samples' numbers as clients begin here, beyond those of any load.
const KEYS: usize = 900_000;

/// The tables in which each member has rows.
const TABLES: [&str; 6] = ["identity", "member_row", "purse", "play", "transfer", "held"];

/// The load on an empty and on a filled database, on each kind of database.
pub fn growth(plan: &Plan, size: Size) -> Result<Report> {
    if !size.activities.is_multiple_of(ACTIVITIES_A_STORE)
        || !size.members.is_multiple_of(size.activities)
    {
        bail!("take a multiple of 20 activities, and of members a multiple of the activities");
    }
    let mut report = Report::default();
    for place in plan.places()? {
        let p = place.name();
        let ground = Ground::lay(&place, Rows::Spread(size.activities + 2), &Signer::new())?;
        let load = Load::of(CLIENTS, plan.time);
        let empty = place.copy(&ground.at)?;
        let met = |client| stranger(&ground, size, client, 0);
        let figure = inside::on_rows((&place, &empty), &ground, load, (0, &met))?;
        report.figure(&format!("{p}/empty/{CLIENTS}"), figure);
        place.remove(&empty)?;

        let start = Instant::now();
        let plays = fill(&place, &ground, size)?;
        let took = start.elapsed().as_secs_f64().round();
        let filled = Figure::rate(0.0).with("plays", plays).with("took_s", took);
        report.figure(&format!("{p}/filling"), filled.with("members", size.members));

        let met = |client| stranger(&ground, size, client, EACH as u64);
        let figure = inside::on_rows((&place, &ground.at), &ground, load, (plays, &met))?;
        report.figure(&format!("{p}/filled/{CLIENTS}"), figure);
        let ratio =
            report.times_of(&format!("{p}/filled/{CLIENTS}"), &format!("{p}/empty/{CLIENTS}"));
        report.at_least(&format!("{p}: filled ÷ empty"), ratio, 0.8);
        place.remove(&ground.at)?;
    }
    Ok(report)
}

/// A client of which every play is another of the members, each in the first of its activities,
/// where it has played so often before.
fn stranger(ground: &Ground, size: Size, client: usize, played: u64) -> Result<Member> {
    let activities = ground.activities.clone();
    let turn = move |sent: u64| {
        let nth = client + usize::try_from(sent).unwrap_or_default() * CLIENTS;
        let rounds = (nth / size.members) as u64;
        let member = nth * STRIDE % size.members;
        let at = Arc::clone(&activities[member % size.activities]);
        Turn { at, sub: format!("{}", FIRST + member), played: played + rounds }
    };
    Member::by(ground, client, turn)
}

/// Members are numbered from here, so that each number is as long.
const FIRST: usize = 10_000_000;

/// Fills the ground; how many plays it holds then.
fn fill(place: &Place, ground: &Ground, size: Size) -> Result<u64> {
    sample(ground, size)?;
    let sample =
        inside::member_of(&ground::store_id(size.activities / ACTIVITIES_A_STORE), "sample-");
    for table in TABLES {
        place.script(&ground.at, &samples(table, &sample))?;
    }
    for first in (0..size.members).step_by(CHUNK) {
        let beyond = (first + CHUNK).min(size.members);
        for table in TABLES {
            let columns = place.columns(&ground.at, table)?;
            place.script(&ground.at, &copy(table, &columns, (size, &sample), (first, beyond)))?;
        }
    }
    for table in TABLES {
        place.script(&ground.at, &format!("DROP TABLE sample_{table}"))?;
    }
    place.script(&ground.at, &heads())?;
    for prize in ["points-5", "coupon"] {
        place.script(&ground.at, &STOCK.replace("PRIZE", prize))?;
    }
    place.settle(&ground.at)?;
    place.warm(&ground.at, &TABLES)?;
    Ok(place.number(&ground.at, "SELECT count(*) FROM play")?.cast_unsigned())
}

/// Lets the engine decide the plays that are copied.
fn sample(ground: &Ground, size: Size) -> Result<()> {
    let db = ground::open(&ground.at.hasty(), 1)?;
    let store: &dyn Store = &*db;
    for sample in 0..SAMPLES {
        let places: Vec<_> = ground.activities[size.activities..].iter().map(Arc::clone).collect();
        let turn = move |sent: u64| {
            let (place, played) = (sent % 2, sent / 2);
            let at = Arc::clone(&places[usize::from(place == 1)]);
            Turn { at, sub: format!("sample-{sample}"), played }
        };
        // Keys of their own: the copies have them too, and are met again by the load.
        let mut member = Member::by(ground, KEYS + sample, turn)?;
        let plays: Vec<_> = (0..2 * EACH).map(|_| member.next()).collect();
        for said in Desk::run(store, now_ms(), &plays)? {
            said.map_err(|denial| anyhow::anyhow!("a sample was denied: {denial:?}"))?;
        }
    }
    Ok(())
}

/// The statement that sets the samples' rows of a table apart, so that they are found at once
/// however much was copied. Plays are counted through, by member and activity.
fn samples(table: &str, sample: &str) -> String {
    let nth = if table == "play" {
        ", row_number() OVER (PARTITION BY member, activity ORDER BY seq) AS nth"
    } else {
        ""
    };
    format!(
        "CREATE TABLE sample_{table} AS SELECT *{nth} FROM {table} WHERE member LIKE '{sample}%'"
    )
}

/// The statement that writes the samples' rows of a table again for a run of members. Member `i`
/// plays activity `i` modulo all and, of the same store, the seventh after that.
fn copy(
    table: &str,
    columns: &[String],
    (size, sample): (Size, &str),
    (first, beyond): (usize, usize),
) -> String {
    let (all, a_store) = (size.activities, ACTIVITIES_A_STORE);
    let second = "CASE s.activity WHEN 'activity-0001' THEN 1 ELSE 0 END";
    let store = format!("'store-' || substr(CAST(10000 + n.i % {all} / {a_store} AS TEXT), 2)");
    let activity = format!(
        "'activity-' || substr(CAST(10000 + (n.i % {all} + 7 * {second}) % {a_store} AS TEXT), 2)"
    );
    let number = format!("CAST({FIRST} + n.i AS TEXT)");
    let value = |column: &String| match column.as_str() {
        "store" => store.clone(),
        "activity" => activity.clone(),
        "sub" => number.clone(),
        "member" => format!("{store} || '-' || {number}"),
        // Each activity is the first of some members and the second of as many.
        "seq" => format!("n.i / {all} * {} + {EACH} * {second} + s.nth", 2 * EACH),
        // A transfer's account of the member.
        "debit" | "credit" => format!("replace(s.{column}, s.member, {store} || '-' || {number})"),
        _ => format!("s.{column}"),
    };
    let values: Vec<_> = columns.iter().map(value).collect();
    format!(
        "WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {})
         INSERT INTO {table} ({})
         SELECT {} FROM n JOIN sample_{table} AS s
         ON s.member = '{sample}' || CAST(n.i % {SAMPLES} AS TEXT)",
        beyond - 1,
        columns.join(", "),
        values.join(", "),
    )
}

/// The heads of the activities, as their plays left them.
fn heads() -> String {
    "CREATE TEMPORARY TABLE made AS
         SELECT store, activity, count(*) AS plays, max(at_ms) AS last FROM play
         GROUP BY store, activity;
     UPDATE lane SET
         seq = (SELECT plays FROM made
                WHERE made.store = lane.store AND made.activity = lane.activity),
         last_ms = (SELECT last FROM made
                    WHERE made.store = lane.store AND made.activity = lane.activity)
     WHERE programme = 'load' AND EXISTS (
         SELECT 1 FROM made WHERE made.store = lane.store AND made.activity = lane.activity)"
        .into()
}

/// What is left of a prize's stock; the samples' own is right already.
const STOCK: &str = "
    CREATE TEMPORARY TABLE given AS
        SELECT store || '/' || activity || '/PRIZE' AS pool, count(*) AS plays FROM play
        WHERE receipt LIKE '%\"picked\":\"PRIZE\"%' GROUP BY store, activity;
    UPDATE pool SET remaining = 1000000000 - (SELECT plays FROM given WHERE given.pool = pool.pool)
    WHERE programme = 'load' AND pool IN (SELECT pool FROM given)";
