//! `cargo xtask demo`: the demo store on this machine, or, with `--check`, a scripted visit to it.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::build;
use crate::process::{Server, run};
use crate::repo::Repo;
use crate::setup;

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
    let address = Server::free_address()?;
    let fresh = || folder.join("funfair.db").into_os_string();
    let mut command =
        store(repo, &program, &database.map_or_else(fresh, Into::into), address.port());
    command.arg("--secrets").arg(&folder);
    let log = folder.join("log");
    let written = std::fs::File::create(&log)?;
    command.stdout(written.try_clone()?).stderr(written);
    let visit = Server::start(&mut command, address).and_then(|_running| {
        let mut visitor = Command::new(&program);
        visitor.arg("check").arg(format!("--url=http://{address}"));
        run(visitor.current_dir(&repo.root))
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
