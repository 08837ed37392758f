//! `cargo xtask bench plays`: plays a second against `SQLite`, by the server's own load harness.
//!
//! The harness prints JSON lines: 1, 64 and 512 closed-loop clients in batches, and beside them
//! one transaction a play on the same file system.

use anyhow::Result;

use crate::process::run;
use crate::repo::Repo;

pub fn plays(repo: &Repo) -> Result<()> {
    let mut cargo = repo.cargo();
    run(cargo.args(["run", "--release", "--package=funfair-server", "--example=plays"]))
}
