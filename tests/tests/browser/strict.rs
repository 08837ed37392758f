//! Pages that allow little: with WebAssembly and without it the same journeys pass, nothing is
//! reported against the policy, and both cores say the same to every message.

use crate::{kinds, panels::tab_to, shop::Shop};
use funfair_tests::{
    DemoStore, Proxy,
    browser::{Browser, CHROMIUM, Looks},
    dist, until,
};
use serde_json::{Value, json};
use std::{collections::BTreeSet, fs};
use thirtyfour::cdp::Cdp;

const STILL: Looks = Looks { reduced_motion: true, dark: false };

/// As strict as a page can be. `form-action` is the shop's own, which signs in by a form.
const STRICT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src 'self'; form-action 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

/// Gathers, over all pages of a tab, what a page is told of faults.
const GATHER: &str = "const tell = what => sessionStorage.setItem('faults',
        (sessionStorage.getItem('faults') || '') + what + '\\n');
    addEventListener('securitypolicyviolation', it => tell(it.violatedDirective + ' ' + it.blockedURI));
    addEventListener('error', it => tell('error ' + it.message));
    addEventListener('unhandledrejection', it => tell('rejection ' + it.reason));";

/// Lets a browser be one that knows no WebAssembly.
const NONE: &str = "delete window.WebAssembly;";

/// Makes an old engine of a new one: it adopts no style sheets.
const NO_SHEETS: &str = "delete Document.prototype.adoptedStyleSheets;
    delete ShadowRoot.prototype.adoptedStyleSheets;";

/// Gives each instance a twin, the core that is a script, and compares all that both answer.
const TWINS: &str = "const { compile, instantiate } = WebAssembly;
    const files = new WeakMap();
    WebAssembly.compile = async bytes => {
        const [file] = new Error().stack.match(/http\\S+\\/funfair\\/[^/]+\\/[a-z-]+\\.js/);
        const module = await compile(bytes);
        files.set(module, file);
        return module;
    };
    const count = (what, by) => sessionStorage.setItem(what, Number(sessionStorage.getItem(what)) + by);
    const said = (memory, at) => {
        const bytes = new Uint8Array(memory.buffer);
        return new TextDecoder().decode(bytes.subarray(at, bytes.indexOf(0, at)));
    };
    WebAssembly.instantiate = async module => {
        const { exports: one } = await instantiate(module);
        const { make } = await import(files.get(module).replace(/js$/, 'core.js'));
        const two = make();
        const turn = (what, now, at, length) => {
            const told = new Uint8Array(one.memory.buffer, at, length).slice();
            const room = two.room(length);
            new Uint8Array(two.memory.buffer).set(told, room);
            const there = two.turn(what, now, room, length);
            const here = one.turn(what, now, at, length);
            count('turns', 1);
            if (said(one.memory, here) !== said(two.memory, there)) count('different', 1);
            return here;
        };
        return { exports: { memory: one.memory, room: one.room, turn } };
    };";

/// A shop under a policy, in a browser that runs `scripts` before each page's own.
async fn shop(policy: Option<&str>, scripts: &[&str]) -> Shop {
    let demo = DemoStore::open().await;
    let proxy = Proxy::start(demo.port()).await;
    let browser = Browser::of(&CHROMIUM, STILL).await;
    if let Some(policy) = policy {
        proxy.policy(policy);
    }
    gather(&browser, scripts).await;
    Shop { browser, proxy, demo }
}

/// From here on what each page is told of faults is in its `sessionStorage`, and these scripts run
/// before its own.
pub async fn gather(browser: &Browser, scripts: &[&str]) {
    let source = format!("{{ {GATHER} {} }}", scripts.concat());
    let sent = Cdp::new(browser.session().clone())
        .send_raw("Page.addScriptToEvaluateOnNewDocument", json!({ "source": source }))
        .await;
    sent.expect("a script before each page's own");
}

async fn stored(shop: &Shop, name: &str) -> Value {
    let script = format!("return sessionStorage.getItem({})", json!(name));
    shop.browser.run(&script, vec![]).await
}

/// The files of this ending that the page has loaded.
pub async fn loaded(shop: &Shop, ending: &str) -> u64 {
    let script = "return performance.getEntriesByType('resource')
        .filter(it => it.name.endsWith(arguments[0])).length";
    shop.browser.run(script, vec![ending.into()]).await.as_u64().expect("a number")
}

/// Lets the next journey begin with a stranger.
async fn leave(shop: &Shop) {
    shop.visit("/?lang=en").await;
    shop.sign_out().await;
}

/// The home page's wheel and calendar, the kinds' own pages, the hub and the wallet.
async fn all_journeys(shop: &Shop) {
    kinds::cards(shop).await;
    leave(shop).await;
    kinds::guess(shop).await;
    leave(shop).await;
    kinds::poll(shop).await;
    shop.visit("/?lang=en").await;
    for slug in ["spin-wheel", "sign-in-calendar"] {
        let widget = shop.browser.widget(slug);
        widget.is("ready").await;
        widget.click().await;
        widget.is("result").await;
        widget.element("[part~=result] .close").await.click().await.expect("a button");
        widget.is("ready").await;
    }
    shop.browser.widget("hub").is("ready").await;
    shop.visit("/wallet?lang=en").await;
    let wallet = shop.browser.widget("wallet");
    wallet.is("ready").await;
    tab_to(&shop.browser, "wallet", ".tab").await;
    shop.keeps_the_contract().await;
}

