//! The rule: one gift a business day.
//!
//! **No clock**: the business day is an argument. **No draw**: what a gift holds is known before.

use crate::{Action, DailyGift, Outcome, Refusal, View};
use funfair_engine::{
    Cx, Effects, Fault, Grant, Reads, RewardRule, Rules, Setup, State, StateMut,
};
use funfair_host_api::{Day, Words};
use serde::{Deserialize, Serialize};

/// The `[rules]` of an activity. Nothing in it is secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Points of a gift.
    pub points: u64,
}

/// What is kept of one member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The business day of the last gift.
    #[serde(default)]
    pub last: Option<Day>,
}

/// Members share nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {}

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// A gift was taken.
    Opened {
        /// The business day.
        day: Day,
        /// What it held.
        points: u64,
        /// What the member is owed for it.
        grant: Grant,
    },
}

impl Rules for DailyGift {
    type Config = Config;
    type Member = Member;
    type Shared = Shared;
    type Item = ();
    type Event = Event;

    fn validate(config: &Config, _setup: &Setup) -> Vec<Fault> {
        if config.points == 0 {
            return vec![Fault::new("points", "a gift of 0 points is none", "set 1 or more")];
        }
        Vec::new()
    }

    fn reads(_config: &Config, _action: &Action) -> Reads {
        Reads::default()
    }

    fn decide(
        config: &Config,
        state: State<'_, Self>,
        action: &Action,
        cx: &mut Cx,
    ) -> Result<Vec<Event>, Refusal> {
        let Action::Open {} = action;
        if state.member.last == Some(cx.day) {
            let label = words("Today's gift is taken.", "今天已领取。");
            return Err(Refusal::AlreadyTaken { label, next_day_at_ms: cx.next_day_at_ms });
        }
        let rule = RewardRule::Points { amount: config.points, days: None };
        // Once the activity's budget is used up, a gift is empty.
        let granted = cx.grant(&rule, &words("Daily gift", "每日好礼"));
        let points = if granted.is_some() { config.points } else { 0 };
        Ok(vec![Event::Opened { day: cx.day, points, grant: granted.unwrap_or_default() }])
    }

    fn evolve(state: StateMut<'_, Self>, event: &Event) {
        let Event::Opened { day, .. } = event;
        state.member.last = Some(*day);
    }

    fn outcome(events: &[Event]) -> Outcome {
        // A play is one event.
        match events.first() {
            Some(Event::Opened { points, .. }) => {
                Outcome::Opened { label: words("A gift.", "获得好礼。"), points: *points }
            }
            None => Outcome::Unknown { label: Words::default() },
        }
    }

    fn effects(event: &Event) -> Effects {
        let Event::Opened { grant, .. } = event;
        Effects::default().grant(grant)
    }

    fn view(config: &Config, state: State<'_, Self>, cx: &Cx) -> View {
        View {
            taken_today: state.member.last == Some(cx.day),
            points: config.points,
            next_day_at_ms: cx.next_day_at_ms,
        }
    }

    fn moves(view: &View) -> Vec<Action> {
        if view.taken_today { Vec::new() } else { vec![Action::Open {}] }
    }
}

/// What a widget shows that is older than this kind; its own words are in `texts/`.
fn words(en: &str, zh: &str) -> Words {
    Words::of(&[("en", en), ("zh-CN", zh)])
}
