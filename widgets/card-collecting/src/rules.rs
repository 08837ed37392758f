//! The rule: draw cards, complete the set, get the prize or a share of the pot. What goes from friend
//! to friend is in `links`.
//!
//! **No second member's row in a play**: a card travels in an item, from the giver's row to the
//! taker's. **No clock, no entropy**: both are arguments.

use crate::{
    Action, CardCollecting, Config, Item, Limit, Member, Outcome, Refusal, Shared, View, Why,
    clauses, labels, links,
};
use funfair_engine::{
    Clause, Cx, Due, Effects, Fault, Favour, Grant, ItemRef, Page, Paid, Reads, Rules, Setup,
    State, StateMut, Stock, Tick,
};
use funfair_host_api::{Day, Odds, Pay, Reward, Weight, Words};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// A card was drawn.
    Drawn {
        card: String,
        label: Words,
        day: Day,
        /// Whether the member has it for the first time.
        new: bool,
        /// What the draw cost.
        paid: Paid,
        /// Whether its number is limited.
        pooled: bool,
    },
    /// The set was handed in.
    Completed {
        /// As the how-manieth, from 0.
        rank: u64,
        /// The cards that went.
        used: BTreeMap<String, u32>,
        /// Whether the prize's number counts it.
        counted: bool,
        /// What the member is owed.
        grant: Grant,
    },
    /// A card was wrapped up.
    Gave { card: String, label: Words, day: Day, gift: String, giver: String, until_ms: u64 },
    /// It was taken, by this member.
    Took { card: String, label: Words, day: Day, giver: String },
    /// Nobody took it, and it went back to this member.
    CameBack { card: String, label: Words, gift: String },
    /// A friend had taken it.
    Delivered { card: String, label: Words, gift: String },
    /// Friends were asked for a card.
    Asked {
        card: String,
        label: Words,
        day: Day,
        ask: String,
        asker: String,
        until_ms: u64,
        /// Friends from whom this member may receive no more.
        full: Vec<String>,
    },
    /// This member gave it.
    Answered { card: String, label: Words, day: Day, giver: String },
    /// It came to this member, who had asked.
    Collected { card: String, label: Words, ask: String, giver: String },
    /// Nobody gave it.
    Withdrawn { card: String, label: Words, ask: String },
    /// The pot was shared, and this is the member's share; none where it rounds to nothing.
    PotShared { share: Option<Reward> },
}

impl Rules for CardCollecting {
    type Config = Config;
    type Member = Member;
    type Shared = Shared;
    type Item = Item;
    type Event = Event;

    const CHANCES: bool = true;

