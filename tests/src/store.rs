//! A real server on a database of its own, with three stores and an activity for every case.

use crate::{
    Api, Key, Ledger, Running, Shopper,
    database::{Engine, Rows, Template},
    program::{Program, run},
    until,
};
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock},
};

/// The stores of the suite. Each has a key called `main`, of another algorithm each.
const STORES: [&str; 3] = ["acme", "bazaar", "corner"];

/// The files of `tests/activities`.
const FILES: [(&str, &str); 5] = [
    ("calendar", include_str!("../activities/calendar.toml")),
    ("markup", include_str!("../activities/markup.toml")),
    ("single", include_str!("../activities/single.toml")),
    ("ten", include_str!("../activities/ten.toml")),
    ("wheel", include_str!("../activities/wheel.toml")),
];

/// What stands between a shopper and the calendars `gated-calendar`, `vips-calendar` and so on.
const BARRIERS: [(&str, &str); 4] = [
    (
        "gated",
        "[gate]\npassphrase = \"Open tea\"\nhint = { en = \"Said tonight\", zh-CN = \"今晚公布\" }",
    ),
    (
        "vips",
        "[audience]\ntiers = [\"gold\"]\nreason = { en = \"For gold members\", zh-CN = \"限金卡会员\" }",
    ),
    (
        "hidden",
        "[audience]\nvisible_to = \"eligible\"\ntiers = [\"gold\"]\nreason = { en = \"Gold\", zh-CN = \"金卡\" }",
    ),
    ("rush", "[[schedule.slots]]\nfrom = \"00:00\"\nto = \"23:59\"\nquantity = 1"),
];

/// `funfair serve` with its database; it ends with its owner.
pub struct Store {
    keys: Vec<Key>,
    port: u16,
    running: Option<Running>,
    settings: Vec<(String, String)>,
    // Last, so that nobody writes in it any more when it goes.
    rows: Arc<Rows>,
}

impl Store {
    /// A server on a fresh copy of the suite's database.
    pub async fn open() -> Self {
        // Tests compare all rows: nothing moves them but what a test does.
        Self::on(Arc::new(template().copy()), &[("FUNFAIR_SETTLE_EVERY_S", "0")]).await
    }

    /// The same with settings of its own, by their names in the environment.
    pub async fn open_with(settings: &[(&str, &str)]) -> Self {
        Self::on(Arc::new(template().copy()), settings).await
    }

    /// A server on a database in which there is nothing yet: the suite's stores, no activity.
    pub async fn open_on(rows: Rows) -> Self {
        add_stores(&rows.program());
        Self::on(Arc::new(rows), &[]).await
    }

    /// One more process on the same database.
    pub async fn beside(&self) -> Self {
        Self::on(Arc::clone(&self.rows), &[]).await
    }

    async fn on(rows: Arc<Rows>, settings: &[(&str, &str)]) -> Self {
        let named = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let settings = settings.iter().map(named).collect();
        let mut store = Self { keys: keys(), port: 0, running: None, settings, rows };
        store.start().await;
        store
    }

    /// Starts the server, on a free port.
    pub async fn start(&mut self) {
        let mut command = self.program().command(&["serve"]);
        command.env("FUNFAIR_LISTEN", "127.0.0.1:0").env("FUNFAIR_LOG_FORMAT", "json");
        command.env("FUNFAIR_SETTLE_EVERY_S", "1");
        command.envs(self.settings.iter().cloned());
        let mut running = Running::start(&mut command);
        self.port = running.says("its port", port_in).await;
        self.running = Some(running);
        self.api().is_well().await;
    }

    /// Stops the server as an operator does; what it logged. It has to end well.
    pub async fn stop(&mut self) -> String {
        self.running.take().expect("a running server").stopped().await
    }

    /// Kills the server, as the power does.
    pub fn kill(&mut self) {
        drop(self.running.take().expect("a running server"));
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its host API.
    pub fn api(&self) -> Api {
        Api::new(&format!("http://127.0.0.1:{}", self.port))
    }

    /// The database, read by the suite itself.
    pub fn ledger(&self) -> Ledger {
        self.rows.ledger()
    }

    /// The key of the store `acme`.
    pub fn key(&self) -> &Key {
        self.key_of("acme")
    }

    /// The key called `main` of a store.
    pub fn key_of(&self, store: &str) -> &Key {
        let at = STORES.iter().position(|have| *have == store).expect("a store of the suite");
        &self.keys[at]
    }

    /// A fresh secret key of a store's server, once this process has seen it.
    pub async fn secret(&self, store: &str) -> String {
        let mut command = self.program().command(&["store", "secret", store, "add"]);
        let said = run(&mut command).expect("a secret key");
        let key = said.split_whitespace().find(|word| word.starts_with("ffs_"));
        let key = key.expect("a secret key").to_owned();
        let path = format!("/v1/stores/{store}/tickets");
        let known = || async {
            let empty = self.api().call("POST", &path).token(&key).json(&serde_json::json!({}));
            (empty.send().await.code() != "secret_key_invalid").then_some(())
        };
        until("the secret key", known).await;
        key
    }

    /// A shopper of `acme` at an activity.
    pub fn shopper(&self, activity: &str, sub: &str) -> Shopper {
        Shopper::new(&self.api(), ("acme", activity), sub, self.key())
    }

    /// The command `funfair` on the server's database.
    pub fn program(&self) -> Program {
        self.rows.program()
    }

    /// Sets an activity of `acme` to a state, and waits until the server has seen it.
    pub async fn set_state(&self, activity: &str, state: &str) {
        run(&mut self.program().command(&["activity", "acme", activity, state])).expect("a state");
        self.shows(activity, |public| public["state"] == state).await;
    }

    /// Applies an activity of `acme` with a change, and waits until the server has seen it.
    pub async fn revise(&self, activity: &str, from: &str, to: &str) {
        let old = self.api().activity("acme", activity).await;
        revise(&self.program(), activity, from, to);
        self.shows(activity, |public| public["revision"] != old["revision"]).await;
    }

    /// Applies the text of one activity file to `acme`; what `funfair` said, or why it refused.
    pub fn apply(&self, activity: &str, text: &str) -> Result<String, String> {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join(format!("{activity}.toml")), text).expect("a file");
        self.program().apply("acme", folder.path(), &[])
    }

