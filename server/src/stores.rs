use crate::{
    admission::Admission,
    database::{Database, RevisionRow, StoreRow, rehearsal},
    keys::Alg,
    points,
    problems::Failure,
    secrets,
    tokens::Key,
};
use axum::body::Bytes;
use funfair_engine::{
    AnyKind, Clock, Fault, Lane, Merchant, PointsRules, Running, SecretKey, Setup, Store,
    StoreError,
};
use funfair_host_api::{ActivityState, Code, Day};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

/// A store as requests need it, read from the database once a change.
pub struct OpenStore {
    /// The row.
    pub row: StoreRow,
    /// Its active keys.
    pub keys: Vec<Key>,
    /// The origins whose pages may ask.
    pub origins: HashSet<String>,
    /// The shoppers who may not.
    pub blocked: HashSet<String>,
    /// Its activities by id.
    pub activities: BTreeMap<String, OpenActivity>,
    /// What points are there.
    pub points: PointsRules,
    /// The hashes of its active secret keys.
    pub secrets: Vec<[u8; 32]>,
    /// The state of all stores, keys and activities that this is of.
    pub version: u64,
    clock: Clock,
    identity_key: Vec<u8>,
}

/// An activity as requests need it.
pub struct OpenActivity {
    /// Where plays count.
    pub live: Arc<Running>,
    /// Where test tokens play: the same rules, and nothing is spent.
    pub rehearsal: Arc<Running>,
    /// When the revision in force was first applied.
    pub published_ms: u64,
    public: Mutex<Option<Public>>,
}

/// The public activity, ready to be sent.
#[derive(Clone)]
pub struct Public {
    /// The body.
    pub body: Bytes,
    /// Its media type.
    pub media: &'static str,
    /// Its hash.
    pub etag: String,
    /// What it depends on beside the revision: whether the activity is over, and the day.
    of: (bool, Day),
}

impl Public {
    /// JSON that does not depend on the moment.
    pub fn new(body: Bytes) -> Self {
        Self::of(body, "application/json")
    }

    /// A body of any kind.
    pub fn of(body: Bytes, media: &'static str) -> Self {
        let hash = hex::encode(Sha256::digest(&body));
        let etag = format!("\"{}\"", hash.get(..32).unwrap_or_default());
        Self { body, media, etag, of: Default::default() }
    }
}

/// All stores, by id, as of the database's last change.
pub struct Stores {
    db: Arc<dyn Database>,
    kinds: Vec<Arc<dyn AnyKind>>,
    admission: Admission,
    open: Mutex<Cache>,
    looking: AtomicBool,
}

#[derive(Default)]
struct Cache {
    version: u64,
    looked: Option<Instant>,
    stores: HashMap<String, Arc<OpenStore>>,
}

/// How long a change made by another process may go unseen; twice as long while someone looks.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// A look at the database. Whoever looks alone says when it is over, even where it never began.
struct Look {
    stores: Arc<Stores>,
    alone: bool,
}

impl Drop for Look {
    fn drop(&mut self) {
        if self.alone {
            self.stores.looking.store(false, Ordering::Release);
        }
    }
}

impl Stores {
    /// No store yet; each is read when it is first asked for.
    pub fn new(db: Arc<dyn Database>, kinds: Vec<Arc<dyn AnyKind>>, admission: Admission) -> Self {
        Self { db, kinds, admission, open: Mutex::default(), looking: AtomicBool::new(false) }
    }

    /// The kinds that activities can be of.
    pub fn kinds(&self) -> &[Arc<dyn AnyKind>] {
        &self.kinds
    }

    /// A store by its id.
    pub async fn get(self: &Arc<Self>, id: &str) -> Result<Arc<OpenStore>, Failure> {
        if let Some(store) = self.known(id, LOOK_EVERY) {
            return Ok(store);
        }
        // One looks; the others go on for a moment with what is known.
        let looking = self.looking.swap(true, Ordering::Acquire);
        if looking && let Some(store) = self.known(id, 2 * LOOK_EVERY) {
            return Ok(store);
        }
        let look = Look { stores: Arc::clone(self), alone: !looking };
        let id = id.to_owned();
        let read = self.admission.run(move || look.stores.read(&id)).await;
        read??.ok_or_else(|| Failure::plain(Code::StoreUnknown))
    }

