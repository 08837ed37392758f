use super::body;
use crate::{App, now_ms, problems::Failure, secrets, stores::OpenStore};
use axum::{
    body::Body,
    extract::{Request, State},
    response::Response,
};
use funfair_engine::{Desk, RecordError};
use funfair_host_api::{Code, Fact, FactReply};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::{collections::HashMap, sync::Arc};

/// The largest batch, in bytes: a kilobyte for each fact.
const MAX_BODY: usize = 1024 * 1024;
/// The most facts of a batch.
const MOST: usize = 1000;

/// `POST …/facts`: what the merchant's server says of its shoppers, all of it or nothing.
pub async fn create(State(app): State<App>, request: Request) -> Result<Response, Failure> {
    let (store, bytes) = said(&app, request, MAX_BODY).await?;
    let facts = parse(&bytes)?;
    let writes = app.writes.clone();
    let facts = writes.run(move || {
        let named = named(&app, &store, facts)?;
        let activities = store.reachable(false);
        let merchant = store.merchant(&activities);
        Desk::record(&*app.db, &merchant, now_ms(), &named).map_err(|error| match error {
            RecordError::Invalid { .. } => Failure::new(Code::FactInvalid, error.to_string()),
            RecordError::Store(error) => error.into(),
        })
    });
    let facts = facts.await??;
    super::private(&FactReply { facts })
}

/// The store and the body of a request that shows the store's secret key.
pub async fn said(
    app: &App,
    request: Request,
    most: usize,
) -> Result<(Arc<OpenStore>, axum::body::Bytes), Failure> {
    let (mut parts, body): (_, Body) = request.into_parts();
    let store = super::store(&mut parts, app).await?;
    secrets::check(&parts.headers, &store)?;
    let bytes = body::read(&parts.headers, body, most).await?;
    Ok((store, bytes))
}

fn parse(bytes: &[u8]) -> Result<Vec<Fact>, Failure> {
    /// One broken fact is named by its number, so each is read alone.
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Batch {
        facts: Vec<Box<RawValue>>,
    }
    let Batch { facts } = body::parse(bytes)?;
    if !(1..=MOST).contains(&facts.len()) {
        let reason = format!("there are {} facts; a batch has 1 to {MOST}", facts.len());
        return Err(Failure::new(Code::FactInvalid, reason));
    }
    let read = |(index, fact): (usize, Box<RawValue>)| {
        serde_json::from_str(fact.get()).map_err(|error| {
            let reason = error.to_string();
            let reason = reason.split(" at line ").next().unwrap_or(&reason);
            Failure::new(Code::FactInvalid, format!("fact {index}: {reason}"))
        })
    };
    facts.into_iter().enumerate().map(read).collect()
}

/// The facts, each with the member whom its `sub` names or will name.
fn named(app: &App, store: &OpenStore, facts: Vec<Fact>) -> Result<Vec<(String, Fact)>, Failure> {
    let mut known = HashMap::<String, String>::new();
    let member = |fact: Fact| {
        if let Some(member) = known.get(&fact.sub) {
            return Ok((member.clone(), fact));
        }
        let member = store.member(&*app.db, &fact.sub)?;
        known.insert(fact.sub.clone(), member.clone());
        Ok((member, fact))
    };
    facts.into_iter().map(member).collect()
}
