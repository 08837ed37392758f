use crate::table::{DAY_MS, Table, plain, refused};
use funfair_engine::Rules;
use funfair_host_api::Day;
use funfair_poll::{Poll, Refusal, report};
use serde_json::json;

/// Weeks from 20 October 2026 on.
fn weekly() -> Table {
    Table::new(plain(json!({
        "rounds": { "every": 7, "from": "2026-10-20" },
        "results": "live",
        "reward": { "type": "points", "amount": 5 },
    })))
}

#[test]
fn a_new_round_has_an_empty_tally_and_a_ballot_for_everyone() {
    let mut table = weekly();
    table.vote("ada", &["a"]).unwrap();
    table.day.0 += 6;
    let refusal = refused(table.vote("ada", &["b"]), "already_voted");
    let next = Day::parse("2026-10-27").unwrap();
    assert!(matches!(refusal, Refusal::AlreadyVoted { next: Some(day), .. } if day == next));
    table.day.0 += 1;
    let view = table.view("ada");
    assert!(view.can_vote && !view.voted && view.options.iter().all(|option| !option.chosen));
    assert_eq!((view.ballots, view.options[0].count), (Some(0), Some(0)));
    table.vote("ada", &["b"]).unwrap();
    assert_eq!((table.count("a"), table.count("b"), table.shared.now.round), (0, 1, 2));
    assert_eq!(table.points["ada"], 10, "a reward a round");
}

#[test]
fn the_last_round_is_kept_and_shown_beside_this_one() {
    let mut table = weekly();
    table.vote("ada", &["a"]).unwrap();
    table.vote("bo", &["b"]).unwrap();
    table.day.0 += 7;
    // Nobody has voted in it yet.
    let round = table.view("ada").round.unwrap();
    assert_eq!((round.number, round.last_ballots), (2, Some(2)));
    table.vote("ada", &["b"]).unwrap();
    let view = table.view("ada");
    assert_eq!((view.options[0].count, view.options[0].last), (Some(0), Some(1)));
    let rounds: Vec<_> = report(&table.config, &table.shared);
    assert_eq!(
        rounds.iter().map(|row| (row.round, row.ballots)).collect::<Vec<_>>(),
        [(2, 1), (1, 2)]
    );
    table.day.0 += 7;
    table.vote("ada", &["c"]).unwrap();
    assert_eq!(table.shared.last.round, 2, "what is older goes");
}

#[test]
fn no_round_is_promised_that_the_close_cuts_off() {
    let mut table = weekly();
    let begins = |table: &Table| table.view("ada").round.unwrap().next;
    assert_eq!(begins(&table).unwrap().text(), "2026-10-27");
    table.closes_at_ms = u64::from(table.day.0.unsigned_abs() + 7) * DAY_MS;
    assert_eq!(begins(&table), None);
    table.closes_at_ms += DAY_MS;
    assert!(begins(&table).is_some());
}

#[test]
fn after_the_close_the_last_round_with_ballots_stays() {
    let mut table = weekly();
    table.vote("ada", &["a"]).unwrap();
    table.day.0 += 30;
    table.close();
    let view = table.view("ada");
    assert_eq!(
        (view.ballots, view.options[0].count, view.options[0].chosen),
        (Some(1), Some(1), true)
    );
    assert_eq!(Poll::moves(&view), []);
}
