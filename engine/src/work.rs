use crate::{
    Asker, Denial, Dice, Fault, Identity, ItemKey, LaneRow, MemberKey, NotPlayed, Play, PlayKey,
    PlayRow, PoolKey, PoolRow, Profile, Purse, PurseKey, Reads, Rows, Running, Verdict, Wants,
    Writes,
    access::Entrant,
    desk::Answer,
    dice::VERSION,
    erased::Held,
    rules::Due,
    stage::{Cause, MemberRow, Other, Pool, Stage},
};
use funfair_host_api::{
    Me, Proof,
    json::{self, Raw},
};
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::{
    collections::BTreeMap,
    panic::{AssertUnwindSafe, catch_unwind},
};

/// The most that a member's, an activity's or an item's row may take.
const ROW_BYTES: usize = 4096;

/// A batch's working set: the rows as loaded, under the rows as the batch has changed them so far.
pub(crate) struct Work<'a> {
    rows: &'a Rows,
    now_ms: u64,
    writes: Writes,
    /// Where each of the batch's own plays stands in `writes.plays`.
    made: BTreeMap<PlayKey, usize>,
}

/// What one play writes beside its stage.
struct Booking {
    name: PlayKey,
    body_hash: String,
    events: String,
    receipt: String,
    /// The item to put, where the play changed it.
    item: Option<ItemKey>,
    rows: Held,
}

/// How a member stands at a moment, as far as it is not the kind's to say.
struct Here<'a> {
    row: &'a MemberRow,
    purse: &'a Purse,
    /// The pool that counts the current time of play, where there are such times.
    slot: Option<&'a PoolRow>,
    now_ms: u64,
}

impl<'a> Work<'a> {
    pub(crate) fn new(rows: &'a Rows, now_ms: u64) -> Self {
        Self { rows, now_ms, writes: Writes::default(), made: BTreeMap::new() }
    }

    pub(crate) fn into_writes(self) -> Writes {
        self.writes
    }

    /// Decides one play. The key is looked up before everything else, so that a repetition is
    /// answered whatever has changed since.
    pub(crate) fn play(&mut self, play: &Play, reads: &Reads) -> Result<Answer, Denial> {
        let name = play.name();
        if let Some(row) = self.find(&name) {
            return self.repeat(play, row);
        }
        let at = &*play.at;
        let head = self.head(at)?;
        let now_ms = self.now_ms.max(head.last_ms);
        if !at.is_open(now_ms) {
            return Err(Denial::NotOpen);
        }
        if play.revision != at.revision {
            return Err(Denial::RevisionChanged);
        }
        let member = &play.asker.member;
        let mut stage = self.stage(at, at.member(member), play_id(&name), reads)?;
        let here = Here { row: &stage.row, purse: &stage.purse, slot: stage.slot(at), now_ms };
        if let Some(barrier) = self.barrier(at, &play.asker, &here)? {
            return Err(Denial::Barred(barrier));
        }
        let n = stage.row.draws;
        let seed = at.key.seed(&at.lane.programme, member, n);
        let commitment = seed.commitment();
        if play.commitment != commitment {
            return Err(Denial::CommitmentUsed { next: commitment });
        }
        let dice = Dice::new(seed, &at.lane.activity, &at.revision, n, &play.client_seed);
        let mut cx = stage.context(at, dice);
        cx.sharing = at.setup.rewards_sharing(play.asker.standing.channel.as_deref());
        let item = play.item(reads);
        cx.item = item.as_ref().map_or_else(String::new, |key| key.item.clone());
        let before = self.held(&stage.row, head, item.as_ref());
        let played = guarded(|| at.game.play(&before, &play.action, &mut cx))?;
        for effects in &played.effects {
            stage.carry_out(at, effects).map_err(Denial::Broken)?;
        }
        stage.count_in_slot(at);
        let draws = cx.dice.draws().to_vec();
        stage.row.draws += u64::from(!draws.is_empty());
        let proof = Proof {
            version: VERSION.into(),
            activity: at.lane.activity.clone(),
            revision: at.revision.clone(),
            n,
            client_seed: play.client_seed.clone(),
            // A seed that drew nothing is not spent, and stays secret.
            server_seed: if draws.is_empty() { String::new() } else { seed.reveal() },
            commitment,
            draws,
        };
        // This writer checks no embedded JSON again; that both write the same is tested.
        let receipt = json::write(&stage.receipt(at, played.outcome, proof));
        // Before anything is written: what cannot be shown afterwards must not have happened.
        let item = (before.item != played.rows.item).then_some(item).flatten();
        let Held { member: own, shared, item: put } = played.rows;
        let shown = Held { member: own, shared, item: None };
        stage.seen_again(&mut cx);
        let view = guarded(|| at.game.view(&shown, &cx))?;
        let here = Here { row: &stage.row, purse: &stage.purse, slot: stage.slot(at), now_ms };
        let me = self.stand(at, &play.asker, view, &here)?;
        let booking = Booking {
            name,
            body_hash: play.body_hash.clone(),
            events: json::write(&played.events),
            receipt: receipt.clone(),
            item,
            rows: Held { item: put, ..shown },
        };
        let id = stage.cause.id.clone();
        self.book(at, stage, booking)?;
        self.identify(at, member, play.identity.as_ref());
        Ok(Answer { id, receipt, me, repeated: false })
    }

