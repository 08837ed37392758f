//! A widget in a frame of another origin, for a page whose policy allows nothing else: what the two
//! say to each other, and what a third can do.

use crate::examples::{Site, funfair};
use funfair_tests::{
    Proxy,
    browser::{Engine, Widget},
    copy, dist, example, header, run, until,
};
use serde_json::{Value, json};
use std::fs;
use tempfile::TempDir;

/// `examples/frame` on one origin, Funfair on another; the shopper is signed in at the shop.
struct Framed {
    site: Site,
    funfair: Proxy,
    _folder: TempDir,
}

impl Framed {
    async fn open() -> Self {
        let store = funfair().await;
        let funfair = Proxy::start(store.port()).await;
        let folder = tempfile::tempdir().expect("a folder");
        copy(&example("frame"), folder.path());
        for name in ["_headers", "shop.js"] {
            let file = folder.path().join(name);
            let text = fs::read_to_string(&file).expect(name);
            let placed = text.replace("https://funfair.example", &funfair.url(""));
            assert_ne!(placed, text, "{name}");
            fs::write(file, placed).expect(name);
        }
        let script = dist().join(env!("CARGO_PKG_VERSION")).join("frame.js");
        fs::copy(script, folder.path().join("frame.js")).expect("frame.js");
        let site = Site::before(store, Engine::chosen(), folder.path()).await;
        let add = ["store", "origin", "acme", "add", &site.proxy.url("")];
        run(&mut site.store.program().command(&add)).expect("an origin");
        Self { site, funfair, _folder: folder }
    }

    fn wheel(&self) -> Widget<'_> {
        self.site.browser.widget("spin-wheel")
    }

    /// Goes into the frame, once the page around has put it there and it has a page of its own.
    async fn enter(&self, css: &str) {
        let there = || async {
            self.leave().await;
            let count = "return document.querySelectorAll(arguments[0]).length";
            if self.site.browser.run(count, vec![css.into()]).await != 1 {
                return None;
            }
            self.look_into(css).await;
            (self.run(OWN_PAGE).await == true).then_some(())
        };
        until(css, there).await;
    }

    async fn look_into(&self, css: &str) {
        let frame = self.site.browser.element(css).await;
        frame.enter_frame().await.expect("a frame");
    }

    async fn leave(&self) {
        self.site.browser.session().enter_default_frame().await.expect("the page");
    }

    async fn signs_in(&self) {
        self.site.visit("/").await;
        self.enter("iframe").await;
        self.wheel().is("signed-out").await;
        self.wheel().click().await;
        self.leave().await;
        self.site.fills_in("/").await;
    }

    async fn run(&self, script: &str) -> Value {
        self.site.browser.run(script, vec![]).await
    }
}

/// Whether what a frame begins with has made room.
const OWN_PAGE: &str =
    "return document.readyState !== 'loading' && location.href !== 'about:blank'";

#[tokio::test]
async fn a_page_that_allows_a_frame_alone_signs_in_plays_and_hears_of_it() {
    let framed = Framed::open().await;
    framed.signs_in().await;
    framed.enter("iframe").await;
    framed.wheel().is("ready").await;
    framed.wheel().click().await;
    framed.wheel().is("result").await;
    let receipt = framed.wheel().receipt().await;
    let needs = "return Math.ceil(document.documentElement.getBoundingClientRect().height)";
    let needs = framed.run(needs).await;
    framed.leave().await;
    framed.site.has_heard_of(&receipt).await;
    let height = json!(format!("{needs}px"));
    let high = || async {
        let height_now = framed.run("return document.querySelector('iframe').style.height").await;
        (height_now == height).then_some(())
    };
    until(&format!("a frame of {height}"), high).await;
    // The page itself may not ask Funfair for anything, nor run its files.
    let url = framed.funfair.url("/v1/stores/acme/activities/wheel");
    let script = "const done = arguments[1];
        fetch(arguments[0]).then(() => done('asked'), () => done('refused'))";
    let asked = framed.site.browser.session().execute_async(script, vec![url.into()]).await;
    assert_eq!(*asked.expect("a script").json(), "refused");
    framed.funfair.keeps_the_contract();
}

