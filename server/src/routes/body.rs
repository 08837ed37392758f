//! Bodies: declared as JSON, bounded, and read to the last field.

use crate::problems::Failure;
use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, header},
};
use funfair_host_api::Code;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::time::Duration;

/// The largest body of a shopper's request, in bytes.
pub const MAX_BODY: usize = 16 * 1024;

/// How long a body may take to arrive.
const ARRIVAL: Duration = Duration::from_secs(10);

/// A body that is declared as JSON, of `most` bytes at most.
pub async fn read(headers: &HeaderMap, body: Body, most: usize) -> Result<Bytes, Failure> {
    let media = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media = media.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    if !media.eq_ignore_ascii_case("application/json") {
        return Err(Failure::plain(Code::UnsupportedMediaType));
    }
    match tokio::time::timeout(ARRIVAL, to_bytes(body, most)).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) => Err(Failure::plain(Code::BodyTooLarge)),
        Err(_) => Err(Failure::new(Code::MalformedBody, "it did not arrive within ten seconds")),
    }
}

/// A body as its type, or the problem that says what is wrong with it.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    let read = serde_json::from_slice(body).map_err(|error| {
        if error.is_data() {
            fault("", &error.to_string())
        } else {
            Failure::new(Code::MalformedBody, error.to_string())
        }
    })?;
    // serde takes a list of values for an object, field by field.
    let object = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    if object { Ok(read) } else { Err(Failure::new(Code::InvalidBody, "it is no object")) }
}

/// The same of a body with objects in it, none of which may be written as a list either.
pub fn exact<T: DeserializeOwned + Serialize>(body: &[u8]) -> Result<T, Failure> {
    let read: T = parse(body)?;
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    let meant = serde_json::to_value(&read).unwrap_or_default();
    if listed(&said, &meant) {
        return Err(Failure::new(Code::InvalidBody, "a list stands where an object belongs"));
    }
    Ok(read)
}

/// Whether something that is meant as an object was said as a list.
fn listed(said: &Value, meant: &Value) -> bool {
    match (said, meant) {
        (Value::Array(_), Value::Object(_)) => true,
        (Value::Array(said), Value::Array(meant)) => {
            said.iter().zip(meant).any(|(said, meant)| listed(said, meant))
        }
        (Value::Object(said), Value::Object(meant)) => {
            said.iter().any(|(key, value)| meant.get(key).is_some_and(|meant| listed(value, meant)))
        }
        _ => false,
    }
}

/// What serde says of a body, as a problem. Its words for an unknown field are the only sign it
/// gives; a test holds on to them.
pub fn fault(at: &str, reason: &str) -> Failure {
    let reason = reason.split(" at line ").next().unwrap_or(reason);
    let unknown = reason.starts_with("unknown field");
    let code = if unknown { Code::UnknownField } else { Code::InvalidBody };
    let reason = if at.is_empty() { reason.into() } else { format!("{at}: {reason}") };
    Failure::new(code, reason)
}

/// Whether a text is so many of `[0-9a-zA-Z_-]`.
pub fn plain(text: &str, least: usize, most: usize) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (least..=most).contains(&text.len()) && text.bytes().all(fits)
}
