use super::Browser;
use serde_json::{Value, json};
use std::{fs, path::Path, sync::OnceLock};

/// The rules of WCAG up to 2.2 AA.
const TAGS: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];

/// Runs axe-core in the page, shadow roots included.
pub async fn run(browser: &Browser, what: &str) {
    let loaded = browser.run("return typeof axe === 'object'", vec![]).await;
    if loaded != true {
        browser.run(source(), vec![]).await;
    }
    let script = "const done = arguments[arguments.length - 1];
        axe.run(document, { runOnly: arguments[0], resultTypes: ['violations'] })
            .then(found => done({
                passes: found.passes.length,
                violations: found.violations.map(rule => ({
                    rule: rule.id, help: rule.help,
                    nodes: rule.nodes.map(node => node.target.flat().join(' ') + ': '
                        + node.failureSummary + ' ' + node.html),
                })),
            }), error => done({ error: String(error) }));";
    let found = browser.session().execute_async(script, vec![json!(TAGS)]).await;
    let found: Value = found.expect("axe-core runs").json().clone();
    let violations = found["violations"].as_array();
    let none = violations.is_some_and(Vec::is_empty);
    // A run that examined nothing has no violations either.
    let passes = found["passes"].as_u64().unwrap_or(0);
    assert!(none && passes >= 10, "axe-core, {what}, {passes} rules passed: {found:#}");
}

fn source() -> &'static str {
    static SOURCE: OnceLock<String> = OnceLock::new();
    SOURCE.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let path = root.join("node_modules/axe-core/axe.min.js");
        fs::read_to_string(path).expect("node_modules/axe-core: `npm ci` comes first")
    })
}
