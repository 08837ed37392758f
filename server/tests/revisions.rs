//! Operators' commands run beside the server and beside each other, each through a connection of
//! its own. Whatever their order, a closed activity stays closed, and the rules under which
//! somebody played stay.

mod place;

use funfair_engine::{Lane, LaneRow, PoolKey, Rows, Wants, Writes};
use funfair_host_api::ActivityState::{Closed, Live};
use funfair_server::{
    Admin, NewStore,
    database::{Database, RevisionRow},
};
use place::Place;
use std::{
    fs,
    path::PathBuf,
    sync::{Arc, Barrier},
    thread,
    time::Duration,
};

const WHEEL: &str = include_str!("http/wheel.toml");

/// How often two commands meet.
const MEETINGS: u32 = 40;

/// A database file, with the store `acme`.
struct Stall(Place);

impl Stall {
    fn new() -> Self {
        let stall = Self(Place::new());
        let store = NewStore {
            id: "acme",
            programme: None,
            zone: "Asia/Shanghai",
            cutover_hour: 0,
            development: true,
        };
        assert!(Admin::new(&*stall.connect(), None).ensure_store(&store).unwrap());
        stall
    }

    /// One process more.
    fn connect(&self) -> Arc<dyn Database> {
        self.0.open()
    }

    /// A folder whose one file is `wheel`, changed.
    fn folder(&self, name: &str, was: &str, is: &str) -> PathBuf {
        let folder = self.0.path().join(name);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(format!("{name}.toml")), WHEEL.replace(was, is)).unwrap();
        folder
    }
}

fn wheel(admin: &Admin<'_>, name: &str) -> RevisionRow {
    let mut all = admin.activities("acme").unwrap();
    all.retain(|row| row.activity == name);
    all.remove(0)
}

/// Runs both at once.
fn meet(one: impl FnOnce() + Send, other: impl FnOnce() + Send) {
    let start = Barrier::new(2);
    thread::scope(|scope| {
        scope.spawn(|| {
            start.wait();
            one();
        });
        start.wait();
        other();
    });
}

#[test]
fn a_closed_activity_stays_closed_whatever_is_applied_meanwhile() {
    let stall = Stall::new();
    let (db, beside) = (stall.connect(), stall.connect());
    let (admin, operator) = (Admin::new(&*db, None), Admin::new(&*beside, None));
    for meeting in 0..MEETINGS {
        let name = format!("wheel-{meeting}");
        admin.apply_folder("acme", &stall.folder(&name, "", ""), false).unwrap();
        admin.set_state("acme", &name, Live).unwrap();
        let revised = stall.folder(&name, "For the tests.", "For everyone.");
        meet(
            // Refused where the close came first.
            || drop(operator.apply_folder("acme", &revised, false)),
            || drop(admin.set_state("acme", &name, Closed).unwrap()),
        );
        assert_eq!(wheel(&admin, &name).state, Closed, "{name}");
        let refused = operator.apply_folder("acme", &stall.folder(&name, "tests", "end"), false);
        assert!(refused.unwrap_err().to_string().contains("its key is public"));
    }
}

#[test]
fn a_change_of_state_keeps_a_revision_that_came_meanwhile() {
    let stall = Stall::new();
    let (db, beside) = (stall.connect(), stall.connect());
    let (admin, operator) = (Admin::new(&*db, None), Admin::new(&*beside, None));
    for meeting in 0..MEETINGS {
        let name = format!("wheel-{meeting}");
        admin.apply_folder("acme", &stall.folder(&name, "", ""), false).unwrap();
        let revised = stall.folder(&name, "For the tests.", "For everyone.");
        meet(
            || drop(operator.apply_folder("acme", &revised, false).unwrap()),
            || drop(admin.set_state("acme", &name, Live).unwrap()),
        );
        let row = wheel(&admin, &name);
        assert_eq!(row.state, Live, "{name}");
        assert!(row.setup.contains("For everyone."), "{name}: the new texts are gone");
    }
}

/// Accepts a play of the revision in force, as a batch of the server's does; answers which it was.
fn first_play(db: &dyn Database, lane: &Lane) -> String {
    let mut played = String::new();
    let wants = Wants { lanes: [lane.clone()].into(), ..Wants::default() };
    let decide = &mut |rows: &Rows| {
        let head = &rows.lanes[lane];
        played.clone_from(&head.revision);
        let head = LaneRow { seq: head.seq + 1, ..head.clone() };
        Writes { lanes: [(lane.clone(), head)].into(), ..Writes::default() }
    };
    db.commit(&wants, decide).unwrap();
    played
}

#[test]
fn rules_do_not_change_once_somebody_played_under_them() {
    let stall = Stall::new();
    let (db, beside) = (stall.connect(), stall.connect());
    let (admin, operator) = (Admin::new(&*db, None), Admin::new(&*beside, None));
    for meeting in 0..MEETINGS {
        let name = format!("wheel-{meeting}");
        admin.apply_folder("acme", &stall.folder(&name, "", ""), false).unwrap();
        let lane = admin.set_state("acme", &name, Live).unwrap().live.lane.clone();
        let revised = stall.folder(&name, "weight = 1\n", "weight = 2\n");
        let mut played = String::new();
        meet(
            || drop(operator.apply_folder("acme", &revised, false)),
            || {
                // Meets another moment of the command each time.
                thread::sleep(Duration::from_micros(50) * meeting);
                played = first_play(&*db, &lane);
            },
        );
        assert_eq!(wheel(&admin, &name).revision, played, "{name}");
    }
}

#[test]
fn the_stock_of_a_begun_activity_grows_and_never_shrinks() {
    let stall = Stall::new();
    let db = stall.connect();
    let admin = Admin::new(&*db, None);
    let apply = |stock: &str| {
        let text = format!("stock = {stock}\n");
        admin.apply_folder("acme", &stall.folder("wheel", "stock = 3\n", &text), false)
    };
    apply("3").unwrap();
    let lane = admin.set_state("acme", "wheel", Live).unwrap().live.lane.clone();
    let pool = PoolKey::of(&lane, "points-9");
    let left = || {
        let wants = Wants { pools: [pool.clone()].into(), ..Wants::default() };
        db.load(&wants).unwrap().pools[&pool].left
    };
    assert_eq!(left(), 3);
    apply("5").unwrap();
    assert_eq!(left(), 5);
    assert!(apply("2").unwrap_err().to_string().contains("it cannot be lower after the start"));
    first_play(&*db, &lane);
    let after = left();
    apply("9").unwrap();
    assert_eq!(left(), after + 4, "what is put on top does not bring back what went");
}
