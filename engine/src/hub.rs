//! How a shopper stands across a store's activities: one read for all of them, and no writes.

use crate::{
    Asker, Denial, Desk, Granted, MemberKey, Rows, Running, Store, StoreError, Wants,
    stage::MemberRow, work::Work,
};
use funfair_host_api::{ActivityState, Barrier, Day};
use std::sync::Arc;

/// How a shopper stands in one activity, as a list of activities says it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stand {
    /// Whether there is something to do now.
    pub open: bool,
    /// What stands in the way, where it is not the dates.
    pub barrier: Option<Barrier>,
    /// When there is something to do next, where it is not now.
    pub next_at_ms: Option<u64>,
}

/// How many business days are looked ahead: every weekday comes within them.
const AHEAD: i32 = 8;

impl Desk {
    /// How a shopper stands in each of these activities, in their order; for a visitor, by a member
    /// id that nobody has, how a new member would.
    pub fn hub(
        store: &dyn Store,
        all: &[Arc<Running>],
        asker: &Asker,
        now_ms: u64,
    ) -> Result<Vec<Result<Stand, Denial>>, StoreError> {
        let mut wants = Wants::default();
        for at in all {
            wants.own_rows(at, &asker.member);
        }
        let rows = store.load(&wants)?;
        Ok(all.iter().map(|at| stand(&rows, at, asker, now_ms)).collect())
    }

    /// A member's earned chances in each of these activities, in their order, lot by lot. Those of
    /// an activity that is over have lapsed with it.
    pub fn chances(
        store: &dyn Store,
        all: &[Arc<Running>],
        member: &str,
        now_ms: u64,
    ) -> Result<Vec<Vec<Granted>>, StoreError> {
        let key = |at: &Arc<Running>| MemberKey { lane: at.lane.clone(), member: member.into() };
        let wants = Wants { members: all.iter().map(key).collect(), ..Wants::default() };
        let rows = store.load(&wants)?.members;
        all.iter()
            .map(|at| match rows.get(&key(at)).filter(|_| !at.is_over(now_ms)) {
                None => Ok(Vec::new()),
                Some(row) => {
                    let row: MemberRow =
                        serde_json::from_str(row).map_err(|error| StoreError::Unreadable {
                            row: format!("a member's in {}", at.lane.activity),
                            reason: error.to_string(),
                        })?;
                    Ok(row.chances.lots(now_ms))
                }
            })
            .collect()
    }
}

fn stand(rows: &Rows, at: &Running, asker: &Asker, now_ms: u64) -> Result<Stand, Denial> {
    // The barrier, and whether there is something to do at a moment, as far as is known now.
    let seen = |now_ms: u64| {
        let me = Work::new(rows, now_ms).me(at, asker, None)?;
        let idle = me.barrier.is_some() || at.game.moves(&me.view).is_empty();
        Ok((me.barrier, !idle && at.is_open(now_ms)))
    };
    let (barrier, open) = seen(now_ms)?;
    if open {
        return Ok(Stand { open, barrier, next_at_ms: None });
    }
    if at.is_over(now_ms) || at.state == ActivityState::Paused {
        return Ok(Stand { open, barrier, next_at_ms: None });
    }
    let mut next_at_ms = match &barrier {
        // No day of the calendar makes these go away.
        Some(Barrier::NotEligible { .. }) => return Ok(Stand { open, barrier, next_at_ms: None }),
        Some(Barrier::Passphrase { again_at_ms, .. }) => *again_at_ms,
        _ => None,
    };
    if next_at_ms.is_none() {
        for moment in coming(at, now_ms) {
            if seen(moment)?.1 {
                next_at_ms = Some(moment);
                break;
            }
        }
    }
    Ok(Stand { open, barrier, next_at_ms })
}

/// The moments at which there may be something to do again: the opening, the next time of play,
/// the first one of each of the next days.
fn coming(at: &Running, now_ms: u64) -> Vec<u64> {
    let setup = &at.setup;
    let from = now_ms.max(setup.opens_at_ms.saturating_sub(1));
    let today = at.clock.day(from);
    let days = (1..=AHEAD).map(|ahead| at.clock.begins_at_ms(Day(today.0 + ahead)));
    let mut moments: Vec<_> = match &setup.schedule {
        None => Some(setup.opens_at_ms).into_iter().chain(days).collect(),
        Some(schedule) => {
            let opening = Some(setup.opens_at_ms)
                .filter(|opens| schedule.current(*opens, &at.clock).is_some());
            let next = |after: u64| schedule.next_at_ms(after, setup.closes_at_ms, &at.clock);
            let starts = days.filter_map(|day| next(day.saturating_sub(1)));
            opening.into_iter().chain(next(from)).chain(starts).collect()
        }
    };
    moments.retain(|moment| (now_ms + 1..setup.closes_at_ms).contains(moment));
    moments.sort_unstable();
    moments.dedup();
    moments
}
