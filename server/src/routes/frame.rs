use super::{ActivityId, activities, body, fragment::ASSETS};
use crate::{App, problems::Failure};
use axum::{
    extract::{FromRequestParts, Query, Request, State},
    http::request::Parts,
    response::Response,
};
use funfair_catalogue::Node;
use funfair_host_api::Code;
use serde::Deserialize;

/// `GET …/frame`: one widget as a page of its own, for pages that may load nothing of ours but a frame.
/// It is written for one origin of the store's, which alone may show it and speak with it.
pub async fn read(
    State(app): State<App>,
    ActivityId(id): ActivityId,
    wanted: Wanted,
    request: Request,
) -> Result<Response, Failure> {
    let (mut parts, _) = request.into_parts();
    let store = super::store(&mut parts, &app).await?;
    if !store.origins.contains(&wanted.origin) {
        return Err(invalid(
            "`origin` is one that the store lists (`funfair store origin`)".into(),
        ));
    }
    let setup = &store.activity(&id, false)?.live.setup;
    let title = setup.title.pick(&wanted.lang);
    let page = page(&store.row.store, &id, &setup.kind, title, &wanted);
    activities::page(&app, &parts.headers, page, &policy(&wanted.origin))
}

/// The widget's own files, the pictures that an activity names, and one page around it.
fn policy(origin: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         connect-src 'self'; img-src 'self' https:; base-uri 'none'; form-action 'none'; \
         frame-ancestors {origin}; require-trusted-types-for 'script'; trusted-types 'none'"
    )
}

fn page(store: &str, activity: &str, kind: &str, title: &str, wanted: &Wanted) -> String {
    let element = [
        ("store", store),
        ("activity", activity),
        ("lang", wanted.lang.as_str()),
        ("theme", wanted.theme.as_str()),
    ];
    let element = element.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>();
    let script = |name: &str| {
        let file = format!("{ASSETS}/{name}.js");
        Node::element("script", &[("type", "module"), ("src", &file)], vec![])
    };
    let meta = |name: &str, content: &str| {
        Node::element("meta", &[("name", name), ("content", content)], vec![])
    };
    let head = vec![
        Node::element("meta", &[("charset", "utf-8")], vec![]),
        meta("viewport", "width=device-width, initial-scale=1"),
        meta("color-scheme", wanted.scheme.name()),
        Node::element("title", &[], vec![Node { text: title.into(), ..Node::default() }]),
        // First what says where tokens come from, then the element that asks for one.
        script("frame.page"),
        script(kind),
    ];
    let widget = Node::element(&format!("funfair-{kind}"), &element, vec![]);
    let page = vec![Node::element("head", &[], head), Node::element("body", &[], vec![widget])];
    let lang = if wanted.lang.is_empty() { "en" } else { wanted.lang.as_str() };
    format!("<!doctype html>\n{}\n", Node::element("html", &[("lang", lang)], page).html())
}

/// The query of `frame`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// The origin of the page around.
    origin: String,
    #[serde(default)]
    lang: String,
    #[serde(default)]
    theme: String,
    #[serde(default)]
    scheme: super::fragment::Scheme,
    /// The item of a link, which the element reads from the address.
    #[serde(default, rename = "funfair")]
    _link: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Wanted {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let wanted = Query::<Self>::from_request_parts(parts, state).await;
        let Query(wanted) = wanted.map_err(|error| invalid(error.body_text()))?;
        for (name, text) in [("lang", &wanted.lang), ("theme", &wanted.theme)] {
            if !body::plain(text, 0, 40) {
                return Err(invalid(format!("`{name}` is at most 40 of 0-9, a-z, A-Z, _ and -")));
            }
        }
        Ok(wanted)
    }
}

fn invalid(reason: String) -> Failure {
    Failure::new(Code::InvalidParameter, reason)
}
