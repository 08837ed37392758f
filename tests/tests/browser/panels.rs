//! What the tests of the wallet and of the hub share: a page with one of them, and prizes to hold.

use crate::shop::Shop;
use funfair_tests::{browser::Browser, run, until};
use serde_json::Value;
use std::{fs, path::Path};
use thirtyfour::Key;

/// A wheel on which everybody wins a tin of tea, every time.
pub const TEA: &str = r#"
kind = "spin-wheel"
title = { en = "Tea wheel", zh-CN = "茶叶转盘" }
terms = { en = "For members.", zh-CN = "会员专享。" }
opens_at = "2026-01-01T00:00:00"
closes_at = "2036-01-01T00:00:00"

[chances]
free_per_day = 50

[[rules.prizes]]
id = "tea"
label = { en = "A tin of tea", zh-CN = "茶叶一罐" }
tier = 1
weight = 60
icon = "goods"
reward = { type = "goods", sku = "TEA-1" }

[[rules.prizes]]
id = "points"
label = { en = "5 points", zh-CN = "5积分" }
tier = 2
weight = 0
icon = "points"
fallback = true
reward = { type = "points", amount = 5 }

[[rules.prizes]]
id = "coupon"
label = { en = "¥20 off tea", zh-CN = "茶叶减20元" }
tier = 1
weight = 0
icon = "coupon"
reward = { type = "coupon", value_cents = 2000, threshold_cents = 9900, days = 30 }

[[rules.prizes]]
id = "none"
label = { en = "Next time", zh-CN = "下次好运" }
tier = 0
weight = 0
icon = "none"
"#;

/// Applies an activity of a test's own to the demo store, and waits until it can be played.
pub async fn serve(shop: &Shop, activity: &str, text: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join(format!("{activity}.toml")), text).expect("a file");
    let program = shop.demo.program();
    program.apply("acme", folder.path(), &[]).expect("a good file");
    run(&mut program.command(&["activity", "acme", activity, "live"])).expect("live");
    let path = format!("/v1/stores/acme/activities/{activity}");
    let seen = || async {
        let answer = shop.demo.api().get(&path).send().await;
        (answer.status == 200).then_some(())
    };
    until("the activity", seen).await;
}

/// Opens a page of the suite's own with one element that shows.
pub async fn page(shop: &Shop, slug: &str, lang: &str) {
    let path = format!("/case/{slug}/{lang}");
    let dir = if lang == "ar" { "rtl" } else { "ltr" };
    shop.proxy.page(
        &path,
        format!(
            "<!doctype html><html lang=\"{lang}\" dir=\"{dir}\" style=\"color-scheme: light dark; background: canvas\"><head>
            <meta charset=\"utf-8\"><title>{slug}</title>
            <meta name=\"viewport\" content=\"width=device-width\">
            <script type=\"module\" src=\"/funfair/{}/{slug}.js\"></script></head>
            <body><main><h1>{slug}</h1>
            <funfair-{slug} store=\"acme\" token-url=\"/shop/token\"
                href-template=\"/activities/{{activity}}?lang=en\"></funfair-{slug}>
            </main></body></html>",
            env!("CARGO_PKG_VERSION")
        ),
    );
    shop.visit(&path).await;
}

/// An English text of the element, by its key, from where it is written.
pub fn text(key: &str) -> String {
    let slug = key.split('.').next().expect("a slug");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let path = root.join(format!("widgets/{slug}/texts/en.json"));
    let texts: Value = fs::read_to_string(&path)
        .ok()
        .and_then(|text| serde_json::from_str(&text).ok())
        .unwrap_or_else(|| panic!("{}", path.display()));
    texts[key].as_str().unwrap_or_else(|| panic!("no text {key}")).into()
}

/// Presses Tab until the focus is on the element that `css` names within the element.
pub async fn tab_to(browser: &Browser, slug: &str, css: &str) {
    for _ in 0..60 {
        if browser.widget(slug).has_focus(css).await {
            return;
        }
        browser.press(Key::Tab).await;
    }
    panic!("the keyboard does not reach {css}");
}