    /// Answers a play whose key has been used.
    fn repeat(&self, play: &Play, row: &PlayRow) -> Result<Answer, Denial> {
        if row.body_hash != play.body_hash || row.lane != play.at.lane {
            return Err(Denial::KeyReused);
        }
        let me = self.me(&play.at, &play.asker, None)?;
        Ok(Answer { id: row.id.clone(), receipt: row.receipt.clone(), me, repeated: true })
    }

    /// How a member stands, the batch's changes so far included; with the item that a link names
    /// in view.
    pub(crate) fn me(
        &self,
        at: &Running,
        asker: &Asker,
        item: Option<&ItemKey>,
    ) -> Result<Me<Raw>, Denial> {
        let head = self.head(at)?;
        let now_ms = self.now_ms.max(head.last_ms);
        let member = &asker.member;
        let key = at.member(member);
        let (row, purse) = (self.row(&key)?, self.purse(&key));
        let mut cx = row.seen(at, member, &purse, now_ms);
        cx.sharing = at.setup.rewards_sharing(asker.standing.channel.as_deref());
        cx.item = item.map_or_else(String::new, |key| key.item.clone());
        let view = guarded(|| at.game.view(&self.held(&row, head, item), &cx))?;
        let slot = at.slot_pool().and_then(|key| self.pool(&key));
        self.stand(at, asker, view, &Here { row: &row, purse: &purse, slot, now_ms })
    }

    /// What goes with a view.
    fn stand(
        &self,
        at: &Running,
        asker: &Asker,
        view: Raw,
        here: &Here<'_>,
    ) -> Result<Me<Raw>, Denial> {
        let now_ms = here.now_ms;
        let day = at.clock.day(now_ms);
        let member = &asker.member;
        let commitment = at.key.seed(&at.lane.programme, member, here.row.draws).commitment();
        let barrier = self.barrier(at, asker, here)?;
        let balance = here.purse.spendable(day);
        Ok(Me { member: mark(member), view, commitment, balance, day, now_ms, barrier })
    }

    /// What stands between a shopper and a play.
    fn barrier(
        &self,
        at: &Running,
        asker: &Asker,
        here: &Here<'_>,
    ) -> Result<Option<funfair_host_api::Barrier>, Denial> {
        let profile = match &at.setup.audience {
            Some(_) => self.profile(at, &asker.member)?,
            // Nobody looks at it.
            None => Profile::default(),
        };
        let Here { row, slot, now_ms, .. } = *here;
        let entrant = Entrant { standing: &asker.standing, profile: &profile, row, slot };
        Ok(at.barrier(&entrant, now_ms))
    }

