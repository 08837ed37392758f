use super::print;
use clap::{Args, ValueEnum};
use funfair_host_api::ActivityState;
use funfair_server::{Admin, Change, now_ms};
use std::path::PathBuf;

#[derive(Args)]
pub struct Apply {
    /// The folder of the activities' files, each named after its activity: `double11.toml`.
    folder: PathBuf,
    /// The store; not needed where there is only one.
    #[arg(long)]
    store: Option<String>,
    /// Says what would change, and changes nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args)]
pub struct Manage {
    /// The store.
    store: String,
    /// The activity.
    activity: String,
    /// Where it is to go; shown as it is when absent.
    state: Option<To>,
}

#[derive(Clone, Copy, ValueEnum)]
enum To {
    Draft,
    Live,
    Paused,
    Closed,
}

impl Apply {
    pub fn run(self, admin: &Admin<'_>) -> anyhow::Result<()> {
        let store = match self.store {
            Some(store) => store,
            None => match admin.stores()?.as_slice() {
                [only] => only.store.clone(),
                [] => anyhow::bail!("there is no store: add one with `funfair store add`"),
                _ => anyhow::bail!("there are several stores: name one with --store"),
            },
        };
        for applied in admin.apply_folder(&store, &self.folder, self.dry_run)? {
            let change = match applied.change {
                Change::Added => "added",
                Change::Revised => "revised",
                Change::Unchanged => "unchanged",
            };
            print(&format!(
                "{}/{} {change} revision={} state={}\n",
                store,
                applied.activity,
                applied.revision,
                applied.state.name()
            ))?;
        }
        if self.dry_run { print("dry run: nothing was written\n") } else { Ok(()) }
    }
}

impl Manage {
    pub fn run(self, admin: &Admin<'_>) -> anyhow::Result<()> {
        let Self { store, activity, state } = self;
        let Some(to) = state else {
            let all = admin.activities(&store)?;
            let found = all.iter().find(|row| row.activity == activity);
            let Some(found) = found else {
                anyhow::bail!("there is no activity \"{activity}\" in store \"{store}\"");
            };
            return print(&format!(
                "{store}/{activity} state={} revision={}\n",
                found.state.name(),
                found.revision
            ));
        };
        let open = admin.set_state(&store, &activity, to.into())?;
        print(&format!("{store}/{activity} state={}\n", ActivityState::from(to).name()))?;
        // Over for good: from now on anyone can compute every draw of it.
        let key = open.live.public(now_ms()).key.filter(|_| matches!(to, To::Closed));
        match key {
            Some(key) => print(&format!("key {key}\n")),
            None => Ok(()),
        }
    }
}

impl From<To> for ActivityState {
    fn from(to: To) -> Self {
        match to {
            To::Draft => Self::Draft,
            To::Live => Self::Live,
            To::Paused => Self::Paused,
            To::Closed => Self::Closed,
        }
    }
}
