//! What the commands need on a machine that has rustup, Node and apt, and nothing else.
//!
//! Each function looks first and installs only what is missing, and says what it installs.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{self, exists, run};
use crate::repo::Repo;

const WASM: &str = "wasm32-unknown-unknown";

/// The browser of the end-to-end tests, its driver, fonts for Chinese text, what
/// `examples/verify.py` runs on, and what reads deploy/funfair.service.
const PACKAGES: [(&str, Proof); 6] = [
    ("chromium", Proof::Program("chromium")),
    ("chromium-driver", Proof::Program("chromedriver")),
    ("fonts-noto-cjk", Proof::Folder("/usr/share/fonts/opentype/noto")),
    ("fonts-noto-core", Proof::Folder("/usr/share/fonts/truetype/noto")),
    ("python3", Proof::Program("python3")),
    ("systemd", Proof::Program("systemd-analyze")),
];

/// How to see that a package is there without asking one distribution's package manager.
enum Proof {
    Program(&'static str),
    Folder(&'static str),
}

/// The compiler's wasm target. Not left to rustup's automatic installation, which a machine may
/// have turned off.
pub fn wasm_target(repo: &Repo) -> Result<()> {
    let sysroot = process::output(
        Command::new("rustc").args(["--print", "sysroot"]).current_dir(&repo.root),
    )?;
    let folder = std::path::Path::new(sysroot.trim()).join("lib/rustlib").join(WASM);
    if folder.is_dir() {
        return Ok(());
    }
    eprintln!("set-up: the Rust target {WASM}");
    run(Command::new("rustup").args(["target", "add", WASM]).current_dir(&repo.root))
}

/// binaryen, esbuild, TypeScript and axe-core, as package-lock.json pins them.
pub fn npm_tools(repo: &Repo) -> Result<()> {
    let wanted = repo.path("package-lock.json");
    let stamp = repo.path("node_modules/.package-lock.json");
    let fresh = |path: &std::path::Path| path.metadata().and_then(|found| found.modified());
    if let (Ok(installed), Ok(wanted)) = (fresh(&stamp), fresh(&wanted))
        && installed >= wanted
    {
        return Ok(());
    }
    if !exists("npm") {
        bail!("npm is missing: install Node 20 or newer (https://nodejs.org), then run this again");
    }
    eprintln!("set-up: npm tools below node_modules/");
    // The tools are plain programs; none needs a script run at installation.
    run(Command::new("npm").args(["ci", "--ignore-scripts"]).current_dir(&repo.root))
}

/// What the end-to-end tests need beside Rust and Node, by apt where that is permitted.
pub fn packages() -> Result<()> {
    let missing: Vec<&str> = PACKAGES
        .iter()
        .filter(|(_, proof)| match proof {
            Proof::Program(name) => !exists(name),
            Proof::Folder(path) => !std::path::Path::new(path).is_dir(),
        })
        .map(|(package, _)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("apt-get update && apt-get install -y {}", missing.join(" "));
    if !exists("apt-get") || !is_root()? {
        bail!(
            "the end-to-end tests need packages that only root can install. Run as root:\n{by_hand}"
        );
    }
    eprintln!("set-up: {by_hand}");
    let apt = || {
        let mut command = Command::new("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    run(apt().args(["update", "-q"]))?;
    run(apt().args(["install", "-y", "-q", "--no-install-recommends"]).args(&missing))
}

fn is_root() -> Result<bool> {
    let id = process::output(Command::new("id").arg("-u")).context("who runs this")?;
    Ok(id.trim() == "0")
}
