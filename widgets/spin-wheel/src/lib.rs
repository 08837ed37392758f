//! Prize wheel: what goes over the wire. `README.md` tells the rule.
//!
//! **No secret**: every weight and quantity is published as the activity's odds, whose order is
//! the order of the sectors. **No result in an action**: it says how the spin is paid, no more.
#![cfg_attr(not(feature = "rules"), no_std)]

use funfair_host_api::{ChancesLeft, Kind, Pay, Words, alloc::string::String, wire};

#[cfg(feature = "rules")]
mod labels;
#[cfg(feature = "rules")]
mod rules;
#[cfg(feature = "ui")]
mod view;

#[cfg(feature = "rules")]
pub use rules::{Config, Event, Member, Shared};
#[cfg(feature = "ui")]
pub use view::WheelFace;

/// The kind `spin-wheel`.
pub struct SpinWheel;

impl Kind for SpinWheel {
    const SLUG: &'static str = "spin-wheel";
    type Action = Action;
    type View = View;
    type Outcome = Outcome;
    type Refusal = Refusal;
}

wire! {
    /// What the shopper asks.
    pub enum Action {
        /// Turns the wheel once.
        Spin = "spin" {
            /// How the spin is paid.
            pay: Pay,
        },
    }
}

wire! {
    /// What this shopper may do at the wheel.
    pub struct View {
        /// What the next spins can be paid with.
        pub chances: ChancesLeft,
        /// Whether the next spin is promised to win.
        pub sure: bool,
        /// The prize where the wheel last stopped for this member.
        pub last: Option<String>,
    }
}

wire! {
    /// Where the wheel stopped.
    pub open enum Outcome {
        /// On a prize, of tier 1 or below it.
        Won = "won" {
            /// The prize's name.
            label: Words,
            /// The prize's id, as in the activity's odds.
            prize: String,
            /// Its tier; 1 is the best.
            tier: u32,
        },
        /// On a sector of tier 0: no win, though something small may come with it.
        Consoled = "consoled" {
            /// The sector's name.
            label: Words,
            /// The sector's id, as in the activity's odds.
            prize: String,
            /// Its tier, 0.
            tier: u32,
        },
    }
}

wire! {
    /// Why the wheel did not turn.
    pub open enum Refusal {
        /// There is no spin of the kind that was asked for.
        NoChance = "no_chance" {
            /// What to show.
            label: Words,
            /// When the next free spin comes, milliseconds since 1970 UTC.
            next_free_at_ms: Option<u64>,
        },
        /// The member has too few points.
        NotEnoughPoints = "not_enough_points" {
            /// What to show.
            label: Words,
            /// What a spin takes.
            needs: u64,
            /// What the member has.
            balance: u64,
        },
        /// Points bought as many spins as they may today.
        PaidLimit = "paid_limit" {
            /// What to show.
            label: Words,
            /// How many a day.
            limit: u32,
            /// When they buy one again, milliseconds since 1970 UTC.
            next_at_ms: u64,
        },
        /// Nothing is left to draw.
        SoldOut = "sold_out" {
            /// What to show.
            label: Words,
        },
    }
}
