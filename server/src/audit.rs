//! Whether the books are right: read alone, as of one moment, beside a server that writes.

use crate::{
    Admin, AdminError,
    database::{OrderRow, PurseRow, Snapshot, StoreRow},
    stores::OpenActivity,
};
use funfair_engine::{Account, Lane, LaneRow, Lot, PoolKey, StoreError, Transfer};
use funfair_host_api::{Day, Reason};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// What an audit found.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// The programmes that were looked at.
    pub programmes: Vec<String>,
    /// What was looked at, one line each.
    pub checks: Vec<Check>,
}

/// One sort of thing that an audit looks at.
#[derive(Debug, Serialize)]
pub struct Check {
    /// What has to hold.
    pub name: &'static str,
    /// How many were looked at.
    pub looked: u64,
    /// How many are not right.
    pub wrong: u64,
    /// The first of those.
    pub findings: Vec<String>,
}

/// How many findings of one sort are kept.
const KEPT: usize = 20;

/// What has to hold, in the order in which it is told.
const NAMES: [&str; 10] = [
    "transfers name accounts of their member and balanced lots",
    "transfers, lots and balances of every member agree",
    "what members owe is what their transfers say",
    "points are due to lapse on the soonest day of their lots",
    "every programme sums to zero",
    "returns do not exceed what was redeemed",
    "orders brought the points that their transfers say",
    "no pool gave more than it had",
    "codes went once each, in their order",
    "plays are numbered without a gap, receipts name their play and activity",
];
const TRANSFERS: usize = 0;
const PURSES: usize = 1;
const OWED: usize = 2;
const LAPSES: usize = 3;
const PROGRAMME: usize = 4;
const RETURNS: usize = 5;
const ORDERS: usize = 6;
const POOLS: usize = 7;
const CODES: usize = 8;
const PLAYS: usize = 9;

impl Admin<'_> {
    /// Audits the programme of a store, or all of them.
    pub fn audit(&self, store: Option<&str>) -> Result<Report, AdminError> {
        let stores = self.stores()?;
        let only = store.map(|store| self.store(store)).transpose()?.map(|row| row.programme);
        let all: BTreeSet<_> = stores.iter().map(|row| row.programme.clone()).collect();
        let programmes: Vec<_> =
            all.into_iter().filter(|one| only.as_ref().is_none_or(|only| one == only)).collect();
        let audit = self.db.snapshot(|rows| {
            let mut audit = Audit::default();
            programmes.iter().try_for_each(|programme| {
                let of = stores.iter().filter(|row| row.programme == *programme);
                let of: Vec<_> = of.collect();
                audit.programme(rows, programme)?;
                audit.pools(self, rows, programme, &of)?;
                audit.plays(rows, programme)
            })?;
            Ok::<_, StoreError>(audit)
        })?;
        let check = |(name, (looked, wrong, findings))| Check { name, looked, wrong, findings };
        let checks: Vec<_> = NAMES.into_iter().zip(audit.checks).map(check).collect();
        Ok(Report { ok: checks.iter().all(|check| check.wrong == 0), programmes, checks })
    }
}

#[derive(Default)]
struct Audit {
    /// How many were looked at, how many are wrong, the first of those.
    checks: [(u64, u64, Vec<String>); NAMES.len()],
}

/// The purses of a programme, by their members, beside the walk over transfers.
struct Purses<'a> {
    rows: &'a Snapshot<'a>,
    programme: &'a str,
    page: VecDeque<PurseRow>,
    /// After whom the next page begins; nothing at the end.
    after: Option<String>,
    /// What the purses so far come to.
    sum: i128,
}

impl Purses<'_> {
    /// The next purse, if it is such a one.
    fn next(
        &mut self,
        such: impl FnOnce(&PurseRow) -> bool,
    ) -> Result<Option<PurseRow>, StoreError> {
        if self.page.is_empty()
            && let Some(after) = self.after.take()
        {
            self.page = self.rows.purses(self.programme, &after)?.into();
            self.after = self.page.back().map(|row| row.member.clone());
        }
        let Some(row) = self.page.pop_front_if(|row| such(row)) else { return Ok(None) };
        self.sum += i128::from(row.purse.points) - i128::from(row.purse.owed);
        Ok(Some(row))
    }
}

/// What one member's transfers come to.
#[derive(Default)]
struct Tally {
    member: String,
    lots: BTreeMap<Option<Day>, i128>,
    owed: i128,
    /// What was redeemed and what of it came back, by the redemption's id.
    redeemed: BTreeMap<String, u64>,
    returned: BTreeMap<String, u64>,
}

