use super::Fair;
use axum::http::StatusCode;
use serde_json::Value;
use std::collections::BTreeSet;

const KEY: &str = "key-of-16-letters";
const PLAYS: &str = "/v1/stores/acme/activities/wheel/plays";

#[tokio::test]
async fn a_repeated_play_has_the_receipt_of_the_first_byte_for_byte() {
    let fair = Fair::open();
    let token = fair.token("ann");
    let body = fair.body(&token).await;
    let first = fair.play(&token, KEY, &body).await;
    let again = fair.play(&token, KEY, &body).await;
    assert_eq!((first.status, again.status), (StatusCode::OK, StatusCode::OK));
    assert_eq!(first.header("idempotency-replayed"), "");
    assert_eq!(again.header("idempotency-replayed"), "true");
    let receipt = |text: String| text.split(",\"me\":").next().unwrap().to_owned();
    assert_eq!(receipt(first.text()), receipt(again.text()));
    let id = first.json()["receipt"]["id"].as_str().unwrap().to_owned();
    let read = fair.get_as(&token, &format!("{PLAYS}/{id}")).await;
    assert_eq!(receipt(first.text()), format!("{{\"receipt\":{}", read.text()));
    fair.get_as(&fair.token("bob"), &format!("{PLAYS}/{id}")).await.is_problem("play_unknown");

    let mut other = body.clone();
    other["client_seed"] = "another-seed".into();
    let reused = fair.play(&token, KEY, &other).await;
    assert_eq!(reused.status, StatusCode::UNPROCESSABLE_ENTITY);
    reused.is_problem("idempotency_key_reused");
}

#[tokio::test]
async fn what_a_play_no_longer_sees_is_answered_with_what_is() {
    let fair = Fair::open();
    let token = fair.token("ann");
    let body = fair.body(&token).await;
    fair.play(&token, KEY, &body).await;
    let used = fair.play(&token, "another-key-of-16", &body).await;
    used.is_problem("commitment_used");
    assert_eq!(used.json()["commitment"], fair.me(&token).await["commitment"]);
    let mut old = fair.body(&token).await;
    old["revision"] = "0".repeat(64).into();
    let changed = fair.play(&token, "another-key-of-16", &old).await;
    changed.is_problem("revision_changed");
    assert_eq!(changed.json()["activity"]["activity"], "wheel");
    let mut strange = fair.body(&token).await;
    strange["action"]["prize"] = "points-9".into();
    fair.play(&token, "another-key-of-16", &strange).await.is_problem("unknown_field");
    strange["action"] = serde_json::json!({ "type": "steal" });
    fair.play(&token, "another-key-of-16", &strange).await.is_problem("invalid_body");
}

/// All rows of a list, page by page, newest first.
async fn pages(fair: &Fair, token: &str, path: &str, list: &str) -> (Vec<Value>, usize) {
    let (mut rows, mut count, mut query) = (Vec::new(), 0, String::new());
    loop {
        let page = fair.get_as(token, &format!("{path}{query}")).await.json();
        count += 1;
        rows.extend(page[list].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => query = format!("?before={next}"),
            None => return (rows, count),
        }
    }
}

#[tokio::test]
async fn pages_hold_every_row_once_newest_first() {
    let fair = Fair::open();
    let token = fair.token("ann");
    let mut last = Value::Null;
    for n in 0..45 {
        last = fair.plays(&token, &format!("key-of-16-letters-{n}")).await;
    }
    fair.plays(&fair.token("bob"), KEY).await;
    let (plays, count) = pages(&fair, &token, PLAYS, "plays").await;
    assert_eq!((plays.len(), count), (45, 3));
    assert_eq!(plays[0], last["receipt"]);
    let ids: BTreeSet<_> = plays.iter().map(|row| row["id"].to_string()).collect();
    assert_eq!(ids.len(), 45);

    let wallet = "/v1/stores/acme/wallet";
    let (entries, _) = pages(&fair, &token, wallet, "entries").await;
    assert_eq!(entries.len(), 45);
    let held = fair.get_as(&token, wallet).await.json();
    let sum: i64 = entries.iter().map(|row| row["amount"].as_i64().unwrap()).sum();
    assert_eq!(held["balance"], sum);
    assert_eq!(held["balance"], last["me"]["balance"]);
    assert!(entries.is_sorted_by(|a, b| a["at_ms"].as_u64() >= b["at_ms"].as_u64()));
    assert_eq!(held["expiring"].as_array().unwrap().len(), 1);

    for (path, cursor) in [(PLAYS, "dDoxOmE"), (wallet, "cDox"), (PLAYS, "%"), (PLAYS, "cDo")] {
        let path = format!("{path}?before={cursor}");
        fair.get_as(&token, &path).await.is_problem("invalid_parameter");
    }
    for (query, reason) in [
        ("limit=3", "a list's query has `before` and nothing else"),
        ("before=cDox&limit=3", "a list's query has `before` and nothing else"),
        ("before=cDox&before=cDox", "the query has more than one `before`"),
    ] {
        let said = fair.get_as(&token, &format!("{PLAYS}?{query}")).await;
        said.is_problem("invalid_parameter");
        assert!(said.text().contains(reason), "{}", said.text());
    }
}

#[tokio::test]
async fn a_receipt_verifies_and_a_changed_one_does_not() {
    let fair = Fair::open();
    let reply = fair.plays(&fair.token("ann"), KEY).await;
    assert_eq!(funfair_server::verify(&reply.to_string()), Ok(1));
    let receipt = &reply["receipt"];
    assert_eq!(funfair_server::verify(&receipt.to_string()), Ok(1));
    let with = |pointer: &str, value: Value| {
        let mut forged = receipt.clone();
        *forged.pointer_mut(pointer).unwrap() = value;
        funfair_server::verify(&forged.to_string())
    };
    assert!(with("/proof/server_seed", "00".repeat(32).into()).is_err());
    assert!(with("/proof/commitment", "00".repeat(32).into()).is_err());
    assert!(with("/proof/draws/0/counter", 7.into()).is_err());
    assert!(with("/proof/draws/0/picked", "the-car".into()).is_err());
    assert!(with("/proof/version", "funfair/2".into()).is_err());
    assert!(funfair_server::verify("{}").is_err());
}
