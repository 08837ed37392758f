//! How the files come: by the evergreen address, with a core that somebody has changed on the way.

use crate::{
    shop::Shop,
    strict::{loaded, spin},
};
use funfair_tests::{Fault, browser::Looks};

const STILL: Looks = Looks { reduced_motion: true, dark: false };
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A page with the wheel, whose script is at `source`.
async fn page(source: &str) -> Shop {
    let shop = Shop::open(STILL).await;
    shop.sign_in("Mei").await;
    let html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Delivery</title>
        <script type=\"module\" src=\"{source}\"></script>
        <funfair-spin-wheel store=\"acme\" activity=\"double11\" token-url=\"/shop/token\">
        </funfair-spin-wheel></html>"
    );
    shop.proxy.page("/delivery", html);
    shop
}

#[tokio::test]
async fn the_evergreen_address_leads_to_the_pinned_files() {
    let shop = page("/funfair/latest/funfair.js").await;
    spin(&shop, "/delivery").await;
    for file in ["funfair.js", "funfair.wasm", "texts/funfair.en.json"] {
        assert_eq!(loaded(&shop, &format!("/funfair/{VERSION}/{file}")).await, 1, "{file}");
    }
    // Maps are for whoever opens the tools.
    assert_eq!(loaded(&shop, ".map").await, 0);
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn a_core_that_was_changed_on_the_way_does_not_run() {
    // Not the bundle of the store's own pages: that one's core is in the browser's cache by now.
    let shop = page(&format!("/funfair/{VERSION}/spin-wheel.js")).await;
    let changed = shop.proxy.fault("GET", "/spin-wheel.wasm", Fault::Answer(200));
    spin(&shop, "/delivery").await;
    assert_eq!(changed.hits(), 1);
    assert_eq!(loaded(&shop, "/spin-wheel.core.js").await, 1);
}
