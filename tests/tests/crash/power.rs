//! The power goes: what no sync covered is gone, or is there in pieces.
//!
//! A crowd plays at a server whose writes are written down; then the disk is built anew as of many
//! moments, and a server is started on each. A recording VFS inside SQLite would see the same; below
//! the C library it is seen of the shipped program, and of PostgreSQL too.

use crate::{
    adverse::Adverse,
    crowd::{Answered, Crowd, Heard, Sent},
    proof::{self, Retried},
    random,
    replay::{Names, Replay, Unsynced},
    shop::{Shop, Wheel},
    times,
};
use funfair_cluster::{Cluster, Options};
use std::time::Duration;

const MEMBERS: usize = 16;

/// What a crowd heard while all writes were written down.
struct Recorded {
    /// What the server said.
    log: String,
    shop: Shop,
    wheel: Wheel,
    heard: Heard,
    replay: Replay,
}

async fn recorded(durability: &str) -> Recorded {
    recorded_with(durability, 0).await
}

/// The same, where so many syncs fail meanwhile.
async fn recorded_with(durability: &str, failing: usize) -> Recorded {
    let mut shop = Shop::sqlite();
    let wheel = shop.opens([200]).remove(0);
    let adverse = Adverse::new();
    let mut replay = Replay::before(&shop.folder(), Names::Strict);
    adverse.watch(Some(&shop.folder()));
    let mut variables = adverse.disk(true);
    variables.push(("FUNFAIR_DURABILITY", durability.into()));
    shop.starts_as("funfair", &variables).await;
    let crowd = Crowd::plays_beside(Some(&adverse.journal()), &shop, &wheel, MEMBERS).await;
    for _ in 0..failing {
        tokio::time::sleep(Duration::from_micros(random(40_000))).await;
        adverse.fails_next();
        crowd.counts.until("a sync that fails", |_| !adverse.is_to_fail()).await;
    }
    let before = crowd.counts.answered();
    crowd.counts.until("many plays", |counts| counts.answered() >= before + 500).await;
    tokio::time::sleep(Duration::from_micros(random(20_000))).await;
    let log = shop.kill();
    let heard = crowd.heard().await;
    replay.read(&adverse.journal());
    Recorded { log, shop, wheel, heard, replay }
}

/// The same on PostgreSQL, whose disk it is then; in the middle it makes a checkpoint.
async fn recorded_on_postgresql(synchronous_commit: &str) -> (Recorded, Cluster) {
    let adverse = Adverse::new();
    let variables = adverse.disk(true).into_iter();
    let mut cluster = Cluster::start(&Options {
        fsync: true,
        settings: vec![("synchronous_commit".into(), synchronous_commit.into())],
        environment: variables.map(|(name, value)| (name.into(), value)).collect(),
        ..Options::default()
    });
    let mut shop = Shop::postgres(&cluster);
    let wheel = shop.opens([200]).remove(0);
    let mut replay = tokio::task::block_in_place(|| {
        cluster.stop();
        let replay = Replay::before(&cluster.data(), Names::WithTheirFile);
        adverse.watch(Some(&cluster.data()));
        cluster.start_again();
        adverse.watch(None);
        replay
    });
    shop.starts().await;
    let crowd = Crowd::plays_beside(Some(&adverse.journal()), &shop, &wheel, MEMBERS).await;
    crowd.counts.until("plays", |counts| counts.answered() >= 150).await;
    tokio::task::block_in_place(|| cluster.sql(None, "CHECKPOINT"));
    crowd.counts.until("many plays", |counts| counts.answered() >= 400).await;
    let log = shop.kill();
    let heard = crowd.heard().await;
    tokio::task::block_in_place(|| cluster.stop_immediately());
    replay.read(&adverse.journal());
    (Recorded { log, shop, wheel, heard, replay }, cluster)
}

/// What the cuts came to.
#[derive(Default)]
struct Cuts {
    made: usize,
    /// Of these, with plays in flight.
    in_flight: usize,
    /// Plays that were answered before the cut; that were open, and of those, that had happened.
    answered: usize,
    open: usize,
    happened: usize,
    faults: Vec<String>,
}

impl Recorded {
    /// The power goes at random moments, one after another.
    async fn cut(&mut self, cuts: usize) -> Cuts {
        let mut all = Cuts::default();
        for (moment, unsynced) in self.moments(cuts) {
            self.replay.until(moment);
            let shop = self.shop.copied(self.replay.disk(unsynced));
            self.proves(shop, moment, &mut all).await;
        }
        all
    }

    /// The same where the disk is a cluster's.
    async fn cut_cluster(&mut self, cluster: &mut Cluster, cuts: usize) -> Cuts {
        let mut all = Cuts::default();
        for (moment, unsynced) in self.moments(cuts) {
            self.replay.until(moment);
            tokio::task::block_in_place(|| {
                self.replay.overwrite(&cluster.data(), unsynced);
                cluster.start_again();
            });
            let shop = self.shop.beside();
            self.proves(shop, moment, &mut all).await;
            tokio::task::block_in_place(|| cluster.stop_immediately());
        }
        all
    }

