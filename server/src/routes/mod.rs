//! The host API's routes, one file a resource.

mod activities;
mod adjustments;
mod assets;
pub mod body;
mod cross_origin;
mod facts;
mod fragment;
mod frame;
mod health;
mod me;
mod plays;
mod terms;
mod tickets;
mod wallet;

pub use health::{Health, Readiness};

use crate::{
    App, log,
    metrics::{self, Limit},
    now_ms, openapi,
    problems::{ENTRIES, Failure},
    stores::OpenStore,
    tokens::Shopper,
};
use axum::{
    Router,
    extract::{self, ConnectInfo, FromRequestParts, RawPathParams, Request, State},
    http::{HeaderMap, HeaderValue, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{any, get, post},
};
use funfair_engine::{Asker, Running, Store, StoreError};
use funfair_host_api::Code;
use std::{
    any::Any,
    net::SocketAddr,
    path::Path,
    sync::{Arc, atomic::Ordering},
};
use tower_http::catch_panic::CatchPanicLayer;

/// All routes.
pub fn all(app: App, dist: Option<&Path>, playground: bool) -> Router {
    let of_a_store = Router::new()
        .route("/v1/stores/{store}/activities", get(activities::list))
        .route("/v1/stores/{store}/activities/{activity}", get(activities::read))
        .route("/v1/stores/{store}/activities/{activity}/me", get(me::read))
        .route("/v1/stores/{store}/activities/{activity}/unlock", post(me::unlock))
        .route(
            "/v1/stores/{store}/activities/{activity}/plays",
            get(plays::list).post(plays::create),
        )
        .route("/v1/stores/{store}/activities/{activity}/plays/{play}", get(plays::read))
        .route("/v1/stores/{store}/activities/{activity}/terms", get(terms::read))
        .route("/v1/stores/{store}/activities/{activity}/fragment", get(fragment::read))
        .route("/v1/stores/{store}/activities/{activity}/frame", get(frame::read))
        .route("/v1/stores/{store}/plays", get(plays::history))
        .route("/v1/stores/{store}/wallet", get(wallet::read))
        .route("/v1/stores/{store}/wallet/prizes/{prize}/claim", post(wallet::claim))
        .route("/v1/stores/{store}/tickets/exchange", post(tickets::exchange))
        // Before the layer, so that a preflight reaches it.
        .method_not_allowed_fallback(method_unknown)
        .layer(middleware::from_fn_with_state(app.clone(), cross_origin::allow));
    let routes = Router::new()
        .merge(of_a_store)
        // From server to server: no page of any origin may send these.
        .route("/v1/stores/{store}/facts", post(facts::create))
        .route("/v1/stores/{store}/adjustments", post(adjustments::create))
        .route("/v1/stores/{store}/tickets", post(tickets::create))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .route("/v1/openapi.json", get(openapi_document))
        .route("/problems/{code}", get(problem))
        .route("/v1", any(unknown))
        .route("/v1/{*rest}", any(unknown))
        .method_not_allowed_fallback(method_unknown)
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(guard))
        .with_state(app.clone());
    routes
        .merge(assets::routes(dist, playground))
        .layer(middleware::from_fn_with_state(app, limit))
        .layer(middleware::from_fn(log::requests))
}

/// Who asks for what: the store of the path, its shopper by the token, and the activity as that
/// shopper sees it.
pub struct Asked {
    /// The store.
    pub store: Arc<OpenStore>,
    /// The shopper.
    pub shopper: Arc<Shopper>,
    /// The member that the shopper is or will be, and what the token says of them.
    pub asker: Asker,
}

impl FromRequestParts<App> for Asked {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        let store = store(parts, app).await?;
        let shopper = app.tokens.shopper(&parts.headers, &store, now_ms() / 1000)?;
        within_limit(app, &store, &shopper)?;
        let member = member(app, &store, &shopper).await?;
        let mut standing = shopper.standing.clone();
        // What the store has signed goes before what the page says.
        standing.channel = standing.channel.or(channel(&parts.headers)?);
        let asker = Asker { member, standing };
        Ok(Self { store, shopper, asker })
    }
}