    const FAVOURS: &'static [(&'static str, Favour)] = &[
        ("/cards/*/label", Favour::Any),
        ("/cards/*/per_day", Favour::More),
        ("/cards/*/total", Favour::More),
        ("/new_within", Favour::Less),
        ("/draws_per_day", Favour::More),
        ("/prize/label", Favour::Any),
        ("/prize/stock", Favour::More),
        ("/pot/label", Favour::Any),
        ("/pot/points", Favour::More),
        ("/pot/cents", Favour::More),
        ("/pot/days", Favour::More),
        ("/gifts/hours", Favour::More),
        ("/gifts/gives_per_day", Favour::More),
        ("/gifts/takes_per_day", Favour::More),
        ("/gifts/takes_total", Favour::More),
        ("/gifts/per_friend", Favour::More),
    ];

    fn validate(config: &Config, setup: &Setup) -> Vec<Fault> {
        config.faults(setup)
    }

    fn clauses(config: &Config) -> Vec<Clause> {
        clauses::of(config)
    }

    fn odds(config: &Config) -> Vec<Odds> {
        config.odds()
    }

    fn stock(config: &Config) -> Vec<Stock> {
        let limited = config.cards.iter().filter(|card| card.has_pool());
        let stock = limited.map(|card| Stock {
            pool: card.id.clone(),
            // A day's limit alone: as many as a database's integer holds.
            quantity: card.total.unwrap_or(i64::MAX.cast_unsigned()),
            daily: card.per_day,
        });
        stock.collect()
    }

    fn reads(config: &Config, action: &Action) -> Reads {
        let item = match action {
            Action::Give { .. } | Action::Ask { .. } => Some(ItemRef::New),
            Action::Take { gift: key }
            | Action::TakeBack { gift: key }
            | Action::Answer { ask: key }
            | Action::Collect { ask: key } => Some(ItemRef::Named(key.clone())),
            Action::Draw { .. } | Action::Complete {} => None,
        };
        let reads = Reads { item, ..Reads::default() };
        match action {
            Action::Draw { .. } => {
                let pools = Self::stock(config).into_iter().map(|stock| stock.pool).collect();
                Reads { pools, ..reads }
            }
            Action::Complete {} => reads.giving(config.rewards()),
            _ => reads,
        }
    }

    fn decide(
        config: &Config,
        state: State<'_, Self>,
        action: &Action,
        cx: &mut Cx,
    ) -> Result<Vec<Event>, Refusal> {
        let event = match action {
            Action::Draw { pay } => config.draw(state.member, *pay, cx),
            Action::Complete {} => config.complete(state.member, state.shared, cx),
            Action::Give { card } => links::give(config, state.member, card, cx),
            Action::Ask { card } => links::ask(config, state.member, card, cx),
            Action::Take { .. } => links::take(config, &state, cx),
            Action::TakeBack { .. } => links::take_back(config, &state, cx),
            Action::Answer { .. } => links::answer(config, &state, cx),
            Action::Collect { .. } => links::collect(config, &state, cx),
        };
        Ok(vec![event?])
    }

    fn evolve(state: StateMut<'_, Self>, event: &Event) {
        let StateMut { member, shared, item } = state;
        match event {
            Event::Drawn { card, day, new, .. } => {
                member.add(card, 1);
                member.dry = if *new { 0 } else { member.dry.saturating_add(1) };
                member.turn(*day).draws += 1;
            }
            Event::Completed { rank, used, counted, .. } => {
                for (card, count) in used {
                    member.add(card, -i64::from(*count));
                }
                member.rank = Some(*rank);
                shared.completed += 1;
                shared.prizes += u64::from(*counted);
            }
            Event::PotShared { .. } => member.paid = true,
            _ => links::evolve(member, item, event),
        }
    }

    fn outcome(events: &[Event]) -> Outcome {
        // A play is one event.
        let Some(event) = events.first().cloned() else {
            return Outcome::Unknown { label: Words::default() };
        };
        let say = labels::of_card;
        match event {
            Event::Drawn { card, label, new, .. } => Outcome::Drawn { label, card, new },
            Event::Completed { rank, .. } => {
                Outcome::Completed { label: labels::words(labels::COMPLETED), rank: rank + 1 }
            }
            Event::Gave { card, label, gift, .. } => {
                Outcome::Gave { label: say(labels::GAVE, &label), card, link: gift }
            }
            Event::Took { card, label, .. } => {
                Outcome::Took { label: say(labels::TOOK, &label), card }
            }
            Event::CameBack { card, label, .. } => {
                Outcome::CameBack { label: say(labels::CAME_BACK, &label), card }
            }
            Event::Delivered { card, label, .. } => {
                Outcome::Delivered { label: say(labels::DELIVERED, &label), card }
            }
            Event::Asked { card, label, ask, .. } => {
                Outcome::Asked { label: say(labels::ASKED, &label), card, link: ask }
            }
            Event::Answered { card, label, .. } => {
                Outcome::Answered { label: say(labels::ANSWERED, &label), card }
            }
            Event::Collected { card, label, .. } => {
                Outcome::Collected { label: say(labels::COLLECTED, &label), card }
            }
            Event::Withdrawn { card, label, .. } => {
                Outcome::Withdrawn { label: say(labels::WITHDRAWN, &label), card }
            }
            // Of the close, when nobody plays.
            Event::PotShared { .. } => Outcome::Unknown { label: Words::default() },
        }
    }

    fn effects(event: &Event) -> Effects {
        match event {
            Event::Drawn { card, paid, pooled, .. } => Effects {
                spend: vec![paid.spend()],
                take: pooled.then(|| card.clone()).into_iter().collect(),
                ..Effects::default()
            },
            Event::Completed { grant, .. } => Effects::default().grant(grant),
            Event::PotShared { share } => {
                Effects { give: share.iter().cloned().collect(), ..Effects::default() }
            }
            _ => Effects::default(),
        }
    }

    fn settles_members(config: &Config, tick: &Tick) -> bool {
        config.pot.is_some() && tick.over
    }

    fn settle(
        config: &Config,
        shared: &Shared,
        page: &Page<'_, Self>,
        tick: &Tick,
    ) -> Vec<Due<Event>> {
        let links = page.items.iter().filter_map(|(key, item)| links::due(config, key, item, tick));
        let mut due: Vec<_> = links.collect();
        // The pot is shared in the walk over members alone, each of whom is met there once.
        if page.items.is_empty()
            && tick.over
            && let Some(pot) = &config.pot
        {
            let owed = |member: &Member| member.rank.filter(|_| !member.paid);
            due.extend(page.members.iter().filter_map(|(member, row)| {
                let share = pot.reward(pot.share_of(owed(row)?, shared.completed), tick.day);
                let event = Event::PotShared { share };
                Some(Due { member: member.clone(), item: None, event })
            }));
        }
        due
    }

    fn view(config: &Config, state: State<'_, Self>, cx: &Cx) -> View {
        config.view(&state, cx)
    }

    fn moves(view: &View) -> Vec<Action> {
        let mut moves = Vec::new();
        if view.draws_left != Some(0) {
            moves.extend(view.chances.ways().into_iter().map(|pay| Action::Draw { pay }));
        }
        if view.ready {
            moves.push(Action::Complete {});
        }
        for held in &view.cards {
            if held.count > 0 && view.gives_left > 0 {
                moves.push(Action::Give { card: held.card.clone() });
            }
            if held.count == 0 && !held.wild && view.asks_left > 0 {
                moves.push(Action::Ask { card: held.card.clone() });
            }
        }
        moves.extend(links::moves(view));
        moves
    }
}

