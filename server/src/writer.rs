use crate::now_ms;
use funfair_engine::{Answer, Denial, Desk, Play, Store, StoreError};
use std::{
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};
use tokio::sync::{mpsc, oneshot};

/// Decides all plays, one batch after another, on one thread.
///
/// A batch is whatever has arrived while the one before was committed: no timer, no linger. The
/// queue is FIFO and bounded, and a play is answered only after its commit.
pub struct Writer {
    /// `None` once the writer is finishing.
    queue: Mutex<Option<mpsc::Sender<Waiting>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
}

/// How much a writer takes on.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Plays in one commit.
    pub batch: usize,
    /// Plays that wait for one.
    pub queue: usize,
}

/// Why a play has no answer of the engine.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// Too many plays are waiting, or the server is stopping.
    #[error("too many plays are waiting")]
    Busy,
    /// The database failed on this play.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the engine says to one play.
pub type Said = Result<Answer, Denial>;

struct Waiting {
    play: Play,
    answer: oneshot::Sender<Result<Said, StoreError>>,
}

impl Writer {
    /// Starts the thread.
    pub fn start(store: Arc<dyn Store>, limits: Limits) -> std::io::Result<Self> {
        let (queue, arrivals) = mpsc::channel(limits.queue);
        let thread = thread::Builder::new()
            .name("writer".into())
            .spawn(move || work(&*store, arrivals, limits.batch))?;
        Ok(Self { queue: Mutex::new(Some(queue)), thread: Mutex::new(Some(thread)) })
    }

    /// Hands a play in and waits until it is committed or refused.
    pub async fn run(&self, play: Play) -> Result<Said, NoAnswer> {
        let (answer, answered) = oneshot::channel();
        {
            let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
            let queue = queue.as_ref().ok_or(NoAnswer::Busy)?;
            queue.try_send(Waiting { play, answer }).map_err(|_| NoAnswer::Busy)?;
        }
        // The thread ends only when every sender is gone, or by a bug of its own.
        Ok(answered.await.map_err(|_| NoAnswer::Busy)??)
    }

    /// Takes no more, decides what was handed in, and ends the thread. Blocks until it has.
    pub fn finish(&self) {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner).take();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the writer panicked");
        }
    }
}

fn work(store: &dyn Store, mut arrivals: mpsc::Receiver<Waiting>, limit: usize) {
    let mut gathered = Vec::with_capacity(limit);
    let mut last_ms = 0;
    while arrivals.blocking_recv_many(&mut gathered, limit) > 0 {
        // A clock that is set back stands still here until it has caught up.
        last_ms = now_ms().max(last_ms);
        let (plays, answers): (Vec<_>, Vec<_>) =
            gathered.drain(..).map(|waiting| (waiting.play, waiting.answer)).unzip();
        let mut failures = 0;
        let said = decide(store, last_ms, &plays, &mut failures);
        for (answer, said) in answers.into_iter().zip(said) {
            // Whoever asked may have gone; the play stands all the same.
            let _ = answer.send(said);
        }
    }
}

/// How often one arrival's batch may fail before the rest of it is given up: a culprit in a batch
/// of 1,024 is found after eleven failures, a database that is down would take two thousand.
const PATIENCE: usize = 32;

/// Runs a batch. Where the database fails on it, its halves, until the play that it fails on
/// stands alone.
fn decide(
    store: &dyn Store,
    now_ms: u64,
    plays: &[Play],
    failures: &mut usize,
) -> Vec<Result<Said, StoreError>> {
    let error = match Desk::run(store, now_ms, plays) {
        Ok(said) => return said.into_iter().map(Ok).collect(),
        Err(error) => error,
    };
    *failures += 1;
    if plays.len() <= 1 || *failures > PATIENCE {
        let reason = error.to_string();
        return plays.iter().map(|_| Err(StoreError::Database(reason.clone()))).collect();
    }
    tracing::warn!(%error, plays = plays.len(), "a batch failed and is halved");
    let (first, second) = plays.split_at(plays.len() / 2);
    let mut said = decide(store, now_ms, first, failures);
    said.extend(decide(store, now_ms, second, failures));
    said
}
