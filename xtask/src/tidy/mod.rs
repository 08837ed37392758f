//! `cargo xtask tidy`: small named checks of what a compiler does not see.
//!
//! A check is a function from [`Tree`] to complaints. Each has a unit test that shows it can fail.

mod catalogue;
mod code_map;
mod deploy;
mod direction;
mod length;
mod rust_strings;
mod sql;
mod supply;
mod texts;
mod threats;
mod tree;

use anyhow::{Result, bail};

use crate::repo::Repo;
pub use texts::plain;
use tree::Tree;

type Check = fn(&Tree) -> Vec<String>;

/// Sorted by name; a new check is one file and one line here.
const CHECKS: [(&str, Check); 9] = [
    ("catalogue", catalogue::complaints),
    ("code map", code_map::complaints),
    ("deploy", deploy::complaints),
    ("direction", direction::complaints),
    ("length", length::complaints),
    ("sql", sql::complaints),
    ("supply", supply::complaints),
    ("texts", texts::complaints),
    ("threats", threats::complaints),
];

pub fn tidy(repo: &Repo) -> Result<()> {
    let tree = Tree::read(repo)?;
    let mut failed = Vec::new();
    for (name, check) in CHECKS {
        let complaints = check(&tree);
        println!("tidy: {name}: {}", if complaints.is_empty() { "ok" } else { "FAILED" });
        for complaint in &complaints {
            println!("  {complaint}");
        }
        if !complaints.is_empty() {
            failed.push(name);
        }
    }
    if failed.is_empty() { Ok(()) } else { bail!("not tidy: {}", failed.join(", ")) }
}