#[tokio::test]
async fn the_page_around_says_how_the_widget_looks_and_that_somebody_else_is_there() {
    let framed = Framed::open().await;
    framed.signs_in().await;
    let script = "const [server, done] = arguments;
        window.tokens = 0;
        const getToken = async () => {
          window.tokens++;
          const answer = await fetch('/shop/token');
          return answer.ok ? (await answer.json()).token : null;
        };
        const asked = { server, store: 'acme', activity: 'calendar', title: 'Calendar' };
        import('/frame.js').then(({ frame }) => {
          window.it = frame(document.body, { ...asked, lang: 'zh-CN', theme: 'double-11', scheme: 'dark', getToken });
          window.it.element.id = 'second';
          done(true);
        });";
    let server = framed.funfair.url("").into();
    let put = framed.site.browser.session().execute_async(script, vec![server]).await;
    assert_eq!(*put.expect("a script").json(), true);
    framed.enter("#second").await;
    let calendar = framed.site.browser.widget("sign-in-calendar");
    calendar.is("ready").await;
    let look = "[host.lang, root.querySelector('.look').dataset.look, root.querySelector('.look').dataset.scheme]";
    assert_eq!(calendar.ask(look).await, json!(["zh-CN", "double-11", "dark"]));

    framed.leave().await;
    framed.run("it.set({ lang: 'ar', theme: 'mid-autumn', scheme: 'light' })").await;
    framed.enter("#second").await;
    let changed = || async {
        let look = calendar.ask(look).await;
        (look == json!(["ar", "mid-autumn", "light"])).then_some(())
    };
    until("the other look", changed).await;
    calendar.is("ready").await;

    framed.leave().await;
    let before = framed.run("return tokens").await.as_u64().expect("a number");
    framed.run("it.refresh()").await;
    let again = || async {
        let now = framed.run("return tokens").await.as_u64().expect("a number");
        (now > before).then_some(())
    };
    until("another question for a token", again).await;
    framed.run("it.remove()").await;
    assert_eq!(framed.run("return document.querySelectorAll('iframe').length").await, 1);
}

#[tokio::test]
async fn a_page_that_is_not_listed_can_show_no_frame() {
    let framed = Framed::open().await;
    framed.signs_in().await;
    framed.enter("iframe").await;
    let inside = "return !!document.querySelector('[store]')";
    assert_eq!(framed.run(inside).await, true, "the listed page can");

    let hostile = Proxy::start(framed.site.store.port()).await;
    let frame = |id: &str, origin: String| {
        let url = framed.funfair.url("/v1/stores/acme/activities/wheel/frame");
        format!("<iframe id=\"{id}\" onload=\"loaded++\" src=\"{url}?origin={origin}\"></iframe>")
    };
    // Under its own name the server refuses it; under the shop's the browser does.
    let both = [frame("own", hostile.url("")), frame("theirs", framed.site.proxy.url(""))];
    let page =
        format!("<!doctype html><title>Evil</title><script>loaded = 0</script>{}", both.concat());
    hostile.page("/", page);
    framed.site.browser.open(&hostile.url("/")).await;
    for id in ["#own", "#theirs"] {
        // Firefox puts a page of its own there and tells nobody of its end.
        let ended = || async {
            framed.leave().await;
            let loaded = framed.run("return loaded").await == 2;
            framed.look_into(id).await;
            (loaded || framed.run(OWN_PAGE).await == true).then_some(())
        };
        until(&format!("the end of {id}"), ended).await;
        assert_eq!(framed.run(inside).await, false, "{id}");
    }
    let answers = framed.funfair.exchanges();
    let answers: Vec<_> = answers.iter().rev().take(2).map(|one| one.status).collect();
    assert!(answers.contains(&200) && answers.contains(&400), "{answers:?}");
}

/// Counts what a window hears, from whom.
const LISTEN: &str = "window.heard = [];
    addEventListener('message', (it) => heard.push(it.origin))";

/// How often a page has asked its store for a token.
const TOKENS: &str = "return performance.getEntriesByType('resource')
    .filter((it) => it.name.endsWith('/shop/token')).length";

