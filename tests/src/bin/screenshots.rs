//! Takes the pictures of docs/screenshots: each element in its main states, as the demo store shows
//! them in Chromium. `cargo xtask screenshots` runs it.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use funfair_tests::{
    DemoStore,
    browser::{Chromium, Looks},
};
use serde_json::{Value, json};
use std::{env, fs, path::Path, time::Duration};

/// A telephone and a desktop: width, height.
const PHONE: (u32, u32) = (390, 844);
const DESKTOP: (u32, u32) = (1280, 800);

/// One element on a page of its own: its name and the page.
const ELEMENTS: [(&str, &str); 7] = [
    ("card-collecting", "/activities/cards"),
    ("guess-price", "/activities/guess"),
    ("hub", "/"),
    ("poll", "/activities/stock"),
    ("sign-in-calendar", "/activities/signin"),
    ("spin-wheel", "/activities/double11"),
    ("wallet", "/wallet"),
];

/// The themes that the kit brings beside the one that an activity names.
const THEMES: [&str; 3] = ["plain", "double-11", "new-year"];

#[tokio::main]
async fn main() {
    let folder = env::args().nth(1).expect("the folder for the pictures");
    fs::create_dir_all(&folder).expect("a folder");
    let demo = DemoStore::plain().await;
    for dark in [false, true] {
        let browser = Chromium::start(Looks { dark, reduced_motion: true }).await;
        let camera = Camera { browser, base: format!("http://127.0.0.1:{}", demo.port()) };
        camera.take(Path::new(&folder), dark).await;
    }
}

struct Camera {
    browser: Chromium,
    base: String,
}

impl Camera {
    async fn take(&self, folder: &Path, dark: bool) {
        let shade = if dark { "dark" } else { "light" };
        let to = |name: &str| folder.join(format!("{name}-{shade}.webp"));
        self.resize(PHONE).await;
        self.open("/").await;
        for (slug, path) in ELEMENTS {
            self.open(path).await;
            self.ready(slug).await;
            self.element(slug, &to(&format!("{slug}-visitor"))).await;
        }
        self.sign_in(if dark { "林夏" } else { "小满" }).await;
        for (slug, path) in ELEMENTS {
            self.open(path).await;
            self.ready(slug).await;
            self.element(slug, &to(&format!("{slug}-ready"))).await;
            for lang in ["en", "zh-TW", "ar"] {
                self.replaced(slug, "lang", lang).await;
                self.element(slug, &to(&format!("{slug}-{lang}"))).await;
            }
            if slug == "spin-wheel" || slug == "sign-in-calendar" {
                self.open(path).await;
                for theme in THEMES {
                    self.replaced(slug, "theme", theme).await;
                    self.element(slug, &to(&format!("{slug}-{theme}"))).await;
                }
            }
            if !["hub", "wallet"].contains(&slug) {
                self.open(path).await;
                self.ready(slug).await;
                self.play(slug).await;
                self.element(slug, &to(&format!("{slug}-result"))).await;
            }
        }
        for (slug, path) in [("hub", "/"), ("wallet", "/wallet")] {
            self.open(path).await;
            self.ready(slug).await;
            self.element(slug, &to(&format!("{slug}-played"))).await;
        }
        self.resize(DESKTOP).await;
        for (name, path) in [("store", "/"), ("store-wallet", "/wallet")] {
            self.open(path).await;
            self.page(&to(name)).await;
        }
    }

    async fn open(&self, path: &str) {
        self.browser.open(&format!("{}{path}", self.base)).await;
    }

    /// Signs a shopper in as the page's form does.
    async fn sign_in(&self, name: &str) {
        let script = "const done = arguments[1];
            fetch('/shop/sign-in', { method: 'POST', redirect: 'manual',
                body: new URLSearchParams({ name: arguments[0] }) }).then(() => done(true))";
        let done = self.browser.session().execute_async(script, vec![json!(name)]).await;
        done.expect("a sign-in");
    }

    /// Waits until the element knows what it shows.
    async fn ready(&self, slug: &str) {
        let script = "return document.querySelector('funfair-' + arguments[0])?.shadowRoot
            ?.querySelector('[data-state]')?.dataset.state ?? 'loading'";
        for _ in 0..100 {
            let state = self.browser.run(script, vec![json!(slug)]).await;
            if !["loading", "playing"].contains(&state.as_str().unwrap_or("loading")) {
                // What it loads lazily, and what moves.
                tokio::time::sleep(Duration::from_millis(400)).await;
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("{slug} never became ready: {}", self.browser.console().await);
    }

    /// Puts a new element with another attribute in place of the one that is there.
    async fn replaced(&self, slug: &str, attribute: &str, value: &str) {
        let script = "const old = document.querySelector('funfair-' + arguments[0]);
            const next = old.cloneNode(true);
            next.setAttribute(arguments[1], arguments[2]);
            old.replaceWith(next)";
        let words = vec![json!(slug), json!(attribute), json!(value)];
        self.browser.run(script, words).await;
        self.ready(slug).await;
    }

    /// Does what its main button says; fills in what that asks for.
    async fn play(&self, slug: &str) {
        let script = "const root = document.querySelector('funfair-' + arguments[0]).shadowRoot;
            for (const field of root.querySelectorAll('input[type=radio], input[type=checkbox]')) {
                if (root.querySelector('input:checked')) break;
                field.click();
            }
            const price = root.querySelector('input[type=range], input[type=number]');
            if (price) {
                price.value = price.getAttribute('value') || price.max;
                price.dispatchEvent(new Event('input', { bubbles: true }));
            }
            root.querySelector('[part~=button]')?.click()";
        self.browser.run(script, vec![json!(slug)]).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        self.ready(slug).await;
    }

    async fn resize(&self, (width, height): (u32, u32)) {
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 2, "mobile": false,
        });
        self.browser.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
        // A picture of all of a page has none, so the page must not be laid out for one.
        self.browser.devtools("Emulation.setScrollbarsHidden", json!({ "hidden": true })).await;
    }

    async fn element(&self, slug: &str, path: &Path) {
        let script = "const { x, y, width, height } = document.querySelector(
                'funfair-' + arguments[0]).getBoundingClientRect();
            return { x: x + scrollX - 12, y: y + scrollY - 12,
                width: width + 24, height: height + 24, scale: 1 }";
        let clip = self.browser.run(script, vec![json!(slug)]).await;
        self.shot(json!({ "clip": clip, "captureBeyondViewport": true }), path).await;
    }

    async fn page(&self, path: &Path) {
        tokio::time::sleep(Duration::from_secs(1)).await;
        self.shot(json!({ "captureBeyondViewport": true }), path).await;
    }

    async fn shot(&self, mut how: Value, path: &Path) {
        how["format"] = "webp".into();
        how["quality"] = 70.into();
        let picture = self.browser.devtools("Page.captureScreenshot", how).await;
        let bytes = STANDARD.decode(picture["data"].as_str().expect("a picture"));
        fs::write(path, bytes.expect("base64")).expect("a file");
        println!("{}", path.display());
    }
}
