//! A flash opening: everyone has the page open, and everyone presses in the same moment.

use super::{client::Crowd, page::Page, server::Server, wire::Wire};
use crate::{
    audit,
    ground::{Ground, Rows},
    measure::{Times, rounded, whole},
    place::Place,
    report::Figure,
    token::Signer,
};
use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use std::{
    collections::{BTreeMap, HashMap},
    io::{BufRead as _, BufReader, Write as _},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::{runtime, task::JoinSet, time::timeout};

/// How many connections one process opens: well below the files that a process may have.
const CLIENTS_A_PROCESS: usize = 8_000;
/// For how long a client waits for an answer: longer than any browser's shopper.
const PATIENCE: Duration = Duration::from_secs(30);
/// How many connections the crowd's tokens and commitments are fetched by, before the opening.
const WAITING_ROOMS: usize = 32;

/// A part of the crowd, as a process of its own.
#[derive(Args, Debug)]
pub struct Burst {
    #[arg(long)]
    server: SocketAddr,
    /// Store, activity and revision, with `/` between.
    #[arg(long)]
    activity: String,
    #[arg(long)]
    from: usize,
    #[arg(long)]
    to: usize,
}

/// What became of one client.
#[derive(Clone, Debug)]
struct Fate {
    client: usize,
    sent_us: u64,
    answered_us: u64,
    /// The status, and whether it says when to come back; or why there was none.
    said: String,
}

/// So many clients at once, each on a connection of its own that it opens then.
pub fn flash(place: &Place, ground: &Ground, clients: usize) -> Result<Figure> {
    let at = place.copy(&ground.at)?;
    let server = Server::start(&at, &[])?;
    let page = &Crowd::at(&server, ground).pages[0];
    let activity = format!("{}/{}/{}", page.store, page.activity, page.revision);
    let parts = clients.div_ceil(CLIENTS_A_PROCESS);
    let share = clients.div_ceil(parts);
    let parts = (0..parts).map(|n| (n * share)..((n + 1) * share).min(clients));
    let parts: Result<Vec<_>> =
        parts.map(|part| Part::start(server.address, &activity, part.start, part.end)).collect();
    let mut parts = parts?;
    parts.iter_mut().try_for_each(Part::is_ready)?;
    parts.iter_mut().try_for_each(Part::go)?;
    let mut fates = Vec::new();
    for part in parts {
        fates.extend(part.fates()?);
    }
    let rss_mb = server.used()?.rss_mb;
    server.stop()?;
    let figure = told(&fates, place.words(&at, "SELECT key FROM play ORDER BY seq")?)?;
    let accepted = fates.iter().filter(|fate| fate.said == "200").count() as u64;
    let rows = audit::audit(place, &at, ground, accepted)?;
    place.remove(&at)?;
    Ok(figure.with("server_rss_mb", rss_mb).with("audit", rows))
}

fn told(fates: &[Fate], order: Vec<String>) -> Result<Figure> {
    let mut counts = BTreeMap::<&str, u64>::new();
    let (mut accepted, mut later) = (Times::default(), Times::default());
    for fate in fates {
        *counts.entry(&fate.said).or_default() += 1;
        let took = Duration::from_micros(fate.answered_us - fate.sent_us);
        match &*fate.said {
            "200" => accepted.record(took),
            "503" | "429" => later.record(took),
            _ => {}
        }
    }
    in_order(fates, order)?;
    let other = fates.len() as u64 - accepted.count() - later.count();
    let first = fates.iter().map(|fate| fate.sent_us).min().unwrap_or_default();
    let last = fates.iter().map(|fate| fate.answered_us).max().unwrap_or_default();
    let lasted_s = whole(last - first) / 1_000_000.0;
    Ok(Figure::timed((whole(accepted.count()) / lasted_s).round(), accepted)
        .with("clients", fates.len())
        .with("lasted_s", rounded(lasted_s, 2))
        .with("answers", serde_json::to_value(counts)?)
        .with("later_p50_ms", later.ms(0.5))
        .with("later_p99_ms", later.ms(0.99))
        .with("later_max_ms", later.ms(1.0))
        .with("other_errors", other))
}

/// Whoever was answered before another one asked stands before that one in the activity's plays.
fn in_order(fates: &[Fate], order: Vec<String>) -> Result<()> {
    let places: HashMap<_, _> =
        order.into_iter().enumerate().map(|(place, key)| (key, place)).collect();
    let mut accepted = Vec::new();
    for fate in fates.iter().filter(|fate| fate.said == "200") {
        let place = places.get(&key_of(fate.client));
        accepted.push((place.context("an accepted play is not there")?, fate));
    }
    accepted.sort_unstable_by_key(|(place, _)| **place);
    let mut asked_us = 0;
    for (place, fate) in accepted {
        ensure!(fate.answered_us >= asked_us, "play {place} came before one that was answered");
        asked_us = asked_us.max(fate.sent_us);
    }
    Ok(())
}

/// A process with a part of the crowd. It ends with its owner.
struct Part {
    child: Child,
    lines: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

impl Part {
    fn start(server: SocketAddr, activity: &str, from: usize, to: usize) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(["burst", "--activity", activity, "--server", &server.to_string()])
            .args(["--from", &from.to_string(), "--to", &to.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let lines = BufReader::new(child.stdout.take().context("a pipe")?).lines();
        Ok(Self { child, lines })
    }

    fn is_ready(&mut self) -> Result<()> {
        let line = self.lines.next().context("a part of the crowd has ended")??;
        ensure!(line == "ready", "a part of the crowd said {line}");
        Ok(())
    }

    fn go(&mut self) -> Result<()> {
        Ok(self.child.stdin.as_mut().context("a pipe")?.write_all(b"go\n")?)
    }

    fn fates(mut self) -> Result<Vec<Fate>> {
        self.lines.by_ref().map(|line| Fate::read(&line?)).collect()
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // It has ended already where its fates were read.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Fate {
    fn read(line: &str) -> Result<Self> {
        let mut words = line.splitn(4, ' ');
        let mut next = || words.next().context("a fate has four words");
        Ok(Self {
            client: next()?.parse()?,
            sent_us: next()?.parse()?,
            answered_us: next()?.parse()?,
            said: next()?.into(),
        })
    }
}

/// The part of the crowd that this process is: it gets ready, waits for the word, and prints what
/// became of each client.
pub fn burst(part: &Burst) -> Result<()> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let requests = runtime.block_on(requests(part))?;
    println!("ready");
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    let fates = runtime.block_on(async {
        let mut clients = JoinSet::new();
        for (client, request) in requests {
            clients.spawn(presses(part.server, client, request));
        }
        clients.join_all().await
    });
    let mut out = std::io::stdout().lock();
    for Fate { client, sent_us, answered_us, said } in fates {
        writeln!(out, "{client} {sent_us} {answered_us} {said}")?;
    }
    Ok(())
}

async fn presses(server: SocketAddr, client: usize, request: Vec<u8>) -> Fate {
    let mut sent_us = now_us();
    let ask = async {
        let mut wire = Wire::to(server).await?;
        // A refusal is held to its time from here: the way to the server is the network's.
        sent_us = now_us();
        let status = wire.ask(&request).await?;
        if status == 503 && wire.header("retry-after").is_none() {
            bail!("503 without Retry-After");
        }
        if !matches!(status, 200 | 429 | 503) {
            bail!("{status} {}", String::from_utf8_lossy(wire.body()));
        }
        anyhow::Ok(status.to_string())
    };
    let said = match timeout(PATIENCE, ask).await {
        Ok(Ok(status)) => status,
        Ok(Err(error)) => format!("{error:#}").replace('\n', " "),
        Err(_) => "no answer".into(),
    };
    Fate { client, sent_us, answered_us: now_us(), said }
}

/// What each client will send: its token and the commitment that its page was shown.
async fn requests(part: &Burst) -> Result<Vec<(usize, Vec<u8>)>> {
    let words: Vec<_> = part.activity.split('/').map(str::to_owned).collect();
    let Ok([store, activity, revision]) = <[String; 3]>::try_from(words) else {
        bail!("--activity is STORE/ACTIVITY/REVISION");
    };
    let page = Arc::new((Page { store, activity, revision }, Signer::new()));
    let mut rooms = JoinSet::new();
    for room in 0..WAITING_ROOMS {
        let (page, server) = (Arc::clone(&page), part.server);
        let clients = (part.from + room..part.to).step_by(WAITING_ROOMS);
        rooms.spawn(async move {
            let mut wire = Wire::to(server).await?;
            let mut requests = Vec::new();
            for client in clients {
                requests.push((client, request(&mut wire, &page, client).await?));
            }
            anyhow::Ok(requests)
        });
    }
    let mut requests = Vec::new();
    while let Some(done) = rooms.join_next().await {
        requests.extend(done??);
    }
    requests.sort_unstable_by_key(|(client, _)| *client);
    Ok(requests)
}

async fn request(
    wire: &mut Wire,
    (page, signer): &(Page, Signer),
    client: usize,
) -> Result<Vec<u8>> {
    let token = signer.token(&page.store, &format!("shopper-{client}"));
    wire.ask_patiently(&page.me(&token)).await?;
    let commitment = wire.last("commitment").context("a commitment")?;
    Ok(page.play(&token, &key_of(client), Rows::Hot.action(), commitment))
}

fn key_of(client: usize) -> String {
    format!("flash-opening-{client:06}")
}

/// The same clock in every process.
fn now_us() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_micros()).unwrap_or(u64::MAX)
}
