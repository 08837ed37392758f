//! How smoothly wheels turn on a processor six times slower, and what each further wheel holds.
//!
//! Frames are those of the page's own thread (`requestAnimationFrame`), for all alike. A motion that
//! the compositor runs goes on between them, so for such a wheel the figure is what is left for the
//! page, and no less than what the eye sees.

use crate::{
    aims::{Aim, Series, hold, table},
    page::{self, From, Of},
    site::{MOST, Site},
};
use serde_json::{Value, json};

const SLOWER: u32 = 6;
/// Longer than a frame and a fifth of one at 60 a second.
const LONG_MS: f64 = 20.0;
const OURS: &str = "funfair";

/// Whether it draws on a canvas.
const PAGES: [(&str, Of, bool); 6] = [
    ("by hand", Of::Peer { file: "hand.js", carried: false }, false),
    ("spin-wheel", Of::Peer { file: "spin-wheel.js", carried: false }, true),
    ("lucky-canvas", Of::Peer { file: "lucky-canvas.js", carried: false }, true),
    ("vue + lucky", Of::Peer { file: "vue-lucky.js", carried: false }, true),
    ("react + lucky", Of::Peer { file: "react-lucky.js", carried: false }, true),
    (OURS, Of::Wheel { bundle: "spin-wheel", from: From::Own }, false),
];

/// Spins every wheel; once all plays are answered, gathers frames for four seconds, in which no wheel
/// has come to rest.
const SPIN: &str = "const done = arguments[0];
    let answered = 0;
    new PerformanceObserver(list => {
        const plays = list.getEntries().filter(it => it.name.endsWith('/plays'));
        answered += plays.filter(it => it.responseStatus === 200).length;
        if (answered === count) requestAnimationFrame(gather);
    }).observe({ type: 'resource' });
    all('button').forEach(it => it.click());
    all('[store]').forEach(it => it.act());
    const frames = [];
    function gather(now) {
        frames.push(now);
        if (now - frames[0] < 4000) requestAnimationFrame(gather);
        else done(frames);
    }";

#[derive(Default)]
struct Cell {
    a_second: Series,
    /// Hundredths of all frames.
    long: Series,
    bytes: Series,
}

pub async fn run(site: &Site, rounds: u32) {
    let mut cells: Vec<[Cell; 2]> = PAGES.iter().map(|_| Default::default()).collect();
    let mut paths = Vec::new();
    for (_, of, _) in PAGES {
        paths.push([page::write(site, of, 1, "").await, page::write(site, of, MOST, "").await]);
    }
    for round in 0..rounds {
        site.sign_in(&format!("Mei {round}")).await;
        for (paths, cells) in paths.iter().zip(&mut cells) {
            for (path, cell) in paths.iter().zip(cells) {
                measure(site, path, cell).await;
            }
        }
    }
    print(&cells);
}

async fn measure(site: &Site, path: &str, cell: &mut Cell) {
    site.go(path).await;
    site.done("const done = arguments[0]; both.then(() => done(true))").await;
    cell.bytes.push(held(site).await);
    site.slow(SLOWER).await;
    let frames = site.done(SPIN).await;
    site.slow(1).await;
    let frames: Vec<f64> = serde_json::from_value(frames).expect("times");
    let deltas: Vec<f64> = frames.windows(2).map(|two| two[1] - two[0]).collect();
    let count = |all: &[f64]| f64::from(u32::try_from(all.len()).expect("few frames"));
    let long: Vec<f64> = deltas.iter().copied().filter(|delta| *delta > LONG_MS).collect();
    cell.a_second.push(count(&deltas) * 1000.0 / deltas.iter().sum::<f64>());
    cell.long.push(100.0 * count(&long) / count(&deltas));
}

/// Bytes of script's heap, of the page's tree, of buffers, and of WebAssembly's memories, which are in
/// none of the three.
async fn held(site: &Site) -> f64 {
    for _ in 0..3 {
        site.browser.devtools("HeapProfiler.collectGarbage", json!({})).await;
    }
    let usage = site.browser.devtools("Runtime.getHeapUsage", json!({})).await;
    let of = |name: &str| Value::as_f64(&usage[name]).unwrap_or_else(|| panic!("{name}: {usage}"));
    of("usedSize") + of("embedderHeapUsedSize") + of("backingStorageSize") + cores(site).await
}

async fn cores(site: &Site) -> f64 {
    let prototype = json!({ "expression": "WebAssembly.Memory.prototype" });
    let prototype = site.browser.devtools("Runtime.evaluate", prototype).await;
    let of = json!({ "prototypeObjectId": prototype["result"]["objectId"] });
    let found = site.browser.devtools("Runtime.queryObjects", of).await;
    let sum = "function () { return this.reduce((sum, it) => sum + it.buffer.byteLength, 0) }";
    let of = json!({
        "objectId": found["objects"]["objectId"], "functionDeclaration": sum, "returnByValue": true,
    });
    let sum = site.browser.devtools("Runtime.callFunctionOn", of).await;
    sum["result"]["value"].as_f64().unwrap_or_else(|| panic!("a sum, not {sum}"))
}

fn print(cells: &[[Cell; 2]]) {
    let further = |cells: &[Cell; 2]| {
        let most = u32::try_from(MOST - 1).expect("a few");
        (cells[1].bytes.median() - cells[0].bytes.median()) / f64::from(most) / 1e6
    };
    let mut rows = Vec::new();
    for ((name, ..), cells) in PAGES.iter().zip(cells) {
        for (count, cell) in [1, MOST].iter().zip(cells) {
            println!(
                "{}",
                json!({
                    "bench": "frames", "page": name, "wheels": count,
                    "frames_a_second": cell.a_second.json(), "long_percent": cell.long.json(),
                    "held_bytes": cell.bytes.json(),
                })
            );
        }
        let [one, ten] = cells;
        rows.push(vec![
            (*name).to_owned(),
            one.a_second.told(1),
            one.long.told(0),
            ten.a_second.told(1),
            format!("{:.3}", further(cells)),
        ]);
    }
    let heads =
        ["page", "1 wheel: frames/s", "> 20 ms, %", "10 wheels: frames/s", "MB a further wheel"];
    table(&heads, &rows);
    let ours = PAGES.iter().position(|(name, ..)| *name == OURS).expect("ours");
    let canvases = PAGES.iter().zip(cells).filter(|((.., canvas), _)| *canvas);
    let best = canvases.map(|(_, cells)| cells[1].a_second.median()).fold(0.0, f64::max);
    let ours = &cells[ours];
    hold("frames", "long frames of one wheel, %", Aim::AtMost(10.0), ours[0].long.median());
    let times = ours[1].a_second.median() / best;
    hold("frames", "ten wheels ÷ the best canvas", Aim::AtLeast(3.0), times);
    hold("frames", "MB a further wheel", Aim::AtMost(0.3), further(ours));
}