    /// Makes the next question look at the database again.
    pub fn forget(&self) {
        *self.open.lock().unwrap_or_else(PoisonError::into_inner) = Cache::default();
    }

    fn known(&self, id: &str, within: Duration) -> Option<Arc<OpenStore>> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let fresh = open.looked.is_some_and(|looked| looked.elapsed() < within);
        fresh.then(|| open.stores.get(id).cloned()).flatten()
    }

    /// A store by its id, on a thread that may wait for the database.
    pub(crate) fn read(&self, id: &str) -> Result<Option<Arc<OpenStore>>, StoreError> {
        // The version is read first: what is read after it is at least as new.
        let version = self.db.standing()?.version;
        {
            let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            if open.version != version {
                *open = Cache { version, ..Cache::default() };
            }
            open.looked = Some(Instant::now());
            if let Some(store) = open.stores.get(id) {
                return Ok(Some(Arc::clone(store)));
            }
        }
        let Some(store) = OpenStore::read(&*self.db, &self.kinds, id)? else { return Ok(None) };
        let store = Arc::new(OpenStore { version, ..store });
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.version == version {
            open.stores.insert(id.into(), Arc::clone(&store));
        }
        Ok(Some(store))
    }
}

impl OpenStore {
    pub(crate) fn read(
        db: &dyn Database,
        kinds: &[Arc<dyn AnyKind>],
        id: &str,
    ) -> Result<Option<Self>, StoreError> {
        let Some(row) = db.store(id)? else { return Ok(None) };
        let clock = Clock::new(&row.zone, row.cutover_hour)
            .map_err(|fault| StoreError::Database(fault.to_string()))?;
        let active = db.keys(&row)?.into_iter().filter(|key| key.retired_at_ms.is_none());
        let keys = active.filter_map(|key| {
            let alg = Alg::parse(&key.alg)?;
            let decoding = alg.decoding(&key.verifying);
            Some(Key { kid: key.kid, alg, decoding, issuer: key.issuer })
        });
        let keys = keys.collect();
        let mut activities = BTreeMap::new();
        for revision in db.activities(&row)? {
            let activity = revision.activity.clone();
            match OpenActivity::read(&row, &revision, kinds) {
                Ok(open) => {
                    activities.insert(activity, open);
                }
                // The others go on; this one is not there until its kind is back.
                Err(faults) => {
                    let reason = faults.first().map(ToString::to_string).unwrap_or_default();
                    tracing::error!(store = id, activity, reason, "an activity cannot be read");
                }
            }
        }
        Ok(Some(Self {
            keys,
            origins: db.origins(&row)?.into_iter().collect(),
            blocked: db.blocked(&row)?.into_iter().collect(),
            activities,
            points: points::stored(&row.points),
            secrets: secrets::active(db.secrets(&row)?),
            version: 0,
            clock,
            identity_key: db.identity_key(&row.programme)?.unwrap_or_default(),
            row,
        }))
    }

    /// The activity as everyone sees it, or as a test token does.
    pub fn activity(&self, id: &str, test: bool) -> Result<&OpenActivity, Failure> {
        let seen = |found: &&OpenActivity| test || found.live.state != ActivityState::Draft;
        let found = self.activities.get(id).filter(seen);
        found.ok_or_else(|| Failure::plain(Code::ActivityUnknown))
    }

    /// All activities as everyone reaches them, or as a test token does.
    pub fn reachable(&self, test: bool) -> Vec<Arc<Running>> {
        let reached = |open: &&OpenActivity| test || open.live.state != ActivityState::Draft;
        let open = self.activities.values().filter(reached);
        open.map(|open| Arc::clone(open.of(test))).collect()
    }

    /// The programme in which a shopper plays.
    pub fn programme(&self, test: bool) -> String {
        if test { rehearsal(&self.row.programme) } else { self.row.programme.clone() }
    }

    /// For whom the merchant's server speaks.
    pub fn merchant<'a>(&'a self, activities: &'a [Arc<Running>]) -> Merchant<'a> {
        Merchant {
            programme: &self.row.programme,
            store: &self.row.store,
            clock: &self.clock,
            points: &self.points,
            activities,
        }
    }

    /// The member that a shopper is, or will be with the first play or fact.
    pub fn member(&self, db: &dyn Store, sub: &str) -> Result<String, Failure> {
        // Nobody is called so, and PostgreSQL knows no text with a NUL in it.
        let asked = !sub.contains('\0');
        let known = asked.then(|| db.member(&self.row.programme, &self.row.store, sub));
        known.transpose()?.flatten().map_or_else(|| self.proposed_member(sub), Ok)
    }

