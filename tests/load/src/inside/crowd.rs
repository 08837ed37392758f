use super::Member;
use crate::{
    audit,
    ground::{self, Ground, Rows},
    measure::{Disks, Times, Used, Watch, per_s},
    place::{At, Place},
    report::Figure,
};
use anyhow::{Result, bail, ensure};
use funfair_engine::{Denial, Store};
use funfair_server::{Limits, NoAnswer, Writer, database::Location};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{runtime, task::JoinSet};

/// How a database is loaded.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Closed-loop clients.
    pub clients: usize,
    /// How many desks, each with writers and connections of its own, as several servers have on one
    /// database.
    pub desks: usize,
    /// How many plays one commit takes at most.
    pub limit: Limit,
    /// For how long.
    pub time: Duration,
}

/// How many plays one commit takes at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// As the server's default.
    Batches,
    /// One: what batches are compared with.
    OnePlay,
}

impl Load {
    /// So many clients before one writer that takes batches.
    pub fn of(clients: usize, time: Duration) -> Self {
        Self { clients, desks: 1, limit: Limit::Batches, time }
    }
}

/// How a writer of this run takes plays on: as a server does.
pub fn limits(at: &At, limit: Limit) -> Limits {
    let config = funfair_server::Config::default();
    let writers = match at.location() {
        Location::Sqlite(_) => 1,
        Location::Postgres(_) => config.writers,
    };
    let batch = if limit == Limit::OnePlay { 1 } else { config.batch_limit };
    Limits { batch, queue: config.queue_limit, wait: None, writers }
}

/// A load on a copy of the ground, and the audit of its rows.
pub fn through_the_writer(place: &Place, ground: &Ground, load: Load) -> Result<Figure> {
    let at = place.copy(&ground.at)?;
    let member = |number| Member::of(ground, number, load.clients);
    let figure = on_rows((place, &at), ground, load, (0, &member))?;
    place.remove(&at)?;
    Ok(figure)
}

/// A load on a database that holds so many plays before, by members of the caller's making.
pub fn on_rows(
    (place, at): (&Place, &At),
    ground: &Ground,
    load: Load,
    (before, member): (u64, &dyn Fn(usize) -> Result<Member>),
) -> Result<Figure> {
    let members: Result<Vec<_>> = (0..load.clients).map(member).collect();
    let watch = Watch::start();
    let (used, disks) = (Used::by("self")?, Disks::now()?);
    let start = Instant::now();
    let (times, accepted) = crowd(at, load, members?)?;
    let rate = per_s(times.count(), start);
    let processors = Used::by("self")?.processors_since(used, start);
    let (read_kb, written_kb) = Disks::now()?.each_since(disks, accepted);
    let rss_mb = watch.end();
    if ground.rows == Rows::SoldOut {
        ensure!(accepted <= 1, "{accepted} plays were accepted of what is sold out");
    }
    let rows = audit::audit(place, at, ground, before + accepted)?;
    Ok(Figure::timed(rate, times)
        .with("clients", load.clients)
        .with("desks", load.desks)
        .with("commit", if load.limit == Limit::OnePlay { "one play" } else { "a batch" })
        .with("accepted", accepted)
        .with("processors", processors)
        .with("rss_mb", rss_mb)
        .with("disk_read_kb_a_play", read_kb)
        .with("disk_written_kb_a_play", written_kb)
        .with("audit", rows))
}

fn crowd(at: &At, load: Load, members: Vec<Member>) -> Result<(Times, u64)> {
    let mut running = Vec::new();
    for _ in 0..load.desks {
        let store: Arc<dyn Store> = ground::open(at, 1)?;
        running.push(Arc::new(Writer::start(store, limits(at, load.limit))?));
    }
    let runtime = runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let mut all = Times::default();
    let mut accepted = 0;
    runtime.block_on(async {
        let until = Instant::now() + load.time;
        let mut tasks = JoinSet::new();
        for (client, member) in members.into_iter().enumerate() {
            tasks.spawn(plays(member, Arc::clone(&running[client % load.desks]), until));
        }
        while let Some(done) = tasks.join_next().await {
            let (times, count) = done??;
            all.add(&times);
            accepted += count;
        }
        anyhow::Ok(())
    })?;
    for writer in running {
        writer.finish();
    }
    Ok((all, accepted))
}

async fn plays(mut member: Member, writer: Arc<Writer>, until: Instant) -> Result<(Times, u64)> {
    let (mut times, mut accepted) = (Times::default(), 0);
    while Instant::now() < until {
        let play = member.next();
        let start = Instant::now();
        match writer.run(play).await {
            Ok(Ok(_)) => accepted += 1,
            Ok(Err(Denial::Refused(_))) => member.not_accepted(),
            Ok(Err(denial)) => bail!("a play was denied: {denial:?}"),
            // More clients than the queue holds are told so, and come back.
            Err(NoAnswer::Busy { .. }) => {
                member.not_accepted();
                tokio::time::sleep(Duration::from_millis(10)).await;
                continue;
            }
            Err(NoAnswer::Store(error)) => return Err(error.into()),
        }
        times.record(start.elapsed());
    }
    Ok((times, accepted))
}
