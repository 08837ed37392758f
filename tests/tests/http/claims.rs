//! Asking for what was won.

use crate::{MUG, wheel};
use funfair_tests::{Exchange, Shopper, Store, Token, spin};
use serde_json::{Value, json};

/// A store where `ann` has won a mug, and the prize's id.
async fn won() -> (Store, Shopper, String) {
    let store = Store::open().await;
    store.add("mugs", &wheel("", "stock = 5", MUG)).await;
    let ann = store.shopper("mugs", "ann");
    ann.plays(spin()).await;
    let wallet = ann.wallet().await;
    let prize = wallet["rewards"][0]["id"].as_str().expect("a prize").to_owned();
    (store, ann, prize)
}

async fn claim(shopper: &Shopper, prize: &str, body: &Value) -> Exchange {
    let path = format!("/v1/stores/{}/wallet/prizes/{prize}/claim", shopper.store);
    shopper.api.call("POST", &path).token(&shopper.token).json(body).send().await
}

fn home() -> Value {
    json!({
        "address": {
            "name": "王小明", "phone": "138 0000 4711",
            "region": "浙江省 杭州市 西湖区", "street": "文三路 1 号 2 幢 301",
        },
        "consent": true,
    })
}

fn with(field: &str, value: &str) -> Value {
    let mut body = home();
    body["address"][field] = value.into();
    body
}

/// Sets a prize's status, as a fact of the store's would.
fn set_status(store: &Store, prize: &str, status: &str) {
    let sql = format!("UPDATE held SET status = '{status}' WHERE id = '{prize}'");
    store.rows().write(&sql);
    let held = store.ledger().rows_of("held", "acme").concat();
    assert!(held.contains(status) && held.contains(prize), "{held}");
}

#[tokio::test]
async fn a_won_parcel_is_claimed_with_an_address_and_costs_no_postage() {
    let (store, ann, prize) = won().await;
    let held = ann.wallet().await["rewards"][0].clone();
    assert_eq!((&held["status"], &held["reward"]["postage_cents"]), (&json!("granted"), &json!(0)));
    assert_eq!(held["title"]["zh-CN"], "转盘");
    let first = claim(&ann, &prize, &home()).await.expect(200);
    assert_eq!(first.json()["status"], "claimed");
    assert_eq!(first.json()["id"], prize.as_str());
    let again = claim(&ann, &prize, &home()).await.expect(200);
    assert_eq!(again.answer, first.answer, "the same claim is answered the same");
    assert_eq!(ann.wallet().await["rewards"][0]["status"], "claimed");

    claim(&ann, &prize, &with("street", "别处 9 号")).await.expect(200);
    let rows = store.ledger().rows_of("address", "acme");
    assert_eq!(rows.len(), 1, "the later address takes the place of the first: {rows:?}");
    assert!(rows[0].contains("别处 9 号") && !rows[0].contains("文三路"), "{rows:?}");
}

#[tokio::test]
async fn an_address_is_kept_in_its_own_row_and_nowhere_else() {
    let (mut store, ann, prize) = won().await;
    claim(&ann, &prize, &home()).await.expect(200);
    claim(&ann, &prize, &with("phone", "no phone 4711")).await.expect(422);
    // With its space: hashes are full of digits.
    for table in ["play", "held", "transfer", "member_row", "lane", "item", "identity"] {
        for row in store.ledger().rows_of(table, "acme") {
            for word in ["王小明", " 4711", "文三路"] {
                assert!(!row.contains(word), "{word} in {table}: {row}");
            }
        }
    }
    let wallet = ann.wallet().await.to_string();
    assert!(!wallet.contains("文三路") && !wallet.contains(" 4711"), "{wallet}");
    let log = store.stop().await;
    for word in ["王小明", " 4711", "文三路", prize.as_str()] {
        assert!(!log.contains(word), "{word}:\n{log}");
    }
}

