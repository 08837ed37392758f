//! Which cells a benchmark has, their references, and what they are held to.

use crate::{
    ground::{Ground, Rows},
    http, inside, limits,
    place::Place,
    redis,
    report::Report,
    token::Signer,
};
use anyhow::Result;
use std::{path::PathBuf, time::Duration};

/// What a run is made of.
#[derive(Debug)]
pub struct Plan {
    /// Where files lie.
    pub folder: PathBuf,
    /// How long a cell is loaded.
    pub time: Duration,
    /// Closed-loop clients, from the fewest.
    pub clients: Vec<usize>,
    /// How many activities stand for the spread case.
    pub spread: usize,
    /// How many arrive at once in process.
    pub arrivals: usize,
    /// How many open the flash sale at once over HTTP.
    pub flash: usize,
    /// Which databases.
    pub databases: Vec<Kind>,
}

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// How many clients a store group's rush is taken to have, in the aims.
const RUSH: usize = 512;
/// How many clients the reference of Redis has.
const REDIS_CLIENTS: usize = 64;

/// The load in process.
pub fn plays(plan: &Plan) -> Result<Report> {
    let mut report = Report::default();
    for place in plan.places()? {
        let (p, place) = (place.name(), &place);
        disk(&mut report, place)?;
        let hot = Ground::lay(place, Rows::Hot, &Signer::new())?;
        let alone = inside::one_transaction(place, &hot, plan.time)?;
        report.figure(&format!("{p}/one transaction a play"), alone);
        let load = |clients| inside::Load::of(clients, plan.time);
        let one = inside::Load { limit: inside::Limit::OnePlay, ..load(RUSH) };
        let queued = inside::through_the_writer(place, &hot, one)?;
        report.figure(&format!("{p}/one play a commit/{RUSH}"), queued);
        let spread = Ground::lay(place, Rows::Spread(plan.spread), &Signer::new())?;
        for ground in [&hot, &spread] {
            for clients in &plan.clients {
                let name = format!("{p}/{}/{clients}", ground.rows.name());
                let figure = inside::through_the_writer(place, ground, load(*clients))?;
                report.figure(&name, figure);
            }
        }
        place.remove(&spread.at)?;
        if let Place::Postgres(_) = place {
            let two = inside::Load { desks: 2, ..load(RUSH) };
            let two = inside::through_the_writer(place, &hot, two)?;
            report.figure(&format!("{p}/hot, two desks/{RUSH}"), two);
        }
        let order = inside::arrival_order(place, &hot, plan.arrivals)?;
        report.figure(&format!("{p}/{} at once", plan.arrivals), order);
        let gone = Ground::lay(place, Rows::SoldOut, &Signer::new())?;
        let gone = inside::through_the_writer(place, &gone, load(RUSH))?;
        report.figure(&format!("{p}/sold-out/{RUSH}"), gone);
        plan.peer(&mut report, place)?;
        held_in_process(&mut report, p);
    }
    Ok(report)
}

/// The load over HTTP.
pub fn over_http(plan: &Plan) -> Result<Report> {
    let mut report = Report::default();
    for place in plan.places()? {
        let (p, place) = (place.name(), &place);
        disk(&mut report, place)?;
        let hot = Ground::lay(place, Rows::Hot, &Signer::new())?;
        let alone = inside::one_transaction(place, &hot, plan.time)?;
        report.figure(&format!("{p}/one transaction a play, in process"), alone);
        let one = [("FUNFAIR_BATCH_LIMIT", "1")];
        let load = |clients| http::Load { clients, time: plan.time };
        let single = http::run(place, &hot, load(RUSH), &one)?;
        report.figure(&format!("{p}/one play a commit/{RUSH}"), single);
        let spread = Ground::lay(place, Rows::Spread(plan.spread), &Signer::new())?;
        for ground in [&hot, &spread] {
            for clients in &plan.clients {
                let name = format!("{p}/{}/{clients}", ground.rows.name());
                report.figure(&name, http::run(place, ground, load(*clients), &[])?);
            }
        }
        place.remove(&spread.at)?;
        if let Place::Postgres(_) = place {
            let two = http::run_on_two(place, &hot, load(RUSH))?;
            report.figure(&format!("{p}/hot, two servers/{RUSH}"), two);
        }
        let ceiling = http::ceiling(place, &hot, RUSH, plan.time)?;
        report.figure(&format!("{p}/authenticated JSON/{RUSH}"), ceiling);
        let gone = Ground::lay(place, Rows::SoldOut, &Signer::new())?;
        let gone = http::run(place, &gone, load(RUSH), &[])?;
        report.figure(&format!("{p}/sold-out/{RUSH}"), gone);
        report.figure(&format!("{p}/flash opening"), http::flash(place, &hot, plan.flash)?);
        plan.peer(&mut report, place)?;
        held_over_http(&mut report, p);
    }
    Ok(report)
}

