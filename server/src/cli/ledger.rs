use super::print;
use clap::Args;
use funfair_server::Admin;

#[derive(Args)]
pub struct Expire {
    /// The stores whose programmes' points are looked at.
    #[arg(required = true, value_name = "STORE")]
    stores: Vec<String>,
    /// Says what would lapse, and changes nothing.
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args)]
pub struct Settle {
    /// The store.
    store: String,
    /// The activity.
    activity: String,
}

impl Expire {
    pub fn run(self, admin: &Admin<'_>) -> anyhow::Result<()> {
        let would = if self.dry_run { "would lapse" } else { "lapsed" };
        self.stores.iter().try_for_each(|store| {
            let lapsed = admin.expire(store, self.dry_run)?;
            print(&format!(
                "{store}: {} points of {} members {would}\n",
                lapsed.points, lapsed.members
            ))
        })
    }
}

impl Settle {
    pub fn run(self, admin: &Admin<'_>) -> anyhow::Result<()> {
        let Self { store, activity } = self;
        let events = admin.settle(&store, &activity)?;
        print(&format!("{store}/{activity}: {events} events\n"))
    }
}
