use super::{
    failure::Failure,
    link::{self, Link, Target},
};
use funfair_engine::StoreError;
use std::{
    mem,
    ops::{Deref, DerefMut},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// The links of one sort, made as they are needed, at most so many. Each is lent to one thread.
pub(super) struct Links {
    to: Target,
    most: usize,
    /// What each link prepares as it connects.
    ready: Vec<&'static str>,
    kept: Mutex<Kept>,
    freed: Condvar,
}

#[derive(Default)]
struct Kept {
    idle: Vec<Link>,
    lent: usize,
    /// While the database cannot be reached: when to try again, and what was said.
    down: Option<(Instant, String)>,
}

/// How long to wait before the next attempt to reach a database that is down.
const PAUSE: Duration = Duration::from_millis(250);

/// How long to wait for a link that others have.
const PATIENCE: Duration = Duration::from_secs(2);

impl Links {
    pub(super) fn new(to: Target, most: usize, ready: Vec<&'static str>) -> Self {
        let kept = Mutex::default();
        Self { to, most: most.max(1), ready, kept, freed: Condvar::new() }
    }

    /// A link of one's own, until it is dropped. Errs at once while the database is known to be
    /// down.
    pub(super) fn lend(&self) -> Result<Lent<'_>, Failure> {
        let mut kept = self.kept();
        let until = Instant::now() + PATIENCE;
        loop {
            if let Some(link) = kept.idle.pop() {
                kept.lent += 1;
                return Ok(Lent { of: self, link: Some(link) });
            }
            if kept.lent < self.most {
                break;
            }
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                let busy = "all connections are in use".into();
                return Err(StoreError::Unavailable(busy).into());
            }
            kept = self.freed.wait_timeout(kept, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        let now = Instant::now();
        if let Some((again, said)) = &mut kept.down {
            if now < *again {
                return Err(StoreError::Unavailable(said.clone()).into());
            }
            // One asks, the others need not wait for what it hears.
            *again = now + link::CONNECT + PAUSE;
        }
        kept.lent += 1;
        drop(kept);
        // From here on its drop gives the place back.
        let mut lent = Lent { of: self, link: None };
        let connected = Link::connect(&self.to, &self.ready);
        let mut kept = self.kept();
        match connected {
            Ok(link) => {
                kept.down = None;
                drop(kept);
                lent.link = Some(link);
                Ok(lent)
            }
            Err(failure) => {
                let reason = failure.reason();
                kept.down = Some((Instant::now() + PAUSE, reason.clone()));
                drop(kept);
                Err(StoreError::Unavailable(reason).into())
            }
        }
    }

    /// Closes the idle links: where one was lost, the others are as old.
    pub(super) fn forget(&self) {
        let idle = mem::take(&mut self.kept().idle);
        drop(idle);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // Nothing panics while it is held, and each of its fields is whole at any time.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A link on loan. One that was lost, or left in a transaction by a panic, is closed.
pub(super) struct Lent<'a> {
    of: &'a Links,
    /// `None` while it connects and once it is given back.
    link: Option<Link>,
}

impl Deref for Lent<'_> {
    type Target = Link;

    fn deref(&self) -> &Link {
        self.link.as_ref().expect("a lent link is there until it is given back")
    }
}

impl DerefMut for Lent<'_> {
    fn deref_mut(&mut self) -> &mut Link {
        self.link.as_mut().expect("a lent link is there until it is given back")
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let whole = self.link.take().filter(Link::is_whole);
        let mut kept = self.of.kept();
        kept.lent -= 1;
        kept.idle.extend(whole);
        drop(kept);
        self.of.freed.notify_one();
    }
}
