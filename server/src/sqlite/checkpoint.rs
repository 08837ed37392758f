use rusqlite::Connection;
use std::{
    io,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

/// Moves what the write-ahead log holds into the file, on a thread beside the writer, so that plays
/// hardly wait for it. It ends with the store.
///
/// The log can be begun anew only when all of it was moved, which under load the thread never sees:
/// what is left of a long log after several rounds on end is so little that the writer moves it
/// between two commits.
pub(super) struct Checkpoints {
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    asked: Mutex<Asked>,
    changed: Condvar,
    /// What is left of a long log is the writer's to move.
    rest: AtomicBool,
}

#[derive(Default)]
struct Asked {
    /// Something was committed since the last round began.
    due: bool,
    ending: bool,
}

/// How long the log is left alone after a round: a page that is written often meanwhile is moved
/// once.
const REST: Duration = Duration::from_millis(250);

/// How many pages the log may have before it is to be begun anew. Of 4 KiB each: 128 MiB.
const MANY_PAGES: i64 = 32_768;

/// How many pages it may have before a commit moves all that is left, however much: where the
/// thread is kept from its work.
pub(super) const MOST_PAGES: u32 = 131_072;

/// How many times a long log is moved without a rest: each time less was added meanwhile.
const ROUNDS: usize = 3;

impl Checkpoints {
    /// Starts the thread, with a connection of its own.
    pub(super) fn start(db: Connection) -> io::Result<Self> {
        let state = Arc::new(State::default());
        let theirs = Arc::clone(&state);
        let thread = thread::Builder::new()
            .name("checkpoints".into())
            .spawn(move || while theirs.round(&db) {})?;
        Ok(Self { state, thread: Some(thread) })
    }

    /// Before the writer begins: moves what is left, where that is little.
    pub(super) fn before_writing(&self, db: &Connection) {
        if self.state.rest.swap(false, Ordering::Relaxed) {
            moved(db);
        }
    }

    /// Says that something was committed.
    pub(super) fn committed(&self) {
        if !std::mem::replace(&mut self.state.asked().due, true) {
            self.state.changed.notify_one();
        }
    }
}

impl State {
    fn asked(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a commit, moves what there is, and rests; false at the end.
    fn round(&self, db: &Connection) -> bool {
        let idle = |asked: &mut Asked| !asked.due && !asked.ending;
        let mut asked =
            self.changed.wait_while(self.asked(), idle).unwrap_or_else(PoisonError::into_inner);
        if asked.ending {
            return false;
        }
        asked.due = false;
        drop(asked);
        let long = (0..ROUNDS).all(|_| moved(db) > MANY_PAGES);
        self.rest.store(long, Ordering::Relaxed);
        let resting = |asked: &mut Asked| !asked.ending;
        let rested = self.changed.wait_timeout_while(self.asked(), REST, resting);
        drop(rested);
        true
    }
}

/// Moves what can be moved; answers how many pages the log has.
fn moved(db: &Connection) -> i64 {
    // Passive: it waits for nobody, and nobody for it. What cannot be moved yet is moved later.
    let pages = db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1));
    pages.unwrap_or_else(|error| {
        tracing::warn!(%error, "a checkpoint waits for the next round");
        0
    })
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.state.asked().ending = true;
        self.state.changed.notify_one();
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the checkpoints panicked");
        }
    }
}
