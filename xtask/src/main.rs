//! Everything a person or CI asks of the repository, as `cargo xtask COMMAND`.
//!
//! **No shell scripts**: what a command needs it sets up itself, and says so ([`setup`]).
//! **No knowledge of a kind**: bundles are listed in wasm-pack.toml, kinds are found as folders.
//! **Nothing here is shipped**: `dist/` is what a store serves, and [`build`] alone writes it.

mod bench;
mod build;
mod demo;
mod fuzz;
mod new_kind;
mod process;
mod repo;
mod setup;
mod test;
mod tidy;

use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use repo::Repo;

const DEMO_PORT: u16 = 8080;

const HELP: &str = "\
cargo xtask COMMAND

  demo [--port N] [--db URL]    the demo store on http://127.0.0.1:8080
  demo --check [--db URL]       a scripted visit to it instead; the last line is JSON
  build [--site DIR]            the bundles into dist/, and the playground into DIR
  build --release               one binary with the widgets and the playground inside
  test [--full] [STAGE…]        everything, from a fresh clone; ends with `N passed, N failed`;
                                --full: a thousand kills a database, long random tests
  tidy                          small checks of what a compiler does not see
  fuzz [TARGET [SECONDS]]       looks for bytes that find a fault: tokens, bodies, keys, files
  screenshots                   pictures of every element in its main states, into docs/
  bench size                    bytes of every bundle, peers beside them
  bench startup|frames [--rounds N]
                                how soon a widget is there, how smoothly it turns; peers beside it
  bench plays|http [--quick]    plays a second in process or over HTTP, references beside them
  bench growth                  the same on an empty and on a filled database
  bench profile                 which function of a server under load takes how much
  new-kind SLUG                 a new folder of widgets/, and the lines that list it
";

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        // The figures were the last line, and stay it.
        Ok(false) => ExitCode::FAILURE,
        // Without the backtrace that some machines ask of every error.
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether all that was asked for passed.
fn run() -> Result<bool> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let repo = Repo::here()?;
    match words.as_slice() {
        ["test", stages @ ..] => return test::test(&repo, stages),
        ["demo", "--check", options @ ..] => {
            demo::build_and_check(&repo, options_of(options, &["--db"])?[0])?;
        }
        ["demo", options @ ..] => {
            let options = options_of(options, &["--port", "--db"])?;
            let port = options[0].map_or(Ok(DEMO_PORT), str::parse).context("--port")?;
            demo::serve(&repo, port, options[1])?;
        }
        ["build"] => drop(build::dist(&repo)?.sound()?),
        ["build", "--release"] => build::release(&repo)?,
        ["build", "--site", folder] => {
            let dist = build::dist(&repo)?;
            dist.sound()?;
            build::site(&repo, &dist, folder.as_ref())?;
        }
        ["tidy"] => tidy::tidy(&repo)?,
        ["bench", "size"] => bench::size::size(&repo)?,
        ["fuzz"] => fuzz::fuzz(&repo, None, 60)?,
        ["fuzz", target] => fuzz::fuzz(&repo, Some(target), 60)?,
        ["fuzz", target, seconds] => {
            fuzz::fuzz(&repo, Some(target), seconds.parse().context("SECONDS")?)?;
        }
        ["bench", what, options @ ..] if bench::load::LOADS.contains(what) => {
            bench::load::load(&repo, what, options)?;
        }
        ["bench", what, options @ ..] if bench::pages::PAGES.contains(what) => {
            bench::pages::pages(&repo, what, options_of(options, &["--rounds"])?[0])?;
        }
        ["screenshots"] => demo::screenshots(&repo)?,
        ["new-kind", slug] => new_kind::new_kind(&repo, slug)?,
        ["help" | "--help" | "-h"] => print!("{HELP}"),
        _ => bail!("no such command\n\n{HELP}"),
    }
    Ok(true)
}

/// The values of options like `--port N`, in the order of `names`.
fn options_of<'a>(words: &[&'a str], names: &[&str]) -> Result<Vec<Option<&'a str>>> {
    let mut values = vec![None; names.len()];
    for pair in words.chunks(2) {
        let [name, value] = pair else { bail!("{} has no value\n\n{HELP}", pair[0]) };
        match names.iter().position(|known| known == name) {
            Some(index) => values[index] = Some(*value),
            None => bail!("no such option: {name}\n\n{HELP}"),
        }
    }
    Ok(values)
}
