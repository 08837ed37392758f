use super::{ActivityId, Asked};
use crate::{App, now_ms, problems::Failure};
use axum::{extract::State, response::Response};
use funfair_engine::{Asker, Denial, Desk};
use funfair_host_api::Code;
use std::sync::Arc;

/// `GET …/me`: what this shopper may do and holds. Writes nothing.
pub async fn read(
    State(app): State<App>,
    asked: Asked,
    ActivityId(id): ActivityId,
) -> Result<Response, Failure> {
    let mut at = Arc::clone(asked.running(&id)?);
    // As with a play: what was read before a change is read again after it.
    for _ in 0..3 {
        let (running, asker) = (Arc::clone(&at), Asker::from(asked.member.as_str()));
        let me =
            super::read(&app, move |db| Desk::me(db, &running, &asker, None, now_ms())).await?;
        match me {
            Ok(me) => return super::private(&me),
            Err(Denial::Stale) => at = asked.reread(&app, &id).await?,
            Err(Denial::Broken(reason)) => return Err(Failure::internal(&reason)),
            Err(other) => return Err(Failure::internal(&format!("me was denied: {other:?}"))),
        }
    }
    Err(Failure::plain(Code::Busy))
}
