use super::{ActivityId, activities};
use crate::{App, now_ms, problems::Failure, terms};
use axum::{
    extract::{FromRequestParts, RawQuery, Request, State},
    http::{HeaderValue, header, request::Parts},
    response::Response,
};
use funfair_host_api::Code;

/// `GET …/terms`: the terms of the revision in force, as a page.
pub async fn read(
    State(app): State<App>,
    ActivityId(id): ActivityId,
    Language(lang): Language,
    request: Request,
) -> Result<Response, Failure> {
    let (mut parts, _) = request.into_parts();
    let store = super::store(&mut parts, &app).await?;
    let open = store.activity(&id, false)?;
    let page = terms::page(&open.live, open.published_ms, lang, now_ms());
    let mut response = activities::page(&app, &parts.headers, page, terms::policy())?;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag));
    headers.insert(header::VARY, HeaderValue::from_static("Accept-Language"));
    Ok(response)
}

/// The page's language: `lang` of the query, and nothing else in it; else what the browser prefers.
pub struct Language(&'static terms::Lang);

impl<S: Send + Sync> FromRequestParts<S> for Language {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let Ok(RawQuery(query)) = RawQuery::from_request_parts(parts, state).await;
        let query = query.as_deref().unwrap_or_default();
        if query.is_empty() {
            let accepted = parts.headers.get(header::ACCEPT_LANGUAGE);
            let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
            return Ok(Self(terms::Lang::accepted(accepted)));
        }
        let lang = query.strip_prefix("lang=").and_then(terms::Lang::find);
        lang.map(Self).ok_or_else(|| {
            let reason =
                "the query of `terms` is lang=en, zh-CN, zh-TW, ar, ja or ko, and nothing else";
            Failure::new(Code::InvalidParameter, reason)
        })
    }
}
