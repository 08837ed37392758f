use crate::{ChanceRules, Chances, Dice, Fault, Grant, RewardRule, Setup};
use funfair_host_api::{Day, Kind, Odds, Reward, Words};
use std::{collections::BTreeMap, sync::Arc};

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

    /// Whether plays are paid with chances, so that its files may have a `[chances]`.
    const CHANCES: bool = false;

    /// What in `[rules]` may still change after the start, because it can only be in members'
    /// favour: JSON pointers in which `*` stands for any index, and the direction.
    const FAVOURS: &'static [(&'static str, Favour)] = &[];

    /// What is wrong with a configuration; empty when nothing is. `setup` holds the rest of the
    /// file: chances, dates, budget, which the engine has checked already.
    fn validate(config: &Self::Config, setup: &Setup) -> Vec<Fault>;

    /// What the terms page says of this kind's own rules, in order.
    fn clauses(_config: &Self::Config) -> Vec<Clause> {
        Vec::new()
    }

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

    /// Whether [`settle`](Self::settle) is to be shown members' rows, too. Every row of the
    /// activity is walked then, so say it only once there is something to settle.
    fn settles_members(_config: &Self::Config, _tick: &Tick) -> bool {
        false
    }

    /// What giving rewards in `settle` and `moderate` may need beside the member's own rows: stock,
    /// lists of codes, other activities.
    fn settle_reads(_config: &Self::Config) -> Reads {
        Reads::default()
    }

    /// What time alone brings about for these rows now (an untaken gift goes back, a pot is
    /// shared): events, each with the rows it is written into. Decided again from locked rows, so
    /// that running it twice changes nothing more. Nothing by default.
    fn settle(
        _config: &Self::Config,
        _shared: &Self::Shared,
        _page: &Page<'_, Self>,
        _tick: &Tick,
    ) -> Vec<Due<Self::Event>>
    where
        Self: Sized,
    {
        Vec::new()
    }

    /// What an operator's verdict on an item comes to (a nomination is taken up), or why there is
    /// nothing to decide.
    fn moderate(
        _config: &Self::Config,
        _shared: &Self::Shared,
        _item: (&str, &Self::Item),
        _verdict: Verdict,
        _tick: &Tick,
    ) -> Result<Due<Self::Event>, Fault> {
        Err(Fault::new("item", "this kind has nothing to moderate", "name another activity"))
    }

    /// What those who run the store want to know of the activity, whatever members may see yet: a
    /// vote's shares by option and price. `None` for a kind that has nothing of the sort.
    fn report(_config: &Self::Config, _shared: &Self::Shared) -> Option<Report> {
        None
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

/// Rows that `settle` looks at.
pub struct Page<'a, R: Rules + ?Sized> {
    /// Items by key.
    pub items: &'a [(String, R::Item)],
    /// Members' rows by member, where [`Rules::settles_members`] asked for them.
    pub members: &'a [(String, R::Member)],
}

/// The moment of a settling step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    /// Milliseconds since 1970 UTC.
    pub now_ms: u64,
    /// The store's business day.
    pub day: Day,
    /// When the activity closes.
    pub closes_at_ms: u64,
    /// Whether it is over: past that moment, or closed by an operator.
    pub over: bool,
}

/// An operator's word on an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It may be seen.
    Approve,
    /// It may not.
    Reject,
}

/// A kind's report to those who run the store, as JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report(pub(crate) String);

impl Report {
    /// Wraps what a kind reports; its types have string keys and finite numbers.
    pub fn of<T: serde::Serialize>(value: &T) -> Self {
        Self(serde_json::to_string_pretty(value).unwrap_or_default())
    }

    /// The JSON.
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// In which direction a number may change after the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Favour {
    /// Upwards, or away altogether where it was a limit.
    More,
    /// Downwards.
    Less,
    /// At will: a text.
    Any,
}

/// One paragraph of the terms page.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// Its heading.
    pub title: Words,
    /// What it says.
    pub text: Words,
}

