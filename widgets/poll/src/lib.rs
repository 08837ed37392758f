//! Poll: what goes over the wire. `README.md` tells the rule.
//!
//! **No result in an action**: it says what is chosen, never a count. **No count in a view** before
//! the activity says that results are shown.
#![cfg_attr(not(feature = "rules"), no_std)]

use funfair_host_api::{
    Day, Kind, Words,
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
mod nominations;
#[cfg(feature = "rules")]
mod report;
#[cfg(feature = "rules")]
mod rules;
#[cfg(feature = "rules")]
mod tally;
#[cfg(feature = "ui")]
mod view;

#[cfg(feature = "rules")]
pub use config::{Ballot, Choose, Config, NominationRule, OptionRule, RoundRule};
#[cfg(feature = "rules")]
pub use nominations::{Mine, Nomination};
#[cfg(feature = "rules")]
pub use report::{BandRow, OptionRow, Report, report};
#[cfg(feature = "rules")]
pub use rules::{Event, Member};
#[cfg(feature = "rules")]
pub use tally::{Accepted, Shared, Tally};
#[cfg(feature = "ui")]
pub use view::PollFace;

/// The kind `poll`.
pub struct Poll;

impl Kind for Poll {
    const SLUG: &'static str = "poll";
    type Action = Action;
    type View = View;
    type Outcome = Outcome;
    type Refusal = Refusal;
}

wire! {
    /// What the shopper asks.
    pub enum Action {
        /// Casts the ballot of this round, or changes it.
        Vote = "vote" {
            /// The ids of the options chosen.
            options: Vec<String>,
        },
        /// Proposes an option, to be looked at before anyone sees it.
        Nominate = "nominate" {
            /// Its name.
            text: String,
        },
    }
}

wire! {
    /// The vote as this shopper may see it.
    pub struct View {
        /// What is asked.
        pub question: Words,
        /// How many options a ballot names at least.
        pub least: u32,
        /// How many at most.
        pub most: u32,
        /// What can be chosen, in order.
        pub options: Vec<Choice>,
        /// Whether this member's ballot of this round is counted.
        pub voted: bool,
        /// Whether a ballot can be cast, or changed, now.
        pub can_vote: bool,
        /// When counts are shown.
        pub results: Results,
        /// How many ballots this round has; `None` while counts are hidden.
        pub ballots: Option<u64>,
        /// The round, where the vote has several.
        pub round: Option<Round>,
        /// What this member's first ballot of the round brings; `None` where nothing, or no more.
        pub gift: Option<Gift>,
        /// Proposing options; `None` where it is not offered.
        pub nominations: Option<Nominating>,
        /// When the next business day begins, milliseconds since 1970 UTC.
        pub next_day_at_ms: u64,
    }
}

wire! {
    /// One option.
    pub struct Choice {
        /// Its id.
        pub id: String,
        /// Its name.
        pub label: Words,
        /// Its picture: an `https` URL, or a path on the store's own site.
        pub picture: Option<String>,
        /// The lower end of its price band, in cents.
        pub from_cents: Option<u64>,
        /// The upper end.
        pub to_cents: Option<u64>,
        /// Whether this member's ballot names it.
        pub chosen: bool,
        /// Whether its quota is used up, for this member.
        pub full: bool,
        /// How many ballots of this round name it; `None` while counts are hidden.
        pub count: Option<u64>,
        /// The same of the round before.
        pub last: Option<u64>,
    }
}

wire! {
    /// One of several rounds.
    pub struct Round {
        /// Its number, from 1.
        pub number: u32,
        /// The business day on which the next one begins; `None` where none does.
        pub next: Option<Day>,
        /// How many ballots the round before had; `None` while counts are hidden.
        pub last_ballots: Option<u64>,
    }
}

wire! {
    /// What a ballot brings.
    pub struct Gift {
        /// Points; 0 where it is something else.
        pub points: u64,
    }
}

wire! {
    /// When counts are shown.
    pub names Results {
        /// After the close.
        Hidden = "hidden",
        /// To whoever has voted in the round.
        AfterVote = "after_vote",
        /// To every member.
        Live = "live",
    }
}

wire! {
    /// Proposing options.
    pub struct Nominating {
        /// How many more this member may propose now.
        pub left: u32,
        /// The longest name, in characters.
        pub max_length: u32,
        /// What this member proposed, oldest first.
        pub mine: Vec<Proposed>,
    }
}

wire! {
    /// One proposal of this member's.
    pub struct Proposed {
        /// The name.
        pub text: String,
        /// What became of it.
        pub status: Status,
    }
}

wire! {
    /// What became of a proposal.
    pub names Status {
        /// It is being looked at.
        Pending = "pending",
        /// It is among the options.
        Accepted = "accepted",
        /// It was not taken up.
        Declined = "declined",
        /// The vote closed before it was looked at.
        Lapsed = "lapsed",
    }
}

wire! {
    /// What was done.
    pub open enum Outcome {
        /// The first ballot of the round is counted.
        Voted = "voted" {
            /// What to show.
            label: Words,
            /// Points that it brought; 0 where none.
            points: u64,
        },
        /// The ballot counts for something else now.
        Changed = "changed" {
            /// What to show.
            label: Words,
        },
        /// The proposal will be looked at.
        Nominated = "nominated" {
            /// What to show.
            label: Words,
            /// Its name, as it was taken down.
            text: String,
        },
    }
}

wire! {
    /// Why nothing was done.
    pub open enum Refusal {
        /// The ballot of this round is cast, and stays.
        AlreadyVoted = "already_voted" {
            /// What to show.
            label: Words,
            /// The business day on which the next round begins; `None` where none does.
            next: Option<Day>,
        },
        /// An option has as many ballots as it takes.
        OptionFull = "option_full" {
            /// What to show.
            label: Words,
            /// Its id.
            option: String,
        },
        /// An option is not there, or is named twice.
        NoSuchOption = "no_such_option" {
            /// What to show.
            label: Words,
        },
        /// Too few are chosen, or too many.
        WrongNumber = "wrong_number" {
            /// What to show.
            label: Words,
            /// How many at least.
            least: u32,
            /// How many at most.
            most: u32,
        },
        /// Nothing more is taken up in this vote.
        NominationsClosed = "nominations_closed" {
            /// What to show.
            label: Words,
        },
        /// The member has proposed as many as may be.
        NominationLimit = "nomination_limit" {
            /// What to show.
            label: Words,
            /// How many.
            limit: u32,
        },
        /// The name cannot be taken down as it is.
        TextRefused = "text_refused" {
            /// What to show.
            label: Words,
            /// What is wrong with it.
            flaw: Flaw,
            /// The longest name, in characters.
            max_length: u32,
        },
        /// An option, or a proposal of the member's own, has this name.
        AlreadyThere = "already_there" {
            /// What to show.
            label: Words,
        },
    }
}

wire! {
    /// What is wrong with a proposed name.
    pub names Flaw {
        /// There is nothing to read in it.
        Empty = "empty",
        /// It is too long.
        TooLong = "too_long",
        /// It has characters that nobody sees.
        Control = "control",
        /// It has a link.
        Link = "link",
    }
}
