//! Guess the price: what goes over the wire. `README.md` tells the rule.
//!
//! **One secret**: the price. A view holds its commitment from the start, and the price itself only
//! once the activity is over. **No result in an action**: it says a guess, the server says what it
//! came to.
#![cfg_attr(not(feature = "rules"), no_std)]

use funfair_host_api::{
    ChancesLeft, Kind, Pay, Words,
    alloc::{string::String, vec::Vec},
    wire,
};

#[cfg(feature = "rules")]
mod clauses;
#[cfg(feature = "rules")]
mod config;
#[cfg(feature = "rules")]
mod faults;
#[cfg(feature = "rules")]
mod labels;
#[cfg(feature = "rules")]
mod moves;
#[cfg(feature = "rules")]
mod rules;
#[cfg(feature = "rules")]
mod state;
#[cfg(feature = "ui")]
mod view;

#[cfg(feature = "rules")]
pub use config::{Config, Gift, HelpRule, Hints, PrizeRule, Ware, Win};
#[cfg(feature = "rules")]
pub use rules::{Event, commitment};
#[cfg(feature = "rules")]
pub use state::{Asked, Best, HelpLink, Member, Shared};
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
        /// Guesses a price.
        Guess = "guess" {
            /// The price, one of the allowed ones.
            guess_cents: u64,
            /// How the try is paid.
            pay: Pay,
        },
        /// Makes a link by which one friend may guess once.
        Invite = "invite" {},
        /// Guesses for the friend whose link it is.
        Help = "help" {
            /// The link's key.
            link: String,
            /// The price, one of the allowed ones.
            guess_cents: u64,
        },
        /// Takes what a friend's guess came to.
        Collect = "collect" {
            /// The link's key.
            link: String,
        },
    }
}

wire! {
    /// What this shopper may do, and was told so far.
    pub struct View {
        /// What the next tries can be paid with.
        pub chances: ChancesLeft,
        /// What is guessed: its name.
        pub label: Words,
        /// Its picture: an https address, or a path on the store's own site.
        pub picture: Option<String>,
        /// The lowest price that may be guessed.
        pub low_cents: u64,
        /// The highest one.
        pub high_cents: u64,
        /// The distance from one allowed price to the next.
        pub step_cents: u64,
        /// What wins.
        pub win: WinView,
        /// What is won.
        pub prize: Words,
        /// How this member stands.
        pub stage: Stage,
        /// How many tries a member has in all.
        pub tries: u32,
        /// How many are left of them.
        pub tries_left: u32,
        /// The lowest price that what this member was told leaves possible.
        pub from_cents: u64,
        /// The highest one.
        pub to_cents: u64,
        /// Prices that make sense next, the best first.
        pub suggest_cents: Vec<u64>,
        /// The guesses so far, friends' among them, in order.
        pub guesses: Vec<Mark>,
        /// The links made, in order.
        pub helps: Vec<Help>,
        /// How many more can be made.
        pub asks_left: u32,
        /// The link that the page was opened with.
        pub link: Option<Link>,
        /// SHA-256 over the sealed price: the same all through, hexadecimal.
        pub commitment: String,
        /// What was sealed, once the activity is over.
        pub disclosed: Option<Disclosed>,
    }
}

wire! {
    /// What wins, in public.
    pub enum WinView {
        /// The exact price.
        Exact = "exact" {},
        /// A price near enough.
        Band = "band" {
            /// How far off it may be.
            within_cents: Option<u64>,
            /// The same in per cent of the price.
            within_percent: Option<u32>,
        },
        /// The closest ones at the close.
        Closest = "closest" {
            /// How many win.
            winners: u32,
        },
    }
}

wire! {
    /// How a member stands.
    pub names Stage {
        /// May guess.
        Open = "open",
        /// Has won.
        Won = "won",
        /// A friend has found the price; the prize waits to be collected.
        Collect = "collect",
        /// Has found the price when nothing was left to give.
        Missed = "missed",
        /// Has no try left.
        UsedUp = "used_up",
        /// Nothing is left to win.
        SoldOut = "sold_out",
    }
}

wire! {
    /// One guess, and what was told of it.
    pub struct Mark {
        /// The price guessed.
        pub cents: u64,
        /// What it came to.
        pub told: Told,
        /// For `within`: within how many per cent of the price it lies; else 0.
        pub percent: u32,
        /// Whether a friend guessed it.
        pub friend: bool,
    }
}

wire! {
    /// What is told of a guess.
    pub names Told {
        /// It is right.
        Right = "right",
        /// It is not.
        Wrong = "wrong",
        /// The price is higher.
        Higher = "higher",
        /// The price is lower.
        Lower = "lower",
        /// It is near, but not near enough.
        Within = "within",
        /// It is far off.
        Far = "far",
        /// Nothing before the close.
        Sealed = "sealed",
    }
}

