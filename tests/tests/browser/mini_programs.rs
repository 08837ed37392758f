//! A page in a mini-program's web view: signed in by a ticket, and what only the mini-program can do.

use crate::shop::Shop;
use funfair_tests::{
    Key, Proxy, Running, Shopper, Token,
    browser::{Browser, Looks},
    header, port_in, run, until,
};
use serde_json::{Value, json};
use std::{fs, path::PathBuf, process::Command};

const STILL: Looks = Looks { reduced_motion: true, dark: false };
const VENDOR: &str = include_str!("container/vendor.js");

/// A shop, and the merchant's server beside it: with keys of its own.
struct Merchant {
    shop: Shop,
    key: Key,
    secret: String,
}

impl Merchant {
    async fn open() -> Self {
        let shop = Shop::open(STILL).await;
        let key = Key::eddsa("merchant", 21);
        shop.demo.program().add_key("acme", &key).expect("a second key of the store");
        let add = ["store", "secret", "acme", "add"];
        let said = run(&mut shop.demo.program().command(&add)).expect("a secret key");
        let secret = said.split_whitespace().find(|word| word.starts_with("ffs_"));
        let secret = secret.expect("a secret key").to_owned();
        let merchant = Self { shop, key, secret };
        let known = || async { (merchant.make("nobody").await.status == 200).then_some(()) };
        until("the merchant's keys", known).await;
        merchant
    }

    async fn make(&self, sub: &str) -> funfair_tests::Exchange {
        let api = self.shop.demo.api();
        let call = api.call("POST", "/v1/stores/acme/tickets").token(&self.secret);
        call.json(&json!({ "token": self.token(sub) })).send().await
    }

    fn token(&self, sub: &str) -> String {
        Token::new("acme", sub).sign(&self.key)
    }

    async fn ticket(&self, sub: &str) -> String {
        self.make(sub).await.json()["ticket"].as_str().expect("a ticket").into()
    }

    /// A page with one wheel and the bridge, in the web view of a container.
    async fn visit(&self, container: &str, fragment: &str) {
        let version = env!("CARGO_PKG_VERSION");
        let page = format!(
            "<!doctype html><html lang=\"en\"><title>Web view</title><script>{VENDOR}</script><main>
            <funfair-spin-wheel store=\"acme\" activity=\"double11\"></funfair-spin-wheel></main>
            <script type=\"module\" src=\"/funfair/{version}/funfair.js\"></script>
            <script type=\"module\">
            import {{ connect }} from '/funfair/{version}/bridge.js';
            const pages = {{
              login: '/pages/login/index', share: '/pages/share/index',
              activity: '/pages/game/index?activity={{activity}}',
            }};
            window.bridge = connect('acme', pages);
            </script></html>"
        );
        self.shop.proxy.page("/view", page);
        // From elsewhere, so that a fragment alone is a visit, too.
        self.shop.browser.open("about:blank").await;
        self.shop.visit(&format!("/view?as={container}{fragment}")).await;
    }

    async fn run(&self, script: &str) -> Value {
        self.shop.browser.run(&format!("return ({script}) ?? null"), vec![]).await
    }

    /// What the native page is told with the next look.
    async fn hears(&self, what: &str) -> Value {
        let heard = || async {
            let heard = self.run("native.heard").await;
            heard.as_array().is_some_and(|lists| !lists.is_empty()).then_some(heard)
        };
        until(what, heard).await
    }
}

/// Nothing of the ticket or the token is anywhere that outlives the page or leaves it.
const LEFT_BEHIND: &str = "[location.href, document.referrer, ...Object.values(localStorage),
    ...Object.values(sessionStorage), document.cookie].join(' ')";

