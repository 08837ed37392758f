use crate::orders::{Product, products};
use axum::{
    Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, sync::Arc};

/// What the page may load and run. `'wasm-unsafe-eval'` is all that the widgets ask of a strict
/// policy: no inline script or style, no `eval`, no HTML from strings.
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
    img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const LAYOUT: &str = include_str!("../pages/layout.html");
const HOME: &str = include_str!("../pages/home.html");
const ACTIVITY: &str = include_str!("../pages/activity.html");
const WALLET: &str = include_str!("../pages/wallet.html");
const CARD: &str = include_str!("../pages/product.html");

/// The store's activities, and of which kind each is: one page each, for links and for the hub.
pub const ACTIVITIES: [(&str, &str); 5] = [
    ("cards", "card-collecting"),
    ("double11", "spin-wheel"),
    ("guess", "guess-price"),
    ("signin", "sign-in-calendar"),
    ("stock", "poll"),
];

/// The languages of the page; the first is the default.
const TEXTS: [(&str, &str); 2] = [
    ("zh-CN", include_str!("../pages/texts/zh-CN.json")),
    ("en", include_str!("../pages/texts/en.json")),
];

/// Sorted by name, as is the folder.
const PICTURES: [(&str, &str); 8] = [
    ("backpack", include_str!("../pages/pictures/backpack.svg")),
    ("candle", include_str!("../pages/pictures/candle.svg")),
    ("headphones", include_str!("../pages/pictures/headphones.svg")),
    ("kettle", include_str!("../pages/pictures/kettle.svg")),
    ("lamp", include_str!("../pages/pictures/lamp.svg")),
    ("mug", include_str!("../pages/pictures/mug.svg")),
    ("teapot", include_str!("../pages/pictures/teapot.svg")),
    ("thermos", include_str!("../pages/pictures/thermos.svg")),
];

/// Name, content type, text.
const ASSETS: [(&str, &str, &str); 4] = [
    ("logo.svg", "image/svg+xml", include_str!("../pages/logo.svg")),
    ("sections.css", "text/css; charset=utf-8", include_str!("../pages/sections.css")),
    ("shop.css", "text/css; charset=utf-8", include_str!("../pages/shop.css")),
    ("shop.js", "text/javascript; charset=utf-8", include_str!("../pages/shop.js")),
];

/// The bundles that the pages load: all kinds, and the two elements that only show.
const BUNDLES: [&str; 3] = ["funfair", "hub", "wallet"];

/// The tag that a merchant pastes for one bundle.
pub fn script_tag(version: &str, bundle: &str, integrity: Option<&str>) -> String {
    let integrity = integrity.map(|hash| format!(" integrity=\"{hash}\"")).unwrap_or_default();
    let source = format!("/funfair/{version}/{bundle}.js");
    format!("<script type=\"module\" src=\"{source}\"{integrity} crossorigin></script>")
}

/// The tags of all bundles, by the hashes that `integrity.json` names.
pub fn script_tags(version: &str, integrity: &BTreeMap<String, String>) -> String {
    let tag = |bundle: &&str| {
        let hash = integrity.get(&format!("{bundle}.js"));
        script_tag(version, bundle, hash.map(String::as_str))
    };
    BUNDLES.iter().map(tag).collect::<Vec<_>>().join("\n    ")
}

/// The shop's pages and their files. They are the same for everybody, so that a browser may keep
/// them; who is signed in is the page's own question to `/shop/me`.
pub fn routes(scripts: &str) -> Router {
    let mut pages = BTreeMap::new();
    for (lang, texts) in TEXTS {
        let texts: Texts = serde_json::from_str(texts).expect("the texts are a map");
        let mut add = |path: String, main: &str, activity: (&str, &str)| {
            let page = page(lang, &texts, scripts, main, &path, activity);
            pages.insert((path, lang), File::new("text/html; charset=utf-8", page));
        };
        add("/".into(), HOME, ("", ""));
        add("/wallet".into(), WALLET, ("", ""));
        for activity in ACTIVITIES {
            add(format!("/activities/{}", activity.0), ACTIVITY, activity);
        }
    }
    let files = ASSETS.map(|(name, kind, text)| (name.into(), File::new(kind, text.into())));
    let pictures = PICTURES
        .map(|(name, text)| (format!("{name}.svg"), File::new("image/svg+xml", standalone(text))));
    Router::new()
        .route("/", get(html))
        .route("/wallet", get(html))
        .route("/activities/{activity}", get(html))
        .route("/shop/assets/{name}", get(asset))
        .route("/shop/pictures/{name}", get(asset))
        .with_state(Arc::new(Pages { pages, files: files.into_iter().chain(pictures).collect() }))
}

