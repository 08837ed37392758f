use super::Param;
use crate::App;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Lets the pages of the store's own origins read answers, and no others. The page's own origin
/// needs none of this; cookies are never asked for, so credentials are never allowed.
pub async fn allow(State(app): State<App>, request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let Some(origin) = origin else { return vary(next.run(request).await) };
    let (mut parts, body) = request.into_parts();
    let listed =
        match Param::read(&mut parts, &app, "store").await {
            Ok(store) => app.stores.get(&store).await.is_ok_and(|store| {
                origin.to_str().is_ok_and(|origin| store.origins.contains(origin))
            }),
            Err(_) => false,
        };
    let asks_first = parts.method == Method::OPTIONS
        && parts.headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response = if asks_first {
        let mut response = StatusCode::NO_CONTENT.into_response();
        if listed {
            terms(response.headers_mut());
        }
        response
    } else {
        next.run(Request::from_parts(parts, body)).await
    };
    if listed {
        let headers = response.headers_mut();
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        put(headers, header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
    }
    vary(response)
}

/// What a listed origin's page may read beside the body.
const EXPOSED: &str = "etag, idempotency-replayed, retry-after, x-request-id";

/// What a listed origin's page may send.
fn terms(headers: &mut HeaderMap) {
    put(headers, header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
    put(
        headers,
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        "authorization, content-type, funfair-channel, idempotency-key, if-none-match",
    );
    // As long as browsers keep it at most.
    put(headers, header::ACCESS_CONTROL_MAX_AGE, "7200");
}

/// A cache must not answer one origin with what another was told.
fn vary(mut response: Response) -> Response {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Origin"));
    response
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