/// An event that time brought about, and the rows that `evolve` writes it into.
#[derive(Clone, Debug, PartialEq)]
pub struct Due<E> {
    /// The member whom it reaches.
    pub member: String,
    /// The item it belongs to, where it belongs to one.
    pub item: Option<String>,
    /// What happened.
    pub event: E,
}

/// The rows a play needs beside the member's own state, points and chances.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// One item.
    pub item: Option<ItemRef>,
    /// Stock, by pool id.
    pub pools: Vec<String>,
    /// Other activities of the store in which the play may grant chances or cards.
    pub activities: Vec<String>,
}

impl Reads {
    /// Names what giving these rewards may need: pools of codes and other activities.
    #[must_use]
    pub fn giving<'a>(mut self, rules: impl IntoIterator<Item = &'a RewardRule>) -> Self {
        for rule in rules {
            self.pools.extend(rule.pool());
            self.activities.extend(rule.activity());
        }
        self
    }
}

/// Which item a play is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemRef {
    /// One by its key; keys come to the browser in views and links.
    Named(String),
    /// One that the play makes, under a key that nobody can guess: [`Cx::item`].
    New,
}

/// One pool of things to give, as an activity opens with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stock {
    /// The pool's id; shared by all activities of the programme that name it with a `shared:` id,
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
    /// Which of `give` gets the code of each list in `take`, in their order; filled by
    /// [`grant`](Self::grant).
    pub coded: Vec<usize>,
}

impl Effects {
    /// Gives what was granted, from the pools it comes from.
    #[must_use]
    pub fn grant(mut self, grant: &Grant) -> Self {
        // A code belongs to the coupon that it was taken for, whatever else is given with it.
        let lists = grant.take.iter().filter(|pool| pool.starts_with("codes:"));
        self.coded.extend(lists.map(|_| self.give.len()));
        self.take.extend(grant.take.iter().cloned());
        self.give.extend(grant.rewards.iter().cloned());
        self
    }
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
    /// The activity's id, for rewards that are chances in it.
    pub activity: String,
    /// The member's internal id, for rows that have to find their way back; never shown.
    pub member: String,
    /// The key of the item that the reads named; of a new one, too. Empty where there is none.
    pub item: String,
    /// The `[chances]` of the file.
    pub chance_rules: Arc<ChanceRules>,
    /// Cards that other activities granted to this member in this one, by card; only ever more.
    pub cards: BTreeMap<String, u32>,
    /// When the activity opens.
    pub opens_at_ms: u64,
    /// When it closes.
    pub closes_at_ms: u64,
    /// Whether it is over, so that what was sealed may be shown.
    pub over: bool,
    /// The activity's own secret, hexadecimal: what a sealed answer is hashed with. It derives from
    /// the activity's key, which is published after the close.
    pub seal: String,
    /// What points last that say nothing else: the last business day of those that come today.
    pub points_until: Option<Day>,
    /// Whether sharing brings anything where the shopper is. Where it does not, no link asks a
    /// friend for help or for anything else, and who follows one is paid nothing for it.
    pub sharing: bool,
}

impl Cx {
    /// The surroundings of a member who holds nothing, in an activity that is open from 0 to the
    /// end of time: what tests begin from.
    pub fn new(now_ms: u64, day: Day, dice: Dice) -> Self {
        Self {
            now_ms,
            day,
            next_day_at_ms: now_ms + 1,
            balance: 0,
            chances: Chances::default(),
            pools: BTreeMap::new(),
            dice,
            activity: "activity".into(),
            member: "member".into(),
            item: String::new(),
            chance_rules: Arc::default(),
            cards: BTreeMap::new(),
            opens_at_ms: 0,
            closes_at_ms: u64::MAX,
            over: false,
            seal: "0".repeat(64),
            points_until: None,
            sharing: true,
        }
    }

    /// What can still be taken from a pool now; 0 for one that was not named in [`Reads`].
    pub fn left(&self, pool: &str) -> u64 {
        self.pools.get(pool).copied().unwrap_or(0)
    }
}