/// A drawing as a file of its own: in a page it needs neither a namespace nor colours.
fn standalone(drawing: &str) -> String {
    let style = "<style>svg{fill:none;stroke:#4a2e24;stroke-width:2.5;stroke-linecap:round;\
                 stroke-linejoin:round}.tint,.deep{stroke:none;fill:#f6d9c8}.deep{fill:#eab79d}\
                 .glow{fill:#c9973b}.paper{fill:#fbf1e8}</style>";
    let (tag, rest) = drawing.split_once('>').unwrap_or((drawing, ""));
    format!("{tag} xmlns=\"http://www.w3.org/2000/svg\">{style}{rest}")
}

struct Pages {
    pages: BTreeMap<(String, &'static str), File>,
    files: BTreeMap<String, File>,
}

#[derive(Deserialize)]
struct Wanted {
    lang: Option<String>,
}

async fn html(
    State(pages): State<Arc<Pages>>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let wanted = wanted.lang.unwrap_or_default();
    let lang = TEXTS.iter().find(|(lang, _)| *lang == wanted).unwrap_or(&TEXTS[0]).0;
    match pages.pages.get(&(uri.path().to_owned(), lang)) {
        Some(page) => page.answer(&headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn asset(
    State(pages): State<Arc<Pages>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    match pages.files.get(&name) {
        Some(file) => file.answer(&headers),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A file in memory with its mark.
struct File {
    kind: &'static str,
    body: Bytes,
    etag: HeaderValue,
}

impl File {
    fn new(kind: &'static str, text: String) -> Self {
        let mark = hex::encode(&Sha256::digest(&text)[..12]);
        let etag = HeaderValue::try_from(format!("\"{mark}\"")).expect("hexadecimal digits");
        Self { kind, body: text.into(), etag }
    }

    fn answer(&self, asked: &HeaderMap) -> Response {
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(self.kind)),
            (header::ETAG, self.etag.clone()),
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
            (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
            (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
            (
                HeaderName::from_static("cross-origin-opener-policy"),
                HeaderValue::from_static("same-origin"),
            ),
        ];
        if asked.get(header::IF_NONE_MATCH) == Some(&self.etag) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        (headers, self.body.clone()).into_response()
    }
}

type Texts = BTreeMap<String, String>;

fn page(
    lang: &str,
    texts: &Texts,
    scripts: &str,
    main: &str,
    path: &str,
    (activity, kind): (&str, &str),
) -> String {
    let cards: String = products().iter().map(|product| card(product, lang, texts)).collect();
    let query = |lang: &str| if lang == TEXTS[0].0 { "" } else { "?lang=en" };
    let other = texts.get("other_lang").map_or("", String::as_str);
    let text = |key: &str| {
        Some(match key {
            "lang" => lang.into(),
            "home" => format!("/{}", query(lang)),
            "wallet_href" => format!("/wallet{}", query(lang)),
            "other_href" => format!("{path}{}", query(other)),
            "query" => query(lang).into(),
            "path" => path.into(),
            "products" => cards.clone(),
            "scripts" => scripts.into(),
            "activity" => activity.into(),
            "kind" => kind.into(),
            _ => texts.get(key)?.clone(),
        })
    };
    let main = fill(main, &text);
    fill(LAYOUT, &|key| if key == "main" { Some(main.clone()) } else { text(key) })
}

fn card(product: &Product, lang: &str, texts: &Texts) -> String {
    let said = |words: &Texts| words.get(lang).cloned();
    fill(CARD, &|key| {
        Some(match key {
            "shelf" => product.shelf.clone(),
            "picture" => PICTURES.iter().find(|(name, _)| *name == product.picture)?.1.into(),
            "name" => said(&product.name)?,
            "tag" => said(&product.tag)?,
            "sold" => said(&product.sold)?,
            "yuan" => (product.price_cents / 100).to_string(),
            "cents" => format!("{:02}", product.price_cents % 100),
            "add" => format!("{}{}", texts.get("add")?, said(&product.name)?),
            "sku" => product.sku.clone(),
            _ => return None,
        })
    })
}

/// Replaces `{{key}}` by its text, and `{{{key}}}` by its markup. An unknown key stays as written.
fn fill(template: &str, text: &dyn Fn(&str) -> Option<String>) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let (key, end) = match after.strip_prefix('{') {
            Some(key) => (key, "}}}"),
            None => (after, "}}"),
        };
        let Some((key, after)) = key.split_once(end) else { break };
        match text(key) {
            Some(markup) if end == "}}}" => out.push_str(&markup),
            Some(text) => escape(&text, &mut out),
            None => out.push_str(&rest[before.len()..rest.len() - after.len()]),
        }
        rest = after;
    }
    out + rest
}

fn escape(text: &str, out: &mut String) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pages() -> Vec<String> {
        let integrity = [("funfair.js".to_owned(), "sha384-abc".to_owned())].into();
        let scripts = script_tags("0.1.0", &integrity);
        let mut pages = Vec::new();
        for (lang, texts) in TEXTS {
            let texts: Texts = serde_json::from_str(texts).unwrap();
            for (main, path, activity) in [
                (HOME, "/", ("", "")),
                (WALLET, "/wallet", ("", "")),
                (ACTIVITY, "/activities/double11", ACTIVITIES[1]),
            ] {
                pages.push(page(lang, &texts, &scripts, main, path, activity));
            }
        }
        pages
    }

    #[test]
    fn every_placeholder_has_its_text_in_every_language() {
        for page in pages() {
            assert!(!page.contains("{{"), "{}", &page[page.find("{{").unwrap()..]);
        }
        let keys = TEXTS.map(|(_, texts)| {
            serde_json::from_str::<Texts>(texts).unwrap().into_keys().collect::<Vec<_>>()
        });
        assert_eq!(keys[0], keys[1]);
        // These two are used by the code, not by a page.
        for key in keys[0].iter().filter(|key| !["add", "other_lang"].contains(&key.as_str())) {
            let used = [LAYOUT, HOME, WALLET, ACTIVITY]
                .iter()
                .any(|page| page.contains(&format!("{{{{{key}}}}}")));
            assert!(used, "nothing shows the text {key}");
        }
    }

    #[test]
    fn a_page_has_no_inline_script_and_no_inline_style() {
        for page in pages() {
            assert!(!page.contains("<style") && !page.contains(" style="));
            assert!(!page.contains(" onclick=") && !page.contains("javascript:"));
            let empty = page.matches("></script>").count();
            assert_eq!(page.matches("<script").count(), empty);
        }
    }

    #[test]
    fn the_widgets_come_by_the_tag_that_the_readme_shows() {
        let tag = r#"<script type="module" src="/funfair/0.1.0/funfair.js" integrity="sha384-abc" crossorigin></script>"#;
        for page in pages() {
            assert!(page.contains(tag));
        }
        assert!(!script_tag("0.1.0", "hub", None).contains("integrity"));
    }

    #[test]
    fn a_link_to_the_other_language_stays_on_its_page() {
        let pages = pages();
        assert!(pages[2].contains("href=\"/activities/double11?lang=en\""));
        assert!(pages[5].contains("href=\"/activities/double11\""));
    }

    #[test]
    fn a_text_cannot_become_markup() {
        let said = fill("<p>{{a}}</p>{{{a}}}{{b}}", &|key| (key == "a").then(|| "<i>".into()));
        assert_eq!(said, "<p>&lt;i&gt;</p><i>{{b}}");
    }

    #[test]
    fn a_page_that_the_browser_has_is_not_sent_again() {
        let file = File::new("text/plain", "hello".into());
        let have = HeaderMap::from_iter([(header::IF_NONE_MATCH, file.etag.clone())]);
        assert_eq!(file.answer(&HeaderMap::new()).status(), StatusCode::OK);
        assert_eq!(file.answer(&have).status(), StatusCode::NOT_MODIFIED);
    }
}
