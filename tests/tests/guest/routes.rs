//! Single-page applications mount and unmount a widget with each change of route: those of
//! `examples/react` and `examples/vue`.

use crate::guest::{Guest, file};
use funfair_tests::built;
use serde_json::json;
use std::fs;

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
    mounts_and_unmounts("react").await;
}

#[tokio::test]
async fn vue_mounts_and_unmounts_without_a_trace() {
    mounts_and_unmounts("vue").await;
}

async fn mounts_and_unmounts(example: &str) {
    let guest = Guest::arrive().await;
    let application = fs::read_to_string(built(example).path().join("public/app.js"));
    let application = application.expect("its script").replace("</script", "<\\/script");
    let map = json!({ "imports": { "funfair/spin-wheel": file("spin-wheel") } });
    let head = format!("<script type=\"importmap\">{map}</script>");
    let body = format!("<div id=\"app\"></div><script type=\"module\">{application}</script>");
    guest.page(&head, &body).await;
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
    let told = "return /^Your play is /.test(document.querySelector('[role=status]')?.textContent)";
    guest.waits("the application heard of it", told).await;
    guest.is_at_peace().await;
}
