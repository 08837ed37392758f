//! Where a page of a list ends: opaque to whoever asks, so that its form can change.

use crate::problems::Failure;
use axum::{
    extract::{FromRequestParts, RawQuery},
    http::request::Parts,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use funfair_host_api::Code;

/// How many rows a page has.
pub const PAGE: usize = 20;

/// The query of a list: `before`, the cursor that the page before answered.
pub struct Before(pub Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Before {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Ok(RawQuery(query)) = RawQuery::from_request_parts(parts, state).await;
        let mut before = None;
        for pair in query.as_deref().unwrap_or_default().split('&').filter(|pair| !pair.is_empty())
        {
            match pair.split_once('=') {
                Some(("before", cursor)) if before.is_none() => {
                    before = Some(read(cursor).ok_or_else(|| invalid("before is no cursor"))?);
                }
                Some(("before", _)) => {
                    return Err(invalid("the query has more than one `before`"));
                }
                _ => return Err(invalid("a list's query has `before` and nothing else")),
            }
        }
        Ok(Self(before))
    }
}

impl Before {
    /// The cursor as a play's number.
    pub fn seq(&self) -> Result<Option<u64>, Failure> {
        let seq = |text: &str| text.strip_prefix("p:")?.parse().ok();
        self.0.as_deref().map(|text| seq(text).ok_or_else(foreign)).transpose()
    }

    /// The cursor as a transfer's moment and id.
    pub fn transfer(&self) -> Result<Option<(u64, &str)>, Failure> {
        self.moment("t:")
    }

    /// The cursor as a play's moment and id.
    pub fn play(&self) -> Result<Option<(u64, &str)>, Failure> {
        self.moment("h:")
    }

    fn moment(&self, list: &str) -> Result<Option<(u64, &str)>, Failure> {
        let moment = |text| {
            let (at_ms, id) = str::strip_prefix(text, list)?.split_once(':')?;
            Some((at_ms.parse().ok()?, id))
        };
        self.0.as_deref().map(|text| moment(text).ok_or_else(foreign)).transpose()
    }
}

/// The cursor after a play.
pub fn after_play(seq: u64) -> String {
    URL_SAFE_NO_PAD.encode(format!("p:{seq}"))
}

/// The cursor after a play in the list of all activities.
pub fn after_moment(at_ms: u64, id: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("h:{at_ms}:{id}"))
}

/// The cursor after a transfer.
pub fn after_transfer(at_ms: u64, id: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("t:{at_ms}:{id}"))
}

fn read(cursor: &str) -> Option<String> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    // No cursor was ever made of one, and PostgreSQL knows no text with it.
    (!text.contains('\0')).then_some(text)
}

fn foreign() -> Failure {
    invalid("the cursor is of another list")
}

fn invalid(reason: &str) -> Failure {
    Failure::new(Code::InvalidParameter, reason)
}
