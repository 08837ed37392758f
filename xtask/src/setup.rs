//! What the commands need on a machine that has rustup, Node and apt, and nothing else.
//!
//! Each function looks first and installs only what is missing, and says what it installs.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use funfair_cluster::Programs;

use crate::process::{self, exists, run};
use crate::repo::Repo;

const WASM: &str = "wasm32-unknown-unknown";

/// The browsers of the end-to-end tests, their drivers but Firefox's, a display for the one that
/// needs it, fonts for Chinese text, a database server, what `examples/verify.py` and
/// `examples/tokens` run on, what `WordPress` needs, and what reads deploy/funfair.service.
const PACKAGES: [(&str, Proof); 15] = [
    ("chromium", Proof::Program("chromium")),
    ("chromium-driver", Proof::Program("chromedriver")),
    ("firefox-esr", Proof::Program("firefox-esr")),
    ("fonts-noto-cjk", Proof::Folder("/usr/share/fonts/opentype/noto")),
    ("fonts-noto-core", Proof::Folder("/usr/share/fonts/truetype/noto")),
    (POSTGRES, Proof::Postgres),
    ("python3", Proof::Program("python3")),
    ("php-cli", Proof::Program("php")),
    ("php-mysql", Proof::OfPhp("mysqli")),
    ("mariadb-server-core", Proof::Program("mariadbd")),
    ("golang-go", Proof::Program("go")),
    ("default-jdk-headless", Proof::Program("javac")),
    ("systemd", Proof::Program("systemd-analyze")),
    ("webkit2gtk-driver", Proof::Program("WebKitWebDriver")),
    ("xvfb", Proof::Program("Xvfb")),
];

/// Firefox's driver is a crate, and no package of Debian's.
const GECKODRIVER: &str = "0.37.1";

const FOR_LOAD: [(&str, Proof); 3] = [
    ("linux-perf", Proof::Program("perf")),
    (POSTGRES, Proof::Postgres),
    ("redis-server", Proof::Program("redis-server")),
];

const POSTGRES: &str = "postgresql";

/// Where Debian's package asks whether to make a server of its own when it is installed.
const OWN_SERVER: &str = "/etc/postgresql-common/createcluster.d/funfair.conf";

/// How to see that a package is there without asking one distribution's package manager.
enum Proof {
    Program(&'static str),
    Folder(&'static str),
    OfPhp(&'static str),
    /// Debian keeps its programs off the path.
    Postgres,
}

/// The compiler's wasm target. Not left to rustup's automatic installation, which a machine may
/// have turned off.
pub fn wasm_target(repo: &Repo) -> Result<()> {
    let sysroot = process::output(
        Command::new("rustc").args(["--print", "sysroot"]).current_dir(&repo.root),
    )?;
    let folder = Path::new(sysroot.trim()).join("lib/rustlib").join(WASM);
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
    let fresh = |path: &Path| path.metadata().and_then(|found| found.modified());
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
    install(&PACKAGES)
}

/// Firefox's driver, built from its crate into the target folder: two minutes of a processor, once.
pub fn geckodriver(repo: &Repo) -> Result<()> {
    let root = repo.target()?.join("tools");
    let built = Command::new(root.join("bin/geckodriver")).arg("--version").output();
    let wanted = format!("geckodriver {GECKODRIVER}");
    let fits = |said: &str| said.lines().next().is_some_and(|line| line.trim() == wanted);
    if built.is_ok_and(|said| fits(&String::from_utf8_lossy(&said.stdout))) {
        return Ok(());
    }
    eprintln!("set-up: geckodriver {GECKODRIVER} into {}", root.display());
    let mut cargo = repo.cargo();
    cargo.args(["install", "geckodriver", "--version", GECKODRIVER, "--locked", "--debug"]);
    cargo.arg("--root").arg(&root).arg("--target-dir").arg(root.join("build"));
    // Nobody looks into it.
    run(cargo.env("CARGO_PROFILE_DEV_DEBUG", "0"))
}

/// `WordPress`, for the plugin of `examples/woocommerce`: Debian's package and a script that it links to,
/// unpacked into the target folder and not installed, for that would bring a web server of its own.
pub fn wordpress(repo: &Repo) -> Result<()> {
    let root = repo.target()?.join("tools/wordpress");
    if root.join("usr/share/wordpress/wp-includes/js/underscore.js").is_file() {
        return Ok(());
    }
    eprintln!("set-up: WordPress into {}", root.display());
    let fresh = repo.scratch("wordpress");
    if fresh.exists() {
        fs::remove_dir_all(&fresh)?;
    }
    fs::create_dir_all(&fresh)?;
    let packages = ["wordpress", "libjs-underscore"];
    run(Command::new("apt-get").arg("download").args(packages).current_dir(&fresh))?;
    let downloaded: Vec<_> = fs::read_dir(&fresh)?.collect::<Result<_, _>>()?;
    for package in downloaded {
        run(Command::new("dpkg-deb").arg("--extract").arg(package.path()).arg(fresh.join("root")))?;
    }
    if root.exists() {
        fs::remove_dir_all(&root)?;
    }
    fs::create_dir_all(root.parent().context("a folder")?)?;
    fs::rename(fresh.join("root"), &root).with_context(|| root.display().to_string())
}

/// What the load runs on and is compared with; and, for a profile, what looks into a program.
pub fn for_load(profile: bool) -> Result<()> {
    install(if profile { &FOR_LOAD } else { &FOR_LOAD[1..] })
}

fn install(packages: &[(&str, Proof)]) -> Result<()> {
    let missing: Vec<&str> = packages
        .iter()
        .filter(|(_, proof)| match proof {
            Proof::Program(name) => !exists(name),
            Proof::Folder(path) => !Path::new(path).is_dir(),
            Proof::OfPhp(extension) => !is_loaded(extension),
            Proof::Postgres => Programs::find().is_err(),
        })
        .map(|(package, _)| *package)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let by_hand = format!("apt-get update && apt-get install -y {}", missing.join(" "));
    if !exists("apt-get") || !is_root()? {
        bail!(
            "this needs packages that only root can install. Run as root:\n{by_hand}\n\
             PostgreSQL may also come from elsewhere: a folder with initdb, postgres and psql on \
             the PATH, or a running server by FUNFAIR_TEST_POSTGRES=postgres://…"
        );
    }
    eprintln!("set-up: {by_hand}");
    let apt = || {
        let mut command = Command::new("apt-get");
        // What comes with a server of its own must not start it.
        command.env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1");
        command
    };
    let install = |packages: &[&str]| {
        run(apt().args(["install", "-y", "-q", "--no-install-recommends"]).args(packages))
    };
    run(apt().args(["update", "-q"]))?;
    if !missing.contains(&POSTGRES) {
        return install(&missing);
    }
    // The tests start servers of their own; one that the package starts nobody would stop.
    install(&["postgresql-common"])?;
    let asked = Path::new(OWN_SERVER);
    fs::create_dir_all(asked.parent().context("a folder")?)?;
    fs::write(asked, "create_main_cluster = false\n").context(OWN_SERVER)?;
    let installed = install(&missing);
    fs::remove_file(asked).context(OWN_SERVER)?;
    installed
}

fn is_loaded(extension: &str) -> bool {
    let script = format!("exit(extension_loaded('{extension}') ? 0 : 1);");
    Command::new("php").args(["-r", &script]).status().is_ok_and(|status| status.success())
}

fn is_root() -> Result<bool> {
    let id = process::output(Command::new("id").arg("-u")).context("who runs this")?;
    Ok(id.trim() == "0")
}
