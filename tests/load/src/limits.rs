//! What the machine itself can do: the disk's synced writes, and PostgreSQL's own benchmark.

use crate::{measure::whole, report::Figure};
use anyhow::{Context, Result, ensure};
use funfair_cluster::Cluster;
use std::{
    fs::File,
    io::{Seek as _, SeekFrom, Write as _},
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

/// How often a second the disk below this folder confirms a small write: what one commit a play
/// cannot exceed.
pub fn synced_writes(folder: &Path, time: Duration) -> Result<Figure> {
    let path = folder.join("funfair-load-synced");
    let mut file = File::create(&path)?;
    file.write_all(&[0; 4096])?;
    file.sync_all()?;
    let (start, mut writes) = (Instant::now(), 0u64);
    while start.elapsed() < time {
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&writes.to_le_bytes().repeat(512))?;
        file.sync_data()?;
        writes += 1;
    }
    let rate = (whole(writes) / start.elapsed().as_secs_f64()).round();
    std::fs::remove_file(path)?;
    Ok(Figure::rate(rate))
}

/// How large pgbench's tables are, and how many clients it has: its own script, TPC-B (sort of).
const SCALE: &str = "50";
const CLIENTS: &str = "32";

/// `pgbench` on the same server with the same settings, after `VACUUM` as it does itself.
pub fn pgbench(cluster: &Cluster, time: Duration) -> Result<Figure> {
    let url = cluster.create("pgbench");
    let program = cluster.programs().path("pgbench");
    let made = Command::new(&program).args(["-i", "-q", "-s", SCALE, &url]).output()?;
    ensure!(made.status.success(), "pgbench -i: {}", String::from_utf8_lossy(&made.stderr));
    cluster.sql(None, "CHECKPOINT");
    let seconds = time.as_secs().max(1).to_string();
    let ran = Command::new(&program)
        .args(["-c", CLIENTS, "-j", "2", "-T", &seconds, "-M", "prepared", &url])
        .output()?;
    ensure!(ran.status.success(), "pgbench: {}", String::from_utf8_lossy(&ran.stderr));
    cluster.drop("pgbench");
    let said = String::from_utf8_lossy(&ran.stdout);
    let tps = said.lines().find_map(|line| line.strip_prefix("tps = "));
    let tps = tps.and_then(|tps| tps.split_whitespace().next()).context("pgbench says no tps")?;
    Ok(Figure::rate(tps.parse::<f64>()?.round()).with("scale", SCALE).with("clients", CLIENTS))
}