/// Spins the wheel of a page.
pub async fn spin(shop: &Shop, path: &str) {
    shop.visit(path).await;
    shop.wheel().is("ready").await;
    shop.wheel().click().await;
    shop.wheel().is("result").await;
}

#[tokio::test]
async fn with_webassembly_allowed_every_journey_passes_and_no_second_core_is_loaded() {
    let policy = STRICT.replace("script-src", "script-src 'wasm-unsafe-eval'");
    let shop = shop(Some(&policy), &[]).await;
    all_journeys(&shop).await;
    assert_eq!(loaded(&shop, ".core.js").await, 0);
    assert_eq!(stored(&shop, "faults").await, Value::Null);
}

#[tokio::test]
async fn without_webassembly_every_journey_passes_on_the_same_core_as_a_script() {
    let shop = shop(Some(STRICT), &[NONE]).await;
    all_journeys(&shop).await;
    assert_eq!(loaded(&shop, ".core.js").await, 1);
    assert_eq!(stored(&shop, "faults").await, Value::Null);
}

#[tokio::test]
async fn a_policy_without_webassembly_is_found_out_and_the_script_takes_its_place() {
    let shop = shop(Some(STRICT), &[]).await;
    all_journeys(&shop).await;
    assert_eq!(loaded(&shop, ".core.js").await, 1);
    // No script can ask what a policy allows: the browser reports that it was tried, and that alone.
    let faults = stored(&shop, "faults").await;
    let faults: BTreeSet<&str> = faults.as_str().expect("reports").lines().collect();
    assert_eq!(faults, ["script-src wasm-eval"].into());
}

#[tokio::test]
async fn a_page_that_asks_for_the_script_has_nothing_reported() {
    let shop = shop(Some(STRICT), &[]).await;
    shop.sign_in("Mei").await;
    let version = env!("CARGO_PKG_VERSION");
    let page = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>?js</title>
        <script type=\"module\" src=\"/funfair/{version}/funfair.js?js\"></script>
        <funfair-spin-wheel store=\"acme\" activity=\"double11\" token-url=\"/shop/token\">
        </funfair-spin-wheel></html>"
    );
    shop.proxy.page("/asks", page);
    // The store's own pages have tried.
    shop.browser.run("sessionStorage.clear()", vec![]).await;
    spin(&shop, "/asks").await;
    assert_eq!(loaded(&shop, ".core.js").await, 1);
    assert_eq!(stored(&shop, "faults").await, Value::Null);
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn where_no_sheet_can_be_adopted_a_pinned_file_dresses_the_widget() {
    let policy = STRICT.replace("script-src", "script-src 'wasm-unsafe-eval'");
    let shop = shop(Some(&policy), &[NO_SHEETS]).await;
    shop.sign_in("Mei").await;
    spin(&shop, "/activities/double11?lang=en").await;
    assert_eq!(loaded(&shop, "/funfair.css").await, 1);
    let shape = "getComputedStyle(root.querySelector('[part~=button]')).borderRadius !== '0px'";
    assert_eq!(shop.wheel().ask(shape).await, true);
    shop.keeps_the_contract().await;
    assert_eq!(stored(&shop, "faults").await, Value::Null);
}

/// An import may have no `integrity`; a page's import map may say it for it.
#[tokio::test]
async fn an_import_map_holds_the_script_to_its_hash() {
    let version = env!("CARGO_PKG_VERSION");
    let hashes = fs::read_to_string(dist().join(version).join("integrity.json")).expect("hashes");
    let hashes: Value = serde_json::from_str(&hashes).expect("JSON");
    let shop = shop(None, &[NONE]).await;
    shop.sign_in("Mei").await;
    for (path, of) in [("/right", "spin-wheel.core.js"), ("/wrong", "spin-wheel.js")] {
        let file = format!("/funfair/{version}/spin-wheel.core.js");
        let map = json!({ "integrity": { file: hashes[of] } });
        let page = format!(
            "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Held</title>
            <script type=\"importmap\">{map}</script>
            <script>addEventListener('funfair-error', it => window.failed = it.detail)</script>
            <script type=\"module\" src=\"/funfair/{version}/spin-wheel.js\"></script>
            <funfair-spin-wheel store=\"acme\" activity=\"double11\" token-url=\"/shop/token\">
            </funfair-spin-wheel></html>"
        );
        shop.proxy.page(path, page);
    }
    spin(&shop, "/right").await;
    shop.visit("/wrong").await;
    let failed = || async {
        let failed = shop.browser.run("return window.failed", vec![]).await;
        (!failed.is_null()).then_some(())
    };
    until("an error, since the script is not the one that was meant", failed).await;
    assert_eq!(shop.wheel().state().await, None);
}

#[tokio::test]
async fn both_cores_answer_every_message_of_every_journey_alike() {
    let shop = shop(None, &[TWINS]).await;
    all_journeys(&shop).await;
    let turns = stored(&shop, "turns").await;
    let turns: u64 = turns.as_str().expect("turns").parse().expect("a number");
    assert!(turns > 100, "{turns} messages only");
    assert_eq!(stored(&shop, "different").await, Value::Null);
}
