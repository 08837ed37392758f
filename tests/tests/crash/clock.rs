//! The clock of the server's machine is set back, and forward, while it runs.

use crate::{
    adverse::Adverse,
    crowd::{Member, Reply, Sent, client, name},
    shop::{STORE, Shop, Wheel},
};
use funfair_tests::{Token, now, path};
use serde_json::{Value, json};
use std::time::Duration;

const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// A server whose clock a test sets, and one member at its calendar.
struct Town {
    shop: Shop,
    calendar: Wheel,
    adverse: Adverse,
    /// By how much its clock is ahead.
    ahead_ms: i64,
}

impl Town {
    async fn new() -> Self {
        let mut shop = Shop::sqlite();
        let text = include_str!("../../activities/calendar.toml");
        let calendar = shop.opens_file("calendar", text);
        let adverse = Adverse::new();
        shop.starts_as("funfair", &adverse.clock()).await;
        Self { shop, calendar, adverse, ahead_ms: 0 }
    }

    fn sets(&mut self, ahead_ms: i64) {
        self.ahead_ms = ahead_ms;
        self.adverse.ahead_ms(ahead_ms);
    }

    /// A member whose token the store signs by the server's clock.
    fn member(&self, sub: &str) -> Member {
        let now = now().checked_add_signed(self.ahead_ms / 1000).expect("after 1970");
        let token = Token::new(STORE, sub).claim("iat", now).claim("exp", now + 240);
        let mut member = Member::new(&client(), &self.shop, &self.calendar, sub);
        member.token = token.sign(&self.shop.key);
        member
    }

    async fn asks(&self, member: &Member, tail: &str) -> (u16, Value) {
        let url = format!("{}{}", self.shop.base, path(STORE, &self.calendar.id, tail));
        let answer = client().get(url).bearer_auth(&member.token).send().await.expect("an answer");
        (answer.status().as_u16(), answer.json().await.expect("JSON"))
    }

    /// Signs in as of now: when it was, where it took place.
    async fn signs_in(&self, sub: &str) -> Option<u64> {
        let member = self.member(sub);
        let (_, public) = self.asks(&member, "").await;
        let body = json!({
            "action": { "type": "sign_in" }, "client_seed": "a-seed-of-the-clock",
            "commitment": member.commitment().await, "revision": public["revision"],
        });
        let sent = Sent { from: 0, member: sub.into(), key: name(), body: body.to_string() };
        match member.settles(&sent).await.expect("an answer") {
            Reply::Receipt { receipt, .. } => {
                let receipt: Value = serde_json::from_str(&receipt).expect("JSON");
                receipt["at_ms"].as_u64()
            }
            Reply::Refused => None,
            _ => panic!("a problem"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_steps_moves_no_play_back_and_gives_no_day_twice() {
    let mut town = Town::new().await;
    let today = town.signs_in("ann").await.expect("a first day");
    assert!(town.signs_in("ann").await.is_none(), "a day counts once");

    // Three days ahead, and back: time in the activity stands still until it has caught up.
    town.sets(3 * DAY_MS);
    let later = town.signs_in("ann").await.expect("another day");
    assert!(later >= today + 3 * 86_000_000, "{today} {later}");
    town.sets(0);
    assert!(
        town.signs_in("ann").await.is_none(),
        "the clock was set back, and a day counted again"
    );
    let back = town.signs_in("bob").await.expect("bob has not been here");
    assert!(back >= later, "time ran back in the activity: {later}, then {back}");

    // The same beyond the start: what the database holds stands above a new process's clock.
    town.sets(-HOUR_MS);
    town.shop.kill();
    town.shop.starts_as("funfair", &town.adverse.clock()).await;
    let again = town.signs_in("cid").await.expect("cid has not been here");
    assert!(again >= back, "time ran back over a restart: {back}, then {again}");
    assert!(town.signs_in("ann").await.is_none(), "a restart gave a day twice");
    town.shop.command("funfair", &["audit", STORE]).ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tokens_are_judged_by_the_clock_as_it_is_now() {
    let mut town = Town::new().await;
    let member = town.member("dee");
    assert_eq!(town.asks(&member, "/me").await.0, 200);
    // Set forward, it is over; remembered as good or not.
    town.sets(HOUR_MS);
    let (status, problem) = town.asks(&member, "/me").await;
    assert_eq!((status, &problem["code"]), (401, &json!("token_expired")));
    let ahead = town.member("dee");
    assert_eq!(town.asks(&ahead, "/me").await.0, 200);
    // Set back, a token of the hour ahead that is not remembered has not begun.
    town.sets(0);
    tokio::time::sleep(Duration::from_millis(1)).await;
    let mut early = town.member("eve");
    early.token = ahead.token.clone();
    assert_eq!(town.asks(&member, "/me").await.0, 200, "the first is good again");
    let unseen = {
        town.ahead_ms = HOUR_MS;
        let unseen = town.member("fay");
        town.ahead_ms = 0;
        unseen
    };
    let (status, problem) = town.asks(&unseen, "/me").await;
    assert_eq!((status, &problem["code"]), (401, &json!("token_expired")));
}
