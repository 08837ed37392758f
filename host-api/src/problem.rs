use crate::{Activity, Barrier, json::Raw, wire};
use alloc::string::String;

wire! {
    /// An answer other than yes: RFC 9457 `application/problem+json` with a stable code.
    ///
    /// The server adds `type`, the URL of the code's documentation, which ends in
    /// `/problems/<code>`: by it a widget tells the backend's no from that of a gateway in between.
    pub struct Problem {
        /// From the closed list [`Code`]; the same for the same cause in every release.
        pub code: Code,
        /// The HTTP status.
        pub status: u32,
        /// One sentence for a person, in English.
        pub title: String,
        /// What was wrong here and what to do about it.
        pub detail: String,
        /// With `refused`: the kind's `Refusal`.
        pub refusal: Option<Raw>,
        /// With `revision_changed`: the activity as it is now.
        pub activity: Option<Activity>,
        /// With `commitment_used`: the next commitment.
        pub commitment: Option<String>,
        /// With `barred`: what stands in the way.
        pub barrier: Option<Barrier>,
    }
}

wire! {
    /// Every problem the host API can answer with.
    pub names Code {
        /// The body is not JSON.
        MalformedBody = "malformed_body",
        /// The body has a field that this server does not know.
        UnknownField = "unknown_field",
        /// The body lacks a field, or one has the wrong type or an impossible value.
        InvalidBody = "invalid_body",
        /// The body is larger than the server reads.
        BodyTooLarge = "body_too_large",
        /// The body is not declared as JSON.
        UnsupportedMediaType = "unsupported_media_type",
        /// A parameter of the path or the query is not of its form.
        InvalidParameter = "invalid_parameter",
        /// A play needs the header `Idempotency-Key`, 16 to 64 characters of `[0-9a-zA-Z_-]`.
        IdempotencyKeyInvalid = "idempotency_key_invalid",
        /// The key was used for another body, or in another activity.
        IdempotencyKeyReused = "idempotency_key_reused",
        /// There is no token.
        TokenMissing = "token_missing",
        /// The token is not one that this server can read.
        TokenMalformed = "token_malformed",
        /// The token names a key that the store does not have.
        TokenKeyUnknown = "token_key_unknown",
        /// The token is signed by another algorithm than its key's, or not by its key.
        TokenSignatureInvalid = "token_signature_invalid",
        /// The token is for another store or from another issuer.
        TokenForeign = "token_foreign",
        /// The token's time is over, or not yet come, or longer than allowed.
        TokenExpired = "token_expired",
        /// The token's holder is blocked.
        TokenBlocked = "token_blocked",
        /// The ticket is unknown, was used before, or its minute is over: which, is not said.
        TicketInvalid = "ticket_invalid",
        /// The server-to-server key is missing or not the store's.
        SecretKeyInvalid = "secret_key_invalid",
        /// There is no such store.
        StoreUnknown = "store_unknown",
        /// There is no such activity in the store.
        ActivityUnknown = "activity_unknown",
        /// There is no such play of this member.
        PlayUnknown = "play_unknown",
        /// There is no such prize of this member.
        PrizeUnknown = "prize_unknown",
        /// There is no such route.
        RouteUnknown = "route_unknown",
        /// The route exists, with other methods.
        MethodNotAllowed = "method_not_allowed",
        /// The activity has not begun, is paused, or is over.
        ActivityNotOpen = "activity_not_open",
        /// The shopper is not among those who play, a passphrase is due, or it is between two times
        /// of play; `barrier` says which and when.
        Barred = "barred",
        /// The activity changed since the widget read it.
        RevisionChanged = "revision_changed",
        /// The commitment was spent by another play.
        CommitmentUsed = "commitment_used",
        /// The kind's rules say no; `refusal` says which and when.
        Refused = "refused",
        /// A claim lacks what sending the prize needs.
        ClaimInvalid = "claim_invalid",
        /// The prize is not one that can be claimed now.
        ClaimClosed = "claim_closed",
        /// A fact is not of its form, or of a type that the server does not know; nothing of its
        /// batch was recorded.
        FactInvalid = "fact_invalid",
        /// This member or this address asks too often; `Retry-After` says when to come back.
        TooManyRequests = "too_many_requests",
        /// The server is at its limit; `Retry-After` says when to come back.
        Busy = "busy",
        /// The server failed; it has been logged, and the play was not charged.
        Internal = "internal",
    }
}

impl Code {
    /// The HTTP status that goes with the code.
    ///
    /// ```
    /// use funfair_host_api::Code;
    /// assert_eq!(Code::Refused.status(), 409);
    /// assert_eq!(Code::IdempotencyKeyReused.status(), 422);
    /// ```
    pub fn status(self) -> u32 {
        match self {
            Self::MalformedBody
            | Self::UnknownField
            | Self::InvalidBody
            | Self::InvalidParameter
            | Self::IdempotencyKeyInvalid => 400,
            Self::TokenMissing
            | Self::TokenMalformed
            | Self::TokenKeyUnknown
            | Self::TokenSignatureInvalid
            | Self::TokenForeign
            | Self::TokenExpired
            | Self::TicketInvalid
            | Self::SecretKeyInvalid => 401,
            Self::TokenBlocked => 403,
            Self::StoreUnknown
            | Self::ActivityUnknown
            | Self::PlayUnknown
            | Self::PrizeUnknown
            | Self::RouteUnknown => 404,
            Self::MethodNotAllowed => 405,
            Self::ActivityNotOpen
            | Self::RevisionChanged
            | Self::CommitmentUsed
            | Self::Barred
            | Self::ClaimClosed
            | Self::Refused => 409,
            Self::BodyTooLarge => 413,
            Self::UnsupportedMediaType => 415,
            Self::IdempotencyKeyReused | Self::ClaimInvalid | Self::FactInvalid => 422,
            Self::TooManyRequests => 429,
            Self::Internal => 500,
            Self::Busy => 503,
        }
    }
}
