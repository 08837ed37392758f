//! The PostgreSQL store is a store: it passes the contract story, and after any history its rows are
//! those of the store in memory. A batch takes two round trips, and what the database or the wire
//! does to it is retried, or said.

mod history;
mod wire;

use funfair_cluster::{Cluster, Database, Options};
use funfair_engine::{
    Desk, Store, StoreError, Wants, Writes,
    story::{self, Booth},
};
use funfair_server::postgres::PostgresStore;
use proptest::prelude::*;
use std::{
    cell::RefCell,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};
use wire::{Cut, Wire};

const EARN: &str = r#"{"type":"earn","points":5}"#;

fn open(url: &str) -> PostgresStore {
    PostgresStore::open(url, 1, 2).unwrap()
}

fn fresh() -> Database<'static> {
    Cluster::shared().fresh(None)
}

/// The same database, with settings of the session in the URL.
fn with(url: &str, settings: &str) -> String {
    let settings = settings.replace(' ', "%20").replace('=', "%3D");
    format!("{url}{}options={settings}", if url.contains('?') { '&' } else { '?' })
}

fn tell(settings: Option<&str>) {
    let databases = RefCell::new(Vec::new());
    story::tell(&|| {
        let database = fresh();
        let url = settings.map_or_else(|| database.url(), |some| with(&database.url(), some));
        databases.borrow_mut().push(database);
        Box::new(open(&url))
    });
}

#[test]
fn it_passes_the_story() {
    tell(None);
}

