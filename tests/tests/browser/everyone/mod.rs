//! Every kind and panel, in every state, for everyone: axe-core in light, in dark and in forced
//! colours, from the left and from the right; on 320 pixels and with text twice as large; and what
//! a screen reader is told, as a snapshot.
//!
//! A state is expensive to reach and cheap to look at, so each is reached once a language and all
//! looks are put on in place, by the `DevTools` protocol.

mod kinds;
mod panels;
mod tree;

use crate::{panels::tab_to, shop::Shop};
use funfair_tests::{
    browser::{CHROMIUM, Looks, Widget, devtools},
    until,
};
use serde_json::{Value, json};
use std::cell::RefCell;

/// Whatever a person's system may ask of a page.
const MEDIA: [(&str, [(&str, &str); 2]); 4] = [
    ("dark", [("prefers-color-scheme", "dark"), ("forced-colors", "none")]),
    ("forced colours", [("prefers-color-scheme", "light"), ("forced-colors", "active")]),
    ("forced dark colours", [("prefers-color-scheme", "dark"), ("forced-colors", "active")]),
    // Last, for what comes next is seen in it.
    ("light", [("prefers-color-scheme", "light"), ("forced-colors", "none")]),
];

/// Text twice as large and nothing else, as a browser's or a telephone's setting makes it.
const LARGE_TEXT: &str = "const root = document.querySelector(arguments[0]).shadowRoot;
    const all = [...root.querySelectorAll('[data-state] *')].filter(it => !(it.closest('svg')));
    const sizes = all.map(it => parseFloat(getComputedStyle(it).fontSize));
    all.forEach((it, at) => it.style.setProperty('font-size', 2 * sizes[at] + 'px', 'important'));";

const SMALL_TEXT: &str = "document.querySelector(arguments[0]).shadowRoot
    .querySelectorAll('[data-state] *').forEach(it => it.style.removeProperty('font-size'));";

/// A shop in Chromium and one element on its page, in one language.
struct Everyone {
    shop: Shop,
    slug: &'static str,
    lang: &'static str,
    /// What a screen reader was told so far, state by state.
    told: RefCell<String>,
    /// What did not fit, all of it: a fault seldom comes alone.
    faults: RefCell<Vec<String>>,
}

impl Everyone {
    async fn before(slug: &'static str, lang: &'static str) -> Self {
        let looks = Looks { dark: false, reduced_motion: true };
        let shop = Shop::open_in(&CHROMIUM, looks).await;
        Self { shop, slug, lang, told: RefCell::default(), faults: RefCell::default() }
    }

    fn widget(&self) -> Widget<'_> {
        self.shop.browser.widget(self.slug)
    }

    async fn devtools(&self, command: &str, parameters: Value) -> Value {
        devtools(&self.shop.browser, command, parameters).await
    }

    /// What a screen reader was told, state by state.
    fn told(&self) -> String {
        self.told.borrow().clone()
    }

    /// Waits for a state, in which everyone can read and use what is shown.
    async fn is(&self, state: &str) {
        self.is_after(state, state).await;
    }

    /// The same, of a state that is another one after what has happened.
    async fn is_after(&self, state: &str, name: &str) {
        self.widget().is(state).await;
        self.can_use(name).await;
    }

    /// Presses Tab until the focus is on what `css` names.
    async fn tab_to(&self, css: &str) {
        tab_to(&self.shop.browser, self.slug, css).await;
    }

    /// Everyone can read and use what is shown now.
    async fn can_use(&self, state: &str) {
        for (media, features) in MEDIA {
            let features = features.map(|(name, value)| json!({ "name": name, "value": value }));
            self.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
            let what = format!("{} in {}, {state}, {media}", self.slug, self.lang);
            self.shop.browser.is_accessible(&what).await;
            if media.starts_with("forced") {
                self.finds(&what, include_str!("contrast.js")).await;
            }
        }
        self.fits(state).await;
        let told = self.settled().await;
        *self.told.borrow_mut() += &["# ", state, "\n", &told, "\n"].concat();
    }

    /// The accessibility tree, as soon as nothing more arrives: what the widget learns after an answer,
    /// it asks for by itself.
    async fn settled(&self) -> String {
        let before = RefCell::new(String::new());
        let same = || async {
            let answer = self.devtools("Accessibility.getFullAXTree", json!({})).await;
            let now = tree::read(&answer);
            let last = before.replace(now.clone());
            (last == now).then_some(now)
        };
        until("a tree that stays", same).await
    }

    /// Nothing is cut off or too small on a small screen, nor with large text.
    async fn fits(&self, state: &str) {
        for (what, width, large) in [("320 pixels", 320, false), ("text of 200 %", 412, true)] {
            self.fits_in(state, what, width, large).await;
        }
    }

    async fn fits_in(&self, state: &str, what: &str, width: u32, large: bool) {
        let size =
            json!({ "width": width, "height": 800, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", size).await;
        let (browser, element) = (&self.shop.browser, self.element());
        if large {
            browser.run(LARGE_TEXT, vec![element.clone()]).await;
        }
        let what = format!("{} in {}, {state}, {what}", self.slug, self.lang);
        self.finds(&what, include_str!("geometry.js")).await;
        if large {
            browser.run(SMALL_TEXT, vec![element]).await;
        }
        self.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await;
    }

    /// Takes down what a script has to complain of.
    async fn finds(&self, what: &str, script: &str) {
        let found = self.shop.browser.run(script, vec![self.element()]).await;
        let found = found.as_array().expect("a list").iter();
        self.faults.borrow_mut().extend(found.map(|fault| format!("{what}: {fault}")));
    }

    fn element(&self) -> Value {
        format!("funfair-{}", self.slug).into()
    }

    /// The last word: everything fitted, and all exchanges were as openapi.json says.
    async fn ends(&self) {
        let faults = self.faults.take();
        assert!(faults.is_empty(), "{}", faults.join("\n"));
        self.shop.keeps_the_contract().await;
    }
}
