use crate::problems::Failure;
use axum::{
    Router,
    extract::Request,
    http::{HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use funfair_host_api::Code;
use std::path::Path;
use tower_http::services::ServeDir;

/// The widgets' files: a version's never change, `latest` is whichever this release is.
pub fn routes(dist: &Path) -> Router {
    let latest =
        ServeDir::new(dist.join(env!("CARGO_PKG_VERSION"))).append_index_html_on_directories(false);
    let versions = ServeDir::new(dist).append_index_html_on_directories(false);
    Router::new()
        .nest_service("/funfair/latest", latest)
        .nest_service("/funfair", versions)
        .layer(middleware::from_fn(headers))
}

/// Any page may load a widget; which store it may play in is decided by tokens and origins.
async fn headers(request: Request, next: Next) -> Response {
    let latest = request.uri().path().starts_with("/funfair/latest/");
    let mut response = next.run(request).await;
    match response.status() {
        StatusCode::NOT_FOUND => return Failure::plain(Code::RouteUnknown).into_response(),
        StatusCode::METHOD_NOT_ALLOWED => {
            return Failure::plain(Code::MethodNotAllowed).into_response();
        }
        _ => {}
    }
    let cache = if latest { "no-cache" } else { "public, max-age=31536000, immutable" };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CACHE_CONTROL, cache),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "cross-origin"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // The wasm travels as text inside the script: a page of another charset must not misread it.
    if headers.get(header::CONTENT_TYPE).is_some_and(|media| media == "text/javascript") {
        let media = HeaderValue::from_static("text/javascript; charset=utf-8");
        headers.insert(header::CONTENT_TYPE, media);
    }
    response
}
