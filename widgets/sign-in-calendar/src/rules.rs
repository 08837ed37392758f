//! The calendar's rule: one sign-in a business day, more for days in a row.
//!
//! **No clock**: the business day is an argument, and no day comes from the browser but the one to
//! make up. **No draw**: what each day gives is known before.

use crate::{
    Action, Cell, CellState, Config, Days, MakeUp, MakeUpPay, MakeUpRule, NextBonus, Outcome,
    Refusal, SignInCalendar, View, labels,
};
use funfair_engine::{
    Clause, Cx, Effects, Fault, Favour, Grant, Reads, Rules, Setup, Spend, State, StateMut,
};
use funfair_host_api::{Day, Reward, Words};
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// One member's calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The day of the first sign-in: nothing before it was missed.
    #[serde(default)]
    pub began: Option<Day>,
    /// Which days count.
    #[serde(default)]
    pub days: Days,
    /// The month in which days were last made up, by its first day.
    #[serde(default)]
    pub month: Day,
    /// How many were made up in that month.
    #[serde(default)]
    pub made_up: u32,
    /// How many make-up cards were used in all.
    #[serde(default)]
    pub cards_used: u32,
}

/// Members share nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shared {}

/// What happened in a calendar.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Event {
    /// A sign-in for its own day.
    SignedIn {
        /// The business day.
        day: Day,
        /// Days in a row, this one included.
        streak: u32,
        /// Points of the day, 0 where days give none.
        points: u64,
        /// Those points.
        grant: Option<Grant>,
        /// What the sign-in brought beside them.
        daily: Option<Grant>,
        /// The bonus that it completed.
        bonus: Option<Grant>,
    },
    /// A missed day was filled.
    MadeUp {
        /// That day.
        day: Day,
        /// The business day on which it was filled.
        on: Day,
        /// The length of the run that it now belongs to.
        streak: u32,
        /// What it cost, in points; 0 where a card paid.
        cost: u64,
        /// The bonus that it completed.
        bonus: Option<Grant>,
    },
}

impl Rules for SignInCalendar {
    type Config = Config;
    type Member = Member;
    type Shared = Shared;
    type Item = ();
    type Event = Event;

