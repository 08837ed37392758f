//! `cargo xtask build --release`: one binary with the widgets and the playground inside.
//!
//! It is started once, on a database of its own, and asked for its files: what is shipped serves.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::process::{Server, run};
use crate::repo::{Repo, VERSION};

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
    let address = Server::free_address()?;
    let mut command = Command::new(binary);
    command.current_dir(&folder).arg("serve").env("FUNFAIR_PLAYGROUND", "true");
    command.env("FUNFAIR_LISTEN", address.to_string()).stdout(Stdio::null());
    let server = Server::start(&mut command, address)?;
    let built = repo.path("dist");
    let widgets = [VERSION, "latest"].map(|folder| super::files(&built.join(folder)));
    for file in widgets.into_iter().collect::<Result<Vec<_>>>()?.concat() {
        let path = format!("/funfair/{}", file.strip_prefix(&built)?.display());
        is_inside(&server, &path, &file)?;
    }
    for (path, file) in [
        ("/playground/", "playground/index.html"),
        ("/playground/funfair_www_bg.wasm", "playground/funfair_www_bg.wasm"),
    ] {
        is_inside(&server, path, &built.join(file))?;
    }
    Ok(())
}

fn is_inside(server: &Server, path: &str, file: &Path) -> Result<()> {
    let given = server.get(path).with_context(|| path.to_owned())?;
    ensure!(given == std::fs::read(file)?, "{path} is not {}", file.display());
    Ok(())
}
