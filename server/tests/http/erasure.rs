use super::{
    Fair,
    facts::{FACTS, paid, send, shop},
};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_shopper_is_a_new_member_with_the_next_request() {
    let fair = Fair::open();
    let token = fair.token("ann");
    let played = fair.plays(&token, "a-key-that-is-long").await;
    let before = fair.me(&token).await["member"].clone();
    fair.ask_admin(|admin| admin.erase_member("acme", "ann")).unwrap();
    let after = fair.me(&token).await["member"].clone();
    assert_ne!(before, after);
    let plays = fair.get_as(&token, "/v1/stores/acme/plays").await.json();
    assert_eq!(plays["plays"].as_array().unwrap().len(), 0);
    let again = fair.plays(&token, "a-key-that-is-long").await;
    assert_ne!(again["receipt"]["id"], played["receipt"]["id"]);
    assert_eq!(fair.me(&token).await["member"], after);
    assert!(fair.ask_admin(|admin| admin.audit(None)).unwrap().ok);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_later_of_an_erased_shoppers_order_is_taken_and_counts_for_nobody() {
    let (fair, secret) = shop();
    let first = json!({ "facts": [paid("f1", "o1", 1000)] });
    assert_eq!(send(&fair, FACTS, &secret, &first).await.json()["facts"][0]["points"], 10);
    fair.ask_admin(|admin| admin.erase_member("acme", "ann")).unwrap();

    let mut back = paid("f2", "o1", 400);
    back["fact"] = "order.refunded".into();
    let batch = json!({ "facts": [back, paid("f3", "o2", 300)] });
    for repeated in [false, true] {
        let said = send(&fair, FACTS, &secret, &batch).await;
        assert_eq!(said.status, 200, "{}", said.text());
        let of = |id: &str, points: u64| json!({"id": id, "repeated": repeated, "points": points, "chances": 0});
        assert_eq!(said.json()["facts"], json!([of("f2", 0), of("f3", 3)]));
    }
    // The shopper is a new member, of whom the old order is not known.
    let told = fair.ask_admin(|admin| admin.export_member("acme", "ann")).unwrap();
    let member = &told["memberships"][0];
    assert_eq!(member["facts"].as_array().unwrap().len(), 1, "{member:#}");
    assert_eq!(member["orders"].as_array().unwrap().len(), 1, "{member:#}");
    // An order of somebody else is a mistake as before.
    let mut stranger = paid("f4", "o2", 100);
    stranger["sub"] = "bob".into();
    send(&fair, FACTS, &secret, &json!({ "facts": [stranger] })).await.is_problem("fact_invalid");
    assert!(fair.ask_admin(|admin| admin.audit(None)).unwrap().ok);
}
