use crate::{
    NoAnswer,
    metrics::{self, DatabaseEvent, Limit},
};
use axum::{
    http::{HeaderValue, StatusCode, header, response::Parts},
    response::{IntoResponse, Response},
};
use funfair_engine::StoreError;
use funfair_host_api::{Activity, Barrier, Code, Problem, json::Raw};
use serde::Serialize;

/// An answer other than yes. What the log says of it is said where it happens, not here.
#[derive(Debug)]
pub struct Failure {
    /// What kind of problem it is.
    pub code: Code,
    detail: String,
    refusal: Option<Raw>,
    activity: Option<Box<Activity>>,
    commitment: Option<String>,
    barrier: Option<Box<Barrier>>,
    /// After how many seconds to come back, where that is known.
    again_s: Option<u64>,
}

/// What the codes mean: a title, and what to do about it.
pub struct Entry {
    /// The code.
    pub code: Code,
    /// One sentence, the same whenever the code is answered.
    pub title: &'static str,
    /// What whoever asked can do.
    pub cure: &'static str,
}

const fn entry(code: Code, title: &'static str, cure: &'static str) -> Entry {
    Entry { code, title, cure }
}

/// Every code, in the order of its definition.
pub const ENTRIES: &[Entry] = &[
    entry(Code::MalformedBody, "The body is not JSON.", "Send a JSON object."),
    entry(
        Code::UnknownField,
        "The body has a field that this server does not know.",
        "Remove the field; send newer ones only if the activity lists their capability.",
    ),
    entry(
        Code::InvalidBody,
        "The body lacks a field, or one has the wrong type or an impossible value.",
        "Compare it with the request's schema in /v1/openapi.json.",
    ),
    entry(
        Code::BodyTooLarge,
        "The body is too large.",
        "Send at most 16384 bytes; a batch of facts may have 1048576.",
    ),
    entry(
        Code::UnsupportedMediaType,
        "The body is not declared as JSON.",
        "Send Content-Type: application/json.",
    ),
    entry(
        Code::InvalidParameter,
        "A parameter of the path or the query is not of its form.",
        "Send it as /v1/openapi.json describes it, cursors and keys as they were answered.",
    ),
    entry(
        Code::IdempotencyKeyInvalid,
        "A play needs a proper Idempotency-Key.",
        "Send 16 to 64 characters of 0-9, a-z, A-Z, _ and -, new for each play.",
    ),
    entry(
        Code::IdempotencyKeyReused,
        "The Idempotency-Key was used for another body, or in another activity.",
        "Use a new key for a new play, and the exact body for a repeated one.",
    ),
    entry(
        Code::TokenMissing,
        "There is no token.",
        "Send Authorization: Bearer with a token of the store.",
    ),
    entry(
        Code::TokenMalformed,
        "The token is not one that this server can read.",
        "Sign a JWT of typ funfair+jwt with iss, aud, sub, iat, exp and jti, up to 4096 bytes.",
    ),
    entry(
        Code::TokenKeyUnknown,
        "The token names a key that the store does not have.",
        "Add the key with `funfair store key`, or sign with an active one.",
    ),
    entry(
        Code::TokenSignatureInvalid,
        "The token's signature is not one of its key.",
        "Sign with the key that kid names, by the algorithm it was added for.",
    ),
    entry(
        Code::TokenForeign,
        "The token is for another store or from another issuer.",
        "Set aud to funfair:<store> and iss to the key's issuer.",
    ),
    entry(
        Code::TokenExpired,
        "The token's time is over, not yet come, or longer than allowed.",
        "Ask the store for a new token, good for at most 300 seconds.",
    ),
    entry(
        Code::TokenBlocked,
        "The token's holder is blocked in this store.",
        "Only the store can lift it.",
    ),
    entry(
        Code::TicketInvalid,
        "The ticket is unknown, was used before, or its minute is over.",
        "Ask the store's server for a new one; each is good once, for 60 seconds.",
    ),
    entry(
        Code::SecretKeyInvalid,
        "The secret key is missing or not one of the store's.",
        "Send Authorization: Bearer with a key of `funfair store secret STORE add`.",
    ),
    entry(Code::StoreUnknown, "There is no such store.", "Check the store's id."),
    entry(
        Code::ActivityUnknown,
        "There is no such activity in the store.",
        "Check the activity's id; a draft is seen with test tokens only.",
    ),
    entry(
        Code::PlayUnknown,
        "There is no such play of this member.",
        "Read the member's plays for those there are.",
    ),
    entry(
        Code::PrizeUnknown,
        "There is no such prize of this member.",
        "Read the member's wallet for those there are.",
    ),
    entry(Code::RouteUnknown, "There is no such route.", "/v1/openapi.json lists all routes."),
    entry(
        Code::MethodNotAllowed,
        "The route does not know this method.",
        "Use one of the methods in the header Allow.",
    ),
    entry(
        Code::ActivityNotOpen,
        "The activity has not begun, is paused, or is over.",
        "Read the activity for its state and dates.",
    ),
    entry(
        Code::Barred,
        "Something stands between this shopper and a play.",
        "The barrier says what, and when it ends.",
    ),
    entry(
        Code::RevisionChanged,
        "The activity changed since it was read.",
        "Show the activity as it is now, and let the member decide again.",
    ),
    entry(
        Code::CommitmentUsed,
        "The commitment was spent by another play.",
        "Play again with the next commitment.",
    ),
    entry(Code::Refused, "The rules of the activity say no.", "The refusal says which and when."),
    entry(
        Code::ClaimInvalid,
        "The claim lacks what sending the prize needs.",
        "Send an address, and consent to its being kept.",
    ),
    entry(
        Code::ClaimClosed,
        "The prize is not one that can be claimed now.",
        "Read the member's wallet for its status.",
    ),
    entry(
        Code::FactInvalid,
        "A fact is not of its form, and nothing of its batch was recorded.",
        "Correct that fact, and send the batch again.",
    ),
    entry(
        Code::TooManyRequests,
        "This member, or this address, asks too often.",
        "Send the same request with the same key again after Retry-After seconds.",
    ),
    entry(
        Code::Busy,
        "The server is at its limit.",
        "Send the same request with the same key again after Retry-After seconds.",
    ),
    entry(
        Code::Internal,
        "The server failed.",
        "It has been logged, and nothing was charged; send the same request with the same key.",
    ),
];

