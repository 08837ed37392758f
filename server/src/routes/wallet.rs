use super::{
    Asked, PrizeId,
    body::{self, MAX_BODY},
};
use crate::{
    App,
    cursor::{Before, PAGE, after_transfer},
    now_ms,
    problems::Failure,
    stores::OpenStore,
};
use axum::{body::Body, extract::State, http::HeaderMap, response::Response};
use funfair_engine::{
    Account, Clock, Desk, Granted, HeldKey, HeldRow, Lot, PurseKey, Running, Store, Transfer,
    Unclaimed, Wants,
};
use funfair_host_api::{ChanceLot, Claim, Code, Expiring, Held, LedgerEntry, Wallet, Words};
use std::sync::Arc;

/// How many rewards are shown at most, the newest first.
const REWARDS: usize = 100;

/// `GET …/wallet`: what a member holds in the store's programme.
pub async fn read(
    State(app): State<App>,
    asked: Asked,
    before: Before,
) -> Result<Response, Failure> {
    let now_ms = now_ms();
    let store = Arc::clone(&asked.store);
    let clock = Clock::new(&store.row.zone, store.row.cutover_hour)
        .map_err(|fault| Failure::internal(&fault))?;
    let day = clock.day(now_ms);
    // Refused before the database is asked.
    before.transfer()?;
    let running = asked.all();
    let (programme, member) = (store.programme(asked.shopper.test), asked.asker.member);
    let key = PurseKey { programme: programme.clone(), member: member.clone() };
    let own = Account::Member(member.clone());
    let all = running.clone();
    let (purse, mut transfers, held, lots) = super::read(&app, move |db| {
        let wants = Wants { purses: [key].into(), ..Wants::default() };
        let purse = db.load(&wants)?.purses.into_values().next().unwrap_or_default();
        let from = before.transfer().ok().flatten();
        let transfers = db.transfers(&programme, &member, from, PAGE + 1)?;
        let lots = Desk::chances(db, &all, &member, now_ms)?;
        Ok((purse, transfers, db.held(&programme, &member, REWARDS)?, lots))
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
        worth_cents: store.points.worth_cents,
        day,
        now_ms,
        expiring: purse.lots.iter().filter_map(lapsing).collect(),
        next: last.map(|row| after_transfer(row.at_ms, &row.id)),
        entries: transfers.into_iter().map(|row| entry(&store, row, &own)).collect(),
        rewards: held.into_iter().map(|row| reward(&store, row)).collect(),
        chances: running.iter().zip(lots).flat_map(|(at, lots)| chances(at, lots)).collect(),
    })
}

/// `POST …/wallet/prizes/{prize}/claim`: the member asks for a prize, with the address where goods
/// go.
pub async fn claim(
    State(app): State<App>,
    asked: Asked,
    PrizeId(id): PrizeId,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let claim: Claim = body::exact(&body::read(&headers, body, MAX_BODY).await?)?;
    let store = Arc::clone(&asked.store);
    let programme = store.programme(asked.shopper.test);
    let key = HeldKey { programme, member: asked.asker.member, id };
    let ask = move |db: &dyn Store| Desk::claim(db, &key, &claim, now_ms());
    let said = super::write(&app, &store, ask).await??;
    match said {
        Ok(row) => super::private(&reward(&store, row)),
        Err(Unclaimed::Unknown) => Err(Failure::plain(Code::PrizeUnknown)),
        Err(Unclaimed::Closed(status)) => {
            Err(Failure::new(Code::ClaimClosed, format!("it is {}", status.name())))
        }
        // The fields and what is wrong with them; what was sent is repeated nowhere.
        Err(Unclaimed::Invalid(faults)) => {
            let faults: Vec<_> =
                faults.iter().map(|(field, why)| format!("{field}: {why}")).collect();
            Err(Failure::new(Code::ClaimInvalid, faults.join("; ")))
        }
    }
}

fn entry(store: &OpenStore, row: Transfer, own: &Account) -> LedgerEntry {
    let amount = i64::try_from(row.amount).unwrap_or(i64::MAX);
    // A fact, an adjustment or time moves points outside of any activity.
    let activity = Some(row.lane.activity).filter(|activity| !activity.is_empty());
    LedgerEntry {
        id: row.id,
        at_ms: row.at_ms,
        amount: if row.credit == *own { amount } else { -amount },
        reason: row.reason,
        title: activity.as_deref().map(|activity| title(store, activity)),
        play: activity.is_some().then_some(row.play),
        activity,
        of: row.of,
    }
}

fn reward(store: &OpenStore, row: HeldRow) -> Held {
    Held {
        id: row.id,
        reward: row.reward,
        status: row.status,
        title: title(store, &row.lane.activity),
        tracking: row.tracking,
        activity: row.lane.activity,
        play: row.play,
        at_ms: row.at_ms,
    }
}

fn chances(at: &Running, lots: Vec<Granted>) -> impl Iterator<Item = ChanceLot> {
    lots.into_iter().map(|lot| ChanceLot {
        activity: at.lane.activity.clone(),
        title: at.setup.title.clone(),
        count: lot.count,
        expires_at_ms: lot.expires_at_ms,
    })
}

/// An activity's title; its id where this release does not know its kind.
fn title(store: &OpenStore, activity: &str) -> Words {
    let open = store.activities.get(activity);
    open.map_or_else(|| Words::of(&[("en", activity)]), |open| open.live.setup.title.clone())
}
