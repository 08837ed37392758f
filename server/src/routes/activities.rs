use super::ActivityId;
use crate::{App, now_ms, problems::Failure, stores::Public};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use funfair_host_api::{ActivityState, Listed};
use sha2::{Digest, Sha256};

/// `GET …/activities`: what a store's shoppers can see; drafts are not among it.
pub async fn list(State(app): State<App>, request: Request) -> Result<Response, Failure> {
    let (mut parts, _) = request.into_parts();
    let store = super::store(&mut parts, &app).await?;
    let now_ms = now_ms();
    let seen = store.activities.iter().filter(|(_, open)| open.live.state != ActivityState::Draft);
    let listed = seen.map(|(id, open)| {
        let setup = &open.live.setup;
        Listed {
            activity: id.clone(),
            kind: setup.kind.clone(),
            title: setup.title.clone(),
            state: if open.live.is_over(now_ms) { ActivityState::Closed } else { open.live.state },
            opens_at_ms: setup.opens_at_ms,
            closes_at_ms: setup.closes_at_ms,
            look: setup.look.clone(),
            open: open.live.is_open(now_ms),
            barrier: None,
            next_at_ms: None,
        }
    });
    let body = serde_json::to_vec(&listed.collect::<Vec<_>>())
        .map_err(|error| Failure::internal(&error))?;
    let hash = hex::encode(Sha256::digest(&body));
    let etag = format!("\"{}\"", hash.get(..32).unwrap_or_default());
    Ok(cacheable(&app, &parts.headers, Public::new(body.into(), etag)))
}

/// `GET …/activities/{activity}`: the same for everyone, and therefore cacheable.
pub async fn read(
    State(app): State<App>,
    ActivityId(id): ActivityId,
    request: Request,
) -> Result<Response, Failure> {
    let (mut parts, _) = request.into_parts();
    let store = super::store(&mut parts, &app).await?;
    if let Ok(open) = store.activity(&id, false) {
        return Ok(cacheable(&app, &parts.headers, open.public(now_ms())?));
    }
    // A draft is for test tokens. Whoever has none learns only that there is nothing to see.
    let open = store.activity(&id, true)?;
    let shopper = app.tokens.shopper(&parts.headers, &store, now_ms() / 1000);
    if !shopper.is_ok_and(|shopper| shopper.test) {
        return store.activity(&id, false).map(|_| StatusCode::NOT_FOUND.into_response());
    }
    super::private(&open.rehearsal.public(now_ms()))
}

fn cacheable(app: &App, asked: &HeaderMap, public: Public) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CACHE_CONTROL, format!("public, max-age={}", app.activity_max_age_s)),
        (header::ETAG, public.etag.clone()),
    ];
    if has(asked, &public.etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, public.body).into_response()
}

/// Whether the asker has the version of this ETag already.
fn has(asked: &HeaderMap, etag: &str) -> bool {
    let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == etag)
}
