use funfair_tests::{
    DemoStore, PATIENCE, Proxy,
    browser::{Chromium, Looks, Widget},
    dist, within,
};
use serde_json::{Value, json};
use std::{cell::Cell, fs};

/// The element that most tests carry, and its activity.
pub const WHEEL: &str = "<funfair-spin-wheel store=\"acme\" activity=\"wheel\" \
    token-url=\"/shop/token\">Fallback</funfair-spin-wheel>";

/// Gathers, before anything else runs, what a good guest never causes.
const GATHER: &str = "window.seen = { faults: [], errors: [], shift: 0, restored: 0 };
    addEventListener('error', it => seen.faults.push(it.message + ' ' + it.filename + ':' + it.lineno));
    addEventListener('unhandledrejection', it => seen.faults.push('rejected: ' + it.reason));
    addEventListener('funfair-error', it => seen.errors.push(it.detail));
    addEventListener('pageshow', it => it.persisted && seen.restored++);
    const watch = (type, take) => new PerformanceObserver(list => list.getEntries().forEach(take))
        .observe({ type, buffered: true });
    watch('layout-shift', it => seen.shift += it.value);";

pub const STILL: Looks = Looks { reduced_motion: true, dark: false };

/// A member with a browser, before pages of a test's own on the store's origin.
pub struct Guest {
    pub browser: Chromium,
    pub proxy: Proxy,
    pub demo: DemoStore,
    pages: Cell<u32>,
}

/// What a page holds: `Memory.getDOMCounters` after a collection, and bytes of script's heap.
#[derive(Clone, Copy, Debug)]
pub struct Held {
    pub nodes: u64,
    pub listeners: u64,
    pub heap: u64,
    /// Memories of cores that anything still refers to.
    pub cores: u64,
}

impl Guest {
    /// Signed in.
    pub async fn arrive() -> Self {
        let guest = Self::with(Chromium::start(STILL).await).await;
        guest.sign_in().await;
        guest
    }

    pub async fn sign_in(&self) {
        self.sign_in_as("Mei").await;
    }

    pub async fn sign_in_as(&self, name: &str) {
        self.browser.open(&self.proxy.url("/shop/me")).await;
        let script = "const [name, done] = arguments;
            fetch('/shop/sign-in', { method: 'POST', body: new URLSearchParams({ name, lang: 'en' }) })
                .then(answer => done(answer.ok))";
        let signed = self.browser.session().execute_async(script, vec![name.into()]).await;
        assert_eq!(*signed.expect("a script runs").json(), true);
    }

    /// Nobody in particular, in a browser of the test's own.
    pub async fn with(browser: Chromium) -> Self {
        let demo = DemoStore::open().await;
        let proxy = Proxy::start(demo.port()).await;
        Self { browser, proxy, demo, pages: Cell::new(0) }
    }

    /// Opens a page with this in its head and this in its body.
    pub async fn page(&self, head: &str, body: &str) {
        let path = self.write(head, body);
        self.browser.open(&self.proxy.url(&path)).await;
    }

    /// Serves a page; its path.
    pub fn write(&self, head: &str, body: &str) -> String {
        let path = format!("/guest/{}", self.pages.replace(self.pages.get() + 1));
        self.proxy.page(
            &path,
            format!(
                "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>A page</title>
                <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"icon\" href=\"data:,\">
                <script>{GATHER}</script>{head}</head><body>{body}</body></html>"
            ),
        );
        path
    }

    pub fn wheel(&self) -> Widget<'_> {
        self.browser.widget("spin-wheel")
    }

    /// One of the things that a page gathers.
    pub async fn seen(&self, what: &str) -> Value {
        self.browser.run("return seen[arguments[0]]", vec![what.into()]).await
    }

    /// Waits until a script on the page says true.
    pub async fn waits(&self, what: &str, script: &str) {
        let look = || async { (self.browser.run(script, vec![]).await == true).then_some(()) };
        let came = within(PATIENCE, look).await;
        let seen = self.browser.run("return seen", vec![]).await;
        assert!(came.is_some(), "never came: {what}; the page saw {seen}");
    }

    /// Nothing went wrong on the page that it could have been told of.
    pub async fn is_at_peace(&self) {
        assert_eq!(self.seen("faults").await, json!([]));
        assert_eq!(self.seen("errors").await, json!([]));
    }

    /// What the page holds once all is collected that nobody refers to.
    pub async fn held(&self) -> Held {
        // The browser's own list of what the page fetched is no doing of the widget's.
        self.browser.run("performance.clearResourceTimings()", vec![]).await;
        for _ in 0..3 {
            self.browser.devtools("HeapProfiler.collectGarbage", json!({})).await;
        }
        let counters = self.browser.devtools("Memory.getDOMCounters", json!({})).await;
        let heap = self.browser.devtools("Runtime.getHeapUsage", json!({})).await;
        let count = |from: &Value, name: &str| from[name].as_u64().expect("a number");
        Held {
            nodes: count(&counters, "nodes"),
            listeners: count(&counters, "jsEventListeners"),
            heap: count(&heap, "usedSize"),
            cores: self.cores().await,
        }
    }

    async fn cores(&self) -> u64 {
        let group = "counting";
        let of = json!({ "expression": "WebAssembly.Memory.prototype", "objectGroup": group });
        let prototype =
            self.browser.devtools("Runtime.evaluate", of).await["result"]["objectId"].take();
        let of = json!({ "prototypeObjectId": prototype, "objectGroup": group });
        let found =
            self.browser.devtools("Runtime.queryObjects", of).await["objects"]["objectId"].take();
        let count = json!({ "objectId": found, "returnByValue": true,
            "functionDeclaration": "function () { return this.length }" });
        let counted = self.browser.devtools("Runtime.callFunctionOn", count).await;
        let release = json!({ "objectGroup": group });
        self.browser.devtools("Runtime.releaseObjectGroup", release).await;
        counted["result"]["value"].as_u64().unwrap_or_else(|| panic!("a count, not {counted}"))
    }
}

impl Held {
    /// Fails where more is held than before, after so many repetitions: of nodes, listeners and
    /// cores nothing; of memory less than any of the three would take.
    #[track_caller]
    pub fn has_not_grown(self, before: Self, times: u64) {
        println!("{times} times: {before:?}, then {self:?}");
        assert!(self.nodes <= before.nodes, "nodes: {before:?}, then {self:?}");
        assert!(self.listeners <= before.listeners, "listeners: {before:?}, then {self:?}");
        assert!(self.cores <= before.cores, "cores: {before:?}, then {self:?}");
        let grown = self.heap.saturating_sub(before.heap) / times;
        assert!(grown < 3000, "{grown} bytes a time: {before:?}, then {self:?}");
    }
}

/// The tag that loads a bundle.
pub fn script(bundle: &str) -> String {
    format!("<script type=\"module\" src=\"{}\"></script>", file(bundle))
}

/// The path of a bundle's file.
pub fn file(bundle: &str) -> String {
    let version = env!("CARGO_PKG_VERSION");
    let name = format!("{bundle}.js");
    assert!(fs::exists(dist().join(version).join(&name)).unwrap(), "{name} is in dist/");
    format!("/funfair/{version}/{name}")
}
