//! Many members at once, through the engine's own desk.

use crate::table::example;
use funfair_engine::{
    Asker, Budget, Clock, Denial, Desk, Lane, MemoryStore, Play, Running, SecretKey, Setup, Store,
    Verdict, Wants, erase,
};
use funfair_host_api::{ActivityState, json::Raw};
use funfair_poll::{Poll, Shared, View};
use serde_json::{Value, json};
use std::sync::Arc;

const NOW_MS: u64 = 1_792_468_800_000; // 20 October 2026, noon in Shanghai

fn open(rules: Value) -> (Arc<Running>, MemoryStore) {
    open_with(rules, Budget::default())
}

fn open_with(rules: Value, budget: Budget) -> (Arc<Running>, MemoryStore) {
    let clock = Clock::new("Asia/Shanghai", 0).unwrap();
    let mut setup = Setup::parse(include_str!("../../example.toml"), &clock).unwrap();
    (setup.rules, setup.budget) = (rules, budget);
    let lane = Lane { programme: "p".into(), store: "s".into(), activity: "vote".into() };
    let key = SecretKey::new([9; 32]);
    let running = Running::new(lane, setup, ActivityState::Live, key, &[erase::<Poll>()]).unwrap();
    let store = MemoryStore::default();
    store.open(&running.lane, &running.head(), &running.pools()).unwrap();
    (Arc::new(running), store)
}

fn play(at: &Arc<Running>, member: &str, key: &str, action: &Value) -> Play {
    Play {
        at: Arc::clone(at),
        asker: Asker::from(member),
        identity: None,
        key: key.into(),
        body_hash: "0".repeat(64),
        action: Raw::parse(&action.to_string()).unwrap(),
        client_seed: "seed".into(),
        // Nothing is drawn, so the first one stays.
        commitment: at.key.seed("p", member, 0).commitment(),
        revision: at.revision.clone(),
    }
}

fn vote(option: &str) -> Value {
    json!({ "type": "vote", "options": [option] })
}

fn shared(at: &Running, store: &MemoryStore) -> Shared {
    let wants = Wants { lanes: [at.lane.clone()].into(), ..Wants::default() };
    let head = store.load(&wants).unwrap().lanes.remove(&at.lane).unwrap();
    serde_json::from_str(&head.shared).unwrap()
}

fn view(at: &Running, store: &MemoryStore, member: &str) -> View {
    let me = Desk::me(store, at, &Asker::from(member), None, NOW_MS).unwrap().unwrap();
    serde_json::from_str(me.view.text()).unwrap()
}

