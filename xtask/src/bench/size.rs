//! `cargo xtask bench size`: what a page loads, in bytes after brotli at its best.
//!
//! Beside it what peers load for the same task, a wheel that asks the same API and can be spun,
//! built by the same bundler with the same settings. A peer's figure is without texts, themes and
//! whatever else its page does not have.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde_json::json;

use super::peers::PEERS;
use crate::build::{self, Bundle, Manifest};
use crate::process::output;
use crate::repo::Repo;

/// The aims of the design: for a page's first widget, and for each further kind in its bundle.
const FIRST_WIDGET_BYTES: u64 = 12_000;
const FURTHER_KIND_BYTES: u64 = 2_000;

const FUNCTIONS_SHOWN: usize = 20;

pub fn size(repo: &Repo) -> Result<()> {
    let dist = build::dist(repo)?;
    let folder = dist.sound()?;
    let manifest = Manifest::read(repo)?;
    for bundle in &manifest.bundles {
        let further = u64::try_from(bundle.kinds.len().saturating_sub(1))?;
        let aim = FIRST_WIDGET_BYTES + FURTHER_KIND_BYTES * further;
        let bytes = page(repo, folder, bundle)?;
        let script = brotli(repo, &[&folder.join(format!("{}.js", bundle.name))])?;
        let core = folder.join(format!("{}.wasm", bundle.name));
        let line = json!({
            "bench": "size",
            "what": format!("{}: script, core, texts of one locale", bundle.name),
            "kinds": bundle.kinds,
            "bytes": bytes,
            "budget_bytes": bundle.budget_bytes,
            "aim_bytes": aim,
            "of_that_script_bytes": script,
            "of_that_core_bytes": brotli(repo, &[&core])?,
        });
        println!("{line}");
        if bytes > aim {
            println!("{}", profile(repo, bundle)?);
        }
    }
    for peer in &PEERS {
        let bytes = brotli(repo, &[&peer.build(repo)?])?;
        let versions = peer.versions(repo)?;
        println!(
            "{}",
            json!({"bench": "size", "peer": peer.entry, "of": versions, "bytes": bytes})
        );
    }
    Ok(())
}

/// Everything that a page loads for a bundle: its script, its core and its texts in one locale, the
/// one that weighs most.
pub fn page(repo: &Repo, dist: &Path, bundle: &Bundle) -> Result<u64> {
    let file = |ending| dist.join(format!("{}.{ending}", bundle.name));
    let script = brotli(repo, &[&file("js"), &file("wasm")])?;
    let mut heaviest = 0;
    for locale in build::locales(repo)? {
        let texts = dist.join("texts").join(format!("{}.{locale}.json", bundle.name));
        heaviest = heaviest.max(brotli(repo, &[&texts])?);
    }
    Ok(script + heaviest)
}

/// The sum over files, each compressed by itself as a server does, by the reference encoder that
/// Node carries.
/// What brotli at its best makes of files, together.
pub fn brotli(repo: &Repo, files: &[&Path]) -> Result<u64> {
    const SCRIPT: &str = "const { brotliCompressSync, constants: c } = require('node:zlib');\
        const { readFileSync } = require('node:fs');\
        const params = { [c.BROTLI_PARAM_QUALITY]: 11 };\
        let sum = 0;\
        for (const file of process.argv.slice(1))\
          sum += brotliCompressSync(readFileSync(file), { params }).length;\
        console.log(sum);";
    let mut node = Command::new("node");
    let printed = output(node.current_dir(&repo.root).args(["--eval", SCRIPT]).args(files))?;
    printed.trim().parse().context("a number of bytes")
}

/// What explains a miss: the largest functions, in bytes of code before compression.
fn profile(repo: &Repo, bundle: &Bundle) -> Result<serde_json::Value> {
    let named = repo.scratch("bundle").join(&bundle.name).join("named.wasm");
    let weighed = build::heaviest(&std::fs::read(named)?)?;
    let code: usize = weighed.iter().map(|(bytes, _)| bytes).sum();
    let heaviest: Vec<_> = weighed
        .iter()
        .take(FUNCTIONS_SHOWN)
        .map(|(bytes, name)| json!({"bytes": bytes, "function": name}))
        .collect();
    Ok(json!({"bench": "size", "over": bundle.name, "code_bytes": code, "heaviest": heaviest}))
}
