//! Guess price: what goes over the wire. `README.md` tells the rule.
//!
//! **No result in an action**: it says that the gift is taken, the server says what it holds.
#![cfg_attr(not(feature = "rules"), no_std)]

use funfair_host_api::{Kind, Words, wire};

#[cfg(feature = "rules")]
mod rules;
#[cfg(feature = "ui")]
mod view;

#[cfg(feature = "rules")]
pub use rules::{Config, Event, Member, Shared};
#[cfg(feature = "ui")]
pub use view::GuessPriceFace;

/// The kind `guess-price`.
pub struct GuessPrice;

impl Kind for GuessPrice {
    const SLUG: &'static str = "guess-price";
    type Action = Action;
    type View = View;
    type Outcome = Outcome;
    type Refusal = Refusal;
}

wire! {
    /// What the shopper asks.
    pub enum Action {
        /// Takes today's gift.
        Open = "open" {},
    }
}

wire! {
    /// What this shopper may take.
    pub struct View {
        /// Whether today's gift was taken.
        pub taken_today: bool,
        /// Points of a gift.
        pub points: u64,
        /// When the next business day begins, milliseconds since 1970 UTC.
        pub next_day_at_ms: u64,
    }
}

wire! {
    /// What was in it.
    pub open enum Outcome {
        /// Points.
        Opened = "opened" {
            /// What to show.
            label: Words,
            /// How many.
            points: u64,
        },
    }
}

wire! {
    /// Why there was none.
    pub open enum Refusal {
        /// Today's gift was taken before.
        AlreadyTaken = "already_taken" {
            /// What to show.
            label: Words,
            /// When the next business day begins, milliseconds since 1970 UTC.
            next_day_at_ms: u64,
        },
    }
}
