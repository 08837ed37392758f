use crate::{
    failpoint,
    metrics::{self, Waits},
    now_ms, otel,
};
use funfair_engine::{Answer, Denial, Desk, Lane, Play, Store, StoreError};
use pace::{Pace, Past};
use std::{
    collections::{HashMap, HashSet, VecDeque},
    hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

/// Decides all plays, one batch after another, on one thread or several.
///
/// A batch is whatever has arrived while the one before was committed: no timer, no linger. A lane
/// has one thread and its queue is FIFO, so arrival order within a lane is kept. What waits is
/// bounded, by number and by how long it would wait, and answered only after its commit.
pub struct Writer {
    threads: Vec<Thread>,
    /// A place for everything that waits or is being written.
    room: Arc<Semaphore>,
    places: usize,
    longest: Option<Duration>,
}

struct Thread {
    pace: Arc<Pace>,
    /// `None` once the writer is finishing.
    queue: Mutex<Option<mpsc::UnboundedSender<Waiting>>>,
    handle: Mutex<Option<JoinHandle<()>>>,
}

/// How much a writer takes on.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Plays in one commit.
    pub batch: usize,
    /// Plays, and other writes, that wait for their answer.
    pub queue: usize,
    /// How long whoever comes may have to wait; `None` is for ever.
    pub wait: Option<Duration>,
    /// Threads that commit side by side: one where the database has one writer.
    pub writers: usize,
}

/// Why a play has no answer of the engine.
#[derive(Debug, thiserror::Error)]
pub enum NoAnswer {
    /// Too many plays are waiting, or the server is stopping.
    #[error("too many plays are waiting")]
    Busy {
        /// How long those who wait will take.
        wait: Duration,
    },
    /// The database failed on this play.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What the engine says to one play.
pub type Said = Result<Answer, Denial>;

enum Waiting {
    // Boxed, since the queue moves it more than once.
    Play(Box<Asked>),
    Aside(Aside),
}

struct Asked {
    play: Play,
    answer: oneshot::Sender<Result<Said, StoreError>>,
    place: Place,
    waits: Waits,
    traced: otel::Waiting,
}

/// A place in the queue of a thread, until it is dropped.
struct Place {
    _of_all: OwnedSemaphorePermit,
    pace: Arc<Pace>,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.pace.left();
    }
}

/// A write that is no play, to be done in a commit of its own.
type Aside = Box<dyn FnOnce(&dyn Store) + Send>;

impl Writer {
    /// Starts the threads.
    #[expect(clippy::needless_pass_by_value, reason = "each thread keeps one")]
    pub fn start(store: Arc<dyn Store>, limits: Limits) -> std::io::Result<Self> {
        let start = |_| {
            let (queue, arrivals) = mpsc::unbounded_channel();
            let pace = Arc::new(Pace::new(limits.batch));
            let mut desk = WritingDesk {
                store: Arc::clone(&store),
                arrivals,
                batch: limits.batch,
                pace: Arc::clone(&pace),
                past: Past::default(),
                last_ms: 0,
                dry: HashSet::new(),
                asides: VecDeque::new(),
            };
            let handle = thread::Builder::new()
                .name("writer".into())
                .spawn(move || while desk.round() {})?;
            Ok(Thread { pace, queue: Mutex::new(Some(queue)), handle: Mutex::new(Some(handle)) })
        };
        let threads = (1..=limits.writers.max(1)).map(start).collect::<std::io::Result<_>>()?;
        let places = limits.queue.min(Semaphore::MAX_PERMITS);
        let room = Arc::new(Semaphore::new(places));
        Ok(Self { threads, room, places, longest: limits.wait })
    }

    /// Hands a play in and waits until it is committed or refused.
    pub async fn run(&self, play: Play) -> Result<Said, NoAnswer> {
        let (answer, answered) = oneshot::channel();
        let thread = self.thread(&play.at.lane);
        let place = self.place(thread)?;
        let (waits, traced) = (Waits::new(), otel::Waiting::new());
        thread.hand(Waiting::Play(Box::new(Asked { play, answer, place, waits, traced })))?;
        // The thread ends only when every sender is gone, or by a bug of its own.
        Ok(answered.await.map_err(|_| thread.busy())??)
    }

