use crate::backend::{Asked, Backend, STORE};
use js_sys::{Date, JSON, Promise};
use serde::{Deserialize, Serialize};
use std::{cell::Cell, collections::BTreeMap, rc::Rc};
use wasm_bindgen::prelude::*;
use yew::{BaseComponent, Callback};

// The bundle that a store embeds, beside this page.
#[wasm_bindgen(raw_module = "./funfair/funfair.js")]
extern "C" {
    fn configure(store: &str, host: &JsValue);
}

#[wasm_bindgen]
extern "C" {
    /// A widget's element, by its public surface.
    type Widget;
    #[wasm_bindgen(method)]
    fn refresh(this: &Widget);
}

/// The page's clock: the wall's, moved to where the examples are open.
#[derive(Clone, Default)]
pub struct PageClock(Rc<Cell<f64>>);

impl PageClock {
    /// A clock that shows `now_ms` at this moment.
    pub fn at(now_ms: u64) -> Self {
        // Milliseconds since 1970 stay exact in a double until the year 287396.
        #[allow(clippy::cast_precision_loss)]
        let shift = now_ms as f64 - Date::now();
        Self(Rc::new(Cell::new(shift)))
    }

    /// What it shows.
    pub fn now_ms(&self) -> u64 {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let now = (Date::now() + self.0.get()) as u64;
        now
    }

    /// Moves it on.
    pub fn add_ms(&self, more: f64) {
        self.0.set(self.0.get() + more);
    }
}

/// What the shell hands to a host's own `transport`.
#[derive(Deserialize)]
struct Request {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: Option<String>,
}

/// What it wants back.
#[derive(Serialize)]
struct Answer {
    status: u32,
    body: String,
}

#[derive(Serialize)]
struct Host {
    #[serde(with = "serde_wasm_bindgen::preserve")]
    transport: JsValue,
    #[serde(rename = "getToken", with = "serde_wasm_bindgen::preserve")]
    get_token: JsValue,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    note: JsValue,
}

/// Puts the engine behind the widgets of this page; `note` is told every event with its detail.
pub fn connect(backend: Rc<Backend>, clock: PageClock, note: Callback<(String, String)>) {
    let transport = Closure::<dyn FnMut(JsValue) -> Promise>::new(move |request: JsValue| {
        match serde_wasm_bindgen::from_value::<Request>(request) {
            Ok(request) => {
                let asked = Asked {
                    method: &request.method,
                    path: &request.path,
                    key: request.headers.get("Idempotency-Key").map_or("", String::as_str),
                    body: request.body.as_deref().unwrap_or_default(),
                };
                let (status, body) = backend.answer(&asked, clock.now_ms());
                let answer = serde_wasm_bindgen::to_value(&Answer { status, body });
                Promise::resolve(&answer.unwrap_or(JsValue::NULL))
            }
            Err(why) => Promise::reject(&why.into()),
        }
    });
    let get_token = Closure::<dyn FnMut() -> Promise>::new(|| {
        // There is nobody to prove anything to; a widget only wants to know that someone is here.
        Promise::resolve(&JsValue::from_str("nobody-checks-this"))
    });
    let note = Closure::<dyn FnMut(String, JsValue)>::new(move |name: String, detail: JsValue| {
        let detail = JSON::stringify_with_replacer_and_space(&detail, &JsValue::NULL, &2.into());
        note.emit((name, detail.map(String::from).unwrap_or_default()));
    });
    // These live as long as the page does.
    let host = Host {
        transport: transport.into_js_value(),
        get_token: get_token.into_js_value(),
        note: note.into_js_value(),
    };
    configure(STORE, &serde_wasm_bindgen::to_value(&host).unwrap_or(JsValue::NULL));
}

/// Lets the widget on the page read everything again.
pub fn refresh(slug: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    let found = document.and_then(|page| page.query_selector(&element(slug)).ok().flatten());
    if let Some(widget) = found {
        widget.unchecked_into::<Widget>().refresh();
    }
}

/// The name of a kind's element.
pub fn element(slug: &str) -> String {
    format!("funfair-{slug}")
}

/// 32 random bytes.
#[expect(
    clippy::disallowed_methods,
    reason = "the page is the outermost crate: it hands the key in"
)]
pub fn random() -> [u8; 32] {
    let mut out = [0; 32];
    // A page without randomness plays the same draws every time; nothing here is worth more.
    let _ = getrandom::fill(&mut out);
    out
}

/// The language the browser asks for.
pub fn language() -> String {
    let language = web_sys::window().and_then(|window| window.navigator().language());
    language.unwrap_or_default()
}

/// Draws a component into the element with this id.
pub fn mount<C: BaseComponent<Properties = ()>>(id: &str) {
    let document = web_sys::window().and_then(|window| window.document());
    if let Some(root) = document.and_then(|page| page.get_element_by_id(id)) {
        yew::Renderer::<C>::with_root(root).render();
    }
}
