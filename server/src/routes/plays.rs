use super::{
    ActivityId, Asked, PlayId,
    body::{self, MAX_BODY, plain},
};
use crate::{
    App, NoAnswer, Said,
    cursor::{Before, PAGE, after_moment, after_play},
    log::Played,
    metrics::{self, Answered},
    now_ms,
    problems::Failure,
};
use axum::{
    body::Body,
    extract::{FromRequestParts, State},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    response::Response,
};
use funfair_engine::{Answer, Denial, Play, PlayRow, Running, StoreError};
use funfair_host_api::{Code, PlayRequest, json::Raw};
use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use std::sync::{Arc, atomic::Ordering};

/// `POST …/plays`: one action of a member.
pub async fn create(
    State(app): State<App>,
    _room: Room,
    asked: Asked,
    ActivityId(id): ActivityId,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let mut at = Arc::clone(asked.running(&id)?);
    let key = idempotency_key(&headers)?;
    let body = body::read(&headers, body, MAX_BODY).await?;
    let request = parse(&body)?;
    let mut play = Play {
        at: Arc::clone(&at),
        identity: asked.identity(),
        asker: asked.asker.clone(),
        key,
        body_hash: hex::encode(Sha256::digest(&body)),
        action: request.action,
        client_seed: request.client_seed,
        commitment: request.commitment,
        revision: request.revision,
    };
    // The activity may change between its reading and the play, by another process even; the
    // second reading is newer than the change.
    for _ in 0..3 {
        let said = app.writer.run(play.clone()).await;
        metrics::play(&at.setup.kind, counted(&said));
        match said {
            Ok(Ok(answer)) => {
                asked.shopper.recorded.store(true, Ordering::Relaxed);
                return answered(answer);
            }
            Ok(Err(Denial::Stale)) => {
                at = asked.reread(&app, &id).await?;
                play.at = Arc::clone(&at);
            }
            Ok(Err(denial)) => return Err(denied(denial, &at)),
            Err(none) => return Err(none.into()),
        }
    }
    Err(Failure::plain(Code::Busy))
}

/// That there may be a place for a play: asked before its token is checked and its body read.
pub struct Room;

impl FromRequestParts<App> for Room {
    type Rejection = Failure;

    async fn from_request_parts(_: &mut Parts, app: &App) -> Result<Self, Failure> {
        app.writer.has_room()?;
        Ok(Self)
    }
}

/// What a play counts as.
fn counted(said: &Result<Said, NoAnswer>) -> Answered {
    match said {
        Ok(Ok(answer)) if answer.repeated => Answered::repeated,
        Ok(Ok(_)) => Answered::accepted,
        Ok(Err(Denial::Refused(_))) => Answered::refused,
        Ok(Err(Denial::Barred(_))) => Answered::barred,
        Ok(Err(Denial::Broken(_))) => Answered::failed,
        Ok(Err(_)) => Answered::denied,
        Err(NoAnswer::Busy { .. } | NoAnswer::Store(StoreError::Unavailable(_))) => Answered::busy,
        Err(NoAnswer::Store(_)) => Answered::failed,
    }
}

/// `GET …/plays`: the member's own, newest first.
pub async fn list(
    State(app): State<App>,
    asked: Asked,
    ActivityId(id): ActivityId,
    before: Before,
) -> Result<Response, Failure> {
    let lane = asked.running(&id)?.lane.clone();
    let (member, before) = (asked.asker.member, before.seq()?);
    let plays = super::read(&app, move |db| db.plays(&lane, &member, before, PAGE + 1)).await?;
    let next = plays.get(PAGE).and_then(|_| plays.get(PAGE - 1)).map(|last| after_play(last.seq));
    page(plays, next)
}

/// `GET /v1/stores/{store}/plays`: the member's own in all activities, newest first.
pub async fn history(
    State(app): State<App>,
    asked: Asked,
    before: Before,
) -> Result<Response, Failure> {
    // Refused before the database is asked.
    before.play()?;
    let (programme, member) = (asked.store.programme(asked.shopper.test), asked.asker.member);
    let plays = super::read(&app, move |db| {
        db.history(&programme, &member, before.play().ok().flatten(), PAGE + 1)
    })
    .await?;
    let last = plays.get(PAGE).and_then(|_| plays.get(PAGE - 1));
    let next = last.map(|last| after_moment(last.at_ms, &last.id));
    page(plays, next)
}

/// A page of receipts, each as it was first answered.
fn page(plays: Vec<PlayRow>, next: Option<String>) -> Result<Response, Failure> {
    #[derive(Serialize)]
    struct Page {
        plays: Vec<Box<RawValue>>,
        next: Option<String>,
    }
    let receipt =
        |text: String| RawValue::from_string(text).map_err(|error| Failure::internal(&error));
    // What time brought about has no receipt.
    let plays = plays.into_iter().take(PAGE).filter(|play| !play.receipt.is_empty());
    let plays = plays.map(|play| receipt(play.receipt));
    super::private(&Page { plays: plays.collect::<Result<_, _>>()?, next })
}