async fn late_messages(container: &str) {
    let merchant = Merchant::open().await;
    let (shop, wheel) = (&merchant.shop, merchant.shop.wheel());
    let ticket = merchant.ticket("ann").await;
    merchant.visit(container, &format!("#a=1&funfair-ticket={ticket}&b=2")).await;
    wheel.is("ready").await;
    assert_eq!(merchant.run("bridge.env").await, container);
    assert_eq!(merchant.run("location.hash").await, "#a=1&b=2", "the page's own part stays");
    let left = merchant.run(LEFT_BEHIND).await;
    let left = left.as_str().expect("text");
    assert!(!left.contains(&ticket) && !left.contains("eyJ"), "{left}");
    let exchanges = shop.proxy.exchanges();
    let me = exchanges.iter().rfind(|one| one.path.ends_with("/me")).expect("a reading of me");
    assert_eq!(header(&me.headers, "funfair-channel"), Some(container));

    // The result is on the server, and nobody was told.
    wheel.click().await;
    let receipt = shop.only_receipt("double11").await;
    shop.shows(wheel, &receipt).await;
    assert_eq!(merchant.run("native.heard").await, json!([]));

    // A link to share waits until the shopper shares.
    let share = "bridge.share({ url: 'https://shop.example/game?activity=a&funfair=a.k' })";
    assert_eq!(merchant.run(share).await, true);
    assert_eq!(merchant.run("native.heard").await, json!([]), "not before");
    let url = "https%3A%2F%2Fshop.example%2Fgame%3Factivity%3Da%26funfair%3Da.k";
    let went = json!([format!("/pages/share/index?url={url}")]);
    assert_eq!(merchant.run("native.went").await, went);
    merchant.run("native.share()").await;
    let said =
        json!({ "funfair": "share", "url": "https://shop.example/game?activity=a&funfair=a.k" });
    assert_eq!(merchant.hears("the share").await, json!([[said]]));

    assert_eq!(merchant.run("bridge.navigate({ activity: 'signin' })").await, true);
    let last = merchant.run("native.went.pop()").await;
    assert_eq!(last, "/pages/game/index?activity=signin");
    assert_eq!(merchant.run("bridge.close() && native.left").await, 1);

    // A ticket that was used signs nobody in; the native page is asked, and comes back with another.
    merchant.visit(container, &format!("#funfair-ticket={ticket}")).await;
    wheel.is("signed-out").await;
    wheel.click().await;
    let asked = || async { (merchant.run("native.went").await != json!([])).then_some(()) };
    until("the sign-in page", asked).await;
    assert_eq!(merchant.run("native.went").await, json!(["/pages/login/index?store=acme"]));
    let next = merchant.ticket("ann").await;
    merchant.run(&format!("location.hash = 'funfair-ticket={next}'")).await;
    wheel.is("ready").await;
    assert_eq!(merchant.run("location.hash").await, "");
    shop.keeps_the_contract().await;
}

#[tokio::test]
async fn within_wechat_a_ticket_signs_in_and_messages_come_late() {
    late_messages("weixin").await;
}

#[tokio::test]
async fn within_douyin_a_ticket_signs_in_and_messages_come_late() {
    late_messages("douyin").await;
}

#[tokio::test]
async fn within_alipay_the_page_asks_for_its_ticket_and_messages_come_at_once() {
    let merchant = Merchant::open().await;
    let wheel = merchant.shop.wheel();
    merchant.visit("alipay", "").await;
    let asked = json!([{ "funfair": "login", "store": "acme" }]);
    assert_eq!(merchant.hears("the question for a ticket").await, json!([asked]));
    // What is none of the bridge's changes nothing.
    merchant.run("native.say({ funfair: 'other', ticket: 'x' }) || native.say(null)").await;
    let ticket = merchant.ticket("ann").await;
    merchant.run(&format!("native.say({{ funfair: 'ticket', ticket: '{ticket}' }})")).await;
    wheel.is("ready").await;
    assert_eq!(merchant.run("bridge.env").await, "alipay");
    let url = "https://shop.example/game";
    assert_eq!(merchant.run(&format!("bridge.share({{ url: '{url}' }})")).await, true);
    assert_eq!(merchant.run("native.heard[1]").await, json!([{ "funfair": "share", "url": url }]));
    assert_eq!(merchant.run("bridge.navigate({ activity: 'signin' })").await, true);
    assert_eq!(merchant.run("native.went").await, json!(["/pages/game/index?activity=signin"]));
    assert_eq!(merchant.run("bridge.close() && native.left").await, 1);
    merchant.shop.keeps_the_contract().await;
}

#[tokio::test]
async fn elsewhere_the_bridge_does_nothing_but_exchange_a_ticket() {
    let merchant = Merchant::open().await;
    let ticket = merchant.ticket("ann").await;
    merchant.visit("browser", &format!("#funfair-ticket={ticket}")).await;
    merchant.shop.wheel().is("ready").await;
    assert_eq!(merchant.run("bridge.env").await, "web");
    let verbs = "[bridge.login(), bridge.share({ url: 'a' }), bridge.navigate({ activity: 'a' }), bridge.close()]";
    assert_eq!(merchant.run(verbs).await, json!([false, false, false, false]));
}

/// The example's own files, by their paths in it.
fn example() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/wechat-mini-program"))
}

