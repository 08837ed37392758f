//! The server is killed at random moments under load.

use crate::{
    crowd::{Answered, Crowd},
    postgres::durable,
    proof, random,
    shop::{Shop, Wheel},
    times,
};
use std::{fmt, time::Duration};

/// How many members play at once.
const MEMBERS: usize = 32;
/// How many kills one database takes before the next is made: an audit reads all of it.
const A_DATABASE: usize = 25;
/// About as much stock as half a crowd wins in one round.
const STOCK: u64 = 120;

/// What the kills came to.
#[derive(Debug, Default)]
struct Report {
    kills: usize,
    /// Kills with plays in flight.
    in_flight: usize,
    /// Kills across a sell-out: not all stock was known to be gone, and then it was.
    across: usize,
    /// Plays that were answered before a kill; that were not; of those, that had happened.
    answered: usize,
    unanswered: usize,
    happened: usize,
    faults: Vec<String>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kills, in_flight, across, answered, unanswered, happened, faults } = self;
        write!(
            f,
            "{kills} kills, {in_flight} with plays in flight, {across} across a sell-out; \
             {answered} plays answered before, {unanswered} open at a kill, of which {happened} had \
             happened; {} faults",
            faults.len()
        )
    }
}

/// A shop whose server is killed again and again.
struct Victim {
    shop: Shop,
    /// Whether it answers before the commit.
    mutant: bool,
    /// Those that are not sold out, with all that was ever answered there.
    wheels: Vec<(Wheel, Vec<Answered>)>,
    report: Report,
}

impl Victim {
    async fn new(shop: Shop, mutant: bool) -> Self {
        let mut victim = Self { shop, mutant, wheels: Vec::new(), report: Report::default() };
        victim.starts().await;
        victim
    }

    async fn starts(&mut self) {
        if self.mutant {
            let mutant = ("FUNFAIR_MUTANT", "answer-first".into());
            self.shop.starts_as("funfair-faulty", &[mutant]).await;
        } else {
            self.shop.starts().await;
        }
    }

    /// One round: a crowd plays, the server is killed, the open plays are sent again.
    async fn killed(&mut self) {
        if self.wheels.is_empty() {
            let stocks = (0..4).map(|_| usize::try_from(STOCK / 2 + random(STOCK)).expect("few"));
            let opened = self.shop.opens(stocks);
            self.wheels.extend(opened.into_iter().map(|wheel| (wheel, Vec::new())));
        }
        let (wheel, mut known) = self.wheels.pop().expect("a wheel");
        let before = known.iter().filter(|one| one.won()).count();
        let crowd = Crowd::plays(&self.shop, &wheel, MEMBERS).await;
        let counts = &crowd.counts;
        counts.until("a first answer", |counts| counts.answered() > 0).await;
        if random(2) == 0 {
            tokio::time::sleep(Duration::from_micros(random(200_000))).await;
        } else {
            // Not long before the last piece goes, or as it does.
            let near = wheel.stock - usize::try_from(random(MEMBERS as u64)).expect("few");
            counts.until("the stock's end", |counts| before + counts.won() >= near).await;
            tokio::time::sleep(Duration::from_micros(random(3_000))).await;
        }
        let in_flight = counts.in_flight();
        let won = before + counts.won();
        self.shop.kill();
        let heard = crowd.heard().await;
        self.shop.starts().await;
        let retried = proof::retry(&self.shop, &wheel, &heard.unanswered).await;
        known.extend(proof::all(&heard, &retried).cloned());
        let after = known.iter().filter(|one| one.won()).count();

        let report = &mut self.report;
        report.kills += 1;
        report.in_flight += usize::from(in_flight > 0);
        report.across += usize::from(won < wheel.stock && after >= wheel.stock);
        report.answered += heard.answered.len();
        report.unanswered += heard.unanswered.len();
        report.happened += retried.happened;
        report.faults.extend(heard.strange);
        report.faults.extend(retried.strange);
        report.faults.extend(proof::faults(&self.shop, &wheel, &known));
        if after < wheel.stock {
            self.wheels.push((wheel, known));
        }
        if self.mutant {
            self.shop.kill();
            self.starts().await;
        }
    }
}

/// Kills the server of many shops so often altogether.
async fn kills(kills: usize, open: impl Fn() -> Shop) -> Report {
    let mut all = Report::default();
    while all.kills < kills {
        let mut victim = Victim::new(open(), false).await;
        for _ in 0..A_DATABASE.min(kills - all.kills) {
            victim.killed().await;
        }
        let Report { kills, in_flight, across, answered, unanswered, happened, faults } =
            victim.report;
        all.kills += kills;
        all.in_flight += in_flight;
        all.across += across;
        all.answered += answered;
        all.unanswered += unanswered;
        all.happened += happened;
        all.faults.extend(faults);
    }
    all
}

/// Nothing is wrong, and the kills were of the sort that can find something.
fn holds(store: &str, report: &Report) {
    println!("{store}: {report}");
    assert!(report.faults.is_empty(), "{:#?}", report.faults);
    assert!(report.in_flight * 10 >= report.kills * 9, "too few with plays in flight: {report}");
    assert!(report.across * 10 >= report.kills, "too few across a sell-out: {report}");
    assert!(report.happened > 0, "no kill fell between a commit and its answer: {report}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_on_sqlite_loses_nothing_and_gives_nothing_twice() {
    holds("SQLite", &kills(times(20, 1000), Shop::sqlite).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_on_postgresql_loses_nothing_and_gives_nothing_twice() {
    holds("PostgreSQL", &kills(times(20, 1000), || Shop::postgres(durable())).await);
}

/// A server that answers before its commit has to be found out.
async fn mutant(store: &str, shop: Shop) {
    let mut victim = Victim::new(shop, true).await;
    while victim.report.kills < 200 && victim.report.faults.is_empty() {
        victim.killed().await;
    }
    println!("the mutant on {store}: {}", victim.report);
    assert!(!victim.report.faults.is_empty(), "{}", victim.report);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_answers_before_its_commit_is_found_out() {
    mutant("SQLite", Shop::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_answers_before_its_commit_is_found_out_on_postgresql() {
    mutant("PostgreSQL", Shop::postgres(durable())).await;
}

impl Answered {
    fn won(&self) -> bool {
        self.receipt.contains(crate::crowd::CAMERA)
    }
}
