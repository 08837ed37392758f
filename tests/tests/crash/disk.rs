//! The disk is full for a while.

use crate::{
    adverse::Adverse,
    crowd::Crowd,
    proof,
    shop::{Shop, Wheel},
};
use std::time::Duration;

const MEMBERS: usize = 8;

/// Fills the disk under a crowd until it has noticed, and makes room again.
async fn filled(adverse: &Adverse, shop: &mut Shop, wheel: &Wheel, says: &str) {
    let crowd = Crowd::plays(shop, wheel, MEMBERS).await;
    let counts = &crowd.counts;
    counts.until("plays", |counts| counts.answered() >= 50).await;
    adverse.full(true);
    counts.until("answers that say no", |counts| counts.turned_away() >= 3 * MEMBERS).await;
    let log = shop.server().log();
    assert!(log.contains(says), "the log does not say why: {log}");
    adverse.full(false);
    let before = counts.answered();
    counts.until("plays again", |counts| counts.answered() >= before + 50).await;
    let heard = crowd.ends().await;
    let retried = proof::retry(shop, wheel, &heard.unanswered).await;
    let (no, slowest) = (heard.turned_away, heard.slowest_no);
    println!("full disk: {no} answers said no, the slowest after {slowest:?}");
    assert!(slowest < Duration::from_secs(5), "{slowest:?}");
    let known: Vec<_> = proof::all(&heard, &retried).cloned().collect();
    let faults = proof::faults(shop, wheel, &known);
    assert!(faults.is_empty() && retried.strange.is_empty(), "{faults:#?} {:?}", retried.strange);
    let odd: Vec<_> = heard.strange.iter().filter(|what| *what != "500 internal").collect();
    assert!(odd.is_empty(), "{odd:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_under_sqlite_loses_nothing_and_needs_no_restart() {
    let mut shop = Shop::sqlite();
    let wheel = shop.opens([100]).remove(0);
    let adverse = Adverse::new();
    adverse.watch(Some(&shop.folder()));
    shop.starts_as("funfair", &adverse.disk(false)).await;
    filled(&adverse, &mut shop, &wheel, "database or disk is full").await;
}
