use super::print;
use clap::{Args, Subcommand};
use funfair_engine::Verdict;
use funfair_server::Admin;

#[derive(Args)]
pub struct Moderate {
    /// The store.
    store: String,
    /// The activity.
    activity: String,
    /// What to do; `list` when absent.
    #[command(subcommand)]
    command: Option<ModerateCommand>,
}

#[derive(Args)]
pub struct Report {
    /// The store.
    store: String,
    /// The activity.
    activity: String,
}

impl Report {
    pub fn run(self, admin: &Admin<'_>) -> anyhow::Result<()> {
        print(&format!("{}\n", admin.report(&self.store, &self.activity)?))
    }
}

#[derive(Subcommand)]
enum ModerateCommand {
    /// Lists what waits for a verdict: key and content.
    List,
    /// Lets it be seen.
    Approve {
        /// Its key.
        item: String,
    },
    /// Does not.
    Reject {
        /// Its key.
        item: String,
    },
}

impl Moderate {
    pub fn run(self, admin: &Admin<'_>) -> anyhow::Result<()> {
        let Self { store, activity, command } = self;
        let (item, verdict, done) = match command.unwrap_or(ModerateCommand::List) {
            ModerateCommand::List => {
                let waiting = admin.waiting(&store, &activity)?;
                let row = |(key, row): &(String, String)| print(&format!("{key} {row}\n"));
                waiting.iter().try_for_each(row)?;
                return print(&format!("{} waiting\n", waiting.len()));
            }
            ModerateCommand::Approve { item } => (item, Verdict::Approve, "approved"),
            ModerateCommand::Reject { item } => (item, Verdict::Reject, "rejected"),
        };
        admin.moderate(&store, &activity, &item, verdict)?;
        print(&format!("{store}/{activity} {item} {done}\n"))
    }
}
