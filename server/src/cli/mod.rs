mod activity;
mod audit;
mod codes;
mod copy;
mod healthy;
mod ledger;
mod member;
mod moderate;
mod serve;
mod store;

use clap::{Parser, Subcommand};
use funfair_server::{
    Admin, Config,
    database::{self, Location},
    openapi, verify,
};
use std::{fs, io::Write, path::PathBuf};

/// Mini-games and activities for online stores.
#[derive(Parser)]
#[command(name = "funfair", version)]
pub struct Cli {
    /// The settings; funfair.example.toml documents each. Without it the defaults hold.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// The SQLite file, or the URL of a PostgreSQL server; goes before the setting `database`.
    #[arg(long, global = true, value_name = "FILE|URL")]
    database: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serves the host API, and the widgets' files where `dist` is set.
    Serve(serve::Serve),
    /// Stores, their keys and their pages' origins.
    #[command(subcommand)]
    Store(store::Store),
    /// Applies every activity file (.toml) of a folder to a store: all of them, or none.
    Apply(activity::Apply),
    /// Shows an activity, or moves it to another state.
    Activity(activity::Manage),
    /// Lists what waits for a verdict in an activity, or gives one.
    Moderate(moderate::Moderate),
    /// Prints what an activity tells those who run the store: a vote's shares by option and price
    Report(moderate::Report),
    /// Fills a list from which coupons take their codes.
    Codes(codes::Codes),
    /// Does now what time brings about in an activity: gifts that go back, prizes due at the close.
    Settle(ledger::Settle),
    /// Lets points lapse whose last day is over. A running server does it every day.
    Expire(ledger::Expire),
    /// Checks that points, stock, codes and plays add up. Reads alone, beside a running server.
    Audit(audit::Audit),
    /// Prints a token for a shopper of a development store.
    Token(store::Token),
    /// Turns a shopper's tokens away.
    Block(store::Block),
    /// Prints all that is held about a shopper, as JSON.
    ExportMember(member::Export),
    /// Erases what names a shopper; plays and points stay, of nobody.
    EraseMember(member::Erase),
    /// Takes away what is kept about shoppers for a time that is over. A running server does it
    /// every day.
    Retain(member::Retain),
    /// Makes the database read-only for all its servers, or lets them write again.
    ReadOnly(member::ReadOnly),
    /// Computes every draw of receipts again.
    Verify {
        /// A receipt, a list of receipts, or the whole answer to a play, as JSON; `-` reads standard
        /// input.
        receipt: PathBuf,
    },
    /// Asks the running server of these settings whether it is well: for a health check.
    Healthy,
    /// Brings the database up to this release's schema. Make a backup first.
    Migrate,
    /// Copies an SQLite database to a file beside a running server, and audits the copy.
    Backup(copy::Backup),
    /// Puts a backup in the place of an SQLite database that no server uses.
    Restore(copy::Restore),
    /// Prints host-api/openapi.json.
    Openapi,
    /// Prints funfair.example.toml: every setting with its default.
    Settings,
}

/// Does what the command line says.
pub fn run(cli: Cli) -> anyhow::Result<()> {
    match &cli.command {
        Command::Openapi => return print(openapi::text()),
        Command::Settings => return print(&Config::example()),
        Command::Verify { receipt } => return print_verified(receipt),
        _ => {}
    }
    let mut config = Config::load(cli.config.as_deref(), std::env::vars())?;
    if let Some(database) = cli.database {
        config.database = Location::from(database.as_str());
    }
    match cli.command {
        Command::Serve(command) => command.run(config),
        Command::Healthy => healthy::ask(&config),
        Command::Migrate => {
            let applied = database::migrate(&config.database)?;
            print(&format!("{applied} migrations applied\n"))
        }
        Command::Backup(command) => command.run(&config),
        Command::Restore(command) => command.run(&config),
        Command::Store(command) => with(&config, |admin| command.run(admin)),
        Command::Apply(command) => with(&config, |admin| command.run(admin)),
        Command::Activity(command) => with(&config, |admin| command.run(admin)),
        Command::Moderate(command) => with(&config, |admin| command.run(admin)),
        Command::Report(command) => with(&config, |admin| command.run(admin)),
        Command::Codes(command) => with(&config, |admin| command.run(admin)),
        Command::Settle(command) => with(&config, |admin| command.run(admin)),
        Command::Expire(command) => with(&config, |admin| command.run(admin)),
        Command::Audit(command) => with(&config, |admin| command.run(admin)),
        Command::ExportMember(command) => with(&config, |admin| command.run(admin)),
        Command::EraseMember(command) => with(&config, |admin| command.run(admin)),
        Command::Retain(command) => with(&config, |admin| command.run(admin, &config)),
        Command::ReadOnly(command) => with(&config, |admin| command.run(admin)),
        Command::Token(command) => with(&config, |admin| command.run(admin)),
        Command::Block(command) => with(&config, |admin| command.run(admin)),
        Command::Verify { .. } | Command::Openapi | Command::Settings => Ok(()),
    }
}

/// Opens the database beside a running server, which sees what changes within a second.
fn with(
    config: &Config,
    command: impl FnOnce(&Admin<'_>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let db = database::open(config, 1)?;
    command(&Admin::new(&*db, None))
}

fn print_verified(path: &PathBuf) -> anyhow::Result<()> {
    let text = if path.as_os_str() == "-" {
        std::io::read_to_string(std::io::stdin())?
    } else {
        let unreadable = |error| {
            anyhow::anyhow!("{} cannot be read: {error}; give a file of receipts", path.display())
        };
        fs::read_to_string(path).map_err(unreadable)?
    };
    let draws = verify(&text)?;
    print(&format!("{draws} draws computed again, all as the receipts say\n"))
}

/// Writes to standard output; a reader that has gone is no fault.
fn print(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(error.into()),
        _ => Ok(()),
    }
}
