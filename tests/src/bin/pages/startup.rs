//! How soon a wheel is there and can be pressed: cold loads on Fast 3G with a processor four times
//! slower. The member is signed in, so token and `me` are part of it.

use crate::{
    aims::{Aim, Series, hold, table},
    page::{self, EARLY_TOKEN, From, Of},
    site::Site,
};
use serde_json::json;
use std::time::Duration;

/// Fast 3G as Lighthouse applies it by the `DevTools` protocol: 150 ms × 3.75, 1.6 Mbit/s and
/// 750 kbit/s × 0.9.
const LATENCY_MS: f64 = 562.5;
const DOWN_BYTES: f64 = 1.6e6 * 0.9 / 8.0;
const UP_BYTES: f64 = 750e3 * 0.9 / 8.0;
const SLOWER: u32 = 4;

const LUCKY: &str = "lucky-canvas";
const REACT: &str = "react + lucky";
const LUCKY_CARRIED: &str = "lucky-canvas, the activity in the page";
const REACT_CARRIED: &str = "react + lucky, the activity in the page";
const WHEEL: &str = "funfair: spin-wheel.js";
const FRAGMENT: &str = "funfair: spin-wheel.js, fragment";
const LUCKY_EARLY: &str = "lucky-canvas, token preloaded";
const REACT_EARLY: &str = "react + lucky, token preloaded";
const WHEEL_EARLY: &str = "funfair: spin-wheel.js, token preloaded";

/// What each page is, and what its head has besides.
const PAGES: [(&str, Of, &str); 17] = [
    ("by hand", peer("hand.js"), ""),
    ("spin-wheel", peer("spin-wheel.js"), ""),
    (LUCKY, peer("lucky-canvas.js"), ""),
    ("vue + lucky", peer("vue-lucky.js"), ""),
    (REACT, peer("react-lucky.js"), ""),
    (WHEEL, wheel("spin-wheel", From::Own), ""),
    ("funfair: funfair.js, one wheel", wheel("funfair", From::Own), ""),
    ("funfair: funfair.js, one of each kind", Of::All, ""),
    ("funfair: spin-wheel.js, other origin", wheel("spin-wheel", From::Other), ""),
    (LUCKY_EARLY, peer("lucky-canvas.js"), EARLY_TOKEN),
    (REACT_EARLY, peer("react-lucky.js"), EARLY_TOKEN),
    (WHEEL_EARLY, wheel("spin-wheel", From::Own), EARLY_TOKEN),
    ("by hand, the activity in the page", carried("hand.js"), ""),
    (LUCKY_CARRIED, carried("lucky-canvas.js"), ""),
    (REACT_CARRIED, carried("react-lucky.js"), ""),
    (FRAGMENT, wheel("spin-wheel", From::Fragment), ""),
    (
        "funfair: spin-wheel.js, fragment, token preloaded",
        wheel("spin-wheel", From::Fragment),
        EARLY_TOKEN,
    ),
];

const fn peer(file: &'static str) -> Of {
    Of::Peer { file, carried: false }
}

const fn carried(file: &'static str) -> Of {
    Of::Peer { file, carried: true }
}

const fn wheel(bundle: &'static str, from: From) -> Of {
    Of::Wheel { bundle, from }
}

/// What a page tells once all of it can be pressed.
const TOLD: &str = "const done = arguments[0];
    const painted = new Promise(done => new PerformanceObserver(list => list.getEntries()
        .filter(it => it.name === 'first-contentful-paint').forEach(it => done(it.startTime)))
        .observe({ type: 'paint', buffered: true }));
    Promise.all([painted, both]).then(([paint]) => {
        const loads = performance.getEntriesByType('resource')
            .concat(performance.getEntriesByType('navigation'));
        const bytes = loads.reduce((sum, it) => sum + it.encodedBodySize, 0);
        done({ ...seen, paint, bytes, requests: loads.length });
    })";

#[derive(Default)]
struct Times {
    visible: Series,
    ready: Series,
    paint: Series,
    /// Of bodies, as they travelled.
    bytes: Series,
}

pub async fn run(site: &Site, rounds: u32) {
    let mut paths = Vec::new();
    for (_, of, head) in PAGES {
        paths.push(page::write(site, of, 1, head).await);
    }
    site.sign_in("Mei").await;
    throttle(site).await;
    let mut times: Vec<Times> = PAGES.iter().map(|_| Times::default()).collect();
    for _ in 0..rounds {
        for (path, times) in paths.iter().zip(&mut times) {
            site.go(path).await;
            let told = site.done(TOLD).await;
            let of = |name: &str| told[name].as_f64().unwrap_or_else(|| panic!("{name} in {told}"));
            times.visible.push(of("visible"));
            times.ready.push(of("ready"));
            times.paint.push(of("paint"));
            times.bytes.push(of("bytes"));
        }
    }
    print(&times);
}

async fn throttle(site: &Site) {
    site.browser.devtools("Network.enable", json!({})).await;
    let off = json!({ "cacheDisabled": true });
    site.browser.devtools("Network.setCacheDisabled", off).await;
    let fast_3g = json!({
        "offline": false, "latency": LATENCY_MS,
        "downloadThroughput": DOWN_BYTES, "uploadThroughput": UP_BYTES,
    });
    site.browser.devtools("Network.emulateNetworkConditions", fast_3g).await;
    site.slow_preflights(Duration::from_secs_f64(LATENCY_MS / 1000.0));
    site.slow(SLOWER).await;
}

fn print(times: &[Times]) {
    let mut rows = Vec::new();
    for ((name, ..), it) in PAGES.iter().zip(times) {
        println!(
            "{}",
            json!({
                "bench": "startup", "page": name, "first_contentful_paint_ms": it.paint.json(),
                "visible_ms": it.visible.json(), "ready_ms": it.ready.json(),
                "body_bytes": it.bytes.median(),
            })
        );
        rows.push(vec![
            (*name).to_owned(),
            it.paint.told(0),
            it.visible.told(0),
            it.ready.told(0),
            format!("{:.1}", it.bytes.median() / 1000.0),
        ]);
    }
    table(&["page", "first paint, ms", "visible, ms", "ready, ms", "kB of bodies"], &rows);
    let of = |name: &str| {
        let found = PAGES.iter().zip(times).find(|((page, ..), _)| *page == name);
        found.map(|(_, times)| times).expect("a page of the list")
    };
    for (ours, react, lucky) in [
        (WHEEL, REACT, LUCKY),
        (WHEEL_EARLY, REACT_EARLY, LUCKY_EARLY),
        (FRAGMENT, REACT_CARRIED, LUCKY_CARRIED),
    ] {
        let (us, react, lucky) = (of(ours), of(react), of(lucky));
        let ratio = |a: &Series, b: &Series| a.median() / b.median();
        let say = |what: &str, aim, measured| {
            hold("startup", &format!("{ours}, {what}"), Aim::AtMost(aim), measured);
        };
        say("visible ÷ react + lucky", 1.0, ratio(&us.visible, &react.visible));
        say("visible ÷ lucky-canvas", 1.0, ratio(&us.visible, &lucky.visible));
        say("ready ÷ react + lucky", 0.7, ratio(&us.ready, &react.ready));
        say("ready ÷ lucky-canvas", 1.0, ratio(&us.ready, &lucky.ready));
    }
    // The frame that is marked is the one after the paint.
    let late = of(FRAGMENT).visible.median() - of(FRAGMENT).paint.median();
    hold("startup", "fragment, frames from first paint to visible", Aim::AtMost(4.0), late / 16.7);
}