/// Where the page says that it is.
fn channel(headers: &HeaderMap) -> Result<Option<String>, Failure> {
    let Some(value) = headers.get("funfair-channel") else { return Ok(None) };
    let name = value.to_str().ok().filter(|name| body::plain(name, 1, 64));
    let invalid = "Funfair-Channel is not 1 to 64 of 0-9, a-z, A-Z, _ and -";
    name.map(|name| Some(name.into())).ok_or_else(|| Failure::new(Code::InvalidParameter, invalid))
}

/// Turns away a member who asks too often.
fn within_limit(app: &App, store: &OpenStore, shopper: &Shopper) -> Result<(), Failure> {
    if app.members.as_ref().is_some_and(|most| !most.take((&store.row.store, &shopper.sub))) {
        metrics::turned_away(Limit::member);
        return Err(Failure::new(Code::TooManyRequests, "this member sent too many requests"));
    }
    Ok(())
}

/// The member that a shopper is, or will be with the first play. It is asked for once a token.
async fn member(app: &App, store: &OpenStore, shopper: &Shopper) -> Result<String, Failure> {
    if let Some(known) = shopper.member.get() {
        return Ok(known.clone());
    }
    let (programme, id, sub) =
        (store.programme(shopper.test), store.row.store.clone(), shopper.sub.clone());
    let known = read(app, move |db| db.member(&programme, &id, &sub)).await?;
    shopper.recorded.store(known.is_some(), Ordering::Relaxed);
    let member = known.map_or_else(|| store.proposed_member(&shopper.sub), Ok)?;
    Ok(shopper.member.get_or_init(|| member).clone())
}

impl Asked {
    /// What named the member, the store and its name for the shopper, where that is still to be
    /// recorded.
    pub fn identity(&self) -> Option<(String, String)> {
        let recorded = self.shopper.recorded.load(Ordering::Relaxed);
        (!recorded).then(|| (self.store.row.store.clone(), self.shopper.sub.clone()))
    }

    /// An activity as this shopper plays it.
    pub fn running(&self, activity: &str) -> Result<&Arc<Running>, Failure> {
        Ok(self.store.activity(activity, self.shopper.test)?.of(self.shopper.test))
    }

    /// All activities that this shopper can reach.
    pub fn all(&self) -> Vec<Arc<Running>> {
        self.store.reachable(self.shopper.test)
    }

    /// The activity as it is after a change that another process may have made.
    pub async fn reread(&self, app: &App, activity: &str) -> Result<Arc<Running>, Failure> {
        app.stores.forget();
        let store = app.stores.get(&self.store.row.store).await?;
        Ok(Arc::clone(store.activity(activity, self.shopper.test)?.of(self.shopper.test)))
    }
}

/// The store that the path names.
pub async fn store(parts: &mut Parts, app: &App) -> Result<Arc<OpenStore>, Failure> {
    let id = Param::read(parts, app, "store").await?;
    app.stores.get(&id).await
}

/// The same, as an argument of a handler.
pub struct StoreOf(pub Arc<OpenStore>);

impl FromRequestParts<App> for StoreOf {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        store(parts, app).await.map(Self)
    }
}

/// A parameter of the path.
pub struct Param;

impl Param {
    /// The parameter `name`.
    pub async fn read(parts: &mut Parts, app: &App, name: &str) -> Result<String, Failure> {
        let params = RawPathParams::from_request_parts(parts, app).await;
        let invalid = |reason| Failure::new(Code::InvalidParameter, reason);
        let params = params.map_err(|_| invalid("the path is not UTF-8"))?;
        let found = params.iter().find(|(key, _)| *key == name);
        let value = found.map(|(_, value)| value.to_owned()).unwrap_or_default();
        // PostgreSQL knows no text with it.
        if value.contains('\0') { Err(invalid("the path has a NUL in it")) } else { Ok(value) }
    }
}

/// The parameter `activity` of the path.
pub struct ActivityId(pub String);

