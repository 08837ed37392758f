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

/// `GET …/me`: what this shopper may do and holds, with the item that a link names in view. Writes
/// nothing.
pub async fn read(
    State(app): State<App>,
    asked: Asked,
    ActivityId(id): ActivityId,
    Item(item): Item,
) -> Result<Response, Failure> {
    let ask = async |at: Arc<Running>| {
        let (asker, item) = (asked.asker.clone(), item.clone());
        super::read(&app, move |db| Desk::me(db, &at, &asker, item.as_deref(), now_ms())).await
    };
    answer(&app, &asked, &id, ask).await
}

/// `POST …/unlock`: tries a passphrase. A wrong try is an answer, too: one try fewer.
pub async fn unlock(
    State(app): State<App>,
    asked: Asked,
    ActivityId(id): ActivityId,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    asked.running(&id)?;
    let Unlock { passphrase } = body::parse(&body::read(&headers, body, MAX_BODY).await?)?;
    if !(1..=MAX_PHRASE).contains(&passphrase.chars().count()) {
        let reason = "passphrase is not 1 to 128 characters";
        return Err(Failure::new(Code::InvalidBody, reason));
    }
    let ask = async |at: Arc<Running>| {
        let (asker, typed, running) = (asked.asker.clone(), passphrase.clone(), Arc::clone(&at));
        let seen = move |db: &dyn Store| Desk::unlocked(db, &running, &asker, &typed, now_ms());
        if let Some(said) = super::read(&app, seen).await? {
            return Ok(said);
        }
        let (asker, typed) = (asked.asker.clone(), passphrase.clone());
        let identity = asked.identity();
        let tried = move |db: &dyn Store| {
            Desk::unlock(db, &at, &asker, Some(&identity), &typed, now_ms())
        };
        Ok(super::write(&app, &asked.store, tried).await??)
    };
    answer(&app, &asked, &id, ask).await
}

/// Asks how a member stands. As with a play, what was read before a change is read again after it.
async fn answer(
    app: &App,
    asked: &Asked,
    id: &str,
    ask: impl AsyncFn(Arc<Running>) -> Result<Result<Me<Raw>, Denial>, Failure>,
) -> Result<Response, Failure> {
    let mut at = Arc::clone(asked.running(id)?);
    for _ in 0..3 {
        match ask(Arc::clone(&at)).await? {
            Ok(me) => return super::private(&me),
            Err(Denial::Stale) => at = asked.reread(app, id).await?,
            Err(denial) => return Err(denied(denial, &at)),
        }
    }
    Err(Failure::plain(Code::Busy))
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
