use std::{
    sync::atomic::{AtomicU64, AtomicUsize, Ordering::Relaxed},
    time::{Duration, Instant},
};

/// How fast one thread answers, and so how long whoever comes now would wait.
///
/// A batch takes a time of its own (the disk, the way to the database) and one for each play in it.
/// Both are moving figures: the line through the last batches, older ones counting less and less. A
/// mere average of plays a second would take a thread that has little to do for a slow one.
pub struct Pace {
    batch: usize,
    /// What waits, or is being written.
    waiting: AtomicUsize,
    /// By the writer's thread, for everyone.
    of_a_batch_ns: AtomicU64,
    of_a_play_ns: AtomicU64,
    start: Instant,
    /// When the batch began that is being written; 0 where none is.
    begun_ns: AtomicU64,
}

/// What the writer's thread remembers of its batches: moving means of plays, of seconds, and of
/// their products.
#[derive(Default)]
pub struct Past {
    batches: u32,
    plays: f64,
    seconds: f64,
    plays_squared: f64,
    plays_by_seconds: f64,
}

/// How much of the means a new batch is, once there were a few.
const SHARE: u32 = 8;

impl Pace {
    /// Of a thread that takes so many plays at once.
    pub fn new(batch: usize) -> Self {
        Self {
            batch: batch.max(1),
            waiting: AtomicUsize::default(),
            of_a_batch_ns: AtomicU64::default(),
            of_a_play_ns: AtomicU64::default(),
            start: Instant::now(),
            begun_ns: AtomicU64::default(),
        }
    }

    /// How long whoever comes now would wait. Whoever finds nobody waits for nobody.
    pub fn wait(&self) -> Duration {
        let ahead = self.waiting.load(Relaxed);
        if ahead == 0 {
            return Duration::ZERO;
        }
        let plays = ahead as u64 + 1;
        let batches = plays.div_ceil(self.batch as u64);
        let of_batches = self.of_a_batch_ns.load(Relaxed).saturating_mul(batches);
        let expected =
            self.of_a_play_ns.load(Relaxed).saturating_mul(plays).saturating_add(of_batches);
        // A batch that hangs is slower than any before it.
        let begun = self.begun_ns.load(Relaxed);
        let hangs = if begun == 0 { 0 } else { self.now_ns().saturating_sub(begun) };
        Duration::from_nanos(expected.max(hangs))
    }

    /// One more waits.
    pub fn arrived(&self) {
        self.waiting.fetch_add(1, Relaxed);
    }

    /// The thread begins a batch.
    pub fn begin(&self) -> Instant {
        self.begun_ns.store(self.now_ns().max(1), Relaxed);
        Instant::now()
    }

    /// One was answered.
    pub fn left(&self) {
        self.waiting.fetch_sub(1, Relaxed);
    }

    /// The batch is over, in which it answered so many.
    pub fn end(&self, past: &mut Past, answered: usize, begun: Instant) {
        self.begun_ns.store(0, Relaxed);
        let (of_a_batch, of_a_play) = past.with(answered, begun.elapsed());
        self.of_a_batch_ns.store(nanos(of_a_batch), Relaxed);
        self.of_a_play_ns.store(nanos(of_a_play), Relaxed);
    }

    fn now_ns(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

impl Past {
    /// What a batch and a play of it take, in seconds, now that this one is known too.
    #[expect(clippy::cast_precision_loss, reason = "a batch is small")]
    fn with(&mut self, plays: usize, took: Duration) -> (f64, f64) {
        self.batches = (self.batches + 1).min(SHARE);
        let (plays, seconds, share) =
            (plays as f64, took.as_secs_f64(), 1.0 / f64::from(self.batches));
        for (mean, new) in [
            (&mut self.plays, plays),
            (&mut self.seconds, seconds),
            (&mut self.plays_squared, plays * plays),
            (&mut self.plays_by_seconds, plays * seconds),
        ] {
            *mean += (new - *mean) * share;
        }
        let spread = self.plays_squared - self.plays * self.plays;
        let together = self.plays_by_seconds - self.plays * self.seconds;
        // Batches of one size say nothing of how more plays would do.
        let of_a_play = if spread > 1e-6 { together / spread } else { 0.0 };
        let of_a_play = of_a_play.clamp(0.0, self.seconds / self.plays.max(1.0));
        (self.seconds - of_a_play * self.plays, of_a_play)
    }
}

/// Of a time that is no less than nothing.
fn nanos(seconds: f64) -> u64 {
    let time = Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or_default();
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: f64 = 0.001;

    #[test]
    fn a_batch_and_a_play_are_told_apart() {
        let mut past = Past::default();
        let mut at = (0.0, 0.0);
        for plays in [1, 200, 40, 900, 3, 512, 77, 1000, 20, 640] {
            #[expect(clippy::cast_precision_loss, reason = "small")]
            let took = 2.0 * MS + plays as f64 * 0.05 * MS;
            at = past.with(plays, Duration::from_secs_f64(took));
        }
        assert!((at.0 - 2.0 * MS).abs() < 0.01 * MS, "{at:?}");
        assert!((at.1 - 0.05 * MS).abs() < 0.001 * MS, "{at:?}");
    }

    #[test]
    fn batches_of_one_make_no_slow_thread() {
        let pace = Pace::new(1024);
        let mut past = Past::default();
        for _ in 0..100 {
            let (of_a_batch, of_a_play) = past.with(1, Duration::from_millis(2));
            pace.of_a_batch_ns.store(nanos(of_a_batch), Relaxed);
            pace.of_a_play_ns.store(nanos(of_a_play), Relaxed);
        }
        // 500 a second, one after another; but a crowd goes into few batches.
        (0..4000).for_each(|_| pace.arrived());
        assert!(pace.wait() < Duration::from_millis(20), "{:?}", pace.wait());
    }

    #[test]
    fn whoever_finds_nobody_never_waits_however_slow_it_was() {
        let pace = Pace::new(8);
        let mut past = Past::default();
        let begun = Instant::now().checked_sub(Duration::from_mins(1)).unwrap();
        pace.end(&mut past, 1, begun);
        assert_eq!(pace.wait(), Duration::ZERO);
        pace.arrived();
        assert!(pace.wait() >= Duration::from_mins(1));
        pace.left();
        assert_eq!(pace.wait(), Duration::ZERO);
    }

    #[test]
    fn a_batch_that_hangs_is_a_wait_before_it_is_over() {
        let pace = Pace::new(8);
        pace.arrived();
        let _ = pace.begin();
        assert!(pace.wait() < Duration::from_millis(20));
        std::thread::sleep(Duration::from_millis(30));
        assert!(pace.wait() >= Duration::from_millis(30));
    }

    #[test]
    fn a_thread_that_was_slow_is_soon_known_to_be_fast_again() {
        let mut past = Past::default();
        past.with(1, Duration::from_secs(10));
        let mut batches = 0;
        while past.with(1, Duration::from_millis(2)).0 > 0.1 {
            batches += 1;
        }
        assert!(batches < 60, "{batches}");
    }
}