    fn profile(&self, at: &Running, member: &str) -> Result<Profile, Denial> {
        let key = PurseKey { programme: at.lane.programme.clone(), member: member.into() };
        let Some(profile) = self.rows.profiles.get(&key) else { return Ok(Profile::default()) };
        serde_json::from_str(profile).map_err(|error| Denial::Broken(error.to_string()))
    }

    /// Tries a passphrase; a wrong try counts.
    pub(crate) fn unlock(
        &mut self,
        at: &Running,
        asker: &Asker,
        identity: Option<&(String, String)>,
        typed: &str,
    ) -> Result<Me<Raw>, Denial> {
        let now_ms = self.now_ms.max(self.head(at)?.last_ms);
        if !at.is_open(now_ms) {
            return Err(Denial::NotOpen);
        }
        let key = MemberKey { lane: at.lane.clone(), member: asker.member.clone() };
        let mut row = self.row(&key)?;
        if let Some(gate) = &at.setup.gate {
            let before = row.gate.clone();
            gate.attempt(&mut row.gate, typed, at.clock.day(now_ms));
            if row.gate != before {
                self.writes.members.insert(key, text(&row)?);
                self.identify(at, &asker.member, identity);
            }
        }
        self.me(at, asker, None)
    }

    /// Records which shopper a member is.
    fn identify(&mut self, at: &Running, member: &str, identity: Option<&(String, String)>) {
        if let Some((store, sub)) = identity.cloned() {
            let programme = at.lane.programme.clone();
            self.writes.identities.insert(Identity {
                programme,
                store,
                sub,
                member: member.into(),
            });
        }
    }

    /// Writes what time brought about for the wanted items, decided from their locked rows. What
    /// reaches a member whose row is not locked waits for the next step. Answers what could not be
    /// written: it must not keep the rest from whom it is due.
    pub(crate) fn settle(&mut self, at: &Running, wants: &Wants) -> Result<Vec<Denial>, Denial> {
        let head = self.head(at)?;
        let tick = at.tick(self.now_ms.max(head.last_ms));
        let item = |key: &ItemKey| Some((key.item.clone(), self.item(key)?));
        let items: Vec<_> = wants.items.iter().filter_map(item).collect();
        let mut members = Vec::new();
        // Rows of other activities are there to be granted something, not to be looked at.
        let own = |key: &&MemberKey| key.lane == at.lane && at.game.settles_members(&tick);
        for key in wants.members.iter().filter(own) {
            if self.rows.members.contains_key(key) {
                members.push((key.member.clone(), self.row(key)?.state()));
            }
        }
        let mut failed = Vec::new();
        for due in guarded(|| at.game.settle(&head.shared, &items, &members, &tick))? {
            if wants.members.contains(&at.member(&due.member)) {
                failed.extend(self.bring_about(at, due).err());
            }
        }
        Ok(failed)
    }

    /// Writes what an operator's verdict on an item comes to.
    pub(crate) fn moderate(
        &mut self,
        at: &Running,
        item: &ItemKey,
        verdict: Verdict,
        wants: &Wants,
    ) -> Result<Result<(), Fault>, Denial> {
        let head = self.head(at)?;
        let tick = at.tick(self.now_ms.max(head.last_ms));
        let Some(row) = self.item(item) else {
            let reason = format!("there is no item {}", item.item);
            return Ok(Err(Fault::new("item", reason, "list them first")));
        };
        let item = (item.item.as_str(), row.as_str());
        match guarded(|| at.game.moderate(&head.shared, item, verdict, &tick))? {
            // Whose row was not read would be written over.
            Ok(due) if !wants.members.contains(&at.member(&due.member)) => {
                let reason = "it came while it was looked for";
                Ok(Err(Fault::new("item", reason, "give the verdict again")))
            }
            Ok(due) => self.bring_about(at, due).map(Ok),
            Err(fault) => Ok(Err(fault)),
        }
    }

