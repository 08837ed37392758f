//! A store with a history of every sort of movement.

#![allow(dead_code, reason = "each file of tests uses some of it")]

use crate::place::Place;
use funfair_engine::{Desk, Merchant, PoolKey, Running};
use funfair_host_api::{ActivityState, Adjustment, Fact, Reason};
use funfair_server::{Admin, NewStore, database::Database};
use std::{fs, sync::Arc};

const WHEEL: &str = include_str!("../http/wheel.toml");

pub struct Books {
    pub place: Place,
    pub db: Arc<dyn Database>,
}

impl Books {
    /// Ann bought, spun, spent and was refunded; she owes points, and got some back.
    pub fn kept() -> Self {
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

    pub fn admin(&self) -> Admin<'_> {
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
            play(&*self.db, &at, &format!("key-{n}")).unwrap();
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

/// A spin of Ann's for points; answers its receipt.
pub fn play(db: &dyn Database, at: &Arc<Running>, key: &str) -> Result<String, String> {
    let now = funfair_server::now_ms();
    let me = Desk::me(db, at, &"ann".into(), None, now).unwrap().unwrap();
    let play = funfair_engine::Play {
        at: Arc::clone(at),
        asker: "ann".into(),
        identity: Some(("acme".into(), "ann".into())),
        key: key.into(),
        body_hash: String::new(),
        action: funfair_host_api::json::Raw::parse(r#"{"type":"spin","pay":"points"}"#).unwrap(),
        client_seed: "abcdefgh".into(),
        commitment: me.commitment,
        revision: at.revision.clone(),
    };
    let said = Desk::run(db, now, &[play]).unwrap().remove(0);
    said.map(|answer| answer.receipt).map_err(|denial| format!("{denial:?}"))
}

/// Gives Ann points.
pub fn give(db: &dyn Database, at: &Running, id: &str, points: i64) {
    let merchant = Merchant {
        programme: "acme",
        store: "acme",
        clock: &at.clock,
        points: &at.points,
        activities: &[],
    };
    let gift = Adjustment {
        id: id.into(),
        sub: "ann".into(),
        points: Some(points),
        refund_of: None,
        note: "for Ann".into(),
    };
    Desk::adjust(db, &merchant, funfair_server::now_ms(), "ann", &gift).unwrap();
}
