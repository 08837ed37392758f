//! Pages that a server made, with the first view of each widget in them.

use crate::shop::Shop;
use funfair_tests::{Fault, browser::Looks, until};
use serde_json::{Value, json};

const STILL: Looks = Looks { reduced_motion: true, dark: false };

/// Kind and activity of whatever the demo store runs, one of each kind.
async fn activities(shop: &Shop) -> Vec<(String, String)> {
    let rows = shop.demo.api().get("/v1/stores/acme/activities").send().await.expect(200).json();
    let mut found: Vec<(String, String)> = Vec::new();
    for row in rows.as_array().expect("rows") {
        let [kind, id] = ["kind", "activity"].map(|name| row[name].as_str().expect("a text"));
        if row["open"] == true && found.iter().all(|(known, _)| known != kind) {
            found.push((kind.into(), id.into()));
        }
    }
    assert_eq!(found.len(), funfair_catalogue::ENTRIES.len(), "{rows}");
    found
}

/// Opens a page as a store's server would write it, under a strict policy, with these scripts.
async fn page(shop: &Shop, slug: &str, activity: &str, scripts: &str) {
    let path = format!("/v1/stores/acme/activities/{activity}/fragment?lang=en");
    let fragment = shop.demo.api().get(&path).send().await.expect(200).answer;
    let fragment = String::from_utf8(fragment).expect("text");
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>{slug}</title>
        <meta http-equiv=\"content-security-policy\" content=\"default-src 'none'; style-src 'self'; img-src 'self';
        script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; connect-src 'self'\">
        <meta name=\"viewport\" content=\"width=device-width\"><main><h1>{slug}</h1>
        <funfair-{slug} store=\"acme\" activity=\"{activity}\" token-url=\"/shop/token\">{fragment}Later</funfair-{slug}>
        <p id=\"below\">below</p></main>{scripts}</html>"
    );
    let path = format!("/made/{slug}/{}", scripts.len());
    shop.proxy.page(&path, html);
    shop.visit(&path).await;
}

/// What is shown of the words between the element's tags.
async fn wrote(shop: &Shop) -> Value {
    shop.browser.run("return document.querySelector('[store]').innerText", vec![]).await
}

#[tokio::test]
async fn every_widget_is_seen_on_a_page_that_runs_no_script() {
    let shop = Shop::open(STILL).await;
    for (slug, activity) in activities(&shop).await {
        page(&shop, &slug, &activity, "").await;
        let widget = shop.browser.widget(&slug);
        let title = widget.ask("root.querySelector('.title').innerText").await;
        assert!(title.as_str().is_some_and(|title| !title.is_empty()), "{slug}: {title}");
        // Drawn as it will be: the sheet has come, and nothing else was asked of the page.
        let look =
            widget.ask("[root.styleSheets.length, root.querySelector('.stage').offsetHeight]");
        let look = look.await;
        assert_eq!(look[0], 1, "{slug}");
        assert!(look[1].as_u64().is_some_and(|height| height > 60), "{slug}: {look}");
        // What the page wrote for engines that cannot do this is not shown beside it.
        assert_eq!(wrote(&shop).await, "", "{slug}");
    }
    let console = shop.browser.console().await;
    assert!(!console.contains("Content Security Policy"), "{console}");
    // Last, since the checker itself writes styles.
    for (slug, activity) in activities(&shop).await {
        page(&shop, &slug, &activity, "").await;
        shop.browser.is_accessible(&format!("{slug} before its script")).await;
    }
}

/// Runs before the widget's file: remembers what was drawn, and adds up what moves.
const WITNESS: &str = "<script>
    const root = document.querySelector('[store]').shadowRoot;
    const parts = ['.title', '.stage', '[part=status]'].map((css) => root.querySelector(css));
    window.kept = () => parts.map((part) => part.isConnected);
    window.moved = [];
    // What only has other words in the same place has not moved.
    const places = (it) => [it.previousRect, it.currentRect].map((rect) => JSON.stringify(rect));
    const note = (one) => one.sources.map(places).forEach(([was, is]) => was === is || window.moved.push(was, is));
    new PerformanceObserver((list) => list.getEntries().forEach(note))
        .observe({ type: 'layout-shift', buffered: true });
    </script>";

#[tokio::test]
async fn every_element_takes_over_what_the_server_drew_and_asks_for_it_no_more() {
    let shop = Shop::open(STILL).await;
    shop.sign_in("Mei").await;
    for (slug, activity) in activities(&shop).await {
        let file = format!("/funfair/{}/{slug}.js", env!("CARGO_PKG_VERSION"));
        let scripts = format!("{WITNESS}<script type=\"module\" src=\"{file}\"></script>");
        let before = shop.proxy.exchanges().len();
        page(&shop, &slug, &activity, &scripts).await;
        shop.browser.widget(&slug).is("ready").await;
        assert_eq!(
            shop.browser.run("return window.kept()", vec![]).await,
            json!([true, true, true]),
            "{slug}"
        );
        let moved = shop.browser.run("return window.moved", vec![]).await;
        assert_eq!(moved, json!([]), "{slug} moved what was on the page");
        let public = format!("/v1/stores/acme/activities/{activity}");
        let asked = shop.proxy.exchanges().split_off(before);
        assert!(asked.iter().all(|it| it.route() != public), "{slug} asked for the activity again");
        assert!(asked.iter().any(|it| it.route() == format!("{public}/me")), "{slug}");
    }
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn a_spin_on_a_page_made_by_a_server_is_won_as_on_any_other() {
    let shop = Shop::open(STILL).await;
    shop.sign_in("Mei").await;
    let file = format!("/funfair/{}/funfair.js", env!("CARGO_PKG_VERSION"));
    let script = format!("<script type=\"module\" src=\"{file}\"></script>");
    page(&shop, "spin-wheel", "double11", &script).await;
    shop.wheel().is("ready").await;
    shop.wheel().click().await;
    shop.shows(shop.wheel(), &shop.only_receipt("double11").await).await;
    // Another activity has nothing to do with what was drawn.
    let other = "const wheel = document.querySelector('[store]');
        wheel.setAttribute('activity', 'nothing'); return null";
    assert_eq!(shop.browser.run(other, vec![]).await, Value::Null);
    let failed = || async { (shop.wheel().state().await? == "error").then_some(()) };
    until("the other activity's error", failed).await;
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn what_the_page_wrote_takes_the_place_of_a_drawing_that_nobody_can_take_over() {
    let shop = Shop::open(STILL).await;
    let file = format!("/funfair/{}/funfair.js", env!("CARGO_PKG_VERSION"));
    let script = format!("<script type=\"module\" src=\"{file}\"></script>");
    let lost = shop.proxy.fault("GET", "/funfair.en.json", Fault::CutAnswer);
    page(&shop, "spin-wheel", "double11", &script).await;
    lost.hit(1).await;
    let shown = || async { (wrote(&shop).await == "Later").then_some(()) };
    until("what the page wrote", shown).await;
}
