//! `cargo xtask new-kind SLUG`: a folder of widgets/ that compiles and keeps the contract of
//! kinds, and the lines that list it.
//!
//! The template, `xtask/template/`, is written as the kind `daily-gift`, so that it reads as code.

mod lists;

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::build::files;
use crate::process::{output, run};
use crate::repo::Repo;

/// The template's own names.
const SLUG: &str = "daily-gift";
const NAME: &str = "Daily gift";

pub fn new_kind(repo: &Repo, slug: &str) -> Result<()> {
    if !is_slug(slug) {
        bail!("{slug}: a slug is lower-case words joined by `-`, as {SLUG}");
    }
    let folder = repo.path("widgets").join(slug);
    if folder.exists() {
        bail!("{} exists", folder.display());
    }
    let kinds = repo.kinds()?;
    let template = repo.path("xtask/template");
    for file in files(&template)? {
        let text = std::fs::read_to_string(&file)?;
        let target = folder.join(file.strip_prefix(&template)?);
        std::fs::create_dir_all(target.parent().context("a folder")?)?;
        std::fs::write(&target, renamed(&text, slug))?;
    }
    lists::add(repo, &kinds, slug)?;
    // The order of imports and the breaks of lines depend on the name.
    let packages = [slug, "bundle", "catalogue"].map(|name| format!("--package=funfair-{name}"));
    run(repo.cargo().arg("fmt").args(packages))?;
    println!(
        "widgets/{slug} is a kind. Next: tell its rule in README.md, then write it in src/rules.rs.\n\
         `cargo test -p funfair-catalogue --all-features` holds it to the contract (the first run \
         writes tests/rows, which is checked in);\n\
         `cargo run -p funfair-server -- openapi > host-api/openapi.json` takes its types into the \
         document."
    );
    Ok(())
}

/// Makes a kind in a copy of the tree and runs the compiler and the kind's own tests there.
pub fn check(repo: &Repo) -> Result<()> {
    const NEW: &str = "coin-toss";
    let copy = Repo { root: repo.scratch("new-kind") };
    let _ = std::fs::remove_dir_all(&copy.root);
    let listed = ["ls-files", "--cached", "--others", "--exclude-standard"];
    for path in output(Command::new("git").args(listed).current_dir(&repo.root))?.lines() {
        // A file that is deleted but not committed is still listed.
        if repo.path(path).is_file() {
            let target = copy.path(path);
            std::fs::create_dir_all(target.parent().context("a folder")?)?;
            std::fs::copy(repo.path(path), target)?;
        }
    }
    new_kind(&copy, NEW)?;
    let target = repo.scratch("new-kind-target");
    let package = format!("--package=funfair-{NEW}");
    let lint = ["clippy", &package, "--all-features", "--all-targets", "--", "--deny=warnings"];
    run(copy.cargo().args(lint).env("CARGO_TARGET_DIR", &target))?;
    run(copy.cargo().args(["test", &package, "--all-features"]).env("CARGO_TARGET_DIR", &target))?;
    contract(&copy, &target)
}

/// The tests that loop over the catalogue; their first run writes down the new kind's rows.
fn contract(copy: &Repo, target: &Path) -> Result<()> {
    let test = || {
        let mut cargo = copy.cargo();
        cargo.args(["test", "--package=funfair-catalogue", "--all-features"]);
        cargo.env("CARGO_TARGET_DIR", target);
        cargo
    };
    let first = test().args(["rows_of_every_release"]).output()?;
    if first.status.success() {
        bail!("a kind without rows of this release was not noticed");
    }
    run(&mut test())
}

/// The template's text with the new kind's names in place of its own.
fn renamed(text: &str, slug: &str) -> String {
    text.replace(SLUG, slug)
        .replace(&SLUG.replace('-', "_"), &slug.replace('-', "_"))
        .replace(&pascal(SLUG), &pascal(slug))
        .replace(NAME, &sentence(slug))
}

fn is_slug(word: &str) -> bool {
    word.split('-').all(|part| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
    }) && word.starts_with(|c: char| c.is_ascii_lowercase())
}

/// `CoinToss`, the type.
fn pascal(slug: &str) -> String {
    slug.split('-').map(capital).collect()
}

/// `Coin toss`, as people read it.
fn sentence(slug: &str) -> String {
    capital(&slug.replace('-', " "))
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::{is_slug, renamed};

    #[test]
    fn every_name_of_the_template_is_replaced() {
        let text = "Daily gift: daily-gift, funfair_daily_gift::DailyGiftFace";
        let expected = "Coin toss: coin-toss, funfair_coin_toss::CoinTossFace";
        assert_eq!(renamed(text, "coin-toss"), expected);
    }

    #[test]
    fn a_slug_is_lower_case_words() {
        assert!(is_slug("coin-toss") && is_slug("quiz2"));
        for word in ["", "-a", "a--b", "Coin", "coin_toss", "2048", "../evil"] {
            assert!(!is_slug(word), "{word}");
        }
    }
}
