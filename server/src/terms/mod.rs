//! The terms of an activity as a page of its own, made from the revision in force.
//!
//! **No script, no request beyond the page itself, no inline style but the one whose hash the
//! page's policy names.** Whatever a merchant wrote is text and never markup.

mod html;
mod lang;
mod sections;

pub use lang::Lang;

use base64::{Engine, engine::general_purpose::STANDARD};
use funfair_engine::Running;
use html::Html;
use sections::Terms;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

const STYLE: &str = include_str!("style.css");

/// What the page may do: have its own style, and nothing else.
pub fn policy() -> &'static str {
    static POLICY: LazyLock<String> = LazyLock::new(|| {
        let hash = STANDARD.encode(Sha256::digest(STYLE));
        format!(
            "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'"
        )
    });
    &POLICY
}

/// The page in a language, for a revision that was written at `published_ms`. It changes with the
/// revision and the activity's state alone.
pub fn page(at: &Running, published_ms: u64, lang: &'static Lang, now_ms: u64) -> String {
    let terms = Terms { at, lang, published_ms, over: at.is_over(now_ms) };
    let title = at.setup.title.pick(lang.tag);
    let mut page = Html::default();
    page.raw("<!doctype html>\n<html lang=\"").raw(lang.tag).raw("\" dir=\"").raw(lang.dir);
    page.raw("\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    page.text(title).raw(" · ").text(lang.say("terms")).raw("</title>\n<style>");
    page.raw(STYLE).raw("</style>\n</head>\n<body>\n<main>\n<header>\n<p>");
    page.text(lang.say("terms")).raw("</p>\n<h1 dir=\"auto\">").text(title).raw("</h1>\n");
    languages(&mut page, lang);
    page.raw("</header>\n");
    page.element("p class=\"text\" dir=\"auto\"", at.setup.terms.pick(lang.tag));
    terms.write(&mut page);
    page.raw("</main>\n</body>\n</html>\n");
    page.into_text()
}

fn languages(page: &mut Html, current: &Lang) {
    page.raw("<nav aria-label=\"").text(current.say("languages")).raw("\">\n");
    for lang in Lang::all() {
        page.raw("<a href=\"?lang=").raw(lang.tag).raw("\" hreflang=\"").raw(lang.tag);
        page.raw("\" lang=\"").raw(lang.tag).raw("\"");
        if lang.tag == current.tag {
            page.raw(" aria-current=\"page\"");
        }
        page.raw(">").text(lang.say("language")).raw("</a>\n");
    }
    page.raw("</nav>\n");
}

#[cfg(test)]
mod tests;
