use super::{Browser, CHROMIUM, Looks};
use serde_json::Value;
use std::ops::Deref;
use thirtyfour::cdp::Cdp;

/// Chromium with its `DevTools` protocol. No other engine slows a processor, counts a page's nodes or
/// collects its garbage on demand; a test that needs it asks for this type, whatever engine the
/// suite runs in.
pub struct Chromium(Browser);

impl Chromium {
    /// Starts it.
    pub async fn start(looks: Looks) -> Self {
        Self(Browser::of(&CHROMIUM, looks).await)
    }

    /// Sends a command of the `DevTools` protocol; its answer.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let cdp = Cdp::new(self.session().clone());
        let sent = cdp.send_raw(command, parameters).await;
        sent.unwrap_or_else(|error| panic!("{command}: {error}"))
    }
}

impl Deref for Chromium {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.0
    }
}
