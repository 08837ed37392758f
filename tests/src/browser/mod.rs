//! A browser of the test's own: a fresh profile, one session, gone with its owner.

mod axe;
mod chromium;
mod engine;
mod widget;

pub use chromium::{Chromium, devtools};
pub use engine::{CHROMIUM, ENGINES, Engine, FIREFOX, Looks, WEBKIT};
pub use widget::{Control, Widget};

use engine::{Console, Driver};
use serde_json::Value;
use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
    path::Path,
    sync::Arc,
    time::Duration,
};
use tempfile::TempDir;
use thirtyfour::{
    By, TypingData, WebDriver, WebElement, WindowHandle, session::handle::SessionHandle,
};

/// A session of a driver, with the driver itself.
pub struct Browser {
    session: Option<WebDriver>,
    console: Console,
    // Fields end in their order: first the driver, then the profile on which its browser wrote.
    driver: Driver,
    profile: TempDir,
}

impl Browser {
    /// Starts the engine that the suite runs in.
    pub async fn start(looks: Looks) -> Self {
        Self::of(Engine::chosen(), looks).await
    }

    /// Starts any engine, with a telephone's window.
    pub async fn of(engine: &Engine, looks: Looks) -> Self {
        let profile = tempfile::tempdir().expect("a directory for the profile");
        let driver = engine.start(looks, profile.path()).await;
        let capabilities = engine.capabilities(looks, profile.path());
        let url = format!("http://127.0.0.1:{}", driver.port);
        let session = WebDriver::new(url, capabilities)
            .await
            .unwrap_or_else(|error| panic!("no session: {error}\n{}", driver.process.log()));
        let browser = Self { session: Some(session), console: engine.console, driver, profile };
        // A narrower one than it can be is widened to what it can be.
        browser.session().set_window_rect(0, 0, 412, 915).await.expect("a window");
        browser
    }

    /// The session.
    pub fn session(&self) -> &Arc<SessionHandle> {
        self.session.as_ref().expect("a session until the end")
    }

    /// Where it writes: its processes have that in their commands, or in their environment.
    pub fn profile(&self) -> &Path {
        self.profile.path()
    }

    /// Opens `url` in the current tab.
    pub async fn open(&self, url: &str) {
        self.session().goto(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// Loads the page again, as a person does.
    pub async fn reload(&self) {
        self.session().refresh().await.expect("a reload");
    }

    /// Opens another tab and goes to it; its handle.
    pub async fn new_tab(&self) -> WindowHandle {
        let tab = self.session().new_tab().await.expect("a tab");
        self.session().switch_to_window(tab.clone()).await.expect("the tab");
        tab
    }

    /// The current tab.
    pub async fn tab(&self) -> WindowHandle {
        self.session().window().await.expect("a tab")
    }

    /// Goes to a tab.
    pub async fn switch(&self, tab: &WindowHandle) {
        self.session().switch_to_window(tab.clone()).await.expect("the tab");
    }

    /// The element of the page's light DOM that `css` names.
    pub async fn element(&self, css: &str) -> WebElement {
        let found = self.session().find(By::Css(css)).await;
        found.unwrap_or_else(|error| panic!("no element {css}: {error}"))
    }

    /// Presses keys, wherever the focus is.
    pub async fn press(&self, keys: impl Into<TypingData>) {
        let keys: TypingData = keys.into();
        let chain = self.session().action_chain();
        chain.send_keys(keys).perform().await.expect("keys");
    }

    /// What `script` returns.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        let run = self.session().execute(script, arguments).await;
        run.unwrap_or_else(|error| panic!("{script}\n{error}")).json().clone()
    }

    /// The widget of this kind on the page.
    pub fn widget<'a>(&'a self, slug: &'a str) -> Widget<'a> {
        Widget::new(self, slug)
    }

    /// Fails where the page broke a rule of axe-core; `what` says in which state.
    pub async fn is_accessible(&self, what: &str) {
        axe::run(self, what).await;
    }

    /// What the page wrote to its console, as far as the engine shows it to anybody.
    pub async fn console(&self) -> String {
        match self.console {
            Console::Asked => {
                let log = self.session().browser_log().await.unwrap_or_default();
                let lines: Vec<_> = log.iter().map(|line| format!("{line:?}")).collect();
                lines.join("\n")
            }
            Console::Printed => self.driver.process.log(),
            Console::Nowhere => String::new(),
        }
    }
}

impl Drop for Browser {
    /// Ends the session before the driver: the browser is the driver's process, not ours, and
    /// nobody else would end it. A failing test comes by here too, so nothing may panic.
    fn drop(&mut self) {
        let Some(session) = self.session.take() else { return };
        let id = session.session_id().to_string();
        let _ = session.leak();
        let Ok(mut driver) = TcpStream::connect(("127.0.0.1", self.driver.port)) else { return };
        let _ = driver.set_read_timeout(Some(Duration::from_secs(10)));
        // With the port: geckodriver refuses a request whose host is not its own address.
        let port = self.driver.port;
        let request = format!(
            "DELETE /session/{id} HTTP/1.1\r\nhost: 127.0.0.1:{port}\r\nconnection: close\r\n\r\n"
        );
        let _ = driver.write_all(request.as_bytes());
        // The answer comes when the browser has gone.
        let _ = driver.read(&mut [0; 1024]);
    }
}
