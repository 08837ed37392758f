use super::{body, facts};
use crate::{App, now_ms, problems::Failure};
use axum::{
    extract::{Request, State},
    response::Response,
};
use funfair_engine::{AdjustError, Desk};
use funfair_host_api::{Adjustment, Code};
use std::sync::Arc;

/// `POST …/adjustments`: an operator's correction of one shopper's points, or the return of a
/// redemption.
pub async fn create(State(app): State<App>, request: Request) -> Result<Response, Failure> {
    let (store, bytes) = facts::said(&app, request, body::MAX_BODY).await?;
    let adjustment: Adjustment = body::parse(&bytes)?;
    let (db, at, sub) = (Arc::clone(&app.db), Arc::clone(&store), adjustment.sub.clone());
    let member = app.reads.run(move || at.member(&*db, &sub)).await??;
    let (stores, id) = (Arc::clone(&app.stores), store.row.store.clone());
    let adjusted = super::write(&app, &store, move |db| {
        // As it is in this moment: what is remembered may be a moment old.
        let store = stores.read(&id)?.ok_or_else(|| Failure::plain(Code::StoreUnknown))?;
        Desk::adjust(db, &store.merchant(&[]), now_ms(), &member, &adjustment).map_err(|error| {
            match error {
                AdjustError::Invalid(reason) => Failure::new(Code::InvalidBody, reason),
                AdjustError::Closed(reason) => Failure::new(Code::FactInvalid, reason),
                AdjustError::Store(error) => error.into(),
            }
        })
    });
    super::private(&adjusted.await??)
}
