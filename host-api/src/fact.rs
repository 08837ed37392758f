use crate::wire;
use alloc::{string::String, vec::Vec};

wire! {
    /// What `POST /v1/stores/{store}/facts` carries, from the merchant's server, with the store's
    /// secret key: 1 to 1,000 facts, recorded all or none.
    #[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
    pub struct FactBatch {
        /// In any order; late ones too.
        pub facts: Vec<Fact>,
    }
}

wire! {
    /// A server-to-server truth about one shopper.
    ///
    /// Sent again under the same id it is recorded once, whatever else it says.
    #[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
    pub struct Fact {
        /// The merchant's id of it, 1 to 64 characters, unique in the store.
        pub id: String,
        /// What happened: one of [`FACT_TYPES`].
        pub fact: String,
        /// The shopper, as tokens name them.
        pub sub: String,
        /// When it happened, milliseconds since 1970 UTC.
        pub at_ms: u64,
        /// The order, with `order.*`.
        pub order: Option<String>,
        /// Money: what was paid with `order.paid` and `order.received`, what was returned with
        /// `order.refunded`; in cents.
        pub amount_cents: Option<u64>,
        /// The article or the page, with `item.*`.
        pub item: Option<String>,
        /// How long it was looked at, with `item.browsed`.
        pub dwell_seconds: Option<u64>,
        /// The shopper's tier, with `member.updated`; empty takes it away.
        pub tier: Option<String>,
        /// The shopper's tags, with `member.updated`, in place of the earlier ones.
        pub tags: Option<Vec<String>>,
        /// The prize's id in the wallet, with `prize.*`.
        pub prize: Option<String>,
        /// The parcel's number, with `prize.shipped`.
        pub tracking: Option<String>,
        /// Where it was shared, with `shop.shared`, as tokens call it: `weixin`, `web`, …
        pub channel: Option<String>,
    }
}

/// Every type of fact there is; another is refused with this list.
pub const FACT_TYPES: [&str; 19] = [
    "coupon.used",
    "counter.visited",
    "item.browsed",
    "item.carted",
    "item.favourited",
    "item.reviewed",
    "member.joined",
    "member.updated",
    "order.paid",
    "order.placed",
    "order.received",
    "order.refunded",
    "presale.joined",
    "prize.delivered",
    "prize.shipped",
    "shop.favourited",
    "shop.followed",
    "shop.shared",
    "shop.visited",
];

wire! {
    /// What became of a batch of facts, in its order.
    pub struct FactReply {
        /// One line a fact.
        pub facts: Vec<Recorded>,
    }
}

wire! {
    /// What became of one fact.
    pub struct Recorded {
        /// Its id.
        pub id: String,
        /// Whether it had been recorded before; then nothing happened.
        pub repeated: bool,
        /// Points that it brought (positive) or took back (negative).
        pub points: i64,
        /// Chances that it brought.
        pub chances: u64,
    }
}

wire! {
    /// What `POST /v1/stores/{store}/adjustments` carries, with the store's secret key.
    #[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
    pub struct Adjustment {
        /// The merchant's id of it, unique in the store: sent again, it is booked once.
        pub id: String,
        /// The shopper, as tokens name them.
        pub sub: String,
        /// Points in (positive) or out (negative); absent with `refund_of`.
        pub points: Option<i64>,
        /// The redemption that is returned, by its line's id in the ledger: its points go back
        /// into the lots they came from.
        pub refund_of: Option<String>,
        /// Why, for the audit log.
        pub note: String,
    }
}

wire! {
    /// What an adjustment came to.
    pub struct Adjusted {
        /// The line in the ledger.
        pub entry: String,
        /// Whether it had been booked before.
        pub repeated: bool,
        /// The member's points now.
        pub balance: u64,
        /// What the member owes now.
        pub owed: u64,
    }
}
