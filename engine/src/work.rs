use crate::{
    Account, Answer, Chances, Cx, Denial, Dice, Effects, HeldRow, Identity, ItemKey, LaneRow, Lot,
    MemberKey, NotPlayed, Play, PlayKey, PlayRow, PoolKey, PoolRow, Purse, PurseKey, Reads, Rows,
    Running, Spend, Transfer, Wants, Writes, dice::VERSION, erased::Held,
};
use funfair_host_api::{Me, Proof, Reason, Receipt, ReceiptStatus, Reward, json::Raw};
use serde::{Deserialize, Serialize};
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

/// A member's row: what the engine keeps of every member, and the kind's own state.
#[derive(Clone, Default, Serialize, Deserialize)]
struct MemberRow {
    /// How many plays drew; the next draw's number.
    draws: u64,
    chances: Chances,
    /// The kind's state as JSON text, empty before the first play.
    #[serde(default)]
    state: Option<Raw>,
}

impl MemberRow {
    fn state(&self) -> String {
        self.state.as_ref().map_or_else(String::new, |state| state.text().into())
    }
}

/// What one play changes, kept apart until the whole play has succeeded.
struct Stage {
    cause: Cause,
    row: MemberRow,
    purse: Purse,
    pools: BTreeMap<PoolKey, PoolRow>,
    transfers: Vec<Transfer>,
    held: Vec<HeldRow>,
    rewards: Vec<Reward>,
}

