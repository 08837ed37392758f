use super::{
    body::{self, MAX_BODY},
    facts,
};
use crate::{App, now_ms, problems::Failure, random, secrets};
use axum::{
    body::Body,
    extract::{Request, State},
    http::HeaderMap,
    response::Response,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use funfair_host_api::{Code, Exchange, Exchanged, NewTicket, Ticket};
use std::sync::Arc;

/// How every ticket begins, so that one that leaks is recognised for what it is.
const PREFIX: &str = "fft_";
/// How long a ticket is good.
const LIFE_MS: u64 = 60_000;

/// `POST …/tickets`: the merchant's server leaves a token that it has signed, and gets a ticket that
/// fetches it once. The token never passes through an address, where histories and logs would have
/// it.
pub async fn create(State(app): State<App>, request: Request) -> Result<Response, Failure> {
    let (store, bytes) = facts::said(&app, request, MAX_BODY).await?;
    let NewTicket { token } = body::parse(&bytes)?;
    let now_ms = now_ms();
    let shopper = app.tokens.of(&token, &store, now_ms / 1000)?;
    super::within_limit(&app, &store, &shopper)?;
    let random = random().map_err(|error| Failure::internal(&error))?;
    let ticket = format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random));
    let (hash, expires_at_ms) = (hashed(&ticket), now_ms + LIFE_MS);
    let (db, at) = (Arc::clone(&app.db), Arc::clone(&store));
    let add =
        super::write(&app, &store, move |_| db.add_ticket(&at.row, &hash, &token, expires_at_ms));
    add.await??;
    super::private(&Ticket { ticket, expires_at_ms })
}

/// `POST …/tickets/exchange`: the token for its ticket, once. Whoever guesses is told the same as
/// whoever is late, and writes nothing.
pub async fn exchange(
    State(app): State<App>,
    super::StoreOf(store): super::StoreOf,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Failure> {
    let Exchange { ticket } = body::parse(&body::read(&headers, body, MAX_BODY).await?)?;
    let invalid = || Failure::plain(Code::TicketInvalid);
    let hash = hashed(&ticket);
    let (db, at, name) = (Arc::clone(&app.db), Arc::clone(&store), hash.clone());
    if !app.reads.run(move || db.has_ticket(&at.row, &name, now_ms())).await?? {
        return Err(invalid());
    }
    let (db, at) = (Arc::clone(&app.db), Arc::clone(&store));
    let found = super::write(&app, &store, move |_| db.take_ticket(&at.row, &hash, now_ms()));
    super::private(&Exchanged { token: found.await??.ok_or_else(invalid)? })
}

/// What the database knows of a ticket.
fn hashed(ticket: &str) -> String {
    hex::encode(secrets::hashed(ticket))
}
