//! Everyone at once: so many plays handed to the writer before the first is answered.

use super::{Limit, Member, crowd::limits, key_of};
use crate::{
    audit,
    ground::{self, Ground},
    measure::{Times, per_s, rounded},
    place::Place,
    report::Figure,
};
use anyhow::{Result, ensure};
use funfair_engine::Store;
use funfair_server::{Limits, Writer};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};
use tokio::{runtime, task::JoinSet};

/// So many members arrive one after another at one activity, each without waiting for the others'
/// answers. Every one has to be accepted and answered in exactly the order of arrival, and the
/// numbers that the activity gave the plays have to say the same.
pub fn arrival_order(place: &Place, ground: &Ground, clients: usize) -> Result<Figure> {
    let at = place.copy(&ground.at)?;
    let store: Arc<dyn Store> = ground::open(&at, 1)?;
    let limits = Limits { queue: clients, ..limits(&at, Limit::Batches) };
    let writer = Arc::new(Writer::start(store, limits)?);
    let plays: Result<Vec<_>> =
        (0..clients).map(|n| Ok(Member::of(ground, n, 1)?.next())).collect();
    let plays = plays?;
    // One thread: a task runs to its place in the queue before the next one is begun, so that the
    // order of arrival is the order of the clients.
    let runtime = runtime::Builder::new_current_thread().build()?;
    let start = Instant::now();
    let waits = runtime.block_on(async {
        let answered = Arc::new(AtomicUsize::new(0));
        let mut arrived = JoinSet::new();
        for (place, play) in plays.into_iter().enumerate() {
            let (writer, answered) = (Arc::clone(&writer), Arc::clone(&answered));
            arrived.spawn(async move {
                let start = Instant::now();
                let said = writer.run(play).await?;
                said.map_err(|denial| anyhow::anyhow!("denied: {denial:?}"))?;
                let turn = answered.fetch_add(1, Ordering::Relaxed);
                ensure!(turn == place, "arrival {place} was answered as number {turn}");
                Ok((place, start.elapsed()))
            });
        }
        let mut waits = Vec::new();
        while let Some(done) = arrived.join_next().await {
            waits.push(done??);
        }
        anyhow::Ok(waits)
    })?;
    let rate = per_s(waits.len() as u64, start);
    writer.finish();
    let keys = place.words(&at, "SELECT key FROM play ORDER BY seq")?;
    for (place, key) in keys.iter().enumerate() {
        ensure!(*key == key_of(place, 1), "play {place} is that of {key}");
    }
    let rows = audit::audit(place, &at, ground, clients as u64)?;
    place.remove(&at)?;
    let mut times = Times::default();
    for (_, wait) in &waits {
        times.record(*wait);
    }
    let ms = |arrival: usize| {
        let wait = waits.iter().find(|(place, _)| *place == arrival);
        rounded(wait.map_or(f64::NAN, |(_, wait)| wait.as_secs_f64() * 1000.0), 1)
    };
    Ok(Figure::timed(rate, times)
        .with("arrivals", clients)
        .with("first_waited_ms", ms(0))
        .with("last_waited_ms", ms(clients - 1))
        .with("order", "as they came")
        .with("audit", rows))
}