    const FAVOURS: &'static [(&'static str, Favour)] = FAVOURS;

    fn validate(config: &Config, _setup: &Setup) -> Vec<Fault> {
        config.faults()
    }

    fn clauses(config: &Config) -> Vec<Clause> {
        labels::clauses(config)
    }

    fn reads(config: &Config, _action: &Action) -> Reads {
        config.reads()
    }

    fn decide(
        config: &Config,
        state: State<'_, Self>,
        action: &Action,
        cx: &mut Cx,
    ) -> Result<Vec<Event>, Refusal> {
        let member = state.member;
        match *action {
            Action::SignIn {} => {
                let day = cx.day;
                if member.days.filled(day) {
                    let label = labels::already_signed();
                    let next_day_at_ms = cx.next_day_at_ms;
                    return Err(Refusal::AlreadySigned { label, next_day_at_ms });
                }
                let before = member.days.run_to(previous(day));
                let streak = before + 1;
                let grant = config.growth_of(streak, cx);
                let points = points_in(grant.as_ref());
                let daily = config.daily_of(cx);
                let bonus = config.bonus_of(before, 0, cx);
                Ok(vec![Event::SignedIn { day, streak, points, grant, daily, bonus }])
            }
            Action::MakeUp { day, pay } => {
                let rule = config
                    .make_up
                    .as_ref()
                    .filter(|rule| member.missed(rule, cx.day).contains(&day))
                    .ok_or_else(|| Refusal::DayNotOpen { label: labels::day_not_open() })?;
                if member.left(rule, cx.day) == 0 {
                    let limit = rule.per_month;
                    let label = labels::make_up_limit(limit);
                    return Err(Refusal::MakeUpLimit { label, limit });
                }
                let cost = rule.cost(pay, member, cx)?;
                let before = member.days.run_to(previous(day));
                let after = member.days.run_from(Day(day.0 + 1));
                Ok(vec![Event::MadeUp {
                    day,
                    on: cx.day,
                    streak: before + 1 + after,
                    cost,
                    bonus: config.bonus_of(before, after, cx),
                }])
            }
        }
    }

    fn evolve(state: StateMut<'_, Self>, event: &Event) {
        let member = state.member;
        match *event {
            Event::SignedIn { day, .. } => {
                member.began.get_or_insert(day);
                member.days.sign(day);
            }
            Event::MadeUp { day, on, cost, .. } => {
                // Points never make a day up for nothing.
                member.cards_used += u32::from(cost == 0);
                member.days.make_up(day, on);
                let month = on.first_of_month();
                member.made_up = if member.month == month { member.made_up + 1 } else { 1 };
                member.month = month;
            }
        }
    }

    fn outcome(events: &[Event]) -> Outcome {
        // A play of the calendar is one event.
        match events.first() {
            Some(Event::SignedIn { day, streak, points, bonus, .. }) => Outcome::Signed {
                label: labels::signed(*streak),
                day: *day,
                streak: *streak,
                points: *points,
                bonus: points_in(bonus.as_ref()),
            },
            Some(Event::MadeUp { day, streak, cost, bonus, .. }) => Outcome::MadeUp {
                label: labels::made_up(*day),
                day: *day,
                streak: *streak,
                bonus: points_in(bonus.as_ref()),
                cost: *cost,
            },
            None => Outcome::Unknown { label: Words::default() },
        }
    }

    fn effects(event: &Event) -> Effects {
        let mut spent = Effects::default();
        let grants = match event {
            Event::SignedIn { grant, daily, bonus, .. } => [grant, daily, bonus],
            Event::MadeUp { cost, bonus, .. } => {
                // A card is no cost on the ledger.
                if *cost > 0 {
                    spent.spend.push(Spend::Points { points: *cost });
                }
                [&None, &None, bonus]
            }
        };
        grants.into_iter().flatten().fold(spent, Effects::grant)
    }

    fn view(config: &Config, state: State<'_, Self>, cx: &Cx) -> View {
        let (member, today) = (state.member, cx.day);
        let signed_today = member.days.filled(today);
        let streak = member.days.run_to(if signed_today { today } else { previous(today) });
        let month = today.first_of_month();
        let cell = |offset: u32| {
            let day = Day(month.0.saturating_add_unsigned(offset));
            let state = member.state_of(day, today);
            let points = match state {
                CellState::Today => config.points_of(streak + 1),
                CellState::Ahead => {
                    let to_come = day.0.abs_diff(today.0) + u32::from(!signed_today);
                    config.points_of(streak + to_come)
                }
                _ => 0,
            };
            Cell { day, state, points }
        };
        View {
            today,
            signed_today,
            month,
            days: (0..today.days_in_month()).map(cell).collect(),
            streak,
            next_points: config.points_of(streak + 1),
            bonus: config.bonus.as_ref().map(|rule| NextBonus {
                days_left: rule.every - streak % rule.every,
                points: rule.points(),
                every: rule.every,
                label: rule.label.clone(),
            }),
            make_up: config.make_up.as_ref().map(|rule| rule.view(member, cx)),
            next_day_at_ms: cx.next_day_at_ms,
        }
    }

    fn moves(view: &View) -> Vec<Action> {
        let sign_in = (!view.signed_today).then_some(Action::SignIn {});
        let make_up = view.make_up.iter().flat_map(|make_up| {
            let ways =
                [(MakeUpPay::Card, make_up.cards > 0), (MakeUpPay::Points, make_up.affordable)];
            let ways = ways.into_iter().filter(|(_, open)| *open);
            ways.flat_map(|(pay, _)| {
                make_up.days.iter().map(move |day| Action::MakeUp { day: *day, pay })
            })
        });
        sign_in.into_iter().chain(make_up).collect()
    }
}

