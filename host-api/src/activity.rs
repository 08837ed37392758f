use crate::{Words, json::Raw, wire};
use alloc::{string::String, vec::Vec};

wire! {
    /// The public side of one configured, dated activity: `GET …/activities/{activity}`.
    ///
    /// The same for every shopper all through a business day, and therefore cacheable by its ETag.
    /// It is read without a token, as a CORS-simple request, before the wasm arrives.
    pub struct Activity {
        /// The store's id, as in the URL.
        pub store: String,
        /// The activity's id within its store, as in the URL.
        pub activity: String,
        /// The kind's slug.
        pub kind: String,
        /// What the shopper reads above the widget.
        pub title: Words,
        /// Who may take part, what is won, until when; plain text.
        pub terms: Words,
        /// Whether it can be played.
        pub state: ActivityState,
        /// The first moment of play, milliseconds since 1970 UTC.
        pub opens_at_ms: u64,
        /// The first moment when it is over.
        pub closes_at_ms: u64,
        /// The store's time zone, an IANA name (`Asia/Shanghai`).
        pub zone: String,
        /// The hour at which a business day begins there, 0 to 23.
        pub cutover_hour: u32,
        /// What can be drawn, with weight and quantity; empty for a kind that draws nothing.
        pub odds: Vec<Odds>,
        /// A theme's name (`plain`, `double-11`, `new-year`).
        pub look: String,
        /// SHA-256 of the configuration in force; a play names the revision it saw.
        pub revision: String,
        /// SHA-256 of the key that all draws derive from, published before the first draw.
        pub key_hash: String,
        /// That key, published after the close.
        pub key: Option<String>,
        /// Newer request fields that this server understands.
        pub capabilities: Vec<String>,
        /// The times of play within today and the next days of play, soonest first; empty for an
        /// activity that is open all through its dates.
        pub slots: Vec<Slot>,
        /// The kind's view for a new member today: what a signed-out visitor sees.
        pub preview: Raw,
    }
}

wire! {
    /// One time of play.
    pub struct Slot {
        /// Its first moment, milliseconds since 1970 UTC.
        pub opens_at_ms: u64,
        /// The first moment after it.
        pub closes_at_ms: u64,
        /// How many plays it takes, all members together; `None` is no limit.
        pub quantity: Option<u64>,
    }
}

wire! {
    /// What stands between this shopper and a play, beyond the activity's dates; said in `me`
    /// before anything is pressed, and in the problem `barred`.
    pub open enum Barrier {
        /// The activity is for others.
        NotEligible = "not_eligible" {
            /// What to show: for whom it is.
            label: Words,
            /// Whether it is not even to be seen.
            hidden: bool,
        },
        /// The shopper has to agree to something first. The store asks; its next token lists it.
        ConsentRequired = "consent_required" {
            /// What to show: what it is about.
            label: Words,
            /// Its name in the token's `consents`.
            consent: String,
        },
        /// A passphrase opens it.
        Passphrase = "passphrase" {
            /// What to show: where the phrase is announced.
            label: Words,
            /// How many more tries there are today.
            attempts_left: u32,
            /// When there are tries again, where none is left.
            again_at_ms: Option<u64>,
        },
        /// Between two times of play.
        Resting = "resting" {
            /// What to show.
            label: Words,
            /// When the next one begins; `None` where there is none.
            opens_at_ms: Option<u64>,
        },
        /// This time's quantity is gone.
        SlotGone = "slot_gone" {
            /// What to show.
            label: Words,
            /// When the next one begins; `None` where there is none.
            opens_at_ms: Option<u64>,
        },
    }
}

wire! {
    /// Where an activity stands.
    pub names ActivityState {
        /// Only test tokens see it, and it spends nothing.
        Draft = "draft",
        /// It can be played within its dates.
        Live = "live",
        /// Stopped by an operator, to go on later.
        Paused = "paused",
        /// Over for good.
        Closed = "closed",
    }
}

wire! {
    /// What one prize's chance is, as published before the start.
    pub struct Odds {
        /// The prize's id within the activity.
        pub prize: String,
        /// Its name.
        pub label: Words,
        /// Its tier: 1 is the best, 0 means no win.
        pub tier: u32,
        /// Its share of the total of all weights.
        pub weight: u64,
        /// How many there are; `None` is no limit.
        pub quantity: Option<u64>,
        /// How many are given out a business day at most.
        pub daily: Option<u64>,
        /// How many one member wins at most.
        pub per_member: Option<u64>,
        /// The drawing shown with it: `points`, `coupon`, `packet`, `goods`, `none`.
        pub icon: String,
        /// Whether it is the one given when everything else is gone.
        pub fallback: bool,
    }
}

wire! {
    /// One row of the hub: `GET /v1/stores/{store}/activities`.
    pub struct Listed {
        /// The activity's id.
        pub activity: String,
        /// The kind's slug.
        pub kind: String,
        /// Its title.
        pub title: Words,
        /// Where it stands.
        pub state: ActivityState,
        /// The first moment of play, milliseconds since 1970 UTC.
        pub opens_at_ms: u64,
        /// The first moment when it is over.
        pub closes_at_ms: u64,
        /// A theme's name.
        pub look: String,
        /// Whether this shopper has something to do there now; for a visitor, whether a new member
        /// would have.
        pub open: bool,
        /// What stands in the way, where it is not the dates.
        pub barrier: Option<Barrier>,
        /// When there is something to do next, milliseconds since 1970 UTC, where it is not now.
        pub next_at_ms: Option<u64>,
    }
}
