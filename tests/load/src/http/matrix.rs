use super::{
    client::{Answered, Client, Crowd},
    server::Server,
};
use crate::{
    audit,
    ground::{Ground, Rows},
    measure::{Used, per_s, rounded},
    place::{At, Place},
    report::Figure,
};
use anyhow::{Result, anyhow, ensure};
use std::{
    sync::Arc,
    thread,
    time::{Duration, Instant},
};
use tokio::{runtime, sync::Barrier, task::JoinSet};

/// How one cell is loaded.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// Closed-loop clients.
    pub clients: usize,
    /// For how long.
    pub time: Duration,
}

/// A client of a closed loop plays more than a member may, for whom thousands stand.
pub const SETTINGS: &[(&str, &str)] = &[("FUNFAIR_MEMBER_RATE", "0")];

/// One cell: a server of its own on a database of its own, with these settings beside the defaults,
/// its load, and the audit of its rows.
pub fn run(
    place: &Place,
    ground: &Ground,
    load: Load,
    settings: &[(&str, &str)],
) -> Result<Figure> {
    let at = place.copy(&ground.at)?;
    let settings = [SETTINGS, settings].concat();
    cell(place, ground, load, (&at, vec![Server::start(&at, &settings)?]))
}

/// A cell with something done beside the load, to the server with this process' id.
pub fn run_beside(
    place: &Place,
    ground: &Ground,
    load: Load,
    beside: &(dyn Fn(u32) -> Result<()> + Sync),
) -> Result<Figure> {
    let at = place.copy(&ground.at)?;
    let server = Server::start(&at, SETTINGS)?;
    let id = server.id();
    thread::scope(|scope| {
        let beside = scope.spawn(move || beside(id));
        let figure = cell(place, ground, load, (&at, vec![server]));
        beside.join().map_err(|_| anyhow!("what ran beside the load panicked"))??;
        figure
    })
}

/// The same load on two servers that share a database.
pub fn run_on_two(place: &Place, ground: &Ground, load: Load) -> Result<Figure> {
    let at = place.copy(&ground.at)?;
    let servers = vec![Server::start(&at, SETTINGS)?, Server::start(&at, SETTINGS)?];
    cell(place, ground, load, (&at, servers))
}

fn cell(
    place: &Place,
    ground: &Ground,
    load: Load,
    (at, servers): (&At, Vec<Server>),
) -> Result<Figure> {
    // One thread: what the load takes, the server cannot have.
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let used = || -> Result<Vec<Used>> { servers.iter().map(Server::used).collect() };
    let (mine, its) = (Used::by("self")?, used()?);
    let start = Instant::now();
    let (answered, rate) = runtime.block_on(crowd(&servers, ground, load))?;
    let mine = Used::by("self")?.processors_since(mine, start);
    let now = used()?;
    let its: f64 =
        now.iter().zip(its).map(|(now, before)| now.processors_since(before, start)).sum();
    let rss_mb = now.iter().map(|now| now.rss_mb).fold(0.0, f64::max);
    servers.into_iter().try_for_each(Server::stop)?;
    let rows = audit::audit(place, at, ground, answered.accepted)?;
    place.remove(at)?;
    Ok(Figure::timed(rate, answered.times)
        .with("clients", load.clients)
        .with("accepted", answered.accepted)
        .with("refused", answered.refused)
        .with("told_later", answered.later)
        .with("load_processors", mine)
        .with("server_processors", rounded(its, 2))
        .with("server_rss_mb", rss_mb)
        .with("audit", rows))
}

async fn crowd(servers: &[Server], ground: &Ground, load: Load) -> Result<(Answered, f64)> {
    let crowds: Vec<_> = servers.iter().map(|server| Arc::new(Crowd::at(server, ground))).collect();
    let begin = Arc::new(Barrier::new(load.clients + 1));
    let mut clients = JoinSet::new();
    for number in 0..load.clients {
        let (crowd, begin) = (Arc::clone(&crowds[number % crowds.len()]), Arc::clone(&begin));
        let share = ground.share(number, load.clients);
        clients.spawn(async move {
            let client = Client::seated(crowd, number, share).await;
            begin.wait().await;
            client?.plays_until(Instant::now() + load.time).await
        });
    }
    begin.wait().await;
    let start = Instant::now();
    let mut all = Answered::default();
    while let Some(answered) = clients.join_next().await {
        all.add(&answered??);
    }
    let rate = per_s(all.accepted + all.refused, start);
    ensure!(all.accepted + all.refused > 0, "no play was answered");
    if ground.rows == Rows::SoldOut {
        ensure!(all.accepted <= 1, "{} plays were accepted of what is sold out", all.accepted);
    }
    Ok((all, rate))
}
