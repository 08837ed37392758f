use super::{Fair, Said, play_request};
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, StatusCode},
};
use funfair_server::Config;
use std::net::SocketAddr;

impl Fair {
    /// The public activity, asked for over a connection from `peer`.
    async fn asked_from(&self, peer: &str, forwarded_for: &str) -> Said {
        let peer: SocketAddr = format!("{peer}:4711").parse().unwrap();
        let request = Request::builder()
            .uri("/v1/stores/acme/activities/wheel")
            .header("x-forwarded-for", forwarded_for)
            .extension(ConnectInfo(peer))
            .body(Body::empty());
        self.ask(request.unwrap()).await
    }
}

#[tokio::test]
async fn a_member_who_asks_too_often_waits_and_loses_no_play() {
    let fair = Fair::configured(Config { member_rate: 1, member_burst: 4, ..Config::default() });
    let (ann, bob) = (fair.token("ann"), fair.token("bob"));
    let body = fair.body(&ann).await;
    let first = fair.play(&ann, "key-of-16-letters", &body).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text());
    let mut said = Vec::new();
    for _ in 0..4 {
        said.push(fair.play(&ann, "key-of-16-letters", &body).await);
    }
    let last = said.pop().unwrap();
    assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
    last.is_problem("too_many_requests");
    assert_eq!(last.header("retry-after"), "1");
    // Another token of the same member is the same member; another member is another.
    fair.get_as(&fair.token("ann"), "/v1/stores/acme/wallet").await.is_problem("too_many_requests");
    assert_eq!(fair.get_as(&bob, "/v1/stores/acme/wallet").await.status, StatusCode::OK);
    // After as long as it was told, the same request has the same receipt.
    tokio::time::sleep(std::time::Duration::from_millis(1_050)).await;
    let again = fair.play(&ann, "key-of-16-letters", &body).await;
    assert_eq!(again.status, StatusCode::OK, "{}", again.text());
    assert_eq!(again.json()["receipt"], first.json()["receipt"]);
}

#[tokio::test]
async fn an_address_that_asks_too_often_waits_and_no_forged_header_helps() {
    let fair = Fair::configured(Config {
        address_rate: 1,
        address_burst: 3,
        trusted_proxies: "10.0.0.0/8".parse().unwrap(),
        ..Config::default()
    });
    for n in 0..3 {
        let said = fair.asked_from("203.0.113.7", &format!("198.51.100.{n}")).await;
        assert_eq!(said.status, StatusCode::OK);
    }
    let said = fair.asked_from("203.0.113.7", "198.51.100.9").await;
    said.is_problem("too_many_requests");
    assert_eq!(said.header("retry-after"), "1");
    assert_eq!(said.header("x-request-id").len(), 16);
    // The same address behind the proxy is the same; its neighbour is not.
    let said = fair.asked_from("10.0.0.1", "1.1.1.1, 203.0.113.7").await;
    said.is_problem("too_many_requests");
    let said = fair.asked_from("10.0.0.1", "203.0.113.7, 203.0.113.8").await;
    assert_eq!(said.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_asks_how_the_server_is_has_no_limit() {
    let fair = Fair::configured(Config { address_rate: 1, address_burst: 1, ..Config::default() });
    for path in ["/healthz", "/readyz"].repeat(5) {
        let peer: SocketAddr = "203.0.113.7:4711".parse().unwrap();
        let request = Request::builder().uri(path).extension(ConnectInfo(peer));
        let said = fair.ask(request.body(Body::empty()).unwrap()).await;
        assert_eq!(said.status, StatusCode::OK);
    }
}

#[tokio::test]
async fn a_flood_of_reads_is_told_to_come_back_and_none_hangs() {
    let fair = Fair::configured(Config { readers: 1, member_rate: 0, ..Config::default() });
    let token = fair.token("ann");
    fair.me(&token).await;
    let start = std::time::Instant::now();
    let mut flood = tokio::task::JoinSet::new();
    for _ in 0..3000 {
        let (router, token) = (fair.app.standalone(), token.clone());
        flood.spawn(async move {
            use tower::ServiceExt;
            let me = Request::builder().uri("/v1/stores/acme/activities/wheel/me");
            let me = me.header("authorization", format!("Bearer {token}"));
            let said = router.oneshot(me.body(Body::empty()).unwrap()).await.unwrap();
            (said.status().as_u16(), said.headers().contains_key("retry-after"))
        });
    }
    let said = flood.join_all().await;
    let count = |status| said.iter().filter(|said| **said == status).count();
    let (read, busy) = (count((200, false)), count((503, true)));
    assert_eq!(read + busy, 3000, "{said:?}");
    assert!(read > 0);
    // Unbounded, and on one reader, the last would wait for all others.
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
    // When it is over, everyone is answered again.
    let body = fair.body(&token).await;
    let said = fair.ask(play_request(&token, "key-of-16-letters", &body)).await;
    assert_eq!(said.status, StatusCode::OK);
}
