use anyhow::{Context, Result, bail, ensure};
use funfair_demo_store::STORE;
use reqwest::{Client, Method, Response, StatusCode, header, redirect};
use serde_json::{Value, json};

/// A demo store, as it is seen over HTTP.
pub struct Shop {
    http: Client,
    url: String,
}

/// Somebody who signed in there.
pub struct Shopper<'a> {
    shop: &'a Shop,
    pub name: String,
    token: String,
    cookie: String,
}

/// What was asked and what came of it.
pub struct Played {
    /// The idempotency key that was sent.
    pub key: String,
    /// The exact body that was sent.
    pub body: Value,
    /// The answer, or the problem.
    pub answer: Result<Value, Value>,
}

impl Shop {
    pub fn new(url: &str) -> Result<Self> {
        let http = Client::builder().redirect(redirect::Policy::none()).no_proxy().build()?;
        Ok(Self { http, url: url.into() })
    }

    /// Signs a new shopper in, as the page's form does, and fetches their token.
    pub async fn sign_in(&self, number: usize) -> Result<Shopper<'_>> {
        let name = format!("check-{}-{number}", random(4)?);
        let nobody = self.http.post(format!("{}/shop/token", self.url)).send().await;
        let nobody = nobody.with_context(|| format!("nothing answers at {}", self.url))?;
        ensure!(nobody.status() == StatusCode::UNAUTHORIZED, "nobody got a token");

        let form = format!("name={name}&lang=en");
        let request = self.http.post(format!("{}/shop/sign-in", self.url)).body(form);
        let kind = "application/x-www-form-urlencoded";
        let answer = request.header(header::CONTENT_TYPE, kind).send().await?;
        ensure!(answer.status() == StatusCode::SEE_OTHER, "sign-in answered {}", answer.status());
        let cookie = answer.headers().get(header::SET_COOKIE).context("sign-in set no cookie")?;
        let cookie = cookie.to_str()?;
        for word in ["HttpOnly", "SameSite=Lax"] {
            ensure!(cookie.contains(word), "the shop's cookie lacks {word}: {cookie}");
        }
        let cookie = cookie.split(';').next().unwrap_or_default();
        let request = self.http.post(format!("{}/shop/token", self.url));
        let token: Value = request.header(header::COOKIE, cookie).send().await?.json().await?;
        let token = token["token"].as_str().context("no token for a signed-in shopper")?.into();
        Ok(Shopper { shop: self, name, token, cookie: cookie.into() })
    }
}

impl Shopper<'_> {
    /// The public side of an activity; a second look costs no body.
    pub async fn activity(&self, activity: &str) -> Result<Value> {
        let path = format!("/activities/{activity}");
        let first = self.request(Method::GET, &path, None).send().await?;
        let etag = first.headers().get(header::ETAG).cloned().context("an activity has no ETag")?;
        let again = self.request(Method::GET, &path, None).header(header::IF_NONE_MATCH, etag);
        let again = again.send().await?.status();
        ensure!(again == StatusCode::NOT_MODIFIED, "{activity} was sent twice: {again}");
        answered(first).await?.map_err(|problem| unexpected(&problem))
    }

    /// What this shopper may do there.
    pub async fn me(&self, activity: &str) -> Result<Value> {
        self.get(&format!("/activities/{activity}/me")).await
    }

    /// An answer that has to be a yes.
    pub async fn get(&self, path: &str) -> Result<Value> {
        let answer = self.request(Method::GET, path, Some(&self.token)).send().await?;
        answered(answer).await?.map_err(|problem| unexpected(&problem))
    }

    /// Buys one thing at the shop, or returns an order there; what that brought.
    pub async fn order(&self, path: &str, form: &str) -> Result<Value> {
        let request = self.shop.http.post(format!("{}{path}", self.shop.url));
        let kind = "application/x-www-form-urlencoded";
        let request = request.header(header::CONTENT_TYPE, kind).body(form.to_owned());
        let answer = request.header(header::COOKIE, &self.cookie).send().await?;
        ensure!(answer.status() == StatusCode::OK, "{path} answered {}", answer.status());
        Ok(answer.json().await?)
    }

    /// Sends something that is not a play, and takes the answer or the problem.
    pub async fn send(&self, path: &str, body: &Value) -> Result<Result<Value, Value>> {
        let request = self.request(Method::POST, path, Some(&self.token));
        answered(request.json(body).send().await?).await
    }

    /// Plays `action` as a widget does: with a fresh key and seed, on what was shown.
    pub async fn play(&self, activity: &str, action: Value) -> Result<Played> {
        let shown = self.me(activity).await?;
        let public = self.activity(activity).await?;
        let body = json!({
            "action": action,
            "client_seed": random(16)?,
            "commitment": shown["commitment"],
            "revision": public["revision"],
        });
        let played = self.post(activity, &random(16)?, body, Some(&self.token)).await?;
        if let Ok(answer) = &played.answer {
            let proof = &answer["receipt"]["proof"];
            for name in ["client_seed", "commitment", "revision"] {
                ensure!(proof[name] == played.body[name], "the proof has another {name}: {proof}");
            }
            ensure!(answer["receipt"]["status"] == "settled", "a receipt is not settled: {answer}");
        }
        Ok(played)
    }

    /// Sends one play exactly so.
    pub async fn post(
        &self,
        activity: &str,
        key: &str,
        body: Value,
        token: Option<&str>,
    ) -> Result<Played> {
        let path = format!("/activities/{activity}/plays");
        let request = self.request(Method::POST, &path, token).header("Idempotency-Key", key);
        let answer = answered(request.json(&body).send().await?).await?;
        Ok(Played { key: key.into(), body, answer })
    }

    /// This shopper's token.
    pub fn token(&self) -> &str {
        &self.token
    }

    fn request(&self, method: Method, path: &str, token: Option<&str>) -> reqwest::RequestBuilder {
        let url = format!("{}/v1/stores/{STORE}{path}", self.shop.url);
        let request = self.shop.http.request(method, url);
        match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }
}

/// 8 to 64 characters that the host API takes as a key or a seed.
pub fn random(bytes: usize) -> Result<String> {
    let mut out = vec![0; bytes];
    getrandom::fill(&mut out)?;
    Ok(hex::encode(out))
}

async fn answered(answer: Response) -> Result<Result<Value, Value>> {
    let status = answer.status();
    let kind = answer.headers().get(header::CONTENT_TYPE).cloned();
    let text = answer.text().await?;
    let body: Value = serde_json::from_str(&text)
        .with_context(|| format!("{status} with a body that is not JSON: {text:?}"))?;
    if status.is_success() {
        return Ok(Ok(body));
    }
    let problem = kind.is_some_and(|kind| kind == "application/problem+json");
    if !problem || body["status"] != status.as_u16() || !body["code"].is_string() {
        bail!("{status} is not a problem as RFC 9457 has it: {text}");
    }
    Ok(Err(body))
}

fn unexpected(problem: &Value) -> anyhow::Error {
    anyhow::anyhow!("an unexpected no: {problem}")
}
