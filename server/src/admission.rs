use crate::{
    metrics::{self, Limit},
    problems::Failure,
};
use funfair_host_api::Code;
use std::{sync::Arc, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many requests wait for the database on a thread each. The others wait without one, for a
/// moment, and are then told to come back: a flood of reads piles up nowhere.
#[derive(Clone)]
pub struct Admission(Arc<Semaphore>);

/// How long the database may take. The work goes on and keeps its turn, so that a database that hangs
/// has few threads waiting for it, and whoever comes meanwhile finds no turn.
const READING: Duration = Duration::from_secs(2);

/// How long a request waits for its turn: with the rest of its way it is answered within 100 ms.
const PATIENCE: Duration = Duration::from_millis(75);

impl Admission {
    /// So many at once.
    pub fn new(at_once: usize) -> Self {
        Self(Arc::new(Semaphore::new(at_once)))
    }

    /// Runs what may wait for the database, in turn.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Failure> {
        let turn = self.turn().await?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            // Held by the work, not by whoever asked: they may have gone.
            drop(turn);
            done
        });
        let done = tokio::time::timeout(READING, done).await.map_err(|_| busy())?;
        done.map_err(|error| Failure::internal(&error))
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, Failure> {
        if let Ok(free) = Arc::clone(&self.0).try_acquire_owned() {
            return Ok(free);
        }
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.0).acquire_owned()).await;
        turn.map_err(|_| busy())?.map_err(|_| busy())
    }
}

fn busy() -> Failure {
    metrics::turned_away(Limit::database);
    Failure::plain(Code::Busy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{sync::mpsc, time::Instant};

    #[tokio::test]
    async fn whoever_finds_no_turn_is_told_within_a_tenth_of_a_second() {
        let admission = Admission::new(2);
        let (end, ended) = mpsc::channel::<()>();
        let ended = Arc::new(std::sync::Mutex::new(ended));
        for _ in 0..2 {
            let (admission, ended) = (admission.clone(), Arc::clone(&ended));
            tokio::spawn(async move { admission.run(move || ended.lock().unwrap().recv()).await });
        }
        while admission.0.available_permits() > 0 {
            tokio::task::yield_now().await;
        }
        let start = Instant::now();
        let mut flood = tokio::task::JoinSet::new();
        for _ in 0..1000 {
            let admission = admission.clone();
            flood.spawn(async move { admission.run(|| ()).await.map_err(|failure| failure.code) });
        }
        let said = flood.join_all().await;
        assert!(said.iter().all(|said| *said == Err(Code::Busy)));
        assert!(start.elapsed() < Duration::from_millis(500), "{:?}", start.elapsed());
        drop(end);
        // The next turn comes when the two have ended.
        while admission.0.available_permits() < 2 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        assert!(admission.run(|| ()).await.is_ok());
    }
}
