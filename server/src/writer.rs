use crate::{failpoint, now_ms};
use funfair_engine::{Answer, Denial, Desk, Play, Store, StoreError};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
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
        failpoint::reach("taken");
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
        failpoint::reach("answered");
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
    // A kind's panic is the engine's to catch; this one would be the engine's own, and must not
    // take the thread with it.
    let ran = catch_unwind(AssertUnwindSafe(|| Desk::run(store, now_ms, plays)));
    let error = match ran {
        Ok(Ok(said)) => return said.into_iter().map(Ok).collect(),
        Ok(Err(error)) => error,
        Err(_) => StoreError::Database("the engine panicked".into()),
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

#[cfg(test)]
mod tests {
    use super::*;
    use funfair_engine::{
        HeldRow, Lane, LaneRow, MemoryStore, PlayRow, PoolKey, PoolRow, Rows, Transfer, Wants,
        Writes, story::Booth,
    };
    use funfair_host_api::Day;

    /// A store in memory that fails on every batch with a play under the key `bad`, and panics on
    /// one under the key `worse`.
    #[derive(Default)]
    struct Touchy(MemoryStore);

    impl Store for Touchy {
        fn commit(
            &self,
            wants: &Wants,
            decide: &mut dyn FnMut(&Rows) -> Writes,
        ) -> Result<(), StoreError> {
            let has = |key: &str| wants.plays.iter().any(|play| play.key == key);
            assert!(!has("worse"), "as the test wants it");
            if has("bad") || has("down") {
                return Err(StoreError::Database("touchy".into()));
            }
            self.0.commit(wants, decide)
        }
        fn load(&self, wants: &Wants) -> Result<Rows, StoreError> {
            self.0.load(wants)
        }
        fn open(
            &self,
            lane: &Lane,
            head: &LaneRow,
            pools: &[(PoolKey, PoolRow)],
        ) -> Result<(), StoreError> {
            self.0.open(lane, head, pools)
        }
        fn member(&self, p: &str, store: &str, sub: &str) -> Result<Option<String>, StoreError> {
            self.0.member(p, store, sub)
        }
        fn play(&self, p: &str, member: &str, id: &str) -> Result<Option<PlayRow>, StoreError> {
            self.0.play(p, member, id)
        }
        fn plays(
            &self,
            lane: &Lane,
            member: &str,
            before: Option<u64>,
            limit: usize,
        ) -> Result<Vec<PlayRow>, StoreError> {
            self.0.plays(lane, member, before, limit)
        }
        fn transfers(
            &self,
            p: &str,
            member: &str,
            before: Option<(u64, &str)>,
            limit: usize,
        ) -> Result<Vec<Transfer>, StoreError> {
            self.0.transfers(p, member, before, limit)
        }
        fn history(
            &self,
            p: &str,
            member: &str,
            before: Option<(u64, &str)>,
            limit: usize,
        ) -> Result<Vec<PlayRow>, StoreError> {
            self.0.history(p, member, before, limit)
        }
        fn transfer(&self, p: &str, who: &str, id: &str) -> Result<Option<Transfer>, StoreError> {
            self.0.transfer(p, who, id)
        }
        fn members(
            &self,
            lane: &Lane,
            after: Option<&str>,
            limit: usize,
        ) -> Result<Vec<(String, String)>, StoreError> {
            self.0.members(lane, after, limit)
        }
        fn lapsing(
            &self,
            p: &str,
            day: Day,
            after: Option<&str>,
            limit: usize,
        ) -> Result<Vec<String>, StoreError> {
            self.0.lapsing(p, day, after, limit)
        }
        fn add_codes(&self, list: &PoolKey, codes: &[String]) -> Result<u64, StoreError> {
            self.0.add_codes(list, codes)
        }
        fn held(&self, p: &str, member: &str, limit: usize) -> Result<Vec<HeldRow>, StoreError> {
            self.0.held(p, member, limit)
        }
        fn items(
            &self,
            lane: &Lane,
            after: Option<&str>,
            limit: usize,
        ) -> Result<Vec<(String, String)>, StoreError> {
            self.0.items(lane, after, limit)
        }
    }

    /// Which of a hundred plays, each of its own member, are answered with an error when `name`
    /// names the seventieth.
    fn failing(name: &str) -> Vec<usize> {
        let store = Touchy::default();
        let booth = Booth::open(&store, "p");
        let key = |n: usize| if n == 69 { name.into() } else { format!("key-{n}") };
        let play = |n: usize| booth.play(&format!("m{n}"), &key(n), r#"{"type":"draw"}"#);
        let plays: Vec<_> = (0..100).map(play).collect();
        let said = decide(&store, booth.now_ms, &plays, &mut 0);
        assert_eq!(said.len(), plays.len());
        said.iter().enumerate().filter(|(_, said)| said.is_err()).map(|(n, _)| n).collect()
    }

    #[test]
    fn the_play_that_a_batch_fails_on_stands_alone() {
        assert_eq!(failing("good"), Vec::<usize>::new());
        assert_eq!(failing("bad"), [69]);
    }

    #[test]
    fn a_panic_of_the_engine_ends_one_play() {
        assert_eq!(failing("worse"), [69]);
    }

    #[test]
    fn a_database_that_is_down_is_not_asked_two_thousand_times() {
        let store = Touchy::default();
        let booth = Booth::open(&store, "p");
        let play = booth.play("m0", "down", r#"{"type":"draw"}"#);
        let mut failures = 0;
        let said = decide(&store, booth.now_ms, &vec![play; 1024], &mut failures);
        assert!(said.iter().all(Result::is_err));
        assert!(failures < 3 * PATIENCE, "{failures}");
    }

    #[tokio::test]
    async fn a_writer_that_finishes_answers_what_it_took_and_takes_no_more() {
        let store = Arc::new(Touchy::default());
        let booth = Booth::open(&*store, "p");
        let play = booth.play("ann", "a", r#"{"type":"draw"}"#);
        // The stall opens in the story's own month, and the writer reads the real clock: what the
        // engine says is beside the point here, that it says something is not.
        let writer = Writer::start(Arc::clone(&store) as _, Limits { batch: 8, queue: 8 }).unwrap();
        assert!(writer.run(play.clone()).await.is_ok());
        writer.finish();
        assert!(matches!(writer.run(play).await, Err(NoAnswer::Busy)));
    }
}
