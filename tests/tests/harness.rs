//! The harness itself: a test that cannot fail proves nothing.

use funfair_tests::{
    Contract, Exchange, Fault, Proxy, Store,
    browser::{Browser, Looks},
    spin, within,
};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// A server that answers everything and counts it.
struct Counting {
    port: u16,
    seen: Arc<AtomicUsize>,
}

impl Counting {
    async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request).await;
                count.fetch_add(1, Ordering::SeqCst);
                let answer = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self { port, seen }
    }

    fn seen(&self) -> usize {
        self.seen.load(Ordering::SeqCst)
    }
}

/// What a client gets for a POST through the proxy; empty where the connection was cut.
async fn post(proxy: &Proxy) -> String {
    let url = proxy.url("");
    let mut stream = TcpStream::connect(url.trim_start_matches("http://")).await.unwrap();
    let request = "POST /v1/plays?x=1 HTTP/1.1\r\nhost: h\r\ncontent-length: 2\r\n\r\n{}";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.map_or_else(|_| String::new(), |_| answer)
}

#[tokio::test]
async fn a_lost_answer_has_reached_the_server_and_a_lost_request_has_not() {
    let server = Counting::start().await;
    let proxy = Proxy::start(server.port).await;
    assert!(post(&proxy).await.starts_with("HTTP/1.1 200"));

    let lost = proxy.fault("POST", "/plays", Fault::CutAnswer);
    assert_eq!(post(&proxy).await, "");
    assert_eq!((lost.hits(), server.seen()), (1, 2));
    lost.lift();

    let lost = proxy.fault("POST", "/plays", Fault::CutRequest);
    assert_eq!(post(&proxy).await, "");
    assert_eq!((lost.hits(), server.seen()), (1, 2));
    lost.lift();

    let broken = proxy.fault("*", "", Fault::Answer(503));
    assert!(post(&proxy).await.starts_with("HTTP/1.1 503"));
    broken.lift();
    assert_eq!(proxy.exchanges().len(), 2, "each exchange is remembered, the lost one too");
    assert_eq!(proxy.exchanges()[1].answer, b"{}");
}

#[tokio::test]
async fn a_held_request_arrives_when_it_is_released() {
    let server = Counting::start().await;
    let proxy = Arc::new(Proxy::start(server.port).await);
    let held = proxy.fault("POST", "/plays", Fault::HoldRequest);
    let asking = tokio::spawn({
        let proxy = Arc::clone(&proxy);
        async move { post(&proxy).await }
    });
    held.hit(1).await;
    assert_eq!(server.seen(), 0);
    held.lift();
    assert!(asking.await.unwrap().starts_with("HTTP/1.1 200"));
    assert_eq!(server.seen(), 1);
}

const PAGE: &str = r#"<!doctype html><html lang="en"><title>Page</title><main><h1>Page</h1>
<funfair-fixture></funfair-fixture></main><script type="module">
const root = document.querySelector('funfair-fixture').attachShadow({ mode: 'open' });
root.innerHTML = `<div data-state="loading"><button part="button" aria-label="Turn">x</button>
<p role="status" part="status">Wait</p><table><caption>c</caption><tr><th scope="col">A</th></tr>
<tr><td>1</td></tr></table><a href="/there">There</a><label>L <input></label></div>`;
root.querySelector('button').onclick = () => { root.firstChild.dataset.state = 'ready'; };
globalThis.looks = ['(prefers-color-scheme: dark)', '(prefers-reduced-motion: reduce)']
    .map(query => matchMedia(query).matches);
</script></html>"#;

#[tokio::test]
async fn the_browser_reaches_into_a_shadow_root() {
    let proxy = Proxy::start(1).await;
    proxy.page("/page", PAGE.into());
    let browser = Browser::start(Looks { dark: true, reduced_motion: true }).await;
    browser.open(&proxy.url("/page")).await;
    let widget = browser.widget("fixture");
    widget.is("loading").await;
    let button = widget.control("[part~=button]").await;
    assert_eq!((button.role.as_str(), button.name.as_str()), ("button", "Turn"));
    widget.click().await;
    widget.is("ready").await;
    assert_eq!(widget.text("status").await, "Wait");
    assert_eq!(browser.run("return globalThis.looks", vec![]).await.to_string(), "[true,true]");
}

#[tokio::test]
#[should_panic(expected = "label")]
async fn axe_finds_a_fault_inside_a_shadow_root() {
    let proxy = Proxy::start(1).await;
    proxy.page("/page", PAGE.replace("<label>L <input></label>", "<input>"));
    let browser = Browser::start(Looks::default()).await;
    browser.open(&proxy.url("/page")).await;
    browser.widget("fixture").is("loading").await;
    let looks = browser.run("return globalThis.looks", vec![]).await;
    assert_eq!(looks.to_string(), "[false,false]");
    browser.is_accessible("a page with a nameless field").await;
}

#[tokio::test]
async fn waiting_for_what_does_not_come_ends() {
    assert_eq!(within(Duration::from_millis(100), || async { None::<()> }).await, None);
}

/// An answer to a request for the list of activities.
fn listed(answer: &str, media: &str) -> Exchange {
    Exchange {
        method: "GET".into(),
        path: "/v1/stores/acme/activities".into(),
        status: 200,
        answer_headers: vec![("content-type".into(), media.into())],
        answer: answer.into(),
        ..Exchange::default()
    }
}

const ROW: &str = r#"[{"activity":"wheel","kind":"spin-wheel","title":{"en":"Wheel"},
    "state":"live","opens_at_ms":0,"closes_at_ms":1,"look":"plain","open":true,"barrier":null,
    "next_at_ms":null}]"#;

#[test]
fn every_example_of_the_document_fits_its_schema() {
    assert_eq!(Contract::get().faulty_examples(), Vec::<String>::new());
}

#[test]
fn an_answer_as_the_document_says_is_accepted() {
    Contract::get().hold(&listed(ROW, "application/json"));
}

#[test]
#[should_panic(expected = "not as openapi.json says")]
fn an_answer_without_a_field_is_found() {
    Contract::get().hold(&listed(&ROW.replace("\"state\":\"live\",", ""), "application/json"));
}

#[test]
#[should_panic(expected = "not as openapi.json says")]
fn an_answer_of_another_media_type_is_found() {
    Contract::get().hold(&listed(ROW, "text/html"));
}

#[test]
#[should_panic(expected = "not as openapi.json says")]
fn an_answer_of_an_unlisted_status_is_found() {
    Contract::get().hold(&Exchange { status: 299, ..listed(ROW, "application/json") });
}

#[tokio::test]
#[should_panic(expected = "left a trace in")]
async fn a_trace_in_the_database_is_found() {
    let store = Store::open().await;
    let before = store.ledger().snapshot();
    store.shopper("wheel", "someone").plays(spin()).await;
    store.ledger().snapshot().is_unchanged_since(&before, "a play");
}
