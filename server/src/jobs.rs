//! What nobody asks for and time brings about: settling activities, letting points lapse, and
//! forgetting what is kept about shoppers for a time only.

use crate::{
    Admin, AdminError,
    database::{Database, Retained, Retention, StoreRow},
    metrics::{self, Job},
    now_ms,
    stores::{OpenStore, Stores},
};
use funfair_engine::{
    Clock, Desk, Lane, Lapsed, Merchant, Running, SettleError, StoreError, Wants,
};
use funfair_host_api::{ActivityState, Day};
use std::{
    collections::{BTreeSet, HashMap, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

/// The thread that does it, beside the requests. It ends with the server.
pub(crate) struct Jobs(Mutex<Option<Thread>>);

struct Thread {
    /// Hanging up ends the thread.
    line: mpsc::Sender<()>,
    thread: JoinHandle<()>,
}

/// After a round the thread rests ten times as long as the round took, so that it takes a tenth of
/// a core at most.
const REST: u32 = 10;

const DAY_MS: u64 = 86_400_000;

/// How long after an activity's end a play may still be written that was decided before it.
const LATE_MS: u64 = 60_000;

impl Jobs {
    /// Starts the thread; none where a round is never due.
    pub(crate) fn start(
        db: &Arc<dyn Database>,
        stores: &Arc<Stores>,
        every: Duration,
        keep: Retention,
    ) -> std::io::Result<Self> {
        if every.is_zero() {
            return Ok(Self(Mutex::default()));
        }
        let (line, hung_up) = mpsc::channel::<()>();
        let mut rounds = Rounds::new(Arc::clone(db), Arc::clone(stores), keep);
        let thread = thread::Builder::new().name("jobs".into()).spawn(move || {
            let mut rest = every;
            while hung_up.recv_timeout(rest) == Err(mpsc::RecvTimeoutError::Timeout) {
                let start = Instant::now();
                rounds.run(now_ms());
                metrics::job(Job::rounds, 1);
                rest = every.max(start.elapsed() * REST);
            }
        })?;
        Ok(Self(Mutex::new(Some(Thread { line, thread }))))
    }

    /// Ends the thread after the step that it is at. Blocks until it has.
    pub(crate) fn finish(&self) {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(Thread { line, thread }) = running else { return };
        drop(line);
        if thread.join().is_err() {
            tracing::error!("the jobs panicked");
        }
    }
}

/// One round after another, and what they need not look at again.
struct Rounds {
    db: Arc<dyn Database>,
    stores: Arc<Stores>,
    /// Activities that are over and had nothing left, by revision.
    done: HashSet<(Lane, String)>,
    /// For each programme, the day up to which its points have lapsed.
    lapsed: HashMap<String, Day>,
    keep: Retention,
    /// When was last looked for what is not kept any longer.
    retained_ms: u64,
}

impl Rounds {
    fn new(db: Arc<dyn Database>, stores: Arc<Stores>, keep: Retention) -> Self {
        let (done, lapsed) = (HashSet::new(), HashMap::new());
        Self { db, stores, done, lapsed, keep, retained_ms: 0 }
    }

    /// One round. What fails is logged, and tried again in the next.
    fn run(&mut self, now_ms: u64) {
        let read = self.db.standing().and_then(|standing| Ok((standing, self.db.stores()?)));
        let rows = match read {
            Ok((standing, _)) if standing.read_only => return,
            Ok((_, rows)) => rows,
            Err(error) => return tracing::error!(%error, "the jobs cannot read the stores"),
        };
        for row in &rows {
            match self.stores.read(&row.store) {
                Ok(Some(store)) => {
                    self.settle_all(&store, now_ms);
                    self.expire(&rows, &store, now_ms);
                }
                Ok(None) => {}
                Err(error) => tracing::error!(%error, store = row.store, "a store's jobs failed"),
            }
        }
        let programmes: BTreeSet<_> = rows.iter().map(|row| &row.programme).collect();
        for programme in programmes {
            if let Err(error) = self.db.sweep_tickets(programme, now_ms) {
                tracing::error!(programme, %error, "tickets that are over are still kept");
            }
        }
        self.retain(now_ms);
    }

    /// Once a day, and once after the start.
    fn retain(&mut self, now_ms: u64) {
        if now_ms < self.retained_ms + DAY_MS {
            return;
        }
        match self.db.retain(&self.keep, now_ms, false) {
            Ok(done) => {
                if !done.is_nothing() {
                    let Retained { addresses, facts, profiles } = done;
                    tracing::info!(addresses, facts, profiles, "no longer kept");
                }
                self.retained_ms = now_ms;
            }
            Err(error) => tracing::error!(%error, "what is over is still kept"),
        }
    }

    fn settle_all(&mut self, store: &OpenStore, now_ms: u64) {
        for open in store.activities.values() {
            let live = Some(&open.live).filter(|at| at.state != ActivityState::Draft);
            for at in live.into_iter().chain([&open.rehearsal]) {
                let name = (at.lane.clone(), at.revision.clone());
                if self.done.contains(&name) {
                    continue;
                }
                match settled(&*self.db, at, now_ms) {
                    // What was decided just before the close may still be on its way.
                    Ok(0) if at.is_over(now_ms.saturating_sub(LATE_MS)) => {
                        self.done.insert(name);
                    }
                    Ok(0) => {}
                    Ok(events) => {
                        let (store, activity) = (&at.lane.store, &at.lane.activity);
                        tracing::info!(store, activity, events, "settled");
                        metrics::job(Job::settled_events, events);
                    }
                    Err(error) => {
                        let (store, activity) = (&at.lane.store, &at.lane.activity);
                        tracing::warn!(store, activity, %error, "settling waits for the next round");
                        metrics::job(Job::failed, 1);
                    }
                }
            }
        }
    }

    /// Once a business day, and once after the start.
    fn expire(&mut self, rows: &[StoreRow], store: &OpenStore, now_ms: u64) {
        let programme = &store.row.programme;
        let Some(day) = programme_day(rows, programme, now_ms) else { return };
        if self.lapsed.get(programme) == Some(&day) {
            return;
        }
        let run = |merchant: &Merchant<'_>, after: Option<&str>| {
            Desk::expire(&*self.db, merchant, day, now_ms, after)
        };
        match all_pages(&store.merchant(&[]), run) {
            Ok(all) => {
                if all.points > 0 {
                    let Lapsed { members, points, .. } = all;
                    tracing::info!(programme, members, points, "points lapsed");
                }
                self.lapsed.insert(programme.clone(), day);
            }
            Err(error) => tracing::error!(programme, %error, "points did not lapse"),
        }
    }
}

/// The business day of a programme: points lapse when their day is over in all of its stores.
fn programme_day(rows: &[StoreRow], programme: &str, now_ms: u64) -> Option<Day> {
    let stores = rows.iter().filter(|row| row.programme == programme);
    let clocks = stores.filter_map(|row| Clock::new(&row.zone, row.cutover_hour).ok());
    clocks.map(|clock| clock.day(now_ms)).min()
}

fn all_pages(
    merchant: &Merchant<'_>,
    page: impl Fn(&Merchant<'_>, Option<&str>) -> Result<Lapsed, StoreError>,
) -> Result<Lapsed, StoreError> {
    let mut all = Lapsed::default();
    loop {
        let done = page(merchant, all.next.as_deref())?;
        all = Lapsed {
            members: all.members + done.members,
            points: all.points + done.points,
            next: done.next,
        };
        if all.next.is_none() {
            return Ok(all);
        }
    }
}

/// Settles an activity to the end of its items and members; answers how many events that was.
fn settled(db: &dyn Database, at: &Running, now_ms: u64) -> Result<u64, SettleError> {
    let seq = || {
        let wants = Wants { lanes: [at.lane.clone()].into(), ..Wants::default() };
        let head = db.load(&wants)?.lanes.remove(&at.lane);
        Ok::<_, StoreError>(head.map_or(0, |head| head.seq))
    };
    let before = seq()?;
    let (mut cursor, mut skipped) = (None, None);
    loop {
        // A kind's panic ends the step of its own activity.
        let step = || Desk::settle(db, at, cursor.as_deref(), now_ms);
        let step = catch_unwind(AssertUnwindSafe(step));
        let panicked = || Err(SettleError::Broken("the kind's code panicked".into()));
        cursor = match step.unwrap_or_else(|_| panicked()) {
            Err(SettleError::Skipped { reason, next }) => {
                skipped.get_or_insert(reason);
                next
            }
            other => other?,
        };
        if let Some(reason) = skipped.take_if(|_| cursor.is_none()) {
            return Err(SettleError::Skipped { reason, next: None });
        }
        if cursor.is_none() {
            // Plays come in between, too; where the activity is over there are none.
            return Ok(seq()?.saturating_sub(before));
        }
    }
}

impl Admin<'_> {
    /// Lets the points of a store's programme lapse whose last day is over, or only says what
    /// would.
    pub fn expire(&self, store: &str, dry_run: bool) -> Result<Lapsed, AdminError> {
        let (rows, store, now_ms) = (self.stores()?, self.open_store(store)?, now_ms());
        let day = programme_day(&rows, &store.row.programme, now_ms).unwrap_or_default();
        let run = |merchant: &Merchant<'_>, after: Option<&str>| {
            if dry_run {
                Desk::would_expire(self.db, merchant, day, after)
            } else {
                Desk::expire(self.db, merchant, day, now_ms, after)
            }
        };
        Ok(all_pages(&store.merchant(&[]), run)?)
    }

    /// Settles an activity now; answers how many events that was.
    pub fn settle(&self, store: &str, activity: &str) -> Result<u64, AdminError> {
        let open = self.open_store(store)?;
        let found = open.activities.get(activity).ok_or_else(|| AdminError::Unknown {
            what: "activity",
            name: activity.into(),
            cure: "`funfair apply FOLDER --store STORE` adds it",
        })?;
        let draft = found.live.state == ActivityState::Draft;
        let at = if draft { &found.rehearsal } else { &found.live };
        settled(self.db, at, now_ms()).map_err(|error| match error {
            SettleError::Store(error) => error.into(),
            SettleError::Broken(reason) | SettleError::Skipped { reason, .. } => {
                StoreError::Database(reason).into()
            }
        })
    }

    fn open_store(&self, store: &str) -> Result<OpenStore, AdminError> {
        self.store(store)?;
        let open = OpenStore::read(self.db, &self.kinds(), store)?;
        Ok(open.ok_or_else(|| StoreError::Database(format!("the store {store} is gone")))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        NewStore,
        sqlite::{Durability, SqliteStore},
    };
    use funfair_engine::{Expiry, PointsRules, PurseKey};
    use funfair_host_api::Adjustment;

    struct Shop {
        _folder: tempfile::TempDir,
        db: Arc<dyn Database>,
        stores: Arc<Stores>,
    }

    /// The store `acme`, where Ann got 10 points at `then_ms` that last for two days, and an
    /// activity that is over.
    fn shop(then_ms: u64) -> Shop {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("funfair.db");
        let db: Arc<dyn Database> =
            Arc::new(SqliteStore::open(&path, Durability::Normal, 1).unwrap());
        let admission = crate::admission::Admission::new(1);
        let kinds = funfair_catalogue::kinds();
        let stores = Arc::new(Stores::new(Arc::clone(&db), kinds, admission));
        let admin = Admin::new(&*db, Some(&stores));
        let new = NewStore {
            id: "acme",
            programme: None,
            zone: "Asia/Shanghai",
            cutover_hour: 0,
            development: true,
        };
        admin.ensure_store(&new).unwrap();
        let files = folder.path().join("activities");
        std::fs::create_dir_all(&files).unwrap();
        let wheel = include_str!("../tests/http/wheel.toml");
        std::fs::write(files.join("wheel.toml"), wheel).unwrap();
        admin.apply_folder("acme", &files, false).unwrap();
        admin.set_state("acme", "wheel", ActivityState::Live).unwrap();
        admin.set_state("acme", "wheel", ActivityState::Closed).unwrap();
        let store = stores.read("acme").unwrap().unwrap();
        let points = PointsRules { expiry: Expiry::Days { days: 2 }, ..PointsRules::default() };
        let merchant = Merchant { points: &points, ..store.merchant(&[]) };
        let given = Adjustment {
            id: "a".into(),
            sub: "ann".into(),
            points: Some(10),
            refund_of: None,
            note: "a gift".into(),
        };
        Desk::adjust(&*db, &merchant, then_ms, "ann", &given).unwrap();
        Shop { _folder: folder, db, stores }
    }

    fn rounds(shop: &Shop) -> Rounds {
        Rounds::new(Arc::clone(&shop.db), Arc::clone(&shop.stores), Retention::default())
    }

    fn points(shop: &Shop) -> u64 {
        let key = PurseKey { programme: "acme".into(), member: "ann".into() };
        let wants = Wants { purses: [key].into(), ..Wants::default() };
        let purse = shop.db.load(&wants).unwrap().purses.into_values().next();
        purse.unwrap_or_default().points
    }

    #[test]
    fn points_lapse_with_the_day_and_once() {
        let then = now_ms();
        let shop = shop(then);
        let mut jobs = rounds(&shop);
        jobs.run(then + DAY_MS);
        assert_eq!(points(&shop), 10, "their last day");
        jobs.run(then + 2 * DAY_MS);
        assert_eq!(points(&shop), 0);
        let transfers = || shop.db.transfers("acme", "ann", None, 9).unwrap().len();
        jobs.run(then + 2 * DAY_MS);
        rounds(&shop).run(then + 2 * DAY_MS);
        assert_eq!(transfers(), 2);
    }

    #[test]
    fn an_activity_that_is_over_and_has_nothing_left_is_left_alone() {
        let now = now_ms();
        let shop = shop(now);
        let mut jobs = rounds(&shop);
        jobs.run(now);
        let done: Vec<_> = jobs.done.iter().map(|(lane, _)| lane.programme.as_str()).collect();
        assert_eq!(done, ["acme"], "the rehearsal goes on");
    }

    #[test]
    fn the_thread_ends_when_it_is_asked_to() {
        let shop = shop(now_ms());
        let every = Duration::from_millis(5);
        let jobs = Jobs::start(&shop.db, &shop.stores, every, Retention::default()).unwrap();
        thread::sleep(Duration::from_millis(30));
        jobs.finish();
        jobs.finish();
        Jobs::start(&shop.db, &shop.stores, Duration::ZERO, Retention::default()).unwrap().finish();
    }
}
