//! Single-page applications mount and unmount a widget with each change of route.

use crate::guest::{Guest, script};
use serde_json::json;
use std::{path::Path, process::Command};

/// How often each application goes to the widget's route and away.
const TIMES: u64 = 50;

/// Goes there and away, and waits for the widget each time.
const ROUTES: &str = "const [times, done] = arguments;
    const until = look => new Promise((found, lost) => {
        const start = performance.now();
        const again = () => look() ? found() : performance.now() - start > 15000
            ? lost(new Error('never came')) : setTimeout(again, 5);
        again();
    });
    const wheel = () => document.querySelector('funfair-spin-wheel');
    (async () => {
        for (let at = 0; at < times; at++) {
            location.hash = '#/wheel';
            await until(() => wheel()?.shadowRoot?.querySelector('[data-state=ready]'));
            location.hash = '#/';
            await until(() => !wheel());
        }
    })().then(() => done('all'), fault => done(String(fault)));";

#[tokio::test]
async fn react_mounts_and_unmounts_without_a_trace() {
    mounts_and_unmounts("react.js").await;
}

#[tokio::test]
async fn vue_mounts_and_unmounts_without_a_trace() {
    mounts_and_unmounts("vue.js").await;
}

async fn mounts_and_unmounts(application: &str) {
    let guest = Guest::arrive().await;
    let bundled = bundled(application);
    let body = format!("<div id=\"app\"></div><script type=\"module\">{bundled}</script>");
    guest.page(&script("spin-wheel"), &body).await;
    let go = async |times: u64| {
        let run = guest.browser.session().execute_async(ROUTES, vec![json!(times)]).await;
        assert_eq!(*run.expect("a script runs").json(), "all");
    };
    go(10).await;
    let before = guest.held().await;
    go(TIMES).await;
    guest.held().await.has_not_grown(before, TIMES);
    // On the way in it is a page like any other.
    guest.browser.run("location.hash = '#/wheel'", vec![]).await;
    guest.wheel().is("ready").await;
    guest.wheel().click().await;
    guest.wheel().is("result").await;
    guest.waits("the application heard of it", "return seen.heard === 1").await;
    guest.is_at_peace().await;
}

/// The application and its framework as one module, as a shop would build them.
fn bundled(application: &str) -> String {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut esbuild = Command::new(tests.join("../node_modules/.bin/esbuild"));
    esbuild.arg(tests.join("tests/guest/pages").join(application));
    esbuild.args(["--bundle", "--minify", "--format=esm", "--log-level=warning"]);
    esbuild.args([
        "--define:process.env.NODE_ENV=\"production\"",
        "--define:__VUE_OPTIONS_API__=false",
        "--define:__VUE_PROD_DEVTOOLS__=false",
        "--define:__VUE_PROD_HYDRATION_MISMATCH_DETAILS__=false",
    ]);
    let built = esbuild.output().expect("node_modules/.bin/esbuild: `npm ci` comes first");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    String::from_utf8(built.stdout).expect("UTF-8").replace("</script", "<\\/script")
}
