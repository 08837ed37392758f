use super::{ActivityId, activities};
use crate::{App, now_ms, problems::Failure, stores::OpenActivity};
use axum::{
    extract::{FromRequestParts, Query, Request, State},
    http::request::Parts,
    response::Response,
};
use funfair_catalogue::{ENTRIES, LOCALES, Node};
use funfair_host_api::Code;
use serde::Deserialize;

/// Where this server serves the widgets' files of its own version.
pub const ASSETS: &str = concat!("/funfair/", env!("CARGO_PKG_VERSION"));

/// What opening the fragment as a page of its own may do: look as it looks.
const POLICY: &str = "default-src 'none'; style-src 'self' https:; frame-ancestors 'none'";

/// `GET …/fragment`: the element's shadow root with its first view in it, for a page that is made
/// by a server. The browser draws it before any script has come; the element takes it over.
pub async fn read(
    State(app): State<App>,
    ActivityId(id): ActivityId,
    wanted: Wanted,
    request: Request,
) -> Result<Response, Failure> {
    let (mut parts, _) = request.into_parts();
    let store = super::store(&mut parts, &app).await?;
    let open = store.activity(&id, false)?;
    let terms_url = format!("{}/v1/stores/{}/activities/{id}/terms", wanted.api, store.row.store);
    let fragment = shadow_root(open, &wanted, &terms_url)?.html();
    activities::page(&app, &parts.headers, fragment, POLICY)
}

/// The shadow root that the element finds: its sheet, a slot for what the page wrote into it, and
/// the frame with the first view, on which the activity that it shows travels along.
fn shadow_root(open: &OpenActivity, wanted: &Wanted, terms_url: &str) -> Result<Node, Failure> {
    let now_ms = now_ms();
    let setup = &open.live.setup;
    let entry = ENTRIES.iter().find(|entry| entry.slug == setup.kind);
    let entry = entry.ok_or_else(|| Failure::plain(Code::Internal))?;
    let activity = open.public(now_ms)?.body;
    let activity = std::str::from_utf8(&activity).map_err(|error| Failure::internal(&error))?;
    let view = entry.first_view(&wanted.lang, activity, terms_url, now_ms);
    let sheet = format!("{}/{}.css", wanted.assets, entry.slug);
    let look = [
        ("class", "look"),
        ("data-look", &setup.look),
        ("data-scheme", wanted.scheme.name()),
        ("data-activity", activity),
    ];
    let kids = vec![
        Node::element("link", &[("rel", "stylesheet"), ("href", &sheet)], vec![]),
        Node::element("slot", &[("hidden", "")], vec![]),
        Node::element("div", &look, vec![view]),
    ];
    Ok(Node::element("template", &[("shadowrootmode", "open")], kids))
}

/// The query of `fragment`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wanted {
    /// The page's locale.
    lang: String,
    /// Where the widgets' files are.
    assets: String,
    /// The origin of the host API as a page reaches it.
    api: String,
    scheme: Scheme,
}

impl Default for Wanted {
    fn default() -> Self {
        Self {
            lang: LOCALES.first().map(|lang| (*lang).to_owned()).unwrap_or_default(),
            assets: ASSETS.to_owned(),
            api: String::new(),
            scheme: Scheme::default(),
        }
    }
}

/// Whether a page is light or dark.
#[derive(Default, Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
pub enum Scheme {
    #[default]
    Light,
    Dark,
}

impl Scheme {
    /// Its word in CSS.
    pub fn name(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Wanted {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let invalid = |reason: String| Failure::new(Code::InvalidParameter, reason);
        let wanted = Query::<Self>::from_request_parts(parts, state).await;
        let Query(wanted) = wanted.map_err(|error| invalid(error.body_text()))?;
        if !LOCALES.contains(&wanted.lang.as_str()) {
            return Err(invalid(format!("`lang` is one of {}", LOCALES.join(", "))));
        }
        for (name, place) in [("assets", &wanted.assets), ("api", &wanted.api)] {
            if !is_place(place) {
                return Err(invalid(format!(
                    "`{name}` is a path of this origin (/funfair/…) or an address (https://…), \
                     without a slash at its end"
                )));
            }
        }
        Ok(wanted)
    }
}

/// Nothing, a path, or an address: nothing that a link could run.
fn is_place(text: &str) -> bool {
    let begins = text.is_empty()
        || (text.starts_with('/') && !text.starts_with("//"))
        || ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme));
    begins
        && text.len() <= 200
        && !text.ends_with('/')
        && text.chars().all(|c| c.is_ascii_graphic())
}