impl Audit {
    fn looked(&mut self, check: usize, many: u64) {
        self.checks[check].0 += many;
    }

    fn expect(&mut self, check: usize, holds: bool, finding: impl FnOnce() -> String) {
        self.looked(check, 1);
        if !holds {
            let (_, wrong, findings) = &mut self.checks[check];
            *wrong += 1;
            if findings.len() < KEPT {
                findings.push(finding());
            }
        }
    }

    /// The ledger: member by member, then the whole.
    fn programme(&mut self, rows: &Snapshot<'_>, programme: &str) -> Result<(), StoreError> {
        // Of the house's accounts.
        let (mut tally, mut house) = (Tally::default(), 0);
        let mut purses =
            Purses { rows, programme, page: VecDeque::new(), after: Some(String::new()), sum: 0 };
        rows.transfers(programme, &mut |member, row| {
            if tally.member != member {
                let last = std::mem::replace(&mut tally, Tally { member, ..Tally::default() });
                self.member(&mut purses, last)?;
            }
            self.transfer(&mut tally, &mut house, &row);
            Ok(())
        })?;
        self.member(&mut purses, tally)?;
        while let Some(row) = purses.next(|_| true)? {
            self.purse(programme, &row, false);
        }
        let sum = purses.sum + house;
        self.expect(PROGRAMME, sum == 0, || {
            format!("{programme}: members' accounts and the house's sum to {sum}")
        });
        rows.orders(programme, &mut |OrderRow { store, id, order, booked }| {
            let Some(order) = order else {
                return self.expect(ORDERS, false, || {
                    format!(
                        "{store}: transfers of {booked} points name order {id}, which is unknown"
                    )
                });
            };
            self.expect(ORDERS, i64::try_from(order.points) == Ok(booked), || {
                let points = order.points;
                format!("{store}: order {id} brought {points} points, its transfers {booked}")
            });
        })
    }

    fn transfer(&mut self, tally: &mut Tally, sum: &mut i128, row: &Transfer) {
        let (own, owed) =
            (Account::Member(tally.member.clone()), Account::Owed(tally.member.clone()));
        let house = |account: &Account| !matches!(account, Account::Member(_) | Account::Owed(_));
        let fits = |account: &Account| house(account) || *account == own || *account == owed;
        let accounts = fits(&row.debit)
            && fits(&row.credit)
            && row.debit != row.credit
            && !(house(&row.debit) && house(&row.credit));
        let of_lots = row.debit == own || row.credit == own;
        let amount: u64 = row.lots.iter().map(|lot| lot.points).sum();
        let lots = if of_lots { amount == row.amount } else { row.lots.is_empty() };
        self.expect(TRANSFERS, accounts && lots, || {
            let (debit, credit) = (row.debit.text(), row.credit.text());
            format!("{}: {} points from {debit} to {credit}, {amount} in lots", row.id, row.amount)
        });
        for (account, sign) in [(&row.debit, -1), (&row.credit, 1)] {
            let points = sign * i128::from(row.amount);
            if *account == own {
                for Lot { expires_on, points } in &row.lots {
                    *tally.lots.entry(*expires_on).or_default() += sign * i128::from(*points);
                }
            } else if *account == owed {
                tally.owed -= points;
            } else if house(account) {
                *sum += points;
            }
        }
        if row.credit == Account::Redeemed {
            tally.redeemed.insert(row.id.clone(), row.amount);
        }
        let Some(of) = &row.of else { return };
        if row.debit == Account::Redeemed && row.reason == Reason::Refund {
            *tally.returned.entry(of.clone()).or_default() += row.amount;
        }
    }

