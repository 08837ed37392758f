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
use std::time::Duration;

const MEMBERS: usize = 16;

/// What a crowd heard while all writes were written down.
struct Recorded {
    shop: Shop,
    wheel: Wheel,
    heard: Heard,
    replay: Replay,
}

async fn recorded(durability: &str) -> Recorded {
    let mut shop = Shop::sqlite();
    let wheel = shop.opens([200]).remove(0);
    let adverse = Adverse::new();
    let mut replay = Replay::before(&shop.folder(), Names::Strict);
    let mut variables = adverse.disk(&shop.folder(), true);
    variables.push(("FUNFAIR_DURABILITY", durability.into()));
    shop.starts_as("funfair", &variables).await;
    let crowd = Crowd::plays_beside(Some(&adverse.journal()), &shop, &wheel, MEMBERS).await;
    crowd.counts.until("many plays", |counts| counts.answered() >= 500).await;
    tokio::time::sleep(Duration::from_micros(random(20_000))).await;
    shop.kill();
    let heard = crowd.heard().await;
    replay.read(&adverse.journal());
    Recorded { shop, wheel, heard, replay }
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
        let length = self.replay.length() as u64;
        let first = self.heard.answered.iter().map(|one| one.until).min().expect("an answer");
        let mut moments: Vec<_> = (0..cuts).map(|_| first + random(length - first)).collect();
        moments.sort_unstable();
        let mut all = Cuts::default();
        for (index, moment) in moments.into_iter().enumerate() {
            self.replay.until(usize::try_from(moment).expect("a length"));
            let unsynced = if index % 2 == 0 { Unsynced::Gone } else { Unsynced::Some };
            let mut shop = self.shop.copied(self.replay.disk(unsynced));
            let (answered, open) = self.told(moment);
            shop.starts().await;
            let retried = proof::retry(&shop, &self.wheel, &open).await;
            let Retried { answered: late, happened, strange, .. } = &retried;
            let told = answered.iter().chain(late);
            all.faults.extend(proof::faults(&shop, &self.wheel, told));
            all.faults.extend(strange.iter().cloned());
            all.made += 1;
            all.in_flight += usize::from(!open.is_empty());
            all.answered += answered.len();
            all.open += open.len();
            all.happened += happened;
        }
        all
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_on_sqlite_loses_nothing_that_was_answered() {
    let mut cuts = Cuts::default();
    for _ in 0..times(1, 40) {
        let one = recorded("full").await.cut(25).await;
        cuts.made += one.made;
        cuts.in_flight += one.in_flight;
        cuts.answered += one.answered;
        cuts.open += one.open;
        cuts.happened += one.happened;
        cuts.faults.extend(one.faults);
    }
    let Cuts { made, in_flight, answered, open, happened, faults } = cuts;
    println!(
        "SQLite: {made} power cuts, {in_flight} with plays in flight; {answered} plays answered \
         before, {open} open, of which {happened} had happened; {} faults",
        faults.len()
    );
    assert!(faults.is_empty(), "{faults:#?}");
    assert!(in_flight * 10 >= made * 9, "too few with plays in flight");
    assert!(happened > 0, "no cut fell between a commit and its answer");
}

/// Weaker durability is a choice with these words: it may lose acknowledged plays on power loss.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commits_that_do_not_wait_for_the_disk_are_found_out() {
    let Cuts { made, faults, .. } = recorded("normal").await.cut(6).await;
    println!("durability normal: {made} power cuts, {} faults", faults.len());
    assert!(faults.iter().any(|fault| fault.ends_with("and is None")), "{faults:#?}");
}
