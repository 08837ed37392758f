//! The suite's own HTTP client: every request and every answer is held to openapi.json.

use crate::{Contract, Exchange, Headers, Key, Token, until};
use reqwest::{Client, Method};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};

/// A server's host API.
#[derive(Clone, Debug)]
pub struct Api {
    base: String,
    client: Client,
}

/// A request to be.
#[derive(Clone, Debug)]
pub struct Call {
    api: Api,
    method: Method,
    path: String,
    headers: Headers,
    body: Vec<u8>,
}

impl Api {
    /// The host API at `base`, without a path.
    pub fn new(base: &str) -> Self {
        let client = Client::builder().no_proxy().build().expect("a client");
        Self { base: base.into(), client }
    }

    /// A request to this path.
    pub fn call(&self, method: &str, path: &str) -> Call {
        let method = Method::from_bytes(method.as_bytes()).expect("a method");
        let path = path.into();
        Call { api: self.clone(), method, path, headers: Vec::new(), body: Vec::new() }
    }

    /// A request to read this path.
    pub fn get(&self, path: &str) -> Call {
        self.call("GET", path)
    }

    /// Waits until the server is well.
    pub async fn is_well(&self) {
        let well = || async {
            let answer = self.get("/healthz").try_send().await.ok()?;
            (answer.status == 200).then_some(())
        };
        until("a healthy server", well).await;
    }

    /// The public activity.
    pub async fn activity(&self, store: &str, activity: &str) -> Value {
        self.get(&path(store, activity, "")).send().await.expect(200).json()
    }
}

impl Call {
    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Adds a token.
    #[must_use]
    pub fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    /// Adds an idempotency key.
    #[must_use]
    pub fn key(self, key: &str) -> Self {
        self.header("idempotency-key", key)
    }

    /// Adds a body that is declared as JSON.
    #[must_use]
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string().into_bytes())
    }

    /// Adds a body of any kind.
    #[must_use]
    pub fn body(mut self, media: &str, body: Vec<u8>) -> Self {
        self.body = body;
        self.header("content-type", media)
    }

    /// Adds a body that is not declared as anything.
    #[must_use]
    pub fn bytes(mut self, body: Vec<u8>) -> Self {
        self.body = body;
        self
    }

    /// Sends it, again and again while the server is busy, as a widget does. Fails where there is
    /// no answer, or one that is not as the document says.
    pub async fn send(self) -> Exchange {
        let told = format!("{} {}", self.method, self.path);
        let answered = || async {
            let answer = self.clone().try_send().await;
            let answer = answer.unwrap_or_else(|error| panic!("{told}: {error:?}"));
            (answer.status != 503).then_some(answer)
        };
        until(&format!("an answer to {told}"), answered).await
    }

    /// Sends it once, to a server that may be gone.
    pub async fn try_send(self) -> Result<Exchange, reqwest::Error> {
        let url = format!("{}{}", self.api.base, self.path);
        let mut request = self.api.client.request(self.method.clone(), url).body(self.body.clone());
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        let answer_headers = answer
            .headers()
            .iter()
            .map(|(name, value)| {
                (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into())
            })
            .collect();
        let answer = answer.bytes().await?;
        let exchange = Exchange {
            method: self.method.to_string(),
            path: self.path,
            headers: self.headers,
            body: self.body,
            status,
            answer_headers,
            answer: answer.into(),
        };
        Contract::get().hold(&exchange);
        Ok(exchange)
    }
}

/// A member at one activity, who plays as a widget does.
#[derive(Clone, Debug)]
pub struct Shopper {
    /// The server.
    pub api: Api,
    /// The store's id.
    pub store: String,
    /// The activity's id.
    pub activity: String,
    /// The token that each request carries.
    pub token: String,
}

impl Shopper {
    /// The shopper `sub`, by a token that `key` signed.
    pub fn new(api: &Api, (store, activity): (&str, &str), sub: &str, key: &Key) -> Self {
        let token = Token::new(store, sub).sign(key);
        Self { api: api.clone(), store: store.into(), activity: activity.into(), token }
    }

    /// The same shopper at another activity.
    #[must_use]
    pub fn at(&self, activity: &str) -> Self {
        Self { activity: activity.into(), ..self.clone() }
    }

    /// The path of something of the activity (`/me`, `/plays`).
    pub fn path(&self, tail: &str) -> String {
        path(&self.store, &self.activity, tail)
    }

    /// Reads something of the activity.
    pub async fn get(&self, tail: &str) -> Exchange {
        self.api.get(&self.path(tail)).token(&self.token).send().await
    }

    /// What the shopper may do now.
    pub async fn me(&self) -> Value {
        self.get("/me").await.expect(200).json()
    }

    /// What the shopper holds.
    pub async fn wallet(&self) -> Value {
        let path = format!("/v1/stores/{}/wallet", self.store);
        self.api.get(&path).token(&self.token).send().await.expect(200).json()
    }

    /// The body of a play that fits how things stand.
    pub async fn request(&self, action: Value) -> Value {
        let revision = self.api.activity(&self.store, &self.activity).await["revision"].take();
        let commitment = self.me().await["commitment"].take();
        json!({
            "action": action, "client_seed": "a-seed-of-the-test",
            "commitment": commitment, "revision": revision,
        })
    }

    /// Sends a play under a key.
    pub async fn send(&self, key: &str, body: &Value) -> Exchange {
        self.call(key).json(body).send().await
    }

    /// A play without a body yet.
    pub fn call(&self, key: &str) -> Call {
        self.api.call("POST", &self.path("/plays")).token(&self.token).key(key)
    }

    /// Plays once, as things stand, under a key of its own.
    pub async fn play(&self, action: Value) -> Exchange {
        let body = self.request(action).await;
        self.send(&fresh_key(), &body).await
    }

    /// Plays once and is accepted; the reply.
    pub async fn plays(&self, action: Value) -> Value {
        self.play(action).await.expect(200).json()
    }
}

/// A free turn of the wheel.
pub fn spin() -> Value {
    json!({ "type": "spin", "pay": "free" })
}

/// Signing in today.
pub fn sign_in() -> Value {
    json!({ "type": "sign_in" })
}

/// An idempotency key that was never used.
pub fn fresh_key() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("play-of-the-suite-{:08}", NEXT.fetch_add(1, Ordering::Relaxed))
}

/// The path of something of an activity.
pub fn path(store: &str, activity: &str, tail: &str) -> String {
    format!("/v1/stores/{store}/activities/{activity}{tail}")
}
