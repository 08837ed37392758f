use super::Browser;
use crate::process::{PATIENCE, until, within};
use serde_json::{Value, json};
use std::fmt::Debug;
use thirtyfour::{
    RequestData, SessionId, WebElement, common::command::FormatRequestData, prelude::ScriptRet,
    session::http::CmdResponse,
};

/// A Funfair element on the page, seen through its open shadow root.
#[derive(Clone, Copy)]
pub struct Widget<'a> {
    browser: &'a Browser,
    slug: &'a str,
}

/// A control as assistive technology is told of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Control {
    /// The computed role.
    pub role: String,
    /// The computed name.
    pub name: String,
    /// Whether it can be used.
    pub enabled: bool,
}

impl<'a> Widget<'a> {
    pub(super) fn new(browser: &'a Browser, slug: &'a str) -> Self {
        Self { browser, slug }
    }

    /// Waits until the widget is in `state`, and fails with what it shows instead.
    pub async fn is(&self, state: &str) {
        self.is_one_of(&[state]).await;
    }

    /// Waits until the widget is in one of these states; which.
    pub async fn is_one_of(&self, states: &[&str]) -> String {
        let look = || async { self.state().await.filter(|now| states.contains(&now.as_str())) };
        let Some(state) = within(PATIENCE, look).await else {
            panic!(
                "{} is {:?}, not {states:?}; it shows:\n{}\nconsole:\n{}",
                self.slug,
                self.state().await,
                self.shown().await,
                self.browser.console().await
            )
        };
        state
    }

    /// The state that the widget's root names; `None` before there is a root.
    pub async fn state(&self) -> Option<String> {
        let state = self.ask("root.querySelector('[data-state]')?.dataset.state").await;
        state.as_str().map(String::from)
    }

    /// All visible text of the widget.
    pub async fn shown(&self) -> String {
        let text = self.ask("root.querySelector('[data-state]')?.innerText").await;
        text.as_str().unwrap_or_default().into()
    }

    /// The visible text of a part; empty where there is none.
    pub async fn text(&self, part: &str) -> String {
        let text = self.ask(&format!("root.querySelector('[part~={part}]')?.innerText")).await;
        text.as_str().unwrap_or_default().trim().into()
    }

    /// Waits until the part's text satisfies `fits`; the text.
    pub async fn text_that(&self, part: &str, fits: impl Fn(&str) -> bool) -> String {
        let what = format!("the right text in {part} of {}", self.slug);
        until(&what, || async { Some(self.text(part).await).filter(|text| fits(text)) }).await
    }

    /// The id of the receipt that the result sheet shows.
    pub async fn receipt(&self) -> String {
        let id = self.ask("root.querySelector('[data-receipt]')?.dataset.receipt").await;
        id.as_str().unwrap_or_else(|| panic!("no receipt is shown by {}", self.slug)).into()
    }

    /// The primary button.
    pub async fn button(&self) -> WebElement {
        self.element("[part~=button]").await
    }

    /// The element that `css` names inside the shadow root.
    pub async fn element(&self, css: &str) -> WebElement {
        let what = format!("{css} in {}", self.slug);
        let script = self.script(&format!("root.querySelector({})", json!(css)));
        let find = || async {
            let found = self.browser.session().execute(script.clone(), vec![]).await.ok();
            found.and_then(|found: ScriptRet| found.element().ok())
        };
        until(&what, find).await
    }

    /// Presses the primary button with the mouse.
    pub async fn click(&self) {
        let button = self.button().await;
        button.click().await.unwrap_or_else(|error| panic!("{}: {error}", self.slug));
    }

    /// The element that `css` names, as assistive technology is told of it.
    pub async fn control(&self, css: &str) -> Control {
        let element = self.element(css).await;
        let id = element.element_id().to_string();
        Control {
            role: self.computed(&id, "computedrole").await,
            name: self.computed(&id, "computedlabel").await,
            enabled: is_enabled(&element).await,
        }
    }

    /// Whether the focus is on the element that `css` names.
    pub async fn has_focus(&self, css: &str) -> bool {
        self.ask(&format!("root.activeElement?.matches({}) === true", json!(css))).await == true
    }

    /// The value of an expression over `root`, the shadow root, and `host`, the element; `null`
    /// where there is no shadow root yet.
    pub async fn ask(&self, expression: &str) -> Value {
        self.browser.run(&self.script(expression), vec![]).await
    }

    fn script(&self, expression: &str) -> String {
        format!(
            "const host = document.querySelector('funfair-{}');
             const root = host?.shadowRoot;
             return root ? {expression} ?? null : null;",
            self.slug
        )
    }

    async fn computed(&self, element: &str, what: &'static str) -> String {
        let asked = self.browser.session().cmd(Computed { element: element.into(), what }).await;
        asked.and_then(CmdResponse::value).expect("a driver that computes accessibility")
    }
}

/// Whether it can be used, as a browser or as assistive technology is told.
async fn is_enabled(element: &WebElement) -> bool {
    let told = element.attr("aria-disabled").await.expect("an attribute");
    element.is_enabled().await.expect("a property") && told.as_deref() != Some("true")
}

/// `Get Computed Role` and `Get Computed Label`, which the client has no words for.
#[derive(Debug)]
struct Computed {
    element: String,
    what: &'static str,
}

impl FormatRequestData for Computed {
    fn format_request(&self, session: &SessionId) -> RequestData {
        let uri = format!("session/{session}/element/{}/{}", self.element, self.what);
        RequestData::new(reqwest::Method::GET, uri)
    }
}
