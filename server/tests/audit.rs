//! `funfair audit` passes sound books, and finds each sort of damage that is planted in them.

mod place;

use funfair_engine::{Desk, Merchant, PoolKey, PurseKey, Wants};
use funfair_host_api::{ActivityState, Adjustment, Fact, Reason};
use funfair_server::{Admin, NewStore, Report, database::Database};
use place::Place;
use std::{fs, sync::Arc};

const WHEEL: &str = include_str!("http/wheel.toml");

struct Books {
    place: Place,
    db: Arc<dyn Database>,
}

impl Books {
    /// Ann bought, spun, spent and was refunded; she owes points, and got some back.
    fn kept() -> Self {
        let place = Place::new();
        let db = place.open();
        let new = NewStore {
            id: "acme",
            programme: None,
            zone: "Asia/Shanghai",
            cutover_hour: 0,
            development: true,
        };
        let books = Self { place, db };
        books.admin().ensure_store(&new).unwrap();
        let files = books.place.path().join("activities");
        fs::create_dir_all(&files).unwrap();
        let paid = WHEEL.replace("free_per_day = 1000", "points_each = 5");
        fs::write(files.join("wheel.toml"), paid).unwrap();
        let points = "[points]\nper_100_cents = 1\non = \"paid\"\n";
        fs::write(files.join("store.toml"), points).unwrap();
        books.admin().apply_folder("acme", &files, false).unwrap();
        books.admin().set_state("acme", "wheel", ActivityState::Live).unwrap();
        books.live();
        books
    }

    fn admin(&self) -> Admin<'_> {
        Admin::new(&*self.db, None)
    }

    fn live(&self) {
        let open = self.admin().set_state("acme", "wheel", ActivityState::Live).unwrap();
        let at = Arc::clone(&open.live);
        let merchant = Merchant {
            programme: "acme",
            store: "acme",
            clock: &at.clock,
            points: &at.points,
            activities: &[],
        };
        let now = funfair_server::now_ms();
        let fact = |id: &str, what: &str, cents: u64| {
            let fact = format!(
                r#"{{"id":"{id}","fact":"{what}","sub":"ann","at_ms":{now},"order":"o1",
                "amount_cents":{cents}}}"#
            );
            ("ann".to_owned(), serde_json::from_str::<Fact>(&fact).unwrap())
        };
        Desk::record(&*self.db, &merchant, now, &[fact("f1", "order.paid", 1500)]).unwrap();
        for n in 0..3 {
            let me = Desk::me(&*self.db, &at, &"ann".into(), None, now).unwrap().unwrap();
            let play = funfair_engine::Play {
                at: Arc::clone(&at),
                asker: "ann".into(),
                identity: Some(("acme".into(), "ann".into())),
                key: format!("key-{n}"),
                body_hash: String::new(),
                action: funfair_host_api::json::Raw::parse(r#"{"type":"spin","pay":"points"}"#)
                    .unwrap(),
                client_seed: "abcdefgh".into(),
                commitment: me.commitment,
                revision: at.revision.clone(),
            };
            Desk::run(&*self.db, now, &[play]).unwrap().remove(0).unwrap();
        }
        Desk::record(&*self.db, &merchant, now, &[fact("f2", "order.refunded", 1500)]).unwrap();
        let spent = self.db.transfers("acme", "ann", None, 99).unwrap();
        let spent = spent.into_iter().find(|row| row.reason == Reason::Redeem).unwrap();
        let back = Adjustment {
            id: "a1".into(),
            sub: "ann".into(),
            points: None,
            refund_of: Some(spent.id),
            note: "the wheel stood still".into(),
        };
        Desk::adjust(&*self.db, &merchant, now, "ann", &back).unwrap();
        // Whatever Ann drew, Bob has points.
        let gift = Adjustment {
            id: "a2".into(),
            sub: "bob".into(),
            points: Some(20),
            refund_of: None,
            note: "a gift".into(),
        };
        Desk::adjust(&*self.db, &merchant, now, "bob", &gift).unwrap();
        let list = PoolKey { programme: "acme".into(), pool: "codes:acme/summer".into() };
        self.db.add_codes(&list, &["A".into(), "B".into()]).unwrap();
    }
}

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