fn read(path: &str) -> String {
    let path = example().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The mini-program's files; every page has all of its parts, and JSON is JSON.
fn program() -> Value {
    let app: Value = serde_json::from_str(&read("app.json")).expect("app.json");
    let mut files = json!({ "app.json": read("app.json") });
    for name in ["app.js", "merchant.js"] {
        files[name] = read(name).into();
    }
    files["config.js"] = "module.exports = { origin: location.origin };".into();
    for page in app["pages"].as_array().expect("pages") {
        let page = page.as_str().expect("a page");
        let settings = read(&format!("{page}.json"));
        assert!(serde_json::from_str::<Value>(&settings).expect(page).is_object());
        assert!(read(&format!("{page}.wxml")).contains('<'), "{page}");
        files[format!("{page}.js")] = read(&format!("{page}.js")).into();
    }
    files
}

/// The example's server, before the demo store; `WeChat`'s own server answers as it does.
async fn server(merchant: &Merchant, weixin: &Proxy, folder: &tempfile::TempDir) -> (Running, u16) {
    let key = folder.path().join("key.pem");
    fs::write(&key, merchant.key.private()).expect("a key");
    weixin
        .page("/sns/jscode2session", json!({ "openid": "o-ann", "session_key": "k" }).to_string());
    let mut command = Command::new("node");
    command.arg(example().join("server/server.mjs")).env("PORT", "0");
    command.env("FUNFAIR_URL", format!("http://127.0.0.1:{}", merchant.shop.demo.port()));
    command.env("FUNFAIR_STORE", "acme").env("FUNFAIR_SECRET", &merchant.secret);
    command.env("FUNFAIR_KID", &merchant.key.kid).env("FUNFAIR_KEY", key);
    command.env("WX_API", weixin.url("")).env("WX_APPID", "wx0").env("WX_SECRET", "s");
    let mut running = Running::start(&mut command);
    let port = running.says("its port", port_in).await;
    (running, port)
}

/// The container's page, which runs the mini-program, before the example's server.
async fn container(port: u16) -> Proxy {
    let proxy = Proxy::start(port).await;
    let game = read("server/game.html");
    let vendor = game.replace("https://res.wx.qq.com/open/js/jweixin-1.6.0.js", "/vendor.js");
    assert_ne!(game, vendor);
    proxy.page("/game", vendor);
    proxy.page("/vendor.js", VENDOR.into());
    let runs = format!(
        "<!doctype html><title>Container</title><body><script>const FILES = {};{}</script>",
        program().to_string().replace("</", "<\\/"),
        include_str!("container/program.js"),
    );
    proxy.page("/container", runs);
    proxy
}

/// Waits until the native page shows so many points.
async fn shows(browser: &Browser, points: u64) {
    let script = "return document.querySelector('[data-page=\"pages/shop/index\"]').textContent";
    let points = json!({ "points": points }).to_string();
    let shown = || async { (browser.run(script, vec![]).await == points.as_str()).then_some(()) };
    until(&points, shown).await;
}

/// Waits until the wheel in the web view is in this state.
async fn is(browser: &Browser, state: &str) {
    let script = "const frame = document.querySelector('iframe');
        const root = frame?.contentDocument?.querySelector('funfair-spin-wheel')?.shadowRoot;
        return root?.querySelector('[data-state]')?.dataset.state ?? null";
    let is = || async { (browser.run(script, vec![]).await == state).then_some(()) };
    until(&format!("{state} in the web view"), is).await;
}

#[tokio::test]
async fn the_example_mini_program_plays_in_its_web_view_and_reads_what_was_won_on_its_return() {
    let merchant = Merchant::open().await;
    let browser = &merchant.shop.browser;
    let folder = tempfile::tempdir().expect("a folder");
    let weixin = Proxy::start(merchant.shop.demo.port()).await;
    let (_server, port) = server(&merchant, &weixin, &folder).await;
    let proxy = container(port).await;
    browser.open(&proxy.url("/container")).await;
    shows(browser, 0).await;

    browser.run("native.navigateTo({ url: '/pages/game/index?activity=wheel' })", vec![]).await;
    is(browser, "ready").await;
    let press = "document.querySelector('iframe').contentDocument
        .querySelector('funfair-spin-wheel').shadowRoot.querySelector('[part~=button]').click()";
    browser.run(press, vec![]).await;
    is(browser, "result").await;
    let told =
        "return [native.heard, document.querySelector('iframe').contentWindow.location.hash]";
    assert_eq!(browser.run(told, vec![]).await, json!([[], ""]), "nobody was told anything");

    // The native page shows itself again: a fresh ticket, in the same page.
    let again = "document.querySelector('iframe').contentWindow.mark = 1; native.top().onHide();
        native.top().onShow()";
    browser.run(again, vec![]).await;
    let fresh = || async {
        let exchanges = proxy.exchanges();
        let path = "/v1/stores/acme/tickets/exchange";
        let good = exchanges.iter().filter(|one| one.path == path && one.status == 200);
        (good.count() == 2).then_some(())
    };
    until("the second ticket's exchange", fresh).await;
    let marked = "return document.querySelector('iframe').contentWindow.mark";
    assert_eq!(browser.run(marked, vec![]).await, 1, "the page was not loaded again");

    // Something more was won meanwhile, so that there is something to read.
    let api = merchant.shop.demo.api();
    let more = json!({ "id": "more", "sub": "o-ann", "points": 7, "note": "a gift" });
    let call = api.call("POST", "/v1/stores/acme/adjustments").token(&merchant.secret);
    call.json(&more).send().await.expect(200);
    browser.run("native.navigateBack()", vec![]).await;
    let (store, activity) = ("acme".into(), "wheel".into());
    let ann = Shopper { api, store, activity, token: merchant.token("o-ann") };
    assert_eq!(ann.get("/plays").await.json()["plays"].as_array().map(Vec::len), Some(1));
    let balance = ann.wallet().await["balance"].as_u64().expect("points");
    assert!(balance >= 7, "{balance}");
    shows(browser, balance).await;
    proxy.keeps_the_contract();
}
