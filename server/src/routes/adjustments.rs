use super::{body, facts};
use crate::{App, now_ms, problems::Failure};
use axum::{
    extract::{Request, State},
    response::Response,
};
use funfair_engine::{AdjustError, Desk};
use funfair_host_api::{Adjustment, Code};

/// `POST …/adjustments`: an operator's correction of one shopper's points, or the return of a
/// redemption.
pub async fn create(State(app): State<App>, request: Request) -> Result<Response, Failure> {
    let (store, bytes) = facts::said(&app, request, body::MAX_BODY).await?;
    let adjustment: Adjustment = body::parse(&bytes)?;
    let writes = app.writes.clone();
    let adjusted = writes.run(move || {
        let member = store.member(&*app.db, &adjustment.sub)?;
        let merchant = store.merchant(&[]);
        Desk::adjust(&*app.db, &merchant, now_ms(), &member, &adjustment).map_err(|error| {
            match error {
                AdjustError::Invalid(reason) => Failure::new(Code::InvalidBody, reason),
                AdjustError::Closed(reason) => Failure::new(Code::FactInvalid, reason),
                AdjustError::Store(error) => error.into(),
            }
        })
    });
    super::private(&adjusted.await??)
}