impl Config {
    fn odds(&self) -> Vec<Odds> {
        // What is always there to be drawn is what is drawn when the rest has run out.
        let endless = self.cards.iter().filter(|card| !card.has_pool());
        let most = endless.max_by_key(|card| card.weight).map(|card| &card.id);
        let line = |card: &crate::Card| Odds {
            prize: card.id.clone(),
            label: card.label.clone(),
            tier: 1,
            weight: card.weight,
            quantity: card.total,
            daily: card.per_day,
            per_member: None,
            icon: card.drawing.clone(),
            fallback: Some(&card.id) == most,
        };
        self.cards.iter().map(line).collect()
    }

    fn rewards(&self) -> impl Iterator<Item = &funfair_engine::RewardRule> {
        let prize = self.prize.iter();
        prize.flat_map(|prize| {
            let instead = prize.instead.as_ref().map(|instead| &instead.reward);
            std::iter::once(&prize.reward).chain(instead)
        })
    }

    fn draw(&self, member: &Member, pay: Pay, cx: &mut Cx) -> Result<Event, Refusal> {
        if let Some(limit) = self.draws_per_day
            && member.on(cx.day).draws >= limit
        {
            return Err(labels::limit_reached(Limit::Draws, limit, Some(cx.next_day_at_ms)));
        }
        let paid = cx.pay(pay).map_err(labels::unpaid)?;
        let available =
            |card: &&crate::Card| card.weight > 0 && (!card.has_pool() || cx.left(&card.id) > 0);
        let line = |card: &crate::Card| Weight { prize: card.id.clone(), weight: card.weight };
        let all = || self.cards.iter().filter(available);
        let mut table = Vec::new();
        if self.sure_in(member, &cx.cards) == Some(1) {
            table = all().filter(|card| self.is_new(card, member, &cx.cards)).map(line).collect();
        }
        if table.is_empty() {
            // What was promised has run out for now: the promise waits for it.
            table = all().map(line).collect();
        }
        let drawn = cx.dice.pick(table).and_then(|id| self.card(&id));
        let card = drawn.ok_or_else(|| labels::not_possible(Why::SoldOut))?;
        Ok(Event::Drawn {
            card: card.id.clone(),
            label: card.label.clone(),
            day: cx.day,
            new: self.is_new(card, member, &cx.cards),
            paid,
            pooled: card.has_pool(),
        })
    }

