use crate::{
    Account, Budget, Chances, Cx, Dice, Effects, HeldRow, Lot, MemberKey, Passing, PoolKey,
    PoolRow, Purse, Reads, Running, Spend, Transfer,
    access::slot_number,
    ledger::{Because, Book},
    work::context,
};
use funfair_host_api::{Day, HeldStatus, Proof, Reason, Receipt, ReceiptStatus, Reward, json::Raw};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A member's row in an activity: what the engine keeps of every member, and the kind's own state.
#[derive(Clone, Default, PartialEq, Serialize, Deserialize)]
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
    pub(crate) state: Option<Raw>,
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
        self.state.as_ref().map_or_else(String::new, |state| state.text().into())
    }
}

/// What one play changes, kept apart until the whole play has succeeded.
pub(crate) struct Stage {
    pub(crate) cause: Cause,
    pub(crate) row: MemberRow,
    /// The member's rows in other activities that the play may grant something in.
    pub(crate) others: BTreeMap<MemberKey, MemberRow>,
    pub(crate) purse: Purse,
    pub(crate) pools: BTreeMap<PoolKey, PoolRow>,
    /// The codes that go next from each list.
    pub(crate) codes: BTreeMap<PoolKey, BTreeMap<u64, String>>,
    /// Whether time gives what a play had promised: then neither an empty budget nor a list
    /// without codes is in the way.
    pub(crate) promised: bool,
    pub(crate) transfers: Vec<Transfer>,
    pub(crate) held: Vec<HeldRow>,
    pub(crate) rewards: Vec<Reward>,
}

/// Why points and things move, as their rows record it.
pub(crate) struct Cause {
    pub(crate) key: MemberKey,
    pub(crate) id: String,
    pub(crate) now_ms: u64,
    pub(crate) day: Day,
}

impl Stage {
    /// What surrounds the play, the pools it named included.
    pub(crate) fn context(&self, at: &Running, reads: &Reads, dice: Dice) -> Cx {
        let Cause { key, now_ms, day, .. } = &self.cause;
        let balance = self.purse.spendable(*day);
        let mut cx = context(at, *now_ms, &key.member, self.row.chances.clone(), balance, dice);
        let left = |id: &String| {
            Some((id.clone(), self.pools.get(&PoolKey::of(&at.lane, id))?.available(*day)))
        };
        let budget = at.setup.budget.stock();
        let named = reads.pools.iter().chain(budget.iter().map(|stock| &stock.pool));
        cx.pools = named.filter_map(left).collect();
        cx.cards.clone_from(&self.row.cards);
        cx
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
            let key = PoolKey::of(&at.lane, pool);
            let list = pool.starts_with("codes:");
            // The coupon is owed without one, then; the store's staff see to it.
            let owed = self.promised && list && self.left(&key) == 0;
            let code = if owed { None } else { self.take(&key, 1)? };
            codes.extend(list.then_some(code));
        }
        for (index, reward) in effects.give.iter().enumerate() {
            let (budget, cost) = Budget::cost(reward);
            let budget = PoolKey::of(&at.lane, budget);
            let cost = if self.promised { cost.min(self.left(&budget)) } else { cost };
            if cost > 0 && self.pools.contains_key(&budget) {
                self.take(&budget, cost)?;
            }
            let own = effects.coded.iter().position(|coded| *coded == index);
            self.give(at, reward, own.and_then(|list| codes.get(list).cloned().flatten()))?;
        }
        Ok(())
    }

    /// Counts the play in its time of play, where that takes only so many.
    pub(crate) fn count_in_slot(&mut self, at: &Running) {
        if let Some(slot) = at.counted_slot(self.cause.now_ms)
            && let Some(pool) = self.pools.get_mut(&PoolKey::of(&at.lane, Running::SLOT))
        {
            pool.take(1, slot_number(&slot));
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
    fn left(&self, key: &PoolKey) -> u64 {
        let day = if self.codes.contains_key(key) { Day::default() } else { self.cause.day };
        self.pools.get(key).map_or(0, |row| row.available(day))
    }

    /// Takes from a pool; the code, where it is a list of codes.
    fn take(&mut self, key: &PoolKey, count: u64) -> Result<Option<String>, String> {
        let list = self.codes.get(key);
        // A list's day never changes, so that `taken` counts all that went.
        let day = if list.is_some() { Day::default() } else { self.cause.day };
        let row = self.pools.get_mut(key).filter(|row| row.available(day) >= count);
        let Some(row) = row else {
            return Err(format!("takes {count} from the pool {}, which has fewer", key.pool));
        };
        row.take(count, day);
        let Some(list) = list else { return Ok(None) };
        let code = list.get(&row.taken).ok_or_else(|| {
            format!("takes code {} of {}, which is not there", row.taken, key.pool)
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
        let row = self.others.iter_mut().find(|(key, _)| key.lane.activity == activity);
        let row = row.map(|(_, row)| row);
        row.ok_or_else(|| format!("grants something in {activity}, which its reads do not name"))
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
