use super::{ActivityId, Asked};
use crate::{
    App, now_ms,
    problems::Failure,
    stores::{OpenStore, Public},
};
use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use funfair_engine::{Asker, Denial, Desk, Running, Stand, Standing};
use funfair_host_api::{ActivityState, Barrier, Code, Listed};
use std::sync::Arc;

/// `GET …/activities`: what a shopper may see, and what is open to them now and next. Without a
/// token it is what a visitor sees, and cacheable.
pub async fn list(State(app): State<App>, request: Request) -> Result<Response, Failure> {
    let (mut parts, _) = request.into_parts();
    let mut response = if parts.headers.contains_key(header::AUTHORIZATION) {
        let asked = Asked::from_request_parts(&mut parts, &app).await?;
        let test = asked.shopper.test;
        super::private(&listed(&app, Arc::clone(&asked.store), test, asked.asker).await?)?
    } else {
        let store = super::store(&mut parts, &app).await?;
        // Nobody has this id, so no rows of a member are found.
        let visitor = Asker {
            member: String::new(),
            standing: Standing { guest: true, ..Standing::default() },
        };
        let listed = listed(&app, store, false, visitor).await?;
        let body = serde_json::to_vec(&listed).map_err(|error| Failure::internal(&error))?;
        cacheable(&app, &parts.headers, &Public::new(body.into()))
    };
    // A cache that has the visitors' list must not give it to a member.
    response.headers_mut().insert(header::VARY, HeaderValue::from_static("Authorization"));
    Ok(response)
}

/// The rows of the hub for one shopper, from one reading of the database.
async fn listed(
    app: &App,
    mut store: Arc<OpenStore>,
    test: bool,
    asker: Asker,
) -> Result<Vec<Listed>, Failure> {
    for _ in 0..3 {
        let now_ms = now_ms();
        let all = store.reachable(test);
        let (at, who) = (all.clone(), asker.clone());
        let stands = super::read(app, move |db| Desk::hub(db, &at, &who, now_ms)).await?;
        // What was read before a change is read again after it.
        if stands.contains(&Err(Denial::Stale)) {
            app.stores.forget();
            store = app.stores.get(&store.row.store).await?;
            continue;
        }
        let rows = all.iter().zip(stands);
        return Ok(rows.filter_map(|(at, stand)| row(at, stand, now_ms)).collect());
    }
    Err(Failure::plain(Code::Busy))
}

/// One activity of the hub; nothing where it is not even to be seen.
fn row(at: &Running, stand: Result<Stand, Denial>, now_ms: u64) -> Option<Listed> {
    let stand = stand.unwrap_or_else(|denial| {
        // The others are listed all the same.
        tracing::error!(activity = at.lane.activity, ?denial, "an activity cannot be viewed");
        Stand { open: false, barrier: None, next_at_ms: None }
    });
    if matches!(stand.barrier, Some(Barrier::NotEligible { hidden: true, .. })) {
        return None;
    }
    let setup = &at.setup;
    Some(Listed {
        activity: at.lane.activity.clone(),
        kind: setup.kind.clone(),
        title: setup.title.clone(),
        state: if at.is_over(now_ms) { ActivityState::Closed } else { at.state },
        opens_at_ms: setup.opens_at_ms,
        closes_at_ms: setup.closes_at_ms,
        look: setup.look.clone(),
        open: stand.open,
        barrier: stand.barrier,
        next_at_ms: stand.next_at_ms,
    })
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
        return Ok(cacheable(&app, &parts.headers, &open.public(now_ms())?));
    }
    // A draft is for test tokens. Whoever has none learns only that there is nothing to see.
    let open = store.activity(&id, true)?;
    let shopper = app.tokens.shopper(&parts.headers, &store, now_ms() / 1000);
    if !shopper.is_ok_and(|shopper| shopper.test) {
        return store.activity(&id, false).map(|_| StatusCode::NOT_FOUND.into_response());
    }
    super::private(&open.rehearsal.public(now_ms()))
}

/// What is the same for everyone, unless the asker has it already.
pub fn cacheable(app: &App, asked: &HeaderMap, public: &Public) -> Response {
    let headers = [
        (header::CONTENT_TYPE, public.media.to_owned()),
        (header::CACHE_CONTROL, format!("public, max-age={}", app.activity_max_age_s)),
        (header::ETAG, public.etag.clone()),
    ];
    if has(asked, &public.etag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    (headers, public.body.clone()).into_response()
}

/// The same of a page, which is under a policy of its own.
pub fn page(app: &App, asked: &HeaderMap, html: String, policy: &str) -> Result<Response, Failure> {
    let public = Public::of(html.into(), "text/html; charset=utf-8");
    let mut response = cacheable(app, asked, &public);
    let policy = HeaderValue::from_str(policy).map_err(|error| Failure::internal(&error))?;
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    Ok(response)
}

/// Whether the asker has the version of this ETag already.
fn has(asked: &HeaderMap, etag: &str) -> bool {
    let known = asked.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
    known
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|known| known == "*" || known.trim_start_matches("W/") == etag)
}
