//! What the server counts, for Prometheus. docs/OPERATIONS.md says what each name means.
//!
//! **No label names a store, an activity or a member**: their number has no bound. One process has
//! one set of numbers, however many servers it opens.

mod names;
mod process;

use axum::{
    Router,
    http::{Method, header},
    response::{IntoResponse, Response},
    routing::get,
};
use names::ROUTES;
use prometheus_client::{
    encoding::{EncodeLabelSet, EncodeLabelValue, text::encode},
    metrics::{
        counter::Counter,
        family::Family,
        gauge::Gauge,
        histogram::{Histogram, exponential_buckets},
        info::Info,
    },
    registry::Registry,
};
use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

/// All numbers of this process.
pub(crate) struct Metrics {
    registry: Registry,
    plays: Family<PlayLabels, Counter>,
    batch_plays: Histogram,
    commit_seconds: Histogram,
    queue_plays: Gauge,
    queue_wait_seconds: Histogram,
    requests: Family<RequestLabels, Counter>,
    request_seconds: Histogram,
    connections: Gauge,
    turned_away: Family<TurnedAwayLabels, Counter>,
    tokens: Family<TokenLabels, Counter>,
    database: Family<DatabaseLabels, Counter>,
    jobs: Family<JobLabels, Counter>,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct PlayLabels {
    kind: &'static str,
    answer: Answered,
}

/// How a play was answered.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, EncodeLabelValue)]
#[expect(non_camel_case_types, reason = "they are the label's values")]
pub(crate) enum Answered {
    accepted,
    repeated,
    refused,
    barred,
    denied,
    busy,
    failed,
}

impl Answered {
    const ALL: [Self; 7] = [
        Self::accepted,
        Self::repeated,
        Self::refused,
        Self::barred,
        Self::denied,
        Self::busy,
        Self::failed,
    ];
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct RequestLabels {
    route: &'static str,
    method: &'static str,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct TurnedAwayLabels {
    limit: Limit,
}

/// What was at its limit.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, EncodeLabelValue)]
#[expect(non_camel_case_types, reason = "they are the label's values")]
pub(crate) enum Limit {
    connections,
    database,
    queue,
    member,
    address,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct TokenLabels {
    answer: Token,
}

/// How a token was checked.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, EncodeLabelValue)]
#[expect(non_camel_case_types, reason = "they are the label's values")]
pub(crate) enum Token {
    remembered,
    verified,
    refused,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct DatabaseLabels {
    event: DatabaseEvent,
}

/// What a database did beside answering.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, EncodeLabelValue)]
#[expect(non_camel_case_types, reason = "they are the label's values")]
pub(crate) enum DatabaseEvent {
    retried,
    reconnected,
    unavailable,
    failed,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct JobLabels {
    job: Job,
}

/// What time brought about.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq, EncodeLabelValue)]
#[expect(non_camel_case_types, reason = "they are the label's values")]
pub(crate) enum Job {
    rounds,
    failed,
    settled_events,
}

static METRICS: LazyLock<Metrics> = LazyLock::new(Metrics::new);

impl Metrics {
    fn new() -> Self {
        // From a tenth of a millisecond to three seconds.
        let seconds = || Histogram::new(exponential_buckets(0.0001, 2.0, 16));
        let mut metrics = Self {
            registry: Registry::with_prefix("funfair"),
            plays: Family::default(),
            batch_plays: Histogram::new(exponential_buckets(1.0, 2.0, 14)),
            commit_seconds: seconds(),
            queue_plays: Gauge::default(),
            queue_wait_seconds: seconds(),
            requests: Family::default(),
            request_seconds: seconds(),
            connections: Gauge::default(),
            turned_away: Family::default(),
            tokens: Family::default(),
            database: Family::default(),
            jobs: Family::default(),
        };
        metrics.begin_at_zero();
        metrics.register();
        metrics
    }

    /// A series that is there from the start can be alerted on: the first event is a rise from 0.
    fn begin_at_zero(&self) {
        for limit in
            [Limit::connections, Limit::database, Limit::queue, Limit::member, Limit::address]
        {
            drop(self.turned_away.get_or_create(&TurnedAwayLabels { limit }));
        }
        for answer in [Token::remembered, Token::verified, Token::refused] {
            drop(self.tokens.get_or_create(&TokenLabels { answer }));
        }
        for event in [
            DatabaseEvent::retried,
            DatabaseEvent::reconnected,
            DatabaseEvent::unavailable,
            DatabaseEvent::failed,
        ] {
            drop(self.database.get_or_create(&DatabaseLabels { event }));
        }
        for job in [Job::rounds, Job::failed, Job::settled_events] {
            drop(self.jobs.get_or_create(&JobLabels { job }));
        }
        for entry in funfair_catalogue::ENTRIES {
            for answer in Answered::ALL {
                drop(self.plays.get_or_create(&PlayLabels { kind: entry.slug, answer }));
            }
        }
        let request = RequestLabels { route: "/healthz", method: "GET", status: 200 };
        drop(self.requests.get_or_create(&request));
    }

