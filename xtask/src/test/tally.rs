//! What passed and what failed, over all stages.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::process::{self, line_of};

#[derive(Debug, Default)]
pub struct Tally {
    /// Whether random tests run long.
    pub full: bool,
    pub passed: u64,
    pub failed: u64,
    /// What failed, to be read again at the end.
    pub broken: Vec<String>,
}

impl Tally {
    /// A step that is right or wrong as a whole.
    pub fn one(&mut self, name: &str, result: Result<()>) {
        match result {
            Ok(()) => {
                println!("{name}: ok");
                self.passed += 1;
            }
            Err(error) => {
                println!("{name}: FAILED\n{error:#}");
                self.failed += 1;
                self.broken.push(name.to_owned());
            }
        }
    }

    pub fn command(&mut self, name: &str, command: &mut Command) {
        self.one(name, process::run(command));
    }

    /// Runs `cargo test`, shows what it prints, and counts its tests.
    pub fn cargo_test(&mut self, name: &str, command: &mut Command) -> Result<()> {
        eprintln!("$ {}", line_of(command));
        let mut child = command.stdout(Stdio::piped()).spawn().with_context(|| line_of(command))?;
        let printed = child.stdout.take().context("cargo's output")?;
        let before = self.failed;
        for line in BufReader::new(printed).lines() {
            let line = line?;
            println!("{line}");
            if let Some((passed, failed)) = counts(&line) {
                self.passed += passed;
                self.failed += failed;
            } else if line.starts_with("test ") && line.ends_with("... FAILED") {
                self.broken.push(line.trim_end_matches(" ... FAILED").to_owned());
            }
        }
        let status = child.wait()?;
        if !status.success() && self.failed == before {
            // It did not compile, or a runner died before it summed up.
            self.failed += 1;
            self.broken.push(format!("{name}: {status}"));
        }
        Ok(())
    }
}

/// Passed and failed of a line like `test result: ok. 12 passed; 0 failed; 0 ignored; …`.
fn counts(line: &str) -> Option<(u64, u64)> {
    let (_, figures) = line.strip_prefix("test result: ")?.split_once(". ")?;
    let count = |word: &str| {
        let part = figures.split("; ").find_map(|part| part.strip_suffix(word))?;
        part.trim().parse().ok()
    };
    Some((count(" passed")?, count(" failed")?))
}

#[cfg(test)]
mod tests {
    use super::{Command, Tally, counts};

    #[test]
    fn a_runners_last_line_is_counted() {
        let line = "test result: FAILED. 12 passed; 3 failed; 0 ignored; 0 measured; \
            1 filtered out; finished in 0.16s";
        assert_eq!(counts(line), Some((12, 3)));
        assert_eq!(counts("test it_counts ... ok"), None);
    }

    #[test]
    fn a_runner_that_dies_unsummed_is_one_failure() {
        let mut tally = Tally::default();
        tally.cargo_test("dies", &mut Command::new("false")).unwrap();
        assert_eq!((tally.passed, tally.failed), (0, 1));
    }

    #[test]
    fn a_step_that_fails_is_named_at_the_end() {
        let mut tally = Tally::default();
        tally.command("right", &mut Command::new("true"));
        tally.command("wrong", &mut Command::new("false"));
        assert_eq!((tally.passed, tally.failed, tally.broken), (1, 1, vec!["wrong".to_owned()]));
    }
}
