//! The store whose pages are opened, and the browser that opens them.

use funfair_tests::{
    DemoStore, Fault, Proxy,
    browser::{Chromium, Looks},
    dist, run,
};
use serde_json::{Value, json};
use std::{
    cell::Cell,
    ffi::OsStr,
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

/// Wheels of one page: each has an activity of its own, since a draw's commitment is the member's in it.
pub const MOST: usize = 10;

pub struct Site {
    pub browser: Chromium,
    demo: DemoStore,
    proxy: Proxy,
    /// The same on another port, which is another origin.
    other: Proxy,
    pages: Cell<u32>,
}

/// The activity of a page's n-th wheel.
pub fn activity(index: usize) -> String {
    format!("bench-{index}")
}

impl Site {
    pub async fn open(peers: &Path) -> Self {
        let demo = DemoStore::plain().await;
        let proxy = Proxy::start(demo.port()).await;
        let other = Proxy::start(demo.port()).await;
        let browser = Chromium::start(Looks::default()).await;
        let site = Self { browser, demo, proxy, other, pages: Cell::new(0) };
        site.apply();
        let own = site.proxy.url("");
        let list = ["store", "origin", "acme", "add", &own];
        run(&mut site.demo.program().command(&list)).expect("an origin");
        let version = env!("CARGO_PKG_VERSION");
        site.serve(&dist().join(version), &format!("/funfair/{version}"));
        site.serve(peers, "/peers");
        site
    }

    /// The demo store's wheel, as often as a page may have it, with spins enough for every round.
    fn apply(&self) {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let wheel = root.join("examples/demo-store/activities/double11.toml");
        let wheel = fs::read_to_string(wheel).expect("the demo store's wheel");
        let often = wheel.replace("free_per_day = 3", "free_per_day = 1000");
        assert_ne!(wheel, often, "the demo store's wheel has other chances");
        let folder = tempfile::tempdir().expect("a folder");
        for index in 0..MOST {
            let file = folder.path().join(format!("{}.toml", activity(index)));
            fs::write(file, &often).expect("a file");
        }
        self.demo.program().apply("acme", folder.path(), &[]).expect("good files");
        for index in 0..MOST {
            let live = ["activity", "acme", &activity(index), "live"];
            run(&mut self.demo.program().command(&live)).expect("live");
        }
    }

    /// Everything below a folder, compressed, on both origins.
    fn serve(&self, folder: &Path, at: &str) {
        for entry in fs::read_dir(folder).unwrap_or_else(|_| panic!("{}", folder.display())) {
            let path = entry.expect("a file").path();
            let name = path.file_name().expect("a name").to_string_lossy();
            let at = format!("{at}/{name}");
            if path.is_dir() {
                self.serve(&path, &at);
                continue;
            }
            let Some(kind) = media_type(&path) else { continue };
            let compressed = brotli(&fs::read(&path).expect("a file"));
            for proxy in [&self.proxy, &self.other] {
                proxy.file(&at, kind, &compressed);
            }
        }
    }

    /// Serves what has no name; its path.
    pub fn add(&self, ending: &str, kind: &str, content: &[u8]) -> String {
        let path = format!("/bench/{}.{ending}", self.pages.replace(self.pages.get() + 1));
        self.proxy.file(&path, kind, &brotli(content));
        path
    }

    /// The text of an answer 200 of the host API.
    pub async fn ask(&self, path: &str) -> String {
        let answer = self.demo.api().get(path).send().await.expect(200).answer;
        String::from_utf8(answer).expect("text")
    }

    /// The other origin.
    pub fn other(&self) -> String {
        self.other.url("")
    }

    /// Lets each question that a browser asks before another origin may be asked take this long:
    /// `DevTools` slows only the request that follows.
    pub fn slow_preflights(&self, time: Duration) {
        self.other.fault("OPTIONS", "", Fault::Delay(time));
    }

    /// A member whom nobody knows yet, on an unhindered page.
    pub async fn sign_in(&self, name: &str) {
        self.go("/shop/me").await;
        let script = "const [name, done] = arguments;
            fetch('/shop/sign-in', { method: 'POST', body: new URLSearchParams({ name, lang: 'en' }) })
                .then(answer => done(answer.ok))";
        let signed = self.browser.session().execute_async(script, vec![json!(name)]).await;
        assert_eq!(*signed.expect("a script runs").json(), true);
    }

    /// Opens one of the pages.
    pub async fn go(&self, path: &str) {
        self.browser.open(&self.proxy.url(path)).await;
    }

    /// What an asynchronous script of the page is done with.
    pub async fn done(&self, script: &str) -> Value {
        let done = self.browser.session().execute_async(script, vec![]).await;
        let Ok(done) = done else {
            let page = "return [location.href, seen, document.body.innerHTML]";
            let page = self.browser.run(page, vec![]).await;
            panic!("it is never done: {page:#}\nconsole:\n{}", self.browser.console().await)
        };
        done.json().clone()
    }

    /// A processor that is so many times slower.
    pub async fn slow(&self, times: u32) {
        let rate = json!({ "rate": times });
        self.browser.devtools("Emulation.setCPUThrottlingRate", rate).await;
    }
}

fn media_type(path: &Path) -> Option<&'static str> {
    match path.extension().and_then(OsStr::to_str)? {
        "js" => Some("text/javascript; charset=utf-8"),
        "wasm" => Some("application/wasm"),
        "css" => Some("text/css; charset=utf-8"),
        "json" => Some("application/json"),
        _ => None,
    }
}

/// What the reference encoder, which Node carries, makes of it at its best.
fn brotli(content: &[u8]) -> Vec<u8> {
    const SCRIPT: &str = "const { brotliCompressSync } = require('node:zlib');
        process.stdout.write(brotliCompressSync(require('node:fs').readFileSync(0)))";
    let mut node = Command::new("node");
    node.args(["--eval", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut running = node.spawn().expect("node");
    running.stdin.take().expect("a pipe").write_all(content).expect("node reads");
    running.wait_with_output().expect("node").stdout
}
