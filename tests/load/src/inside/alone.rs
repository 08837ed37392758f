//! One transaction a play, without a writer, a queue or a thread between: what batches and a lone
//! client are compared with.

use super::Member;
use crate::{
    audit,
    ground::{self, Ground},
    measure::{Times, per_s},
    place::Place,
    report::Figure,
};
use anyhow::{Result, bail};
use funfair_engine::{Desk, Store};
use funfair_server::{database::Database, now_ms};
use std::time::{Duration, Instant};

/// A single thread, one transaction after another.
pub fn one_transaction(place: &Place, ground: &Ground, time: Duration) -> Result<Figure> {
    let at = place.copy(&ground.at)?;
    let db = ground::open(&at, 1)?;
    let start = Instant::now();
    let times = plays(&*db, Member::of(ground, 0, 1)?, start + time)?;
    let rate = per_s(times.count(), start);
    drop(db);
    let rows = audit::audit(place, &at, ground, times.count())?;
    place.remove(&at)?;
    Ok(Figure::timed(rate, times).with("audit", rows))
}

fn plays(db: &dyn Database, mut member: Member, until: Instant) -> Result<Times> {
    let mut times = Times::default();
    let store: &dyn Store = db;
    while Instant::now() < until {
        let play = member.next();
        let start = Instant::now();
        let said = Desk::run(store, now_ms(), std::slice::from_ref(&play))?;
        if let Some(Err(denial)) = said.into_iter().next() {
            bail!("a play was denied: {denial:?}");
        }
        times.record(start.elapsed());
    }
    Ok(times)
}
