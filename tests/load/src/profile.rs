//! Which function takes how much, of a server under load: `perf` on the ordinary release binary,
//! whose unwinding tables are enough for whole stacks.

use crate::{
    bench::Plan,
    ground::{Ground, Rows},
    http,
    token::Signer,
};
use anyhow::{Context, Result, ensure};
use std::{
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

const CLIENTS: usize = 512;
/// Samples a second and, of each stack, so many bytes.
const RATE: &str = "499";
const STACK: &str = "dwarf,16384";
/// Lines of each table.
const SHOWN: usize = 60;
/// Below this share of the whole a line says nothing.
const LEAST: &str = "0.5";

/// A hot activity over HTTP, on each kind of database: which thread takes how much, and which
/// function with all that it calls.
pub fn profile(plan: &Plan) -> Result<()> {
    for place in plan.places()? {
        let ground = Ground::lay(&place, Rows::Hot, &Signer::new())?;
        let samples = plan.folder.join(format!("load-{}.perf", place.name()));
        let record = |server: u32| record(server, &samples, plan.time);
        let load = http::Load { clients: CLIENTS, time: plan.time + Duration::from_secs(2) };
        let figure = http::run_beside(&place, &ground, load, &record)?;
        println!(
            "\n{}, hot, {CLIENTS} clients over HTTP: {} plays a second",
            place.name(),
            figure.per_s
        );
        println!("\nthreads, per cent\n{}", report(&samples, &["--no-children", "--sort=comm"])?);
        let deep = ["--children", "--sort=comm,symbol"];
        println!("functions with what they call, per cent\n{}", report(&samples, &deep)?);
        let flat = ["--no-children", "--sort=comm,symbol"];
        println!("functions alone, per cent\n{}", report(&samples, &flat)?);
        std::fs::remove_file(&samples)?;
    }
    Ok(())
}

/// Looks at a process for a time, once it is under load.
fn record(server: u32, samples: &Path, time: Duration) -> Result<()> {
    thread::sleep(Duration::from_secs(1));
    let done = Command::new("perf")
        .args(["record", "--quiet", "--freq", RATE, "--call-graph", STACK])
        .args(["--pid", &server.to_string(), "--output"])
        .arg(samples)
        .args(["--", "sleep", &time.as_secs().to_string()])
        .stdout(Stdio::null())
        .status()
        .context("perf does not start: apt-get install linux-perf")?;
    ensure!(done.success(), "perf record: {done}");
    Ok(())
}

fn report(samples: &Path, options: &[&str]) -> Result<String> {
    let done = Command::new("perf")
        .args(["report", "--stdio", "--call-graph=none", "--percent-limit", LEAST])
        .args(options)
        .arg("--input")
        .arg(samples)
        .stderr(Stdio::null())
        .output()?;
    ensure!(done.status.success(), "perf report: {}", done.status);
    let text = String::from_utf8_lossy(&done.stdout);
    let lines = text.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    // Names of generic functions run on for pages.
    let short =
        |line: &str| line.chars().take(150).collect::<String>().trim_end().to_owned() + "\n";
    Ok(lines.take(SHOWN).map(short).collect())
}