/// Why points and things move, as their rows record it.
struct Cause {
    key: MemberKey,
    id: String,
    now_ms: u64,
    day: funfair_host_api::Day,
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
            let me = self.me(&play.at, &play.member)?;
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
        let key = MemberKey { lane: at.lane.clone(), member: play.member.clone() };
        let mut stage = self.stage(at, key, play_id(&name), reads)?;
        let n = stage.row.draws;
        let seed = at.key.seed(&at.lane.programme, &play.member, n);
        let commitment = seed.commitment();
        if play.commitment != commitment {
            return Err(Denial::CommitmentUsed { next: commitment });
        }
        let dice = Dice::new(seed, &at.lane.activity, &at.revision, n, &play.client_seed);
        let mut cx = stage.context(at, reads, dice);
        let item = reads.item.clone().map(|item| ItemKey { lane: at.lane.clone(), item });
        let before = self.held(&stage.row, &head, item.as_ref());
        let played = guarded(|| at.game.play(&before, &play.action, &mut cx))?;
        for effects in &played.effects {
            stage.carry_out(at, effects).map_err(Denial::Broken)?;
        }
        let draws = cx.dice.draws().to_vec();
        stage.row.draws += u64::from(!draws.is_empty());
        let receipt = Receipt {
            id: stage.cause.id.clone(),
            activity: at.lane.activity.clone(),
            status: ReceiptStatus::Settled,
            outcome: played.outcome,
            rewards: std::mem::take(&mut stage.rewards),
            proof: Proof {
                version: VERSION.into(),
                activity: at.lane.activity.clone(),
                revision: at.revision.clone(),
                n,
                client_seed: play.client_seed.clone(),
                // A seed that drew nothing is not spent, and stays secret.
                server_seed: if draws.is_empty() { String::new() } else { seed.reveal() },
                commitment,
                draws,
            },
            at_ms: now_ms,
        };
        let receipt = text(&receipt)?;
        let booking = Booking {
            name,
            body_hash: play.body_hash.clone(),
            events: text(&played.events)?,
            receipt: receipt.clone(),
            item: (before.item != played.rows.item).then_some(item).flatten(),
            rows: played.rows,
        };
        self.book(at, head, stage, booking)?;
        if let Some((store, sub)) = play.identity.clone() {
            let programme = at.lane.programme.clone();
            let member = play.member.clone();
            self.writes.identities.insert(Identity { programme, store, sub, member });
        }
        Ok(Answer { receipt, me: self.me(at, &play.member)?, repeated: false })
    }

    /// How a member stands, the batch's changes so far included.
    pub(crate) fn me(&self, at: &Running, member: &str) -> Result<Me<Raw>, Denial> {
        let head = self.head(at)?;
        let now_ms = self.now_ms.max(head.last_ms);
        let key = MemberKey { lane: at.lane.clone(), member: member.into() };
        let row = self.row(&key)?;
        let day = at.clock.day(now_ms);
        let balance = self.purse(&key).spendable(day);
        let cx = context(at, now_ms, row.chances.clone(), balance, Dice::idle());
        let view = guarded(|| at.game.view(&self.held(&row, &head, None), &cx))?;
        let commitment = at.key.seed(&at.lane.programme, member, row.draws).commitment();
        Ok(Me { member: mark(member), view, commitment, balance, day, now_ms })
    }

    /// Writes what time brought about for the wanted items, decided from their locked rows. What
    /// reaches a member whose row is not locked waits for the next step.
    pub(crate) fn settle(&mut self, at: &Running, wants: &Wants) -> Result<(), Denial> {
        let shared = self.head(at)?.shared;
        let item = |key: &ItemKey| Some((key.item.clone(), self.item(key)?));
        let items: Vec<_> = wants.items.iter().filter_map(item).collect();
        let now_ms = self.head(at)?.last_ms.max(self.now_ms);
        for due in guarded(|| at.game.settle(&shared, &items, now_ms))? {
            let key = MemberKey { lane: at.lane.clone(), member: due.member };
            if !wants.members.contains(&key) {
                continue;
            }
            let head = self.head(at)?;
            let name = PlayKey {
                programme: at.lane.programme.clone(),
                member: key.member.clone(),
                key: format!("settle/{}/{}/{}", at.lane.store, at.lane.activity, head.seq + 1),
            };
            let item = ItemKey { lane: at.lane.clone(), item: due.item };
            let mut stage = self.stage(at, key, play_id(&name), &Reads::default())?;
            let before = self.held(&stage.row, &head, Some(&item));
            let rows = guarded(|| at.game.replay(&before, std::slice::from_ref(&due.event)))?;
            let effects = guarded(|| at.game.effects(&due.event))?;
            stage.carry_out(at, &effects).map_err(Denial::Broken)?;
            let booking = Booking {
                name,
                body_hash: String::new(),
                events: text(&[due.event])?,
                receipt: String::new(),
                item: Some(item),
                rows,
            };
            self.book(at, head, stage, booking)?;
        }
        Ok(())
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
        Ok(Stage {
            row: self.row(&key)?,
            purse: self.purse(&key),
            pools: self.pools(at, reads),
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
        self.writes.members.insert(key, row);
        for (key, pool) in stage.pools {
            if self.pool(&key) != Some(&pool) {
                self.writes.pools.insert(key, pool);
            }
        }
        self.writes.lanes.insert(at.lane.clone(), head);
        self.writes.transfers.extend(stage.transfers);
        self.writes.held.extend(stage.held);
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
        let keys = reads.pools.iter().map(|pool| PoolKey::of(&at.lane, pool));
        keys.filter_map(|key| {
            let row = self.pool(&key)?.clone();
            Some((key, row))
        })
        .collect()
    }

    fn pool(&self, key: &PoolKey) -> Option<&PoolRow> {
        self.writes.pools.get(key).or_else(|| self.rows.pools.get(key))
    }
}

impl Stage {
    /// What surrounds the play, the pools it named included.
    fn context(&self, at: &Running, reads: &Reads, dice: Dice) -> Cx {
        let Cause { now_ms, day, .. } = self.cause;
        let mut cx = context(at, now_ms, self.row.chances.clone(), self.purse.spendable(day), dice);
        let left = |id: &String| {
            Some((id.clone(), self.pools.get(&PoolKey::of(&at.lane, id))?.available(day)))
        };
        cx.pools = reads.pools.iter().filter_map(left).collect();
        cx
    }

    /// Pays, takes and gives what an event says. An error means that the rules promised what is
    /// not there: a defect of the kind, answered to this play alone.
    fn carry_out(&mut self, at: &Running, effects: &Effects) -> Result<(), String> {
        let Cause { day, now_ms, .. } = self.cause;
        for spend in &effects.spend {
            match spend {
                Spend::Free => self.row.chances.use_free(day),
                Spend::Chance if self.row.chances.use_granted(now_ms) => {}
                Spend::Chance => return Err("spends a chance that is not there".into()),
                Spend::Bought { points } => {
                    self.row.chances.use_bought(day);
                    self.redeem(*points)?;
                }
                Spend::Points { points } => self.redeem(*points)?,
            }
        }
        for pool in &effects.take {
            let row = self.pools.get_mut(&PoolKey::of(&at.lane, pool));
            if !row.is_some_and(|row| row.take(day)) {
                return Err(format!("takes from the pool {pool}, in which nothing is left"));
            }
        }
        for reward in &effects.give {
            self.give(reward);
        }
        Ok(())
    }

    fn redeem(&mut self, points: u64) -> Result<(), String> {
        let lots = self.purse.redeem(points, self.cause.day);
        let lots = lots.ok_or_else(|| format!("spends {points} points that are not there"))?;
        let member = Account::Member(self.cause.key.member.clone());
        self.transfer(member, Account::Redeemed, points, Reason::Redeem, lots);
        Ok(())
    }

    fn give(&mut self, reward: &Reward) {
        match reward {
            Reward::Points { amount, expires_on, .. } => {
                let lot = self.purse.earn(*amount, *expires_on);
                let member = Account::Member(self.cause.key.member.clone());
                self.transfer(Account::Issued, member, *amount, Reason::Earn, vec![lot]);
            }
            Reward::Chance { activity, count, .. } if *activity == self.cause.key.lane.activity => {
                self.row.chances.grant(*count, None);
            }
            other => {
                let Cause { key, id, now_ms, .. } = &self.cause;
                self.held.push(HeldRow {
                    programme: key.lane.programme.clone(),
                    member: key.member.clone(),
                    id: format!("{id}-{}", self.held.len()),
                    reward: other.clone(),
                    lane: key.lane.clone(),
                    play: id.clone(),
                    at_ms: *now_ms,
                });
            }
        }
        self.rewards.push(reward.clone());
    }

    fn transfer(
        &mut self,
        debit: Account,
        credit: Account,
        amount: u64,
        reason: Reason,
        lots: Vec<Lot>,
    ) {
        let Cause { key, id, now_ms, .. } = &self.cause;
        // A transfer of nothing would be a row that says nothing.
        if amount > 0 {
            self.transfers.push(Transfer {
                programme: key.lane.programme.clone(),
                id: format!("{id}-{}", self.transfers.len()),
                debit,
                credit,
                amount,
                reason,
                lots,
                lane: key.lane.clone(),
                play: id.clone(),
                at_ms: *now_ms,
            });
        }
    }
}

/// What surrounds a play or a view of an activity.
pub(crate) fn context(at: &Running, now_ms: u64, chances: Chances, balance: u64, dice: Dice) -> Cx {
    let day = at.clock.day(now_ms);
    let next_day_at_ms = at.clock.begins_at_ms(funfair_host_api::Day(day.0 + 1));
    Cx { now_ms, day, next_day_at_ms, balance, chances, pools: BTreeMap::new(), dice }
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
