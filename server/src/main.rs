//! The binary `funfair`: serves, and does what an operator asks.

mod cli;

use clap::Parser;
use std::process::ExitCode;

pub fn main() -> ExitCode {
    match cli::run(cli::Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("funfair: {error:#}");
            ExitCode::FAILURE
        }
    }
}
