//! `cargo xtask demo`: the demo store on this machine, or, with `--check`, a scripted visit to it.

use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::build;
use crate::process::run;
use crate::repo::Repo;
use crate::setup;

/// How long the store may take to answer its first request.
const PATIENCE: Duration = Duration::from_secs(30);

/// Builds everything and serves it until it is interrupted.
pub fn serve(repo: &Repo, port: u16, database: Option<&str>) -> Result<()> {
    build::dist(repo)?.sound()?;
    let program = program(repo)?;
    let database =
        database.map_or_else(|| repo.path("target/demo/funfair.db").into(), OsString::from);
    eprintln!("the demo store: http://127.0.0.1:{port} (end with Ctrl-C)");
    run(&mut store(repo, &program, &database, port))
}

/// Builds everything and plays every kind as several shoppers; the last line is JSON.
pub fn build_and_check(repo: &Repo, database: Option<&str>) -> Result<()> {
    build::dist(repo)?.sound()?;
    check(repo, database)
}

/// The visit alone, to what `dist/` holds; without a database on a fresh one.
pub fn check(repo: &Repo, database: Option<&str>) -> Result<()> {
    let program = program(repo)?;
    let folder = repo.scratch("demo-check");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder)?;
    // The port is free now; whoever takes it in between makes the check fail, not lie.
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    let fresh = || folder.join("funfair.db").into_os_string();
    let mut command = store(repo, &program, &database.map_or_else(fresh, Into::into), port);
    command.arg("--secrets").arg(&folder);
    let log = folder.join("log");
    let written = std::fs::File::create(&log)?;
    command.stdin(Stdio::null()).stdout(written.try_clone()?).stderr(written);
    let mut running = Running(command.spawn().context("the demo store did not start")?);
    let visit = answers(&mut running, port).and_then(|()| {
        run(Command::new(&program)
            .arg("check")
            .arg(format!("--url=http://127.0.0.1:{port}"))
            .current_dir(&repo.root))
    });
    visit.with_context(|| format!("the demo store's log is {}", log.display()))
}

/// Takes the pictures of docs/screenshots, in the browser that the tests use.
pub fn screenshots(repo: &Repo) -> Result<()> {
    setup::packages()?;
    build::dist(repo)?.sound()?;
    run(repo.cargo().args(["build", "--package=funfair-server", "--package=funfair-demo-store"]))?;
    let mut camera = repo.cargo();
    camera.args(["run", "--package=funfair-tests", "--bin=screenshots", "--"]);
    run(camera.arg(repo.path("docs/screenshots")))
}

/// A process that ends with its owner, whatever happens to the owner.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn program(repo: &Repo) -> Result<PathBuf> {
    run(repo.cargo().args(["build", "--package=funfair-demo-store"]))?;
    Ok(repo.target()?.join("debug/demo-store"))
}

fn store(repo: &Repo, program: &Path, database: &OsStr, port: u16) -> Command {
    let mut command = Command::new(program);
    command.current_dir(&repo.root);
    command.arg("--db").arg(database).arg("--dist").arg(repo.path("dist"));
    command.arg("--port").arg(port.to_string());
    command
}

/// Waits until the store says that it is well.
fn answers(running: &mut Running, port: u16) -> Result<()> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Some(status) = running.0.try_wait()? {
            bail!("the demo store ended: {status}");
        }
        if healthy(port).unwrap_or(false) {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    bail!("the demo store did not answer within {} s", PATIENCE.as_secs())
}

fn healthy(port: u16) -> std::io::Result<bool> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port))?;
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.starts_with("HTTP/1.1 200"))
}