/// Opens the shop's page from an attacker's, who then has both windows, and says all there is to say.
async fn forged(attacker: impl Fn(&Framed) -> String) {
    let framed = Framed::open().await;
    framed.signs_in().await;
    let (browser, shop) = (&framed.site.browser, framed.site.proxy.url("/"));
    let attacker = attacker(&framed);
    browser.open(&attacker).await;
    let own = browser.tab().await;
    let opens = "window.heard = []; onmessage = (it) => heard.push(it.data);
        document.querySelector('button').onclick = () => (window.victim = open(arguments[0]))";
    browser.run(opens, vec![shop.as_str().into()]).await;
    // By a real click: else an engine may open nothing.
    browser.element("button").await.click().await.expect("a button");
    let opened = || async {
        let both = browser.session().windows().await.expect("windows");
        both.into_iter().find(|tab| *tab != own)
    };
    let victim = until("the shop's page", opened).await;
    browser.switch(&victim).await;
    framed.enter("iframe").await;
    framed.wheel().is("ready").await;
    framed.run(LISTEN).await;
    framed.leave().await;
    let height = framed.run("return document.querySelector('iframe').style.height").await;
    framed.run(LISTEN).await;
    let tokens = framed.run(TOKENS).await;

    browser.switch(&own).await;
    let say = "const [shop, funfair] = arguments;
        const detail = { id: 'forged' };
        const up = [{ funfair: 'height', height: 5 }, { funfair: 'event', name: 'result', detail },
            { funfair: 'token', id: 1 }, null];
        const down = [{ funfair: 'set', lang: 'ar', scheme: 'dark' }, { funfair: 'refresh' }, null];
        for (let id = 0; id < 9; id++) down.push({ funfair: 'token', id, token: 'forged' });
        for (const message of up) victim.postMessage(message, shop);
        for (const message of down) victim[0].postMessage(message, funfair);";
    browser.run(say, vec![framed.site.proxy.url("").into(), framed.funfair.url("").into()]).await;
    browser.switch(&victim).await;
    let from = attacker.trim_end_matches("/other").trim_end_matches('/');
    let heard = async |count: usize| {
        let all = || async {
            (framed.run("return heard").await == json!(vec![from; count])).then_some(())
        };
        until("what was forged", all).await;
    };
    heard(4).await;
    framed.enter("iframe").await;
    heard(12).await;

    // Nothing came of it: neither here nor there.
    assert_eq!(framed.wheel().ask("host.lang").await, "en");
    assert_eq!(framed.wheel().state().await.as_deref(), Some("ready"));
    framed.leave().await;
    assert_eq!(framed.run(TOKENS).await, tokens, "nobody signed in again");
    assert_eq!(framed.run("return document.querySelector('iframe').style.height").await, height);
    assert_eq!(framed.run("return document.getElementById('won').textContent").await, "");
    framed.enter("iframe").await;
    framed.wheel().click().await;
    framed.wheel().is("result").await;
    let receipt = framed.wheel().receipt().await;
    framed.leave().await;
    framed.site.has_heard_of(&receipt).await;
    let sent = framed.funfair.exchanges();
    assert!(sent.iter().all(|one| header(&one.headers, "authorization") != Some("Bearer forged")));
    browser.switch(&own).await;
    assert_eq!(framed.run("return heard").await, json!([]), "the attacker heard of nothing");
}

#[tokio::test]
async fn what_a_hostile_page_says_to_either_window_does_nothing() {
    let hostile = Proxy::start(0).await;
    hostile.page("/other", "<!doctype html><title>Evil</title><button>Win</button>".into());
    let url = hostile.url("/other");
    forged(|_| url.clone()).await;
}

/// A page of Funfair's own origin is still not the window in the frame, nor the one around it.
#[tokio::test]
async fn what_another_window_of_the_servers_own_origin_says_does_nothing() {
    forged(|framed| {
        framed
            .funfair
            .page("/other", "<!doctype html><title>Another</title><button>Win</button>".into());
        framed.funfair.url("/other")
    })
    .await;
}
