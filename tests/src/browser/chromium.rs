use super::{Browser, CHROMIUM, Looks, engine::TRACED};
use serde_json::Value;
use std::{collections::HashSet, ops::Deref};
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

    /// Starts it so that it writes down each task of its threads.
    pub async fn traced(looks: Looks) -> Self {
        Self(Browser::of(&TRACED, looks).await)
    }

    /// The processor's time, in milliseconds, of each task that a page's thread has run since this was
    /// last asked. The driver hands over what was written before the page that is open now.
    pub async fn tasks(&self) -> Vec<f64> {
        let mut events = Vec::new();
        // Every other time it has nothing to say.
        for _ in 0..4 {
            let log = self.session().get_log("performance").await.expect("a log");
            for entry in log {
                let mut said: Value = serde_json::from_str(&entry.message).expect("JSON");
                events.push(said["message"]["params"].take());
            }
        }
        let thread = |event: &Value| (event["pid"].as_u64(), event["tid"].as_u64());
        let named = |event: &&Value| event["args"]["name"] == "CrRendererMain";
        let pages: HashSet<_> = events.iter().filter(named).map(thread).collect();
        let ran = |event: &&Value| {
            event["name"] == "ThreadControllerImpl::RunTask" && pages.contains(&thread(event))
        };
        let times = events.iter().filter(ran).filter_map(|event| event["tdur"].as_f64());
        times.map(|micros| micros / 1000.0).collect()
    }

    /// Sends a command of the `DevTools` protocol; its answer.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        devtools(self, command, parameters).await
    }
}

/// Sends a command of the `DevTools` protocol to a browser that was started as Chromium; its answer.
pub async fn devtools(browser: &Browser, command: &str, parameters: Value) -> Value {
    let cdp = Cdp::new(browser.session().clone());
    let sent = cdp.send_raw(command, parameters).await;
    sent.unwrap_or_else(|error| panic!("{command}: {error}"))
}

impl Deref for Chromium {
    type Target = Browser;

    fn deref(&self) -> &Browser {
        &self.0
    }
}
