//! A store as a merchant has one, with all activities embedded as any merchant would.
//!
//! **The shop is not the server**: it sees who is signed in, mints tokens with its own private key
//! and serves its own pages; who plays and what is won is decided behind the host API alone.
//! **The demonstration's only liberty is the sign-in**: a name without a password.
//! **No state**: who is signed in stands in a signed cookie, and so survives a restart.

mod orders;
mod pages;
mod session;
mod token;

use axum::{
    Form, Json, Router,
    extract::{Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::json;
use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

pub use orders::Teller;
pub use pages::{ACTIVITIES, routes as pages, script_tags};
pub use token::{Claims, StoreSecret};

/// The store's id at the server, and the issuer of its tokens.
pub const STORE: &str = "acme";

/// The shop's own endpoints: who is here, in, out, the token for the widgets, and orders.
pub fn shop(secret: StoreSecret, teller: Teller) -> Router {
    let secret = Arc::new(secret);
    let till = orders::Till { secret: Arc::clone(&secret), teller };
    let orders = Router::new()
        .route("/shop/orders", post(orders::buy))
        .route("/shop/orders/return", post(orders::give_back))
        .with_state(Arc::new(till));
    Router::new()
        .route("/shop/me", get(me))
        .route("/shop/sign-in", post(sign_in))
        .route("/shop/sign-out", post(sign_out))
        .route("/shop/token", get(token).post(token))
        .with_state(secret)
        .merge(orders)
        .layer(middleware::from_fn(own_pages_only))
}

#[derive(Deserialize)]
struct SignIn {
    name: String,
    lang: Option<String>,
    path: Option<String>,
}

#[derive(Deserialize)]
struct SignOut {
    lang: Option<String>,
    path: Option<String>,
}

async fn me(State(secret): State<Arc<StoreSecret>>, headers: HeaderMap) -> Response {
    Json(json!({ "name": session::who(&secret, &headers, now_s()) })).into_response()
}

async fn sign_in(State(secret): State<Arc<StoreSecret>>, Form(form): Form<SignIn>) -> Response {
    let Some(name) = session::shopper_name(&form.name) else {
        let what = "a name is 1 to 24 printable characters";
        return (StatusCode::UNPROCESSABLE_ENTITY, what).into_response();
    };
    let cookie = session::sign_in(&secret, name, now_s());
    (
        StatusCode::SEE_OTHER,
        [(header::SET_COOKIE, cookie)],
        back(form.lang.as_deref(), form.path.as_deref()),
    )
        .into_response()
}

async fn sign_out(Form(form): Form<SignOut>) -> Response {
    let cookie = session::sign_out();
    (
        StatusCode::SEE_OTHER,
        [(header::SET_COOKIE, cookie)],
        back(form.lang.as_deref(), form.path.as_deref()),
    )
        .into_response()
}

/// The token of whoever is signed in; 401 tells the widget that nobody is.
async fn token(State(secret): State<Arc<StoreSecret>>, headers: HeaderMap) -> Response {
    match session::who(&secret, &headers, now_s()) {
        Some(name) => Json(json!({ "token": secret.mint(STORE, &name, now_s()) })).into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

/// Back to the page of the shop where the form was; it leads nowhere else.
fn back(lang: Option<&str>, path: Option<&str>) -> [(header::HeaderName, String); 1] {
    let own = |path: &&str| {
        let activity = path.strip_prefix("/activities/");
        *path == "/wallet" || ACTIVITIES.iter().any(|(id, _)| activity == Some(*id))
    };
    let path = path.filter(own).unwrap_or("/");
    let query = if lang == Some("en") { "?lang=en" } else { "" };
    [(header::LOCATION, format!("{path}{query}"))]
}

/// Another site's page can neither sign a shopper in or out here nor ask for a token, and no cache
/// keeps what is one shopper's.
async fn own_pages_only(request: Request, next: Next) -> Response {
    let site = request.headers().get("sec-fetch-site");
    if site.is_some_and(|site| site != "same-origin" && site != "none") {
        return StatusCode::FORBIDDEN.into_response();
    }
    let mut answer = next.run(request).await;
    answer
        .headers_mut()
        .insert(header::CACHE_CONTROL, header::HeaderValue::from_static("no-store"));
    answer
}

fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use tower::ServiceExt;

    async fn ask(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response {
        let mut request = axum::http::Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let teller = Teller::new("http://127.0.0.1:9", "ffs_none");
        shop(StoreSecret::new([1; 32]), teller).oneshot(request).await.unwrap()
    }

    const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

    async fn text(answer: Response) -> String {
        String::from_utf8(to_bytes(answer.into_body(), 4096).await.unwrap().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_shopper_signs_in_gets_a_token_and_signs_out() {
        let answer = ask("POST", "/shop/sign-in", &[FORM], "name=%E5%B0%8F%E6%BB%A1&lang=en").await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        assert_eq!(answer.headers()[header::LOCATION], "/?lang=en");
        let cookie = answer.headers()[header::SET_COOKIE].to_str().unwrap().to_owned();
        let cookie = cookie.split(';').next().unwrap();
        let me = text(ask("GET", "/shop/me", &[("cookie", cookie)], "").await).await;
        assert_eq!(me, r#"{"name":"小满"}"#);
        let token = ask("POST", "/shop/token", &[("cookie", cookie)], "").await;
        assert_eq!(token.headers()[header::CACHE_CONTROL], "no-store");
        assert!(text(token).await.contains(r#""token":"ey"#));
        let out = ask("POST", "/shop/sign-out", &[FORM, ("cookie", cookie)], "").await;
        assert!(out.headers()[header::SET_COOKIE].to_str().unwrap().contains("Max-Age=0"));
    }

    #[tokio::test]
    async fn nobody_gets_no_token() {
        assert_eq!(ask("GET", "/shop/token", &[], "").await.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(text(ask("GET", "/shop/me", &[], "").await).await, r#"{"name":null}"#);
    }

    #[tokio::test]
    async fn a_page_of_another_site_is_turned_away() {
        for path in ["/shop/sign-in", "/shop/token"] {
            let cross = [FORM, ("sec-fetch-site", "cross-site")];
            let answer = ask("POST", path, &cross, "name=a").await;
            assert_eq!(answer.status(), StatusCode::FORBIDDEN);
        }
    }

    #[tokio::test]
    async fn sign_in_leads_to_the_shop_and_nowhere_else() {
        let body = "name=a&lang=https%3A%2F%2Felsewhere.example";
        let answer = ask("POST", "/shop/sign-in", &[FORM], body).await;
        assert_eq!(answer.headers()[header::LOCATION], "/");
        let elsewhere = ask("POST", "/shop/sign-in", &[FORM], "name=a&path=//evil.example").await;
        assert_eq!(elsewhere.headers()[header::LOCATION], "/");
        let wallet = ask("POST", "/shop/sign-in", &[FORM], "name=a&path=/wallet&lang=en").await;
        assert_eq!(wallet.headers()[header::LOCATION], "/wallet?lang=en");
        let nameless = ask("POST", "/shop/sign-in", &[FORM], "name=+").await;
        assert_eq!(nameless.status(), StatusCode::UNPROCESSABLE_ENTITY);
    }
}
