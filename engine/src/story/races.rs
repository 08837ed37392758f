//! The chapters about two that write at the same moment what was not there before: a row that does
//! not exist yet cannot be locked, and is protected all the same.

use super::{
    ACTIVITY, Booth,
    merchants::{Office, adjustment, fact},
};
use crate::{Answer, Denial, Desk, MemberKey, Play, Purchase, PurseKey, Wants, stage::MemberRow};
use funfair_host_api::{Barrier, Fact};
use std::{sync, thread};

/// The chapters, in order.
pub(super) const CHAPTERS: [fn(&Booth<'_>); 7] = [
    a_key_used_twice_at_once_is_one_play,
    a_key_used_at_once_in_two_activities_belongs_to_one,
    first_plays_in_two_activities_fill_one_purse,
    two_first_plays_of_a_member_both_count,
    facts_that_come_at_once_are_all_heard_and_each_once,
    a_chance_that_comes_with_the_first_play_stays,
    two_tries_at_a_gate_both_count,
];

/// How often each race is run, each time with members who have no row yet.
const ROUNDS: usize = 8;

const EARN: &str = r#"{"type":"earn","points":5}"#;

/// Does two things, as nearly at once as two threads can.
fn at_once<T: Send>(one: impl FnOnce() -> T + Send, other: impl FnOnce() -> T + Send) -> [T; 2] {
    let start = sync::Barrier::new(2);
    thread::scope(|scope| {
        let other = scope.spawn(|| {
            start.wait();
            other()
        });
        start.wait();
        let one = one();
        [one, other.join().unwrap()]
    })
}

/// Plays two plays in two batches, each on its booth.
fn race(one: (&Booth<'_>, Play), other: (&Booth<'_>, Play)) -> [Result<Answer, Denial>; 2] {
    let run = |(booth, play): (&Booth<'_>, Play)| booth.run(&[play]).remove(0);
    at_once(|| run(one), || run(other))
}

fn members() -> impl Iterator<Item = String> {
    (0..ROUNDS).map(|n| format!("m{n}"))
}

/// How many plays of a member an activity counts.
fn plays(booth: &Booth<'_>, member: &str) -> u64 {
    let view = booth.me(member).view;
    serde_json::from_str::<Vec<u64>>(view.text()).unwrap()[0]
}

fn a_key_used_twice_at_once_is_one_play(booth: &Booth<'_>) {
    for member in members() {
        let play = booth.play(&member, "key", EARN);
        let said = race((booth, play.clone()), (booth, play)).map(Result::unwrap);
        assert_eq!(said[0].receipt, said[1].receipt);
        assert_eq!(said.iter().filter(|said| said.repeated).count(), 1);
        assert_eq!((booth.audit(&member), plays(booth, &member)), (5, 1));
    }
}

fn a_key_used_at_once_in_two_activities_belongs_to_one(booth: &Booth<'_>) {
    let twin = Booth::open_as(booth.store, "acme", "twin");
    for member in members() {
        let play = |booth: &Booth<'_>| booth.play(&member, "key", EARN);
        let said = race((booth, play(booth)), (&twin, play(&twin)));
        let reused = |said: &&Result<_, _>| matches!(said, Err(Denial::KeyReused));
        assert_eq!(said.iter().filter(|said| said.is_ok()).count(), 1);
        assert_eq!(said.iter().filter(reused).count(), 1);
        assert_eq!(booth.audit(&member), 5);
    }
}

fn first_plays_in_two_activities_fill_one_purse(booth: &Booth<'_>) {
    let twin = Booth::open_as(booth.store, "acme", "twin");
    for member in members() {
        let one = (booth, booth.play(&member, "one", EARN));
        let other = (&twin, twin.play(&member, "other", EARN));
        assert!(race(one, other).iter().all(Result::is_ok));
        assert_eq!(booth.audit(&member), 10);
        assert_eq!((plays(booth, &member), plays(&twin, &member)), (1, 1));
    }
}

fn two_first_plays_of_a_member_both_count(booth: &Booth<'_>) {
    for member in members() {
        let play = |key: &str| (booth, booth.play(&member, key, EARN));
        assert!(race(play("one"), play("other")).iter().all(Result::is_ok));
        assert_eq!((booth.audit(&member), plays(booth, &member)), (10, 2));
        // Both tabs show the same commitment, and there is one free chance.
        let draw = |key: &str| (booth, booth.play(&member, key, r#"{"type":"draw"}"#));
        let drawn = race(draw("draw"), draw("draw again"));
        assert_eq!(drawn.iter().filter(|said| said.is_ok()).count(), 1);
        assert_eq!(plays(booth, &member), 3);
    }
}

fn facts_that_come_at_once_are_all_heard_and_each_once(booth: &Booth<'_>) {
    let office = Office::of(booth, Purchase::Paid);
    for member in members() {
        let paid = |id: &str, cents: u64| {
            let order = format!("o-{member}");
            let fact = fact(&format!("{id}-{member}"), "order.paid", Some(&order), Some(cents));
            Fact { sub: format!("sub-of-{member}"), ..fact }
        };
        let record = |fact: Fact| office.record(booth, &[fact]).unwrap().remove(0);
        // The same fact, sent twice.
        let said = at_once(|| record(paid("part", 5_000)), || record(paid("part", 5_000)));
        assert_eq!(said.iter().filter(|said| said.repeated).count(), 1);
        assert!(said.iter().all(|said| said.points == 50));
        // The other parts of the same order.
        at_once(|| record(paid("part 2", 3_000)), || record(paid("part 3", 1_000)));
        assert_eq!(booth.audit(&member), 90);
        // Another order, of which nothing is known yet, in two parts.
        let other = |id: &str| Fact { order: Some(format!("p-{member}")), ..paid(id, 500) };
        at_once(|| record(other("part 4")), || record(other("part 5")));
        assert_eq!(booth.audit(&member), 100);
        assert_eq!(profile(booth, &member), profile_of_one_who_came_in_turn(booth));
    }
    // An adjustment is booked once, and none is lost.
    let adjust = |id: &str| office.adjust(booth, &adjustment(id, 7)).map(|_| ()).unwrap();
    at_once(|| adjust("a"), || adjust("a"));
    at_once(|| adjust("b"), || adjust("c"));
    assert_eq!(booth.audit("ann"), 21);
}

fn profile(booth: &Booth<'_>, member: &str) -> Option<String> {
    let key = PurseKey { programme: "acme".into(), member: member.into() };
    let wants = Wants { profiles: [key].into(), ..Wants::default() };
    booth.store.load(&wants).unwrap().profiles.into_values().next()
}

/// What five parts of two orders make of a profile, told one after the other.
fn profile_of_one_who_came_in_turn(booth: &Booth<'_>) -> Option<String> {
    let store = crate::MemoryStore::default();
    let alone = Booth::open(&store, "acme");
    let office = Office::of(&alone, Purchase::Paid);
    for (id, cents) in [("a", 5_000), ("b", 3_000), ("c", 1_000), ("d", 500), ("e", 500)] {
        let order = if cents == 500 { "p" } else { "o" };
        office.record(&alone, &[fact(id, "order.paid", Some(order), Some(cents))]).unwrap();
    }
    assert_eq!(alone.now_ms, booth.now_ms);
    profile(&alone, "ann")
}

fn a_chance_that_comes_with_the_first_play_stays(booth: &Booth<'_>) {
    let earned = "points_each = 5\n\n[[chances.earned]]\nfact = \"order.paid\"\n";
    let file = ACTIVITY.replace("points_each = 5\n", earned);
    let giving = Booth::open_with(booth.store, "acme", "giving", &file);
    let office = Office::of(&giving, Purchase::Paid);
    for member in members() {
        let play = giving.play(&member, "key", EARN);
        let paid = fact(&format!("paid-{member}"), "order.paid", Some(&member), Some(500));
        let paid = Fact { sub: format!("sub-of-{member}"), ..paid };
        at_once(
            || assert!(giving.run(&[play])[0].is_ok()),
            || assert_eq!(office.record(&giving, &[paid]).unwrap()[0].chances, 1),
        );
        let key = MemberKey { lane: giving.at.lane.clone(), member: member.clone() };
        let wants = Wants { members: [key.clone()].into(), ..Wants::default() };
        let row = &giving.store.load(&wants).unwrap().members[&key];
        let row: MemberRow = serde_json::from_str(row).unwrap();
        assert_eq!((row.chances.granted(giving.now_ms), plays(&giving, &member)), (1, 1));
        assert_eq!(giving.audit(&member), 10);
    }
}

fn two_tries_at_a_gate_both_count(booth: &Booth<'_>) {
    let gate = r#"
        [gate]
        passphrase = "a long winter evening"
        hint = { en = "At noon.", "zh-CN" = "中午公布。" }
    "#;
    let gated = Booth::open_with(booth.store, "acme", "gated", &format!("{ACTIVITY}\n{gate}"));
    for member in members() {
        let asker = member.as_str().into();
        let identity = ("acme".into(), format!("sub-of-{member}"));
        let attempt = |typed: &str| {
            let (store, now_ms) = (gated.store, gated.now_ms);
            let said = Desk::unlock(store, &gated.at, &asker, Some(&identity), typed, now_ms);
            assert!(said.unwrap().is_ok());
        };
        at_once(|| attempt("a short summer morning"), || attempt("the middle of autumn"));
        let left = match gated.me(&member).barrier {
            Some(Barrier::Passphrase { attempts_left, .. }) => attempts_left,
            _ => 5,
        };
        assert_eq!(left, 3);
        assert_eq!(
            gated.store.member("acme", "acme", &identity.1).unwrap().as_deref(),
            Some(&*member)
        );
    }
}
