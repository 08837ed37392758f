//! How long answers took, and what a process used meanwhile.

use anyhow::{Context, Result};
use hdrhistogram::Histogram;
use serde_json::{Map, Value, json};
use std::{
    fs,
    sync::mpsc::{self, RecvTimeoutError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// Answers and how long each took: exact to a thousandth, from a microsecond to a minute.
#[derive(Clone, Debug)]
pub struct Times(Histogram<u64>);

impl Default for Times {
    fn default() -> Self {
        let bounds = Histogram::new_with_bounds(1, 60_000_000, 3);
        Self(bounds.expect("the bounds are possible"))
    }
}

impl Times {
    /// Counts one answer.
    pub fn record(&mut self, took: Duration) {
        self.0.saturating_record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }

    /// Counts another's answers too.
    pub fn add(&mut self, other: &Self) {
        // Both have the same bounds.
        let _ = self.0.add(&other.0);
    }

    /// How many answers.
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// Below how many milliseconds this share of the answers stayed.
    pub fn ms(&self, share: f64) -> f64 {
        whole(self.0.value_at_quantile(share)) / 1000.0
    }

    /// As a figure prints them.
    pub fn fields(&self) -> Map<String, Value> {
        let fields = json!({
            "p50_ms": self.ms(0.5), "p99_ms": self.ms(0.99), "p999_ms": self.ms(0.999),
            "max_ms": whole(self.0.max()) / 1000.0,
        });
        fields.as_object().cloned().unwrap_or_default()
    }
}

/// A count as a figure; counts of this crate are far below the 2^52 that are exact.
pub fn whole(count: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
    let figure = count as f64;
    figure
}

/// Rounded to this many places.
pub fn rounded(figure: f64, places: i32) -> f64 {
    let scale = 10f64.powi(places);
    (figure * scale).round() / scale
}

/// Events a second since a moment.
pub fn per_s(count: u64, since: Instant) -> f64 {
    (whole(count) / since.elapsed().as_secs_f64()).round()
}

/// What a process has used so far, as Linux counts it.
#[derive(Clone, Copy, Debug)]
pub struct Used {
    /// Seconds of processor time.
    pub cpu_s: f64,
    /// Memory that it holds, in megabytes.
    pub rss_mb: f64,
}

/// Linux' unit of processor time in /proc, for programs whatever the kernel's own is.
const TICKS_A_SECOND: f64 = 100.0;

impl Used {
    /// Of the process with this id; `self` is this one.
    pub fn by(process: &str) -> Result<Self> {
        let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
        // The name in brackets may hold anything; the fields are counted from its end.
        let (_, fields) = stat.rsplit_once(')').context("a line of /proc")?;
        let ticks = fields.split_whitespace().skip(11).take(2);
        let ticks: f64 = ticks.map(|ticks| ticks.parse().unwrap_or(0.0)).sum();
        let status = fs::read_to_string(format!("/proc/{process}/status"))?;
        let rss = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let rss = rss.and_then(|rss| rss.split_whitespace().next()).context("VmRSS")?;
        Ok(Self { cpu_s: ticks / TICKS_A_SECOND, rss_mb: rounded(rss.parse::<f64>()? / 1024.0, 1) })
    }

    /// Processors used since an earlier look: 1 is one of them all the time.
    pub fn processors_since(self, before: Self, start: Instant) -> f64 {
        rounded((self.cpu_s - before.cpu_s) / start.elapsed().as_secs_f64(), 2)
    }
}

/// What this machine's disks have moved so far, in kilobytes: whoever else works on it is in it.
#[derive(Clone, Copy, Debug)]
pub struct Disks {
    read_kb: f64,
    written_kb: f64,
}

impl Disks {
    /// As the kernel counts it, by sectors of 512 bytes.
    pub fn now() -> Result<Self> {
        let mut all = Self { read_kb: 0.0, written_kb: 0.0 };
        for device in fs::read_dir("/sys/block")? {
            let device = device?;
            // What lies upon other disks, or in memory.
            let name = device.file_name();
            let above = ["dm-", "loop", "md", "ram", "zram"];
            if above.iter().any(|above| name.to_string_lossy().starts_with(above)) {
                continue;
            }
            let stat = fs::read_to_string(device.path().join("stat"))?;
            let sectors = |nth| stat.split_whitespace().nth(nth).and_then(|n| n.parse().ok());
            all.read_kb += sectors(2).unwrap_or(0.0) / 2.0;
            all.written_kb += sectors(6).unwrap_or(0.0) / 2.0;
        }
        Ok(all)
    }

    /// Kilobytes read and written since an earlier look, for each of so many.
    pub fn each_since(self, before: Self, count: u64) -> (f64, f64) {
        let each = |kb: f64| rounded(kb / whole(count.max(1)), 1);
        (each(self.read_kb - before.read_kb), each(self.written_kb - before.written_kb))
    }
}

/// Looks at this process' memory while it works.
pub struct Watch {
    seen: JoinHandle<Vec<f64>>,
    over: mpsc::Sender<()>,
}

impl Watch {
    /// Begins to look.
    pub fn start() -> Self {
        let (over, is_over) = mpsc::channel();
        let seen = thread::spawn(move || {
            let mut seen = Vec::new();
            loop {
                seen.extend(Used::by("self").map(|used| used.rss_mb));
                if is_over.recv_timeout(Duration::from_secs(1)) != Err(RecvTimeoutError::Timeout) {
                    return seen;
                }
            }
        });
        Self { seen, over }
    }

    /// Megabytes, one look a second.
    pub fn end(self) -> Vec<f64> {
        // Gone is as good as told.
        let _ = self.over.send(());
        self.seen.join().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_answers_lie_below_the_median() {
        let mut times = Times::default();
        (1..=1000).for_each(|ms| times.record(Duration::from_millis(ms)));
        assert!((times.ms(0.5) - 500.0).abs() < 1.0, "{}", times.ms(0.5));
        assert!((times.ms(0.99) - 990.0).abs() < 2.0, "{}", times.ms(0.99));
        assert_eq!(times.count(), 1000);
    }

    #[test]
    fn this_process_uses_memory() {
        assert!(Used::by("self").unwrap().rss_mb > 0.5);
    }
}
