//! `cargo xtask new-kind SLUG`.

use anyhow::{Result, bail};

use crate::repo::Repo;

pub fn new_kind(repo: &Repo, slug: &str) -> Result<()> {
    let _ = (repo, slug);
    bail!("no template yet")
}

pub fn check(repo: &Repo) -> Result<()> {
    new_kind(repo, "coin-toss")
}
