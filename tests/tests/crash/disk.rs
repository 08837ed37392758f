//! The disk is full for a while.

use crate::{
    adverse::Adverse,
    crowd::Crowd,
    proof,
    shop::{Shop, Wheel},
};
use funfair_cluster::{Cluster, Options};
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

/// PostgreSQL on such a disk, once the shop is set up there.
async fn postgresql_on(adverse: &Adverse) -> (Cluster, Shop, Wheel) {
    let variables = adverse.disk(false).into_iter();
    let mut cluster = Cluster::start(&Options {
        fsync: true,
        environment: variables.map(|(name, value)| (name.into(), value)).collect(),
        ..Options::default()
    });
    let mut shop = Shop::postgres(&cluster);
    let wheel = shop.opens([100]).remove(0);
    tokio::task::block_in_place(|| {
        cluster.stop();
        adverse.watch(Some(&cluster.data()));
        cluster.start_again();
    });
    shop.starts().await;
    (cluster, shop, wheel)
}

/// Rows find no page any more, while its log has room.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_under_postgresql_loses_nothing_and_needs_no_restart() {
    let adverse = Adverse::new();
    let (_cluster, mut shop, wheel) = postgresql_on(&adverse).await;
    filled(&adverse, &mut shop, &wheel, "No space left on device").await;
}

/// PostgreSQL then trusts its memory no more: it ends all its processes, and reads its log.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_that_fails_under_postgresql_loses_nothing_and_needs_no_restart() {
    let adverse = Adverse::new();
    let (cluster, shop, wheel) = postgresql_on(&adverse).await;
    let crowd = Crowd::plays(&shop, &wheel, MEMBERS).await;
    let counts = &crowd.counts;
    for _ in 0..3 {
        let before = counts.answered();
        counts.until("plays", |counts| counts.answered() >= before + 30).await;
        adverse.fails_next();
        counts.until("a sync that fails", |_| !adverse.is_to_fail()).await;
    }
    let before = counts.answered();
    counts.until("plays again", |counts| counts.answered() >= before + 30).await;
    let heard = crowd.ends().await;
    assert!(cluster.log().contains("PANIC"), "{}", cluster.log());
    let retried = proof::retry(&shop, &wheel, &heard.unanswered).await;
    println!("failed syncs: {} answers said no", heard.turned_away);
    let mut faults = proof::faults(&shop, &wheel, proof::all(&heard, &retried));
    faults.extend(heard.strange.iter().chain(&retried.strange).cloned());
    assert!(faults.is_empty(), "{faults:#?}");
}
