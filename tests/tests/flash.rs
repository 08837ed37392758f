//! A flash opening: a crowd that comes in one moment, of which some are told to come back, and
//! nobody anything else.

use funfair_tests::{Shopper, Store, fresh_key, now, run, spin};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    env,
    fmt::Write as _,
    io::Write as _,
    process::{Child, Command, Stdio},
    time::Duration,
};
use tokio::task::JoinSet;

/// How many processes the crowd is spread over.
const PROCESSES: usize = 3;

/// One of the crowd: who, under which key, with which body.
struct Guest {
    shopper: Shopper,
    key: String,
    body: Value,
}

/// What one was told: the status (0: nothing), after how many milliseconds, the body.
struct Said {
    status: u16,
    took_ms: u64,
    body: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flash_opening_leaves_no_error_but_the_two_stated_ones() {
    let crowd = if env::var("E2E_FULL").is_ok() { 20_000 } else { 2_000 };
    let bounds = [
        // So that the crowd does not fit, however small it is.
        ("FUNFAIR_CONNECTIONS", (crowd / 2).to_string()),
        ("FUNFAIR_QUEUE_LIMIT", (crowd / 8).to_string()),
    ];
    let store =
        Store::open_with(&bounds.each_ref().map(|(name, value)| (*name, value.as_str()))).await;
    let guests = gathered(&store, crowd).await;
    let said = rush(&store, &guests).await;

    let mut tally = BTreeMap::<u16, Vec<u64>>::new();
    for said in &said {
        tally.entry(said.status).or_default().push(said.took_ms);
        if said.status == 503 || said.status == 429 {
            let problem: Value = serde_json::from_str(&said.body).expect("a problem");
            let code = if said.status == 503 { "busy" } else { "too_many_requests" };
            assert_eq!(problem["code"], code);
        }
    }
    for (status, took) in &mut tally {
        took.sort_unstable();
        let at = |share: usize| took[(took.len() - 1) * share / 100];
        let (median, late, last) = (at(50), at(99), at(100));
        println!("{status}: {} in {median} ms (p50), {late} (p99), {last} (last)", took.len());
    }
    let strangers: Vec<_> =
        tally.keys().filter(|status| ![200, 429, 503].contains(*status)).collect();
    assert!(strangers.is_empty(), "{strangers:?}");
    let accepted = tally.get(&200).map_or(0, Vec::len);
    assert!(accepted > 0 && accepted < crowd, "{accepted} of {crowd}: the bounds were not met");

    // What was answered is what is stored, and nothing else is.
    let ledger = store.ledger();
    let mut stored = BTreeMap::new();
    for receipt in ledger.receipts("ten") {
        stored.insert(receipt["id"].as_str().expect("an id").to_owned(), receipt);
    }
    assert_eq!(stored.len(), accepted);
    for said in said.iter().filter(|said| said.status == 200) {
        let answer: Value = serde_json::from_str(&said.body).expect("an answer");
        let id = answer["receipt"]["id"].as_str().expect("an id");
        assert_eq!(Some(&answer["receipt"]), stored.get(id));
    }

    // Whoever was told to come back comes back, with the same key, and is served.
    let mut waiting = guests.iter().zip(&said).filter(|(_, said)| said.status != 200);
    let mut again = JoinSet::new();
    let mut served = 0;
    loop {
        while again.len() < 16
            && let Some((guest, _)) = waiting.next()
        {
            let (shopper, key, body) =
                (guest.shopper.clone(), guest.key.clone(), guest.body.clone());
            again.spawn(async move { insists(&shopper, &key, &body).await });
        }
        let Some(done) = again.join_next().await else { break };
        done.expect("a receipt");
        served += 1;
    }
    assert_eq!(accepted + served, crowd);
    let receipts = store.ledger().receipts("ten");
    assert_eq!(receipts.len(), crowd);
    let won = receipts.iter().filter(|receipt| receipt["outcome"]["prize"] == "camera").count();
    assert!(won <= 10, "{won} cameras of 10");
    run(&mut store.program().command(&["audit", "acme"])).expect("books that balance");
}

/// Everyone with a token and a commitment, as pages have them that were open before.
async fn gathered(store: &Store, crowd: usize) -> Vec<Guest> {
    let revision = store.api().activity("acme", "ten").await["revision"].take();
    let mut ready = JoinSet::new();
    let mut guests = Vec::with_capacity(crowd);
    let mut next = 0;
    while guests.len() < crowd {
        while next < crowd && ready.len() < 32 {
            let shopper = store.shopper("ten", &format!("guest-{next}"));
            let revision = revision.clone();
            next += 1;
            ready.spawn(async move {
                let mut me = shopper.get("/me").await;
                while me.status == 503 {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    me = shopper.get("/me").await;
                }
                let commitment = me.expect(200).json()["commitment"].take();
                let body = json!({
                    "action": spin(), "client_seed": "a-seed-of-the-test",
                    "commitment": commitment, "revision": revision,
                });
                Guest { shopper, key: fresh_key(), body }
            });
        }
        guests.push(ready.join_next().await.expect("a guest").expect("a guest"));
    }
    guests
}

/// All at once.
async fn rush(store: &Store, guests: &[Guest]) -> Vec<Said> {
    // Time enough to read the requests.
    let at_ms = (now() + 3) * 1000;
    let share = guests.len().div_ceil(PROCESSES);
    let processes: Vec<_> = guests
        .chunks(share)
        .map(|guests| {
            let mut input = format!("127.0.0.1:{}\n{at_ms}\n", store.port());
            for Guest { shopper, key, body } in guests {
                let path = shopper.path("/plays");
                // Writing to a `String` cannot fail.
                let _ = writeln!(input, "{path}\t{}\t{key}\t{body}", shopper.token);
            }
            let mut process = Command::new(env!("CARGO_BIN_EXE_flash"));
            let process = process.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
            let mut process = process.expect("the program flash");
            process.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("requests");
            process
        })
        .collect();
    let read = |process: Child| {
        let out = process.wait_with_output().expect("its end");
        assert!(out.status.success());
        String::from_utf8(out.stdout).expect("UTF-8")
    };
    let mut said = Vec::with_capacity(guests.len());
    let outs: Vec<_> = processes
        .into_iter()
        .map(|process| tokio::task::spawn_blocking(move || read(process)))
        .collect();
    for out in outs {
        let out = out.await.expect("a crowd");
        let mut lines: Vec<_> = out.lines().map(line).collect();
        lines.sort_unstable_by_key(|(number, _)| *number);
        said.extend(lines.into_iter().map(|(_, said)| said));
    }
    assert_eq!(said.len(), guests.len());
    said
}

fn line(line: &str) -> (usize, Said) {
    let [number, status, took_ms, body] =
        line.splitn(4, '\t').collect::<Vec<_>>().try_into().expect("four parts");
    let status = status.parse().expect("a status");
    let took_ms = took_ms.parse().expect("milliseconds");
    (number.parse().expect("a number"), Said { status, took_ms, body: body.into() })
}

async fn insists(shopper: &Shopper, key: &str, body: &Value) {
    loop {
        let answer = shopper.send(key, body).await;
        if answer.status == 200 {
            return;
        }
        assert!([429, 503].contains(&answer.status), "{} {}", answer.status, answer.code());
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}
