use crate::{
    admin::{AdminError, id_form},
    database::{Activities, ActivityWrite, Database, RevisionRow, StoreRow},
    now_ms, points, random, references,
    stores::OpenActivity,
};
use funfair_engine::{
    AnyKind, Clock, Fault, Lane, PointsRules, PoolKey, SecretKey, Setup, StoreError, TopUp,
};
use funfair_host_api::{ActivityState, Day};
use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

/// What applying a file came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// The activity: the file's name without its ending.
    pub activity: String,
    /// What changed.
    pub change: Change,
    /// The revision in force now.
    pub revision: String,
    /// Where the activity stands.
    pub state: ActivityState,
}

/// What a file changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// An activity that there was not; it is a draft.
    Added,
    /// A new revision.
    Revised,
    /// Nothing.
    Unchanged,
}

/// A fault in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFault {
    /// Which file.
    pub file: PathBuf,
    /// What is wrong, and the cure.
    pub fault: Fault,
}

impl fmt::Display for FileFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.fault)
    }
}

/// Why nothing was applied.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    /// Files have faults; every one is listed.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Faults(Vec<FileFault>),
    /// The folder or a file cannot be read.
    #[error("{path} cannot be read: {reason}; {cure}")]
    File {
        /// Which.
        path: String,
        /// Why.
        reason: io::Error,
        /// What to do.
        cure: &'static str,
    },
    /// The folder has no activity files.
    #[error("{0} has no activity file: write one as <activity>.toml, as in a kind's example.toml")]
    Empty(String),
    /// The store is unknown, or the database failed.
    #[error(transparent)]
    Admin(#[from] AdminError),
}

impl From<StoreError> for ApplyError {
    fn from(error: StoreError) -> Self {
        Self::Admin(error.into())
    }
}

/// Reads every `<activity>.toml` of a folder, and its `store.toml`, and writes what is new, in one
/// transaction; nothing where any file has a fault.
pub(crate) fn folder(
    db: &dyn Database,
    store: &StoreRow,
    kinds: &[Arc<dyn AnyKind>],
    folder: &Path,
    dry_run: bool,
) -> Result<Vec<Applied>, ApplyError> {
    let clock = Clock::new(&store.zone, store.cutover_hour).map_err(AdminError::Fault)?;
    let mut texts = Vec::new();
    for file in files(folder)? {
        let text = fs::read_to_string(&file).map_err(|reason| ApplyError::File {
            path: file.display().to_string(),
            reason,
            cure: "make it readable, and save it as UTF-8",
        })?;
        texts.push((file, text));
    }
    let points = points_of(&mut texts)?;
    // What a file is checked against stays as it is until the file is written: without that, a
    // close would be undone and a first play would find other rules.
    db.change_activities(store, |activities| {
        let have = activities.all()?;
        let ids = have.iter().map(|row| row.activity.clone());
        let known: Vec<String> = ids.chain(texts.iter().map(|(file, _)| id_of(file))).collect();
        let known: Vec<_> = known.iter().map(String::as_str).collect();
        let reading =
            Reading { activities, store, kinds, clock: &clock, have: &have, known: &known };
        let (writes, applied) = reading.read_all(&texts)?;
        if let Some((file, rules)) = &points {
            shortened(store, rules, &have, clock.day(now_ms())).map_or(Ok(()), |fault| {
                Err(ApplyError::Faults(vec![FileFault { file: file.clone(), fault }]))
            })?;
        }
        if !dry_run {
            writes.iter().try_for_each(|write| activities.put(write, now_ms()))?;
            if let Some((_, rules)) = &points {
                let rules = serde_json::to_string(rules);
                let rules = rules.map_err(|error| StoreError::Database(error.to_string()))?;
                activities.put_points(&rules)?;
            }
        }
        Ok(applied)
    })
}

