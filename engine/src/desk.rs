use crate::{
    Batch, Fault, ItemKey, ItemRef, NotPlayed, PlayKey, PoolKey, PurseKey, Reads, Running,
    Standing, Store, StoreError, Verdict, Wants, stage::MemberRow, work::Work,
};
use funfair_host_api::{Barrier, Me, json::Raw};
use std::sync::Arc;

/// The run loop: takes batches of plays to a store and gives out the answers.
///
/// It has no state of its own. All waiting plays go in one batch, in the order of their arrival:
/// one commit a batch is what makes an exact stock row fast.
#[derive(Debug)]
pub struct Desk;

/// One play, ready to be decided: the token is checked, the form of the request too.
#[derive(Clone)]
pub struct Play {
    /// The activity, as the caller knows it; an older one is answered with [`Denial::Stale`].
    pub at: Arc<Running>,
    /// Who plays.
    pub asker: Asker,
    /// The store and the `sub` that named the member; recorded with the member's first play.
    pub identity: Option<(String, String)>,
    /// The `Idempotency-Key`.
    pub key: String,
    /// SHA-256 of the request's body, hexadecimal.
    pub body_hash: String,
    /// The kind's action.
    pub action: Raw,
    /// The member's randomness.
    pub client_seed: String,
    /// The commitment that the member was shown.
    pub commitment: String,
    /// The revision that the member was shown.
    pub revision: String,
}

/// Who asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asker {
    /// The member's internal id.
    pub member: String,
    /// What the store's token says of them.
    pub standing: Standing,
}

impl From<&str> for Asker {
    fn from(member: &str) -> Self {
        Self { member: member.into(), standing: Standing::default() }
    }
}

/// The answer to an accepted play.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The play's id, as the receipt has it.
    pub id: String,
    /// The receipt, JSON, byte for byte as it is stored.
    pub receipt: String,
    /// How things stand now.
    pub me: Me<Raw>,
    /// Whether the play had been accepted before under the same key.
    pub repeated: bool,
}

/// Why a play was not accepted; none of these leaves a trace.
#[derive(Clone, Debug, PartialEq)]
pub enum Denial {
    /// The key was used for another body, or in another activity.
    KeyReused,
    /// The activity has not begun, is paused, or is over.
    NotOpen,
    /// Something stands between this shopper and a play.
    Barred(Barrier),
    /// The member was shown another revision than the one in force.
    RevisionChanged,
    /// The commitment was spent by another play.
    CommitmentUsed {
        /// The next one.
        next: String,
    },
    /// The rules say no: the kind's refusal.
    Refused(Raw),
    /// The action is not one of the kind's.
    BadAction(String),
    /// The activity changed under the caller: read it again and run the play again.
    Stale,
    /// The kind's code failed on this play; the reason is for the log, not for the shopper.
    Broken(String),
}

/// Why a settling step did not happen.
#[derive(Debug, thiserror::Error)]
pub enum SettleError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The kind's code failed, or its rows cannot be read.
    #[error("settling failed: {0}")]
    Broken(String),
    /// Some of what was due on this page could not be written; the rest was.
    #[error("some of what is due could not be settled: {reason}")]
    Skipped {
        /// Why.
        reason: String,
        /// Where to go on.
        next: Option<String>,
    },
}

/// How many items one settling step looks at.
const PAGE: usize = 100;

/// What a cursor begins with once the items are done; no item's key does.
const MEMBERS: &str = "members/";

impl Desk {
    /// Decides a batch in one transaction, in order. An error of the store answers for all of it;
    /// then nothing was written.
    pub fn run(
        store: &dyn Store,
        now_ms: u64,
        batch: &[Play],
    ) -> Result<Vec<Result<Answer, Denial>>, StoreError> {
        let batch = Batch::of(batch);
        let mut answers = Vec::new();
        store.commit(&batch.wants, &mut |rows| {
            let (decided, writes) = batch.decide(rows, now_ms);
            answers = decided;
            writes
        })?;
        Ok(answers)
    }

    /// Answers the plays of a batch that write nothing, from rows without locks: those that are
    /// refused, and those whose key is known. From a lane's first play on that would be accepted,
    /// its plays are left to [`run`](Self::run), so their order stays.
    pub fn peek(
        store: &dyn Store,
        now_ms: u64,
        batch: &[&Play],
    ) -> Result<Vec<Option<Result<Answer, Denial>>>, StoreError> {
        let batch = Batch::of(batch.iter().copied());
        Ok(batch.peek(&store.load(&batch.wants)?, now_ms))
    }

