//! One journey a kind in the engines that are not Chromium; Chromium has all of the others.

use crate::shop::Shop;
use funfair_tests::{
    PATIENCE,
    browser::{Engine, FIREFOX, Looks, WEBKIT, Widget},
    until, within,
};
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::Path};

/// Each kind of the catalogue with the demo store's activity of it.
async fn activities(shop: &Shop) -> BTreeMap<String, String> {
    let listed = shop.demo.api().get("/v1/stores/acme/activities").send().await.expect(200).json();
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/demo-store/activities");
    let own =
        |it: &&Value| demo.join(format!("{}.toml", it["activity"].as_str().unwrap())).is_file();
    let word = |it: &Value, key: &str| it[key].as_str().expect("a word").to_owned();
    let listed = listed.as_array().expect("activities").iter().filter(own);
    let found: BTreeMap<_, _> = listed.map(|it| (word(it, "kind"), word(it, "activity"))).collect();

    let widgets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../widgets");
    let folders = fs::read_dir(widgets).expect("widgets").map(|it| it.expect("a folder").path());
    let kinds = folders.filter(|it| it.join("example.toml").is_file());
    for kind in kinds {
        let slug = kind.file_name().and_then(|it| it.to_str()).expect("a slug");
        assert!(found.contains_key(slug), "the demo store has no activity of the kind {slug}");
    }
    found
}

/// Presses what there is to be chosen first, then the one button.
async fn play(widget: &Widget<'_>) {
    if widget.ask("!!root.querySelector('input[type=radio]')").await == true {
        widget.element("input[type=radio]").await.click().await.expect("a choice");
    }
    widget.click().await;
}

/// Load, sign-in, play, result, reload, for every kind; then the wallet, which knows of all of it.
async fn every_kind(engine: &Engine) {
    let shop = Shop::open_in(engine, Looks { reduced_motion: true, dark: false }).await;
    let activities = activities(&shop).await;
    for (kind, activity) in &activities {
        shop.visit(&format!("/activities/{activity}?lang=en")).await;
        shop.browser.widget(kind).is("signed-out").await;
    }
    shop.sign_in("Mei").await;
    for (kind, activity) in &activities {
        let widget = shop.browser.widget(kind);
        shop.visit(&format!("/activities/{activity}?lang=en")).await;
        widget.is("ready").await;
        play(&widget).await;
        widget.is("result").await;
        let receipt = shop.only_receipt(activity).await;
        assert_eq!(widget.receipt().await, receipt["id"].as_str().expect("an id"), "{kind}");
        assert_ne!(widget.text("status").await, "", "{kind}");
        shop.browser.reload().await;
        widget.is("ready").await;
        shop.only_receipt(activity).await;
        assert_eq!(shop.kept().await, [""; 0], "{kind}");
    }
    wallet_knows(&shop, activities.len()).await;
    shop.keeps_the_contract().await;
    let profile = shop.browser.profile().display().to_string();
    assert_ne!(processes_of(&profile), [0; 0]);
    drop(shop);
    let ended = || async { processes_of(&profile).is_empty().then_some(()) };
    until("the end of the browser, which nobody else would end", ended).await;
}

/// The processes whose command or environment says this.
fn processes_of(word: &str) -> Vec<u32> {
    let folders = fs::read_dir("/proc").expect("a list of processes");
    let numbers = folders.filter_map(|it| it.ok()?.file_name().to_str()?.parse().ok());
    let says = |number: &u32| {
        ["cmdline", "environ"].iter().any(|file| {
            // It may have ended in between.
            let said = fs::read(format!("/proc/{number}/{file}")).unwrap_or_default();
            String::from_utf8_lossy(&said).contains(word)
        })
    };
    numbers.filter(says).collect()
}

async fn wallet_knows(shop: &Shop, plays: usize) {
    shop.visit("/wallet?lang=en").await;
    let wallet = shop.browser.widget("wallet");
    wallet.is("ready").await;
    wallet.element("[for=plays]").await.click().await.expect("a tab");
    let count = "root.querySelectorAll('.play').length";
    let all = || async { (wallet.ask(count).await == json!(plays)).then_some(()) };
    let found = within(PATIENCE, all).await;
    let (seen, shown) = (wallet.ask(count).await, wallet.shown().await);
    assert!(found.is_some(), "{plays} plays, and the wallet shows {seen}:\n{shown}");
}

#[tokio::test]
async fn every_kind_is_played_in_firefox() {
    every_kind(&FIREFOX).await;
}

#[tokio::test]
async fn every_kind_is_played_in_webkit() {
    every_kind(&WEBKIT).await;
}
