use rusqlite::Connection;
use std::{
    io,
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread::{self, JoinHandle},
    time::Duration,
};

/// Moves what the write-ahead log holds into the file, on a thread beside the writer, so that no
/// play waits for it. It ends with the store.
pub(super) struct Checkpoints {
    state: Arc<State>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    asked: Mutex<Asked>,
    changed: Condvar,
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

/// How many pages the log may have before the writer itself moves what is left and begins it anew.
/// It can be begun anew only when all of it was moved, which under load the thread never sees. Of
/// 4 KiB each: 128 MiB.
pub(super) const MOST_PAGES: u32 = 32_768;

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
        // Passive: it waits for nobody, and nobody for it. What cannot be moved yet is moved later.
        if let Err(error) = db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
            tracing::warn!(%error, "a checkpoint waits for the next round");
        }
        let resting = |asked: &mut Asked| !asked.ending;
        let rested = self.changed.wait_timeout_while(self.asked(), REST, resting);
        drop(rested);
        true
    }
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
