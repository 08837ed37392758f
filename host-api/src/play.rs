use crate::{Barrier, Day, Reward, wire};
use alloc::{string::String, vec::Vec};

wire! {
    /// What `POST …/plays` carries: one action of a member.
    ///
    /// The header `Idempotency-Key` names the play; the same key with the same body is answered
    /// with the same receipt, however often it is sent. `A` is the kind's `Action`.
    #[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
    pub struct PlayRequest<A> {
        /// What the member asks.
        pub action: A,
        /// The member's own randomness, 8 to 64 characters of `[0-9a-zA-Z_-]`; it enters the draw.
        pub client_seed: String,
        /// The commitment of [`Me`] that this play was shown.
        pub commitment: String,
        /// The activity's revision that this play was shown.
        pub revision: String,
    }
}

wire! {
    /// The answer to an accepted play, and to a repeated one.
    pub struct PlayReply<O, V> {
        /// What is stored under the key: the same at every repetition.
        pub receipt: Receipt<O>,
        /// How things stand now, computed at each answer.
        pub me: Me<V>,
    }
}

wire! {
    /// What one play came to. It exists on the server before anything is animated.
    pub struct Receipt<O> {
        /// The play's id, also the support id a shopper can quote.
        pub id: String,
        /// The activity it belongs to.
        pub activity: String,
        /// Whether its rewards are final.
        pub status: ReceiptStatus,
        /// The kind's `Outcome`.
        pub outcome: O,
        /// What the member is owed for it.
        pub rewards: Vec<Reward>,
        /// What anyone needs to compute its draws again.
        pub proof: Proof,
        /// When it was decided, milliseconds since 1970 UTC.
        pub at_ms: u64,
    }
}

wire! {
    /// Whether a receipt's rewards are final.
    pub names ReceiptStatus {
        /// Decided and granted.
        Settled = "settled",
        /// Points that live elsewhere are being reserved; not yet drawn.
        Pending = "pending",
        /// Taken back, with whatever it cost.
        Void = "void",
    }
}

wire! {
    /// What anyone needs to compute a play's draws again, in ten lines of any language.
    ///
    /// `commitment` was shown before the play and is the SHA-256 of the 32 bytes `server_seed`.
    /// Draw number `counter` is the first 8 bytes, big-endian, of HMAC-SHA-256 under `server_seed`
    /// over the lines `funfair/1`, activity, revision, n, client seed and counter, joined by a line
    /// feed; a value at or above the largest multiple of the table's total is passed over and the
    /// counter goes up by one. The remainder by the total, walked down the table, names the prize.
    pub struct Proof {
        /// How to compute it: `funfair/1`.
        pub version: String,
        /// The activity.
        pub activity: String,
        /// The revision in force.
        pub revision: String,
        /// The member's draw counter in the activity; the first is 0.
        pub n: u64,
        /// The member's randomness, from the request.
        pub client_seed: String,
        /// The server's randomness, hexadecimal; empty where nothing was drawn.
        pub server_seed: String,
        /// What the server had bound itself to before the request.
        pub commitment: String,
        /// Each draw in order; empty for a play that draws nothing.
        pub draws: Vec<Draw>,
    }
}

wire! {
    /// One draw from a table.
    pub struct Draw {
        /// The first counter tried.
        pub counter: u64,
        /// The effective table: what was still available to this member, in order.
        pub table: Vec<Weight>,
        /// The prize drawn.
        pub picked: String,
    }
}

wire! {
    /// One line of a draw's table.
    pub struct Weight {
        /// The prize's id.
        pub prize: String,
        /// Its share of the total.
        pub weight: u64,
    }
}

wire! {
    /// What this shopper may do and holds in one activity: `GET …/me`. Reading it writes nothing.
    pub struct Me<V> {
        /// An opaque mark of the member; a browser drops an unanswered play of another member.
        pub member: String,
        /// The kind's `View`.
        pub view: V,
        /// The next draw's commitment: SHA-256 of its server seed.
        pub commitment: String,
        /// The member's points.
        pub balance: u64,
        /// The store's business day.
        pub day: Day,
        /// The server's clock, milliseconds since 1970 UTC; count-downs start from it.
        pub now_ms: u64,
        /// What stands between this shopper and a play, where something does.
        pub barrier: Option<Barrier>,
    }
}

wire! {
    /// How a play is paid, in kinds that take chances.
    pub names Pay {
        /// With a free chance.
        Free = "free",
        /// With a chance that was earned or given.
        Chance = "chance",
        /// With points.
        Points = "points",
    }
}

wire! {
    /// What a member can still pay with, as a part of the view of kinds that take chances.
    pub struct ChancesLeft {
        /// Free chances left: today's, and those of the whole activity.
        pub free: u32,
        /// Earned chances.
        pub earned: u32,
        /// Points for one more; `None` where points buy none.
        pub points_each: Option<u64>,
        /// Chances that points can still buy today; `None` is no limit.
        pub paid_left: Option<u32>,
        /// Whether points buy one now: neither the day's limit nor the balance is in the way.
        pub affordable: bool,
        /// When the next free one comes, milliseconds since 1970 UTC; `None` while one is left,
        /// and where none ever comes.
        pub next_free_at_ms: Option<u64>,
    }
}

impl ChancesLeft {
    /// The ways in which a play can be paid now, the cheapest first.
    pub fn ways(&self) -> Vec<Pay> {
        let ways = [
            (Pay::Free, self.free > 0),
            (Pay::Chance, self.earned > 0),
            (Pay::Points, self.affordable),
        ];
        ways.into_iter().filter(|(_, open)| *open).map(|(pay, _)| pay).collect()
    }
}

wire! {
    /// What `POST …/unlock` carries: the answer is `Me`, with the barrier gone or a try fewer.
    #[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
    pub struct Unlock {
        /// What the member typed.
        pub passphrase: String,
    }
}

wire! {
    /// A member's own plays, newest first: `GET …/plays`.
    pub struct History<O> {
        /// This page.
        pub plays: Vec<Receipt<O>>,
        /// The cursor of the next page.
        pub next: Option<String>,
    }
}
