//! What a load runs on: a database with a store group's activities, made once and copied for each
//! run, so that every run begins with the same rows.
//!
//! **Hot** is one activity of one store: every play takes the same head row and the same stock.
//! **Spread** is 10,000 activities, 20 in each of 500 stores of one programme: as many head rows,
//! and two exact stocks in each. That is what a large store group has at the same time; one
//! activity with ten thousand stocks is what nobody has.

use crate::{
    place::{At, Place},
    token::Signer,
};
use anyhow::{Context, Result};
use funfair_engine::Running;
use funfair_host_api::ActivityState;
use funfair_server::{
    Admin, Alg, Config, NewKey, NewStore,
    database::{self, Database},
};
use std::{fs, path::Path, sync::Arc};

/// The stock of each limited prize of an activity; more than any run can take.
pub const STOCK: u64 = 1_000_000_000;
/// How many free plays a member has, and so after how many a client becomes another member.
pub const PLAYS_A_MEMBER: u64 = 1000;
/// The programme of all stores.
pub const PROGRAMME: &str = "load";

const OPEN: &str = include_str!("../activities/open.toml");
const SOLD_OUT: &str = include_str!("../activities/sold-out.toml");
/// How many activities a store has, where there are many.
pub const ACTIVITIES_A_STORE: usize = 20;

/// How plays are spread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// One activity.
    Hot,
    /// This many activities.
    Spread(usize),
    /// One activity of which everything is gone.
    SoldOut,
}

/// A database that is ready to be copied.
pub struct Ground {
    /// Where it lies.
    pub at: At,
    /// How plays are spread.
    pub rows: Rows,
    /// Its activities; those of a store stand together.
    pub activities: Vec<Arc<Running>>,
}

impl Rows {
    /// As figures name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Hot => "hot",
            Self::Spread(_) => "spread",
            Self::SoldOut => "sold-out",
        }
    }

    /// What a member does there.
    pub fn action(self) -> &'static str {
        match self {
            Self::SoldOut => r#"{"type":"guess","guess_cents":46900,"pay":"free"}"#,
            _ => r#"{"type":"spin","pay":"free"}"#,
        }
    }
}

impl Ground {
    /// Makes the database: stores with their keys, and activities that are live.
    pub fn lay(place: &Place, rows: Rows, signer: &Signer) -> Result<Self> {
        let at = place.empty(rows.name());
        let (file, activities) = match rows {
            Rows::Hot => (OPEN, 1),
            Rows::Spread(activities) => (OPEN, activities),
            Rows::SoldOut => (SOLD_OUT, 1),
        };
        // What is set up may be lost with the power: it would be set up again.
        let db = open(&at.hasty(), 1)?;
        let admin = Admin::new(&*db, None);
        let folder = tempfile::tempdir()?;
        for n in 0..activities.min(ACTIVITIES_A_STORE) {
            fs::write(folder.path().join(format!("{}.toml", activity_id(n))), file)?;
        }
        let mut opened = Vec::new();
        for store in (0..activities.div_ceil(ACTIVITIES_A_STORE)).map(store_id) {
            opened.extend(open_store(&admin, &store, folder.path(), signer)?);
        }
        opened.truncate(activities);
        Ok(Self { at, rows, activities: opened })
    }

    /// Which activities the client with this number plays, of so many clients: each has its share,
    /// and together they play all.
    pub fn share(&self, client: usize, clients: usize) -> impl Iterator<Item = usize> + use<> {
        let all = self.activities.len();
        let share = all.div_ceil(clients);
        (0..share).map(move |n| (client * share + n) % all)
    }
}

/// Opens a database as a server does.
pub fn open(at: &At, readers: usize) -> Result<Arc<dyn Database>> {
    let config =
        Config { database: at.location(), durability: at.durability(), ..Config::default() };
    database::open(&config, readers).context("the database")
}

/// The store with this number.
pub fn store_id(n: usize) -> String {
    format!("store-{n:04}")
}

/// The activity with this number among its store's.
pub fn activity_id(n: usize) -> String {
    format!("activity-{n:04}")
}

fn open_store(
    admin: &Admin<'_>,
    id: &str,
    files: &Path,
    signer: &Signer,
) -> Result<Vec<Arc<Running>>> {
    let store = NewStore {
        id,
        programme: Some(PROGRAMME),
        zone: "Asia/Shanghai",
        cutover_hour: 0,
        development: false,
    };
    admin.ensure_store(&store)?;
    let key = NewKey { alg: Alg::EdDsa, kid: Some(Signer::KID), issuer: None };
    admin.add_key(id, &key, &signer.registered()?)?;
    let applied = admin.apply_folder(id, files, false)?;
    let live = |activity: &str| admin.set_state(id, activity, ActivityState::Live);
    applied.iter().map(|one| Ok(live(&one.activity)?.live)).collect()
}
