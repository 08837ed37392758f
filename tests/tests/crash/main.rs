//! What is lost when something breaks: nothing that was answered.
//!
//! A crowd plays at a real server on one hot activity, something is broken at a random moment,
//! clients send what was not answered once more under the same keys, and then [`proof`] holds the
//! database to every answer that anybody has read.
//!
//! **The program is the shipped one**, but for what is told to fail: `funfair-faulty`, and files and
//! clocks behind [`adverse`]. **Only processes that a test started are ended**, by their own handle.
//! **A harness that finds nothing is no harness**: a server that answers before its commit, and one
//! whose commits do not wait for the disk, have to be found out.
//!
//! `E2E_FULL=1`, as `cargo xtask test --full` sets it, makes every random test long.

mod adverse;
mod clock;
mod crowd;
mod disk;
mod failpoints;
mod kill;
mod postgres;
mod power;
mod proof;
mod replay;
mod shop;
mod slow;

/// How many of what a random test repeats.
fn times(short: usize, full: usize) -> usize {
    if std::env::var_os("E2E_FULL").is_some() { full } else { short }
}

/// A number below `end`, from the operating system's random source.
fn random(end: u64) -> u64 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    RandomState::new().build_hasher().finish() % end.max(1)
}
