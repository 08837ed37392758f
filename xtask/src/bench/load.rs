//! `cargo xtask bench plays|http|growth|profile`: the programs of tests/load, built for release,
//! and what they compare with, installed where it is missing.

use anyhow::Result;

use crate::process::run;
use crate::repo::Repo;
use crate::setup;

/// What runs so: in process, over HTTP, on a filled database, under a profiler.
pub const LOADS: [&str; 4] = ["plays", "http", "growth", "profile"];

pub fn load(repo: &Repo, what: &str, options: &[&str]) -> Result<()> {
    setup::for_load(what == "profile")?;
    let mut cargo = repo.cargo();
    // The server first: the load starts the binary that lies beside its own.
    run(cargo.args(["build", "--release", "--package=funfair-server", "--bin=funfair"]))?;
    let mut cargo = repo.cargo();
    run(cargo.args(["run", "--release", "--package=funfair-load", "--", what]).args(options))
}
