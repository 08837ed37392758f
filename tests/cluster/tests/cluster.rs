//! The promises of a cluster: it forgets nothing it should keep, and leaves nothing behind.

use funfair_cluster::{Cluster, Options};
use std::{
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Tells a copy of this test to be the owner that is killed.
const VICTIM: &str = "FUNFAIR_CLUSTER_VICTIM";

#[track_caller]
fn soon(what: &str, look: impl Fn() -> bool) {
    let start = Instant::now();
    while !look() {
        assert!(start.elapsed() < Duration::from_secs(20), "never came: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Not merely waiting to be reaped.
fn runs(id: u32) -> bool {
    std::fs::read_to_string(format!("/proc/{id}/status"))
        .is_ok_and(|status| !status.contains("State:\tZ"))
}

#[test]
fn what_was_committed_outlives_a_crash_and_the_cluster_leaves_nothing_behind() {
    let options = Options {
        fsync: true,
        settings: vec![("deadlock_timeout".to_owned(), "50ms".to_owned())],
        environment: vec![("FUNFAIR_SEEN".to_owned(), "yes".to_owned())],
        ..Options::default()
    };
    let mut cluster = Cluster::start(&options);
    let url = cluster.create("shop");
    assert!(url.starts_with("postgres://funfair@127.0.0.1:") && url.ends_with("/shop"), "{url}");
    assert_eq!(cluster.sql(Some("shop"), "SHOW deadlock_timeout"), "50ms");
    assert_eq!(cluster.sql(Some("shop"), "SHOW fsync"), "on");
    let environment = std::fs::read_to_string(format!("/proc/{}/environ", cluster.pid()));
    assert!(environment.expect("its environment").contains("FUNFAIR_SEEN=yes"));
    cluster.sql(Some("shop"), "CREATE TABLE kept AS SELECT 7 AS n");
    let first = cluster.pid();
    cluster.restart();
    assert_ne!(cluster.pid(), first);
    assert!(cluster.log().contains("automatic recovery"), "{}", cluster.log());
    assert_eq!(cluster.sql(Some("shop"), "SELECT n FROM kept"), "7");
    cluster.create_from("shop", "copy");
    assert_eq!(cluster.sql(Some("copy"), "SELECT n FROM kept"), "7");
    cluster.stop();
    cluster.start_again();
    let (id, data) = (cluster.pid(), cluster.data());
    assert!(data.exists());
    drop(cluster);
    assert!(!runs(id) && !data.parent().expect("a folder").exists());
}

#[test]
fn a_fresh_database_goes_with_its_owner() {
    let cluster = Cluster::shared();
    let (one, two) = (cluster.fresh(None), cluster.fresh(None));
    assert_ne!(one.name(), two.name());
    one.sql("CREATE TABLE t AS SELECT 1 AS n");
    let copy = cluster.fresh(Some(one.name()));
    assert_eq!(copy.sql("SELECT n FROM t"), "1");
    let name = copy.name().to_owned();
    drop(copy);
    let lives = |name: &str| {
        let sql = format!("SELECT 1 FROM pg_database WHERE datname = '{name}'");
        cluster.sql(None, &sql) == "1"
    };
    assert!(!lives(&name));
    let now = std::time::SystemTime::now();
    let late = cluster.fresh(None);
    cluster.sweep(now);
    assert!(lives(one.name()) && lives(two.name()) && !lives(late.name()));
}

#[test]
fn a_spread_database_is_partitioned_and_tells_some_transactions_to_start_again() {
    let cluster = Cluster::shared();
    let database = cluster.fresh(None);
    database.sql(
        "CREATE TABLE play (programme TEXT, seq BIGINT CHECK (seq > 0), key TEXT,
             PRIMARY KEY (programme, seq));
         CREATE UNIQUE INDEX play_key ON play (programme, key);
         CREATE TABLE directory (only_one BIGINT PRIMARY KEY);
         INSERT INTO play VALUES ('old', 1, 'kept');",
    );
    database.spread();
    assert_eq!(database.sql("SELECT key FROM play"), "kept");
    let kinds = "SELECT relname, relkind FROM pg_class WHERE relname IN
        ('play', 'play_3', 'play_pkey', 'play_key', 'directory') ORDER BY relname";
    assert_eq!(
        database.sql(kinds).split('\n').collect::<Vec<_>>(),
        ["directory|r", "play|p", "play_3|r", "play_key|I", "play_pkey|I"]
    );
    // One transaction each, at COMMIT or before it; in all that there is of bad numbers.
    let writes = "DO $$ BEGIN FOR n IN 1..100 LOOP BEGIN
            INSERT INTO play VALUES ('p', n, n::text); SET CONSTRAINTS ALL IMMEDIATE;
        EXCEPTION WHEN serialization_failure THEN NULL; END; COMMIT; END LOOP; END $$";
    database.sql(writes);
    let told = database.told_to_start_again();
    let written: u64 = database.sql("SELECT count(*) FROM play").parse().expect("a number");
    assert!(told > 3 && written + told == 101, "{told} told, {written} written");
    let fault = "DO $$ BEGIN BEGIN INSERT INTO play VALUES ('q', 0, ''); EXCEPTION
        WHEN check_violation THEN RETURN; END; RAISE EXCEPTION 'no check'; END $$";
    database.sql(fault);
    let isolation =
        Cluster::at(&database.serializable_url()).sql(None, "SHOW transaction_isolation");
    assert_eq!(isolation, "serializable");
}

#[test]
fn a_cluster_whose_owner_is_killed_ends_too() {
    if std::env::var_os(VICTIM).is_some() {
        let cluster = Cluster::start(&Options::default());
        println!("\n{} {}", cluster.pid(), cluster.data().display());
        thread::sleep(Duration::from_mins(1));
        return;
    }
    let own = std::env::current_exe().expect("this test");
    let mut victim = Command::new(own)
        .args(["--nocapture", "--exact", "a_cluster_whose_owner_is_killed_ends_too"])
        .env(VICTIM, "1")
        .stdout(Stdio::piped())
        .spawn()
        .expect("a copy of this test");
    let lines = std::io::BufRead::lines(std::io::BufReader::new(victim.stdout.take().expect("it")));
    let (id, data) = lines
        .map_while(Result::ok)
        .find_map(|line| {
            let (id, data) = line.split_once(' ')?;
            Some((id.parse::<u32>().ok()?, data.to_owned()))
        })
        .expect("a cluster");
    assert!(runs(id) && Path::new(&data).exists());
    victim.kill().expect("a kill");
    victim.wait().expect("an end");
    soon("the server's end", || !runs(id));
    soon("the folder's end", || !Path::new(&data).exists());
}
