use crate::App;
use axum::{
    Json,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// Whether the server can do its work, and which one it is.
#[derive(Serialize, schemars::JsonSchema)]
pub struct Health {
    /// `ok`, or `failing` where the database does not answer.
    status: &'static str,
    /// The release.
    version: &'static str,
    /// The version of the bundled time-zone database.
    tz: &'static str,
}

/// `GET /healthz`.
pub async fn read(State(app): State<App>) -> Response {
    let db = std::sync::Arc::clone(&app.db);
    let asked = tokio::task::spawn_blocking(move || db.standing()).await;
    let well = matches!(asked, Ok(Ok(_)));
    let health = Health {
        status: if well { "ok" } else { "failing" },
        version: env!("CARGO_PKG_VERSION"),
        tz: funfair_engine::tz_version(),
    };
    let status = if well { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, [(header::CACHE_CONTROL, "no-store")], Json(health)).into_response()
}