    /// What a member may do and holds in an activity; with the item that a link names in view.
    /// Writes nothing.
    pub fn me(
        store: &dyn Store,
        at: &Running,
        asker: &Asker,
        item: Option<&str>,
        now_ms: u64,
    ) -> Result<Result<Me<Raw>, Denial>, StoreError> {
        let mut wants = Wants::default();
        wants.own_rows(at, &asker.member);
        let item = item.map(|item| ItemKey { lane: at.lane.clone(), item: item.into() });
        wants.items.extend(item.clone());
        let rows = store.load(&wants)?;
        Ok(Work::new(&rows, now_ms).me(at, asker, item.as_ref()))
    }

    /// What a try of a passphrase comes to where nothing has to be written: whoever has passed, or
    /// has no try left, must not queue for a commit. `None` where the try counts, which is for
    /// [`unlock`](Self::unlock).
    pub fn unlocked(
        store: &dyn Store,
        at: &Running,
        asker: &Asker,
        typed: &str,
        now_ms: u64,
    ) -> Result<Option<Result<Me<Raw>, Denial>>, StoreError> {
        let mut wants = Wants::default();
        wants.own_rows(at, &asker.member);
        let rows = store.load(&wants)?;
        let mut work = Work::new(&rows, now_ms);
        let answer = work.unlock(at, asker, None, typed);
        Ok(work.into_writes().members.is_empty().then_some(answer))
    }

    /// Tries a passphrase. A wrong try is counted, and answered with the barrier that is left. The
    /// store and the `sub` that named the member are recorded with what is written, as with a play.
    pub fn unlock(
        store: &dyn Store,
        at: &Running,
        asker: &Asker,
        identity: Option<&(String, String)>,
        typed: &str,
        now_ms: u64,
    ) -> Result<Result<Me<Raw>, Denial>, StoreError> {
        let mut wants = Wants::default();
        wants.own_rows(at, &asker.member);
        let mut answer = Err(Denial::Stale);
        store.commit(&wants, &mut |rows| {
            let mut work = Work::new(rows, now_ms);
            answer = work.unlock(at, asker, identity, typed);
            work.into_writes()
        })?;
        Ok(answer)
    }

    /// Carries out an operator's verdict on an item.
    pub fn moderate(
        store: &dyn Store,
        at: &Running,
        item: &str,
        verdict: Verdict,
        now_ms: u64,
    ) -> Result<Result<(), Fault>, SettleError> {
        // Whose item it is stands in the item: read first, then locked and decided again.
        let item = ItemKey { lane: at.lane.clone(), item: item.into() };
        let mut wants = Wants::default();
        wants.items.insert(item.clone());
        wants.lanes.insert(at.lane.clone());
        let rows = store.load(&wants)?;
        if let (Some(row), Some(head)) = (rows.items.get(&item), rows.lanes.get(&at.lane)) {
            let due = at.game.moderate(
                &head.shared,
                (&item.item, row),
                verdict,
                &at.tick(now_ms.max(head.last_ms)),
            );
            match due.map_err(|error| SettleError::Broken(format!("{error:?}")))? {
                Ok(due) => wants.settling(at, &due.member),
                Err(fault) => return Ok(Err(fault)),
            }
        }
        let mut said = Ok(Ok(()));
        store.commit(&wants, &mut |rows| {
            let mut work = Work::new(rows, now_ms);
            said = work.moderate(at, &item, verdict, &wants);
            if matches!(said, Ok(Ok(()))) { work.into_writes() } else { crate::Writes::default() }
        })?;
        said.map_err(|denial| SettleError::Broken(format!("{denial:?}")))
    }

    /// One step of what time alone brings about: looks at the rows after `cursor`, items first and
    /// then members, and answers the next cursor, `None` at the end. Harmless when run twice.
    pub fn settle(
        store: &dyn Store,
        at: &Running,
        cursor: Option<&str>,
        now_ms: u64,
    ) -> Result<Option<String>, SettleError> {
        let broken = |error: NotPlayed| SettleError::Broken(format!("{error:?}"));
        let mut wants = Wants::default();
        wants.lanes.insert(at.lane.clone());
        let head = store.load(&wants)?.lanes.remove(&at.lane);
        let (shared, last_ms) =
            head.map_or_else(Default::default, |head| (head.shared, head.last_ms));
        let tick = at.tick(now_ms.max(last_ms));
        let (items, members, next) = Self::settling(store, at, cursor, &tick)?;
        // Whom it reaches is read from unlocked rows; what happens is decided again from locked
        // ones, and whatever is new there waits for the next step.
        let mut found = false;
        for due in at.game.settle(&shared, &items, &members, &tick).map_err(broken)? {
            wants.settling(at, &due.member);
            let item = |item| ItemKey { lane: at.lane.clone(), item };
            wants.items.extend(due.item.map(item));
            found = true;
        }
        let mut result = Ok(Vec::new());
        if found {
            store.commit(&wants, &mut |rows| {
                let mut work = Work::new(rows, now_ms);
                result = work.settle(at, &wants);
                if result.is_ok() { work.into_writes() } else { crate::Writes::default() }
            })?;
        }
        let failed = result.map_err(|denial| SettleError::Broken(format!("{denial:?}")))?;
        if failed.is_empty() {
            return Ok(next);
        }
        Err(SettleError::Skipped { reason: format!("{failed:?}"), next })
    }

