//! A whole server in the process: its real router on a real database.

use axum::{
    body::{Body, to_bytes},
    http::{HeaderValue, Request, StatusCode},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use funfair_host_api::ActivityState;
use funfair_server::{
    Alg, App, Config, NewKey, NewStore, database::Location, now_ms, open, sqlite::Durability,
};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::sync::{
    LazyLock,
    atomic::{AtomicU64, Ordering},
};
use tempfile::TempDir;
use tower::ServiceExt;

const ACTIVITIES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/demo-store/activities");

/// The longest that a token may last.
const LONGEST_S: u64 = 300;

/// The store `fuzz`.
pub struct Shop {
    app: App,
    runtime: tokio::runtime::Runtime,
    /// What its tokens are signed with.
    signing: Vec<u8>,
    secret: String,
    revision: String,
    _folder: TempDir,
}

/// One answer, and the key that its request had.
pub struct Answer {
    pub status: StatusCode,
    pub key: String,
    media: String,
    body: Vec<u8>,
}

/// A token that the store signed.
pub struct Signed {
    pub token: String,
    claims: Value,
    now_s: u64,
}

impl Shop {
    /// The one of this process.
    pub fn get() -> &'static Self {
        static SHOP: LazyLock<Shop> = LazyLock::new(Shop::open);
        &SHOP
    }

    fn open() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let config = Config {
            database: Location::Sqlite(folder.path().join("funfair.db")),
            // Nothing here outlives the process.
            durability: Durability::Normal,
            member_rate: 1_000_000,
            member_burst: 1_000_000,
            address_rate: 1_000_000,
            address_burst: 1_000_000,
            settle_every_s: 0,
            ..Config::default()
        };
        let app = open(&config).expect("a database");
        let admin = app.admin();
        let store = NewStore {
            id: "fuzz",
            programme: None,
            zone: "Asia/Shanghai",
            cutover_hour: 0,
            development: true,
        };
        admin.ensure_store(&store).expect("a store");
        let key = NewKey { alg: Alg::Hs256, kid: Some("fuzz"), issuer: None };
        let signing = admin.generate_key("fuzz", &key).expect("a key").1.signing;
        let (_, secret) = admin.add_secret("fuzz").expect("a secret key");
        for one in admin.apply_folder("fuzz", ACTIVITIES.as_ref(), false).expect("activities") {
            admin.set_state("fuzz", &one.activity, ActivityState::Live).expect("live");
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let shop = Self { app, runtime, signing, secret, revision: String::new(), _folder: folder };
        let public = shop.ask(Request::get("/v1/stores/fuzz/activities/signin"), Body::empty());
        let revision = public.json()["revision"].as_str().expect("a revision").to_owned();
        Self { revision, ..shop }
    }

    /// A token with these claims, `$NOW` replaced by the present second.
    pub fn sign(&self, claims: &str) -> Signed {
        let now_s = now_ms() / 1000;
        let claims = claims.replace("$NOW+60", &(now_s + 60).to_string());
        let claims = claims.replace("$NOW", &now_s.to_string());
        let header = r#"{"typ":"funfair+jwt","alg":"HS256","kid":"fuzz"}"#;
        let part = |text: &str| BASE64_URL_SAFE_NO_PAD.encode(text);
        let message = format!("{}.{}", part(header), part(&claims));
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.signing).expect("any length");
        mac.update(message.as_bytes());
        let signature = BASE64_URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
        Signed {
            token: format!("{message}.{signature}"),
            claims: serde_json::from_str(&claims).unwrap_or_default(),
            now_s,
        }
    }

    /// The token of a shopper whom nobody was before.
    pub fn visitor(&self) -> String {
        self.shopper(&Self::fresh_key())
    }

    /// A key that no play had yet.
    pub fn fresh_key() -> String {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        format!("fuzz-{:016}", NEXT.fetch_add(1, Ordering::Relaxed))
    }

    fn shopper(&self, sub: &str) -> String {
        let claims = json!({ "iss": "fuzz", "aud": "funfair:fuzz", "sub": sub, "jti": sub });
        let claims = claims.to_string().replacen('{', r#"{"iat":$NOW,"exp":$NOW+60,"#, 1);
        self.sign(&claims).token
    }

    /// Asks as whoever holds a token; nothing where no header can carry it.
    pub fn get_as(&self, bearer: &str, path: &str) -> Option<Answer> {
        let value = HeaderValue::from_str(&format!("Bearer {bearer}")).ok()?;
        Some(self.ask(Request::get(path).header("authorization", value), Body::empty()))
    }

    /// Sends a body below the store, as a shopper or as the merchant's server.
    pub fn post(&self, path: &str, key: &str, body: &[u8]) -> Answer {
        let merchant = matches!(path, "facts" | "adjustments");
        let bearer = if merchant { self.secret.clone() } else { self.shopper("ann") };
        let request = Request::post(format!("/v1/stores/fuzz/{path}"))
            .header("authorization", format!("Bearer {bearer}"))
            .header("content-type", "application/json")
            .header("idempotency-key", key);
        Answer { key: key.into(), ..self.ask(request, Body::from(body.to_vec())) }
    }

    /// Signs in for the day, as a visitor who never did.
    pub fn play(&self, visitor: &str, key: &str, seed: &str) -> Answer {
        let me = self.get_as(visitor, "/v1/stores/fuzz/activities/signin/me").expect("a token");
        let body = json!({
            "action": { "type": "sign_in" }, "client_seed": seed,
            "commitment": me.json()["commitment"], "revision": self.revision,
        });
        let request = Request::post("/v1/stores/fuzz/activities/signin/plays")
            .header("authorization", format!("Bearer {visitor}"))
            .header("content-type", "application/json")
            .header("idempotency-key", key);
        self.ask(request, Body::from(body.to_string()))
    }

    fn ask(&self, request: axum::http::request::Builder, body: Body) -> Answer {
        let request = request.body(body).expect("a request");
        self.runtime.block_on(async {
            let answer = self.app.standalone().oneshot(request).await.expect("an answer");
            let media = answer.headers().get("content-type");
            let media = media.and_then(|media| media.to_str().ok()).unwrap_or_default().to_owned();
            let status = answer.status();
            let body = to_bytes(answer.into_body(), 1 << 20).await.expect("a body").to_vec();
            Answer { status, key: String::new(), media, body }
        })
    }
}

impl Answer {
    /// Yes, or a problem of the closed list that is not the server's own fault.
    #[track_caller]
    pub fn is_sound(&self) {
        assert!(!self.status.is_server_error(), "{}: {}", self.status, self.text());
        if !self.status.is_success() {
            assert_eq!(self.media, "application/problem+json", "{}", self.text());
            let problem = self.json();
            assert!(problem["code"].is_string() && problem["detail"].is_string(), "{problem}");
        }
    }

    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("{}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Signed {
    /// Whether its claims are ones that the server may take.
    pub fn is_good(&self) -> bool {
        let second = |name: &str| self.claims[name].as_u64();
        let lasts = second("iat").zip(second("exp")).is_some_and(|(from, to)| {
            to >= self.now_s.saturating_sub(120) && to.saturating_sub(from) <= LONGEST_S
        });
        let ours = self.claims["iss"] == "fuzz" && self.claims["aud"] == "funfair:fuzz";
        let named = self.claims["sub"].as_str().is_some_and(|sub| !sub.is_empty());
        ours && named && lasts
    }
}
