//! A PostgreSQL server of the tests' own, on this machine, thrown away when its owner is gone.
//!
//! **Nothing outlives its owner**: a watcher holds the end of a pipe, and stops the server and
//! removes its folder when the owner drops it, ends or is killed.
//! **Nobody else's database is touched**: the server is a fresh one on a port of its own; the one
//! exception is an address given in [`SHARED`], and there only databases made here are dropped.
//! **No crates**: servers and tests of any kind may build on this.
//!
//! ```no_run
//! let cluster = funfair_cluster::Cluster::shared();
//! let database = cluster.fresh(None);
//! // `postgres://…`, gone with `database`.
//! println!("{}", database.url());
//! ```

mod address;
mod cluster;
mod distributed;
mod programs;
mod server;
mod watcher;

pub use cluster::{Cluster, Database, Options};
pub use programs::{Missing, Programs};

/// The variable with the address of a server that several processes share, as `cargo xtask test`
/// sets it: `postgres://NAME[:PASSWORD]@HOST[:PORT]/DATABASE[?options]`.
pub const SHARED: &str = "FUNFAIR_TEST_POSTGRES";
