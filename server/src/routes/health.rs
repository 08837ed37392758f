use crate::App;
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use std::{sync::Arc, time::Duration};

/// That the server runs, and which one it is.
#[derive(Serialize, schemars::JsonSchema)]
pub struct Health {
    /// `ok`: whoever reads this was answered.
    status: &'static str,
    /// The release.
    version: &'static str,
    /// The version of the bundled time-zone database.
    tz: &'static str,
}

/// Whether the server can do its work.
#[derive(Serialize, schemars::JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "it is what is answered, field by field")]
pub struct Readiness {
    /// Whether requests belong here: the database answers, and plays are written.
    ready: bool,
    /// Whether the database answers, with rows that this release reads.
    database: bool,
    /// Whether what writes plays runs.
    writer: bool,
    /// Whether an operator has asked that nothing is written; what only reads is answered.
    read_only: bool,
}

/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(1);

/// `GET /healthz`: asks for nothing, so that nobody restarts a server for its database's sake.
pub async fn alive() -> Response {
    let health = Health {
        status: "ok",
        version: env!("CARGO_PKG_VERSION"),
        tz: funfair_engine::tz_version(),
    };
    ([(header::CACHE_CONTROL, "no-store")], Json(health)).into_response()
}

/// `GET /readyz`.
pub async fn ready(State(app): State<App>) -> Response {
    let db = Arc::clone(&app.db);
    // A place of its own: neither a flood of reads nor a database that hangs is asked in vain twice.
    let asked = tokio::time::timeout(PATIENCE, app.looks.run(move || db.standing())).await;
    let standing = asked.ok().and_then(Result::ok).and_then(Result::ok);
    let (database, writer) = (standing.is_some(), app.writer.runs());
    let readiness = Readiness {
        ready: database && writer,
        database,
        writer,
        read_only: standing.is_some_and(|standing| standing.read_only),
    };
    let status = if readiness.ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, [(header::CACHE_CONTROL, "no-store")], Json(readiness)).into_response()
}
