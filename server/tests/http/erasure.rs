use super::Fair;

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