#[test]
fn a_thousand_ballots_on_a_quota_of_ten_leave_ten() {
    let mut rules = example();
    rules["options"][0]["quota"] = json!(10);
    let (at, store) = open(rules);
    let plays: Vec<_> =
        (0..1000).map(|n| play(&at, &format!("m{n}"), "first", &vote("tea-set"))).collect();
    // Batches of all sizes, from several threads.
    let taken: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = plays
            .chunks(125)
            .enumerate()
            .map(|(n, plays)| {
                let store = &store;
                scope.spawn(move || {
                    let batches = plays.chunks(1 + n * 9);
                    let run = |batch| Desk::run(store, NOW_MS, batch).unwrap();
                    let answers = batches.flat_map(run);
                    answers
                        .map(|answer| match answer {
                            Ok(_) => 1,
                            Err(Denial::Refused(no)) => {
                                assert!(no.text().contains("\"option_full\""), "{}", no.text());
                                0
                            }
                            Err(other) => panic!("{other:?}"),
                        })
                        .sum::<usize>()
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum::<usize>()
    });
    assert_eq!(taken, 10);
    let shared = shared(&at, &store);
    assert_eq!((shared.now.count("tea-set"), shared.now.ballots), (10, 10));
    assert!(store.all_transfers("p").len() == 10, "a reward a ballot");
    assert!(view(&at, &store, "late").options[0].full);
}

#[test]
fn places_go_round_within_one_batch() {
    let mut rules = example();
    rules["options"][0]["quota"] = json!(1);
    let (at, store) = open(rules);
    let batch = [
        play(&at, "ada", "1", &vote("tea-set")),
        play(&at, "bo", "1", &vote("tea-set")),
        play(&at, "ada", "2", &vote("candle")),
        play(&at, "bo", "2", &vote("tea-set")),
        play(&at, "ada", "2", &vote("candle")),
    ];
    let answers = Desk::run(&store, NOW_MS, &batch).unwrap();
    let said: Vec<_> = answers.iter().map(Result::is_ok).collect();
    assert_eq!(said, [true, false, true, true, true]);
    assert!(answers[4].as_ref().unwrap().repeated, "a repetition is not counted");
    let shared = shared(&at, &store);
    assert_eq!((shared.now.count("tea-set"), shared.now.count("candle")), (1, 1));
    assert_eq!(shared.now.ballots, 2);
}

#[test]
fn a_verdict_reaches_the_vote_and_the_author() {
    let (at, store) = open(example());
    let propose = |text: &str| json!({ "type": "nominate", "text": text });
    let batch = [
        play(&at, "ada", "1", &propose("Bamboo tray")),
        play(&at, "ada", "2", &propose("Walnut tray")),
        play(&at, "bo", "1", &propose("Bamboo tray")),
    ];
    assert!(Desk::run(&store, NOW_MS, &batch).unwrap().iter().all(Result::is_ok));
    let items = store.items(&at.lane, None, 10).unwrap();
    let find = |text: &str| {
        let key = items.iter().find(|(_, row)| row.contains(text) && row.contains("\"ada\""));
        key.unwrap().0.clone()
    };
    let judge = |item: &str, verdict| Desk::moderate(&store, &at, item, verdict, NOW_MS).unwrap();
    judge(&find("Bamboo"), Verdict::Approve).unwrap();
    judge(&find("Walnut"), Verdict::Reject).unwrap();
    assert!(judge(&find("Walnut"), Verdict::Reject).is_err(), "a second verdict finds nothing");
    assert_eq!(view(&at, &store, "chen").options.last().unwrap().id, "n_1");
    let statuses = |member: &str| {
        let mine = view(&at, &store, member).nominations.unwrap().mine;
        mine.iter().map(|mine| mine.status.name()).collect::<Vec<_>>()
    };
    assert_eq!(statuses("ada"), ["accepted", "declined"]);
    let earned: Vec<_> = store.all_transfers("p").iter().map(|row| row.amount).collect();
    assert_eq!(earned, [50]);
    // Bo's lapses with the close; twice is once.
    let after = at.setup.closes_at_ms;
    for _ in 0..2 {
        assert_eq!(Desk::settle(&store, &at, None, after).unwrap(), None);
    }
    assert_eq!(statuses("bo"), ["lapsed"]);
    assert_eq!(store.items(&at.lane, None, 10).unwrap(), []);
}

#[test]
fn an_author_is_paid_what_was_promised_where_ballots_used_up_the_budget() {
    let (at, store) = open_with(example(), Budget { points: Some(55), cents: None });
    let propose = json!({ "type": "nominate", "text": "Bamboo tray" });
    let mut batch = vec![play(&at, "ada", "1", &propose)];
    batch.extend((0..7).map(|n| play(&at, &format!("m{n}"), "1", &vote("candle"))));
    assert!(Desk::run(&store, NOW_MS, &batch).unwrap().iter().all(Result::is_ok));
    let [(item, _)] = <[_; 1]>::try_from(store.items(&at.lane, None, 10).unwrap()).unwrap();
    Desk::moderate(&store, &at, &item, Verdict::Approve, NOW_MS).unwrap().unwrap();
    let amounts: Vec<_> = store.all_transfers("p").iter().map(|row| row.amount).collect();
    assert_eq!(amounts, [10, 10, 10, 10, 10, 50]);
    assert_eq!(shared(&at, &store).now.count("candle"), 7);
}
