use crate::problems::Failure;
use axum::{
    Router,
    extract::Request,
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use funfair_host_api::Code;
use std::path::Path;
use tower_http::services::ServeDir;

/// Where the playground lies in `dist`, and the path at which it is served.
const PLAYGROUND: &str = "playground";

/// The widgets' files: a version's never change, `latest` leads to whichever this release is. They
/// come from the folder `dist`, else from the binary where it was built with them.
pub fn routes(dist: Option<&Path>, playground: bool) -> Router {
    let Some(dist) = dist else { return inside::routes(playground) };
    let folder = |path: &Path| ServeDir::new(path).append_index_html_on_directories(false);
    let widgets = Router::new().nest_service("/funfair", folder(dist));
    let site = ServeDir::new(dist.join(PLAYGROUND));
    layered(widgets, Router::new().nest_service("/playground", site), playground)
}

fn layered(widgets: Router, site: Router, playground: bool) -> Router {
    let widgets = widgets.layer(middleware::from_fn(headers));
    if playground { widgets.merge(site.layer(middleware::from_fn(plain))) } else { widgets }
}

/// Any page may load a widget; which store it may play in is decided by tokens and origins.
async fn headers(request: Request, next: Next) -> Response {
    let path = request.uri().path();
    // A version's folder is named by its number.
    let pinned =
        path.trim_start_matches("/funfair/").starts_with(|first: char| first.is_ascii_digit());
    let media = media(path);
    let mut response = or_problem(next.run(request).await);
    if !response.status().is_success() && response.status() != StatusCode::NOT_MODIFIED {
        return response;
    }
    let cache = if pinned { "public, max-age=31536000, immutable" } else { "public, max-age=300" };
    put(&mut response, header::CACHE_CONTROL, cache);
    put(&mut response, header::ACCESS_CONTROL_ALLOW_ORIGIN, "*");
    let policy = HeaderName::from_static("cross-origin-resource-policy");
    put(&mut response, policy, "cross-origin");
    put(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if let Some(media) = media {
        put(&mut response, header::CONTENT_TYPE, media);
    }
    response
}

/// What a file is, where its ending is commonly taken for something else, or for text of the page's
/// own encoding.
fn media(path: &str) -> Option<&'static str> {
    Some(match path.rsplit('.').next()? {
        "js" => "text/javascript; charset=utf-8",
        "json" | "map" => "application/json",
        "ts" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        _ => return None,
    })
}

/// The playground's own pages: looked at again after each release.
async fn plain(request: Request, next: Next) -> Response {
    let mut response = or_problem(next.run(request).await);
    put(&mut response, header::CACHE_CONTROL, "no-cache");
    put(&mut response, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    response
}

fn put(response: &mut Response, name: HeaderName, value: &'static str) {
    response.headers_mut().insert(name, HeaderValue::from_static(value));
}

fn or_problem(response: Response) -> Response {
    match response.status() {
        StatusCode::NOT_FOUND => Failure::plain(Code::RouteUnknown).into_response(),
        StatusCode::METHOD_NOT_ALLOWED => Failure::plain(Code::MethodNotAllowed).into_response(),
        _ => response,
    }
}

#[cfg(not(feature = "embedded"))]
mod inside {
    use axum::Router;

    /// None: this binary was built without files.
    pub fn routes(_playground: bool) -> Router {
        Router::new()
    }
}

/// The files of `dist` as they were when the binary was built.
#[cfg(feature = "embedded")]
mod inside {
    use super::{PLAYGROUND, layered};
    use axum::{
        Router,
        extract::{Path, Request},
        http::{Method, StatusCode, header},
        response::{IntoResponse, Redirect, Response},
        routing::{MethodRouter, any, get},
    };
    use rust_embed::RustEmbed;

    // A checkout that was never built has no such folder; `cargo xtask build --release` writes it
    // first.
    #[derive(RustEmbed)]
    #[folder = "../dist"]
    #[allow_missing = true]
    struct Dist;

    pub fn routes(playground: bool) -> Router {
        let index = async |request: Request| file(&format!("{PLAYGROUND}/index.html"), &request);
        let widgets = Router::new().route("/funfair/{*path}", below(String::new()));
        let pages = Router::new()
            .route("/playground", get(async || Redirect::permanent("/playground/")))
            .route("/playground/", any(index))
            .route("/playground/{*path}", below(format!("{PLAYGROUND}/")));
        layered(widgets, pages, playground)
    }

    fn below(folder: String) -> MethodRouter {
        any(async move |Path(path): Path<String>, request: Request| {
            file(&format!("{folder}{path}"), &request)
        })
    }

    fn file(path: &str, request: &Request) -> Response {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return StatusCode::METHOD_NOT_ALLOWED.into_response();
        }
        let Some(file) = Dist::get(path) else { return StatusCode::NOT_FOUND.into_response() };
        let etag = format!("\"{}\"", hex::encode(&file.metadata.sha256_hash()[..16]));
        let known = request.headers().get_all(header::IF_NONE_MATCH).iter();
        let tag = [(header::ETAG, etag.clone())];
        if known.filter_map(|known| known.to_str().ok()).any(|known| known.contains(&etag)) {
            return (StatusCode::NOT_MODIFIED, tag).into_response();
        }
        let media = mime_guess::from_path(path).first_or_octet_stream().to_string();
        (tag, [(header::CONTENT_TYPE, media)], file.data).into_response()
    }
}
