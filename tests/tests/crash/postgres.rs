//! PostgreSQL itself ends under load, or is away for a while, and comes back.

use crate::{
    crowd::{Crowd, Member, Reply, Sent, client, name},
    proof,
    shop::{Shop, Wheel},
    times,
};
use funfair_cluster::{Cluster, Options};
use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

const MEMBERS: usize = 16;

/// A cluster that keeps what it commits, for all tests that leave it alone.
pub fn durable() -> &'static Cluster {
    static ALL: OnceLock<Cluster> = OnceLock::new();
    ALL.get_or_init(own)
}

fn own() -> Cluster {
    Cluster::start(&Options { fsync: true, ..Options::default() })
}

/// A shop in a cluster that a test may end.
struct Town {
    cluster: Cluster,
    shop: Shop,
}

impl Town {
    async fn new() -> Self {
        let cluster = own();
        let mut shop = Shop::postgres(&cluster);
        shop.starts().await;
        Self { cluster, shop }
    }

    fn opens(&mut self) -> Wheel {
        self.shop.opens([80]).remove(0)
    }

    /// A crowd plays while the database goes as `ends` has it, and comes back so long after it.
    /// The server is not started again.
    async fn goes(&mut self, wheel: &Wheel, away: Duration, ends: impl FnOnce(&mut Cluster)) {
        let crowd = Crowd::plays(&self.shop, wheel, MEMBERS).await;
        let counts = &crowd.counts;
        counts.until("plays", |counts| counts.answered() >= 30).await;
        tokio::task::block_in_place(|| ends(&mut self.cluster));
        let gone = Instant::now();
        counts.until("answers that say no", |counts| counts.turned_away() >= MEMBERS).await;
        tokio::time::sleep(away.saturating_sub(gone.elapsed())).await;
        tokio::task::block_in_place(|| self.cluster.start_again());
        let (back, before) = (Instant::now(), counts.answered());
        counts.until("plays again", |counts| counts.answered() >= before + 30).await;
        let back = back.elapsed();
        let heard = crowd.ends().await;
        let retried = proof::retry(&self.shop, wheel, &heard.unanswered).await;
        println!(
            "away for {away:?}: {} answers said no, the slowest after {:?}; plays again after {back:?}",
            heard.turned_away, heard.slowest_no
        );
        let mut faults = proof::faults(&self.shop, wheel, proof::all(&heard, &retried));
        faults.extend(heard.strange.iter().chain(&retried.strange).cloned());
        assert!(faults.is_empty(), "{faults:#?}");
        assert!(heard.slowest_no < Duration::from_secs(5), "a no took {:?}", heard.slowest_no);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_of_postgresql_loses_nothing_and_the_server_comes_back_by_itself() {
    let mut town = Town::new().await;
    for _ in 0..times(3, 50) {
        let wheel = town.opens();
        town.goes(&wheel, Duration::ZERO, Cluster::stop_immediately).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_postgresql_is_away_every_answer_is_busy_and_prompt() {
    let mut town = Town::new().await;
    let wheel = town.opens();
    let away = Duration::from_secs(times(5, 30) as u64);
    town.goes(&wheel, away, Cluster::stop).await;
}

/// A machine that hangs keeps its connections and answers nobody: worse than one that is away.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_postgresql_hangs_newcomers_are_told_at_once_and_nobody_waits_for_ever() {
    let mut town = Town::new().await;
    let wheel = town.opens();
    let (shop, cluster) = (&town.shop, &town.cluster);
    let crowd = Crowd::plays(shop, &wheel, MEMBERS).await;
    let counts = &crowd.counts;
    counts.until("plays", |counts| counts.answered() >= 30).await;
    tokio::task::block_in_place(|| cluster.freeze());
    let frozen = Instant::now();
    // Longer than anybody may have to wait for a place.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let before = counts.answered();
    let mut newcomers = JoinSet::new();
    for _ in 0..40 {
        let newcomer = Member::new(&client(), shop, &wheel, &name());
        newcomers.spawn(async move {
            // It is not even read.
            let (member, key, body) = (newcomer.sub.clone(), name(), "{}".to_owned());
            let start = Instant::now();
            let told =
                newcomer.send(&Sent { from: 0, member, key, body }).await.expect("an answer");
            assert!(matches!(told, Reply::No { strange: None }), "it was not told to come back");
            start.elapsed()
        });
    }
    let mut took = newcomers.join_all().await;
    took.sort_unstable();
    let (median, slowest) = (took[took.len() / 2], took[took.len() - 1]);
    let hangs = Duration::from_secs(times(4, 40) as u64);
    tokio::time::sleep(hangs.saturating_sub(frozen.elapsed())).await;
    assert_eq!(counts.answered(), before, "an answer without a database");
    tokio::task::block_in_place(|| cluster.thaw());
    counts.until("plays again", |counts| counts.answered() >= before + 30).await;
    let heard = crowd.ends().await;
    let retried = proof::retry(shop, &wheel, &heard.unanswered).await;
    println!(
        "hung for {hangs:?}: newcomers were told after {median:?} (p50), {slowest:?} (last); {} \
         answers said no to those before, the slowest after {:?}",
        heard.turned_away, heard.slowest_no
    );
    let mut faults = proof::faults(shop, &wheel, proof::all(&heard, &retried));
    faults.extend(heard.strange.iter().chain(&retried.strange).cloned());
    assert!(faults.is_empty(), "{faults:#?}");
    // Few ask the database whether their store has changed, and give that up after two seconds.
    assert!(median < Duration::from_secs(1), "half of the newcomers waited for {median:?}");
    assert!(slowest < Duration::from_secs(4), "a newcomer waited for {slowest:?}");
    assert!(heard.slowest_no < Duration::from_secs(25), "a no took {:?}", heard.slowest_no);
}
