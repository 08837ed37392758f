//! The stall: a kind made for the story, with a move for each thing that the engine can do.

use crate::{
    Cx, Due, Effects, Fault, Grant, ItemRef, Page, Prize, Reads, Rules, Setup, Spend, State,
    StateMut, Stock, Tally, Tick, draw,
};
use funfair_host_api::{Kind, Odds, Reward, Words, json::Raw};
use serde::{Deserialize, Serialize};

/// The kind.
pub struct Stall;

/// What can be asked of it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Action {
    /// Draws with a free chance, one a day.
    Draw,
    /// Draws with points.
    Buy,
    /// Gets points.
    Earn { points: u64 },
    /// Puts points into a gift.
    Wrap { item: String, points: u64 },
    /// Takes a gift.
    Unwrap { item: String },
    /// The kind's code panics.
    Panic,
    /// The kind promises what is not there.
    Overdraw,
}

/// What happened.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// A prize was drawn.
    Drawn { prize: String, grant: Grant, points: Option<u64> },
    /// Points came in.
    Earned { points: u64 },
    /// A gift was made.
    Wrapped { points: u64, at_ms: u64, by: String },
    /// A gift was taken.
    Unwrapped { points: u64 },
    /// A gift went back.
    Returned { points: u64 },
    /// Points were promised that are not there.
    Overdrawn,
}

/// The stall's configuration.
#[derive(Debug, Deserialize)]
pub struct Config {
    prizes: Vec<Prize>,
}

/// A member's state.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Member {
    plays: u32,
    won: Tally,
}

/// A gift that nobody took yet.
#[derive(Debug, Serialize, Deserialize)]
pub struct Gift {
    points: u64,
    wrapped_at_ms: u64,
    by: String,
}

/// After how long an untaken gift goes back.
pub const GIFT_MS: u64 = 1000;

impl Kind for Stall {
    const SLUG: &'static str = "stall";
    type Action = Raw;
    type View = Raw;
    type Outcome = Raw;
    type Refusal = Raw;
}

impl Rules for Stall {
    type Config = Config;
    type Member = Member;
    type Shared = u64;
    type Item = Gift;
    type Event = Event;

    const CHANCES: bool = true;

    fn validate(config: &Config, _setup: &Setup) -> Vec<Fault> {
        Prize::faults(&config.prizes)
    }

    fn odds(config: &Config) -> Vec<Odds> {
        Prize::odds(&config.prizes)
    }

    fn stock(config: &Config) -> Vec<Stock> {
        Prize::stock(&config.prizes)
    }

    fn reads(config: &Config, action: &Raw) -> Reads {
        let item = match read(action) {
            Some(Action::Wrap { item, .. } | Action::Unwrap { item }) => Some(ItemRef::Named(item)),
            _ => None,
        };
        Reads { item, ..Prize::reads(&config.prizes) }
    }

    fn decide(
        config: &Config,
        state: State<'_, Self>,
        action: &Raw,
        cx: &mut Cx,
    ) -> Result<Vec<Event>, Raw> {
        let no = |why: &str| Err(Raw::of(&String::from(why)));
        let drawn = |cx: &mut Cx, points| {
            let drawn = draw(&config.prizes, cx, &state.member.won, false);
            let Some(drawn) = drawn else { return no("nothing to draw") };
            let prize = drawn.prize.id.clone();
            Ok(vec![Event::Drawn { prize, grant: drawn.grant, points }])
        };
        match read(action) {
            Some(Action::Draw) if cx.chances_left().free > 0 => drawn(cx, None),
            Some(Action::Buy) if cx.balance >= 5 => drawn(cx, Some(5)),
            Some(Action::Earn { points }) => Ok(vec![Event::Earned { points }]),
            Some(Action::Wrap { points, item }) if cx.balance >= points && state.item.is_none() => {
                // A member is not told who they are; the item's key carries it for the return.
                let by = item.split(':').next().unwrap_or_default().into();
                Ok(vec![Event::Wrapped { points, at_ms: cx.now_ms, by }])
            }
            Some(Action::Unwrap { .. }) => match state.item {
                Some(gift) => Ok(vec![Event::Unwrapped { points: gift.points }]),
                None => no("gone"),
            },
            #[expect(clippy::panic, reason = "the story tells what becomes of a panic")]
            Some(Action::Panic) => panic!("the stall falls down, as the story wants it"),
            Some(Action::Overdraw) => Ok(vec![Event::Overdrawn]),
            _ => no("not now"),
        }
    }

    fn evolve(state: StateMut<'_, Self>, event: &Event) {
        state.member.plays += 1;
        *state.shared += 1;
        match event {
            Event::Drawn { prize, .. } => state.member.won.add(prize),
            Event::Wrapped { points, at_ms, by } => {
                *state.item = Some(Gift { points: *points, wrapped_at_ms: *at_ms, by: by.clone() });
            }
            Event::Unwrapped { .. } | Event::Returned { .. } => *state.item = None,
            Event::Earned { .. } | Event::Overdrawn => {}
        }
    }

    fn outcome(events: &[Event]) -> Raw {
        Raw::parse(&serde_json::to_string(events).unwrap_or_default()).unwrap_or_default()
    }

    fn effects(event: &Event) -> Effects {
        let give = |points: u64| vec![points_reward(points)];
        match event {
            Event::Drawn { grant, points, .. } => Effects {
                spend: vec![points.map_or(Spend::Free, |points| Spend::Bought { points })],
                ..Effects::default()
            }
            .grant(grant),
            Event::Earned { points } | Event::Unwrapped { points } | Event::Returned { points } => {
                Effects { give: give(*points), ..Effects::default() }
            }
            Event::Wrapped { points, .. } => {
                Effects { spend: vec![Spend::Points { points: *points }], ..Effects::default() }
            }
            Event::Overdrawn => {
                Effects { spend: vec![Spend::Points { points: u64::MAX }], ..Effects::default() }
            }
        }
    }

    fn settle(
        _config: &Config,
        _shared: &u64,
        page: &Page<'_, Self>,
        tick: &Tick,
    ) -> Vec<Due<Event>> {
        let old = page.items.iter().filter(|(_, gift)| gift.wrapped_at_ms + GIFT_MS <= tick.now_ms);
        old.map(|(item, gift)| Due {
            member: gift.by.clone(),
            item: Some(item.clone()),
            event: Event::Returned { points: gift.points },
        })
        .collect()
    }

    fn view(_config: &Config, state: State<'_, Self>, cx: &Cx) -> Raw {
        Raw::of(&vec![u64::from(state.member.plays), *state.shared, cx.balance])
    }

    fn moves(_view: &Raw) -> Vec<Raw> {
        Vec::new()
    }
}

fn points_reward(amount: u64) -> Reward {
    Reward::Points { label: Words::of(&[("en", "Points")]), amount, expires_on: None }
}

fn read(action: &Raw) -> Option<Action> {
    serde_json::from_str(action.text()).ok()
}