    fn member(&mut self, purses: &mut Purses<'_>, mut tally: Tally) -> Result<(), StoreError> {
        let (member, programme) = (tally.member, purses.programme);
        if member.is_empty() {
            return Ok(());
        }
        while let Some(row) = purses.next(|row| row.member < member)? {
            self.purse(programme, &row, false);
        }
        let row = purses.next(|row| row.member == member)?;
        if let Some(row) = &row {
            self.purse(programme, row, true);
        }
        let purse = row.map(|row| row.purse).unwrap_or_default();
        tally.lots.retain(|_, points| *points != 0);
        let lots = purse.lots.iter().filter(|lot| lot.points > 0);
        let lots: BTreeMap<_, _> =
            lots.map(|lot| (lot.expires_on, i128::from(lot.points))).collect();
        let sum: i128 = lots.values().sum();
        let booked: i128 = tally.lots.values().sum();
        self.expect(PURSES, lots == tally.lots && sum == i128::from(purse.points), || {
            let points = purse.points;
            format!(
                "{programme}: {member} has {points} points, {sum} in lots, {booked} by transfers"
            )
        });
        self.expect(OWED, tally.owed == i128::from(purse.owed), || {
            let (owed, booked) = (purse.owed, tally.owed);
            format!("{programme}: {member} owes {owed} points, {booked} by transfers")
        });
        for (of, points) in tally.returned {
            let source = tally.redeemed.get(&of).copied();
            self.expect(RETURNS, source.is_some_and(|source| points <= source), || {
                let source = source.unwrap_or(0);
                format!("{programme}: {points} points came back of {of}, which took {source}")
            });
        }
        Ok(())
    }

    /// A purse by itself; `moved` where a transfer names its member.
    fn purse(&mut self, programme: &str, row: &PurseRow, moved: bool) {
        let PurseRow { member, lapses_on, purse } = row;
        if !moved && (purse.points > 0 || purse.owed > 0) {
            self.expect(PURSES, false, || format!("{programme}: {member} has points from nowhere"));
        }
        let soonest = purse.lots.iter().filter_map(|lot| lot.expires_on).min();
        self.expect(LAPSES, *lapses_on == soonest, || {
            let said = |day: Option<Day>| day.map_or_else(|| "never".into(), Day::text);
            let (due, soonest) = (said(*lapses_on), said(soonest));
            format!("{programme}: points of {member} are due to lapse {due}, their lots {soonest}")
        });
    }

    /// Stock: what is left, against what the revisions in force began with.
    fn pools(
        &mut self,
        admin: &Admin<'_>,
        rows: &Snapshot<'_>,
        programme: &str,
        stores: &[&StoreRow],
    ) -> Result<(), StoreError> {
        let mut stock = BTreeMap::<PoolKey, u64>::new();
        for store in stores {
            for revision in rows.activities(store)? {
                let Ok(open) = OpenActivity::read(store, &revision, &admin.kinds()) else {
                    continue;
                };
                for (key, pool) in open.live.pools() {
                    let most = stock.entry(key).or_default();
                    *most = pool.left.max(*most);
                }
            }
        }
        for (key, pool) in rows.pools(programme)? {
            let name = &key.pool;
            if name.starts_with("codes:") {
                let codes = rows.codes(&key)?;
                let whole = codes.last == codes.count && pool.left + pool.taken == codes.count;
                self.expect(CODES, whole, || {
                    let (left, taken) = (pool.left, pool.taken);
                    format!("{name}: {} codes, {left} left and {taken} gone", codes.count)
                });
                continue;
            }
            let most = stock.get(&key).copied().unwrap_or(u64::MAX);
            let daily = pool.daily.is_none_or(|daily| pool.taken <= daily);
            self.expect(POOLS, pool.left <= most && daily, || {
                let (left, taken) = (pool.left, pool.taken);
                format!("{name}: {left} left of {most}, {taken} gone on {}", pool.day.text())
            });
        }
        let mut last = None;
        rows.coupons(programme, &mut |id, code| {
            self.expect(CODES, last.as_ref() != Some(&code), || {
                format!("{programme}: {id} has the code of another reward")
            });
            last = Some(code);
        })
    }

    fn plays(&mut self, rows: &Snapshot<'_>, programme: &str) -> Result<(), StoreError> {
        for (lane, LaneRow { seq, .. }) in rows.lanes(programme)? {
            let Lane { store, activity, .. } = &lane;
            let mut last = 0;
            rows.plays(&lane, &mut |number, id, receipt| {
                self.expect(PLAYS, number == last + 1, || {
                    format!("{store}/{activity}: play {number} follows {last}")
                });
                last = number;
                // What time brought about has no receipt.
                let named = serde_json::from_str::<Named>(&receipt).ok();
                let own = |named: &Named| named.id == id && named.activity == *activity;
                self.expect(PLAYS, receipt.is_empty() || named.as_ref().is_some_and(own), || {
                    format!("{store}/{activity}: the receipt of play {number} is of another")
                });
            })?;
            self.expect(PLAYS, last == seq, || {
                format!("{store}/{activity}: {seq} plays were accepted, the last is {last}")
            });
        }
        Ok(())
    }
}

/// What a receipt says of its play.
#[derive(Deserialize)]
struct Named {
    id: String,
    activity: String,
}
