use crate::wire;
use alloc::string::String;

wire! {
    /// What `POST /v1/stores/{store}/tickets` carries, with the store's secret key: the token of a
    /// shopper whom the merchant's server has just recognised, for a page that no cookie of theirs
    /// reaches, such as one in a mini-program.
    #[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
    pub struct NewTicket {
        /// A token as any other, signed by the store.
        pub token: String,
    }
}

wire! {
    /// What goes to the page in its address's fragment, which no server ever sees.
    pub struct Ticket {
        /// `fft_` and 43 characters; good once.
        pub ticket: String,
        /// When it is good no more: 60 seconds after it was made.
        pub expires_at_ms: u64,
    }
}

wire! {
    /// What `POST /v1/stores/{store}/tickets/exchange` carries, without a token.
    #[cfg_attr(feature = "serde", serde(deny_unknown_fields))]
    pub struct Exchange {
        /// The ticket.
        pub ticket: String,
    }
}

wire! {
    /// The token that the ticket stood for, good until its own `exp`.
    pub struct Exchanged {
        /// The token.
        pub token: String,
    }
}
