//! `cargo xtask fuzz [TARGET [SECONDS]]`: coverage-guided search for bytes that find a fault.
//!
//! libFuzzer by the stable compiler: the coverage it steers by is a pass of LLVM, and no sanitizer is
//! needed where there is no unsafe code.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::process::run;
use crate::repo::Repo;

/// What the functions of the fuzz crate and all that they call are compiled with.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=3 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares \
    -Ccodegen-units=1 --cfg fuzzing";

/// The targets: the folders of fuzz/corpus.
pub fn targets(repo: &Repo) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(repo.path("fuzz/corpus"))? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

pub fn fuzz(repo: &Repo, only: Option<&str>, seconds: u32) -> Result<()> {
    let mut names = targets(repo)?;
    if let Some(only) = only {
        if !names.iter().any(|name| name == only) {
            bail!("there is no target {only}: name one of {}", names.join(", "));
        }
        names.retain(|name| name == only);
    }
    let programs = build(repo)?;
    names.iter().try_for_each(|name| search(repo, &programs, name, seconds))
}

/// Looks for bytes that find a fault in a target.
pub fn search(repo: &Repo, programs: &Path, name: &str, seconds: u32) -> Result<()> {
    run(&mut searching(repo, programs, (name, name), seconds)?)
}

/// Whether the search finds what no chance does: a fault planted behind eight letters.
pub fn finds_the_planted_fault(repo: &Repo, programs: &Path, seconds: u32) -> Result<()> {
    // What an earlier search has found would show it at once.
    let _ = std::fs::remove_dir_all(repo.scratch("fuzz").join("planted"));
    let found = searching(repo, programs, ("planted", "key"), seconds)?.output()?;
    if found.status.success() {
        bail!("{seconds} s of fuzzing went past the planted fault");
    }
    let said = String::from_utf8_lossy(&found.stderr);
    if !said.contains("the planted fault was found") {
        bail!("the search ended otherwise: {said}");
    }
    Ok(())
}

/// Builds all targets; answers where they are.
pub fn build(repo: &Repo) -> Result<PathBuf> {
    let folder = repo.path("fuzz/libfuzzer");
    let built = repo.target()?.join("fuzz");
    // Named, although it is the host's: what runs while building needs no coverage.
    let host = crate::process::output(Command::new("rustc").args(["--print", "host-tuple"]))?;
    let mut cargo = repo.cargo();
    cargo.args(["build", "--release", "--target", host.trim()]).current_dir(&folder);
    run(cargo.env("RUSTFLAGS", COVERAGE).env("CARGO_TARGET_DIR", &built))?;
    Ok(built.join(host.trim()).join("release"))
}

/// A target's search, from a corpus; what it finds is kept beside cargo's own output.
fn searching(
    repo: &Repo,
    programs: &Path,
    (name, corpus): (&str, &str),
    seconds: u32,
) -> Result<Command> {
    let found = repo.scratch("fuzz").join(name);
    std::fs::create_dir_all(&found)?;
    let mut fuzzer = Command::new(programs.join(name));
    fuzzer.current_dir(&repo.root).arg(&found).arg(repo.path("fuzz/corpus").join(corpus));
    fuzzer.arg(format!("-max_total_time={seconds}")).arg("-timeout=10").arg("-max_len=20000");
    fuzzer.arg("-print_final_stats=1").arg(format!("-artifact_prefix={}/fault-", found.display()));
    Ok(fuzzer)
}
