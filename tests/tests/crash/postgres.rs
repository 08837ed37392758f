//! PostgreSQL itself ends under load, or is away for a while, and comes back.

use crate::{
    crowd::Crowd,
    proof,
    shop::{Shop, Wheel},
    times,
};
use funfair_cluster::{Cluster, Options};
use std::{
    sync::OnceLock,
    time::{Duration, Instant},
};

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
        assert!(heard.slowest_no < Duration::from_secs(1), "a no took {:?}", heard.slowest_no);
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
