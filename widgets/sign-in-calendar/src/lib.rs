//! Sign-in calendar: what goes over the wire. `README.md` tells the rule.
//!
//! **No secret**: what each day gives is shown ahead. **No date from the browser decides what
//! today is**: an action names a day only to say which missed one is made up.
#![cfg_attr(not(feature = "rules"), no_std)]

use funfair_host_api::{Day, Kind, Words, alloc::vec::Vec, wire};

#[cfg(feature = "rules")]
mod config;
#[cfg(feature = "rules")]
mod days;
#[cfg(feature = "rules")]
mod labels;
#[cfg(feature = "rules")]
mod rules;
#[cfg(feature = "ui")]
mod view;

#[cfg(feature = "rules")]
pub use config::{BonusRule, Config, DailyRule, MakeUpRule, PointsRule};
#[cfg(feature = "rules")]
pub use days::Days;
#[cfg(feature = "rules")]
pub use rules::{Event, Member, Shared};
#[cfg(feature = "ui")]
pub use view::CalendarFace;

/// The kind `sign-in-calendar`.
pub struct SignInCalendar;

impl Kind for SignInCalendar {
    const SLUG: &'static str = "sign-in-calendar";
    type Action = Action;
    type View = View;
    type Outcome = Outcome;
    type Refusal = Refusal;
}

wire! {
    /// What the shopper asks.
    pub enum Action {
        /// Signs in for the store's business day.
        SignIn = "sign_in" {},
        /// Fills a missed day.
        MakeUp = "make_up" {
            /// Which.
            day: Day,
            /// How it is paid.
            pay: MakeUpPay,
        },
    }
}

wire! {
    /// How making up a day is paid.
    pub names MakeUpPay {
        /// With a make-up card.
        Card = "card",
        /// With points.
        Points = "points",
    }
}

wire! {
    /// This month, as this shopper sees it.
    pub struct View {
        /// The store's business day.
        pub today: Day,
        /// Whether the member has signed in today.
        pub signed_today: bool,
        /// The first day of the month shown.
        pub month: Day,
        /// Every day of that month, in order.
        pub days: Vec<Cell>,
        /// Days in a row up to today, or up to yesterday before signing in.
        pub streak: u32,
        /// Points of the next sign-in: today's, or tomorrow's when today is done.
        pub next_points: u64,
        /// The next bonus; `None` where there is none.
        pub bonus: Option<NextBonus>,
        /// Making up missed days; `None` where it is not offered.
        pub make_up: Option<MakeUp>,
        /// When the next business day begins, milliseconds since 1970 UTC.
        pub next_day_at_ms: u64,
    }
}

wire! {
    /// One day of the month.
    pub struct Cell {
        /// Which.
        pub day: Day,
        /// How it stands.
        pub state: CellState,
        /// Points of a sign-in on it if no day is missed until then; 0 for a day that is settled.
        pub points: u64,
    }
}

wire! {
    /// How a day stands.
    pub names CellState {
        /// Signed in.
        Done = "done",
        /// Missed since the member began.
        Missed = "missed",
        /// Missed and made up.
        MadeUp = "made_up",
        /// Today, not yet signed in.
        Today = "today",
        /// Yet to come.
        Ahead = "ahead",
        /// Before the member began.
        Outside = "outside",
    }
}

wire! {
    /// The bonus to come.
    pub struct NextBonus {
        /// Sign-ins in a row still needed for it.
        pub days_left: u32,
        /// Its points; 0 where it is something else.
        pub points: u64,
        /// It comes after each so many days in a row.
        pub every: u32,
        /// Its name, where it is something else than points.
        pub label: Option<Words>,
    }
}

wire! {
    /// What making up takes and allows.
    pub struct MakeUp {
        /// Points for one day; `None` where only a card makes one up.
        pub points_each: Option<u64>,
        /// Whether the member has the points for one.
        pub affordable: bool,
        /// Make-up cards that the member holds.
        pub cards: u32,
        /// How many more this month.
        pub left: u32,
        /// The days that can be made up now, oldest first: none without a card or the points.
        pub days: Vec<Day>,
    }
}

wire! {
    /// What was signed.
    pub open enum Outcome {
        /// Today.
        Signed = "signed" {
            /// What to show.
            label: Words,
            /// The business day.
            day: Day,
            /// Days in a row, this one included.
            streak: u32,
            /// Points for the day.
            points: u64,
            /// Points of the bonus that it completed; 0 where none, or none of points.
            bonus: u64,
        },
        /// A missed day.
        MadeUp = "made_up" {
            /// What to show.
            label: Words,
            /// The day that was filled.
            day: Day,
            /// The length of the run that it now belongs to.
            streak: u32,
            /// Points of the bonus that it completed; 0 where none, or none of points.
            bonus: u64,
            /// What it cost, in points; 0 where a card paid.
            cost: u64,
        },
    }
}

wire! {
    /// Why nothing was signed.
    pub open enum Refusal {
        /// Today is done.
        AlreadySigned = "already_signed" {
            /// What to show.
            label: Words,
            /// When the next business day begins, milliseconds since 1970 UTC.
            next_day_at_ms: u64,
        },
        /// The day was not missed, or lies out of reach or in another month.
        DayNotOpen = "day_not_open" {
            /// What to show.
            label: Words,
        },
        /// As many days were made up this month as may be.
        MakeUpLimit = "make_up_limit" {
            /// What to show.
            label: Words,
            /// How many a month.
            limit: u32,
        },
        /// The member has too few points.
        NotEnoughPoints = "not_enough_points" {
            /// What to show.
            label: Words,
            /// What a day takes.
            needs: u64,
            /// What the member has.
            balance: u64,
        },
        /// There is no make-up card to use, or nothing but a card makes a day up.
        NoCard = "no_card" {
            /// What to show.
            label: Words,
        },
    }
}