impl Failure {
    /// A problem with what was wrong here.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            refusal: None,
            activity: None,
            commitment: None,
            barrier: None,
            again_s: None,
        }
    }

    /// A problem of which its title says all.
    pub fn plain(code: Code) -> Self {
        Self::new(code, "")
    }

    /// A play that the rules refused.
    pub fn refused(refusal: Raw) -> Self {
        Self { refusal: Some(refusal), ..Self::plain(Code::Refused) }
    }

    /// A play that was shown another revision.
    pub fn revision_changed(activity: Activity) -> Self {
        Self { activity: Some(Box::new(activity)), ..Self::plain(Code::RevisionChanged) }
    }

    /// A play that something stands before.
    pub fn barred(barrier: Barrier) -> Self {
        Self { barrier: Some(Box::new(barrier)), ..Self::plain(Code::Barred) }
    }

    /// A play whose commitment is spent.
    pub fn commitment_used(next: String) -> Self {
        Self { commitment: Some(next), ..Self::plain(Code::CommitmentUsed) }
    }

    /// A bug or a broken database: the reason goes to the log, not to the shopper.
    pub fn internal(reason: &dyn std::fmt::Display) -> Self {
        tracing::error!(%reason, "failed");
        Self::plain(Code::Internal)
    }

    fn problem(self) -> Problem {
        let entry = ENTRIES.iter().find(|entry| entry.code == self.code);
        let (title, cure) = entry.map_or(("", ""), |entry| (entry.title, entry.cure));
        let detail = match self.detail.as_str() {
            "" => cure.into(),
            detail => format!("{}. {cure}", detail.trim_end_matches('.')),
        };
        Problem {
            code: self.code,
            status: self.code.status(),
            title: title.into(),
            detail,
            refusal: self.refusal,
            activity: self.activity.map(|activity| *activity),
            commitment: self.commitment,
            barrier: self.barrier.map(|barrier| *barrier),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::ReadOnly) {
            return Self::new(Code::Busy, "nothing is written for now");
        }
        if let StoreError::Unavailable(reason) = &error {
            tracing::warn!(reason, "the database cannot be reached");
            metrics::database(DatabaseEvent::unavailable);
            return Self::plain(Code::Busy);
        }
        metrics::database(DatabaseEvent::failed);
        Self::internal(&error)
    }
}