#[tokio::test]
async fn a_claim_is_told_all_that_it_lacks() {
    let (store, ann, prize) = won().await;
    let before = store.ledger().snapshot();
    let long = "x".repeat(300);
    let nothing = json!({ "address": null, "consent": false });
    let mut unconsented = home();
    unconsented["consent"] = json!(false);
    for (body, fields) in [
        (nothing, vec!["consent", "address: it is missing"]),
        (unconsented, vec!["consent"]),
        (with("name", ""), vec!["address.name: it is missing"]),
        (with("name", " \u{3000} "), vec!["address.name: it is missing"]),
        (with("phone", "call me"), vec!["address.phone"]),
        (with("region", "a\r\nb"), vec!["address.region: it has control characters"]),
        (with("street", "a\u{202e}b"), vec!["address.street: it has control characters"]),
        (with("street", &long), vec!["address.street: it is too long"]),
    ] {
        let answer = claim(&ann, &prize, &body).await.expect_problem(422, "claim_invalid");
        let detail = answer.json()["detail"].as_str().unwrap_or_default().to_owned();
        for field in fields {
            assert!(detail.contains(field), "{body}: {detail}");
        }
        assert!(!detail.contains("文三路"), "what was sent is not repeated: {detail}");
    }
    for (body, code) in [
        (json!({ "consent": true, "address": { "name": "x" } }), "invalid_body"),
        (json!({ "address": home()["address"] }), "invalid_body"),
        (json!({ "consent": true, "address": null, "postage_cents": 0 }), "unknown_field"),
        (json!({ "consent": "yes", "address": null }), "invalid_body"),
        (json!([home()["address"], true]), "invalid_body"),
        (json!({ "consent": true, "address": ["a", "138 0000", "b", "c"] }), "invalid_body"),
    ] {
        let answer = claim(&ann, &prize, &body).await;
        assert_eq!(answer.code(), code, "{body}");
    }
    store.ledger().snapshot().is_unchanged_since(&before, "a claim that lacks something");
}

#[tokio::test]
async fn nobody_claims_the_prize_of_another_member() {
    let (store, ann, prize) = won().await;
    let before = store.ledger().snapshot();
    let bob = store.shopper("mugs", "bob");
    claim(&bob, &prize, &home()).await.expect_problem(404, "prize_unknown");
    for id in ["x", "0", &prize.replace("-0", "-1"), &prize[..24]] {
        claim(&ann, id, &home()).await.expect_problem(404, "prize_unknown");
    }
    let token = Token::new("bazaar", "ann").sign(store.key_of("bazaar"));
    let elsewhere = Shopper { token, ..ann.clone() };
    let answer = claim(&elsewhere, &prize, &home()).await;
    assert_eq!(answer.status, 401, "a token of another store: {answer}");
    let at_bazaar = Shopper { store: "bazaar".into(), ..elsewhere };
    claim(&at_bazaar, &prize, &home()).await.expect_problem(404, "prize_unknown");
    let mut tester = ann.clone();
    tester.token = Token::new("acme", "ann").claim("test", true).sign(store.key());
    claim(&tester, &prize, &home()).await.expect_problem(404, "prize_unknown");
    let nobody = format!("/v1/stores/acme/wallet/prizes/{prize}/claim");
    let nobody = store.api().call("POST", &nobody).json(&home()).send().await;
    nobody.expect_problem(401, "token_missing");
    store.ledger().snapshot().is_unchanged_since(&before, "a thief");
}

#[tokio::test]
async fn a_prize_on_its_way_is_not_claimed_again() {
    let (store, ann, prize) = won().await;
    claim(&ann, &prize, &home()).await.expect(200);
    for status in ["shipped", "delivered", "void"] {
        set_status(&store, &prize, status);
        let before = store.ledger().snapshot();
        let answer = claim(&ann, &prize, &with("street", "another")).await;
        let answer = answer.expect_problem(409, "claim_closed");
        assert!(answer.json()["detail"].as_str().is_some_and(|detail| detail.contains(status)));
        store.ledger().snapshot().is_unchanged_since(&before, status);
    }
}

#[tokio::test]
async fn nothing_is_asked_for_what_is_not_sent() {
    let store = Store::open().await;
    let coupon = "{ type = \"coupon\", value_cents = 500, days = 3 }";
    store.add("coupons", &wheel("", "", coupon)).await;
    let ann = store.shopper("coupons", "ann");
    ann.plays(spin()).await;
    let prize = ann.wallet().await["rewards"][0]["id"].as_str().expect("a prize").to_owned();
    claim(&ann, &prize, &home()).await.expect_problem(422, "claim_invalid");
    assert_eq!(store.ledger().count("address"), 0);
    let bare = json!({ "address": null, "consent": false });
    let first = claim(&ann, &prize, &bare).await.expect(200);
    assert_eq!(first.json()["status"], "claimed");
    assert_eq!(claim(&ann, &prize, &bare).await.expect(200).answer, first.answer);
}
