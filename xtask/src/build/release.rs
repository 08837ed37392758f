//! `cargo xtask build --release`: one binary with the widgets and the playground inside.
//!
//! It is started once, on a database of its own, and asked for its files: what is shipped serves.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::process::run;
use crate::repo::{Repo, VERSION};

/// How long the new server may take to answer its first request.
const PATIENCE: Duration = Duration::from_secs(30);

pub fn release(repo: &Repo) -> Result<()> {
    let dist = super::dist(repo)?;
    dist.sound()?;
    let site = repo.path("dist/playground");
    super::remove(&site)?;
    super::site(repo, &dist, &site)?;
    let mut cargo = repo.cargo();
    cargo.args(["build", "--locked", "--release", "--package=funfair-server", "--bin=funfair"]);
    run(cargo.args(["--features", "embedded"]))?;
    let binary = repo.target()?.join("release/funfair");
    serves_its_files(repo, &binary)?;
    let bytes = std::fs::metadata(&binary)?.len();
    eprintln!("wrote {} ({} MB, funfair {VERSION})", binary.display(), bytes / 1_000_000);
    Ok(())
}

/// Asks the binary, away from the checkout's files, for what must be inside.
fn serves_its_files(repo: &Repo, binary: &Path) -> Result<()> {
    let folder = repo.scratch("release");
    super::remove(&folder)?;
    std::fs::create_dir_all(&folder)?;
    // The port is free now; whoever takes it in between makes the check fail, not lie.
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut command = Command::new(binary);
    command.current_dir(&folder).arg("serve").env("FUNFAIR_PLAYGROUND", "true");
    command.env("FUNFAIR_LISTEN", address.to_string()).stdin(Stdio::null()).stdout(Stdio::null());
    let mut server = Server(command.spawn().context("the release does not start")?);
    let start = Instant::now();
    while get(address, "/healthz").is_err() {
        ensure!(server.0.try_wait()?.is_none(), "the release ended at once");
        ensure!(start.elapsed() < PATIENCE, "the release does not answer");
        thread::sleep(Duration::from_millis(50));
    }
    let built = repo.path("dist");
    for (path, file) in [
        ("/funfair/latest/funfair.js", format!("{VERSION}/funfair.js")),
        ("/playground/", "playground/index.html".into()),
        ("/playground/funfair_www_bg.wasm", "playground/funfair_www_bg.wasm".into()),
    ] {
        let given = get(address, path).with_context(|| path.to_owned())?;
        ensure!(given == std::fs::read(built.join(&file))?, "{path} is not {file} of dist/");
    }
    Ok(())
}

/// The body of an answer 200.
fn get(address: SocketAddr, path: &str) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    let end = answer.windows(4).position(|window| window == b"\r\n\r\n").context("no answer")?;
    if !answer.starts_with(b"HTTP/1.1 200") {
        bail!("{}", String::from_utf8_lossy(&answer[..end]));
    }
    Ok(answer.split_off(end + 4))
}

/// A process that ends with its owner.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