    /// Has a writer do something that is no play: it takes its turn among the batches of `beside`
    /// and has a place as they do, so that nothing piles up beside the queue. The thread waits for
    /// it, so what only reads is done before.
    pub async fn aside<T: Send + 'static>(
        &self,
        beside: &impl Hash,
        task: impl FnOnce(&dyn Store) -> T + Send + 'static,
    ) -> Result<T, NoAnswer> {
        let (answer, answered) = oneshot::channel();
        let thread = self.thread(beside);
        let place = self.place(thread)?;
        let aside = move |store: &dyn Store| {
            let done = task(store);
            drop(place);
            // Whoever asked may have gone; what was written stands all the same.
            let _ = answer.send(done);
        };
        thread.hand(Waiting::Aside(Box::new(aside)))?;
        let panicked = || StoreError::Database("the engine panicked".into());
        answered.await.map_err(|_| panicked().into())
    }

    /// How many plays and other writes wait for their answer, or are being written.
    pub fn waiting(&self) -> usize {
        self.places.saturating_sub(self.room.available_permits())
    }

    /// Errs where there is surely no place, whatever the play is: worth knowing before it is read.
    pub fn has_room(&self) -> Result<(), NoAnswer> {
        let waits = self.threads.iter().map(|thread| thread.pace.wait());
        let wait = waits.min().unwrap_or_default();
        let full = self.room.available_permits() == 0;
        if full || self.is_too_long(wait) { Err(NoAnswer::Busy { wait }) } else { Ok(()) }
    }

    fn place(&self, thread: &Thread) -> Result<Place, NoAnswer> {
        if self.is_too_long(thread.pace.wait()) {
            return Err(thread.busy());
        }
        let of_all = Arc::clone(&self.room).try_acquire_owned().map_err(|_| thread.busy())?;
        thread.pace.arrived();
        Ok(Place { _of_all: of_all, pace: Arc::clone(&thread.pace) })
    }

    fn is_too_long(&self, wait: Duration) -> bool {
        self.longest.is_some_and(|longest| wait > longest)
    }

    /// The thread that writes what belongs together: always the same one.
    fn thread(&self, name: &impl Hash) -> &Thread {
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(name);
        let count = self.threads.len() as u64;
        &self.threads[usize::try_from(hash % count).unwrap_or_default()]
    }

    /// Whether it takes plays, all of them.
    pub fn runs(&self) -> bool {
        let runs = |thread: &Thread| {
            let handle = thread.handle.lock().unwrap_or_else(PoisonError::into_inner);
            handle.as_ref().is_some_and(|handle| !handle.is_finished())
        };
        self.threads.iter().all(runs)
    }

    /// Takes no more, decides what was handed in, and ends the threads. Blocks until it has.
    pub fn finish(&self) {
        for Thread { queue, .. } in &self.threads {
            queue.lock().unwrap_or_else(PoisonError::into_inner).take();
        }
        for Thread { handle, .. } in &self.threads {
            let handle = handle.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(handle) = handle
                && handle.join().is_err()
            {
                tracing::error!("a writer panicked");
            }
        }
    }
}

impl Thread {
    fn hand(&self, waiting: Waiting) -> Result<(), NoAnswer> {
        let queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let sent = queue.as_ref().map(|queue| queue.send(waiting));
        if let Some(Ok(())) = sent { Ok(()) } else { Err(self.busy()) }
    }

    fn busy(&self) -> NoAnswer {
        NoAnswer::Busy { wait: self.pace.wait() }
    }
}

/// One thread's work.
struct WritingDesk {
    store: Arc<dyn Store>,
    arrivals: mpsc::UnboundedReceiver<Waiting>,
    batch: usize,
    pace: Arc<Pace>,
    past: Past,
    last_ms: u64,
    /// Lanes whose last batch accepted nothing: sold out, most often.
    dry: HashSet<Lane>,
    asides: VecDeque<Aside>,
}

/// How many other writes are done between two batches at most: each is a commit of its own, and
/// plays wait meanwhile.
const ASIDES: usize = 8;

