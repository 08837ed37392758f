use super::{Booth, START_MS, merchants, races, stall};
use crate::{Denial, Desk, Store, Wants};
use funfair_host_api::ActivityState;

/// Tells the whole story, each chapter on a fresh store.
pub fn tell(fresh: &dyn Fn() -> Box<dyn Store>) {
    let chapters: [fn(&Booth<'_>); 13] = [
        nothing_is_there_before_the_first_play,
        a_play_is_stored_as_it_was_answered,
        the_same_key_is_answered_with_the_same_receipt_and_charged_once,
        another_body_under_a_used_key_is_refused,
        a_key_belongs_to_one_activity,
        a_commitment_is_spent_once,
        stock_is_exact,
        what_is_refused_leaves_no_trace,
        a_panic_ends_its_own_play_only,
        an_item_moves_from_one_member_to_another_or_back,
        pages_follow_one_another,
        a_history_goes_over_all_activities,
        time_never_runs_back_and_a_changed_activity_is_stale,
    ];
    for chapter in chapters.into_iter().chain(merchants::CHAPTERS).chain(races::CHAPTERS) {
        let store = fresh();
        chapter(&Booth::open(&*store, "acme"));
    }
}

fn nothing_is_there_before_the_first_play(booth: &Booth<'_>) {
    assert_eq!(booth.me("ann").view.text(), "[0,0,0]");
    assert_eq!(booth.store.member("acme", "acme", "sub-of-ann").unwrap(), None);
    assert_eq!(booth.store.play("acme", "ann", "none").unwrap(), None);
    assert!(booth.store.plays(&booth.at.lane, "ann", None, 10).unwrap().is_empty());
    assert!(booth.store.held("acme", "ann", 10).unwrap().is_empty());
}

fn a_play_is_stored_as_it_was_answered(booth: &Booth<'_>) {
    let answer = booth.one("ann", "key-1", r#"{"type":"earn","points":20}"#).unwrap();
    let receipt = Booth::receipt(&answer);
    let row = booth.store.play("acme", "ann", &receipt.id).unwrap().unwrap();
    assert_eq!((row.receipt, row.seq, row.at_ms), (answer.receipt, 1, START_MS));
    assert_eq!(booth.store.play("acme", "bob", &receipt.id).unwrap(), None, "another's play");
    let member = booth.store.member("acme", "acme", "sub-of-ann").unwrap();
    assert_eq!(member.as_deref(), Some("ann"));
    assert_eq!(answer.me.balance, 20);
    assert_eq!(booth.audit("ann"), 20);
}

fn the_same_key_is_answered_with_the_same_receipt_and_charged_once(booth: &Booth<'_>) {
    let play = booth.play("ann", "key-1", r#"{"type":"draw"}"#);
    let twice = booth.run(&[play.clone(), play.clone()]);
    let later = booth.run(&[play]);
    let answers: Vec<_> =
        twice.iter().chain(&later).map(|answer| answer.as_ref().unwrap()).collect();
    assert!(answers.iter().all(|answer| answer.receipt == answers[0].receipt));
    let repeated: Vec<_> = answers.iter().map(|answer| answer.repeated).collect();
    assert_eq!(repeated, [false, true, true]);
    assert_eq!(booth.store.plays(&booth.at.lane, "ann", None, 10).unwrap().len(), 1);
}

fn another_body_under_a_used_key_is_refused(booth: &Booth<'_>) {
    booth.one("ann", "key-1", r#"{"type":"earn","points":1}"#).unwrap();
    let again = booth.one("ann", "key-1", r#"{"type":"earn","points":2}"#);
    assert_eq!(again.unwrap_err(), Denial::KeyReused);
    assert!(booth.one("bob", "key-1", r#"{"type":"earn","points":2}"#).is_ok(), "bob's own key");
    assert_eq!((booth.audit("ann"), booth.audit("bob")), (1, 2));
}

fn a_key_belongs_to_one_activity(booth: &Booth<'_>) {
    let twin = Booth::open_as(booth.store, "acme", "twin");
    let earn = r#"{"type":"earn","points":3}"#;
    booth.one("ann", "key-1", earn).unwrap();
    assert_eq!(twin.one("ann", "key-1", earn).unwrap_err(), Denial::KeyReused);
    // In one batch, too.
    let batch = [booth.play("ann", "key-2", earn), twin.play("ann", "key-2", earn)];
    let answers = booth.run(&batch);
    assert!(answers[0].is_ok());
    assert_eq!(answers[1].as_ref().unwrap_err(), &Denial::KeyReused);
    assert_eq!(booth.audit("ann"), 6);
}

fn a_commitment_is_spent_once(booth: &Booth<'_>) {
    booth.one("ann", "earn", r#"{"type":"earn","points":100}"#).unwrap();
    let tabs = [
        booth.play("ann", "tab-1", r#"{"type":"buy"}"#),
        booth.play("ann", "tab-2", r#"{"type":"buy"}"#),
    ];
    let answers = booth.run(&tabs);
    assert!(answers[0].is_ok());
    let next = booth.me("ann").commitment;
    let denial = answers[1].as_ref().unwrap_err();
    assert_eq!(*denial, Denial::CommitmentUsed { next });
}

/// A thousand members, one draw each and one more for points, in batches of 64, on ten mugs.
fn stock_is_exact(booth: &Booth<'_>) {
    let members: Vec<_> = (0..500).map(|n| format!("m{n}")).collect();
    let mut mugs = 0;
    for action in [r#"{"type":"earn","points":5}"#, r#"{"type":"draw"}"#, r#"{"type":"buy"}"#] {
        for members in members.chunks(64) {
            let batch: Vec<_> =
                members.iter().map(|member| booth.play(member, action, action)).collect();
            for answer in booth.run(&batch) {
                let receipt = Booth::receipt(&answer.unwrap());
                mugs += usize::from(receipt.outcome.text().contains("\"prize\":\"mug\""));
            }
        }
    }
    assert_eq!(mugs, 10);
    let held = |member: &String| booth.store.held("acme", member, 10).unwrap().len();
    assert_eq!(members.iter().map(held).sum::<usize>(), 10);
    let mut wants = Wants::default();
    wants.pools.extend(booth.at.pools().into_iter().map(|(key, _)| key));
    let pools = booth.store.load(&wants).unwrap().pools;
    assert!(pools.values().all(|pool| pool.left == 0), "{pools:?}");
    // Opening again, as an operator's restart does, must not fill the pool up.
    booth.store.open(&booth.at.lane, &booth.at.head(), &booth.at.pools()).unwrap();
    assert_eq!(booth.store.load(&wants).unwrap().pools, pools);
    for member in &members {
        booth.audit(member);
    }
}

fn what_is_refused_leaves_no_trace(booth: &Booth<'_>) {
    let before = dump(booth);
    let refused = booth.one("ann", "key-1", r#"{"type":"buy"}"#);
    assert!(matches!(refused, Err(Denial::Refused(_))));
    let bad = booth.one("ann", "key-1", r#"{"type":"overdraw"}"#);
    assert!(matches!(bad, Err(Denial::Broken(_))));
    assert_eq!(dump(booth), before);
    assert!(booth.one("ann", "key-1", r#"{"type":"draw"}"#).is_ok(), "the key is still free");
}

fn a_panic_ends_its_own_play_only(booth: &Booth<'_>) {
    let batch = [
        booth.play("ann", "a", r#"{"type":"earn","points":3}"#),
        booth.play("bob", "b", r#"{"type":"panic"}"#),
        booth.play("cid", "c", r#"{"type":"earn","points":4}"#),
    ];
    let answers = booth.run(&batch);
    assert!(answers[0].is_ok() && answers[2].is_ok());
    assert!(matches!(answers[1], Err(Denial::Broken(_))));
    assert_eq!((booth.audit("ann"), booth.audit("bob"), booth.audit("cid")), (3, 0, 4));
}

fn an_item_moves_from_one_member_to_another_or_back(booth: &Booth<'_>) {
    booth.one("ann", "earn", r#"{"type":"earn","points":10}"#).unwrap();
    for item in ["ann:1", "ann:2"] {
        let wrap = format!(r#"{{"type":"wrap","item":"{item}","points":4}}"#);
        booth.one("ann", item, &wrap).unwrap();
    }
    let unwrap = r#"{"type":"unwrap","item":"ann:1"}"#;
    let race = [booth.play("bob", "b", unwrap), booth.play("cid", "c", unwrap)];
    let taken: Vec<_> = booth.run(&race).iter().map(Result::is_ok).collect();
    assert_eq!(taken, [true, false]);
    assert_eq!((booth.audit("ann"), booth.audit("bob"), booth.audit("cid")), (2, 4, 0));
    let settle = |now_ms| Desk::settle(booth.store, &booth.at, None, now_ms).unwrap();
    settle(START_MS);
    assert_eq!(booth.audit("ann"), 2, "the gift still waits");
    settle(START_MS + stall::GIFT_MS);
    settle(START_MS + stall::GIFT_MS);
    assert_eq!(booth.audit("ann"), 6, "it came back once");
    assert!(booth.store.items(&booth.at.lane, None, 10).unwrap().is_empty());
}

fn pages_follow_one_another(booth: &Booth<'_>) {
    for n in 0..5 {
        booth.one("ann", &format!("key-{n}"), r#"{"type":"earn","points":1}"#).unwrap();
    }
    let plays = |before, limit| booth.store.plays(&booth.at.lane, "ann", before, limit).unwrap();
    let seqs = |rows: &[crate::PlayRow]| rows.iter().map(|row| row.seq).collect::<Vec<_>>();
    assert_eq!(seqs(&plays(None, 2)), [5, 4]);
    assert_eq!(seqs(&plays(Some(4), 9)), [3, 2, 1]);
    let all = booth.store.transfers("acme", "ann", None, 9).unwrap();
    let first = booth.store.transfers("acme", "ann", None, 2).unwrap();
    let before = first.last().map(|row| (row.at_ms, row.id.as_str()));
    let rest = booth.store.transfers("acme", "ann", before, 9).unwrap();
    assert_eq!([first.clone(), rest].concat(), all);
    assert_eq!(all.len(), 5);
}

fn a_history_goes_over_all_activities(booth: &Booth<'_>) {
    let mut twin = Booth::open_as(booth.store, "acme", "twin");
    let earn = r#"{"type":"earn","points":1}"#;
    for n in 0..3 {
        // Two at one moment: their ids decide which comes first.
        twin.now_ms = booth.now_ms + n;
        let moved = Booth { store: booth.store, at: booth.at.clone(), now_ms: twin.now_ms };
        moved.one("ann", &format!("a-{n}"), earn).unwrap();
        twin.one("ann", &format!("b-{n}"), earn).unwrap();
        twin.one("bob", &format!("b-{n}"), earn).unwrap();
    }
    // What time brings about has no receipt, and is no part of a history.
    let gift = r#"{"type":"wrap","item":"ann:gift","points":1}"#;
    booth.one("ann", "gift", gift).unwrap();
    let later = booth.now_ms + stall::GIFT_MS + 10;
    Desk::settle(booth.store, &booth.at, None, later).unwrap();
    let page = |before: Option<(u64, &str)>, limit| {
        booth.store.history("acme", "ann", before, limit).unwrap()
    };
    let all = page(None, 99);
    let name = |row: &crate::PlayRow| (row.at_ms, row.id.clone());
    assert_eq!(all.len(), 7);
    assert!(all.iter().all(|row| row.key.member == "ann" && !row.receipt.is_empty()));
    assert!(all.is_sorted_by(|a, b| name(a) > name(b)));
    let first = page(None, 3);
    let last = first.last().map(name).unwrap();
    let rest = page(Some((last.0, last.1.as_str())), 99);
    assert_eq!([first, rest].concat(), all);
    assert!(booth.store.history("other", "ann", None, 9).unwrap().is_empty());
    // Those who have played an activity, in the order of their ids.
    let ids = |lane, after| {
        let rows = booth.store.members(lane, after, 9).unwrap();
        rows.into_iter().map(|(member, _)| member).collect::<Vec<_>>()
    };
    assert_eq!(ids(&twin.at.lane, None), ["ann", "bob"]);
    assert_eq!(ids(&twin.at.lane, Some("ann")), ["bob"]);
    assert_eq!(ids(&booth.at.lane, Some("")), ["ann"]);
    assert_eq!(booth.store.members(&twin.at.lane, None, 1).unwrap().len(), 1);
}

fn time_never_runs_back_and_a_changed_activity_is_stale(booth: &Booth<'_>) {
    booth.one("ann", "a", r#"{"type":"earn","points":1}"#).unwrap();
    let back = Booth { store: booth.store, at: booth.at.clone(), now_ms: START_MS - 5000 };
    let answer = back.one("ann", "b", r#"{"type":"earn","points":1}"#).unwrap();
    assert_eq!(Booth::receipt(&answer).at_ms, START_MS);
    let play = booth.play("ann", "c", r#"{"type":"earn","points":1}"#);
    let mut head = booth.at.head();
    head.state = ActivityState::Paused;
    booth.store.open(&booth.at.lane, &head, &[]).unwrap();
    assert_eq!(booth.run(&[play])[0].as_ref().unwrap_err(), &Denial::Stale);
}

/// The rows of the story's first members, to compare two moments or two stores.
pub fn dump(booth: &Booth<'_>) -> String {
    let programme = &booth.at.lane.programme;
    let mut wants = Wants::default();
    wants.lanes.insert(booth.at.lane.clone());
    wants.pools.extend(booth.at.pools().into_iter().map(|(key, _)| key));
    let mut out = Vec::new();
    for member in ["ann", "bob", "cid", "m0", "m1", "m2"] {
        let member_key = crate::MemberKey { lane: booth.at.lane.clone(), member: member.into() };
        wants.members.insert(member_key);
        let key = crate::PurseKey { programme: programme.clone(), member: member.into() };
        wants.profiles.insert(key.clone());
        wants.purses.insert(key);
        let transfers = booth.store.transfers(programme, member, None, 1 << 30).unwrap();
        let held = booth.store.held(programme, member, 1 << 30).unwrap();
        let plays = booth.store.plays(&booth.at.lane, member, None, 1 << 30).unwrap();
        out.push(format!("{transfers:?}\n{held:?}\n{plays:?}"));
    }
    out.push(format!("{:?}", booth.store.load(&wants).unwrap()));
    out.join("\n")
}
