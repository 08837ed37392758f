//! What a shop would write instead: one Lua script in Redis that takes a piece of stock once a
//! shopper, with every command on the disk before it is answered (`appendfsync always`).

use crate::{
    measure::{Times, per_s},
    report::Figure,
};
use anyhow::{Context, Result, bail, ensure};
use std::{
    fmt::Write as _,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufStream},
    net::TcpStream,
    runtime,
    task::JoinSet,
};

/// The grab: a key is good once, the stock never falls below nothing, and what was given is noted.
const GRAB: &str = "
    if redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 1 then return -1 end
    local left = tonumber(redis.call('GET', KEYS[1]))
    if left <= 0 then return 0 end
    redis.call('DECR', KEYS[1])
    redis.call('SADD', KEYS[2], ARGV[1])
    redis.call('RPUSH', KEYS[3], ARGV[1])
    return left";

const STOCK: u64 = 1_000_000_000;

struct Redis {
    address: SocketAddr,
    child: Child,
    _folder: TempDir,
}

/// The grab by so many closed-loop clients.
pub fn grabs(folder: &Path, clients: usize, time: Duration) -> Result<Figure> {
    let redis = Redis::start(folder)?;
    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
    let start = Instant::now();
    let times = runtime.block_on(async {
        let mut first = Link::to(redis.address).await?;
        first.ask(&["SET", "stock", &STOCK.to_string()]).await?;
        let grab = first.ask(&["SCRIPT", "LOAD", GRAB]).await?;
        let until = Instant::now() + time;
        let mut tasks = JoinSet::new();
        for client in 0..clients {
            tasks.spawn(client_loop(redis.address, grab.clone(), client, until));
        }
        let mut all = Times::default();
        while let Some(times) = tasks.join_next().await {
            all.add(&times??);
        }
        let left: u64 = first.ask(&["GET", "stock"]).await?.parse()?;
        let given: u64 = first.ask(&["LLEN", "given"]).await?.parse()?;
        ensure!(STOCK - left == given && given == all.count(), "Redis counts otherwise");
        anyhow::Ok(all)
    })?;
    let rate = per_s(times.count(), start);
    Ok(Figure::timed(rate, times).with("clients", clients).with("appendfsync", "always"))
}

async fn client_loop(
    server: SocketAddr,
    grab: String,
    client: usize,
    until: Instant,
) -> Result<Times> {
    let mut link = Link::to(server).await?;
    let mut times = Times::default();
    while Instant::now() < until {
        let key = format!("load-{client:06}-{:010}", times.count());
        let start = Instant::now();
        let left = link.ask(&["EVALSHA", &grab, "3", "stock", "seen", "given", &key]).await?;
        ensure!(left.parse::<i64>()? > 0, "Redis gave nothing: {left}");
        times.record(start.elapsed());
    }
    Ok(times)
}

impl Redis {
    fn start(folder: &Path) -> Result<Self> {
        let folder = tempfile::tempdir_in(folder)?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let mut child = Command::new("redis-server")
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""])
            .args(["--appendonly", "yes", "--appendfsync", "always"])
            .arg("--dir")
            .arg(folder.path())
            .stdout(Stdio::null())
            .stdin(Stdio::null())
            .spawn()
            .context("redis-server does not start: apt-get install redis-server")?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let start = Instant::now();
        while std::net::TcpStream::connect(address).is_err() {
            if start.elapsed() > Duration::from_secs(10) || child.try_wait()?.is_some() {
                // It is of no use, and must not stay.
                let _ = child.kill();
                let _ = child.wait();
                bail!("redis-server does not listen");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(Self { address, child, _folder: folder })
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        // Nothing that it holds is wanted any more.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One connection that speaks Redis' protocol.
struct Link(BufStream<TcpStream>);

impl Link {
    async fn to(server: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        Ok(Self(BufStream::new(stream)))
    }

    async fn ask(&mut self, words: &[&str]) -> Result<String> {
        let mut text = format!("*{}\r\n", words.len());
        for word in words {
            write!(text, "${}\r\n{word}\r\n", word.len())?;
        }
        self.0.write_all(text.as_bytes()).await?;
        self.0.flush().await?;
        let mut line = String::new();
        self.0.read_line(&mut line).await?;
        let said = line.trim_end();
        match said.split_at_checked(1) {
            Some(("$", length)) => {
                let mut bytes = vec![0; length.parse::<usize>()? + 2];
                self.0.read_exact(&mut bytes).await?;
                bytes.truncate(bytes.len() - 2);
                Ok(String::from_utf8(bytes)?)
            }
            Some(("+" | ":", said)) => Ok(said.into()),
            _ => bail!("Redis said {said}"),
        }
    }
}
