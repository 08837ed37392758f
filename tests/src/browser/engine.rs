use crate::Running;
use serde_json::{Map, Value, json};
use std::{env, path::Path, process::Command};

/// How the page is to be presented.
#[derive(Clone, Copy, Debug, Default)]
pub struct Looks {
    /// `prefers-color-scheme: dark`.
    pub dark: bool,
    /// `prefers-reduced-motion: reduce`.
    pub reduced_motion: bool,
}

/// A browser engine and its driver. The suite runs in Chromium; geckodriver and `WebKitWebDriver`
/// speak the same protocol and are added here, as a row each.
#[derive(Clone, Copy, Debug)]
pub struct Engine {
    /// The environment variable that names the driver's binary, and its usual name.
    driver: (&'static str, &'static str),
    /// The driver's arguments; it is to choose a free port.
    arguments: &'static [&'static str],
    /// What the driver prints before its port.
    port_after: &'static str,
    /// The capabilities for these looks and this empty profile.
    capabilities: fn(Looks, &Path) -> Value,
}

/// Chromium by chromedriver.
pub const CHROMIUM: Engine = Engine {
    driver: ("CHROMEDRIVER", "chromedriver"),
    arguments: &["--port=0"],
    port_after: "was started successfully on port ",
    capabilities: chromium,
};

impl Engine {
    /// Starts the driver: the process and its port.
    pub async fn start(&self) -> (Running, u16) {
        let (variable, name) = self.driver;
        let binary = env::var(variable).unwrap_or_else(|_| name.into());
        let mut running = Running::start(Command::new(binary).args(self.arguments));
        let port = running
            .says("its port", |line| {
                let after = line.split(self.port_after).nth(1)?;
                after.trim_end_matches('.').parse().ok()
            })
            .await;
        (running, port)
    }

    /// What to ask the driver for.
    pub fn capabilities(&self, looks: Looks, profile: &Path) -> Map<String, Value> {
        let capabilities = (self.capabilities)(looks, profile);
        capabilities.as_object().expect("capabilities are an object").clone()
    }
}

fn chromium(looks: Looks, profile: &Path) -> Value {
    let scheme = i32::from(!looks.dark);
    let mut args = vec![
        "--headless".into(),
        "--no-sandbox".into(),
        "--disable-gpu".into(),
        "--disable-quic".into(),
        "--no-first-run".into(),
        "--disable-background-networking".into(),
        "--disable-component-update".into(),
        "--disable-sync".into(),
        // A tab behind another one keeps its timers: two tabs are one test, not two speeds.
        "--disable-background-timer-throttling".into(),
        "--disable-backgrounding-occluded-windows".into(),
        "--disable-renderer-backgrounding".into(),
        "--window-size=412,915".into(),
        format!("--blink-settings=preferredColorScheme={scheme}"),
        format!("--user-data-dir={}", profile.display()),
    ];
    if looks.reduced_motion {
        args.push("--force-prefers-reduced-motion".into());
    }
    let mut options = json!({ "args": args });
    if let Ok(binary) = env::var("CHROMIUM") {
        options["binary"] = binary.into();
    }
    json!({
        "browserName": "chrome",
        "goog:chromeOptions": options,
        "goog:loggingPrefs": { "browser": "ALL" },
    })
}