wire! {
    /// One link for a friend, as its owner sees it.
    pub struct Help {
        /// Its key.
        pub link: String,
        /// How far it has come.
        pub state: HelpState,
    }
}

wire! {
    /// How far a link has come.
    pub names HelpState {
        /// No friend has guessed yet, or the answer is on its way.
        Open = "open",
        /// The friend found the price: the prize waits to be collected.
        Found = "found",
        /// Answered; the guess stands among the guesses.
        Done = "done",
    }
}

wire! {
    /// The link that the page was opened with.
    pub struct Link {
        /// Its key.
        pub key: String,
        /// What this shopper may do with it.
        pub state: LinkState,
        /// A price in the middle, to begin with.
        pub suggest_cents: u64,
    }
}

wire! {
    /// What a shopper may do with a link.
    pub names LinkState {
        /// Guess for its owner.
        Open = "open",
        /// Nothing: it is used up.
        Used = "used",
        /// Nothing now: this member has helped as often as they may.
        Limit = "limit",
        /// Pass it on: it is the shopper's own.
        Mine = "mine",
        /// Look at the answer: it is the shopper's own, and a friend has guessed.
        Answered = "answered",
    }
}

wire! {
    /// What was sealed.
    pub struct Disclosed {
        /// The price.
        pub answer_cents: u64,
        /// The secret that it was sealed with, hexadecimal.
        pub seal: String,
    }
}

wire! {
    /// What a play came to.
    pub open enum Outcome {
        /// A guess was checked, or taken for the close.
        Guessed = "guessed" {
            /// What to show.
            label: Words,
            /// The price guessed.
            guess_cents: u64,
            /// What it came to.
            told: Told,
            /// For `within`: within how many per cent; else 0.
            percent: u32,
            /// Whether the prize came with it.
            won: bool,
        },
        /// A link was made.
        Invited = "invited" {
            /// What to show.
            label: Words,
            /// Its key.
            link: String,
        },
        /// A guess for a friend was checked.
        Helped = "helped" {
            /// What to show.
            label: Words,
            /// The price guessed.
            guess_cents: u64,
            /// What it came to.
            told: Told,
            /// For `within`: within how many per cent; else 0.
            percent: u32,
        },
        /// A friend's answer was taken.
        Collected = "collected" {
            /// What to show.
            label: Words,
            /// The price guessed.
            guess_cents: u64,
            /// What it came to.
            told: Told,
            /// For `within`: within how many per cent; else 0.
            percent: u32,
            /// Whether the prize came with it.
            won: bool,
        },
    }
}

wire! {
    /// Why there was no play.
    pub open enum Refusal {
        /// There is no chance of the sort that was asked for.
        NoChance = "no_chance" {
            /// What to show.
            label: Words,
            /// When the next free one comes, milliseconds since 1970 UTC.
            next_free_at_ms: Option<u64>,
        },
        /// The member has too few points.
        NotEnoughPoints = "not_enough_points" {
            /// What to show.
            label: Words,
            /// What a try takes.
            needs: u64,
            /// What the member has.
            balance: u64,
        },
        /// Points bought as many tries as they may today.
        PaidLimit = "paid_limit" {
            /// What to show.
            label: Words,
            /// How many a day.
            limit: u32,
            /// When they buy one again, milliseconds since 1970 UTC.
            next_at_ms: u64,
        },
        /// The member has used every try.
        NoTries = "no_tries" {
            /// What to show.
            label: Words,
        },
        /// The price is none of the allowed ones.
        OffGrid = "off_grid" {
            /// What to show.
            label: Words,
            /// The lowest allowed price.
            low_cents: u64,
            /// The highest one.
            high_cents: u64,
            /// The distance from one to the next.
            step_cents: u64,
        },
        /// The member has guessed this price before.
        GuessedBefore = "guessed_before" {
            /// What to show.
            label: Words,
        },
        /// The member has found the price.
        Finished = "finished" {
            /// What to show.
            label: Words,
        },
        /// Nothing is left to win.
        SoldOut = "sold_out" {
            /// What to show.
            label: Words,
        },
        /// The member has made as many links as they may.
        NoAsks = "no_asks" {
            /// What to show.
            label: Words,
        },
        /// The link is used up, or never was.
        LinkGone = "link_gone" {
            /// What to show.
            label: Words,
        },
        /// The link is the member's own.
        OwnLink = "own_link" {
            /// What to show.
            label: Words,
        },
        /// The member has helped as often as they may.
        HelpLimit = "help_limit" {
            /// What to show.
            label: Words,
            /// When they may again, milliseconds since 1970 UTC.
            next_at_ms: Option<u64>,
        },
        /// There is nothing to collect yet.
        NotYet = "not_yet" {
            /// What to show.
            label: Words,
        },
    }
}