/// Why points cannot last shorter: they are what members play for while an activity runs.
fn shortened(
    store: &StoreRow,
    new: &PointsRules,
    have: &[RevisionRow],
    today: Day,
) -> Option<Fault> {
    let was: PointsRules = serde_json::from_str(&store.points).ok()?;
    let last = |rules: &PointsRules| rules.expiry.last_day(today).unwrap_or(Day(i32::MAX));
    let runs = |row: &&RevisionRow| {
        let dates = serde_json::from_str::<Setup>(&row.setup);
        let running = |setup: Setup| (setup.opens_at_ms..setup.closes_at_ms).contains(&now_ms());
        !matches!(row.state, ActivityState::Draft | ActivityState::Closed)
            && dates.map_or(true, running)
    };
    let running = have.iter().find(runs)?;
    let shorter = last(new) < last(&was);
    shorter.then(|| {
        let reason = format!("points would last shorter while {} runs", running.activity);
        Fault::new("points.expiry", reason, "put it back, or wait until the activity is over")
    })
}

/// Takes the `store.toml` out of a folder's files; answers its points rules.
fn points_of(
    texts: &mut Vec<(PathBuf, String)>,
) -> Result<Option<(PathBuf, PointsRules)>, ApplyError> {
    let is_of_store =
        |(file, _): &(PathBuf, String)| file.file_name() == Some(points::FILE.as_ref());
    let Some(at) = texts.iter().position(is_of_store) else { return Ok(None) };
    let (file, text) = texts.remove(at);
    let rules = points::points_file(&text).map_err(|faults| {
        let fault = |fault| FileFault { file: file.clone(), fault };
        ApplyError::Faults(faults.into_iter().map(fault).collect())
    })?;
    Ok(Some((file, rules)))
}

/// What the files are read against.
struct Reading<'a> {
    activities: &'a Activities<'a>,
    store: &'a StoreRow,
    kinds: &'a [Arc<dyn AnyKind>],
    clock: &'a Clock,
    have: &'a [RevisionRow],
    /// The activities that there are, and those that the folder brings.
    known: &'a [&'a str],
}

enum Wrong {
    Faults(Vec<Fault>),
    Store(StoreError),
}

impl From<Vec<Fault>> for Wrong {
    fn from(faults: Vec<Fault>) -> Self {
        Self::Faults(faults)
    }
}

impl From<StoreError> for Wrong {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Reading<'_> {
    /// What the files come to, and what is to be written for it.
    fn read_all(
        &self,
        texts: &[(PathBuf, String)],
    ) -> Result<(Vec<ActivityWrite>, Vec<Applied>), ApplyError> {
        let (mut writes, mut applied, mut faults) = (Vec::new(), Vec::new(), Vec::new());
        for (file, text) in texts {
            let activity = id_of(file);
            match self.read(&activity, text) {
                Ok((write, change)) => {
                    let (revision, state) = (write.row.revision.clone(), write.row.state);
                    applied.push(Applied { activity, change, revision, state });
                    if change != Change::Unchanged {
                        writes.push(write);
                    }
                }
                Err(Wrong::Faults(found)) => {
                    let fault = |fault| FileFault { file: file.clone(), fault };
                    faults.extend(found.into_iter().map(fault));
                }
                Err(Wrong::Store(error)) => return Err(error.into()),
            }
        }
        if faults.is_empty() { Ok((writes, applied)) } else { Err(ApplyError::Faults(faults)) }
    }

    fn read(&self, activity: &str, text: &str) -> Result<(ActivityWrite, Change), Wrong> {
        if let Err(error) = id_form(activity) {
            return Err(vec![Fault::new("file name", error.to_string(), "rename the file")].into());
        }
        let setup = Setup::parse(text, self.clock)?;
        let old = self.have.iter().find(|row| row.activity == activity);
        let key: Vec<u8> =
            old.map_or_else(|| random().map(Vec::from), |old| Ok(old.key.clone())).map_err(
                |error| StoreError::Database(format!("the random source failed: {error}")),
            )?;
        let revision = setup.revision(&SecretKey::new(key_bytes(&key)?));
        let change = match old {
            None => Change::Added,
            Some(old) if old.revision == revision => Change::Unchanged,
            Some(_) => Change::Revised,
        };
        let row = RevisionRow {
            activity: activity.into(),
            state: old.map_or(ActivityState::Draft, |old| old.state),
            revision,
            setup: setup.canonical(),
            key,
            published_ms: now_ms(),
        };
        let open = OpenActivity::read(self.store, &row, self.kinds)?;
        let mut raised = Vec::new();
        if let Some(old) = old.filter(|_| change == Change::Revised) {
            self.frozen(old, &setup, &open.live.lane)?;
            raised = self.raised(old, &open)?;
        }
        if change != Change::Unchanged {
            self.leads_somewhere(&setup, &open.live.lane)?;
        }
        let mut lanes = Vec::new();
        let running =
            [Some(&open.rehearsal), Some(&open.live).filter(|_| row.state != ActivityState::Draft)];
        for at in running.into_iter().flatten() {
            lanes.push((at.lane.clone(), at.head(), at.pools()));
        }
        Ok((ActivityWrite { lane: open.live.lane.clone(), row, lanes, raised }, change))
    }

