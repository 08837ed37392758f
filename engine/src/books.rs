use crate::{
    Account, AdjustError, FactKey, FactRow, Identity, Lane, Lapsed, Lot, MemberKey, Merchant,
    Order, Profile, Purse, RecordError, Rows, Seen, StoreError, Transfer, Writes,
    ledger::{Because, Book},
    stage::MemberRow,
};
use funfair_host_api::{Adjusted, Adjustment, Day, Fact, HeldStatus, Reason, Recorded};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Why a fact is not recorded.
pub(crate) enum Wrong {
    Fact(String),
    Store(StoreError),
}

impl Wrong {
    pub(crate) fn at(self, index: usize) -> RecordError {
        match self {
            Self::Fact(reason) => RecordError::Invalid { index, reason },
            Self::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for Wrong {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// A command's working set: the rows as loaded, under the rows as it has changed them so far.
pub(crate) struct Books<'a> {
    merchant: &'a Merchant<'a>,
    rows: &'a Rows,
    now_ms: u64,
    day: Day,
    pub(crate) writes: Writes,
}

impl<'a> Books<'a> {
    pub(crate) fn new(merchant: &'a Merchant<'a>, rows: &'a Rows, now_ms: u64) -> Self {
        let day = merchant.clock.day(now_ms);
        Self { merchant, rows, now_ms, day, writes: Writes::default() }
    }

    pub(crate) fn record(&mut self, member: &str, fact: &Fact) -> Result<Recorded, Wrong> {
        let key = self.merchant.fact_key("fact", &fact.id);
        if let Some(row) = newest(&self.writes.facts, &self.rows.facts, &key) {
            return Ok(Recorded { repeated: true, ..parsed("fact", &row.result)? });
        }
        if self.is_of_nobody(fact)? {
            let recorded = Recorded { id: fact.id.clone(), repeated: false, points: 0, chances: 0 };
            // Known again, without the name of whoever asked to be erased.
            let said = Fact { sub: String::new(), ..fact.clone() };
            self.write_fact(key, "", &said, &recorded)?;
            return Ok(recorded);
        }
        self.prize(member, fact)?;
        self.profile(member, fact)?;
        let recorded = Recorded {
            id: fact.id.clone(),
            repeated: false,
            points: self.order(member, fact)?,
            chances: self.chances(member, fact)?,
        };
        self.identify(&fact.sub, member);
        self.write_fact(key, member, fact, &recorded)?;
        Ok(recorded)
    }

    /// Notes who a shopper is, for those who never played.
    fn identify(&mut self, sub: &str, member: &str) {
        let Merchant { programme, store, .. } = *self.merchant;
        self.writes.identities.insert(Identity {
            programme: programme.into(),
            store: store.into(),
            sub: sub.into(),
            member: member.into(),
        });
    }

    /// Counts a fact in its member's profile.
    fn profile(&mut self, member: &str, fact: &Fact) -> Result<(), StoreError> {
        let key = self.merchant.purse_key(member);
        let mut profile: Profile =
            read("profile", newest(&self.writes.profiles, &self.rows.profiles, &key))?;
        profile.hear(fact, self.merchant.clock.day(fact.at_ms));
        self.writes.profiles.insert(key, text(&profile)?);
        Ok(())
    }

    /// Whether it is about an order of a shopper who was erased: nobody is left to give points to
    /// or to take them from.
    fn is_of_nobody(&self, fact: &Fact) -> Result<bool, StoreError> {
        let Some(name) = &fact.order else { return Ok(false) };
        let key = self.merchant.order_key(name);
        let Some(row) = newest(&self.writes.orders, &self.rows.orders, &key) else {
            return Ok(false);
        };
        Ok(parsed::<Order>("order", row)?.member.is_empty())
    }

    /// Brings an order's points to what its facts so far come to; answers the difference.
    fn order(&mut self, member: &str, fact: &Fact) -> Result<i64, Wrong> {
        let Some(name) = &fact.order else { return Ok(0) };
        let rules = self.merchant.points;
        let key = self.merchant.order_key(name);
        let mut order = match newest(&self.writes.orders, &self.rows.orders, &key) {
            Some(order) => parsed("order", order)?,
            None => Order {
                member: member.into(),
                per_100_cents: rules.per_100_cents,
                ..Order::default()
            },
        };
        if order.member != member {
            return Err(Wrong::Fact(format!("the order {name} is another shopper's")));
        }
        order.hear(fact, rules.on);
        let (before, after) = (order.points, order.target());
        order.points = after;
        let id = cause_id("fact", self.merchant, &fact.id);
        if after > before {
            order.until = rules.expiry.last_day(self.day);
            let lot = Lot { expires_on: order.until, points: after - before };
            self.book(member, &id, Some(name), |book| {
                book.earn(Account::Issued, vec![lot], Reason::Earn);
            });
        } else {
            let until = order.until;
            self.book(member, &id, Some(name), |book| {
                book.claw(&Account::Issued, before - after, until, Reason::Refund);
            });
        }
        self.writes.orders.insert(key, text(&order)?);
        let signed = |points: u64| i64::try_from(points).unwrap_or(i64::MAX);
        Ok(signed(after) - signed(before))
    }

    /// Grants what a fact brings in the store's activities; answers how many chances.
    fn chances(&mut self, member: &str, fact: &Fact) -> Result<u64, StoreError> {
        let mut brought = 0;
        for at in self.merchant.earning(fact) {
            let key = MemberKey { lane: at.lane.clone(), member: member.into() };
            let mut row: MemberRow =
                read("member", newest(&self.writes.members, &self.rows.members, &key))?;
            brought += at.earn(&mut row.chances, fact, self.now_ms);
            self.writes.members.insert(key, text(&row)?);
        }
        Ok(brought)
    }

    /// Moves a prize on along its way, never back.
    fn prize(&mut self, member: &str, fact: &Fact) -> Result<(), Wrong> {
        let Some(prize) = &fact.prize else { return Ok(()) };
        let key = self.merchant.held_key(member, prize);
        let found = newest(&self.writes.held, &self.rows.held, &key).cloned();
        let Some(mut row) = found.filter(|row| row.lane.store == self.merchant.store) else {
            return Err(Wrong::Fact(format!("there is no prize {prize} of this shopper")));
        };
        let to = match fact.fact.as_str() {
            "prize.shipped" => HeldStatus::Shipped,
            _ => HeldStatus::Delivered,
        };
        let rank = |status| HeldStatus::ALL.iter().position(|other| *other == status);
        if rank(to) > rank(row.status) {
            row.status = to;
        }
        row.tracking = fact.tracking.clone().or(row.tracking);
        self.writes.held.insert(key, row);
        Ok(())
    }

    pub(crate) fn adjust(
        &mut self,
        member: &str,
        adjustment: &Adjustment,
        source: Option<&Transfer>,
    ) -> Result<Adjusted, AdjustError> {
        let key = self.merchant.fact_key("adjust", &adjustment.id);
        if let Some(row) = newest(&self.writes.facts, &self.rows.facts, &key) {
            return Ok(Adjusted { repeated: true, ..parsed("adjustment", &row.result)? });
        }
        let id = cause_id("adjust", self.merchant, &adjustment.id);
        if let Some(of) = &adjustment.refund_of {
            let lots = self.returned(member, of, source)?;
            self.book(member, &id, Some(of), |book| {
                book.earn(Account::Redeemed, lots, Reason::Refund);
            });
        } else {
            let points = adjustment.points.unwrap_or(0);
            let amount = points.unsigned_abs();
            let until = self.merchant.points.expiry.last_day(self.day);
            self.book(member, &id, None, |book| {
                if points > 0 {
                    let lot = Lot { expires_on: until, points: amount };
                    book.earn(Account::Adjusted, vec![lot], Reason::Adjust);
                } else {
                    book.claw(&Account::Adjusted, amount, None, Reason::Adjust);
                }
            });
        }
        self.identify(&adjustment.sub, member);
        let purse = self.purse(member);
        let adjusted = Adjusted {
            entry: format!("{id}-0"),
            repeated: false,
            balance: purse.spendable(self.day),
            owed: purse.owed,
        };
        self.write_fact(key, member, adjustment, &adjusted)?;
        if let Some(of) = &adjustment.refund_of {
            let key = self.merchant.fact_key("refund", of);
            self.write_fact(key, member, adjustment, &adjusted)?;
        }
        Ok(adjusted)
    }

    /// The lots into which a redemption goes back.
    fn returned(
        &self,
        member: &str,
        of: &str,
        source: Option<&Transfer>,
    ) -> Result<Vec<Lot>, AdjustError> {
        let own = Account::Member(member.into());
        let redeemed = |row: &&Transfer| row.debit == own && row.credit == Account::Redeemed;
        // Several stores may share a programme; each returns what was redeemed with itself.
        let here = |row: &&Transfer| row.lane.store == self.merchant.store;
        let Some(source) = source.filter(redeemed).filter(here) else {
            let reason = format!("this shopper has no redemption {of} in this store");
            return Err(AdjustError::Closed(reason));
        };
        if self.rows.facts.contains_key(&self.merchant.fact_key("refund", of)) {
            return Err(AdjustError::Closed(format!("the redemption {of} was returned already")));
        }
        let mut back = BTreeMap::<_, u64>::new();
        for lot in &source.lots {
            let until = self.merchant.points.back_until(lot.expires_on, self.day);
            *back.entry(until).or_default() += lot.points;
        }
        Ok(back.into_iter().map(|(expires_on, points)| Lot { expires_on, points }).collect())
    }

    pub(crate) fn expire(&mut self, members: &[String], day: Day) -> Lapsed {
        let mut lapsed = Lapsed::default();
        for member in members {
            let purse = self.purse(member);
            let mut old =
                purse.lots.iter().filter(|lot| lot.expires_on.is_some_and(|last| last < day));
            let Some(first) = old.next() else { continue };
            lapsed.members += 1;
            for lot in std::iter::once(first).chain(old) {
                lapsed.points += lot.points;
                let last = lot.expires_on.unwrap_or_default();
                // The day of the run, too: points may come late into a lot that has lapsed before.
                let id =
                    cause_id("expire", self.merchant, &format!("{member}\n{}\n{}", last.0, day.0));
                self.book(member, &id, None, |book| book.lapse(Some(last)));
            }
        }
        lapsed
    }

    fn purse(&self, member: &str) -> Purse {
        let key = self.merchant.purse_key(member);
        newest(&self.writes.purses, &self.rows.purses, &key).cloned().unwrap_or_default()
    }

    /// Moves a member's points.
    fn book(
        &mut self,
        member: &str,
        id: &str,
        of: Option<&str>,
        movement: impl FnOnce(&mut Book<'_>),
    ) {
        let mut purse = self.purse(member);
        // No activity moves them.
        let lane = Lane {
            programme: self.merchant.programme.into(),
            store: self.merchant.store.into(),
            activity: String::new(),
        };
        let before = self.writes.transfers.len();
        let cause = Because { lane: &lane, member, id, of, now_ms: self.now_ms, day: self.day };
        let transfers = &mut self.writes.transfers;
        movement(&mut Book { purse: &mut purse, transfers, before, cause });
        if self.writes.transfers.len() > before {
            self.writes.purses.insert(self.merchant.purse_key(member), purse);
        }
    }

    fn write_fact<T: Serialize, R: Serialize>(
        &mut self,
        key: FactKey,
        member: &str,
        said: &T,
        result: &R,
    ) -> Result<(), StoreError> {
        let (said, result) = (text(said)?, text(result)?);
        let row = FactRow { member: member.into(), said, result, at_ms: self.now_ms };
        self.writes.facts.insert(key, row);
        Ok(())
    }
}

impl Profile {
    /// Takes in a fact of `day`: whatever comes late changes nothing that a later one said.
    fn hear(&mut self, fact: &Fact, day: Day) {
        let seen = self.facts.entry(fact.fact.clone()).or_default();
        seen.count += 1;
        let at = seen.days.partition_point(|other| *other > day);
        seen.days.insert(at, day);
        seen.days.truncate(Seen::KEPT);
        if fact.fact == "member.joined" {
            self.joined = Some(self.joined.map_or(day, |joined| joined.min(day)));
        }
        if let Some(tier) = fact.tier.as_ref().filter(|_| fact.at_ms >= self.updated_at_ms) {
            self.tier = Some(tier.clone()).filter(|tier| !tier.is_empty());
            self.updated_at_ms = fact.at_ms;
        }
        if let Some(tags) = fact.tags.as_ref().filter(|_| fact.at_ms >= self.tagged_at_ms) {
            self.tags.clone_from(tags);
            self.tagged_at_ms = fact.at_ms;
        }
    }
}

/// A row as the command has changed it, else as it was loaded.
fn newest<'a, K: Ord, V>(
    writes: &'a BTreeMap<K, V>,
    rows: &'a BTreeMap<K, V>,
    key: &K,
) -> Option<&'a V> {
    writes.get(key).or_else(|| rows.get(key))
}

/// The id of what moves points: derived, so that it needs no entropy and a retry has the same.
fn cause_id(what: &str, merchant: &Merchant<'_>, id: &str) -> String {
    let Merchant { programme, store, .. } = merchant;
    let digest = Sha256::digest(format!("{what}\n{programme}\n{store}\n{id}"));
    hex::encode(digest.get(..12).unwrap_or_default())
}

fn read<T: DeserializeOwned + Default>(what: &str, row: Option<&String>) -> Result<T, StoreError> {
    row.map_or_else(|| Ok(T::default()), |row| parsed(what, row))
}

fn parsed<T: DeserializeOwned>(what: &str, row: &str) -> Result<T, StoreError> {
    serde_json::from_str(row).map_err(|error| StoreError::Unreadable {
        row: format!("of a {what}"),
        reason: error.to_string(),
    })
}

fn text<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Database(error.to_string()))
}
