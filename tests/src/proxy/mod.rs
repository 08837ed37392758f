//! A reverse proxy of the suite's own: it stands where a store's stands, breaks the network where
//! a test says, serves the test's own pages on the same origin, and remembers every exchange.

mod message;

use crate::{Contract, Exchange, process::until};
use message::{Message, relay};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

/// What befalls a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The server gets it and answers; the answer is lost.
    CutAnswer,
    /// The connection closes before the server sees anything.
    CutRequest,
    /// It reaches the server this much later.
    Delay(Duration),
    /// It waits until the fault is lifted, then reaches the server.
    HoldRequest,
    /// The server answers at once; the answer waits until the fault is lifted.
    HoldAnswer,
    /// A gateway answers in the server's place, with this status and a page of HTML.
    Answer(u16),
    /// A problem with this status and code, as if it were the server's.
    Problem(u16, &'static str),
    /// A server without room says when to come back, in seconds.
    Busy(u32),
}

/// A running proxy; it ends with its owner.
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
    accepting: JoinHandle<()>,
}

struct Shared {
    upstream: u16,
    rules: Mutex<Vec<Rule>>,
    pages: Mutex<HashMap<String, Vec<u8>>>,
    policy: Mutex<Option<String>>,
    exchanges: Mutex<Vec<Exchange>>,
}

/// A fault in force. It is lifted by [`Rule::lift`], or with the proxy.
#[derive(Clone)]
pub struct Rule {
    method: &'static str,
    ending: String,
    fault: Fault,
    hits: Arc<watch::Sender<usize>>,
    lifted: Arc<watch::Sender<bool>>,
}

impl Rule {
    /// Waits until the fault has befallen `count` requests.
    pub async fn hit(&self, count: usize) {
        let what =
            format!("{count} requests {} …{} for {:?}", self.method, self.ending, self.fault);
        until(&what, || async { (self.hits() >= count).then_some(()) }).await;
    }

    /// How many requests it has befallen.
    pub fn hits(&self) -> usize {
        *self.hits.borrow()
    }

    /// Ends it: what was held goes on, what comes passes.
    pub fn lift(&self) {
        self.lifted.send_replace(true);
    }

    async fn released(&self) {
        let lifted = self.lifted.subscribe().wait_for(|lifted| *lifted).await.is_ok();
        assert!(lifted, "the rule holds its own sender");
    }

    fn meets(&self, message: &Message) -> bool {
        let method = self.method == "*" || self.method == message.method();
        method && !*self.lifted.borrow() && message.route().ends_with(&self.ending)
    }
}

impl Proxy {
    /// Stands before the server at `upstream`.
    pub async fn start(upstream: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let shared = Arc::new(Shared {
            upstream,
            rules: Mutex::default(),
            pages: Mutex::default(),
            policy: Mutex::default(),
            exchanges: Mutex::default(),
        });
        let serving = Arc::clone(&shared);
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(Arc::clone(&serving), stream));
            }
        });
        Self { port, shared, accepting }
    }

    /// The URL of `path` as the browser is to ask for it.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// Lets `fault` befall every request of `method` (`*` is any) whose path ends so.
    pub fn fault(&self, method: &'static str, ending: &str, fault: Fault) -> Rule {
        let rule = Rule {
            method,
            ending: ending.into(),
            fault,
            hits: Arc::new(watch::Sender::new(0)),
            lifted: Arc::new(watch::Sender::new(false)),
        };
        self.shared.rules.lock().expect("the rules").push(rule.clone());
        rule
    }

    /// Serves a page of the test's own at `path`.
    pub fn page(&self, path: &str, html: String) {
        self.put(path, message::page(200, html));
    }

    /// Serves a file of the test's own at `path`: its media type, and what brotli made of it.
    pub fn file(&self, path: &str, kind: &str, brotli: &[u8]) {
        self.put(path, message::file(kind, brotli));
    }

    fn put(&self, path: &str, answer: Vec<u8>) {
        self.shared.pages.lock().expect("the pages").insert(path.into(), answer);
    }

    /// Serves none of the test's own pages any more.
    pub fn forget_pages(&self) {
        self.shared.pages.lock().expect("the pages").clear();
    }

    /// Puts all pages under a Content Security Policy, in the place of the store's own.
    pub fn policy(&self, policy: &str) {
        *self.shared.policy.lock().expect("the policy") = Some(policy.into());
    }

    /// Every exchange of the host API so far, the lost ones too.
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.shared.exchanges.lock().expect("the exchanges").clone()
    }

    /// Holds every exchange so far to openapi.json, and sees that there was one.
    #[track_caller]
    pub fn keeps_the_contract(&self) {
        let exchanges = self.exchanges();
        assert!(!exchanges.is_empty(), "nothing of the host API passed the proxy");
        for exchange in &exchanges {
            Contract::get().hold(exchange);
        }
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// Serves one connection, which carries one request: a browser sends a request again by itself
/// when a connection that it had used before breaks, and no fault could be placed.
async fn serve(shared: Arc<Shared>, mut client: TcpStream) {
    let Some(request) = Message::read_request(&mut client).await else { return };
    let page = shared.pages.lock().expect("the pages").get(request.route()).cloned();
    if let Some(page) = page {
        let policy = shared.policy.lock().expect("the policy").clone();
        let page = policy.iter().fold(page, |page, policy| message::under(policy, &page));
        let _ = client.write_all(&page).await;
        return;
    }
    let rule =
        shared.rules.lock().expect("the rules").iter().find(|it| it.meets(&request)).cloned();
    let fault = rule.as_ref().map(|rule| rule.fault);
    // A hit is counted when the fault is in place: before a hold, after a lost answer.
    let count = || rule.iter().for_each(|rule| rule.hits.send_modify(|hits| *hits += 1));
    match fault {
        Some(Fault::CutRequest) => return count(),
        Some(Fault::Answer(status)) => {
            count();
            let page = message::page(status, "<h1>No server</h1>".into());
            let _ = client.write_all(&page).await;
            return;
        }
        Some(Fault::Problem(status, code)) => {
            count();
            let problem = format!(r#"{{"type":"/problems/{code}","code":"{code}"}}"#);
            let _ = client.write_all(&message::page(status, problem)).await;
            return;
        }
        Some(Fault::Busy(seconds)) => {
            count();
            let _ = client.write_all(&message::busy(seconds)).await;
            return;
        }
        Some(Fault::Delay(time)) => {
            count();
            tokio::time::sleep(time).await;
        }
        Some(Fault::HoldRequest) => {
            count();
            rule.as_ref().expect("the rule of the fault").released().await;
        }
        _ => {}
    }
    let Some((answer, exchange)) = relay(shared.upstream, &request).await else { return };
    if exchange.path.starts_with("/v1/") {
        shared.exchanges.lock().expect("the exchanges").push(exchange);
    }
    match fault {
        Some(Fault::CutAnswer) => return count(),
        Some(Fault::HoldAnswer) => {
            count();
            rule.as_ref().expect("the rule of the fault").released().await;
        }
        _ => {}
    }
    let policy = shared.policy.lock().expect("the policy").clone();
    let answer = policy.iter().fold(answer, |answer, policy| message::under(policy, &answer));
    // The browser may have gone; that is its right.
    let _ = client.write_all(&answer).await;
    let _ = client.shutdown().await;
}