impl From<NoAnswer> for Failure {
    fn from(none: NoAnswer) -> Self {
        match none {
            NoAnswer::Busy { wait } => {
                metrics::turned_away(Limit::queue);
                // Those who wait now are answered by then.
                let again_s = wait.as_secs() + 1;
                Self { again_s: Some(again_s.min(LONGEST_S)), ..Self::plain(Code::Busy) }
            }
            NoAnswer::Store(error) => error.into(),
        }
    }
}

/// Nobody is told to stay away longer: by then the server may be another.
const LONGEST_S: u64 = 60;

/// A problem as it is answered: the boundary's fields and RFC 9457's `type`.
#[derive(Serialize, schemars::JsonSchema)]
#[schemars(rename = "ProblemAnswer")]
pub struct Answered {
    /// `/problems/` and the code.
    r#type: String,
    #[serde(flatten)]
    problem: Problem,
}

impl Failure {
    /// The head and the body of a code's answer, for where there is no request.
    pub fn said(code: Code) -> (Parts, String) {
        let body = serde_json::to_string(&Self::plain(code).answered()).unwrap_or_default();
        (Self::plain(code).into_response().into_parts().0, body)
    }

    fn answered(self) -> Answered {
        Answered { r#type: format!("/problems/{}", self.code.name()), problem: self.problem() }
    }

    /// The problem as JSON, for the document.
    pub fn example(self) -> serde_json::Value {
        serde_json::to_value(self.answered()).unwrap_or_default()
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (code, again_s) = (self.code, self.again_s.unwrap_or(1));
        let answered = self.answered();
        let body = serde_json::to_string(&answered).unwrap_or_default();
        let status = u16::try_from(code.status()).ok();
        let status = status.and_then(|status| StatusCode::from_u16(status).ok());
        let mut response = (
            status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            [(header::CONTENT_TYPE, "application/problem+json")],
            [(header::CACHE_CONTROL, "no-store")],
            body,
        )
            .into_response();
        // The log names the code without reading the body.
        response.extensions_mut().insert(code);
        // At other limits a place is free again within the second: `limits.rs` has no slower rate.
        if matches!(code, Code::Busy | Code::TooManyRequests) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(again_s));
        }
        if code.status() == 401 {
            let scheme = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_title_and_one_cure() {
        let codes: Vec<_> = ENTRIES.iter().map(|entry| entry.code).collect();
        assert_eq!(codes, Code::ALL);
        for entry in ENTRIES {
            assert!(entry.title.ends_with('.') && entry.cure.ends_with('.'), "{}", entry.title);
        }
    }

    #[test]
    fn a_problem_says_what_was_wrong_and_what_to_do() {
        let failure = Failure::new(Code::UnknownField, "unknown field `prize`");
        let problem = failure.problem();
        assert_eq!(problem.status, 400);
        assert!(problem.detail.starts_with("unknown field `prize`. Remove the field"));
    }

    #[test]
    fn a_failure_tells_the_shopper_nothing_of_its_reason() {
        let problem = Failure::internal(&"the disk is full of secrets").problem();
        assert!(!problem.detail.contains("secrets") && !problem.title.contains("secrets"));
    }
}
