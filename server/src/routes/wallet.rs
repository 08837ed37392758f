use super::Asked;
use crate::{
    App,
    cursor::{Before, PAGE, after_transfer},
    now_ms,
    problems::Failure,
};
use axum::{extract::State, response::Response};
use funfair_engine::{Account, Clock, HeldRow, Lot, PurseKey, Transfer, Wants};
use funfair_host_api::{Expiring, Held, LedgerEntry, Wallet, Words};

/// How many rewards are shown at most, the newest first.
const REWARDS: usize = 100;

/// `GET …/wallet`: what a member holds in the store's programme.
pub async fn read(
    State(app): State<App>,
    asked: Asked,
    before: Before,
) -> Result<Response, Failure> {
    let row = &asked.store.row;
    let clock =
        Clock::new(&row.zone, row.cutover_hour).map_err(|fault| Failure::internal(&fault))?;
    let day = clock.day(now_ms());
    // Refused before the database is asked.
    before.transfer()?;
    let (programme, member) = (asked.store.programme(asked.shopper.test), asked.member);
    let key = PurseKey { programme: programme.clone(), member: member.clone() };
    let own = Account::Member(member.clone());
    let (purse, mut transfers, held) = super::read(&app, move |db| {
        let wants = Wants { purses: [key].into(), ..Wants::default() };
        let purse = db.load(&wants)?.purses.into_values().next().unwrap_or_default();
        let from = before.transfer().ok().flatten();
        let transfers = db.transfers(&programme, &member, from, PAGE + 1)?;
        Ok((purse, transfers, db.held(&programme, &member, REWARDS)?))
    })
    .await?;
    let more = transfers.len() > PAGE;
    transfers.truncate(PAGE);
    let last = transfers.last().filter(|_| more);
    let lapsing = |lot: &Lot| {
        let expires_on = lot.expires_on.filter(|last| day <= *last)?;
        Some(Expiring { amount: lot.points, expires_on })
    };
    super::private(&Wallet {
        balance: purse.spendable(day),
        owed: purse.owed,
        worth_cents: None,
        day,
        now_ms: now_ms(),
        chances: Vec::new(),
        expiring: purse.lots.iter().filter_map(lapsing).collect(),
        next: last.map(|row| after_transfer(row.at_ms, &row.id)),
        entries: transfers.into_iter().map(|row| entry(row, &own)).collect(),
        rewards: held.into_iter().map(reward).collect(),
    })
}

fn entry(row: Transfer, own: &Account) -> LedgerEntry {
    let amount = i64::try_from(row.amount).unwrap_or(i64::MAX);
    LedgerEntry {
        id: row.id,
        at_ms: row.at_ms,
        amount: if row.credit == *own { amount } else { -amount },
        reason: row.reason,
        activity: Some(row.lane.activity),
        title: None,
        of: row.of,
        play: Some(row.play),
    }
}

fn reward(row: HeldRow) -> Held {
    Held {
        id: row.id,
        reward: row.reward,
        status: row.status,
        title: Words::default(),
        tracking: row.tracking,
        activity: row.lane.activity,
        play: row.play,
        at_ms: row.at_ms,
    }
}
