use super::body;
use crate::{
    App, now_ms,
    problems::Failure,
    secrets,
    stores::{OpenStore, Stores},
};
use axum::{
    body::Body,
    extract::{Request, State},
    response::Response,
};
use funfair_engine::{Desk, RecordError, Store};
use funfair_host_api::{Code, Fact, FactReply, Recorded};
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
    let (db, at) = (Arc::clone(&app.db), Arc::clone(&store));
    let facts = app.reads.run(move || named(&*db, &at, facts)).await??;
    let (stores, id) = (Arc::clone(&app.stores), store.row.store.clone());
    let facts = super::write(&app, &store, move |db| record(db, &stores, &id, &facts)).await??;
    super::private(&FactReply { facts })
}

/// Records facts by the rules of this moment: what is remembered of the store may be a moment old,
/// and an activity may change even between its reading and the commit.
fn record(
    db: &dyn Store,
    stores: &Stores,
    id: &str,
    facts: &[(String, Fact)],
) -> Result<Vec<Recorded>, Failure> {
    for _ in 0..3 {
        let store = stores.read(id)?.ok_or_else(|| Failure::plain(Code::StoreUnknown))?;
        let activities = store.reachable(false);
        match Desk::record(db, &store.merchant(&activities), now_ms(), facts) {
            Ok(recorded) => return Ok(recorded),
            Err(RecordError::Stale) => {}
            Err(RecordError::Store(error)) => return Err(error.into()),
            Err(error @ RecordError::Invalid { .. }) => {
                return Err(Failure::new(Code::FactInvalid, error.to_string()));
            }
        }
    }
    Err(Failure::plain(Code::Busy))
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
fn named(
    db: &dyn Store,
    store: &OpenStore,
    facts: Vec<Fact>,
) -> Result<Vec<(String, Fact)>, Failure> {
    let mut known = HashMap::<String, String>::new();
    let member = |fact: Fact| {
        if let Some(member) = known.get(&fact.sub) {
            return Ok((member.clone(), fact));
        }
        let member = store.member(db, &fact.sub)?;
        known.insert(fact.sub.clone(), member.clone());
        Ok((member, fact))
    };
    facts.into_iter().map(member).collect()
}