impl FromRequestParts<App> for ActivityId {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        Param::read(parts, app, "activity").await.map(Self)
    }
}

/// The parameter `play` of the path.
pub struct PlayId(pub String);

impl FromRequestParts<App> for PlayId {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        Param::read(parts, app, "play").await.map(Self)
    }
}

/// The parameter `prize` of the path.
pub struct PrizeId(pub String);

impl FromRequestParts<App> for PrizeId {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Failure> {
        Param::read(parts, app, "prize").await.map(Self)
    }
}

/// Asks the database on a thread that may wait for it.
pub async fn read<T: Send + 'static>(app: &App, ask: impl Ask<T>) -> Result<T, Failure> {
    let db = Arc::clone(&app.db);
    Ok(app.reads.run(move || ask(&*db)).await??)
}

/// The same for what may write: it takes its turn among the plays of its store, and has a place in
/// their queue or is told that there is none.
pub async fn write<T: Send + 'static>(
    app: &App,
    store: &OpenStore,
    ask: impl FnOnce(&dyn Store) -> T + Send + 'static,
) -> Result<T, Failure> {
    Ok(app.writer.aside(&store.row.store, ask).await?)
}

/// A question to the database.
pub trait Ask<T>: FnOnce(&dyn Store) -> Result<T, StoreError> + Send + 'static {}

impl<T, F: FnOnce(&dyn Store) -> Result<T, StoreError> + Send + 'static> Ask<T> for F {}

/// JSON for one shopper, kept by no cache.
pub fn private<T: serde::Serialize>(value: &T) -> Result<Response, Failure> {
    let body = serde_json::to_string(value).map_err(|error| Failure::internal(&error))?;
    Ok(private_text(body))
}

/// The same, of text that is JSON already.
pub fn private_text(body: String) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "private, no-store")];
    (headers, body).into_response()
}

async fn openapi_document() -> Response {
    let headers =
        [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "public, max-age=60")];
    (headers, openapi::text()).into_response()
}

/// What a problem's `type` leads to.
async fn problem(extract::Path(code): extract::Path<String>) -> Result<String, Failure> {
    let entry = ENTRIES.iter().find(|entry| entry.code.name() == code);
    let entry = entry.ok_or_else(|| Failure::plain(Code::RouteUnknown))?;
    Ok(format!("{code} ({})\n\n{}\n{}\n", entry.code.status(), entry.title, entry.cure))
}

async fn method_unknown() -> Failure {
    Failure::plain(Code::MethodNotAllowed)
}

async fn unknown() -> Failure {
    Failure::plain(Code::RouteUnknown)
}

#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over")]
fn panicked(reason: Box<dyn Any + Send>) -> Response {
    let text = reason.downcast_ref::<&str>().copied();
    let text = text.or_else(|| reason.downcast_ref::<String>().map(String::as_str));
    Failure::internal(&format!("a handler panicked: {}", text.unwrap_or("?"))).into_response()
}

/// Turns away an address that asks too often, before anything is read.
async fn limit(State(app): State<App>, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    if let (Some(most), Some(ConnectInfo(peer))) = (&app.addresses, peer)
        && !well_known(request.uri().path())
        && let Some(address) = app.proxies.address(peer.ip(), request.headers())
        && !most.take(address)
    {
        metrics::turned_away(Limit::address);
        let reason = "this address sent too many requests";
        return Failure::new(Code::TooManyRequests, reason).into_response();
    }
    next.run(request).await
}

/// What a load balancer asks is counted for nobody.
fn well_known(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz")
}

/// An answer of the API is data: it is shown in no frame, runs nothing and is never sniffed. A page
/// brings a policy of its own.
async fn guard(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let policy = "default-src 'none'; frame-ancestors 'none'";
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(policy));
    for (name, value) in
        [(header::REFERRER_POLICY, "no-referrer"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")]
    {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_answered_without_its_reason() {
        let answer = panicked(Box::new("the secret of the wheel"));
        assert_eq!(answer.status(), 500);
        assert_eq!(answer.extensions().get::<Code>(), Some(&Code::Internal));
    }
}
