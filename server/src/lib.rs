//! The reference backend: the host API over HTTP, rows in SQLite or PostgreSQL.
//!
//! **No rule of an activity stands here**: plays are decided by `engine` and the kinds of
//! `catalogue`. **No cookie, no session**: who asks stands in the store's token. **No personal data
//! in the log**: no `sub`, no token, no address. **No answer before the commit.**
//!
//! A whole server is [`open`], [`App::router`] and [`App::shutdown`]; a host that already has an
//! axum server merges the router into its own.

mod address;
mod admin;
mod admission;
mod app;
mod apply;
mod audit;
mod config;
mod cursor;
pub mod database;
mod failpoint;
mod jobs;
mod keys;
mod limits;
pub mod listen;
mod log;
mod members;
pub mod metrics;
mod moderate;
pub mod openapi;
pub mod otel;
mod points;
pub mod postgres;
mod problems;
mod references;
mod routes;
mod secrets;
pub mod sqlite;
mod stores;
mod terms;
mod tokens;
mod verify;
mod writer;

pub use funfair_engine::tz_version;

pub use address::Networks;
pub use admin::{Admin, AdminError, NewKey, NewStore};
pub use app::{App, OpenError, open};
pub use apply::{Applied, ApplyError, Change, FileFault};
pub use audit::{Check, Report};
pub use config::{Config, ConfigError, Days, LogFormat};
pub use keys::{Alg, Generated, KeyError};
pub use log::start as start_log;
pub use moderate::Filled;
pub use stores::OpenActivity;
pub use verify::{Mismatch, verify};
pub use writer::{Limits, NoAnswer, Said, Writer};

/// A play makes some hundred small strings on one thread that another one frees: with the system's
/// allocator that is half of what deciding it costs (docs/PERFORMANCE.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The clock, read in this crate alone; all that lies further in takes `now` as an argument.
pub fn now_ms() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |since| u64::try_from(since.as_millis()).unwrap_or(u64::MAX))
}

/// Bytes of the system's cryptographic random source.
pub(crate) fn random() -> Result<[u8; 32], getrandom::Error> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)?;
    Ok(bytes)
}
