//! `examples/`: each is served as its README says, opened, and played before a real server.

use crate::strict::gather;
use funfair_tests::{
    Proxy, Running, Store,
    browser::{Browser, CHROMIUM, Engine, Looks},
    built, dist, example, port_in, until,
};
use serde_json::{Value, json};
use std::{fs, path::Path, process::Command};
use tempfile::TempDir;

const STILL: Looks = Looks { reduced_motion: true, dark: false };

/// A store's own server in a browser, with the suite's proxy before it and Funfair behind it.
pub struct Site {
    pub browser: Browser,
    pub proxy: Proxy,
    pub store: Store,
    _server: Running,
    _key: TempDir,
}

impl Site {
    /// `examples/serve.mjs` on a folder.
    async fn open(folder: &Path) -> Self {
        Self::before(funfair().await, Engine::chosen(), folder).await
    }

    /// The same before a server that runs already, in one engine.
    pub async fn before(store: Store, engine: &Engine, folder: &Path) -> Self {
        let (mut command, key) = (Command::new("node"), signing(&store));
        command.arg(example("serve.mjs")).arg(folder).env("PORT", "0");
        command.env("FUNFAIR_URL", format!("http://127.0.0.1:{}", store.port()));
        command.env("FUNFAIR_STORE", "acme").env("FUNFAIR_KID", &store.key().kid);
        command.env("FUNFAIR_KEY", key.path().join("key.pem"));
        let mut server = Running::start(&mut command);
        let port = server.says("its port", port_in).await;
        let (browser, proxy) = (Browser::of(engine, STILL).await, Proxy::start(port).await);
        Self { browser, proxy, store, _server: server, _key: key }
    }

    pub async fn visit(&self, path: &str) {
        // A fragment alone would be no visit.
        self.browser.open("about:blank").await;
        self.browser.open(&self.proxy.url(path)).await;
    }

    /// Presses the wheel as a stranger, signs in by the form that the page shows for it, comes back.
    async fn signs_in(&self, path: &str) {
        self.visit(path).await;
        let wheel = self.browser.widget("spin-wheel");
        wheel.is("signed-out").await;
        wheel.click().await;
        self.fills_in(path).await;
    }

    /// Fills in the form that the page shows now, and comes back.
    pub async fn fills_in(&self, path: &str) {
        let field = "form:not([hidden]) [name=name]";
        let shown = || async {
            let script = "return !!document.querySelector(arguments[0])";
            (self.browser.run(script, vec![field.into()]).await == true).then_some(())
        };
        until("the sign-in form", shown).await;
        self.browser.element(field).await.send_keys("ann").await.expect("a field");
        self.browser.element("form button").await.click().await.expect("a button");
        let back = || async {
            let script = "return document.readyState === 'complete' && !document.querySelector(arguments[0])";
            (self.browser.run(script, vec![field.into()]).await == true).then_some(())
        };
        until("the page after the sign-in", back).await;
        self.visit(path).await;
    }

    /// Spins; the page has heard of the very receipt that the server has.
    async fn spins(&self) {
        let wheel = self.browser.widget("spin-wheel");
        wheel.is("ready").await;
        wheel.click().await;
        wheel.is("result").await;
        let receipt = wheel.receipt().await;
        self.has_heard_of(&receipt).await;
        self.proxy.keeps_the_contract();
    }

    /// The page's own words name the one play that the server has of this shopper.
    pub async fn has_heard_of(&self, receipt: &str) {
        let said = json!(format!("Your play is {receipt}."));
        let heard = || async {
            let script = "return document.querySelector('[role=status]')?.textContent ?? null";
            (self.browser.run(script, vec![]).await == said).then_some(())
        };
        until("the page's own words on the play", heard).await;
        let plays = self.store.shopper("wheel", "ann").get("/plays").await.json();
        assert_eq!(plays["plays"].as_array().map(Vec::len), Some(1), "{plays}");
        assert_eq!(plays["plays"][0]["id"], receipt);
    }
}

/// `funfair serve` with the widgets' files.
pub async fn funfair() -> Store {
    let dist = dist();
    Store::open_with(&[("FUNFAIR_DIST", dist.to_str().expect("a path"))]).await
}

/// A folder with the store's private key, `key.pem`.
pub fn signing(store: &Store) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("key.pem"), store.key().private()).expect("a key");
    folder
}

#[tokio::test]
async fn the_plain_page_signs_in_and_spins() {
    let site = Site::open(&example("plain-page")).await;
    site.signs_in("/").await;
    site.spins().await;
}

#[tokio::test]
async fn the_strict_page_spins_and_nothing_is_reported() {
    let site = Site::before(funfair().await, &CHROMIUM, &example("strict-csp")).await;
    gather(&site.browser, &[]).await;
    site.signs_in("/").await;
    // A stranger's token is 401, which a console shows; what comes from here on is to be silent.
    let before = site.browser.console().await;
    assert!(!before.contains("olicy"), "{before}");
    site.visit("/").await;
    site.spins().await;
    assert_eq!(site.browser.console().await, "");
    let faults = "return sessionStorage.getItem('faults')";
    assert_eq!(site.browser.run(faults, vec![]).await, Value::Null);
    // The policy is in force, not only written down: what it forbids is refused.
    let refused = "const style = document.createElement('style');
        style.textContent = 'body { color: rgb(1, 2, 3) }';
        document.head.append(style);
        let markup = 'taken';
        try { document.body.innerHTML += '' } catch { markup = 'refused' }
        return [getComputedStyle(document.body).color !== 'rgb(1, 2, 3)', markup]";
    assert_eq!(site.browser.run(refused, vec![]).await, json!([true, "refused"]));
}

#[tokio::test]
async fn the_react_application_is_built_signs_in_and_spins() {
    application("react").await;
}

#[tokio::test]
async fn the_vue_application_is_built_signs_in_and_spins() {
    application("vue").await;
}

async fn application(name: &str) {
    let built = built(name);
    let site = Site::open(&built.path().join("public")).await;
    site.signs_in("/#/wheel").await;
    site.spins().await;
}