    /// The page of items, or of members, that a settling step looks at, and the next cursor.
    #[expect(clippy::type_complexity, reason = "two pages and a cursor, used once")]
    fn settling(
        store: &dyn Store,
        at: &Running,
        cursor: Option<&str>,
        tick: &crate::Tick,
    ) -> Result<(Vec<(String, String)>, Vec<(String, String)>, Option<String>), SettleError> {
        let last = |page: &[(String, String)]| {
            (page.len() == PAGE).then(|| page.last().map(|(key, _)| key.clone())).flatten()
        };
        match cursor.and_then(|cursor| cursor.strip_prefix(MEMBERS)) {
            None => {
                let items = store.items(&at.lane, cursor, PAGE)?;
                let members = at.game.settles_members(tick).then(|| MEMBERS.to_owned());
                let next = last(&items).or(members);
                Ok((items, Vec::new(), next))
            }
            Some(after) => {
                let rows = store.members(&at.lane, Some(after), PAGE)?;
                let next = last(&rows).map(|member| format!("{MEMBERS}{member}"));
                // A row that cannot be read keeps nobody else waiting; a play on it says so.
                let state = |(member, row): (String, String)| {
                    Some((member, serde_json::from_str::<MemberRow>(&row).ok()?.state()))
                };
                Ok((Vec::new(), rows.into_iter().filter_map(state).collect(), next))
            }
        }
    }
}

impl Play {
    /// The play's name.
    pub(crate) fn name(&self) -> PlayKey {
        PlayKey {
            programme: self.at.lane.programme.clone(),
            member: self.asker.member.clone(),
            key: self.key.clone(),
        }
    }

    /// The item that it is about, its reads say; the one that it makes, too.
    pub fn item(&self, reads: &Reads) -> Option<ItemKey> {
        let lane = self.at.lane.clone();
        let item = match reads.item.as_ref()? {
            // No item is called so, and PostgreSQL knows no text with a NUL in it.
            ItemRef::Named(key) if key.contains('\0') => return None,
            ItemRef::Named(key) => key.clone(),
            // The browser names the play, so the name alone could be guessed.
            ItemRef::New => {
                let parts = [lane.programme.as_str(), &self.asker.member, &self.key];
                let mut name = self.at.key.name("item", &parts);
                name.truncate(20);
                name
            }
        };
        Some(ItemKey { lane, item })
    }

    /// Names every row that it may read or write; `again` where the activity's own rows and these
    /// pools are named already.
    pub(crate) fn wants(&self, reads: &Reads, again: bool, wants: &mut Wants) {
        let (at, member) = (&*self.at, &self.asker.member);
        wants.plays.insert(self.name());
        if !again {
            wants.lane_rows(at);
        }
        wants.member_rows(at, member);
        wants.giving(at, member, reads, again);
        wants.items.extend(self.item(reads));
    }
}

impl Wants {
    /// The rows that an event of time may change.
    fn settling(&mut self, at: &Running, member: &str) {
        self.own_rows(at, member);
        self.giving(at, member, &at.game.settle_reads(), false);
    }

    /// The rows that giving may change.
    fn giving(&mut self, at: &Running, member: &str, reads: &Reads, again: bool) {
        let codes = |name: &&str| name.starts_with("codes:");
        for name in at.pool_names(reads).filter(|name| !again || codes(name)) {
            let key = PoolKey::of(&at.lane, name);
            if codes(&name) {
                *self.codes.entry(key.clone()).or_default() += 1;
            }
            self.pools.insert(key);
        }
        if !reads.activities.is_empty() {
            let own = at.member(member);
            self.members.extend(reads.activities.iter().map(|activity| own.in_activity(activity)));
        }
    }

    /// The rows that say how a member stands in an activity.
    pub(crate) fn own_rows(&mut self, at: &Running, member: &str) {
        self.lane_rows(at);
        self.member_rows(at, member);
    }

    fn lane_rows(&mut self, at: &Running) {
        self.lanes.insert(at.lane.clone());
        let none = Reads::default();
        self.pools.extend(at.pool_names(&none).map(|name| PoolKey::of(&at.lane, name)));
    }

    fn member_rows(&mut self, at: &Running, member: &str) {
        self.members.insert(at.member(member));
        let purse = PurseKey { programme: at.lane.programme.clone(), member: member.into() };
        if at.setup.audience.is_some() {
            self.profiles.insert(purse.clone());
        }
        self.purses.insert(purse);
    }
}
