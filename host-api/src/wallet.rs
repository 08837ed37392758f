use crate::{Day, Words, wire};
use alloc::{string::String, vec::Vec};

wire! {
    /// What the member is owed.
    ///
    /// Amounts of money are in cents of the store's currency, points are whole.
    pub open enum Reward {
        /// Points on the ledger.
        Points = "points" {
            /// What to show.
            label: Words,
            /// How many.
            amount: u64,
            /// The last business day on which they can be spent.
            expires_on: Option<Day>,
        },
        /// Money off an order.
        Coupon = "coupon" {
            /// What to show.
            label: Words,
            /// What it takes off, in cents.
            value_cents: u64,
            /// The order it needs, in cents; 0 is no threshold.
            threshold_cents: u64,
            /// The last business day on which it can be used.
            valid_until: Option<Day>,
            /// The code to enter, where the store works with codes.
            code: Option<String>,
            /// The article numbers that it is good for; empty for all.
            #[cfg_attr(feature = "serde", serde(default))]
            items: Vec<String>,
        },
        /// Money.
        RedPacket = "red_packet" {
            /// What to show.
            label: Words,
            /// How much, in cents.
            amount_cents: u64,
        },
        /// A thing to be sent.
        Goods = "goods" {
            /// What to show.
            label: Words,
            /// The store's article number.
            sku: String,
            /// What the member pays for sending it; always 0 for what was won.
            #[cfg_attr(feature = "serde", serde(default))]
            postage_cents: u64,
        },
        /// Something the store does for the member.
        Benefit = "benefit" {
            /// What to show.
            label: Words,
            /// The store's name for it.
            code: String,
        },
        /// Permission to play.
        Chance = "chance" {
            /// What to show.
            label: Words,
            /// In which activity.
            activity: String,
            /// How many.
            count: u64,
            /// The last business day on which they can be used.
            expires_on: Option<Day>,
        },
        /// A card of a set that is being collected.
        Card = "card" {
            /// What to show.
            label: Words,
            /// In which activity.
            activity: String,
            /// The card's id there.
            card: String,
        },
    }
}

wire! {
    /// What a member holds in a store's programme: `GET …/wallet`.
    pub struct Wallet {
        /// Points that can be spent.
        pub balance: u64,
        /// Points that the next earnings pay back first: a purchase was returned after the points
        /// it had brought were spent.
        pub owed: u64,
        /// What a hundred points are worth at the till, in cents; `None` where the store says nothing.
        pub worth_cents: Option<u64>,
        /// The store's business day.
        pub day: Day,
        /// The server's clock, milliseconds since 1970 UTC.
        pub now_ms: u64,
        /// Points with a last day, soonest first.
        pub expiring: Vec<Expiring>,
        /// This page of the ledger, newest first.
        pub entries: Vec<LedgerEntry>,
        /// The cursor of the next page of the ledger.
        pub next: Option<String>,
        /// Rewards other than points, newest first.
        pub rewards: Vec<Held>,
        /// Earned chances that have not been used, by activity.
        pub chances: Vec<ChanceLot>,
    }
}

wire! {
    /// Points that lapse together.
    pub struct Expiring {
        /// How many.
        pub amount: u64,
        /// The last business day on which they can be spent.
        pub expires_on: Day,
    }
}

wire! {
    /// One line of a member's ledger.
    pub struct LedgerEntry {
        /// The transfer's id.
        pub id: String,
        /// When, milliseconds since 1970 UTC.
        pub at_ms: u64,
        /// Points in (positive) or out (negative).
        pub amount: i64,
        /// Why.
        pub reason: Reason,
        /// The activity, where one caused it.
        pub activity: Option<String>,
        /// That activity's title.
        pub title: Option<Words>,
        /// The order, or the earlier line, that this one answers to.
        pub of: Option<String>,
        /// The play, where one caused it.
        pub play: Option<String>,
    }
}

wire! {
    /// Why points moved.
    pub names Reason {
        /// Points in.
        Earn = "earn",
        /// Points out, for something.
        Redeem = "redeem",
        /// Points lapsed.
        Expire = "expire",
        /// Points corrected by an operator.
        Adjust = "adjust",
        /// Points taken back with what had brought them, or returned with what they had paid.
        Refund = "refund",
    }
}

wire! {
    /// Earned chances that lapse together.
    pub struct ChanceLot {
        /// In which activity.
        pub activity: String,
        /// Its title.
        pub title: Words,
        /// How many.
        pub count: u64,
        /// When they lapse, milliseconds since 1970 UTC; `None` with the activity.
        pub expires_at_ms: Option<u64>,
    }
}

wire! {
    /// A reward that the member holds.
    pub struct Held {
        /// Its id.
        pub id: String,
        /// What it is.
        pub reward: Reward,
        /// How far it has come.
        pub status: HeldStatus,
        /// The activity that gave it.
        pub activity: String,
        /// The play that gave it.
        pub play: String,
        /// When, milliseconds since 1970 UTC.
        pub at_ms: u64,
        /// That activity's title.
        pub title: Words,
        /// Where it is on its way, as the store says: a parcel's number.
        pub tracking: Option<String>,
    }
}

wire! {
    /// What a claim brings: `POST …/wallet/prizes/{id}/claim`. Goods need all of it; for the rest
    /// nothing is asked.
    #[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
    pub struct Claim {
        /// Where to send it.
        pub address: Option<Address>,
        /// Whether the member agreed that the address is kept for sending this prize.
        pub consent: bool,
    }
}

wire! {
    /// Where a parcel goes. Kept apart from everything else, and erased with the person.
    #[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
    pub struct Address {
        /// Who receives it.
        pub name: String,
        /// Their telephone number.
        pub phone: String,
        /// Province, city, district.
        pub region: String,
        /// Street, house, room.
        pub street: String,
    }
}

wire! {
    /// How far a reward has come.
    pub names HeldStatus {
        /// The member's, not yet used.
        Granted = "granted",
        /// Asked for.
        Claimed = "claimed",
        /// On its way.
        Shipped = "shipped",
        /// Handed over.
        Delivered = "delivered",
        /// Taken back.
        Void = "void",
    }
}
