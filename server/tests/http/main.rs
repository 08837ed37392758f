//! The host API, asked in process: no port, no process, the real router on a real database.

mod activities;
mod erasure;
mod facts;
mod limits;
mod metrics;
mod nul;
#[cfg(feature = "otel")]
mod otel;
mod overload;
#[path = "../place/mod.rs"]
mod place;
mod plays;
mod read_only;
mod tickets;
mod tokens;

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, Method, Request, StatusCode},
};
use funfair_server::{Admin, Alg, App, Config, NewKey, NewStore, open};
use place::{Place, aside};
use serde_json::{Value, json};
use std::fs;
use tower::ServiceExt;

/// A server with the store `acme` and the activity `wheel`, where a thousand free spins a day each
/// give points.
pub struct Fair {
    pub app: App,
    pub place: Place,
}

/// One answer.
pub struct Said {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

pub const WHEEL: &str = include_str!("wheel.toml");

impl Fair {
    pub fn open() -> Self {
        Self::configured(Config::default())
    }

    pub fn configured(config: Config) -> Self {
        let place = Place::new();
        let config = Config { database: place.location(), ..config };
        let app = aside(|| open(&config)).unwrap();
        let store = NewStore {
            id: "acme",
            programme: None,
            zone: "Asia/Shanghai",
            cutover_hour: 0,
            development: true,
        };
        assert!(aside(|| app.admin().ensure_store(&store)).unwrap());
        let fair = Self { app, place };
        fair.apply("wheel", WHEEL);
        fair.ask_admin(|admin| admin.set_state("acme", "wheel", live())).unwrap();
        fair
    }

    pub fn apply(&self, activity: &str, text: &str) {
        let files = self.place.path().join("activities");
        fs::create_dir_all(&files).unwrap();
        fs::write(files.join(format!("{activity}.toml")), text).unwrap();
        self.ask_admin(|admin| admin.apply_folder("acme", &files, false)).unwrap();
    }

    /// Does what an operator does.
    pub fn ask_admin<T: Send>(&self, ask: impl FnOnce(Admin<'_>) -> T + Send) -> T {
        aside(|| ask(self.app.admin()))
    }

    pub fn token(&self, sub: &str) -> String {
        self.ask_admin(|admin| admin.token("acme", sub, false)).unwrap()
    }

    /// Adds a key whose tokens the test signs itself.
    pub fn secret(&self, kid: &str) -> Vec<u8> {
        let new = NewKey { alg: Alg::Hs256, kid: Some(kid), issuer: None };
        self.ask_admin(|admin| admin.generate_key("acme", &new)).unwrap().1.signing
    }

    pub async fn ask(&self, request: Request<Body>) -> Said {
        let answer = self.app.standalone().oneshot(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let body = to_bytes(body, 1 << 20).await.unwrap().to_vec();
        Said { status: parts.status, headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Said {
        let mut request = Request::builder().uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.ask(request.body(Body::empty()).unwrap()).await
    }

    pub async fn get_as(&self, token: &str, path: &str) -> Said {
        self.get(path, &[("authorization", &format!("Bearer {token}"))]).await
    }

    pub async fn me(&self, token: &str) -> Value {
        self.get_as(token, "/v1/stores/acme/activities/wheel/me").await.json()
    }

    /// A play's body, its commitment fresh from `me`.
    pub async fn body(&self, token: &str) -> Value {
        let activity = self.get("/v1/stores/acme/activities/wheel", &[]).await.json();
        json!({
            "action": { "type": "spin", "pay": "free" },
            "client_seed": "a-client-seed",
            "commitment": self.me(token).await["commitment"],
            "revision": activity["revision"],
        })
    }

    pub async fn play(&self, token: &str, key: &str, body: &Value) -> Said {
        self.ask(play_request(token, key, body)).await
    }

    pub async fn plays(&self, token: &str, key: &str) -> Value {
        let said = self.play(token, key, &self.body(token).await).await;
        assert_eq!(said.status, StatusCode::OK, "{}", said.text());
        said.json()
    }
}

impl Said {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub fn is_problem(&self, code: &str) {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["code"], code, "{problem}");
        assert_eq!(problem["type"], format!("/problems/{code}"));
        assert_eq!(problem["status"], self.status.as_u16());
    }
}

pub fn live() -> funfair_host_api::ActivityState {
    funfair_host_api::ActivityState::Live
}

pub fn play_request(token: &str, key: &str, body: &Value) -> Request<Body> {
    Request::builder()
        .method(Method::POST)
        .uri("/v1/stores/acme/activities/wheel/plays")
        .header("authorization", format!("Bearer {token}"))
        .header("idempotency-key", key)
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap()
}
