//! A batch is two round trips: BEGIN and the locking reads; then the writes and COMMIT.

use super::{
    failure::Failure,
    link::{self, Ask, Link},
    links::Links,
    read, write,
};
use crate::{
    failpoint,
    metrics::{self, DatabaseEvent},
};
use funfair_engine::{Rows, StoreError, Wants, Writes};
use std::{
    hash::{BuildHasher, RandomState},
    thread,
    time::{Duration, Instant},
};
use tokio_postgres::Row;

/// How often a batch is decided before it is given up. With three servers on one row at
/// SERIALIZABLE two of three attempts lose, and one batch in half a million loses 32 times.
const ATTEMPTS: u32 = 32;

/// For how long another attempt is begun.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest pause between two attempts.
const LONGEST: Duration = Duration::from_millis(50);

/// What a link for batches prepares as it connects: a statement that is prepared later costs a
/// round trip, with locks held.
pub(super) fn statements() -> Vec<&'static str> {
    read::locking().chain(write::ALL).chain(link::TRANSACTION).chain([READ_ONLY]).collect()
}

/// Loads under locks, decides, writes and commits; from the start again where another transaction
/// was in the way.
pub(super) fn batch(
    links: &Links,
    wants: &Wants,
    decide: &mut dyn FnMut(&Rows) -> Writes,
) -> Result<(), StoreError> {
    again(links, |link| {
        let mut asks = vec![Ask::of(READ_ONLY)];
        asks.extend(read::asks(wants, true));
        let mut answers = link.begin(asks)?;
        failpoint::reach("begun");
        writable(&answers.remove(0))?;
        let rows = read::rows(wants, answers)?;
        failpoint::reach("read");
        let writes = decide(&rows);
        failpoint::reach("decided");
        let asks = write::asks(&rows, &writes)?;
        if asks.is_empty() {
            link.roll_back();
            return Ok(());
        }
        end(link, asks)
    })
}

const READ_ONLY: &str = "SELECT read_only FROM directory";

/// Errs in read-only mode.
fn writable(answer: &[Row]) -> Result<(), StoreError> {
    let read_only = answer.first().is_some_and(|row| row.get::<_, i32>(0) == 1);
    if read_only { Err(StoreError::ReadOnly) } else { Ok(()) }
}

/// Runs statements in one transaction.
pub(super) fn write<T>(
    links: &Links,
    mut run: impl FnMut(&mut Link) -> Result<T, Failure>,
) -> Result<T, StoreError> {
    again(links, |link| {
        link.begin(Vec::new())?;
        let done = run(link)?;
        end(link, Vec::new())?;
        Ok(done)
    })
}

/// Ends a transaction. Where the link is lost meanwhile, nobody knows whether it was committed:
/// then it is not repeated here, since the writes could be there already. Whoever asks again reads
/// the keys first.
pub(super) fn end(link: &mut Link, asks: Vec<Ask<'_>>) -> Result<(), Failure> {
    // The writes and the COMMIT leave together: there is no step between them to stop at.
    failpoint::reach("written");
    #[cfg(feature = "failpoints")]
    if failpoint::answers_first() {
        link.turn(&asks)?;
        link.commit_later();
        return Ok(());
    }
    link.commit(asks).map_err(|failure| match failure {
        Failure::Lost(reason) => {
            let reason = format!("lost while it committed, perhaps committed: {reason}");
            StoreError::Unavailable(reason).into()
        }
        failure => failure,
    })?;
    failpoint::reach("committed");
    Ok(())
}

/// Does something with a link, again where that may help: when another transaction was in the
/// way, or when the link was lost before anything could have been committed.
pub(super) fn again<T>(
    links: &Links,
    mut run: impl FnMut(&mut Link) -> Result<T, Failure>,
) -> Result<T, StoreError> {
    let begun = Instant::now();
    let mut attempt = 0;
    loop {
        let mut link = links.lend().map_err(Failure::given_up)?;
        let done = run(&mut link);
        // What it left open is rolled back before the link goes to another.
        if link.is_open() {
            link.roll_back();
        }
        drop(link);
        let failure = match done {
            Ok(done) => return Ok(done),
            Err(Failure::Store(error)) => return Err(error),
            Err(failure) => failure,
        };
        attempt += 1;
        if attempt >= ATTEMPTS || begun.elapsed() > PATIENCE {
            return Err(failure.given_up());
        }
        // A link that waited idle for its next use is replaced without a pause.
        let lost = matches!(failure, Failure::Lost(_));
        metrics::database(if lost { DatabaseEvent::reconnected } else { DatabaseEvent::retried });
        if lost {
            links.forget();
        }
        if !lost || attempt > 1 {
            thread::sleep(pause(attempt));
        }
    }
}

/// A pause that grows, and differs between those who collided.
fn pause(attempt: u32) -> Duration {
    let most = LONGEST.min(Duration::from_millis(1) * 2_u32.saturating_pow(attempt.min(8)));
    // The hasher's seed is random, and random enough to part two threads.
    let share = RandomState::new().hash_one(attempt) % 1024;
    most.mul_f64(f64::from(u32::try_from(share).unwrap_or(0)) / 1024.0)
}
