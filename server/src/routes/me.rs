use super::{ActivityId, Asked};
use crate::{App, now_ms, problems::Failure};
use axum::{extract::State, response::Response};
use funfair_engine::{Denial, Desk};
use std::sync::Arc;

/// `GET …/me`: what this shopper may do and holds. Writes nothing.
pub async fn read(
    State(app): State<App>,
    asked: Asked,
    ActivityId(id): ActivityId,
) -> Result<Response, Failure> {
    let (at, member) = (Arc::clone(asked.running(&id)?), asked.member);
    let me = super::read(&app, move |db| Desk::me(db, &at, &member, now_ms())).await?;
    match me {
        Ok(me) => super::private(&me),
        Err(Denial::Broken(reason)) => Err(Failure::internal(&reason)),
        Err(other) => Err(Failure::internal(&format!("me was denied: {other:?}"))),
    }
}
