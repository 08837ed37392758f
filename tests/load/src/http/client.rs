//! A shopper over HTTP, who plays one activity after another as fast as answers come.

use super::{page::Page, server::Server, wire::Wire};
use crate::{
    ground::{Ground, PLAYS_A_MEMBER, Rows},
    measure::Times,
    token::Signer,
};
use anyhow::{Context, Result, bail};
use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

/// What all clients of a run share.
pub struct Crowd {
    /// The server.
    pub server: SocketAddr,
    /// What signs their tokens.
    pub signer: Signer,
    /// How plays are spread.
    pub rows: Rows,
    /// Each activity.
    pub pages: Vec<Page>,
}

impl Crowd {
    /// Whoever plays on this server.
    pub fn at(server: &Server, ground: &Ground) -> Self {
        let pages = ground.activities.iter().map(|at| Page {
            store: at.lane.store.clone(),
            activity: at.lane.activity.clone(),
            revision: at.revision.clone(),
        });
        Self {
            server: server.address,
            signer: Signer::new(),
            rows: ground.rows,
            pages: pages.collect(),
        }
    }
}

/// One closed-loop client: it sends its next play when the last one is answered.
pub struct Client {
    crowd: Arc<Crowd>,
    wire: Wire,
    number: usize,
    seats: Vec<Seat>,
    sent: u64,
}

/// One of the activities that a client plays.
struct Seat {
    activity: usize,
    token: String,
    commitment: String,
    plays: u64,
}

/// What a client was answered.
#[derive(Clone, Debug, Default)]
pub struct Answered {
    /// Plays that were accepted.
    pub accepted: u64,
    /// Plays that the rules refused, which is an answer.
    pub refused: u64,
    /// Told to come back later: 503 and 429.
    pub later: u64,
    /// How long each accepted or refused one took.
    pub times: Times,
}

impl Answered {
    /// Counts another client's answers too.
    pub fn add(&mut self, other: &Self) {
        self.accepted += other.accepted;
        self.refused += other.refused;
        self.later += other.later;
        self.times.add(&other.times);
    }
}

impl Client {
    /// Connects, signs its tokens and asks how things stand in each of its activities.
    pub async fn seated(
        crowd: Arc<Crowd>,
        number: usize,
        share: impl Iterator<Item = usize>,
    ) -> Result<Self> {
        let wire = Wire::to(crowd.server).await?;
        let mut this = Self { crowd, wire, number, seats: Vec::new(), sent: 0 };
        for activity in share {
            let seat = Seat { activity, token: String::new(), commitment: String::new(), plays: 0 };
            this.seats.push(seat);
            this.sit(this.seats.len() - 1).await?;
        }
        Ok(this)
    }

    /// Becomes a member who has not played in this seat's activity yet.
    async fn sit(&mut self, at: usize) -> Result<()> {
        let seat = &mut self.seats[at];
        let page = &self.crowd.pages[seat.activity];
        let sub = format!("shopper-{}-{}", self.number, seat.plays / PLAYS_A_MEMBER);
        seat.token = self.crowd.signer.token(&page.store, &sub);
        self.wire.ask_patiently(&page.me(&seat.token)).await?;
        seat.commitment = self.wire.last("commitment").context("a commitment")?.into();
        Ok(())
    }

    /// Plays until this moment.
    pub async fn plays_until(mut self, until: Instant) -> Result<Answered> {
        let mut answered = Answered::default();
        while Instant::now() < until {
            self.play(&mut answered).await?;
        }
        Ok(answered)
    }

    /// Plays once.
    pub async fn play(&mut self, answered: &mut Answered) -> Result<()> {
        let at = usize::try_from(self.sent % self.seats.len() as u64)?;
        self.sent += 1;
        let seat = &mut self.seats[at];
        let key = format!("load-{:06}-{:010}", self.number, self.sent);
        let (page, action) = (&self.crowd.pages[seat.activity], self.crowd.rows.action());
        let request = page.play(&seat.token, &key, action, &seat.commitment);
        let start = Instant::now();
        let status = self.wire.ask(&request).await?;
        let took = start.elapsed();
        match status {
            200 => {
                seat.commitment.clear();
                seat.commitment.push_str(self.wire.last("commitment").context("a commitment")?);
                seat.plays += 1;
                answered.accepted += 1;
                answered.times.record(took);
                if seat.plays.is_multiple_of(PLAYS_A_MEMBER) {
                    self.sit(at).await?;
                }
            }
            // The rules' no; a run on sold-out rows is made of these.
            409 if self.wire.last("code") == Some("refused") => {
                answered.refused += 1;
                answered.times.record(took);
            }
            429 | 503 => {
                answered.later += 1;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            other => {
                bail!("a play got {other}: {}", String::from_utf8_lossy(self.wire.body()));
            }
        }
        Ok(())
    }
}
