//! What time brings about, in two processes at once and by hand beside them.

use crate::{processes, together};
use funfair_tests::{Engine, Shopper, Store, run, sign_in, until};
use serde_json::json;

const MEMBERS: usize = 20;
const POT: usize = 1_000;

/// A set of two cards, and a pot for those who have both at the close.
fn cards(closes_at: &str) -> String {
    format!(
        r#"
kind = "card-collecting"
title = {{ en = "Cards", zh-CN = "集卡" }}
terms = {{ en = "For members.", zh-CN = "会员专享。" }}
opens_at = "2026-01-01T00:00:00"
closes_at = "{closes_at}"
[chances]
free_per_day = 40
[rules]
draws_per_day = 40
[[rules.cards]]
id = "sun"
label = {{ en = "Sun", zh-CN = "日" }}
weight = 1
drawing = "star"
[[rules.cards]]
id = "moon"
label = {{ en = "Moon", zh-CN = "月" }}
weight = 1
drawing = "lantern"
[rules.pot]
label = {{ en = "A pot", zh-CN = "奖池" }}
points = {POT}
days = 90
"#
    )
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_settle_and_expire_and_nothing_is_given_or_taken_twice() {
    both(Engine::Postgres).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nor_is_it_where_transactions_start_again() {
    both(Engine::Distributed).await;
}

async fn both(engine: Engine) {
    let mut stores = processes(engine, 2).await;
    let calendar = include_str!("../../activities/calendar.toml");
    stores[0].add("calendar", calendar).await;
    let server = |stores: &[Store], sql: &str| stores[0].rows().server().sql(sql);
    let closes_at = "SELECT to_char(now() AT TIME ZONE 'Asia/Shanghai' + interval '15 seconds',
        'YYYY-MM-DD\"T\"HH24:MI:SS')";
    stores[0].add("cards", &cards(&server(&stores, closes_at))).await;
    until("both activities in the other process, too", || async {
        let path = "/v1/stores/acme/activities/cards";
        let public = stores[1].api().get(path).send().await;
        (public.status == 200 && public.json()["state"] == "live").then_some(())
    })
    .await;
    let of = |stores: &[Store], activity: &str| -> Vec<Shopper> {
        let shopper = |n: usize| stores[n % 2].shopper(activity, &format!("member-{n}"));
        (0..MEMBERS).map(shopper).collect()
    };
    together(of(&stores, "cards").into_iter().map(completes)).await;
    together(of(&stores, "calendar").into_iter().map(|one| async move {
        one.plays(sign_in()).await;
    }))
    .await;

    // By hand, while both processes do the same by themselves.
    let by_hand = |stores: &[Store], words: &'static [&'static str]| {
        let commands = (0..2).map(|_| stores[0].program().command(words));
        let run = |mut command| tokio::task::spawn_blocking(move || run(&mut command));
        together(commands.map(run).collect::<Vec<_>>())
    };
    let shared = format!("{MEMBERS}|{POT}");
    let pot = "SELECT count(*), sum(amount) FROM transfer
        WHERE activity = 'cards' AND reason = 'earn'";
    until("the pot is shared", || async {
        for said in by_hand(&stores, &["settle", "acme", "cards"]).await {
            said.expect("a thread").expect("settled");
        }
        (server(&stores, pot) == shared).then_some(())
    })
    .await;

    // A year passes: whoever has points has had them for long. The processes look again when they
    // start.
    let lots = "'[{\"expires_on\":\"1970-04-11\",\"points\":' || points || '}]'";
    server(&stores, &format!("UPDATE purse SET lapses_on = 100, lots = {lots} WHERE points > 0"));
    let lots = "'[{\"expires_on\":\"1970-04-11\",\"points\":' || amount || '}]'";
    server(&stores, &format!("UPDATE transfer SET lots = {lots} WHERE reason = 'earn'"));
    let (one, two) = stores.split_at_mut(1);
    one[0].stop().await;
    two[0].stop().await;
    tokio::join!(one[0].start(), two[0].start());
    let lapsed = "SELECT count(*), count(DISTINCT member) FROM transfer WHERE reason = 'expire'";
    until("all points have lapsed", || async {
        for said in by_hand(&stores, &["expire", "acme"]).await {
            said.expect("a thread").expect("expired");
        }
        (server(&stores, "SELECT sum(points) FROM purse") == "0").then_some(())
    })
    .await;
    assert_eq!(server(&stores, lapsed), format!("{MEMBERS}|{MEMBERS}"), "each member's once");
    run(&mut stores[0].program().command(&["audit", "acme"])).expect("a sound database");
}

/// Draws until it has the set, and hands it in.
async fn completes(shopper: Shopper) {
    loop {
        let done = shopper.play(json!({ "type": "complete" })).await;
        if done.status == 200 {
            return;
        }
        shopper.plays(json!({ "type": "draw", "pay": "free" })).await;
    }
}
