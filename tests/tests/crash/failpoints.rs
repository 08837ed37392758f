//! The server ends between two given steps of a play: between every two, the same proof.

use crate::{
    crowd::Crowd,
    postgres::durable,
    proof,
    shop::{Asked, Shop},
};

const MEMBERS: usize = 12;

/// The steps, as the program itself tells them: one that is new is tested without a word here.
fn steps(shop: &Shop) -> Vec<String> {
    let Asked(mut command) = shop.command("funfair-faulty", &["audit"]);
    command.env("FUNFAIR_FAILPOINT", "?");
    let said = Asked(command).result().expect_err("there is no step called ?");
    let (_, list) = said.rsplit_once("the steps: ").unwrap_or_else(|| panic!("{said}"));
    list.split_whitespace().map(String::from).collect()
}

/// Ends the server at each step, as it is passed for the first time and later; proves each time.
async fn everywhere(mut shop: Shop) {
    let steps = steps(&shop);
    assert!(steps.len() >= 7, "{steps:?}");
    for step in &steps {
        for passing in [1, 5] {
            let at = format!("{step}:{passing}");
            let wheel = shop.opens([20]).remove(0);
            shop.starts_as("funfair-faulty", &[("FUNFAIR_FAILPOINT", at.clone())]).await;
            let crowd = Crowd::plays(&shop, &wheel, MEMBERS).await;
            let ended = shop.dies().await;
            let heard = crowd.heard().await;
            assert!(!ended.success(), "{at}: {ended}");
            assert!(!heard.unanswered.is_empty(), "{at}: nothing was open");
            shop.starts().await;
            let retried = proof::retry(&shop, &wheel, &heard.unanswered).await;
            let mut faults = proof::faults(&shop, &wheel, proof::all(&heard, &retried));
            faults.extend(heard.strange.iter().chain(&retried.strange).cloned());
            assert!(faults.is_empty(), "{at}: {faults:#?}");
            let (open, happened) = (heard.unanswered.len(), retried.happened);
            println!(
                "{at}: {} answered, {open} open, {happened} had happened",
                heard.answered.len()
            );
            // Of the first batch nothing has happened before its commit, and all of it after. Later on
            // the batch before may have lost its answers too.
            let first = passing == 1 && !matches!(step.as_str(), "committed" | "answered");
            assert!(!first || happened == 0, "{at}: {happened} plays had happened");
            assert!(step != "committed" || happened > 0, "{at}: nothing had happened");
            shop.kill();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_ends_between_any_two_steps_loses_nothing_on_sqlite() {
    everywhere(Shop::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_ends_between_any_two_steps_loses_nothing_on_postgresql() {
    everywhere(Shop::postgres(durable())).await;
}

#[test]
fn the_shipped_program_knows_no_failpoint() {
    let Asked(mut command) = Shop::sqlite().command("funfair", &["audit"]);
    command.env("FUNFAIR_FAILPOINT", "written");
    let said = Asked(command).result().expect_err("an unknown setting");
    assert!(said.contains("there is no setting `FUNFAIR_FAILPOINT`"), "{said}");
}
