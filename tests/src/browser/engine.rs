use crate::{Running, process::until};
use serde_json::{Map, Value, json};
use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::Command,
};
use tokio::net::TcpStream;

/// How the page is to be presented.
#[derive(Clone, Copy, Debug, Default)]
pub struct Looks {
    /// `prefers-color-scheme: dark`.
    pub dark: bool,
    /// `prefers-reduced-motion: reduce`.
    pub reduced_motion: bool,
}

/// A browser engine, by the driver that speaks classic `WebDriver` for it. What only one of them can
/// do is not here: see [`Chromium`](super::Chromium).
#[derive(Clone, Copy, Debug)]
pub struct Engine {
    /// What `E2E_ENGINE` calls it.
    pub name: &'static str,
    /// The environment variable that names the driver's binary, and its usual name.
    driver: (&'static str, &'static str),
    /// The driver's arguments, for a port of ours.
    arguments: fn(u16) -> Vec<String>,
    /// Whether its windows need a display, even when nobody looks.
    on_display: bool,
    /// Where what a page wrote to its console is to be read.
    pub(super) console: Console,
    /// The capabilities for these looks and this empty profile.
    capabilities: fn(Looks, &Path) -> Value,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Console {
    /// The driver is asked.
    Asked,
    /// The driver prints it.
    Printed,
    /// It is shown to nobody.
    Nowhere,
}

/// Chromium by chromedriver.
pub const CHROMIUM: Engine = Engine {
    name: "chromium",
    driver: ("CHROMEDRIVER", "chromedriver"),
    arguments: |port| vec![format!("--port={port}")],
    on_display: false,
    console: Console::Asked,
    capabilities: chromium,
};

/// The same, writing down each task of its threads.
pub(super) const TRACED: Engine = Engine { capabilities: traced, ..CHROMIUM };

/// Firefox by geckodriver.
pub const FIREFOX: Engine = Engine {
    name: "firefox",
    driver: ("GECKODRIVER", "geckodriver"),
    // Without the second one, all of them ask for one port for a protocol that nobody speaks here.
    arguments: |port| vec![format!("--port={port}"), "--websocket-port=0".into()],
    on_display: false,
    console: Console::Printed,
    capabilities: firefox,
};

/// `WebKit`'s GTK port, as Debian builds it, by its own driver.
pub const WEBKIT: Engine = Engine {
    name: "webkit",
    driver: ("WEBKITWEBDRIVER", "WebKitWebDriver"),
    arguments: |port| vec![format!("--port={port}")],
    on_display: true,
    console: Console::Nowhere,
    capabilities: webkit,
};

/// All that a suite can run in.
pub const ENGINES: [&Engine; 3] = [&CHROMIUM, &FIREFOX, &WEBKIT];

/// A driver that listens, and what it stands on.
pub(super) struct Driver {
    pub port: u16,
    pub process: Running,
    _display: Option<Running>,
}

impl Engine {
    /// The one that `E2E_ENGINE` names; Chromium where it names none.
    pub fn chosen() -> &'static Self {
        let Ok(name) = env::var("E2E_ENGINE") else { return &CHROMIUM };
        let found = ENGINES.into_iter().find(|one| one.name == name);
        found.unwrap_or_else(|| panic!("E2E_ENGINE={name} is none of chromium, firefox, webkit"))
    }

    pub(super) async fn start(&self, looks: Looks, profile: &Path) -> Driver {
        let mut command = Command::new(self.binary());
        let mut display = None;
        if self.on_display {
            let (running, number) = display_of_its_own().await;
            display = Some(running);
            command.env("DISPLAY", format!(":{number}"));
            dress_gtk(&mut command, looks, profile);
        }
        // Not every driver chooses a port by itself and says which.
        let free = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let process = Running::start(command.args((self.arguments)(port)));
        let listens = || async { TcpStream::connect(("127.0.0.1", port)).await.ok() };
        until(&format!("the driver of {}:\n{}", self.name, process.log()), listens).await;
        Driver { port, process, _display: display }
    }

    /// What to ask the driver for.
    pub(super) fn capabilities(&self, looks: Looks, profile: &Path) -> Map<String, Value> {
        let capabilities = (self.capabilities)(looks, profile);
        capabilities.as_object().expect("capabilities are an object").clone()
    }

    /// What the environment names; what `cargo xtask test` has built; or what the path has.
    fn binary(&self) -> PathBuf {
        let (variable, name) = self.driver;
        if let Ok(path) = env::var(variable) {
            return path.into();
        }
        let test = env::current_exe().expect("the test's own path");
        let mut built = test.ancestors().map(|folder| folder.join("tools/bin").join(name));
        built.find(|path| path.is_file()).unwrap_or_else(|| name.into())
    }
}

/// A screen in memory; its number.
async fn display_of_its_own() -> (Running, u16) {
    let mut command = Command::new("Xvfb");
    command.args(["-displayfd", "1", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"]);
    let mut running = Running::start(&mut command);
    let number = running.says("its display", |line| line.trim().parse().ok()).await;
    (running, number)
}

/// GTK tells `WebKit` whether to move; its files belong to the profile.
fn dress_gtk(command: &mut Command, looks: Looks, profile: &Path) {
    let folder = profile.join("gtk-3.0");
    fs::create_dir_all(&folder).expect("a folder");
    let moves = u8::from(!looks.reduced_motion);
    let settings = format!("[Settings]\ngtk-enable-animations={moves}\n");
    fs::write(folder.join("settings.ini"), settings).expect("settings");
    for variable in ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"] {
        command.env(variable, profile);
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

fn traced(looks: Looks, profile: &Path) -> Value {
    let mut wanted = chromium(looks, profile);
    wanted["goog:loggingPrefs"]["performance"] = "ALL".into();
    wanted["goog:chromeOptions"]["perfLoggingPrefs"] =
        json!({ "enableNetwork": false, "enablePage": false, "traceCategories": "toplevel" });
    wanted
}

fn firefox(looks: Looks, profile: &Path) -> Value {
    let binary = env::var("FIREFOX").unwrap_or_else(|_| "firefox-esr".into());
    let profile = profile.display().to_string();
    json!({
        "browserName": "firefox",
        "moz:firefoxOptions": {
            "binary": binary,
            "args": ["-headless", "-profile", profile],
            "env": { "MOZ_HEADLESS_WIDTH": "412", "MOZ_HEADLESS_HEIGHT": "915" },
            "prefs": {
                "ui.systemUsesDarkTheme": i32::from(looks.dark),
                "layout.css.prefers-color-scheme.content-override": i32::from(!looks.dark),
                "ui.prefersReducedMotion": i32::from(looks.reduced_motion),
                "devtools.console.stdout.content": true,
            },
        },
    })
}

fn webkit(looks: Looks, _: &Path) -> Value {
    let binary = env::var("MINIBROWSER")
        .unwrap_or_else(|_| "/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser".into());
    let mut args = vec!["--automation"];
    if looks.dark {
        args.push("--dark-mode");
    }
    json!({ "webkitgtk:browserOptions": { "binary": binary, "args": args } })
}
