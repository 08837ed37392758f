//! `cargo xtask bench startup|frames`: pages in a browser, ours beside peers', by the program `pages`
//! of tests/.

use anyhow::{Context, Result, ensure};

use super::peers::{self, PEERS};
use crate::build;
use crate::process::run;
use crate::repo::Repo;
use crate::setup;

pub const PAGES: [&str; 2] = ["startup", "frames"];

pub fn pages(repo: &Repo, what: &str, rounds: Option<&str>) -> Result<()> {
    let rounds: u32 = rounds.unwrap_or("5").parse().context("--rounds")?;
    ensure!(rounds > 0, "--rounds 0");
    setup::packages()?;
    build::dist(repo)?.sound()?;
    for peer in &PEERS {
        peer.build(repo)?;
    }
    run(repo.cargo().args(["build", "--package=funfair-server", "--package=funfair-demo-store"]))?;
    let mut pages = repo.cargo();
    pages.args(["run", "--package=funfair-tests", "--bin=pages", "--", what]);
    run(pages.arg(peers::folder(repo)).arg(rounds.to_string()))
}
