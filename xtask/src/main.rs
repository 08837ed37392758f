//! Everything a person or CI asks of the repository, as `cargo xtask COMMAND`.
//!
//! **No shell scripts**: what a command needs it sets up itself, and says so ([`setup`]).
//! **No knowledge of a kind**: bundles are listed in wasm-pack.toml, kinds are found as folders.
//! **Nothing here is shipped**: `dist/` is what a store serves, and [`build`] alone writes it.

mod build;
mod process;
mod repo;
mod setup;
mod tidy;

use std::process::ExitCode;

use anyhow::{Result, bail};
use repo::Repo;

const HELP: &str = "\
cargo xtask COMMAND

  build [--site DIR]    the bundles into dist/, and the playground into DIR
  tidy                  small checks of what a compiler does not see
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        // Without the backtrace that some machines ask of every error.
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let repo = Repo::here()?;
    match words.as_slice() {
        ["build"] => build::dist(&repo)?.sound().map(drop),
        ["build", "--site", folder] => {
            build::dist(&repo)?.sound()?;
            build::site(&repo, folder.as_ref())
        }
        ["tidy"] => tidy::tidy(&repo),
        ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        _ => bail!("no such command\n\n{HELP}"),
    }
}