/// `GET …/plays/{play}`: one receipt, as it was first answered.
pub async fn read(
    State(app): State<App>,
    asked: Asked,
    ActivityId(id): ActivityId,
    PlayId(play): PlayId,
) -> Result<Response, Failure> {
    let lane = asked.running(&id)?.lane.clone();
    let member = asked.asker.member;
    let programme = lane.programme.clone();
    let found = super::read(&app, move |db| db.play(&programme, &member, &play)).await?;
    let found = found.filter(|found| found.lane == lane && !found.receipt.is_empty());
    let found = found.ok_or_else(|| Failure::plain(Code::PlayUnknown))?;
    Ok(super::private_text(found.receipt))
}

fn answered(answer: Answer) -> Result<Response, Failure> {
    let me = serde_json::to_string(&answer.me).map_err(|error| Failure::internal(&error))?;
    // The receipt goes out byte for byte as it is stored.
    let mut response =
        super::private_text(format!("{{\"receipt\":{},\"me\":{me}}}", answer.receipt));
    if answer.repeated {
        let name = header::HeaderName::from_static("idempotency-replayed");
        response.headers_mut().insert(name, HeaderValue::from_static("true"));
    }
    response.extensions_mut().insert(Played(answer.id));
    Ok(response)
}

/// What is said to a shopper whose play or try was not accepted.
pub fn denied(denial: Denial, at: &Running) -> Failure {
    match denial {
        Denial::KeyReused => Failure::plain(Code::IdempotencyKeyReused),
        Denial::NotOpen => Failure::plain(Code::ActivityNotOpen),
        Denial::Barred(barrier) => Failure::barred(barrier),
        Denial::RevisionChanged => Failure::revision_changed(at.public(now_ms())),
        Denial::CommitmentUsed { next } => Failure::commitment_used(next),
        Denial::Refused(refusal) => Failure::refused(refusal),
        Denial::BadAction(reason) => body::fault("action", &reason),
        Denial::Stale => Failure::plain(Code::Busy),
        Denial::Broken(reason) => Failure::internal(&reason),
    }
}

fn idempotency_key(headers: &HeaderMap) -> Result<String, Failure> {
    let invalid = |reason| Failure::new(Code::IdempotencyKeyInvalid, reason);
    let mut keys = headers.get_all("idempotency-key").iter();
    let key = keys.next().ok_or_else(|| invalid("there is none"))?;
    if keys.next().is_some() {
        return Err(invalid("there is more than one"));
    }
    let key = key.to_str().unwrap_or_default();
    if !plain(key, 16, 64) {
        return Err(invalid("it is not of its form"));
    }
    Ok(key.into())
}

fn parse(body: &[u8]) -> Result<PlayRequest<Raw>, Failure> {
    let request: PlayRequest<Raw> = body::parse(body)?;
    let invalid = |reason| Err(Failure::new(Code::InvalidBody, reason));
    if !request.action.text().trim_start().starts_with('{') {
        return invalid("action is no object");
    }
    if !plain(&request.client_seed, 8, 64) {
        return invalid("client_seed is not 8 to 64 characters of 0-9, a-z, A-Z, _ and -");
    }
    if !plain(&request.commitment, 64, 64) {
        return invalid("commitment is not 64 hexadecimal digits");
    }
    if !plain(&request.revision, 64, 64) {
        return invalid("revision is not 64 hexadecimal digits");
    }
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

    #[track_caller]
    fn answers(body: &str, code: Code) {
        assert_eq!(parse(body.as_bytes()).unwrap_err().code, code, "{body}");
    }

    fn body(seed: &str, more: &str) -> String {
        format!(
            "{{\"action\":{{\"type\":\"spin\"}},\"client_seed\":\"{seed}\",\
             \"commitment\":\"{HASH}\",\"revision\":\"{HASH}\"{more}}}"
        )
    }

    #[test]
    fn a_body_is_read_or_has_its_own_code() {
        assert!(parse(body("abcdefgh", "").as_bytes()).is_ok());
        answers("{", Code::MalformedBody);
        answers(&(body("abcdefgh", "") + "{}"), Code::MalformedBody);
        answers("[]", Code::InvalidBody);
        answers("{\"action\":1}", Code::InvalidBody);
        answers(&body("abcdefgh", ",\"prize\":\"mug\""), Code::UnknownField);
        answers(&body("short", ""), Code::InvalidBody);
        let listed = body("abcdefgh", "").replace(r#"{"type":"spin"}"#, r#"["spin"]"#);
        answers(&listed, Code::InvalidBody);
        answers(&format!("[[],\"abcdefgh\",\"{HASH}\",\"{HASH}\"]"), Code::InvalidBody);
        answers(&body("abcdefg\\n", ""), Code::InvalidBody);
        answers(&body("abcdefgh", ",\"client_seed\":\"abcdefgh\""), Code::InvalidBody);
    }
}
