use crate::{
    Account, Budget, Chances, Cx, Dice, Effects, HeldRow, Lot, MemberKey, Passing, PoolKey,
    PoolRow, Purse, Running, Spend, Transfer,
    access::slot_number,
    ledger::{Because, Book},
};
use funfair_host_api::{Day, HeldStatus, Proof, Reason, Receipt, ReceiptStatus, Reward, json::Raw};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A member's row in an activity: what the engine keeps of every member, and the kind's own state.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct MemberRow {
    /// How many plays drew; the next draw's number.
    pub(crate) draws: u64,
    pub(crate) chances: Chances,
    #[serde(default, skip_serializing_if = "is_default")]
    pub(crate) gate: Passing,
    /// Cards that other activities granted, by card; only ever more.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) cards: BTreeMap<String, u32>,
    /// The kind's state as JSON text, empty before the first play.
    #[serde(default)]
    pub(crate) state: Option<Box<RawValue>>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl MemberRow {
    /// What surrounds a view of it.
    pub(crate) fn seen(&self, at: &Running, member: &str, purse: &Purse, now_ms: u64) -> Cx {
        let balance = purse.spendable(at.clock.day(now_ms));
        let mut cx = context(at, now_ms, member, self.chances.clone(), balance, Dice::idle());
        cx.cards.clone_from(&self.cards);
        cx
    }

    pub(crate) fn state(&self) -> String {
        self.state.as_ref().map_or_else(String::new, |state| state.get().into())
    }
}

/// What one play changes, kept apart until the whole play has succeeded.
pub(crate) struct Stage<'a> {
    pub(crate) cause: Cause,
    pub(crate) row: MemberRow,
    /// The member's rows in other activities that the play may grant something in.
    pub(crate) others: BTreeMap<MemberKey, Other>,
    pub(crate) purse: Purse,
    /// A handful, so that looking one up is walking over all.
    pub(crate) pools: Vec<Pool>,
    /// The codes that go next from each list: those of the whole batch, so never copied.
    pub(crate) codes: &'a BTreeMap<PoolKey, BTreeMap<u64, String>>,
    /// Whether time gives what a play had promised: then neither an empty budget nor a list
    /// without codes is in the way.
    pub(crate) promised: bool,
    pub(crate) transfers: Vec<Transfer>,
    pub(crate) held: Vec<HeldRow>,
    pub(crate) rewards: Vec<Reward>,
}

/// A member's row in another activity.
pub(crate) struct Other {
    pub(crate) row: MemberRow,
    /// Whether something was granted in it.
    pub(crate) granted: bool,
}

/// A pool of the play's.
pub(crate) struct Pool {
    /// As the activity calls it.
    pub(crate) name: String,
    pub(crate) key: PoolKey,
    pub(crate) row: PoolRow,
    /// Whether the play took from it.
    pub(crate) changed: bool,
}

/// Why points and things move, as their rows record it.
pub(crate) struct Cause {
    pub(crate) key: MemberKey,
    pub(crate) id: String,
    pub(crate) now_ms: u64,
    pub(crate) day: Day,
}