    fn register(&mut self) {
        let all = &mut self.registry;
        let (database, jobs) = (self.database.clone(), self.jobs.clone());
        let waits = self.queue_wait_seconds.clone();
        all.register("plays", "Plays by kind and answer", self.plays.clone());
        all.register("batch_plays", "Plays in one commit", self.batch_plays.clone());
        all.register("commit_seconds", "From a batch to its answers", self.commit_seconds.clone());
        all.register("queue_plays", "Plays that wait for a commit", self.queue_plays.clone());
        all.register("queue_wait_seconds", "How long a play waited for its batch", waits);
        all.register("http_requests", "Answers by route and status", self.requests.clone());
        all.register("http_request_seconds", "How long answers took", self.request_seconds.clone());
        all.register("connections", "Open connections", self.connections.clone());
        all.register("turned_away", "Answers 429 and 503 by limit", self.turned_away.clone());
        all.register("tokens", "Tokens by how they were checked", self.tokens.clone());
        all.register("database_events", "What the database did beside answering", database);
        all.register("jobs", "What time brought about", jobs);
        let version = [("version", env!("CARGO_PKG_VERSION")), ("tz", crate::tz_version())];
        all.register("build", "Which release this is", Info::new(version.to_vec()));
        all.register_collector(Box::new(process::Process));
    }
}

/// `GET /metrics`, for a listener of its own.
pub fn routes() -> Router {
    Router::new().route("/metrics", get(read))
}

async fn read() -> Response {
    let mut text = String::new();
    if encode(&mut text, &METRICS.registry).is_err() {
        return axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    let media = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    ([(header::CONTENT_TYPE, media)], text).into_response()
}

/// A play was answered.
pub(crate) fn play(kind: &str, answer: Answered) {
    let known = funfair_catalogue::ENTRIES.iter().find(|entry| entry.slug == kind);
    let labels = PlayLabels { kind: known.map_or("other", |entry| entry.slug), answer };
    METRICS.plays.get_or_create(&labels).inc();
}

/// A play that waits for its batch, as long as it does.
pub(crate) struct Waits(Instant);

impl Waits {
    pub(crate) fn new() -> Self {
        METRICS.queue_plays.inc();
        Self(Instant::now())
    }

    /// It is in a batch.
    pub(crate) fn taken(self) {
        METRICS.queue_wait_seconds.observe(self.0.elapsed().as_secs_f64());
    }
}

impl Drop for Waits {
    fn drop(&mut self) {
        METRICS.queue_plays.dec();
    }
}

/// So many plays were decided, written and committed together.
#[expect(clippy::cast_precision_loss, reason = "a batch is small")]
pub(crate) fn batch(plays: usize, took: Duration) {
    METRICS.batch_plays.observe(plays as f64);
    METRICS.commit_seconds.observe(took.as_secs_f64());
}

/// A request was answered.
pub(crate) fn request(route: &str, method: &Method, status: u16, took: Duration) {
    let route = ROUTES.iter().copied().find(|known| *known == route).unwrap_or("other");
    let method = match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    };
    METRICS.requests.get_or_create(&RequestLabels { route, method, status }).inc();
    METRICS.request_seconds.observe(took.as_secs_f64());
}

/// A request or a connection was told to come back.
pub(crate) fn turned_away(limit: Limit) {
    METRICS.turned_away.get_or_create(&TurnedAwayLabels { limit }).inc();
}

/// A token was checked.
pub(crate) fn token(answer: Token) {
    METRICS.tokens.get_or_create(&TokenLabels { answer }).inc();
}

/// A database did something beside answering.
pub(crate) fn database(event: DatabaseEvent) {
    METRICS.database.get_or_create(&DatabaseLabels { event }).inc();
}

/// Time brought something about.
pub(crate) fn job(job: Job, times: u64) {
    METRICS.jobs.get_or_create(&JobLabels { job }).inc_by(times);
}

/// A connection, as long as it is open.
pub(crate) struct Connected(());

impl Connected {
    pub(crate) fn new() -> Self {
        METRICS.connections.inc();
        Self(())
    }
}

impl Drop for Connected {
    fn drop(&mut self) {
        METRICS.connections.dec();
    }
}
