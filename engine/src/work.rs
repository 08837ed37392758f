use crate::{
    Asker, Chances, Cx, Denial, Dice, Fault, Identity, ItemKey, LaneRow, MemberKey, NotPlayed,
    Play, PlayKey, PlayRow, PoolKey, PoolRow, Profile, Purse, PurseKey, Reads, Rows, Running,
    Standing, Verdict, Wants, Writes,
    access::Entrant,
    desk::Answer,
    dice::VERSION,
    erased::Held,
    rules::Due,
    stage::{Cause, MemberRow, Stage},
};
use funfair_host_api::{Day, Me, Proof, json::Raw};
use serde::Serialize;
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
            if row.body_hash != play.body_hash || row.lane != play.at.lane {
                return Err(Denial::KeyReused);
            }
            let receipt = row.receipt.clone();
            let me = self.me(&play.at, &play.asker, None)?;
            return Ok(Answer { receipt, me, repeated: true });
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
        if let Some(barrier) = self.barrier(at, &stage.row, &play.asker, now_ms)? {
            return Err(Denial::Barred(barrier));
        }
        let n = stage.row.draws;
        let seed = at.key.seed(&at.lane.programme, member, n);
        let commitment = seed.commitment();
        if play.commitment != commitment {
            return Err(Denial::CommitmentUsed { next: commitment });
        }
        let dice = Dice::new(seed, &at.lane.activity, &at.revision, n, &play.client_seed);
        let mut cx = stage.context(at, reads, dice);
        let item = play.item(reads);
        cx.item = item.as_ref().map_or_else(String::new, |key| key.item.clone());
        let before = self.held(&stage.row, &head, item.as_ref());
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
        let receipt = text(&stage.receipt(at, played.outcome, proof))?;
        // Before anything is written: what cannot be shown afterwards must not have happened.
        let shown = Held { item: None, ..played.rows.clone() };
        let view =
            guarded(|| at.game.view(&shown, &stage.row.seen(at, member, &stage.purse, now_ms)))?;
        let booking = Booking {
            name,
            body_hash: play.body_hash.clone(),
            events: text(&played.events)?,
            receipt: receipt.clone(),
            item: (before.item != played.rows.item).then_some(item).flatten(),
            rows: played.rows,
        };
        self.book(at, head, stage, booking)?;
        self.identify(at, member, play.identity.as_ref());
        Ok(Answer { receipt, me: self.stand(at, &play.asker, view)?, repeated: false })
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
        let row = self.row(&key)?;
        let mut cx = row.seen(at, member, &self.purse(&key), now_ms);
        cx.item = item.map_or_else(String::new, |key| key.item.clone());
        let view = guarded(|| at.game.view(&self.held(&row, &head, item), &cx))?;
        self.stand(at, asker, view)
    }

    /// What goes with a view.
    fn stand(&self, at: &Running, asker: &Asker, view: Raw) -> Result<Me<Raw>, Denial> {
        let now_ms = self.now_ms.max(self.head(at)?.last_ms);
        let member = &asker.member;
        let key = at.member(member);
        let row = self.row(&key)?;
        let day = at.clock.day(now_ms);
        let balance = self.purse(&key).spendable(day);
        let commitment = at.key.seed(&at.lane.programme, member, row.draws).commitment();
        let barrier = self.barrier(at, &row, asker, now_ms)?;
        Ok(Me { member: mark(member), view, commitment, balance, day, now_ms, barrier })
    }

    /// What stands between a shopper and a play.
    fn barrier(
        &self,
        at: &Running,
        row: &MemberRow,
        asker: &Asker,
        now_ms: u64,
    ) -> Result<Option<funfair_host_api::Barrier>, Denial> {
        let key = PurseKey { programme: at.lane.programme.clone(), member: asker.member.clone() };
        let profile = match self.rows.profiles.get(&key) {
            Some(profile) => {
                serde_json::from_str(profile).map_err(|error| Denial::Broken(error.to_string()))?
            }
            None => Profile::default(),
        };
        let slot = self.pool(&PoolKey::of(&at.lane, Running::SLOT));
        let standing: &Standing = &asker.standing;
        let entrant = Entrant { standing, profile: &profile, row, slot };
        Ok(at.barrier(&entrant, now_ms))
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
        let before = self.held(&stage.row, &head, item.as_ref());
        let rows = guarded(|| at.game.replay(&before, std::slice::from_ref(&due.event)))?;
        let effects = guarded(|| at.game.effects(&due.event))?;
        stage.carry_out(at, &effects).map_err(Denial::Broken)?;
        let booking = Booking {
            name,
            body_hash: String::new(),
            events: text(&[due.event])?,
            receipt: String::new(),
            item: (before.item != rows.item).then_some(item).flatten(),
            rows,
        };
        self.book(at, head, stage, booking)
    }

    /// What one play starts from.
    fn stage(
        &self,
        at: &Running,
        key: MemberKey,
        id: String,
        reads: &Reads,
    ) -> Result<Stage, Denial> {
        let now_ms = self.head(at)?.last_ms.max(self.now_ms);
        let other = |activity: &String| {
            let key = key.in_activity(activity);
            Ok((key.clone(), self.row(&key)?))
        };
        let pools = self.pools(at, reads);
        let codes = self.rows.codes.iter().filter(|(list, _)| pools.contains_key(*list));
        Ok(Stage {
            row: self.row(&key)?,
            others: reads.activities.iter().map(other).collect::<Result<_, Denial>>()?,
            purse: self.purse(&key),
            codes: codes.map(|(list, codes)| (list.clone(), codes.clone())).collect(),
            promised: false,
            pools,
            cause: Cause { key, id, now_ms, day: at.clock.day(now_ms) },
            transfers: Vec::new(),
            held: Vec::new(),
            rewards: Vec::new(),
        })
    }

    /// Puts one play's changes into the working set, all or none.
    fn book(
        &mut self,
        at: &Running,
        mut head: LaneRow,
        mut stage: Stage,
        booking: Booking,
    ) -> Result<(), Denial> {
        let Held { member, shared, item } = booking.rows;
        for row in [Some(&member), Some(&shared), item.as_ref()].into_iter().flatten() {
            if row.len() > ROW_BYTES {
                let size = row.len();
                return Err(Denial::Broken(format!("a row of {size} bytes, over {ROW_BYTES}")));
            }
        }
        stage.row.state = Raw::parse(&member);
        let row = text(&stage.row)?;
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
        for (key, row) in &stage.others {
            if self.row(key)? != *row {
                self.writes.members.insert(key.clone(), text(row)?);
            }
        }
        self.writes.members.insert(key, row);
        for (key, pool) in stage.pools {
            if self.pool(&key) != Some(&pool) {
                self.writes.pools.insert(key, pool);
            }
        }
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
    fn head(&self, at: &Running) -> Result<LaneRow, Denial> {
        let head = self.writes.lanes.get(&at.lane).or_else(|| self.rows.lanes.get(&at.lane));
        head.filter(|head| head.revision == at.revision && head.state == at.state)
            .cloned()
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

    fn pools(&self, at: &Running, reads: &Reads) -> BTreeMap<PoolKey, PoolRow> {
        at.pool_keys(reads)
            .filter_map(|key| {
                let row = self.pool(&key)?.clone();
                Some((key, row))
            })
            .collect()
    }

    fn pool(&self, key: &PoolKey) -> Option<&PoolRow> {
        self.writes.pools.get(key).or_else(|| self.rows.pools.get(key))
    }
}

/// What surrounds a play or a view of an activity.
pub(crate) fn context(
    at: &Running,
    now_ms: u64,
    member: &str,
    chances: Chances,
    balance: u64,
    dice: Dice,
) -> Cx {
    let day = at.clock.day(now_ms);
    Cx {
        now_ms,
        day,
        next_day_at_ms: at.clock.begins_at_ms(Day(day.0 + 1)),
        balance,
        chances,
        pools: BTreeMap::new(),
        dice,
        activity: at.lane.activity.clone(),
        member: member.into(),
        item: String::new(),
        chance_rules: at.chances.clone(),
        cards: BTreeMap::new(),
        opens_at_ms: at.setup.opens_at_ms,
        closes_at_ms: at.setup.closes_at_ms,
        over: at.is_over(now_ms),
        seal: at.seal.clone(),
        points_until: at.points.expiry.last_day(day),
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
