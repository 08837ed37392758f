//! Members who play without a pause, and remember what they were answered.

use crate::shop::{STORE, Shop, Wheel};
use funfair_tests::{Key, PATIENCE, Token, path, raw_field, until};
use reqwest::Client;
use serde_json::{Value, json};
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::task::JoinSet;

/// One play, as it goes out: the same key and the same bytes whenever it is sent again.
#[derive(Clone, Debug)]
pub struct Sent {
    /// How much the disk's journal held before it went out.
    pub from: u64,
    pub member: String,
    pub key: String,
    pub body: String,
}

/// A play that was answered with a receipt.
#[derive(Clone, Debug)]
pub struct Answered {
    pub sent: Sent,
    /// Byte for byte.
    pub receipt: String,
    /// How much the disk's journal held once it was read.
    pub until: u64,
}

/// What came of a crowd's plays.
#[derive(Debug, Default)]
pub struct Heard {
    pub answered: Vec<Answered>,
    /// Nobody knows whether these happened.
    pub unanswered: Vec<Sent>,
    /// How often the rules said no.
    pub refused: usize,
    /// How often the server said 503 or 500, and how long the slowest of these took.
    pub turned_away: usize,
    pub slowest_no: Duration,
    /// 503 without a word when to come back, or another answer that nobody expects.
    pub strange: Vec<String>,
}

/// What the whole crowd shares.
#[derive(Debug, Default)]
pub struct Counts {
    /// Plays that were sent and not yet answered.
    pub in_flight: AtomicUsize,
    pub answered: AtomicUsize,
    /// Cameras that somebody has read of.
    pub won: AtomicUsize,
    /// Plays that were answered with 503 or 500.
    pub turned_away: AtomicUsize,
    over: AtomicBool,
    /// Where the disk's journal is, if one is kept.
    journal: Option<PathBuf>,
}

/// Many members at one wheel.
pub struct Crowd {
    tasks: JoinSet<Heard>,
    pub counts: Arc<Counts>,
}

/// Speaks to a server as one member.
#[derive(Clone)]
pub struct Member {
    http: Client,
    base: String,
    wheel: String,
    pub sub: String,
    pub token: String,
}

impl Crowd {
    /// So many members begin to play; each is new.
    pub async fn plays(shop: &Shop, wheel: &Wheel, members: usize) -> Self {
        Self::plays_beside(None, shop, wheel, members).await
    }

    /// The same beside a disk whose journal is kept.
    pub async fn plays_beside(
        journal: Option<&Path>,
        shop: &Shop,
        wheel: &Wheel,
        members: usize,
    ) -> Self {
        let public = format!("{}{}", shop.base, path(STORE, &wheel.id, ""));
        let http = client();
        let seen = || async {
            let answer = http.get(&public).send().await.ok()?;
            let public: Value = answer.json().await.ok()?;
            public["revision"].as_str().filter(|_| public["state"] == "live").map(String::from)
        };
        let revision = until("the wheel", seen).await;
        let counts =
            Arc::new(Counts { journal: journal.map(Path::to_path_buf), ..Counts::default() });
        let mut tasks = JoinSet::new();
        for _ in 0..members {
            let one = Member::new(&http, shop, wheel, &name());
            tasks.spawn(one.plays(revision.clone(), Arc::clone(&counts)));
        }
        Self { tasks, counts }
    }

    /// Lets everybody end with the play that is under way, and hears them.
    pub async fn ends(self) -> Heard {
        self.counts.over.store(true, Ordering::Relaxed);
        self.heard().await
    }

    /// Hears everybody, once the server is gone.
    pub async fn heard(self) -> Heard {
        let mut all = Heard::default();
        for one in self.tasks.join_all().await {
            all.answered.extend(one.answered);
            all.unanswered.extend(one.unanswered);
            all.refused += one.refused;
            all.turned_away += one.turned_away;
            all.slowest_no = all.slowest_no.max(one.slowest_no);
            all.strange.extend(one.strange);
        }
        all
    }
}

impl Counts {
    /// How much the disk's journal holds now.
    fn journalled(&self) -> u64 {
        let held = |path: &PathBuf| std::fs::metadata(path).map_or(0, |file| file.len());
        self.journal.as_ref().map_or(0, held)
    }

    pub fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::SeqCst)
    }

    pub fn answered(&self) -> usize {
        self.answered.load(Ordering::SeqCst)
    }

    pub fn won(&self) -> usize {
        self.won.load(Ordering::SeqCst)
    }

    pub fn turned_away(&self) -> usize {
        self.turned_away.load(Ordering::SeqCst)
    }

    /// Waits until it is so.
    pub async fn until(&self, what: &str, so: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !so(self) {
            assert!(start.elapsed() < PATIENCE, "never came: {what}; {self:?}");
            // A kill is to hit a moment, so this looks more often than a test waits otherwise.
            tokio::time::sleep(Duration::from_micros(200)).await;
        }
    }
}

/// What one play was answered with.
pub enum Reply {
    Receipt {
        receipt: String,
        commitment: String,
        balance: u64,
        replayed: bool,
    },
    Refused,
    /// 503 or 500.
    No {
        strange: Option<String>,
    },
    Strange(String),
}

