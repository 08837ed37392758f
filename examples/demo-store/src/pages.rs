use axum::{
    Router,
    body::Bytes,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
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

const PAGE: &str = include_str!("../pages/index.html");
const CARD: &str = include_str!("../pages/product.html");
const PRODUCTS: &str = include_str!("../pages/products.json");

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

/// The tag that a merchant pastes.
pub fn script_tag(version: &str, integrity: Option<&str>) -> String {
    let integrity = integrity.map(|hash| format!(" integrity=\"{hash}\"")).unwrap_or_default();
    let source = format!("/funfair/{version}/funfair.js");
    format!("<script type=\"module\" src=\"{source}\"{integrity} crossorigin></script>")
}

/// The shop's pages and their files. They are the same for everybody, so that a browser may keep
/// them; who is signed in is the page's own question to `/shop/me`.
pub fn routes(script_tag: &str) -> Router {
    let pages = TEXTS.map(|(lang, texts)| {
        (lang, File::new("text/html; charset=utf-8", page(lang, texts, script_tag)))
    });
    let files = ASSETS.map(|(name, kind, text)| (name, File::new(kind, text.into())));
    Router::new()
        .route("/", get(index))
        .route("/shop/assets/{name}", get(asset))
        .with_state(Arc::new(Pages { pages: pages.into(), files: files.into() }))
}

struct Pages {
    pages: BTreeMap<&'static str, File>,
    files: BTreeMap<&'static str, File>,
}

#[derive(Deserialize)]
struct Wanted {
    lang: Option<String>,
}

async fn index(
    State(pages): State<Arc<Pages>>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Response {
    let wanted = wanted.lang.unwrap_or_default();
    let page = pages.pages.get(wanted.as_str()).unwrap_or(&pages.pages[TEXTS[0].0]);
    page.answer(&headers)
}

async fn asset(
    State(pages): State<Arc<Pages>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    match pages.files.get(name.as_str()) {
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

#[derive(Deserialize)]
struct Product {
    picture: String,
    shelf: String,
    price_cents: u64,
    name: Texts,
    tag: Texts,
    sold: Texts,
}

fn page(lang: &str, texts: &str, script_tag: &str) -> String {
    let texts: Texts = serde_json::from_str(texts).expect("the texts are a map");
    let products: Vec<Product> = serde_json::from_str(PRODUCTS).expect("the products are a list");
    let cards: String = products.iter().map(|product| card(product, lang, &texts)).collect();
    fill(PAGE, &|key| {
        Some(match key {
            "lang" => lang.into(),
            "home" if lang == TEXTS[0].0 => "/".into(),
            "home" => format!("/?lang={lang}"),
            "products" => cards.clone(),
            "widgets" => script_tag.into(),
            _ => texts.get(key)?.clone(),
        })
    })
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

    fn pages() -> [String; 2] {
        TEXTS.map(|(lang, texts)| page(lang, texts, &script_tag("0.1.0", Some("sha384-abc"))))
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
        for key in &keys[0] {
            let used = PAGE.contains(&format!("{{{{{key}}}}}"));
            assert!(used || key == "add", "nothing shows the text {key}");
        }
    }

    #[test]
    fn the_page_has_no_inline_script_and_no_inline_style() {
        for page in pages() {
            assert!(!page.contains("<style") && !page.contains(" style="));
            assert!(!page.contains(" onclick=") && !page.contains("javascript:"));
            assert_eq!(page.matches("<script").count(), page.matches("\"></script>").count() + 1);
        }
    }

    #[test]
    fn the_widgets_come_by_the_tag_that_the_readme_shows() {
        let tag = r#"<script type="module" src="/funfair/0.1.0/funfair.js" integrity="sha384-abc" crossorigin></script>"#;
        for page in pages() {
            assert!(page.contains(tag));
        }
        assert!(!script_tag("0.1.0", None).contains("integrity"));
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