    /// The member that a shopper becomes with the first play. Without the identity key nobody
    /// finds the shopper behind it.
    pub fn proposed_member(&self, sub: &str) -> Result<String, Failure> {
        let mac = Hmac::<Sha256>::new_from_slice(&self.identity_key);
        let mut mac = mac.map_err(|error| Failure::internal(&error))?;
        mac.update(format!("{}\n{sub}", self.row.store).as_bytes());
        let bytes: [u8; 32] = mac.finalize().into_bytes().into();
        Ok(hex::encode(bytes.get(..16).unwrap_or_default()))
    }
}

impl OpenActivity {
    /// Reads a stored revision; names every fault where this release cannot.
    pub fn read(
        of: &StoreRow,
        revision: &RevisionRow,
        kinds: &[Arc<dyn AnyKind>],
    ) -> Result<Self, Vec<Fault>> {
        let fault = |reason: String| {
            vec![Fault::new("revision", reason, "run the release that applied it")]
        };
        let setup: Setup =
            serde_json::from_str(&revision.setup).map_err(|error| fault(error.to_string()))?;
        let key = <[u8; 32]>::try_from(revision.key.as_slice())
            .map_err(|_| fault("its key is not 32 bytes".into()))?;
        let running = |programme: String, state: ActivityState| {
            let lane =
                Lane { programme, store: of.store.clone(), activity: revision.activity.clone() };
            let read = Running::new(lane, setup.clone(), state, SecretKey::new(key), kinds);
            read.map(|at| Arc::new(Running { points: points::stored(&of.points), ..at }))
        };
        Ok(Self {
            live: running(of.programme.clone(), revision.state)?,
            rehearsal: running(rehearsal(&of.programme), ActivityState::Draft)?,
            published_ms: revision.published_ms,
            public: Mutex::default(),
        })
    }

    /// The public activity at a moment, with its ETag.
    pub fn public(&self, now_ms: u64) -> Result<Public, Failure> {
        let of = (self.live.is_over(now_ms), self.live.clock.day(now_ms));
        let mut public = self.public.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(ready) = public.as_ref().filter(|ready| ready.of == of) {
            return Ok(ready.clone());
        }
        let body = serde_json::to_vec(&self.live.public(now_ms))
            .map_err(|error| Failure::internal(&error))?;
        Ok(public.insert(Public { of, ..Public::new(body.into()) }).clone())
    }

    /// Where a shopper plays.
    pub fn of(&self, test: bool) -> &Arc<Running> {
        if test { &self.rehearsal } else { &self.live }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use funfair_host_api::Activity;

    #[test]
    fn the_public_activity_is_kept_for_a_business_day_and_not_beyond_the_close() {
        let example =
            funfair_catalogue::ENTRIES.iter().find(|kind| kind.slug == "sign-in-calendar");
        let clock = Clock::new("Asia/Shanghai", 0).unwrap();
        let setup = Setup::parse(example.unwrap().example, &clock).unwrap();
        let row = StoreRow {
            store: "acme".into(),
            programme: "acme".into(),
            zone: "Asia/Shanghai".into(),
            cutover_hour: 0,
            development: false,
            points: String::new(),
        };
        let revision = RevisionRow {
            activity: "signin".into(),
            state: ActivityState::Live,
            revision: setup.revision(&SecretKey::new([1; 32])),
            setup: setup.canonical(),
            key: vec![1; 32],
            published_ms: 0,
        };
        let open = OpenActivity::read(&row, &revision, &funfair_catalogue::kinds()).unwrap();
        let day = 86_400_000;
        let start = clock.begins_at_ms(clock.day(setup.opens_at_ms)) + day;
        let at = |now_ms| open.public(now_ms).unwrap();
        assert_eq!(at(start).etag, at(start + day - 1).etag);
        assert_ne!(at(start).etag, at(start + day).etag);
        let state =
            |public: &Public| serde_json::from_slice::<Activity>(&public.body).unwrap().state;
        assert_eq!(state(&at(setup.closes_at_ms - 1)), ActivityState::Live);
        assert_eq!(state(&at(setup.closes_at_ms)), ActivityState::Closed);
    }
}
