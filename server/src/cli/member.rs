use super::print;
use clap::{Args, ValueEnum};
use funfair_server::{Admin, Config};

#[derive(Args)]
pub struct Export {
    /// The store.
    store: String,
    /// The shopper, by the store's own name.
    sub: String,
}

#[derive(Args)]
pub struct Erase {
    /// The store.
    store: String,
    /// The shopper, by the store's own name.
    sub: String,
    /// Does it. What is erased comes back from a backup alone.
    #[arg(long)]
    yes: bool,
}

#[derive(Args)]
pub struct Retain {
    /// Says what is over, and takes nothing away.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args)]
pub struct ReadOnly {
    /// Whether nothing is to be written; shown as it is when absent.
    state: Option<Switch>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Switch {
    On,
    Off,
}

impl Export {
    pub fn run(self, admin: &Admin<'_>) -> anyhow::Result<()> {
        let told = admin.export_member(&self.store, &self.sub)?;
        print(&format!("{}\n", serde_json::to_string_pretty(&told)?))
    }
}

impl Erase {
    pub fn run(self, admin: &Admin<'_>) -> anyhow::Result<()> {
        let Self { store, sub, yes } = self;
        if !yes {
            admin.export_member(&store, &sub)?;
            anyhow::bail!(
                "this cannot be undone: `funfair export-member` shows what is held, --yes erases it"
            );
        }
        let erased = admin.erase_member(&store, &sub)?;
        print(&format!("{}\n", serde_json::to_string(&erased)?))?;
        if erased.blocks > 0 {
            print(
                "the shopper was blocked, which was forgotten too; `funfair block` blocks again\n",
            )?;
        }
        Ok(())
    }
}

impl Retain {
    pub fn run(self, admin: &Admin<'_>, config: &Config) -> anyhow::Result<()> {
        let done = admin.retain(&config.retention(), self.dry_run)?;
        let word = if self.dry_run { "would go" } else { "gone" };
        print(&format!(
            "{} addresses, {} facts' and {} members' personal parts {word}\n",
            done.addresses, done.facts, done.profiles
        ))
    }
}

impl ReadOnly {
    pub fn run(self, admin: &Admin<'_>) -> anyhow::Result<()> {
        if let Some(state) = self.state {
            admin.set_read_only(matches!(state, Switch::On))?;
        }
        let word = if admin.read_only()? { "on" } else { "off" };
        print(&format!("read-only {word}\n"))
    }
}