impl Stage<'_> {
    /// What surrounds the play, the pools it named included.
    pub(crate) fn context(&self, at: &Running, dice: Dice) -> Cx {
        let Cause { key, now_ms, day, .. } = &self.cause;
        let balance = self.purse.spendable(*day);
        let mut cx = context(at, *now_ms, &key.member, self.row.chances.clone(), balance, dice);
        let named = |pool: &&Pool| pool.name != Running::SLOT;
        let left = |pool: &Pool| (pool.name.clone(), pool.row.available(*day));
        cx.pools = self.pools.iter().filter(named).map(left).collect();
        cx.cards.clone_from(&self.row.cards);
        cx
    }

    /// Makes of what surrounded the play what surrounds the view after it: no pool, no item and no
    /// dice.
    pub(crate) fn seen_again(&self, cx: &mut Cx) {
        cx.chances.clone_from(&self.row.chances);
        cx.cards.clone_from(&self.row.cards);
        cx.balance = self.purse.spendable(self.cause.day);
        cx.pools.clear();
        cx.item.clear();
        cx.dice = Dice::idle();
    }

    /// The pool that counts the plays of the current time of play.
    pub(crate) fn slot(&self, at: &Running) -> Option<&PoolRow> {
        at.setup.schedule.as_ref()?;
        self.pools.iter().find(|pool| pool.name == Running::SLOT).map(|pool| &pool.row)
    }

    /// Pays, takes and gives what an event says. An error means that the rules promised what is
    /// not there: a defect of the kind, answered to this play alone.
    pub(crate) fn carry_out(&mut self, at: &Running, effects: &Effects) -> Result<(), String> {
        let Cause { day, now_ms, .. } = self.cause;
        for spend in &effects.spend {
            match spend {
                Spend::Free => self.row.chances.use_free(&at.chances, day),
                Spend::Chance if self.row.chances.use_granted(now_ms) => {}
                Spend::Chance => return Err("spends a chance that is not there".into()),
                Spend::Bought { points } => {
                    self.row.chances.use_bought(day);
                    self.redeem(*points)?;
                }
                Spend::Points { points } => self.redeem(*points)?,
            }
        }
        let mut codes = Vec::new();
        for pool in &effects.take {
            let list = pool.starts_with("codes:");
            // The coupon is owed without one, then; the store's staff see to it.
            let owed = self.promised && list && self.left(pool) == 0;
            let code = if owed { None } else { self.take(pool, 1)? };
            codes.extend(list.then_some(code));
        }
        for (index, reward) in effects.give.iter().enumerate() {
            let (budget, cost) = Budget::cost(reward);
            let cost = if self.promised { cost.min(self.left(budget)) } else { cost };
            if cost > 0 && self.pools.iter().any(|pool| pool.name == budget) {
                self.take(budget, cost)?;
            }
            let own = effects.coded.iter().position(|coded| *coded == index);
            self.give(at, reward, own.and_then(|list| codes.get(list).cloned().flatten()))?;
        }
        Ok(())
    }

    /// Counts the play in its time of play, where that takes only so many.
    pub(crate) fn count_in_slot(&mut self, at: &Running) {
        if let Some(slot) = at.counted_slot(self.cause.now_ms)
            && let Some(pool) = self.pools.iter_mut().find(|pool| pool.name == Running::SLOT)
        {
            pool.changed |= pool.row.take(1, slot_number(&slot));
        }
    }

    /// What the play came to, its rewards as they were given.
    pub(crate) fn receipt(&mut self, at: &Running, outcome: Raw, proof: Proof) -> Receipt<Raw> {
        Receipt {
            id: self.cause.id.clone(),
            activity: at.lane.activity.clone(),
            status: ReceiptStatus::Settled,
            outcome,
            rewards: std::mem::take(&mut self.rewards),
            proof,
            at_ms: self.cause.now_ms,
        }
    }

    /// How many can be taken from a pool; 0 where there is none.
    fn left(&self, name: &str) -> u64 {
        let Some(pool) = self.pools.iter().find(|pool| pool.name == name) else { return 0 };
        let list = self.codes.contains_key(&pool.key);
        pool.row.available(if list { Day::default() } else { self.cause.day })
    }

    /// Takes from a pool; the code, where it is a list of codes.
    fn take(&mut self, name: &str, count: u64) -> Result<Option<String>, String> {
        let short = || format!("takes {count} from the pool {name}, which has fewer");
        let pool = self.pools.iter_mut().find(|pool| pool.name == name).ok_or_else(short)?;
        let list = self.codes.get(&pool.key);
        // A list's day never changes, so that `taken` counts all that went.
        let day = if list.is_some() { Day::default() } else { self.cause.day };
        if !pool.row.take(count, day) {
            return Err(short());
        }
        pool.changed = true;
        let Some(list) = list else { return Ok(None) };
        let code = list.get(&pool.row.taken).ok_or_else(|| {
            format!("takes code {} of {name}, which is not there", pool.row.taken)
        })?;
        Ok(Some(code.clone()))
    }

    fn redeem(&mut self, points: u64) -> Result<(), String> {
        let there = self.book().redeem(points);
        there.then_some(()).ok_or_else(|| format!("spends {points} points that are not there"))
    }

    /// Where the member's points move.
    fn book(&mut self) -> Book<'_> {
        let Cause { key, id, now_ms, day } = &self.cause;
        let cause = Because {
            lane: &key.lane,
            member: &key.member,
            id,
            of: None,
            now_ms: *now_ms,
            day: *day,
        };
        Book { purse: &mut self.purse, transfers: &mut self.transfers, before: 0, cause }
    }

    fn give(&mut self, at: &Running, reward: &Reward, own: Option<String>) -> Result<(), String> {
        let mut reward = reward.clone();
        let now_ms = self.cause.now_ms;
        let here = |activity: &String| *activity == at.lane.activity;
        match &mut reward {
            Reward::Points { amount, expires_on, .. } => {
                // What says nothing of its own lasts as long as the store's points do; what time
                // brings about is decided without knowing it.
                let store = || at.points.expiry.last_day(self.cause.day);
                *expires_on = expires_on.or_else(store);
                let lot = Lot { expires_on: *expires_on, points: *amount };
                self.book().earn(Account::Issued, vec![lot], Reason::Earn);
            }
            Reward::Chance { activity, count, expires_on, .. } => {
                let ends = expires_on.map(|day| at.clock.begins_at_ms(Day(day.0 + 1)));
                let row = if here(activity) { &mut self.row } else { self.other(activity)? };
                row.chances.grant(*count, ends, now_ms);
            }
            Reward::Card { activity, card, .. } => {
                let row = if here(activity) { &mut self.row } else { self.other(activity)? };
                *row.cards.entry(card.clone()).or_default() += 1;
            }
            Reward::Coupon { code, .. } => {
                *code = own;
                self.hold(&reward);
            }
            _ => self.hold(&reward),
        }
        self.rewards.push(reward);
        Ok(())
    }

    /// The member's row in another activity of the same store.
    fn other(&mut self, activity: &str) -> Result<&mut MemberRow, String> {
        let found = self.others.iter_mut().find(|(key, _)| key.lane.activity == activity);
        let Some((_, other)) = found else {
            return Err(format!("grants something in {activity}, which its reads do not name"));
        };
        other.granted = true;
        Ok(&mut other.row)
    }

    fn hold(&mut self, reward: &Reward) {
        let Cause { key, id, now_ms, .. } = &self.cause;
        self.held.push(HeldRow {
            programme: key.lane.programme.clone(),
            member: key.member.clone(),
            id: format!("{id}-{}", self.held.len()),
            reward: reward.clone(),
            lane: key.lane.clone(),
            play: id.clone(),
            at_ms: *now_ms,
            status: HeldStatus::Granted,
            tracking: None,
        });
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
        sharing: true,
    }
}