    /// Books an event that no play asked for.
    fn bring_about(&mut self, at: &Running, due: Due<Raw>) -> Result<(), Denial> {
        let head = self.head(at)?;
        let key = MemberKey { lane: at.lane.clone(), member: due.member };
        let name = PlayKey {
            programme: at.lane.programme.clone(),
            member: key.member.clone(),
            key: format!("settle/{}/{}/{}", at.lane.store, at.lane.activity, head.seq + 1),
        };
        let item = due.item.map(|item| ItemKey { lane: at.lane.clone(), item });
        let mut stage = self.stage(at, key, play_id(&name), &at.game.settle_reads())?;
        stage.promised = true;
        let before = self.held(&stage.row, head, item.as_ref());
        let rows = guarded(|| at.game.replay(&before, std::slice::from_ref(&due.event)))?;
        let effects = guarded(|| at.game.effects(&due.event))?;
        stage.carry_out(at, &effects).map_err(Denial::Broken)?;
        let booking = Booking {
            name,
            body_hash: String::new(),
            events: json::write(&vec![due.event]),
            receipt: String::new(),
            item: (before.item != rows.item).then_some(item).flatten(),
            rows,
        };
        self.book(at, stage, booking)
    }

    /// What one play starts from.
    fn stage(
        &self,
        at: &Running,
        key: MemberKey,
        id: String,
        reads: &Reads,
    ) -> Result<Stage<'a>, Denial> {
        let now_ms = self.head(at)?.last_ms.max(self.now_ms);
        let other = |activity: &String| {
            let key = key.in_activity(activity);
            let row = self.row(&key)?;
            Ok((key, Other { row, granted: false }))
        };
        Ok(Stage {
            row: self.row(&key)?,
            others: reads.activities.iter().map(other).collect::<Result<_, Denial>>()?,
            purse: self.purse(&key),
            codes: &self.rows.codes,
            promised: false,
            pools: self.pools(at, reads),
            cause: Cause { key, id, now_ms, day: at.clock.day(now_ms) },
            transfers: Vec::new(),
            held: Vec::new(),
            rewards: Vec::new(),
        })
    }

    /// Puts one play's changes into the working set, all or none.
    fn book(&mut self, at: &Running, mut stage: Stage<'_>, booking: Booking) -> Result<(), Denial> {
        let Held { member, shared, item } = booking.rows;
        for row in [Some(&member), Some(&shared), item.as_ref()].into_iter().flatten() {
            if row.len() > ROW_BYTES {
                let size = row.len();
                return Err(Denial::Broken(format!("a row of {size} bytes, over {ROW_BYTES}")));
            }
        }
        let own = RawValue::from_string(member);
        stage.row.state = Some(own.map_err(|error| Denial::Broken(error.to_string()))?);
        let row = text(&stage.row)?;
        let mut head = self.head(at)?.clone();
        head.seq += 1;
        head.last_ms = stage.cause.now_ms;
        head.shared = shared;
        let Cause { key, id, now_ms, .. } = stage.cause;
        self.made.insert(booking.name.clone(), self.writes.plays.len());
        self.writes.plays.push(PlayRow {
            key: booking.name,
            id,
            lane: at.lane.clone(),
            seq: head.seq,
            body_hash: booking.body_hash,
            events: booking.events,
            receipt: booking.receipt,
            at_ms: now_ms,
        });
        self.writes.items.extend(booking.item.map(|key| (key, item)));
        if !stage.transfers.is_empty() {
            self.writes.purses.insert(purse_key(&key), stage.purse);
        }
        for (key, other) in stage.others {
            if other.granted {
                self.writes.members.insert(key, text(&other.row)?);
            }
        }
        self.writes.members.insert(key, row);
        let changed = stage.pools.into_iter().filter(|pool| pool.changed);
        self.writes.pools.extend(changed.map(|pool| (pool.key, pool.row)));
        self.writes.lanes.insert(at.lane.clone(), head);
        self.writes.transfers.extend(stage.transfers);
        self.writes.held.extend(stage.held.into_iter().map(|row| (row.key(), row)));
        Ok(())
    }

    fn held(&self, row: &MemberRow, head: &LaneRow, item: Option<&ItemKey>) -> Held {
        Held {
            member: row.state(),
            shared: head.shared.clone(),
            item: item.and_then(|key| self.item(key)),
        }
    }

    fn find(&self, name: &PlayKey) -> Option<&PlayRow> {
        match self.made.get(name) {
            Some(at) => self.writes.plays.get(*at),
            None => self.rows.plays.get(name),
        }
    }

    /// The lane's head, if it is the one that the caller knows.
    fn head(&self, at: &Running) -> Result<&LaneRow, Denial> {
        let head = self.writes.lanes.get(&at.lane).or_else(|| self.rows.lanes.get(&at.lane));
        head.filter(|head| head.revision == at.revision && head.state == at.state)
            .ok_or(Denial::Stale)
    }

    fn row(&self, key: &MemberKey) -> Result<MemberRow, Denial> {
        let row = self.writes.members.get(key).or_else(|| self.rows.members.get(key));
        row.map_or_else(
            || Ok(MemberRow::default()),
            |row| serde_json::from_str(row).map_err(|error| Denial::Broken(error.to_string())),
        )
    }

    fn purse(&self, key: &MemberKey) -> Purse {
        let key = purse_key(key);
        let purse = self.writes.purses.get(&key).or_else(|| self.rows.purses.get(&key));
        purse.cloned().unwrap_or_default()
    }

    fn item(&self, key: &ItemKey) -> Option<String> {
        match self.writes.items.get(key) {
            Some(changed) => changed.clone(),
            None => self.rows.items.get(key).cloned(),
        }
    }

    fn pools(&self, at: &Running, reads: &Reads) -> Vec<Pool> {
        let mut pools = Vec::<Pool>::new();
        for name in at.pool_names(reads) {
            // Several prizes may take from one list of codes.
            if pools.iter().any(|pool| pool.name == name) {
                continue;
            }
            let key = PoolKey::of(&at.lane, name);
            if let Some(row) = self.pool(&key).cloned() {
                pools.push(Pool { name: name.into(), key, row, changed: false });
            }
        }
        pools
    }

    fn pool(&self, key: &PoolKey) -> Option<&PoolRow> {
        self.writes.pools.get(key).or_else(|| self.rows.pools.get(key))
    }
}

