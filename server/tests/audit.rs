//! `funfair audit` passes sound books, and finds each sort of damage that is planted in them.

mod books;
mod place;

use books::Books;
use funfair_engine::{PurseKey, Wants};
use funfair_host_api::Reason;
use funfair_server::{Admin, Report};
use place::Place;

/// The audit of a copy that something was done to.
fn damaged(place: &Place, sql: &str) -> Report {
    let copy = place.copy();
    copy.write(sql);
    Admin::new(&*copy.open(), None).audit(None).unwrap()
}

#[test]
fn sound_books_pass() {
    let books = Books::kept();
    let report = books.admin().audit(Some("acme")).unwrap();
    assert!(report.ok, "{report:#?}");
    assert_eq!(report.programmes, ["acme"]);
    for check in &report.checks {
        assert!(check.looked > 0, "{} looked at nothing", check.name);
    }
    // The debt is part of what was told.
    let key = PurseKey { programme: "acme".into(), member: "ann".into() };
    let wants = Wants { purses: [key].into(), ..Wants::default() };
    let purse = books.db.load(&wants).unwrap().purses.into_values().next().unwrap();
    let transfers = books.db.transfers("acme", "ann", None, 99).unwrap();
    assert!(transfers.iter().any(|row| row.reason == Reason::Refund), "{purse:?}");
    assert!(books.admin().audit(Some("nobody")).is_err());
}

#[test]
fn planted_damage_is_found() {
    let Books { place, db } = Books::kept();
    // Nobody uses what is copied.
    drop(db);
    for (sql, check, finding) in [
        (
            "UPDATE purse SET points = points + 5 WHERE member = 'bob'",
            "balances of every member",
            "points",
        ),
        (
            "UPDATE purse SET lots = replace(lots, 'points\":', 'points\":1') WHERE member = 'bob'",
            "balances of every member",
            "in lots",
        ),
        ("UPDATE purse SET owed = owed + 5 WHERE member = 'ann'", "members owe", "owes"),
        ("UPDATE purse SET lapses_on = 7 WHERE member = 'bob'", "due to lapse", "lapse 1970-01-08"),
        ("DELETE FROM transfer WHERE reason = 'earn'", "balances of every member", "by transfers"),
        (
            "UPDATE transfer SET amount = amount + 1 WHERE reason = 'redeem'",
            "balanced lots",
            "in lots",
        ),
        ("UPDATE transfer SET credit = 'm:bob' WHERE reason = 'earn'", "balanced lots", "m:bob"),
        (
            "UPDATE transfer SET credit = 'h:expired', debit = 'h:issued'",
            "balanced lots",
            "h:expired",
        ),
        ("UPDATE purse SET points = points + 5 WHERE member = 'bob'", "sums to zero", "sum to 5"),
        (
            "INSERT INTO purse (programme, member, points, owed, lapses_on, lots)
             VALUES ('acme', 'eve', 9, 0, 0, '[]')",
            "balances of every member",
            "eve has points from nowhere",
        ),
        (
            "UPDATE transfer SET of_id = 'none' WHERE debit = 'h:redeemed'",
            "returns",
            "which took 0",
        ),
        (
            "UPDATE orders SET state = replace(state, '\"points\":0', '\"points\":7')",
            "orders brought",
            "order o1 brought 7 points",
        ),
        ("DELETE FROM orders", "orders brought", "is unknown"),
        (
            "UPDATE pool SET remaining = remaining + 99 WHERE pool LIKE '%points-9'",
            "no pool",
            "left of 3",
        ),
        ("DELETE FROM code WHERE number = 1", "codes", "1 codes"),
        ("UPDATE pool SET remaining = 9 WHERE pool LIKE 'codes:%'", "codes", "9 left"),
        ("DELETE FROM play WHERE seq = 2", "without a gap", "play 3 follows 1"),
        ("DELETE FROM play WHERE seq = 3", "without a gap", "the last is 2"),
        ("UPDATE play SET id = 'other' WHERE seq = 1", "without a gap", "receipt of play 1"),
    ] {
        let report = damaged(&place, sql);
        assert!(!report.ok, "{sql}");
        let found = report.checks.iter().find(|one| one.name.contains(check)).unwrap();
        let said = found.findings.iter().any(|one| one.contains(finding));
        assert!(found.wrong > 0 && said, "{sql}: {report:#?}");
    }
}
