use crate::{
    Api, Ledger, Program, Running,
    database::{Engine, Rows, Template},
    files::Files,
    program::binary,
    store::{add_activities, existing, revise},
    until,
};
use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;
use tokio::sync::OnceCell;

/// The demo store as a merchant's site would run, with the suite's activities beside its own; it
/// ends with its owner.
pub struct DemoStore {
    port: u16,
    running: Option<Running>,
    // Last, so that nobody writes in it any more when it goes.
    rows: Rows,
    secrets: TempDir,
}

impl DemoStore {
    /// A demo store on a database of its own, with the suite's activities.
    pub async fn open() -> Self {
        static TEMPLATE: OnceCell<(Template, Files)> = OnceCell::const_new();
        let (rows, secrets) = TEMPLATE.get_or_init(template).await;
        // With the secrets: a store of two keys already takes no third.
        let mut demo = Self { secrets: secrets.copy(), ..Self::new(rows.copy()) };
        demo.start().await;
        demo
    }

    /// A demo store as it stands, on a database of its own.
    pub async fn plain() -> Self {
        let mut demo = Self::new(Rows::empty(Engine::chosen()));
        demo.start().await;
        demo
    }

    fn new(rows: Rows) -> Self {
        // A restart comes back on the same port, as a real one does.
        let free = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = free.local_addr().expect("an address").port();
        Self { port, running: None, rows, secrets: tempfile::tempdir().expect("a folder") }
    }

    /// Starts it.
    pub async fn start(&mut self) {
        let mut command = Command::new(binary("demo-store"));
        command.arg("--db").arg(self.rows.location()).arg("--dist").arg(dist());
        command.arg("--secrets").arg(self.secrets.path());
        command.args(["--port", &self.port.to_string()]);
        self.running = Some(Running::start(&mut command));
        self.api().is_well().await;
    }

    /// Stops it as an operator does; what it logged.
    pub async fn stop(&mut self) -> String {
        self.running.take().expect("a running server").stopped().await
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its host API.
    pub fn api(&self) -> Api {
        Api::new(&format!("http://127.0.0.1:{}", self.port))
    }

    /// The command `funfair` on its database.
    pub fn program(&self) -> Program {
        self.rows.program()
    }

    /// Its database, read by the suite itself.
    pub fn ledger(&self) -> Ledger {
        self.rows.ledger()
    }

    /// Restarts it after a while: its members have signed in since `day`, not only today.
    pub async fn restart_as_if_begun_on(&mut self, activity: &str, day: &str) {
        const BEGAN: &str = r#""began":""#;
        self.stop().await;
        let members = || self.ledger().rows_of("member_row", "acme").concat();
        let states = members();
        let (_, since) = states.split_once(BEGAN).expect("a member who has signed in");
        let (today, _) = since.split_once('"').expect("a day");
        self.rows.write(&format!(
            "UPDATE member_row SET state = replace(state, '{BEGAN}{today}\"', '{BEGAN}{day}\"')
             WHERE activity = '{activity}'"
        ));
        assert!(members().contains(day), "nobody has signed in at {activity}: {states}");
        self.start().await;
    }

    /// Applies an activity of the suite with a change, and waits until the server has seen it.
    pub async fn revise(&self, activity: &str, from: &str, to: &str) {
        let old = self.api().activity("acme", activity).await;
        revise(&self.program(), activity, from, to);
        let seen = || async {
            let public = self.api().activity("acme", activity).await;
            (public["revision"] != old["revision"]).then_some(())
        };
        until("the new revision", seen).await;
    }
}

/// A demo store's files once it has run and the suite's activities are added.
async fn template() -> (Template, Files) {
    let mut demo = DemoStore::plain().await;
    add_activities(&demo.program(), "acme");
    demo.stop().await;
    (demo.rows.into_template(), Files::of(demo.secrets.path()))
}

/// The widgets' files, as they are served.
pub fn dist() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = env::var("E2E_DIST").map_or_else(|_| root.join("dist"), PathBuf::from);
    let version = path.join(env!("CARGO_PKG_VERSION"));
    let file = existing(version.join("funfair.js"), "cargo xtask build comes first");
    assert!(fs::metadata(&file).is_ok_and(|file| file.len() > 0), "{} is empty", file.display());
    path
}
