//! What operators do with a whole database, and with all that is held about one shopper.

mod books;
mod place;

use books::Books;
use funfair_host_api::ActivityState::Live;
use funfair_server::{Admin, database::Retention, now_ms, sqlite};
use std::{
    fs,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

const DAY_MS: u64 = 86_400_000;

#[test]
fn an_erased_shopper_is_gone_and_the_books_stay_right() {
    let books = Books::kept();
    let held = "INSERT INTO held (programme, member, at_ms, id, reward, store, activity, play,
                status, tracking) VALUES ('acme', 'ann', 1, 'h', '{}', 'acme', 'wheel', 'p',
                'shipped', 'SF-77')";
    books.place.write(held);
    books.place.write(
        "INSERT INTO address (programme, member, held, address, at_ms)
         VALUES ('acme', 'ann', 'h', '{\"name\":\"Ann Lee\"}', 1)",
    );
    let admin = books.admin();
    admin.block("acme", "ann", true).unwrap();
    let told = admin.export_member("acme", "ann").unwrap();
    let member = &told["memberships"][0];
    for part in ["activities", "plays", "transfers", "rewards", "addresses", "profile", "facts"] {
        assert!(!member[part].as_array().unwrap().is_empty(), "{part}: {told:#}");
    }
    assert_eq!(member["orders"][0]["id"], "o1");
    assert_eq!(member["addresses"][0]["address"]["name"], "Ann Lee");
    assert!(told.to_string().contains("the wheel stood still"));
    let key = books.db.identity_key("acme").unwrap();

    let erased = admin.erase_member("acme", "ann").unwrap();
    assert_eq!((erased.identities, erased.addresses, erased.parcels), (1, 1, 1), "{erased:?}");
    assert_eq!((erased.profiles, erased.blocks), (1, 1), "{erased:?}");
    assert_ne!(books.db.identity_key("acme").unwrap(), key, "the name leads to the old id");
    let error = admin.export_member("acme", "ann").unwrap_err();
    assert!(error.to_string().contains("there is no shopper \"ann\""), "{error}");
    let count = |sql: &str| books.place.number(sql);
    assert_eq!(count("SELECT COUNT(*) FROM fact WHERE said LIKE '%\"ann\"%'"), 0);
    assert_eq!(count("SELECT COUNT(*) FROM fact WHERE said LIKE '%stood still%'"), 0);
    assert_eq!(count("SELECT COUNT(*) FROM identity WHERE sub = 'ann'"), 0);
    assert_eq!(count("SELECT COUNT(*) FROM identity WHERE sub = 'bob'"), 1);
    let report = admin.audit(None).unwrap();
    assert!(report.ok, "{report:#?}");
}

#[test]
fn what_is_kept_for_a_time_goes_when_it_is_over() {
    let books = Books::kept();
    for (held, status) in [("sent", "shipped"), ("open", "claimed")] {
        books.place.write(&format!(
            "INSERT INTO held (programme, member, at_ms, id, reward, store, activity, play, status)
             VALUES ('acme', 'ann', 1, '{held}', '{{}}', 'acme', 'wheel', 'p', '{status}')"
        ));
        books.place.write(&format!(
            "INSERT INTO address (programme, member, held, address, at_ms)
             VALUES ('acme', 'ann', '{held}', '{{}}', {})",
            now_ms()
        ));
    }
    let keep = Retention { address_days: 10, unsent_days: 20, fact_days: 30 };
    let at =
        |days: u64, dry_run| books.db.retain(&keep, now_ms() + days * DAY_MS, dry_run).unwrap();
    assert!(at(0, false).is_nothing(), "the days begin when a prize is seen to be sent");
    assert!(at(9, false).is_nothing());
    assert_eq!(at(11, true).addresses, 1);
    assert_eq!(at(11, false).addresses, 1);
    assert_eq!(books.place.number("SELECT COUNT(*) FROM address WHERE held = 'open'"), 1);
    assert_eq!(at(21, false).addresses, 1);
    let facts = at(31, true).facts;
    assert!(facts >= 4, "{facts}");
    assert_eq!(at(31, false).facts, facts);
    assert_eq!(at(31, true).facts, 0, "it is done once");
    assert_eq!(books.place.number("SELECT COUNT(*) FROM fact WHERE said LIKE '%\"sub\"%'"), 0);
    assert!(books.admin().audit(None).unwrap().ok);
    // A fact that is sent again is still known.
    assert!(books.place.number("SELECT COUNT(*) FROM fact WHERE id = 'fact:f1'") == 1);
}

#[test]
fn a_backup_under_load_is_whole_and_comes_back() {
    let books = Books::kept();
    if !books.place.is_sqlite() {
        return;
    }
    let database = books.place.path().join("funfair.db");
    let copy = books.place.path().join("copy.db");
    let at = books.admin().set_state("acme", "wheel", Live).unwrap().live;
    books::give(&*books.db, &at, "rich", 1_000_000);
    let over = AtomicBool::new(false);
    let played = thread::scope(|scope| {
        let plays = scope.spawn(|| {
            let mut played = 0;
            while !over.load(Ordering::Relaxed) {
                books::play(&*books.db, &at, &format!("load-{played}")).unwrap();
                played += 1;
            }
            played
        });
        thread::sleep(std::time::Duration::from_millis(100));
        let report = sqlite::backup(&database, &copy);
        over.store(true, Ordering::Relaxed);
        assert!(report.unwrap().unwrap().ok);
        plays.join().unwrap()
    });
    assert!(played > 0);
    let again = sqlite::backup(&database, &copy).unwrap_err();
    assert!(again.to_string().contains("exists and is not overwritten"), "{again}");

    let refused = sqlite::restore(&copy, &database, false).unwrap_err();
    assert!(refused.to_string().contains("--replace"), "{refused}");
    let used = sqlite::restore(&copy, &database, true).unwrap_err();
    assert!(used.to_string().contains("is in use"), "{used}");
    let Books { place, db } = books;
    let before = place.number("SELECT COUNT(*) FROM play");
    drop((at, db));
    let aside = sqlite::restore(&copy, &database, true).unwrap().unwrap();
    assert!(aside.exists());
    let after = place.number("SELECT COUNT(*) FROM play");
    assert!(after > 0 && after <= before, "{after} of {before}");
    assert!(Admin::new(&*place.open(), None).audit(None).unwrap().ok);

    let fresh = place.path().join("fresh.db");
    assert_eq!(sqlite::restore(&copy, &fresh, false).unwrap(), None);
    fs::write(&copy, vec![7; 9000]).unwrap();
    assert!(sqlite::restore(&copy, &fresh, true).is_err());
    assert!(fresh.exists(), "what is there stays where the backup is no database");
}
