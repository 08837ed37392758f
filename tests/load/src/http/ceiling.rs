//! The most that this server answers to whoever shows a token: a play under a key that is too short
//! is refused as JSON after the token has been checked and before anything is asked of the database.

use super::{client::Crowd, matrix::SETTINGS, server::Server, wire::Wire};
use crate::{
    ground::Ground,
    measure::{Times, per_s},
    place::Place,
    report::Figure,
};
use anyhow::{Result, ensure};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{runtime, sync::Barrier, task::JoinSet};

/// So many closed-loop clients for a time, each with a token of its own.
pub fn ceiling(place: &Place, ground: &Ground, clients: usize, time: Duration) -> Result<Figure> {
    let at = place.copy(&ground.at)?;
    let server = Server::start(&at, SETTINGS)?;
    let crowd = Arc::new(Crowd::at(&server, ground));
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let (times, start) = runtime.block_on(async {
        let begin = Arc::new(Barrier::new(clients + 1));
        let mut tasks = JoinSet::new();
        for number in 0..clients {
            tasks.spawn(asks(Arc::clone(&crowd), number, (Arc::clone(&begin), time)));
        }
        begin.wait().await;
        let start = Instant::now();
        let mut all = Times::default();
        while let Some(times) = tasks.join_next().await {
            all.add(&times??);
        }
        anyhow::Ok((all, start))
    })?;
    let rate = per_s(times.count(), start);
    server.stop()?;
    place.remove(&at)?;
    Ok(Figure::timed(rate, times)
        .with("clients", clients)
        .with("route", "POST …/plays under a key that is too short"))
}

async fn asks(
    crowd: Arc<Crowd>,
    number: usize,
    (begin, time): (Arc<Barrier>, Duration),
) -> Result<Times> {
    let page = &crowd.pages[0];
    let token = crowd.signer.token(&page.store, &format!("shopper-{number}-0"));
    let request = page.play(&token, "short", crowd.rows.action(), &page.revision);
    let mut wire = Wire::to(crowd.server).await?;
    // The token is checked, and the member looked up, before the clock runs.
    while wire.ask(&request).await? != 400 {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    begin.wait().await;
    let (mut times, until) = (Times::default(), Instant::now() + time);
    while Instant::now() < until {
        let start = Instant::now();
        let status = wire.ask(&request).await?;
        // The server looks at its database now and then, and has said that it is at its limit.
        if status == 503 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        }
        ensure!(status == 400, "{status}: {}", String::from_utf8_lossy(wire.body()));
        times.record(start.elapsed());
    }
    Ok(times)
}