    /// Adds an activity to `acme` and sets it live.
    pub async fn add(&self, activity: &str, text: &str) {
        self.apply(activity, text).expect("a good file");
        self.set_state(activity, "live").await;
    }

    /// Applies an activity of `acme` again, under another text, and waits until the server has seen
    /// it.
    pub async fn change(&self, activity: &str, text: &str) {
        let old = self.api().activity("acme", activity).await;
        self.apply(activity, text).expect("a good file");
        self.shows(activity, |public| public["revision"] != old["revision"]).await;
    }

    /// Its database.
    pub fn rows(&self) -> &Rows {
        &self.rows
    }

    async fn shows(&self, activity: &str, fits: impl Fn(&serde_json::Value) -> bool) {
        let path = format!("/v1/stores/acme/activities/{activity}");
        let seen = || async {
            let public = self.api().get(&path).send().await;
            (public.status == 200 && fits(&public.json())).then_some(())
        };
        until(&format!("the change of {activity}"), seen).await;
    }
}

/// Adds the suite's activities to the store `acme` of a database, in their states.
pub fn add_activities(program: &Program, store: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |id: &str, text: &str| {
        fs::write(folder.path().join(format!("{id}.toml")), text).expect("a file");
    };
    let mut states = Vec::new();
    for (id, text) in FILES {
        write(id, text);
        states.push((id.to_owned(), "live"));
    }
    for id in ["wheel", "calendar"] {
        let (text, opens, closes) = (file(id), "2026-01-01T00", "2036-01-01T00");
        for (name, text, state) in [
            ("soon", text.replace(opens, "2035-01-01T00"), "live"),
            ("over", text.replace(closes, "2026-02-01T00"), "live"),
            ("paused", text.to_owned(), "paused"),
            ("closed", text.to_owned(), "closed"),
            ("draft", text.to_owned(), "draft"),
        ] {
            let id = format!("{name}-{id}");
            write(&id, &text);
            states.push((id, state));
        }
    }
    for (name, section) in BARRIERS {
        let id = format!("{name}-calendar");
        write(&id, &format!("{}\n{section}", file("calendar")));
        states.push((id, "live"));
    }
    program.apply(store, folder.path(), &[]).expect("the suite's activities");
    for (id, state) in states {
        if state != "draft" {
            // Only what was live can be paused.
            let set = |state| run(&mut program.command(&["activity", store, &id, state]));
            set("live").expect("live");
            set(state).expect(state);
        }
    }
}

fn add_stores(program: &Program) {
    for (store, key) in STORES.iter().zip(keys()) {
        let add = ["store", "add", store, "--zone", "Asia/Shanghai"];
        run(&mut program.command(&add)).expect("a store");
        program.add_key(store, &key).expect("a key");
    }
}

/// Applies an activity of the suite to `acme` again, with one change.
pub fn revise(program: &Program, activity: &str, from: &str, to: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let revised = file(activity).replacen(from, to, 1);
    assert_ne!(revised, file(activity), "{from:?} is not in the file of {activity}");
    fs::write(folder.path().join(format!("{activity}.toml")), revised).expect("a file");
    program.apply("acme", folder.path(), &[]).expect("a good file");
}

fn keys() -> Vec<Key> {
    let shared = b"a secret of thirty-two bytes or more";
    vec![Key::eddsa("main", 1), Key::es256("main", 2), Key::hs256("main", shared)]
}

fn file(activity: &str) -> &'static str {
    FILES.iter().find(|(id, _)| *id == activity).expect("a file of the suite").1
}

/// The address that a server logs when it listens.
pub fn port_in(line: &str) -> Option<u16> {
    let (_, after) = line.split_once("127.0.0.1:")?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|port| *port != 0)
}

/// The database that each test gets a copy of; made once, by `funfair` itself.
fn template() -> &'static Template {
    static TEMPLATE: OnceLock<Template> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let rows = Rows::empty(Engine::chosen());
        let program = rows.program();
        add_stores(&program);
        add_activities(&program, "acme");
        let wheel = tempfile::tempdir().expect("a folder");
        fs::write(wheel.path().join("wheel.toml"), file("wheel")).expect("a file");
        for store in &STORES[1..] {
            program.apply(store, wheel.path(), &[]).expect("a wheel");
            run(&mut program.command(&["activity", store, "wheel", "live"])).expect("live");
        }
        rows.into_template()
    })
}

/// A path that exists.
#[track_caller]
pub fn existing(path: PathBuf, cure: &str) -> PathBuf {
    assert!(Path::exists(&path), "{} is missing: {cure}", path.display());
    path
}
