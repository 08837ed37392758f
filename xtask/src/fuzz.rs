//! `cargo xtask fuzz [TARGET [SECONDS]]`: coverage-guided search for bytes that find a fault.
//!
//! libFuzzer by the stable compiler: the coverage it steers by is a pass of LLVM, and no sanitizer is
//! needed where there is no unsafe code.

use std::path::Path;

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
    let folder = repo.path("fuzz/libfuzzer");
    let built = repo.target()?.join("fuzz");
    // Named, although it is the host's: what runs while building needs no coverage.
    let host = crate::process::output(
        std::process::Command::new("rustc").args(["--print", "host-tuple"]),
    )?;
    let mut cargo = repo.cargo();
    cargo.args(["build", "--release", "--target", host.trim()]).current_dir(&folder);
    run(cargo.env("RUSTFLAGS", COVERAGE).env("CARGO_TARGET_DIR", &built))?;
    for name in names {
        let program = built.join(host.trim()).join("release").join(&name);
        search(repo, &name, &program, seconds)?;
    }
    Ok(())
}

/// Starts from the corpus, keeps what it finds beside cargo's own output.
fn search(repo: &Repo, name: &str, program: &Path, seconds: u32) -> Result<()> {
    let found = repo.scratch("fuzz").join(name);
    std::fs::create_dir_all(&found)?;
    let mut fuzzer = std::process::Command::new(program);
    fuzzer.current_dir(&repo.root).arg(&found).arg(repo.path("fuzz/corpus").join(name));
    fuzzer.arg(format!("-max_total_time={seconds}")).arg("-timeout=10").arg("-max_len=20000");
    fuzzer.arg("-print_final_stats=1").arg(format!("-artifact_prefix={}/fault-", found.display()));
    run(&mut fuzzer)
}