fn purse_key(key: &MemberKey) -> PurseKey {
    PurseKey { programme: key.lane.programme.clone(), member: key.member.clone() }
}

/// Runs a kind's code so that its panic ends its own play only.
fn guarded<T>(run: impl FnOnce() -> Result<T, NotPlayed>) -> Result<T, Denial> {
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(NotPlayed::Refused(refusal))) => Err(Denial::Refused(refusal)),
        Ok(Err(NotPlayed::BadAction(reason))) => Err(Denial::BadAction(reason)),
        Ok(Err(NotPlayed::BadRow(reason))) => Err(Denial::Broken(reason)),
        Err(_) => Err(Denial::Broken("the kind's code panicked".into())),
    }
}

/// A play's id: derived from its name, so that it needs no entropy and a retry has the same.
fn play_id(name: &PlayKey) -> String {
    let PlayKey { programme, member, key } = name;
    let digest = Sha256::digest(format!("play\n{programme}\n{member}\n{key}"));
    hex::encode(digest.get(..12).unwrap_or_default())
}

/// An opaque mark of a member, for browsers: it tells two members apart and names neither.
fn mark(member: &str) -> String {
    let digest = Sha256::digest(format!("mark\n{member}"));
    hex::encode(digest.get(..6).unwrap_or_default())
}

fn text<T: Serialize + ?Sized>(value: &T) -> Result<String, Denial> {
    serde_json::to_string(value).map_err(|error| Denial::Broken(error.to_string()))
}