    /// Random moments after the first answer, in their order, and what becomes of what was not
    /// synced.
    fn moments(&self, cuts: usize) -> Vec<(usize, Unsynced)> {
        let length = self.replay.length() as u64;
        let first = self.heard.answered.iter().map(|one| one.until).min().expect("an answer");
        let mut moments: Vec<_> = (0..cuts).map(|_| first + random(length - first)).collect();
        moments.sort_unstable();
        let moments = moments.into_iter().map(|one| usize::try_from(one).expect("a length"));
        moments.zip([Unsynced::Gone, Unsynced::Some].into_iter().cycle()).collect()
    }

    /// A server starts on what is left, and open plays are sent again.
    async fn proves(&self, mut shop: Shop, moment: usize, all: &mut Cuts) {
        let (answered, open) = self.told(moment as u64);
        shop.starts().await;
        let retried = proof::retry(&shop, &self.wheel, &open).await;
        let Retried { answered: late, happened, strange, .. } = &retried;
        all.faults.extend(proof::faults(&shop, &self.wheel, answered.iter().chain(late)));
        all.faults.extend(strange.iter().cloned());
        all.made += 1;
        all.in_flight += usize::from(!open.is_empty());
        all.answered += answered.len();
        all.open += open.len();
        all.happened += happened;
    }

    /// What had been answered at a moment, and what was under way.
    fn told(&self, moment: u64) -> (Vec<Answered>, Vec<Sent>) {
        let (before, after): (Vec<_>, Vec<_>) =
            self.heard.answered.iter().cloned().partition(|one| one.until <= moment);
        let after = after.into_iter().map(|one| one.sent);
        let open = after.chain(self.heard.unanswered.iter().cloned());
        (before, open.filter(|sent| sent.from <= moment).collect())
    }
}

impl Cuts {
    fn add(&mut self, one: Self) {
        self.made += one.made;
        self.in_flight += one.in_flight;
        self.answered += one.answered;
        self.open += one.open;
        self.happened += one.happened;
        self.faults.extend(one.faults);
    }

    fn tell(&self, of: &str) {
        let Self { made, in_flight, answered, open, happened, faults } = self;
        println!(
            "{of}: {made} power cuts, {in_flight} with plays in flight; {answered} plays answered \
             before, {open} open, of which {happened} had happened; {} faults",
            faults.len()
        );
    }

    /// Nothing is wrong, and the cuts were of the sort that can find something.
    fn hold(&self) {
        assert!(self.faults.is_empty(), "{:#?}", self.faults);
        assert!(self.in_flight * 10 >= self.made * 9, "too few with plays in flight");
    }

    /// Answered plays are gone.
    fn lost(&self) -> bool {
        self.faults.iter().any(|fault| fault.ends_with("and is None"))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_on_sqlite_loses_nothing_that_was_answered() {
    let mut cuts = Cuts::default();
    for _ in 0..times(1, 40) {
        cuts.add(recorded("full").await.cut(25).await);
    }
    cuts.tell("SQLite");
    cuts.hold();
    assert!(cuts.happened > 0, "no cut fell between a commit and its answer");
}

/// A sync that has failed kept nothing, and the next one does not make it good: the power goes
/// after it all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sync_that_fails_on_sqlite_confirms_nothing_and_the_server_goes_on() {
    const FAILING: usize = 20;
    let mut cuts = Cuts::default();
    for _ in 0..times(1, 20) {
        let mut recorded = recorded_with("full", FAILING).await;
        let says = recorded.log.matches("disk I/O error").count();
        println!("{says} lines of the log say so; {} answers said no", recorded.heard.turned_away);
        assert!(says > 0, "the log does not say why:\n{}", recorded.log);
        let odd = recorded.heard.strange.iter().find(|what| *what != "500 internal");
        assert_eq!(odd, None);
        cuts.add(recorded.cut(25).await);
    }
    cuts.tell("SQLite, of which syncs failed");
    cuts.hold();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_on_postgresql_loses_nothing_that_was_answered() {
    let mut cuts = Cuts::default();
    for _ in 0..times(1, 10) {
        let (mut recorded, mut cluster) = recorded_on_postgresql("on").await;
        cuts.add(recorded.cut_cluster(&mut cluster, times(2, 20)).await);
    }
    cuts.tell("PostgreSQL");
    cuts.hold();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgresql_that_does_not_wait_for_its_disk_is_found_out() {
    let (mut recorded, mut cluster) = recorded_on_postgresql("off").await;
    // Its log goes to the disk five times a second all the same: one cut may come just after that.
    let mut cuts = Cuts::default();
    for _ in 0..8 {
        cuts.add(recorded.cut_cluster(&mut cluster, 1).await);
        if cuts.lost() {
            break;
        }
    }
    cuts.tell("synchronous_commit off");
    assert!(cuts.lost(), "{:#?}", cuts.faults);
}

/// Weaker durability is a choice with these words: it may lose acknowledged plays on power loss.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commits_that_do_not_wait_for_the_disk_are_found_out() {
    let cuts = recorded("normal").await.cut(6).await;
    cuts.tell("durability normal");
    assert!(cuts.lost(), "{:#?}", cuts.faults);
}
