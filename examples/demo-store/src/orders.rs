use crate::{StoreSecret, session};
use axum::{
    Form,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};

const PRODUCTS: &str = include_str!("../pages/products.json");

/// Something that the store sells.
#[derive(Deserialize)]
pub struct Product {
    pub picture: String,
    pub sku: String,
    pub shelf: String,
    pub price_cents: u64,
    pub name: BTreeMap<String, String>,
    pub tag: BTreeMap<String, String>,
    pub sold: BTreeMap<String, String>,
}

/// Everything that the store sells.
pub fn products() -> Vec<Product> {
    serde_json::from_str(PRODUCTS).expect("the products are a list")
}

/// Where the shop's backend tells what its shoppers did: the server-to-server side of the host API,
/// with the store's secret key, which no browser ever sees.
#[derive(Clone)]
pub struct Teller {
    http: reqwest::Client,
    facts: String,
    secret: String,
}

impl Teller {
    /// Tells it to the server at `base`.
    pub fn new(base: &str, secret: &str) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        let facts = format!("{base}/v1/stores/{}/facts", crate::STORE);
        Self { http, facts, secret: secret.into() }
    }

    /// Reports facts, and answers what they brought.
    async fn tell(&self, facts: Vec<Value>) -> Result<Value, reqwest::Error> {
        let request = self.http.post(&self.facts).bearer_auth(&self.secret);
        request.json(&json!({ "facts": facts })).send().await?.error_for_status()?.json().await
    }
}

/// What the routes of orders need.
pub struct Till {
    pub secret: Arc<StoreSecret>,
    pub teller: Teller,
}

#[derive(Deserialize)]
pub struct Buy {
    sku: String,
}

#[derive(Deserialize)]
pub struct GiveBack {
    order: String,
}

/// Buys one thing: paid at once, and received at once too, or nobody could try the rest.
pub async fn buy(
    State(till): State<Arc<Till>>,
    headers: HeaderMap,
    Form(form): Form<Buy>,
) -> Response {
    let Some(name) = session::who(&till.secret, &headers, crate::now_s()) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let Some(at) = products().iter().position(|product| product.sku == form.sku) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let Ok(order) = till.number(at) else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let paid = till.fact(&order, &name, "order.paid", at);
    let received = till.fact(&order, &name, "order.received", at);
    till.answer(vec![paid, received], &order).await
}

/// Returns an order; the points that it had brought are taken back.
pub async fn give_back(
    State(till): State<Arc<Till>>,
    headers: HeaderMap,
    Form(form): Form<GiveBack>,
) -> Response {
    let Some(name) = session::who(&till.secret, &headers, crate::now_s()) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let Some(at) = till.bought(&form.order) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let refunded = till.fact(&form.order, &name, "order.refunded", at);
    till.answer(vec![refunded], &form.order).await
}

impl Till {
    /// The number of a new order of product `at`. The shop keeps no state: its own mark says that
    /// the number is one of its.
    fn number(&self, at: usize) -> Result<String, getrandom::Error> {
        let mut bytes = [0; 6];
        getrandom::fill(&mut bytes)?;
        let body = format!("{at}-{}", hex::encode(bytes));
        Ok(format!("{body}-{}", self.mark(&body)))
    }

    /// What was bought with an order.
    fn bought(&self, order: &str) -> Option<usize> {
        let (body, mark) = order.rsplit_once('-')?;
        let at: usize = body.split_once('-')?.0.parse().ok()?;
        (self.mark(body) == mark && at < products().len()).then_some(at)
    }

    fn mark(&self, body: &str) -> String {
        let mark = URL_SAFE_NO_PAD.encode(self.secret.mac("order", body));
        mark.chars().filter(char::is_ascii_alphanumeric).take(12).collect()
    }

    fn fact(&self, order: &str, name: &str, fact: &str, at: usize) -> Value {
        let products = products();
        json!({
            "id": format!("{fact}:{order}"),
            "fact": fact,
            "sub": self.secret.shopper(name),
            "at_ms": crate::now_s() * 1000,
            "order": order,
            "amount_cents": products.get(at).map(|product| product.price_cents),
        })
    }

    async fn answer(&self, facts: Vec<Value>, order: &str) -> Response {
        let recorded = match self.teller.tell(facts).await {
            Ok(recorded) => recorded,
            Err(error) => {
                tracing::warn!(%error, "the facts of an order were not taken");
                return StatusCode::BAD_GATEWAY.into_response();
            }
        };
        let mut lines = recorded["facts"].as_array().cloned().unwrap_or_default();
        // What was told before is answered as it was then, and brings nothing again.
        lines.retain(|line| line["repeated"] == false);
        let points: i64 = lines.iter().filter_map(|line| line["points"].as_i64()).sum();
        let chances: u64 = lines.iter().filter_map(|line| line["chances"].as_u64()).sum();
        let told = json!({ "order": order, "points": points, "chances": chances });
        axum::Json(told).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn till() -> Till {
        let teller = Teller::new("http://127.0.0.1:9", "ffs_none");
        Till { secret: Arc::new(StoreSecret::new([1; 32])), teller }
    }

    #[test]
    fn an_order_is_known_by_its_mark_alone() {
        let order = till().number(3).unwrap();
        assert_eq!(till().bought(&order), Some(3));
        assert_eq!(till().bought(&order.replacen('3', "4", 1)), None);
        assert_eq!(till().bought("3-0-"), None);
        assert!(order.len() <= 48, "{order}");
    }

    #[tokio::test]
    async fn nobody_buys_without_a_name() {
        let form = Form(Buy { sku: "MUG-350".into() });
        let answer = buy(State(Arc::new(till())), HeaderMap::new(), form).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    }
}