impl Member {
    fn state_of(&self, day: Day, today: Day) -> CellState {
        match day.cmp(&today) {
            _ if self.days.made_up(day) => CellState::MadeUp,
            _ if self.days.filled(day) => CellState::Done,
            Ordering::Greater => CellState::Ahead,
            Ordering::Equal => CellState::Today,
            Ordering::Less if self.began.is_some_and(|began| began < day) => CellState::Missed,
            Ordering::Less => CellState::Outside,
        }
    }

    /// The missed days that can be made up, oldest first: those within reach in the month shown.
    fn missed(&self, rule: &MakeUpRule, today: Day) -> Vec<Day> {
        // Who never signed in has missed nothing: a streak is begun before it is mended.
        let Some(began) = self.began else { return Vec::new() };
        let reach = Day(today.0.saturating_sub_unsigned(rule.reach)).max(today.first_of_month());
        (began.max(reach).0..today.0).map(Day).filter(|day| !self.days.filled(*day)).collect()
    }

    /// How many days can still be made up in the month of `today`.
    fn left(&self, rule: &MakeUpRule, today: Day) -> u32 {
        let used = if self.month == today.first_of_month() { self.made_up } else { 0 };
        rule.per_month.saturating_sub(used)
    }
}

impl MakeUpRule {
    /// Points that making up takes when it is paid in this way, 0 for a card, or why it cannot be.
    fn cost(&self, pay: MakeUpPay, member: &Member, cx: &Cx) -> Result<u64, Refusal> {
        match (pay, self.points_each) {
            (MakeUpPay::Card, _) if self.cards(member, cx) > 0 => Ok(0),
            (MakeUpPay::Points, Some(needs)) if needs <= cx.balance => Ok(needs),
            (MakeUpPay::Points, Some(needs)) => {
                let balance = cx.balance;
                let label = labels::not_enough_points(needs, balance);
                Err(Refusal::NotEnoughPoints { label, needs, balance })
            }
            (MakeUpPay::Card, _) | (MakeUpPay::Points, None) => {
                Err(Refusal::NoCard { label: labels::no_card() })
            }
        }
    }

    /// How many make-up cards the member still holds.
    fn cards(&self, member: &Member, cx: &Cx) -> u32 {
        let card = self.card.as_ref().and_then(|card| cx.cards.get(card));
        card.map_or(0, |granted| granted.saturating_sub(member.cards_used))
    }

    fn view(&self, member: &Member, cx: &Cx) -> MakeUp {
        let left = member.left(self, cx.day);
        let cards = self.cards(member, cx);
        let affordable = self.points_each.is_some_and(|each| each <= cx.balance);
        let open = left > 0 && (affordable || cards > 0);
        MakeUp {
            points_each: self.points_each,
            affordable,
            cards,
            left,
            days: if open { member.missed(self, cx.day) } else { Vec::new() },
        }
    }
}

fn previous(day: Day) -> Day {
    Day(day.0 - 1)
}

fn points_in(grant: Option<&Grant>) -> u64 {
    match grant.and_then(|grant| grant.rewards.first()) {
        Some(Reward::Points { amount, .. }) => *amount,
        _ => 0,
    }
}

/// More for each day, and making up for less.
const FAVOURS: &[(&str, Favour)] = &[
    ("/points/first", Favour::More),
    ("/points/step", Favour::More),
    ("/points/cap", Favour::More),
    ("/bonus/label", Favour::Any),
    ("/bonus/reward/amount", Favour::More),
    ("/bonus/reward/value_cents", Favour::More),
    ("/bonus/reward/count", Favour::More),
    ("/bonus/reward/days", Favour::More),
    ("/daily/label", Favour::Any),
    ("/make_up/points_each", Favour::Less),
    ("/make_up/reach", Favour::More),
    ("/make_up/per_month", Favour::More),
];
