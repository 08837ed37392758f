//! Card collecting: what goes over the wire. `README.md` tells the rule.
//!
//! **No secret**: every weight and quantity is published as the activity's odds, whose order is the
//! order of the shelf. **No result in an action**: it names a card or a link, never what comes of
//! it. **No member in a link**: a friend sees the card and whether it is still there.
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
#[cfg(feature = "ui")]
mod drawings;
#[cfg(feature = "rules")]
mod labels;
#[cfg(feature = "rules")]
mod links;
#[cfg(feature = "rules")]
mod rules;
#[cfg(feature = "rules")]
mod shown;
#[cfg(feature = "rules")]
mod state;
#[cfg(feature = "ui")]
mod view;

#[cfg(feature = "rules")]
pub use config::{Card, Config, Gifts, Instead, PotRule, PrizeRule};
#[cfg(feature = "rules")]
pub use rules::Event;
#[cfg(feature = "rules")]
pub use state::{Item, Member, Shared};
#[cfg(feature = "ui")]
pub use view::CardCollectingFace;

/// The kind `card-collecting`.
pub struct CardCollecting;

impl Kind for CardCollecting {
    const SLUG: &'static str = "card-collecting";
    type Action = Action;
    type View = View;
    type Outcome = Outcome;
    type Refusal = Refusal;
}

wire! {
    /// What the shopper asks.
    pub enum Action {
        /// Draws one card.
        Draw = "draw" {
            /// How the draw is paid.
            pay: Pay,
        },
        /// Hands in the set.
        Complete = "complete" {},
        /// Wraps a card up for a friend, under a link.
        Give = "give" {
            /// The card's id.
            card: String,
        },
        /// Takes a friend's card.
        Take = "take" {
            /// The key in the link.
            gift: String,
        },
        /// Unwraps an own card again; where a friend was faster, hears of it.
        TakeBack = "take_back" {
            /// The key in the link.
            gift: String,
        },
        /// Asks friends for a card, by a link.
        Ask = "ask" {
            /// The card's id.
            card: String,
        },
        /// Gives a friend the card that was asked for.
        Answer = "answer" {
            /// The key in the link.
            ask: String,
        },
        /// Fetches what a friend answered an own ask with; ends the ask where nobody did.
        Collect = "collect" {
            /// The key in the link.
            ask: String,
        },
    }
}

wire! {
    /// What this shopper has and may do.
    pub struct View {
        /// What the next draws can be paid with.
        pub chances: ChancesLeft,
        /// How many more cards may be drawn today, where that is limited.
        pub draws_left: Option<u32>,
        /// When the next business day begins, milliseconds since 1970 UTC.
        pub next_day_at_ms: u64,
        /// At the latest with which draw a new card comes, 1 being the next one; `None` where
        /// nothing is promised.
        pub sure_in: Option<u32>,
        /// The cards, in the order of the activity's odds.
        pub cards: Vec<Held>,
        /// How many different cards make the set.
        pub need: u32,
        /// How many of them are there, wildcards not counted.
        pub have: u32,
        /// Whether the set can be handed in now, wildcards counted.
        pub ready: bool,
        /// What completing it brings at once.
        pub prize: Option<PrizeView>,
        /// What all who complete it share.
        pub pot: Option<PotView>,
        /// Whether this member has completed the set.
        pub completed: bool,
        /// How many cards may still be given now, wrapped up or as an answer.
        pub gives_left: u32,
        /// Why none, and when again.
        pub gives_note: Option<Words>,
        /// How many cards friends may still be asked for now.
        pub asks_left: u32,
        /// Why none, and when again.
        pub asks_note: Option<Words>,
        /// Own links that are under way.
        pub links: Vec<OwnLink>,
        /// What the link that led here is about.
        pub link: Option<Link>,
    }
}

wire! {
    /// How many of one card a member has.
    pub struct Held {
        /// The card's id, as in the activity's odds.
        pub card: String,
        /// How many.
        pub count: u32,
        /// Whether it stands for any card that is missing.
        pub wild: bool,
    }
}

wire! {
    /// What completing the set brings at once.
    pub struct PrizeView {
        /// Its name.
        pub label: Words,
        /// How many are left, where their number is limited.
        pub left: Option<u64>,
    }
}

wire! {
    /// What all who complete the set share equally.
    pub struct PotView {
        /// Its name.
        pub label: Words,
        /// What is shared: points, or cents.
        pub amount: u64,
        /// Whether it is money.
        pub money: bool,
        /// How many have completed the set so far.
        pub sharers: u64,
        /// This member's share as it stands; of one who has not completed the set, what it would
        /// be.
        pub share: u64,
        /// When it is shared, milliseconds since 1970 UTC: the close.
        pub at_ms: u64,
        /// Whether this member's share has been paid.
        pub paid: bool,
    }
}

wire! {
    /// An own link that is under way.
    pub struct OwnLink {
        /// The key in the link.
        pub item: String,
        /// What it does.
        pub kind: LinkKind,
        /// The card's id.
        pub card: String,
    }
}

