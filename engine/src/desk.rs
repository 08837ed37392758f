use crate::{
    ItemKey, MemberKey, NotPlayed, PlayKey, PoolKey, PurseKey, Reads, Running, Store, StoreError,
    Wants, work::Work,
};
use funfair_host_api::{Me, json::Raw};
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
    /// The member.
    pub member: String,
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

/// The answer to an accepted play.
#[derive(Clone, Debug)]
pub struct Answer {
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
}

/// How many items one settling step looks at.
const PAGE: usize = 100;

impl Desk {
    /// Decides a batch in one transaction, in order. An error of the store answers for all of it;
    /// then nothing was written.
    pub fn run(
        store: &dyn Store,
        now_ms: u64,
        batch: &[Play],
    ) -> Result<Vec<Result<Answer, Denial>>, StoreError> {
        let mut wants = Wants::default();
        let reads: Vec<_> = batch.iter().map(|play| play.wants(&mut wants)).collect();
        let mut answers = Vec::new();
        store.commit(&wants, &mut |rows| {
            let mut work = Work::new(rows, now_ms);
            answers = batch
                .iter()
                .zip(&reads)
                .map(|(play, reads)| match reads {
                    Ok(reads) => work.play(play, reads),
                    Err(reason) => Err(Denial::BadAction(reason.clone())),
                })
                .collect();
            work.into_writes()
        })?;
        Ok(answers)
    }

    /// What a member may do and holds in an activity. Writes nothing.
    pub fn me(
        store: &dyn Store,
        at: &Running,
        member: &str,
        now_ms: u64,
    ) -> Result<Result<Me<Raw>, Denial>, StoreError> {
        let mut wants = Wants::default();
        wants.own_rows(at, member);
        let rows = store.load(&wants)?;
        Ok(Work::new(&rows, now_ms).me(at, member))
    }

    /// One step of what time alone brings about: looks at the items after `cursor`, and answers
    /// the next cursor, `None` at the end. Harmless when run twice.
    pub fn settle(
        store: &dyn Store,
        at: &Running,
        cursor: Option<&str>,
        now_ms: u64,
    ) -> Result<Option<String>, SettleError> {
        let broken = |error: NotPlayed| SettleError::Broken(format!("{error:?}"));
        let page = store.items(&at.lane, cursor, PAGE)?;
        let mut wants = Wants::default();
        wants.lanes.insert(at.lane.clone());
        let head = store.load(&wants)?.lanes.remove(&at.lane);
        let shared = head.map_or_else(String::new, |head| head.shared);
        // Whom it reaches is read from unlocked rows; what happens is decided again from locked
        // ones, and whatever is new there waits for the next step.
        for due in at.game.settle(&shared, &page, now_ms).map_err(broken)? {
            wants.own_rows(at, &due.member);
            wants.items.insert(ItemKey { lane: at.lane.clone(), item: due.item });
        }
        let mut result = Ok(());
        if !wants.items.is_empty() {
            store.commit(&wants, &mut |rows| {
                let mut work = Work::new(rows, now_ms);
                result = work.settle(at, &wants);
                if result.is_ok() { work.into_writes() } else { crate::Writes::default() }
            })?;
        }
        result.map_err(|denial| SettleError::Broken(format!("{denial:?}")))?;
        Ok((page.len() == PAGE).then(|| page.last().map(|(key, _)| key.clone())).flatten())
    }
}

impl Play {
    /// The play's name.
    pub(crate) fn name(&self) -> PlayKey {
        PlayKey {
            programme: self.at.lane.programme.clone(),
            member: self.member.clone(),
            key: self.key.clone(),
        }
    }

    fn wants(&self, wants: &mut Wants) -> Result<Reads, String> {
        wants.plays.insert(self.name());
        wants.own_rows(&self.at, &self.member);
        let reads = self.at.game.reads(&self.action)?;
        let lane = &self.at.lane;
        wants.pools.extend(reads.pools.iter().map(|pool| PoolKey::of(lane, pool)));
        let item = |item: &String| ItemKey { lane: lane.clone(), item: item.clone() };
        wants.items.extend(reads.item.as_ref().map(item));
        Ok(reads)
    }
}

impl Wants {
    /// The rows that say how a member stands in an activity.
    fn own_rows(&mut self, at: &Running, member: &str) {
        self.lanes.insert(at.lane.clone());
        self.members.insert(MemberKey { lane: at.lane.clone(), member: member.into() });
        self.purses
            .insert(PurseKey { programme: at.lane.programme.clone(), member: member.into() });
    }
}
