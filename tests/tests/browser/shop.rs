use funfair_tests::{
    DemoStore, Ledger, Proxy, Shopper,
    browser::{Browser, Engine, Looks, Widget},
    dist, until,
};
use serde_json::Value;
use std::fs;
use thirtyfour::{WebElement, WindowHandle};

/// A store's page in a browser, with the suite's proxy before the store.
pub struct Shop {
    pub browser: Browser,
    pub proxy: Proxy,
    pub demo: DemoStore,
}

impl Shop {
    /// The demo store, and a browser that has not been there yet.
    pub async fn open(looks: Looks) -> Self {
        Self::open_in(Engine::chosen(), looks).await
    }

    /// The same in one engine, whatever the suite runs in.
    pub async fn open_in(engine: &Engine, looks: Looks) -> Self {
        let demo = DemoStore::open().await;
        let proxy = Proxy::start(demo.port()).await;
        let browser = Browser::of(engine, looks).await;
        Self { browser, proxy, demo }
    }

    /// Opens a page of the store.
    pub async fn visit(&self, path: &str) {
        self.browser.open(&self.proxy.url(path)).await;
    }

    /// Opens the store's page in English and signs in there, as a shopper does.
    pub async fn sign_in(&self, name: &str) {
        self.visit("/?lang=en").await;
        // The page shows the form when it knows that nobody is signed in.
        self.shown("#name").await.send_keys(name).await.expect("a field for the name");
        self.shown(".member-in button").await.click().await.expect("a button");
        let shown = || async {
            let found = self.browser.run(MEMBER, vec![]).await;
            (found == name).then_some(())
        };
        until("the member's name on the page", shown).await;
    }

    /// Signs out by the page's button.
    pub async fn sign_out(&self) {
        self.shown(".member-out button").await.click().await.expect("a button");
        let gone = || async { self.browser.run(MEMBER, vec![]).await.is_null().then_some(()) };
        until("a page without a member", gone).await;
    }

    /// Waits until the page shows the element that `css` names.
    async fn shown(&self, css: &str) -> WebElement {
        let shown = || async {
            let element = self.browser.element(css).await;
            element.is_displayed().await.is_ok_and(|shown| shown).then_some(element)
        };
        until(css, shown).await
    }

    /// Opens a page of the suite's own with one widget.
    pub async fn case(&self, slug: &str, activity: &str) {
        self.case_in("en", slug, activity).await;
    }

    /// The same in a language.
    pub async fn case_in(&self, lang: &str, slug: &str, activity: &str) {
        let path = format!("/case/{lang}/{slug}/{activity}");
        self.proxy.page(&path, case(lang, slug, activity));
        self.visit(&path).await;
    }

    pub fn wheel(&self) -> Widget<'_> {
        self.browser.widget("spin-wheel")
    }

    pub fn calendar(&self) -> Widget<'_> {
        self.browser.widget("sign-in-calendar")
    }

    pub fn ledger(&self) -> Ledger {
        self.demo.ledger()
    }

    /// Whoever is signed in on the page, asking the host API without it.
    pub async fn shopper(&self, activity: &str) -> Shopper {
        let script = "const done = arguments[arguments.length - 1];
            fetch('/shop/token').then(answer => answer.json()).then(it => done(it.token))";
        let token = self.browser.session().execute_async(script, vec![]).await;
        let token = token.expect("a script runs").json().as_str().expect("a token").to_owned();
        Shopper { api: self.demo.api(), store: "acme".into(), activity: activity.into(), token }
    }

    /// What the page keeps of unanswered plays.
    pub async fn kept(&self) -> Vec<String> {
        let names = self.browser.run(KEPT, vec![]).await;
        serde_json::from_value(names).expect("names")
    }

    /// The one receipt of the activity in the database, as soon as there is one.
    pub async fn only_receipt(&self, activity: &str) -> Value {
        let stored = || async {
            let receipts = self.ledger().receipts(activity);
            (!receipts.is_empty()).then_some(receipts)
        };
        let mut receipts = until("a receipt", stored).await;
        assert_eq!(receipts.len(), 1, "one play, charged once: {receipts:#?}");
        receipts.remove(0)
    }

    /// Fails where what the widget shows is not this receipt.
    pub async fn shows(&self, widget: Widget<'_>, receipt: &Value) {
        widget.is("result").await;
        assert_eq!(widget.receipt().await, receipt["id"].as_str().expect("an id"));
        let words = said(receipt);
        assert_eq!(widget.text("status").await, words);
        let title = widget.ask("root.getElementById('sheet-title').innerText").await;
        assert_eq!(title, words);
    }

    /// The last word of every test: all that the page and the server said is as openapi.json says,
    /// and the browser had nothing to say against the page's policy.
    pub async fn keeps_the_contract(&self) {
        self.proxy.keeps_the_contract();
        let console = self.browser.console().await;
        for word in ["Content Security Policy", "TrustedHTML", "Uncaught", "JavaScript error: http"]
        {
            assert!(!console.contains(word), "{console}");
        }
    }

    /// A second tab on the same page.
    pub async fn second_tab(&self, path: &str) -> (WindowHandle, WindowHandle) {
        let first = self.browser.tab().await;
        let second = self.browser.new_tab().await;
        self.visit(path).await;
        (first, second)
    }
}

/// The words in which a receipt is to be shown, in English.
pub fn said(receipt: &Value) -> String {
    let outcome = &receipt["outcome"];
    let label = outcome["label"]["en"].as_str().expect("an English label");
    match outcome["type"].as_str().expect("a type") {
        "won" => text("spin-wheel.won").replace("{prize}", label),
        "signed" => points("sign-in-calendar.signed", outcome["points"].as_u64().expect("points")),
        _ => label.into(),
    }
}

/// An English text of the widgets, by its key, as it is served.
pub fn text(key: &str) -> String {
    let slug = key.split('.').next().expect("a slug");
    // Every kind's file has the kit's texts too.
    let slug = if slug == "kit" { "spin-wheel" } else { slug };
    let path = dist().join(env!("CARGO_PKG_VERSION")).join(format!("texts/{slug}.en.json"));
    let texts = fs::read_to_string(&path);
    let texts = texts.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let texts: Value = serde_json::from_str(&texts).expect("texts are JSON");
    texts[key].as_str().unwrap_or_else(|| panic!("no text {key}")).into()
}

/// The same with a number.
pub fn counted(key: &str, n: u64) -> String {
    text(key).replace("{n}", &n.to_string())
}

/// The words of a text with so many points in it.
pub fn points(key: &str, n: u64) -> String {
    text(key).replace("{points}", &counted("kit.points", n))
}

const MEMBER: &str = "const name = document.querySelector('[data-name]');
    return name && name.checkVisibility() && name.textContent || null";

const KEPT: &str = "return Object.keys(localStorage).filter(name => name.startsWith('funfair:'))";

fn case(lang: &str, slug: &str, activity: &str) -> String {
    let way = if lang == "ar" { "rtl" } else { "ltr" };
    format!(
        "<!doctype html><html lang=\"{lang}\" dir=\"{way}\" style=\"color-scheme: light dark; background: canvas\"><head>
        <meta charset=\"utf-8\"><title>{activity}</title>
        <meta name=\"viewport\" content=\"width=device-width\">
        <script type=\"module\" src=\"/funfair/{}/funfair.js\"></script></head>
        <body><main><h1>{activity}</h1>
        <funfair-{slug} store=\"acme\" activity=\"{activity}\" token-url=\"/shop/token\"></funfair-{slug}>
        </main></body></html>",
        env!("CARGO_PKG_VERSION")
    )
}