#[test]
fn it_passes_the_story_at_serializable() {
    tell(Some("-c default_transaction_isolation=serializable"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_history_leaves_the_rows_of_the_store_in_memory(history in history::any()) {
        let database = fresh();
        history::agrees(&open(&database.url()), history)?;
    }
}

#[test]
fn a_batch_takes_two_round_trips_however_many_plays_it_holds() {
    let database = fresh();
    let wire = Wire::to(&database.url());
    let store = open(&wire.url(&database.url()));
    let booth = Booth::open(&store, "acme");
    let batch = |plays: usize, action: &str| {
        let play = |n| booth.play(&format!("m{n}"), &format!("{plays}{action}"), action);
        (0..plays).map(play).collect::<Vec<_>>()
    };
    // The first to commit, and the first to read, connect first.
    booth.run(&batch(1, r#"{"type":"draw"}"#));
    let (two, plain) = (2, 1);
    // Rows to add, rows to put, one play or fifty, something refused among them.
    for plays in [1, 50, 50] {
        for action in [EARN, r#"{"type":"draw"}"#, r#"{"type":"wrap","item":"i","points":1}"#] {
            let mut batch = batch(plays, action);
            batch.extend(batch[..1].to_vec());
            assert_eq!(wire.turns(|| drop(booth.run(&batch))), two, "{plays} {action}");
        }
    }
    let refused = batch(3, r#"{"type":"overdraw"}"#);
    let turns = wire.turns(|| assert!(booth.run(&refused).iter().all(Result::is_err)));
    assert_eq!(turns, two, "the reads, and the end");
    assert_eq!(wire.turns(|| drop(booth.me("m0"))), plain);
}

/// Three servers, as far as the database can tell, on one activity with ten mugs.
#[test]
fn stock_is_exact_between_servers_and_none_of_their_batches_fails() {
    let database = fresh();
    let mugs = thread::scope(|scope| {
        let servers: Vec<_> = (0..3)
            .map(|server| {
                let url = database.url();
                scope.spawn(move || {
                    let store = open(&url);
                    let booth = Booth::open(&store, "acme");
                    let mut mugs = 0;
                    for batch in 0..8 {
                        let play = |n| {
                            // Half of them are at another server in the same moment, too.
                            let member = format!("m{}", batch * 16 + n + (server * 8) % 16);
                            booth.play(&member, &format!("{server}"), r#"{"type":"draw"}"#)
                        };
                        let said = booth.run(&(0..16).map(play).collect::<Vec<_>>());
                        let given = |answer: &funfair_engine::Answer| {
                            Booth::receipt(answer).outcome.text().contains("\"prize\":\"mug\"")
                        };
                        mugs += said.iter().flatten().filter(|answer| given(answer)).count();
                    }
                    mugs
                })
            })
            .collect();
        servers.into_iter().map(|server| server.join().unwrap()).sum::<usize>()
    });
    let kept = database.sql("SELECT 10 - remaining FROM pool WHERE pool LIKE '%/mug'");
    assert_eq!(kept.trim(), mugs.to_string());
    let held = database.sql("SELECT COUNT(*) FROM held");
    assert_eq!(held.trim(), mugs.to_string());
    let seqs = database.sql("SELECT MAX(seq) = COUNT(*) FROM play");
    assert_eq!(seqs.trim(), "t", "the lane's numbers have no gap");
}

/// A plan that reads a whole table is quick in a test and slow in a shop: the database's own
/// counters tell.
#[test]
fn no_statement_of_a_play_reads_a_whole_table() {
    let database = fresh();
    let store = open(&database.url());
    let booth = Booth::open(&store, "acme");
    for round in 0..3 {
        for action in [EARN, r#"{"type":"draw"}"#, r#"{"type":"wrap","item":"i","points":1}"#] {
            let play = |n| booth.play(&format!("m{n}"), &format!("{round}{action}"), action);
            booth.run(&(0..40).map(play).collect::<Vec<_>>());
        }
    }
    booth.audit("m1");
    store.history("acme", "m1", None, 10).unwrap();
    store.lapsing("acme", funfair_host_api::Day(40_000), None, 10).unwrap();
    drop(store);
    // A session tells its counts as it ends.
    let sessions = "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()
                    AND pid <> pg_backend_pid()";
    while database.sql(sessions).trim() != "0" {
        thread::sleep(Duration::from_millis(20));
    }
    let played =
        database.sql("SELECT idx_scan > 100 FROM pg_stat_user_tables WHERE relname = 'play'");
    assert_eq!(played.trim(), "t", "the counters have come");
    let walked = "SELECT relname FROM pg_stat_user_tables
                  WHERE seq_tup_read > 0 AND relname NOT IN ('directory', 'migration')";
    assert_eq!(database.sql(walked).trim(), "");
}

/// Has the database fail where `place` stands, for the first `times` times, with an SQLSTATE.
/// A sequence counts, since what a transaction counts itself is rolled back with it.
fn failing(database: &Database<'_>, place: &str, times: u32, code: &str) {
    database.sql(&format!(
        "CREATE SEQUENCE tries;
         CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
             IF nextval('tries') <= {times} THEN
                 RAISE EXCEPTION 'as the test wants it' USING ERRCODE = '{code}';
             END IF;
             RETURN NULL;
         END $$;
         CREATE {place} EXECUTE FUNCTION fail();"
    ));
}

/// While it writes; and at COMMIT itself.
const PLACES: [&str; 2] = [
    "TRIGGER fail AFTER UPDATE ON lane FOR EACH ROW",
    "CONSTRAINT TRIGGER fail AFTER INSERT ON play DEFERRABLE INITIALLY DEFERRED FOR EACH ROW",
];

#[test]
fn a_batch_that_was_in_another_ones_way_is_decided_again() {
    for place in PLACES {
        for code in ["40001", "40P01", "23505"] {
            let database = fresh();
            let store = open(&database.url());
            let booth = Booth::open(&store, "acme");
            failing(&database, place, 3, code);
            let answer = booth.one("ann", "key", EARN).unwrap();
            assert!(!answer.repeated, "{place} {code}");
            assert_eq!((booth.audit("ann"), answer.me.balance), (5, 5));
            let tries = database.sql("SELECT last_value FROM tries");
            assert_eq!(tries.trim(), "4", "{place} {code}");
        }
    }
}

#[test]
fn a_batch_that_never_gets_through_is_given_up_and_leaves_nothing() {
    let database = fresh();
    let store = open(&database.url());
    let booth = Booth::open(&store, "acme");
    let before = story::dump(&booth);
    for (code, busy) in [("40001", true), ("23505", false), ("22003", false)] {
        failing(&database, PLACES[0], u32::MAX, code);
        let play = booth.play("ann", "key", EARN);
        let error = Desk::run(&store, booth.now_ms, &[play]).unwrap_err();
        assert_eq!(matches!(error, StoreError::Unavailable(_)), busy, "{code}: {error}");
        database.sql("DROP TRIGGER fail ON lane; DROP FUNCTION fail; DROP SEQUENCE tries");
    }
    assert_eq!(story::dump(&booth), before);
    assert!(booth.one("ann", "key", EARN).is_ok());
}

#[test]
fn a_commit_whose_answer_is_lost_is_found_by_its_key_and_not_repeated() {
    for (cut, committed) in [(Cut::BeforeCommit, false), (Cut::AfterCommit, true)] {
        let database = fresh();
        let wire = Wire::to(&database.url());
        let store = open(&wire.url(&database.url()));
        let booth = Booth::open(&store, "acme");
        booth.one("ann", "before", EARN).unwrap();
        let play = booth.play("ann", "key", EARN);
        wire.cut(cut);
        let error = Desk::run(&store, booth.now_ms, std::slice::from_ref(&play)).unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{cut:?}: {error}");
        // Whoever asks again need not know which of the two it was.
        let answer = booth.run(&[play]).remove(0).unwrap();
        assert_eq!(answer.repeated, committed, "{cut:?}");
        assert_eq!(booth.audit("ann"), 10);
        assert_eq!(store.plays(&booth.at.lane, "ann", None, 9).unwrap().len(), 2);
    }
}

#[test]
fn the_database_may_be_restarted_under_the_store() {
    let mut cluster = Cluster::start(&Options { fsync: true, ..Options::default() });
    let url = cluster.create("shop");
    let store = open(&url);
    let booth = Booth::open(&store, "acme");
    booth.one("ann", "a", EARN).unwrap();
    cluster.restart();
    booth.one("ann", "b", EARN).unwrap();
    assert_eq!(booth.audit("ann"), 10);

    cluster.stop_immediately();
    let play = booth.play_with("ann", "c", EARN, String::new());
    let run = || Desk::run(&store, booth.now_ms, std::slice::from_ref(&play));
    assert!(matches!(run(), Err(StoreError::Unavailable(_))));
    // Known to be down: nobody waits to hear it.
    let asked = Instant::now();
    for _ in 0..100 {
        assert!(matches!(run(), Err(StoreError::Unavailable(_))));
    }
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    cluster.start_again();
    let back = Instant::now();
    while run().is_err() {
        assert!(back.elapsed() < Duration::from_secs(5), "it does not come back");
        thread::sleep(Duration::from_millis(10));
    }
    booth.one("ann", "d", EARN).unwrap();
    assert_eq!(booth.audit("ann"), 15);
}

#[test]
fn a_batch_does_not_wait_for_ever_for_a_row_that_another_holds() {
    let database = fresh();
    let url = with(&database.url(), "-c lock_timeout=300ms");
    let (holder, store) = (open(&database.url()), open(&url));
    let booth = Booth::open(&store, "acme");
    let play = booth.play("ann", "key", EARN);
    let (locked, is_locked) = mpsc::channel();
    let (release, released) = mpsc::channel::<()>();
    thread::scope(|scope| {
        let wants = Wants { lanes: [booth.at.lane.clone()].into(), ..Wants::default() };
        scope.spawn(move || {
            let hold = &mut |_: &_| {
                locked.send(()).unwrap();
                released.recv().unwrap();
                Writes::default()
            };
            holder.commit(&wants, hold).unwrap();
        });
        is_locked.recv().unwrap();
        let error = Desk::run(&store, booth.now_ms, std::slice::from_ref(&play)).unwrap_err();
        assert!(matches!(error, StoreError::Unavailable(_)), "{error}");
        release.send(()).unwrap();
    });
    assert!(booth.run(&[play])[0].is_ok());
}

#[test]
fn a_url_that_leads_nowhere_says_what_to_look_at() {
    let nowhere = PostgresStore::open("postgres://nobody@127.0.0.1:1/none", 1, 1);
    let said = nowhere.err().unwrap().to_string();
    assert!(said.contains("is it running"), "{said}");
    let wrong = PostgresStore::open("postgres://a:b@c:d:e", 1, 1).err().unwrap().to_string();
    assert!(!wrong.contains("a:b"), "no password in a message: {wrong}");
}