    /// Refuses what would change the terms under which members play: once an activity has begun,
    /// only what is in their favour applies.
    fn frozen(&self, old: &RevisionRow, new: &Setup, lane: &Lane) -> Result<(), Wrong> {
        if old.state == ActivityState::Draft {
            return Ok(());
        }
        // Nobody can say what would change of what cannot be read.
        let was: Setup = serde_json::from_str(&old.setup).map_err(|error| {
            let reason = format!("what applies now cannot be read: {error}");
            vec![Fault::new("revision", reason, "run the release that applied it")]
        })?;
        if old.state == ActivityState::Closed || now_ms() >= was.closes_at_ms {
            let cure = "write a new activity under another file name";
            let over = Fault::new("state", "the activity is over and its key is public", cure);
            return Err(vec![over].into());
        }
        if now_ms() < was.opens_at_ms && self.activities.accepted(lane)? == 0 {
            return Ok(());
        }
        let kind = self.kinds.iter().find(|kind| kind.slug() == was.kind);
        let favours = kind.map_or(&[][..], |kind| kind.favours());
        let faults = was.disfavours(new, favours);
        if faults.is_empty() { Ok(()) } else { Err(faults.into()) }
    }

    /// What a revision puts on top of pools that plays may have taken from.
    fn raised(&self, old: &RevisionRow, new: &OpenActivity) -> Result<Vec<TopUp>, Wrong> {
        let Ok(was) = OpenActivity::read(self.store, old, self.kinds) else {
            return Ok(Vec::new());
        };
        let mut top_ups = new.live.top_ups(&was.live);
        // Before the first play the activity's own stock is filled anew.
        if old.state == ActivityState::Draft || self.activities.accepted(&new.live.lane)? == 0 {
            top_ups.retain(|top_up| top_up.key.pool.starts_with("shared:"));
        }
        Ok(top_ups)
    }

    /// Refuses rewards that name a list without codes, or an activity that there is not.
    fn leads_somewhere(&self, setup: &Setup, lane: &Lane) -> Result<(), Wrong> {
        let list = |name: &str| PoolKey::of(lane, &format!("codes:{name}"));
        let has_codes = |list: &PoolKey| self.activities.has_pool(list);
        let faults = references::faults(&setup.rules, self.known, list, has_codes)?;
        if faults.is_empty() { Ok(()) } else { Err(faults.into()) }
    }
}

/// The activity that a file is of.
fn id_of(file: &Path) -> String {
    file.file_stem().unwrap_or_default().to_string_lossy().into_owned()
}

fn key_bytes(key: &[u8]) -> Result<[u8; 32], StoreError> {
    key.try_into().map_err(|_| StoreError::Database("an activity's key is not 32 bytes".into()))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, ApplyError> {
    let entries = fs::read_dir(folder).map_err(|error| unreadable(folder, error))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry.map_err(|error| unreadable(folder, error))?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(ApplyError::Empty(folder.display().to_string()));
    }
    files.sort();
    Ok(files)
}

fn unreadable(folder: &Path, reason: io::Error) -> ApplyError {
    let cure = "give the folder that holds the activities' files";
    ApplyError::File { path: folder.display().to_string(), reason, cure }
}
