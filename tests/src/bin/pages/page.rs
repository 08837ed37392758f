//! The pages: one wheel or several, each with an activity and a member of its own to ask for.

use crate::site::{Site, activity};

/// Marks, before anything else runs, the frame after the one in which a page's wheels were drawn and
/// the one after which all can be pressed. A wheel in the page's tree is drawn when a label of it is
/// laid out and its style has come, one on a canvas when a label is written on it.
const PROBE: &str = "const written = new Set();
    const { fillText } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillText = function (...words) {
        written.add(this.canvas);
        return fillText.apply(this, words);
    };
    const VIEW = '.stage:not(.empty) *';
    const all = css => [...document.querySelectorAll(css)];
    const laid = node => !!node && node.getBoundingClientRect().width > 0;
    const dressed = root => root.styleSheets.length + (root.adoptedStyleSheets || []).length > 0;
    const own = () => all('[store]').map(it => it.shadowRoot).filter(root => root && dressed(root));
    const drawn = () => [...written].filter(it => it.isConnected).length
        + all('[data-activity] svg').filter(it => laid(it.querySelector('text'))).length
        + own().filter(root => [...root.querySelectorAll(VIEW)].some(laid)).length;
    const pressable = () => all('button').filter(it => !it.disabled).length
        + own().filter(root => root.querySelector('[data-state=ready] [part~=button]')).length;
    const seen = {};
    const watch = (name, has) => new Promise(done => {
        const mark = () => done(seen[name] = performance.now());
        const look = () => requestAnimationFrame(document.body && has() >= count ? mark : look);
        look();
    });
    const both = Promise.all([watch('visible', drawn), watch('ready', pressable)]);";

/// How a page comes by its wheels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// A file of `xtask/peers`; the page carries the activity, or it is asked for.
    Peer { file: &'static str, carried: bool },
    /// A bundle of ours.
    Wheel { bundle: &'static str, from: From },
    /// One of each kind, from `funfair.js`.
    All,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The page's own origin.
    Own,
    /// The page's own, and the page carries the first view.
    Fragment,
    /// Files and host API of another origin.
    Other,
}

/// Asks for the token while the script is still on its way.
pub const EARLY_TOKEN: &str =
    "<link rel=\"preload\" as=\"fetch\" href=\"/shop/token\" crossorigin>";

/// A page of this many wheels with this in its head, by its path.
pub async fn write(site: &Site, of: Of, count: usize, head: &str) -> String {
    let mut body = String::new();
    let mut head = head.to_owned();
    let version = env!("CARGO_PKG_VERSION");
    let script = match of {
        Of::Peer { file, carried } => {
            for index in 0..count {
                let id = activity(index);
                let inside = if carried { carry(site, &id).await } else { String::new() };
                body.extend(["<div data-activity=\"", &id, "\">", &inside, "</div>"]);
            }
            format!("/peers/{file}")
        }
        Of::Wheel { bundle, from } => {
            let (origin, api) = match from {
                From::Other => (site.other(), format!(" api=\"{}\"", site.other())),
                From::Own | From::Fragment => (String::new(), String::new()),
            };
            if from == From::Fragment {
                let sheet = format!("/funfair/{version}/{bundle}.css");
                head.extend(["<link rel=\"preload\" as=\"style\" href=\"", &sheet, "\">"]);
            }
            for index in 0..count {
                let id = activity(index);
                let inside =
                    if from == From::Fragment { fragment(site, &id).await } else { String::new() };
                body += &element("spin-wheel", &id, &api, &inside);
            }
            format!("{origin}/funfair/{version}/{bundle}.js")
        }
        Of::All => {
            for (slug, id) in [
                ("spin-wheel", activity(0).as_str()),
                ("sign-in-calendar", "signin"),
                ("poll", "stock"),
                ("card-collecting", "cards"),
                ("guess-price", "guess"),
            ] {
                body += &element(slug, id, "", "");
            }
            format!("/funfair/{version}/funfair.js")
        }
    };
    let count = if of == Of::All { 5 } else { count };
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>A page</title>
        <meta name=\"viewport\" content=\"width=device-width\"><link rel=\"icon\" href=\"data:,\">
        <script>const count = {count}; {PROBE}</script>{head}
        <script type=\"module\" src=\"{script}\"></script></head><body>{body}</body></html>"
    );
    site.add("html", "text/html; charset=utf-8", html.as_bytes())
}

fn element(slug: &str, activity: &str, more: &str, inside: &str) -> String {
    format!(
        "<funfair-{slug} store=\"acme\" activity=\"{activity}\" token-url=\"/shop/token\"{more}>\
         {inside}</funfair-{slug}>"
    )
}

async fn fragment(site: &Site, activity: &str) -> String {
    site.ask(&format!("/v1/stores/acme/activities/{activity}/fragment?lang=en")).await
}

/// The activity as a page may carry it: what would end the script is written otherwise.
async fn carry(site: &Site, activity: &str) -> String {
    let text = site.ask(&format!("/v1/stores/acme/activities/{activity}")).await;
    format!("<script type=\"application/json\">{}</script>", text.replace('<', "\\u003c"))
}