wire! {
    /// What a link is about, as whoever follows it sees it.
    pub struct Link {
        /// The key in the link.
        pub item: String,
        /// What it does.
        pub kind: LinkKind,
        /// The card's id; empty where the link leads nowhere any more.
        pub card: String,
        /// Where it stands.
        pub state: LinkState,
        /// Whether this member can do now what the link is for.
        pub can: bool,
        /// What to say of it: what a press brings, or why none would.
        pub note: Words,
    }
}

wire! {
    /// What a link does.
    pub names LinkKind {
        /// It brings a card to whoever follows it.
        Gift = "gift",
        /// It asks for one.
        Ask = "ask",
    }
}

wire! {
    /// Where a link stands.
    pub names LinkState {
        /// It waits for a friend.
        Open = "open",
        /// It is the member's own.
        Own = "own",
        /// A friend was there.
        Taken = "taken",
        /// It has gone back, or was never there.
        Gone = "gone",
    }
}

wire! {
    /// What came of it. Each label is a whole sentence, but for a drawn card's, which is its name.
    pub open enum Outcome {
        /// A card was drawn.
        Drawn = "drawn" {
            /// The card's name.
            label: Words,
            /// Its id.
            card: String,
            /// Whether the member has it for the first time.
            new: bool,
        },
        /// The set is complete.
        Completed = "completed" {
            /// What to show.
            label: Words,
            /// As the how-manieth member, from 1.
            rank: u64,
        },
        /// A card is wrapped up.
        Gave = "gave" {
            /// What to show.
            label: Words,
            /// The card's id.
            card: String,
            /// The key for the link.
            link: String,
        },
        /// A friend's card was taken.
        Took = "took" {
            /// What to show.
            label: Words,
            /// The card's id.
            card: String,
        },
        /// An own card was unwrapped.
        CameBack = "came_back" {
            /// What to show.
            label: Words,
            /// The card's id.
            card: String,
        },
        /// A friend had taken the card before.
        Delivered = "delivered" {
            /// What to show.
            label: Words,
            /// The card's id.
            card: String,
        },
        /// Friends can be asked.
        Asked = "asked" {
            /// What to show.
            label: Words,
            /// The card's id.
            card: String,
            /// The key for the link.
            link: String,
        },
        /// A friend's ask was answered.
        Answered = "answered" {
            /// What to show.
            label: Words,
            /// The card's id.
            card: String,
        },
        /// What a friend gave was fetched.
        Collected = "collected" {
            /// What to show.
            label: Words,
            /// The card's id.
            card: String,
        },
        /// The ask is over, and nobody answered it.
        Withdrawn = "withdrawn" {
            /// What to show.
            label: Words,
            /// The card's id.
            card: String,
        },
    }
}

wire! {
    /// Why nothing came of it.
    pub open enum Refusal {
        /// There is no chance of the kind that was asked for.
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
            /// What a draw takes.
            needs: u64,
            /// What the member has.
            balance: u64,
        },
        /// Points bought as many draws as they may today.
        PaidLimit = "paid_limit" {
            /// What to show.
            label: Words,
            /// How many a day.
            limit: u32,
            /// When they buy one again, milliseconds since 1970 UTC.
            next_at_ms: u64,
        },
        /// As many as there may be.
        LimitReached = "limit_reached" {
            /// What to show.
            label: Words,
            /// Of what.
            of: Limit,
            /// How many.
            limit: u32,
            /// When there may be more, milliseconds since 1970 UTC; `None` where time alone does
            /// not bring it.
            again_at_ms: Option<u64>,
        },
        /// Something is missing, over or done.
        NotPossible = "not_possible" {
            /// What to show.
            label: Words,
            /// What.
            why: Why,
        },
    }
}

wire! {
    /// What there may be only so many of.
    pub names Limit {
        /// Cards drawn by a member a day.
        Draws = "draws",
        /// Cards given a day.
        Gives = "gives",
        /// Cards received, or asked for, a day.
        Takes = "takes",
        /// Cards received in all.
        TakesTotal = "takes_total",
        /// Cards received from one friend.
        Friend = "friend",
        /// Own links under way.
        Links = "links",
    }
}

wire! {
    /// What is missing, over or done.
    pub names Why {
        /// No card is left to draw.
        SoldOut = "sold_out",
        /// A card of the set is missing.
        Incomplete = "incomplete",
        /// This member has completed the set.
        Completed = "completed",
        /// The prizes are gone.
        PrizeGone = "prize_gone",
        /// The member has no such card.
        NotHeld = "not_held",
        /// There is no such card to ask for.
        NoSuchCard = "no_such_card",
        /// Cards are not passed on in this activity.
        NoGifts = "no_gifts",
        /// Friends are not asked where this member is.
        NoSharing = "no_sharing",
        /// The link leads nowhere any more.
        LinkGone = "link_gone",
        /// A friend was there before.
        LinkTaken = "link_taken",
        /// It is the member's own link.
        OwnLink = "own_link",
        /// It is another member's link.
        NotOwnLink = "not_own_link",
    }
}