impl WritingDesk {
    /// Takes what has arrived, and answers it; false where nothing comes any more.
    fn round(&mut self) -> bool {
        let mut plays = Vec::new();
        let mut sort = |waiting, asides: &mut VecDeque<Aside>| match waiting {
            Waiting::Play(asked) => plays.push(*asked),
            Waiting::Aside(aside) => asides.push_back(aside),
        };
        if self.asides.is_empty() {
            let Some(first) = self.arrivals.blocking_recv() else { return false };
            sort(first, &mut self.asides);
        }
        for _ in 1..self.batch {
            let Ok(next) = self.arrivals.try_recv() else { break };
            sort(next, &mut self.asides);
        }
        let begun = self.pace.begin();
        failpoint::reach("taken");
        let mut done = plays.len();
        // A clock that is set back stands still here until it has caught up.
        self.last_ms = now_ms().max(self.last_ms);
        if !plays.is_empty() {
            self.decide(plays);
        }
        for aside in self.asides.drain(..ASIDES.min(self.asides.len())) {
            done += 1;
            // The answer's sender is dropped with the panic, which whoever waits is told.
            let store = &*self.store;
            if catch_unwind(AssertUnwindSafe(|| aside(store))).is_err() {
                tracing::error!("a write beside the plays panicked");
            }
        }
        self.pace.end(&mut self.past, done, begun);
        true
    }

    /// Answers a batch.
    fn decide(&mut self, mut asked: Vec<Asked>) {
        if asked.iter().any(|asked| self.dry.contains(&asked.play.at.lane)) {
            asked = self.refuse(asked);
        }
        if asked.is_empty() {
            return;
        }
        let take = |asked: Asked| {
            asked.waits.taken();
            (asked.play, (asked.traced, (asked.answer, asked.place)))
        };
        let (plays, asked): (Vec<_>, Vec<_>) = asked.into_iter().map(take).unzip();
        let (traced, answers): (Vec<_>, Vec<_>) = asked.into_iter().unzip();
        let (begun, batch) = (Instant::now(), otel::Batch::begin());
        let said = decide(&*self.store, self.last_ms, &plays, &mut 0);
        metrics::batch(plays.len(), begun.elapsed());
        batch.end(traced.into_iter(), plays.len());
        let mut accepted = HashMap::<_, bool>::new();
        for (play, said) in plays.iter().zip(&said) {
            *accepted.entry(&play.at.lane).or_default() |=
                matches!(said, Ok(Ok(answer)) if !answer.repeated);
        }
        for (lane, accepted) in accepted {
            if accepted {
                self.dry.remove(lane);
            } else if !self.dry.contains(lane) {
                self.dry.insert(lane.clone());
            }
        }
        for ((answer, place), said) in answers.into_iter().zip(said) {
            // Before the answer: whoever has it may ask again.
            drop(place);
            // Whoever asked may have gone; the play stands all the same.
            let _ = answer.send(said);
        }
        failpoint::reach("answered");
    }

    /// Answers those plays of dry lanes that write nothing, without a transaction; the rest is to
    /// be decided.
    fn refuse(&self, asked: Vec<Asked>) -> Vec<Asked> {
        let dry = |asked: &Asked| self.dry.contains(&asked.play.at.lane);
        let plays: Vec<_> = asked.iter().filter(|it| dry(it)).map(|it| &it.play).collect();
        let peek = || Desk::peek(&*self.store, self.last_ms, &plays);
        // What goes wrong here goes wrong again where a culprit can be found.
        let Ok(Ok(said)) = catch_unwind(AssertUnwindSafe(peek)) else { return asked };
        let mut said = said.into_iter();
        let mut left = Vec::new();
        for asked in asked {
            match if dry(&asked) { said.next().flatten() } else { None } {
                Some(said) => {
                    asked.waits.taken();
                    drop(asked.place);
                    let _ = asked.answer.send(Ok(said));
                }
                None => left.push(asked),
            }
        }
        left
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
    // Not these plays' fault: whoever asked is told at once, and may ask again.
    match error {
        StoreError::Unavailable(reason) => {
            return plays.iter().map(|_| Err(StoreError::Unavailable(reason.clone()))).collect();
        }
        StoreError::ReadOnly => return plays.iter().map(|_| Err(StoreError::ReadOnly)).collect(),
        StoreError::Database(_) | StoreError::Unreadable { .. } => {}
    }
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

mod pace;

#[cfg(test)]
mod tests;
