use super::Fair;
use axum::{body::Body, http::Request};
use std::collections::BTreeSet;
use tower::ServiceExt;

async fn scraped() -> String {
    let request = Request::builder().uri("/metrics").body(Body::empty()).unwrap();
    let answer = funfair_server::metrics::routes().oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

/// The sum of all series of a metric whose labels contain all of `labels`.
fn sum(text: &str, metric: &str, labels: &[&str]) -> f64 {
    let series = text.lines().filter_map(|line| line.strip_prefix(metric));
    let series = series.filter(|rest| rest.starts_with(['{', ' ']));
    let series = series.filter(|rest| labels.iter().all(|label| rest.contains(label)));
    series.map(|rest| rest.rsplit(' ').next().unwrap().parse::<f64>().unwrap()).sum()
}

#[tokio::test]
async fn every_metric_is_documented_and_every_documented_one_is_there() {
    let text = scraped().await;
    let there: BTreeSet<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .map(|line| {
            let (name, kind) = line.split_once(' ').unwrap();
            let suffix = match kind {
                "counter" => "_total",
                "info" => "_info",
                _ => "",
            };
            format!("{name}{suffix}")
        })
        .collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/OPERATIONS.md");
    let document = std::fs::read_to_string(path).unwrap();
    let rows = document.lines().filter_map(|line| line.strip_prefix("| `funfair_"));
    let documented: BTreeSet<_> =
        rows.map(|row| format!("funfair_{}", row.split('`').next().unwrap())).collect();
    assert!(there.len() > 10, "{there:?}");
    assert_eq!(there, documented);
}

#[tokio::test]
async fn what_happens_is_counted() {
    let before = scraped().await;
    let fair = Fair::open();
    let token = fair.token("ann");
    let body = fair.body(&token).await;
    for _ in 0..3 {
        fair.play(&token, "key-of-16-letters", &body).await;
    }
    fair.play("nonsense", "key-of-16-letters", &body).await.is_problem("token_malformed");
    let after = scraped().await;
    // Other tests of this process count too, so these are the least.
    let rose =
        |metric: &str, labels: &[&str]| sum(&after, metric, labels) - sum(&before, metric, labels);
    assert!(rose("funfair_plays_total", &["kind=\"spin-wheel\"", "answer=\"accepted\""]) >= 1.0);
    assert!(rose("funfair_plays_total", &["kind=\"spin-wheel\"", "answer=\"repeated\""]) >= 2.0);
    assert!(rose("funfair_tokens_total", &["answer=\"verified\""]) >= 1.0);
    assert!(rose("funfair_tokens_total", &["answer=\"remembered\""]) >= 3.0);
    assert!(rose("funfair_tokens_total", &["answer=\"refused\""]) >= 1.0);
    let plays = "route=\"/v1/stores/{store}/activities/{activity}/plays\"";
    assert!(rose("funfair_http_requests_total", &[plays, "POST", "\"200\""]) >= 3.0);
    assert!(rose("funfair_http_requests_total", &[plays, "POST", "\"401\""]) >= 1.0);
    assert!(rose("funfair_batch_plays_count", &[]) >= 1.0);
    // What is answered from what is stored needs no batch, and may have had none.
    assert!(rose("funfair_batch_plays_sum", &[]) >= 1.0);
    assert!(rose("funfair_commit_seconds_count", &[]) >= 1.0);
    assert!(rose("funfair_queue_wait_seconds_count", &[]) >= 3.0);
    assert!(sum(&after, "funfair_process_memory_bytes", &[]) > 1e6);
    for secret in ["acme", "ann", "activity=", "key-of-16"] {
        assert!(!after.contains(secret), "{secret}");
    }
}

#[tokio::test]
async fn the_public_listener_serves_no_metrics() {
    Fair::open().get("/metrics", &[]).await.is_problem("route_unknown");
}