    /// Whether a card of the set was never there.
    #[expect(clippy::unused_self, reason = "read beside `sure_in`")]
    fn is_new(&self, card: &crate::Card, member: &Member, granted: &BTreeMap<String, u32>) -> bool {
        !card.wild && !member.had(&card.id, granted)
    }

    /// At the latest with which draw a new card comes.
    pub(crate) fn sure_in(&self, member: &Member, granted: &BTreeMap<String, u32>) -> Option<u32> {
        let within = self.new_within?;
        let missing = |card: &crate::Card| card.weight > 0 && self.is_new(card, member, granted);
        self.cards.iter().any(missing).then(|| within.saturating_sub(member.dry).max(1))
    }

    /// Which cards go when the set is handed in: of different ones those that are there most often,
    /// then wildcards. `None` where they are not enough.
    pub(crate) fn handed_in(
        &self,
        member: &Member,
        granted: &BTreeMap<String, u32>,
    ) -> Option<BTreeMap<String, u32>> {
        let held = |card: &crate::Card| member.held(&card.id, granted);
        let mut plain: Vec<_> =
            self.cards.iter().filter(|card| !card.wild && held(card) > 0).collect();
        plain.sort_by_key(|card| std::cmp::Reverse(held(card)));
        let need = self.need();
        let mut used: BTreeMap<_, _> =
            plain.into_iter().take(need as usize).map(|card| (card.id.clone(), 1)).collect();
        let mut missing = need.saturating_sub(u32::try_from(used.len()).unwrap_or(u32::MAX));
        for card in self.cards.iter().filter(|card| card.wild) {
            let count = held(card).min(missing);
            missing -= count;
            if count > 0 {
                used.insert(card.id.clone(), count);
            }
        }
        (missing == 0).then_some(used)
    }

    fn complete(&self, member: &Member, shared: &Shared, cx: &Cx) -> Result<Event, Refusal> {
        if member.rank.is_some() {
            return Err(labels::not_possible(Why::Completed));
        }
        let used = self.handed_in(member, &cx.cards);
        let used = used.ok_or_else(|| labels::not_possible(Why::Incomplete))?;
        let rank = shared.completed;
        let Some(prize) = &self.prize else {
            return Ok(Event::Completed { rank, used, counted: false, grant: Grant::default() });
        };
        let first = prize.is_left(shared).then(|| cx.grant(&prize.reward, &prize.label)).flatten();
        let counted = first.is_some();
        let instead = || prize.instead.as_ref().and_then(|it| cx.grant(&it.reward, &it.label));
        let grant = first.or_else(instead).ok_or_else(|| labels::not_possible(Why::PrizeGone))?;
        Ok(Event::Completed { rank, used, counted, grant })
    }
}

impl crate::PrizeRule {
    pub(crate) fn is_left(&self, shared: &Shared) -> bool {
        self.stock.is_none_or(|stock| shared.prizes < stock)
    }
}

impl crate::PotRule {
    /// A share as it is owed; `None` where it rounds to nothing.
    fn reward(&self, share: u64, day: Day) -> Option<Reward> {
        let label = self.label.clone();
        let last = |days: u32| Day(day.0.saturating_add_unsigned(days.saturating_sub(1)));
        match (share, self.cents) {
            (0, _) => None,
            (amount_cents, Some(_)) => Some(Reward::RedPacket { label, amount_cents }),
            (amount, None) => {
                Some(Reward::Points { label, amount, expires_on: self.days.map(last) })
            }
        }
    }
}
