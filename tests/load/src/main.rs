//! The load benchmarks: `cargo xtask bench plays|http|growth|profile` builds and runs this.
//!
//! **Figures, not tests**: what is slow today fails nothing. **The rows are audited** after every
//! run, and a wrong one fails the command. **References in the same run**: a figure alone says
//! more about the machine than about the code.

mod audit;
mod bench;
mod ground;
mod growth;
mod http;
mod inside;
mod limits;
mod measure;
mod place;
mod profile;
mod redis;
mod report;
mod token;

use anyhow::Result;
use bench::{Kind, Plan};
use clap::{Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode, time::Duration};

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    what: What,
    /// Two minutes instead of ten: fewer cells, each shorter, fewer rows.
    #[arg(long, global = true)]
    quick: bool,
    /// How many seconds a cell takes.
    #[arg(long, global = true)]
    seconds: Option<u64>,
    /// How many clients.
    #[arg(long, global = true, value_delimiter = ',')]
    clients: Vec<usize>,
    /// Which databases; without it both.
    #[arg(long, global = true, value_delimiter = ',')]
    database: Vec<Kind>,
}

#[derive(Subcommand)]
enum What {
    /// In process, through the writer.
    Plays,
    /// Over HTTP.
    Http,
    /// On an empty database, and on one with ten plays of each of these members.
    Growth {
        /// Activities that are live.
        #[arg(long, default_value_t = 1_000)]
        activities: usize,
        /// Members that have played.
        #[arg(long, default_value_t = 1_000_000)]
        members: usize,
    },
    /// Which function takes how much, over HTTP.
    Profile,
    /// A part of the crowd of a flash opening: `http` starts it.
    #[command(hide = true)]
    Burst(http::Burst),
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        // Without the backtrace that some machines ask of every error.
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<()> {
    let plan = arguments.plan();
    let report = match arguments.what {
        What::Plays => bench::plays(&plan)?,
        What::Http => bench::over_http(&plan)?,
        What::Growth { activities, members } => {
            growth::growth(&plan, growth::Size { activities, members })?
        }
        What::Profile => return profile::profile(&plan),
        What::Burst(part) => return http::burst(&part),
    };
    println!("\n{}", report.table());
    Ok(())
}

impl Arguments {
    fn plan(&self) -> Plan {
        let (seconds, clients, rows) = if self.quick {
            (1, vec![1, 64, 512], 1_000)
        } else {
            (8, vec![1, 64, 512, 4_096], 10_000)
        };
        let or = |given: &[usize], else_: Vec<usize>| {
            if given.is_empty() { else_ } else { given.to_vec() }
        };
        let all = vec![Kind::Sqlite, Kind::Postgres];
        Plan {
            folder: PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target"),
            time: Duration::from_secs(self.seconds.unwrap_or(seconds)),
            clients: or(&self.clients, clients),
            spread: rows,
            arrivals: if self.quick { 20_000 } else { 100_000 },
            flash: if self.quick { 5_000 } else { 20_000 },
            databases: if self.database.is_empty() { all } else { self.database.clone() },
        }
    }
}