impl Plan {
    /// Where each of the databases is.
    pub fn places(&self) -> Result<Vec<Place>> {
        let place = |kind: &Kind| match kind {
            Kind::Sqlite => Place::sqlite(&self.folder),
            Kind::Postgres => Ok(Place::postgres()),
        };
        self.databases.iter().map(place).collect()
    }

    /// What a database of this kind is compared with.
    fn peer(&self, report: &mut Report, place: &Place) -> Result<()> {
        match place {
            Place::Sqlite(_) => {
                let figure = redis::grabs(&self.folder, REDIS_CLIENTS, self.time)?;
                report.figure("redis/Lua grab/64", figure);
            }
            Place::Postgres(cluster) => {
                // Its own figure swings most: it is given more time than a cell.
                report.figure("postgres/pgbench TPC-B", limits::pgbench(cluster, self.time * 2)?);
            }
        }
        Ok(())
    }
}

fn disk(report: &mut Report, place: &Place) -> Result<()> {
    let figure = limits::synced_writes(&place.folder(), Duration::from_secs(1))?;
    report.figure(&format!("{}/the disk's synced writes", place.name()), figure);
    Ok(())
}

fn held_in_process(report: &mut Report, p: &str) {
    let lone = report.get(&format!("{p}/hot/1")).map(|figure| figure.ms(0.5));
    let single = report.get(&format!("{p}/one transaction a play")).map(|it| it.ms(0.5));
    let lone = lone.zip(single).map(|(lone, single)| lone / single);
    report.at_most(&format!("{p}: a lone client's p50 ÷ a single transaction's"), lone, 1.3);
    if p == "postgres" {
        let two = report.times_of("postgres/hot, two desks/512", "postgres/hot/512");
        report.at_least("postgres: two desks ÷ one", two, 0.8);
    }
    held_times(report, p);
}

fn held_over_http(report: &mut Report, p: &str) {
    let hot = format!("{p}/hot/{RUSH}");
    if p == "postgres" {
        let pgbench = "postgres/pgbench TPC-B";
        let spread = format!("{p}/spread/{RUSH}");
        let (hot_times, spread_times) =
            (report.times_of(&hot, pgbench), report.times_of(&spread, pgbench));
        report.at_least("postgres: hot over HTTP ÷ pgbench TPC-B", hot_times, 6.0);
        report.at_least("postgres: spread over HTTP ÷ pgbench TPC-B", spread_times, 5.0);
        let two = report.times_of("postgres/hot, two servers/512", &hot);
        report.at_least("postgres: two servers ÷ one", two, 0.8);
    } else {
        let one = report.times_of(&hot, "sqlite/one transaction a play, in process");
        report.at_least("sqlite: hot over HTTP ÷ one transaction a play", one, 6.0);
        let redis = report.times_of(&hot, "redis/Lua grab/64");
        report.at_least("sqlite: hot over HTTP ÷ Redis' Lua grab", redis, 1.0);
        let gone = report
            .times_of(&format!("{p}/sold-out/{RUSH}"), &format!("{p}/authenticated JSON/{RUSH}"));
        report.at_least("sqlite: sold out ÷ authenticated JSON", gone, 0.8);
    }
    held_times(report, p);
}

/// p99 at 512 clients, hot and spread.
fn held_times(report: &mut Report, p: &str) {
    let most = if p == "postgres" { 60.0 } else { 40.0 };
    for rows in ["hot", "spread"] {
        let figure = report.get(&format!("{p}/{rows}/{RUSH}"));
        let (p99, ratio) =
            (figure.map(|it| it.ms(0.99)), figure.map(|it| it.ms(0.99) / it.ms(0.5)));
        report.at_most(&format!("{p}: {rows}, p99 ms at {RUSH}"), p99, most);
        report.at_most(&format!("{p}: {rows}, p99 ÷ p50 at {RUSH}"), ratio, 3.0);
    }
}
