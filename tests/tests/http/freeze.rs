//! What an operator may still change once an activity has begun.

use crate::{MUG, wheel};
use funfair_tests::{Shopper, Store, run, spin};

async fn mugs(shoppers: &[Shopper]) -> usize {
    let mut won = 0;
    for shopper in shoppers {
        let reply = shopper.plays(spin()).await;
        won += usize::from(reply["receipt"]["outcome"]["prize"] == "main");
    }
    won
}

fn crowd(store: &Store, from: usize, to: usize) -> Vec<Shopper> {
    (from..to).map(|n| store.shopper("mugs", &format!("member-{n}"))).collect()
}

#[tokio::test]
async fn a_raised_stock_tops_up_a_half_used_pool() {
    let store = Store::open().await;
    store.add("mugs", &wheel("", "stock = 10", MUG)).await;
    assert_eq!(mugs(&crowd(&store, 0, 5)).await, 5);
    store.change("mugs", &wheel("", "stock = 13", MUG)).await;
    assert_eq!(mugs(&crowd(&store, 5, 20)).await, 8, "five that were left, and three more");
    // Applied again it changes nothing.
    let same = store.apply("mugs", &wheel("", "stock = 13", MUG)).expect("a good file");
    assert!(same.contains("unchanged"), "{same}");
    assert_eq!(mugs(&crowd(&store, 20, 23)).await, 0);
}

#[tokio::test]
async fn a_raised_daily_limit_holds_from_the_next_play_on() {
    let store = Store::open().await;
    store.add("mugs", &wheel("", "stock = 10\ndaily = 1", MUG)).await;
    assert_eq!(mugs(&crowd(&store, 0, 3)).await, 1);
    store.change("mugs", &wheel("", "stock = 10\ndaily = 3", MUG)).await;
    assert_eq!(mugs(&crowd(&store, 3, 9)).await, 2, "two more today");
}

#[tokio::test]
async fn a_raised_budget_tops_up_what_is_left_of_it() {
    let store = Store::open().await;
    let file = |budget: u32| {
        wheel(&format!("[budget]\npoints = {budget}"), "", "{ type = \"points\", amount = 100 }")
            .replace("free_per_day = 20", "free_total = 1")
    };
    store.add("mugs", &file(250)).await;
    let shoppers = crowd(&store, 0, 4);
    assert_eq!(mugs(&shoppers).await, 2, "the budget pays for two");
    store.change("mugs", &file(450)).await;
    assert_eq!(mugs(&crowd(&store, 4, 9)).await, 2, "and then for two more");
    assert!(store.ledger().points() <= 450, "{}", store.ledger().points());
}

#[tokio::test]
async fn what_is_not_in_members_favour_is_refused_by_its_key() {
    let store = Store::open().await;
    let old = wheel("", "stock = 10", MUG);
    store.add("mugs", &old).await;
    mugs(&crowd(&store, 0, 1)).await;
    let before = store.ledger().snapshot();
    for (from, to, key) in [
        ("stock = 10", "stock = 9", "rules.prizes[0].stock"),
        ("weight = 1000000000000", "weight = 1", "rules.prizes[0].weight"),
        ("amount = 2", "amount = 1", "rules.prizes[2].reward.amount"),
        ("MUG-1", "MUG-2", "rules.prizes[0].reward.sku"),
        ("free_per_day = 20", "free_per_day = 19", "chances.free_per_day"),
        ("2036-01-01", "2035-01-01", "closes_at"),
        ("opens_at = \"2026-01-01", "opens_at = \"2026-01-02", "opens_at"),
        (
            "[chances]",
            "[gate]\npassphrase = \"open sesame\"\nhint = { en = \"x\", zh-CN = \"x\" }\n[chances]",
            "gate",
        ),
    ] {
        let changed = old.replacen(from, to, 1);
        assert_ne!(changed, old, "{from}");
        let said = store.apply("mugs", &changed).expect_err(key);
        assert!(said.contains("mugs.toml"), "the file: {said}");
        assert!(said.contains(key), "the key: {said}");
        assert!(said.contains("after the start"), "the reason: {said}");
        assert!(said.contains("put it back"), "the cure: {said}");
    }
    store.ledger().snapshot().is_unchanged_since(&before, "a refused revision");
}

#[tokio::test]
async fn an_activity_begins_with_its_date_even_before_its_first_play() {
    let store = Store::open().await;
    let old = wheel("", "stock = 10", MUG);
    store.apply("mugs", &old).expect("a good file");
    store.apply("mugs", &wheel("", "stock = 9", MUG)).expect("a draft changes at will");
    store.set_state("mugs", "live").await;
    let said = store.apply("mugs", &wheel("", "stock = 8", MUG)).expect_err("it has begun");
    assert!(said.contains("rules.prizes[0].stock"), "{said}");
    let soon = old.replace("2026-01-01", "2035-01-01");
    store.add("later", &soon).await;
    store.change("later", &soon.replace("stock = 10", "stock = 9")).await;
    let over = old.replace("2036-01-01", "2026-02-01");
    store.apply("past", &over).expect("a good file");
    run(&mut store.program().command(&["activity", "acme", "past", "live"])).expect("live");
    let said = store.apply("past", &over.replace("stock = 10", "stock = 11"));
    assert!(said.expect_err("it is over").contains("its key is public"));
}