impl Member {
    pub fn new(http: &Client, shop: &Shop, wheel: &Wheel, member: &str) -> Self {
        Self {
            http: http.clone(),
            base: shop.base.clone(),
            wheel: wheel.id.clone(),
            sub: member.into(),
            token: token(member, &shop.key),
        }
    }

    /// Sends a play; an error where no answer came.
    pub async fn send(&self, sent: &Sent) -> Result<Reply, reqwest::Error> {
        let url = format!("{}{}", self.base, path(STORE, &self.wheel, "/plays"));
        let request = self.http.post(url).bearer_auth(&self.token);
        let request = request.header("idempotency-key", &sent.key);
        let request = request.header("content-type", "application/json").body(sent.body.clone());
        let answer = request.send().await?;
        let status = answer.status().as_u16();
        let header = |name: &str| answer.headers().contains_key(name);
        let (replayed, again) = (header("idempotency-replayed"), header("retry-after"));
        let body = answer.bytes().await?;
        let json: Value = serde_json::from_slice(&body).unwrap_or_default();
        Ok(match (status, json["code"].as_str()) {
            (200, _) => Reply::Receipt {
                receipt: raw_field(&body, "receipt"),
                commitment: json["me"]["commitment"].as_str().unwrap_or_default().into(),
                balance: json["me"]["balance"].as_u64().unwrap_or_default(),
                replayed,
            },
            (409, Some("refused")) => Reply::Refused,
            (503, Some("busy")) if again => Reply::No { strange: None },
            (500, Some("internal")) => Reply::No { strange: Some("500 internal".into()) },
            _ => Reply::Strange(format!("{status} {}", String::from_utf8_lossy(&body))),
        })
    }

    /// Sends a play again for as long as the server says that it is busy.
    pub async fn settles(&self, sent: &Sent) -> Result<Reply, reqwest::Error> {
        let start = Instant::now();
        loop {
            let reply = self.send(sent).await?;
            let busy = matches!(reply, Reply::No { strange: None });
            if !busy || start.elapsed() > PATIENCE {
                return Ok(reply);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The commitment to this member's next draw.
    pub async fn commitment(&self) -> Option<String> {
        let url = format!("{}{}", self.base, path(STORE, &self.wheel, "/me"));
        let me = self.http.get(url).bearer_auth(&self.token).send().await.ok()?;
        let me: Value = me.json().await.ok()?;
        me["commitment"].as_str().map(String::from)
    }

    /// Spins until no answer comes, or the crowd is over.
    async fn plays(self, revision: String, counts: Arc<Counts>) -> Heard {
        let mut heard = Heard::default();
        let Some(mut commitment) = self.commitment().await else { return heard };
        let mut balance = 0;
        while !counts.over.load(Ordering::Relaxed) {
            let pay = if balance >= 5 { "points" } else { "free" };
            let body = json!({
                "action": { "type": "spin", "pay": pay }, "client_seed": "a-seed-of-the-crowd",
                "commitment": commitment, "revision": revision,
            });
            let sent = Sent {
                from: counts.journalled(),
                member: self.sub.clone(),
                key: name(),
                body: body.to_string(),
            };
            let Some(reply) = self.insists(&sent, &counts, &mut heard).await else {
                heard.unanswered.push(sent);
                return heard;
            };
            match reply {
                Reply::Receipt { receipt, commitment: next, balance: now, .. } => {
                    (commitment, balance) = (next, now);
                    let won = receipt.contains(CAMERA);
                    let until = counts.journalled();
                    heard.answered.push(Answered { sent, receipt, until });
                    counts.won.fetch_add(usize::from(won), Ordering::SeqCst);
                    counts.answered.fetch_add(1, Ordering::SeqCst);
                }
                Reply::Refused => {
                    heard.refused += 1;
                    balance = 0;
                }
                Reply::Strange(what) => {
                    heard.strange.push(what);
                    return heard;
                }
                // The crowd is over, and this play is open still.
                Reply::No { .. } => {
                    heard.unanswered.push(sent);
                    return heard;
                }
            }
        }
        heard
    }

    /// Sends a play until it is answered otherwise than with 503 or 500; nothing where no answer
    /// came.
    async fn insists(&self, sent: &Sent, counts: &Counts, heard: &mut Heard) -> Option<Reply> {
        loop {
            counts.in_flight.fetch_add(1, Ordering::SeqCst);
            let start = Instant::now();
            let reply = self.send(sent).await;
            counts.in_flight.fetch_sub(1, Ordering::SeqCst);
            let reply = reply.ok()?;
            let Reply::No { strange } = &reply else { return Some(reply) };
            heard.turned_away += 1;
            heard.slowest_no = heard.slowest_no.max(start.elapsed());
            heard.strange.extend(strange.clone());
            counts.turned_away.fetch_add(1, Ordering::SeqCst);
            if counts.over.load(Ordering::Relaxed) {
                return Some(reply);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// What a receipt says that gave a camera.
pub const CAMERA: &str = r#""sku":"CAM-1""#;

/// A client without a proxy.
pub fn client() -> Client {
    Client::builder().no_proxy().build().expect("a client")
}

/// A token of a member.
pub fn token(member: &str, key: &Key) -> String {
    Token::new(STORE, member).sign(key)
}

/// A name that no other play or member has.
pub fn name() -> String {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    format!("crash-{:016}", NEXT.fetch_add(1, Ordering::Relaxed))
}
