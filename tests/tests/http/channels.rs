//! Channels: within `weixin` sharing brings nothing, whatever the page shows or says; and what a shopper
//! has to agree to is what the store's token lists.

use crate::dated;
use funfair_tests::{Call, Exchange, Shopper, Store, Token, fresh_key, now, sign_in};
use serde_json::{Value, json};

const GUESS: &str = include_str!("../../../widgets/guess-price/example.toml");
const CARDS: &str = include_str!("../../../widgets/card-collecting/example.toml");

const HEADER: &str = "funfair-channel";

/// A shopper whose token says where they are.
fn within(store: &Store, activity: &str, sub: &str, channel: &str) -> Shopper {
    let token = Token::new("acme", sub).claim("channel", channel).sign(store.key());
    Shopper { token, ..store.shopper(activity, sub) }
}

async fn plays(shopper: &Shopper, action: Value, more: impl Fn(Call) -> Call) -> Exchange {
    let body = shopper.request(action).await;
    more(shopper.call(&fresh_key())).json(&body).send().await
}

fn invite() -> Value {
    json!({ "type": "invite" })
}

#[tokio::test]
async fn within_wechat_no_link_asks_for_help_whatever_the_page_says() {
    let store = Store::open().await;
    store.add("guess", &dated(GUESS)).await;
    let ann = within(&store, "guess", "ann", "weixin");
    assert_eq!(ann.me().await["view"]["asks_left"], 0);
    let before = store.ledger().count("item");
    for header in [None, Some("web"), Some("alipay"), Some("weixin")] {
        let said = |call: Call| header.iter().fold(call, |call, name| call.header(HEADER, name));
        let refused = plays(&ann, invite(), said).await.expect_problem(409, "refused").json();
        assert_eq!(refused["refusal"]["type"], "no_asks", "{refused}");
        assert_eq!(refused["refusal"]["label"]["en"], "Friends are not asked from here.");
    }
    assert_eq!(store.ledger().count("item"), before);
    // Elsewhere the same shopper may.
    for channel in ["web", "alipay", "douyin", "a-channel-of-the-stores-own"] {
        let there = within(&store, "guess", channel, channel);
        assert_eq!(there.me().await["view"]["asks_left"], 2, "{channel}");
        there.plays(invite()).await;
    }
}

#[tokio::test]
async fn without_the_stores_word_the_pages_own_counts() {
    let store = Store::open().await;
    store.add("guess", &dated(GUESS)).await;
    let ann = store.shopper("guess", "ann");
    let weixin = |call: Call| call.header(HEADER, "weixin");
    plays(&ann, invite(), weixin).await.expect_problem(409, "refused");
    let me = ann.api.get(&ann.path("/me")).token(&ann.token);
    assert_eq!(me.header(HEADER, "weixin").send().await.json()["view"]["asks_left"], 0);
    // It is the page's own word: one that says nothing is believed, too.
    plays(&ann, invite(), |call| call).await.expect(200);
    let me = ann.api.get(&ann.path("/me")).token(&ann.token);
    me.header(HEADER, "a channel").send().await.expect_problem(400, "invalid_parameter");
}

#[tokio::test]
async fn within_wechat_a_friend_who_helps_is_paid_nothing_and_no_card_is_asked_for() {
    let store = Store::open().await;
    store.add("guess", &dated(GUESS)).await;
    store.add("cards", &dated(CARDS)).await;
    let ann = store.shopper("guess", "ann");
    for (sub, channel, points) in [("bob", "weixin", 0), ("cy", "web", 2)] {
        let link = ann.plays(invite()).await["receipt"]["outcome"]["link"].take();
        let friend = within(&store, "guess", sub, channel);
        friend.plays(json!({ "type": "help", "link": link, "guess_cents": 19900 })).await;
        assert_eq!(friend.wallet().await["balance"], points, "{channel}");
    }
    let dee = within(&store, "cards", "dee", "weixin");
    let view = dee.me().await["view"].take();
    assert_eq!(view["asks_left"], 0, "{view}");
    let card = view["cards"][0]["card"].clone();
    let refused = dee.play(json!({ "type": "ask", "card": card })).await;
    assert_eq!(refused.expect_problem(409, "refused").json()["refusal"]["why"], "no_sharing");
    let eve = within(&store, "cards", "eve", "web");
    eve.plays(json!({ "type": "ask", "card": card })).await;
}

#[tokio::test]
async fn an_activity_file_may_say_otherwise_of_each_channel() {
    let store = Store::open().await;
    let sharing = "[sharing]\nweixin = true\ndouyin = false\n\n[chances]";
    store.add("guess", &dated(&GUESS.replacen("[chances]", sharing, 1))).await;
    for (channel, asks) in [("weixin", 2), ("douyin", 0), ("web", 2)] {
        let shopper = within(&store, "guess", channel, channel);
        assert_eq!(shopper.me().await["view"]["asks_left"], asks, "{channel}");
    }
}

#[tokio::test]
async fn a_share_within_wechat_brings_no_chance() {
    let store = Store::open().await;
    let earned = "free_total = 3\n\n[[chances.earned]]\nfact = \"shop.shared\"\n";
    store.add("guess", &dated(&GUESS.replacen("free_total = 3\n", earned, 1))).await;
    let secret = store.secret("acme").await;
    let fact = |id: &str, channel: Value| {
        json!({
            "id": id, "fact": "shop.shared", "sub": "ann", "at_ms": now() * 1000,
            "channel": channel,
        })
    };
    let facts = [fact("a", json!("weixin")), fact("b", json!("web")), fact("c", Value::Null)];
    let call = store.api().call("POST", "/v1/stores/acme/facts").token(&secret);
    let said = call.json(&json!({ "facts": facts })).send().await.expect(200).json();
    let brought: Vec<_> = (0..3).map(|n| said["facts"][n]["chances"].clone()).collect();
    assert_eq!(brought, [0, 1, 1]);
    let ann = store.shopper("guess", "ann");
    assert_eq!(ann.me().await["view"]["chances"]["earned"], 2);
}

#[tokio::test]
async fn what_has_to_be_agreed_to_is_what_the_stores_token_lists() {
    let store = Store::open().await;
    let calendar = include_str!("../../activities/calendar.toml");
    let consent = "[consent]\nid = \"privacy-2026\"\n\
                   label = { en = \"How we use your data\", zh-CN = \"个人信息使用说明\" }\n";
    store.add("agreed", &format!("{calendar}\n{consent}")).await;
    let who = |consents: Value| {
        let token = Token::new("acme", "ann").claim("consents", consents).sign(store.key());
        Shopper { token, ..store.shopper("agreed", "ann") }
    };
    for consents in [Value::Null, json!([]), json!(["privacy-2025"])] {
        let ann = who(consents);
        let barrier = ann.me().await["barrier"].take();
        assert_eq!(barrier["type"], "consent_required", "{barrier}");
        assert_eq!(barrier["consent"], "privacy-2026");
        let barred = ann.play(sign_in()).await.expect_problem(409, "barred").json();
        assert_eq!(barred["barrier"], barrier);
    }
    let agreed = who(json!(["newsletter", "privacy-2026"]));
    assert_eq!(agreed.me().await["barrier"], Value::Null);
    agreed.plays(sign_in()).await;
    // Withdrawn, it is missing from the next token.
    assert_eq!(who(Value::Null).me().await["barrier"]["type"], "consent_required");
    for broken in [json!("privacy-2026"), json!([7]), json!([""])] {
        who(broken).get("/me").await.expect_problem(401, "token_malformed");
    }
}
