//! What is logged: enough to find a fault, nothing that names a person.

use crate::{Config, LogFormat, metrics, otel};
use axum::{
    extract::{MatchedPath, Request},
    http::{HeaderName, HeaderValue},
    middleware::Next,
    response::Response,
};
use funfair_host_api::Code;
use std::time::Instant;
use tracing::Instrument;
use tracing_subscriber::EnvFilter;

/// The id of an accepted play, for the log.
#[derive(Clone)]
pub struct Played(pub String);

/// Starts the log as configured; false where the process has one already.
pub fn start(config: &Config) -> bool {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_target(false);
    match config.log_format {
        LogFormat::Text => log.with_ansi(false).try_init().is_ok(),
        LogFormat::Json => log.json().flatten_event(true).try_init().is_ok(),
    }
}

/// One line a request: the route's template, never its path; no address, no token, no query.
pub async fn requests(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let id = crate::random().map_or_else(|_| String::new(), |bytes| hex::encode(&bytes[..8]));
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let route = route.unwrap_or_default();
    // What goes wrong further in carries the request's id.
    let span = tracing::info_span!("request", id);
    let traced = otel::Request::begin(request.headers(), &method, &route);
    let mut response = traced.run(next.run(request).instrument(span)).await;
    let code = response.extensions().get::<Code>().map_or("", |code| code.name());
    let play = response.extensions().get::<Played>().map_or("", |play| play.0.as_str());
    let (status, took) = (response.status().as_u16(), start.elapsed());
    metrics::request(&route, &method, status, took);
    let took_us = took.as_micros();
    traced.end(status, code);
    tracing::info!(id, %method, route, status, code, play, took_us, "answered");
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static("x-request-id"), id);
    }
    response
}
