use crate::{Chances, Dice, Fault};
use funfair_host_api::{Day, Kind, Odds, Reward};
use std::collections::BTreeMap;

/// The authority's side of a [`Kind`]: its configuration, its state and what a play does.
///
/// Every function is pure. `decide` reads and answers events; `evolve` writes and never fails, so
/// that replaying the events gives the stored state again. State of a member, of the activity and
/// of an item stays at 4 kB or less each; `Desk` asserts it.
///
/// Serde bounds stand on [`erase`](crate::erase), not here.
pub trait Rules: Kind {
    /// The `[rules]` of an activity file; may hold secrets.
    type Config;
    /// One member's state in the activity.
    type Member: Default;
    /// The state that all members share.
    type Shared: Default;
    /// A bounded row that others reach by key: a gift, a help link, a team.
    type Item;
    /// A fact in the past tense; reading it never needs the configuration again.
    type Event;

    /// What is wrong with a configuration; empty when nothing is.
    fn validate(config: &Self::Config) -> Vec<Fault>;

    /// The published chances; empty for a kind that draws nothing.
    fn odds(_config: &Self::Config) -> Vec<Odds> {
        Vec::new()
    }

    /// The stock this activity opens with.
    fn stock(_config: &Self::Config) -> Vec<Stock> {
        Vec::new()
    }

    /// Every row that a play needs beside the member's own, named before deciding so that they can
    /// be locked.
    fn reads(config: &Self::Config, action: &Self::Action) -> Reads;

    /// What the action comes to, or why not. Reads, never writes.
    fn decide(
        config: &Self::Config,
        state: State<'_, Self>,
        action: &Self::Action,
        cx: &mut Cx,
    ) -> Result<Vec<Self::Event>, Self::Refusal>
    where
        Self: Sized;

    /// Writes an event into the state. Never fails, never draws.
    fn evolve(state: StateMut<'_, Self>, event: &Self::Event)
    where
        Self: Sized;

    /// What the member is shown of the events of one play.
    fn outcome(events: &[Self::Event]) -> Self::Outcome;

    /// What an event costs and gives.
    fn effects(event: &Self::Event) -> Effects;

    /// What time alone brings about for these items now (an untaken gift goes back, a pot is
    /// shared): events, each with the rows it is written into. Decided again from locked rows, so
    /// that running it twice changes nothing more. Nothing by default.
    fn settle(
        _config: &Self::Config,
        _shared: &Self::Shared,
        _items: &[(String, Self::Item)],
        _now_ms: u64,
    ) -> Vec<Due<Self::Event>> {
        Vec::new()
    }

    /// What this member may see. The one place where secrets are left out.
    fn view(config: &Self::Config, state: State<'_, Self>, cx: &Cx) -> Self::View
    where
        Self: Sized;

    /// The actions that a view offers: what buttons, autoplay and the random player of the tests
    /// do. An offered move is not refused.
    fn moves(view: &Self::View) -> Vec<Self::Action>;
}

/// What `decide` and `view` read.
pub struct State<'a, R: Rules + ?Sized> {
    /// The member's own state.
    pub member: &'a R::Member,
    /// The activity's state.
    pub shared: &'a R::Shared,
    /// The item that [`Reads::item`] named, if it exists.
    pub item: Option<&'a R::Item>,
}

/// What `evolve` writes.
pub struct StateMut<'a, R: Rules + ?Sized> {
    /// The member's own state.
    pub member: &'a mut R::Member,
    /// The activity's state.
    pub shared: &'a mut R::Shared,
    /// The item that [`Reads::item`] named; `None` deletes it.
    pub item: &'a mut Option<R::Item>,
}

/// An event that time brought about, and the rows that `evolve` writes it into.
#[derive(Clone, Debug, PartialEq)]
pub struct Due<E> {
    /// The member whom it reaches.
    pub member: String,
    /// The item it belongs to.
    pub item: String,
    /// What happened.
    pub event: E,
}

/// The rows a play needs beside the member's own state, points and chances.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// One item, by its key within the activity.
    pub item: Option<String>,
    /// Stock, by pool id.
    pub pools: Vec<String>,
}

/// One pool of things to give, as an activity opens with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stock {
    /// The pool's id; shared by all activities of the programme that name it with a `pool:` id,
    /// else the activity's own.
    pub pool: String,
    /// How many there are.
    pub quantity: u64,
    /// How many may go a business day.
    pub daily: Option<u64>,
}

/// What an event costs and gives. The engine carries it out in the play's own transaction.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects {
    /// What the member pays.
    pub spend: Vec<Spend>,
    /// Pools from which one thing each is taken.
    pub take: Vec<String>,
    /// What the member is owed.
    pub give: Vec<Reward>,
}

/// Something a member pays with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Spend {
    /// One of today's free chances.
    Free,
    /// One chance that was earned or given.
    Chance,
    /// Points for a chance, counted against the day's limit of bought ones.
    Bought {
        /// How many points.
        points: u64,
    },
    /// Points for anything else.
    Points {
        /// How many.
        points: u64,
    },
}

/// What surrounds a play: the ambient facts, as arguments.
#[derive(Clone, Debug)]
pub struct Cx {
    /// Milliseconds since 1970 UTC, read once a batch.
    pub now_ms: u64,
    /// The store's business day.
    pub day: Day,
    /// When the next business day begins.
    pub next_day_at_ms: u64,
    /// The member's points.
    pub balance: u64,
    /// The member's chances in this activity.
    pub chances: Chances,
    /// What can still be taken from each pool now, the day's limit considered.
    pub pools: BTreeMap<String, u64>,
    /// The play's draws.
    pub dice: Dice,
}

impl Cx {
    /// What can still be taken from a pool now; 0 for one that was not named in [`Reads`].
    pub fn left(&self, pool: &str) -> u64 {
        self.pools.get(pool).copied().unwrap_or(0)
    }
}
