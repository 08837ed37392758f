use super::{
    ActivityId, Asked,
    body::{self, MAX_BODY, plain},
    plays::denied,
};
use crate::{App, now_ms, problems::Failure};
use axum::{
    body::Body,
    extract::{FromRequestParts, RawQuery, State},
    http::{HeaderMap, request::Parts},
    response::Response,
};
use funfair_engine::{Denial, Desk, Running, Store};
use funfair_host_api::{Code, Me, Unlock, json::Raw};
use std::sync::Arc;

/// The longest passphrase that is looked at, in characters.
const MAX_PHRASE: usize = 128;
/// How often an activity may change while one question is asked of it.
const TIMES: usize = 3;

/// `GET …/me`: what this shopper may do and holds, with the item that a link names in view. Writes
/// nothing.
pub async fn read(
    State(app): State<App>,
    asked: Asked,
    ActivityId(id): ActivityId,
    Item(item): Item,
) -> Result<Response, Failure> {
    let mut at = Arc::clone(asked.running(&id)?);
    for _ in 0..TIMES {
        let (now, who, item) = (Arc::clone(&at), asked.asker.clone(), item.clone());
        let ask = move |db: &dyn Store| Desk::me(db, &now, &who, item.as_deref(), now_ms());
        let said = super::read(&app, ask).await?;
        if let Some(answer) = answered(&app, &asked, &mut at, said).await? {
            return Ok(answer);
        }
    }
    Err(Failure::plain(Code::Busy))
}

/// `POST …/unlock`: tries a passphrase. A wrong try is an answer, too: one try fewer.
pub async fn unlock(
    State(app): State<App>,
    asked: Asked,
    ActivityId(id): ActivityId,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let mut at = Arc::clone(asked.running(&id)?);
    let Unlock { passphrase } = body::parse(&body::read(&headers, body, MAX_BODY).await?)?;
    if !(1..=MAX_PHRASE).contains(&passphrase.chars().count()) {
        let reason = "passphrase is not 1 to 128 characters";
        return Err(Failure::new(Code::InvalidBody, reason));
    }
    for _ in 0..TIMES {
        let said = attempt(&app, &asked, &at, &passphrase).await?;
        if let Some(answer) = answered(&app, &asked, &mut at, said).await? {
            return Ok(answer);
        }
    }
    Err(Failure::plain(Code::Busy))
}

/// Only a try that counts queues for a commit.
async fn attempt(
    app: &App,
    asked: &Asked,
    at: &Arc<Running>,
    typed: &str,
) -> Result<Result<Me<Raw>, Denial>, Failure> {
    let (now, who, phrase) = (Arc::clone(at), asked.asker.clone(), typed.to_owned());
    let look = move |db: &dyn Store| Desk::unlocked(db, &now, &who, &phrase, now_ms());
    if let Some(said) = super::read(app, look).await? {
        return Ok(said);
    }
    let (now, who, phrase) = (Arc::clone(at), asked.asker.clone(), typed.to_owned());
    let identity = asked.identity();
    let count =
        move |db: &dyn Store| Desk::unlock(db, &now, &who, identity.as_ref(), &phrase, now_ms());
    Ok(super::write(app, &asked.store, count).await??)
}

/// As with a play, what was read before a change is read again after it: then there is no answer
/// yet.
async fn answered(
    app: &App,
    asked: &Asked,
    at: &mut Arc<Running>,
    said: Result<Me<Raw>, Denial>,
) -> Result<Option<Response>, Failure> {
    match said {
        Ok(me) => super::private(&me).map(Some),
        Err(Denial::Stale) => {
            *at = asked.reread(app, &at.lane.activity).await?;
            Ok(None)
        }
        Err(denial) => Err(denied(denial, at)),
    }
}

/// The query of `me`: `item`, the key that a link brought, and nothing else.
pub struct Item(Option<String>);

impl<S: Send + Sync> FromRequestParts<S> for Item {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let invalid = |reason| Failure::new(Code::InvalidParameter, reason);
        let Ok(RawQuery(query)) = RawQuery::from_request_parts(parts, state).await;
        let mut item = None;
        for pair in query.as_deref().unwrap_or_default().split('&').filter(|pair| !pair.is_empty())
        {
            match pair.split_once('=') {
                Some(("item", key)) if item.is_none() && plain(key, 1, 64) => {
                    item = Some(key.to_owned());
                }
                Some(("item", _)) => {
                    return Err(invalid(
                        "the query's `item` is one key of 1 to 64 of 0-9, a-z, A-Z, _ and -",
                    ));
                }
                _ => return Err(invalid("the query of `me` has `item` and nothing else")),
            }
        }
        Ok(Self(item))
    }
}
