//! The load in process: through the writer into a real database, without HTTP.

mod alone;
mod arrival;
mod crowd;

pub use alone::one_transaction;
pub use arrival::arrival_order;
pub use crowd::{Limit, Load, on_rows, through_the_writer};

use crate::ground::{Ground, PLAYS_A_MEMBER, Rows};
use anyhow::{Context, Result};
use funfair_engine::{Asker, Play, Running};
use funfair_host_api::json::Raw;
use std::sync::Arc;

/// A shopper in process, who plays one activity after another.
pub struct Member {
    number: usize,
    action: Raw,
    /// Where the next play is, as whom, and how many this one has played there.
    turns: Box<dyn FnMut(u64) -> Turn + Send>,
    /// Plays that were accepted, or are not answered yet.
    sent: u64,
    tried: u64,
}

/// Where and as whom a play is.
pub struct Turn {
    /// The activity.
    pub at: Arc<Running>,
    /// The store's name for the shopper.
    pub sub: String,
    /// How many plays the shopper has had accepted there.
    pub played: u64,
}

impl Member {
    /// The client with this number, of so many: one activity of its share after the other, as a
    /// member who becomes another when the free plays are used up.
    pub fn of(ground: &Ground, number: usize, clients: usize) -> Result<Self> {
        let share = ground.share(number, clients);
        let seats: Vec<_> = share.map(|at| Arc::clone(&ground.activities[at])).collect();
        // What draws nothing spends no seed.
        let draws = u64::from(ground.rows != Rows::SoldOut);
        let turn = move |sent: u64| {
            let (seat, round) = (sent % seats.len() as u64, sent / seats.len() as u64);
            let seat = usize::try_from(seat).unwrap_or_default();
            Turn {
                at: Arc::clone(&seats[seat]),
                sub: format!("shopper-{number:06}-{}", round / PLAYS_A_MEMBER),
                played: round % PLAYS_A_MEMBER * draws,
            }
        };
        Self::by(ground, number, turn)
    }

    /// The client with this number, whose turn after so many accepted plays is as told.
    pub fn by(
        ground: &Ground,
        number: usize,
        turns: impl FnMut(u64) -> Turn + Send + 'static,
    ) -> Result<Self> {
        let action = Raw::parse(ground.rows.action()).context("an action")?;
        Ok(Self { number, action, turns: Box::new(turns), sent: 0, tried: 0 })
    }

    /// The next play. That it is right rests on each one before having been accepted.
    pub fn next(&mut self) -> Play {
        let Turn { at, sub, played } = (self.turns)(self.sent);
        self.sent += 1;
        self.tried += 1;
        let member = member_of(&at.lane.store, &sub);
        Play {
            // As a server has it, which knows from then on that it is recorded.
            identity: (played == 0).then(|| (at.lane.store.clone(), sub)),
            key: key_of(self.number, self.tried),
            body_hash: "0".repeat(64),
            action: self.action.clone(),
            client_seed: "load-seed".into(),
            commitment: at.key.seed(&at.lane.programme, &member, played).commitment(),
            revision: at.revision.clone(),
            asker: Asker::from(member.as_str()),
            at,
        }
    }

    /// Takes back what the last play was counted for: it was not accepted.
    pub fn not_accepted(&mut self) {
        self.sent -= 1;
    }
}

/// The member that a store's shopper is, in a load in process.
pub fn member_of(store: &str, sub: &str) -> String {
    format!("{store}-{sub}")
}

/// The idempotency key of a client's play with this number, counted from 1.
fn key_of(client: usize, sent: u64) -> String {
    format!("load-{client:06}-{sent:010}")
}
