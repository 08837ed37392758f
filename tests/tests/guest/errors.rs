//! What goes wrong is quiet: the page's own content stays or comes back, and one event says why, by
//! a code of the table in docs/EMBEDDING.md.

use crate::guest::{Guest, WHEEL, file, script};
use funfair_tests::{Fault, Rule};
use serde_json::json;
use std::{collections::BTreeSet, fs, path::Path};

/// One way for something to go wrong.
struct Case {
    /// What the event says.
    code: &'static str,
    what: &'static str,
    /// Scripts in the page's head, before the widget's own.
    before: &'static str,
    /// Requests that fail, by the end of their path.
    faults: &'static [(&'static str, Fault)],
    /// Files in whose place a page comes, with status 200: by the end of their path.
    pages: &'static [&'static str],
    activity: &'static str,
    /// Whether it goes wrong only when a button is pressed.
    pressed: bool,
}

const CASE: Case = Case {
    code: "",
    what: "",
    before: "",
    faults: &[],
    pages: &[],
    activity: "wheel",
    pressed: false,
};

const ACTIVITY: &str = "/activities/wheel";
const ME: &str = "/activities/wheel/me";
const TEXTS: &str = "/texts/spin-wheel.en.json";
const CORE: &str = "/spin-wheel.core.js";
const NO_WASM: &str = "delete window.WebAssembly;";

/// The first press ends a core as Rust's panics do: by the instruction `unreachable`.
const TRAP: &str = "const trap = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0,
        7, 5, 1, 1, 116, 0, 0, 10, 5, 1, 3, 0, 0, 11]);
    const { instantiate } = WebAssembly;
    WebAssembly.instantiate = async module => {
        const { exports: { memory, room, turn } } = await instantiate(module);
        const { t } = (await instantiate(trap)).instance.exports;
        return { exports: { memory, room, turn: (...told) => told[0] === 5 ? t() : turn(...told) } };
    };";

const CASES: [Case; 11] = [
    Case {
        code: "unsupported",
        what: "no second script",
        before: NO_WASM,
        faults: &[(CORE, Fault::Answer(503))],
        ..CASE
    },
    Case {
        code: "unsupported",
        what: "a second script of a wrong type",
        before: NO_WASM,
        pages: &[CORE],
        ..CASE
    },
    Case {
        code: "texts",
        what: "a missing locale",
        faults: &[(TEXTS, Fault::Answer(404))],
        ..CASE
    },
    Case { code: "texts", what: "a blocked locale", faults: &[(TEXTS, Fault::CutRequest)], ..CASE },
    Case { code: "texts", what: "a page in a locale's place", pages: &[TEXTS], ..CASE },
    Case { code: "trapped", what: "a trap", before: TRAP, pressed: true, ..CASE },
    Case {
        code: "offline",
        what: "a gateway's 503",
        faults: &[(ACTIVITY, Fault::Answer(503)), (ME, Fault::Answer(503))],
        ..CASE
    },
    Case {
        code: "offline",
        what: "blocked requests",
        faults: &[(ACTIVITY, Fault::CutRequest), (ME, Fault::CutRequest)],
        ..CASE
    },
    Case { code: "offline", what: "a page in the answers' place", pages: &[ACTIVITY, ME], ..CASE },
    Case {
        code: "busy",
        what: "a busy server",
        faults: &[(ACTIVITY, Fault::Problem(503, "busy")), (ME, Fault::Problem(503, "busy"))],
        ..CASE
    },
    Case { code: "activity_unknown", what: "a wrong name", activity: "nothing", ..CASE },
];

#[tokio::test]
async fn whatever_breaks_leaves_the_fallback_and_one_event() {
    let guest = Guest::arrive().await;
    for case in &CASES {
        goes_wrong(&guest, case).await;
    }
}

async fn goes_wrong(guest: &Guest, case: &Case) {
    println!("{}: {}", case.code, case.what);
    guest.browser.devtools("Network.clearBrowserCache", json!({})).await;
    for path in case.pages {
        let path = if path.starts_with("/activities") {
            format!("/v1/stores/acme{path}")
        } else {
            file("spin-wheel").replace("/spin-wheel.js", path)
        };
        guest.proxy.page(&path, "<!doctype html><title>Not here</title>".into());
    }
    let rules: Vec<Rule> =
        case.faults.iter().map(|(path, fault)| guest.proxy.fault("GET", path, *fault)).collect();
    let head = format!("<script>{}</script>{}", case.before, script("spin-wheel"));
    guest.page(&head, &WHEEL.replace("wheel\" token", &format!("{}\" token", case.activity))).await;
    if case.pressed {
        guest.wheel().is("ready").await;
        guest.browser.run("document.querySelector('funfair-spin-wheel').act()", vec![]).await;
    }
    guest.waits(&format!("an event of {}", case.what), "return seen.errors.length > 0").await;
    if case.code == "offline" || case.code == "busy" {
        // Tried again, and failed again: still one fault.
        for rule in &rules {
            rule.hit(2).await;
        }
    }
    let frames = "const done = arguments[arguments.length - 1];
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(seen))))";
    let seen = guest.browser.session().execute_async(frames, vec![]).await;
    let seen = seen.expect("a script runs").json().clone();
    assert_eq!(seen["errors"], json!([case.code]), "{}", case.what);
    assert_eq!(seen["faults"], json!([]), "{}", case.what);
    assert_eq!(guest.browser.run(FALLBACK, vec![]).await, true, "{}", case.what);
    rules.iter().for_each(Rule::lift);
    guest.proxy.forget_pages();
}

/// Whether the element's own content is on show.
const FALLBACK: &str = "const range = document.createRange();
    range.selectNodeContents(document.querySelector('funfair-spin-wheel'));
    return range.getBoundingClientRect().height > 0";

#[tokio::test]
async fn a_file_that_does_not_run_leaves_the_fallback() {
    let guest = Guest::arrive().await;
    // As HTML, a module is not run; nor is one that never comes.
    guest.proxy.page(&file("spin-wheel"), "<!doctype html>".into());
    guest.page(&script("spin-wheel"), WHEEL).await;
    assert_eq!(guest.browser.run(FALLBACK, vec![]).await, true);
    guest.proxy.forget_pages();
    guest.proxy.fault("GET", "/spin-wheel.js", Fault::CutRequest);
    guest.page(&script("spin-wheel"), WHEEL).await;
    assert_eq!(guest.browser.run(FALLBACK, vec![]).await, true);
    assert_eq!(
        guest.browser.run("return !customElements.get('funfair-spin-wheel')", vec![]).await,
        true
    );
}

#[test]
fn the_table_of_codes_and_the_cases_name_the_same() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/EMBEDDING.md");
    let docs = fs::read_to_string(docs).expect("docs/EMBEDDING.md");
    let (_, after) = docs.split_once("| code of `funfair-error` |").expect("the table of codes");
    let rows = after.lines().skip(2).take_while(|line| line.starts_with('|'));
    let told: BTreeSet<_> = rows.filter_map(|row| row.split('`').nth(1)).collect();
    let shown: BTreeSet<_> = CASES.iter().map(|case| case.code).collect();
    assert_eq!(told, shown);
}
