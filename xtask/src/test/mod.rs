//! `cargo xtask test`: from a fresh clone to one line of figures.
//!
//! Stages run in order and all of them run, whatever fails before, except after set-up. Each
//! prints its minutes beside its budget. A test runner's tests are counted one by one; any other
//! step counts as one.

mod cluster;
mod stages;
mod tally;

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::repo::Repo;
use tally::Tally;

/// Minutes from cold on two cores; `cargo xtask test` promises their sum.
#[cfg(test)]
const PROMISED_MINUTES: u64 = 55;

struct Stage {
    name: &'static str,
    budget_minutes: u64,
    run: fn(&Repo, &mut Tally) -> Result<()>,
}

const STAGES: [Stage; 16] = [
    Stage { name: "set-up", budget_minutes: 5, run: stages::set_up },
    Stage { name: "format", budget_minutes: 1, run: stages::format },
    Stage { name: "tidy", budget_minutes: 1, run: stages::tidy },
    Stage { name: "deploy", budget_minutes: 1, run: stages::deploy },
    Stage { name: "clippy", budget_minutes: 5, run: stages::clippy },
    Stage { name: "unit", budget_minutes: 7, run: stages::unit },
    Stage { name: "crowd", budget_minutes: 2, run: stages::crowd },
    Stage { name: "wasm", budget_minutes: 2, run: stages::wasm },
    Stage { name: "dist", budget_minutes: 4, run: stages::dist },
    Stage { name: "end-to-end", budget_minutes: 11, run: stages::end_to_end },
    Stage { name: "postgres", budget_minutes: 6, run: stages::postgres },
    Stage { name: "distributed", budget_minutes: 4, run: stages::distributed },
    Stage { name: "crash", budget_minutes: 3, run: stages::crash },
    // With --full alone.
    Stage { name: "fuzz", budget_minutes: 0, run: stages::fuzz },
    Stage { name: "demo", budget_minutes: 1, run: stages::demo },
    Stage { name: "new-kind", budget_minutes: 2, run: stages::new_kind },
];

/// All stages, or those that are named; whether all of it passed. With `--full` random tests run
/// long, and nobody promises how long.
pub fn test(repo: &Repo, words: &[&str]) -> Result<bool> {
    let (flags, named): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| **word == "--full");
    if let Some(stranger) = named.iter().find(|name| STAGES.iter().all(|one| one.name != **name)) {
        bail!("no stage is called {stranger}");
    }
    let mut tally = Tally { full: !flags.is_empty(), ..Tally::default() };
    let mut times = Vec::new();
    for stage in STAGES.iter().filter(|one| named.is_empty() || named.contains(&one.name)) {
        println!("== {} (budget {} min)", stage.name, stage.budget_minutes);
        let (start, failed) = (Instant::now(), tally.failed);
        let ran = (stage.run)(repo, &mut tally);
        times.push((stage, start.elapsed()));
        let over = ran.is_err();
        if let Err(error) = ran {
            // A step that broke before it could count counts as one failure.
            println!("{error:#}");
            tally.failed += u64::from(tally.failed == failed);
        }
        println!("== {}: {:.1} min", stage.name, minutes(start.elapsed()));
        if over && stage.name == STAGES[0].name {
            break;
        }
    }
    for (stage, took) in times {
        println!("{:>5.1} of {:>2} min  {}", minutes(took), stage.budget_minutes, stage.name);
    }
    for name in &tally.broken {
        println!("failed: {name}");
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    Ok(tally.failed == 0)
}

fn minutes(took: Duration) -> f64 {
    took.as_secs_f64() / 60.0
}

#[cfg(test)]
mod tests {
    use super::{PROMISED_MINUTES, STAGES};

    #[test]
    fn the_stages_keep_to_what_is_promised() {
        let sum: u64 = STAGES.iter().map(|stage| stage.budget_minutes).sum();
        assert!(sum <= PROMISED_MINUTES, "{sum} minutes");
    }
}
