//! What each stage of `cargo xtask test` runs.
#![expect(clippy::unnecessary_wraps, reason = "stages have one signature")]

use std::process::Command;
use std::time::SystemTime;

use anyhow::{Result, bail};

use super::cluster;
use super::tally::Tally;
use crate::bench::size;
use crate::build::Manifest;
use crate::process::{output, run};
use crate::repo::Repo;
use crate::{build, demo, fuzz, new_kind, setup};

const WASM: &str = "--target=wasm32-unknown-unknown";
const GOLDEN: &str = "wasm32-unknown-unknown/debug/examples/golden.wasm";

pub fn set_up(repo: &Repo, tally: &mut Tally) -> Result<()> {
    setup::wasm_target(repo)?;
    setup::npm_tools(repo)?;
    setup::packages()?;
    setup::geckodriver(repo)?;
    setup::wordpress(repo)?;
    tally.one("set-up", Ok(()));
    Ok(())
}

pub fn format(repo: &Repo, tally: &mut Tally) -> Result<()> {
    tally.command("format", repo.cargo().args(["fmt", "--all", "--check"]));
    Ok(())
}

pub fn tidy(repo: &Repo, tally: &mut Tally) -> Result<()> {
    tally.one("tidy", crate::tidy::tidy(repo));
    Ok(())
}

/// The image's recipe and the unit of systemd, each by its own tool. No image is built: that takes a
/// builder, which not every machine has.
pub fn deploy(repo: &Repo, tally: &mut Tally) -> Result<()> {
    let mut image = repo.npm_tool("dockerfile-utils");
    tally.command("Dockerfile", image.arg("lint").arg(repo.path("deploy/Dockerfile")));
    // The tool wants the program to be there; it is not installed here.
    let unit = std::fs::read_to_string(repo.path("deploy/funfair.service"))?;
    let copy = repo.scratch("funfair.service");
    std::fs::create_dir_all(repo.scratch(""))?;
    std::fs::write(&copy, unit.replace("/usr/local/bin/funfair", "/bin/true"))?;
    let mut systemd = Command::new("systemd-analyze");
    tally.command("funfair.service", systemd.arg("verify").arg(copy));
    Ok(())
}

/// On this machine with every feature; then what only a page runs, as a page runs it.
pub fn clippy(repo: &Repo, tally: &mut Tally) -> Result<()> {
    let mut host = repo.cargo();
    host.args(["clippy", "--locked", "--workspace", "--all-targets", "--all-features"]);
    tally.command("clippy", host.args(["--", "--deny=warnings"]));

    let kinds = repo.kinds()?.join(",");
    let mut bundle = repo.cargo();
    bundle.args(["clippy", "--locked", "--package=funfair-bundle", WASM, "--features", &kinds]);
    tally.command("clippy of the bundle", bundle.args(["--", "--deny=warnings"]));

    let mut page = repo.cargo();
    page.args(["clippy", "--locked", "--package=funfair-www", WASM]);
    tally.command("clippy of www", page.args(["--", "--deny=warnings"]));

    let mut types = repo.npm_tool("tsc");
    tally.command("types of the shell", types.args(["--project", "."]));
    Ok(())
}

pub fn unit(repo: &Repo, tally: &mut Tally) -> Result<()> {
    let mut cargo = cluster::shared(repo.cargo());
    cargo.args(["test", "--locked", "--workspace", "--exclude=funfair-tests"]);
    cargo.args(["--all-features", "--no-fail-fast"]);
    tally.cargo_test("unit", &mut cargo)
}

/// A hundred thousand random plays a kind, built as the server is: with the debug build's checks the
/// same would take minutes, so there they are fewer.
pub fn crowd(repo: &Repo, tally: &mut Tally) -> Result<()> {
    let mut cargo = repo.cargo();
    cargo.args(["test", "--locked", "--release", "--package=funfair-catalogue"]);
    cargo.args(["--features=rules", "--test=contract", "--", "crowd"]);
    tally.cargo_test("crowd", &mut cargo)
}

/// The engine's golden vectors once more, on the machine that a page is.
pub fn wasm(repo: &Repo, tally: &mut Tally) -> Result<()> {
    tally.one("golden vectors on wasm32", golden(repo));
    Ok(())
}

fn golden(repo: &Repo) -> Result<()> {
    let mut cargo = repo.cargo();
    cargo.args(["build", "--locked", "--package=funfair-engine", "--example=golden", WASM]);
    run(&mut cargo)?;
    let folder = repo.scratch("golden");
    build::for_node(&repo.target()?.join(GOLDEN), &folder)?;
    let script = "process.stdout.write(require(process.argv[1]).golden())";
    let mut node = Command::new("node");
    let drawn = output(node.args(["--eval", script]).arg(folder.join("golden.js")))?;
    let expected = std::fs::read_to_string(repo.path("engine/tests/golden/vectors.txt"))?;
    if drawn != expected {
        bail!("on wasm32 the engine draws\n{drawn}\nand not\n{expected}");
    }
    Ok(())
}

/// Builds what is shipped; then holds it to its promises.
pub fn dist(repo: &Repo, tally: &mut Tally) -> Result<()> {
    let built = build::dist(repo)?;
    tally.one("build", Ok(()));
    tally.one("first WebAssembly, no core::fmt", built.sound().map(drop));
    for bundle in Manifest::read(repo)?.bundles {
        let name = format!("{}: unlowered, it would be refused", bundle.name);
        tally.one(&name, build::is_refused_unlowered(repo, &bundle));
        let bytes = size::page(repo, &built.folder, &bundle)?;
        let name = format!("{}: {bytes} of {} bytes", bundle.name, bundle.budget_bytes);
        let over = bytes > bundle.budget_bytes;
        tally.one(&name, if over { bail_over() } else { Ok(()) });
    }
    tally.one("the npm package", build::check_package(repo));
    for (name, most) in build::PLAIN {
        let bytes = size::brotli(repo, &[&built.folder.join(format!("{name}.js"))])?;
        let name = format!("{name}: {bytes} of {most} bytes");
        tally.one(&name, if bytes > most { bail_over() } else { Ok(()) });
    }
    tally.one("the playground's page", build::site(repo, &built, &repo.scratch("site")));
    Ok(())
}

fn bail_over() -> Result<()> {
    bail!("over the budget of wasm-pack.toml; `cargo xtask bench size` says what weighs")
}

/// Few at a time: each has a browser, a server and a database of its own.
pub fn end_to_end(repo: &Repo, tally: &mut Tally) -> Result<()> {
    programs(repo)?;
    let mut cargo = cluster::shared(repo.cargo());
    cargo.args([
        "test",
        "--locked",
        "--package=funfair-tests",
        "--no-fail-fast",
        "--lib",
        "--bins",
    ]);
    cargo.args([
        "--test=browser",
        "--test=flash",
        "--test=guest",
        "--test=harness",
        "--test=http",
        "--test=processes",
    ]);
    if tally.full {
        cargo.env("E2E_FULL", "1");
    }
    tally.cargo_test("end-to-end", cargo.args(["--", "--test-threads=2"]))?;
    if tally.full {
        for engine in ["firefox", "webkit"] {
            let mut cargo = repo.cargo();
            cargo.args(["test", "--locked", "--package=funfair-tests", "--no-fail-fast"]);
            cargo.arg("--test=browser").env("E2E_ENGINE", engine);
            // The journeys of these engines have just been made, and so have those of pages that
            // allow little: they choose Chromium themselves.
            cargo.args(["--", "--test-threads=2", "--skip=engines::", "--skip=strict::"]);
            tally.cargo_test(engine, &mut cargo)?;
        }
    }
    Ok(())
}

/// What breaks, and what is left: servers killed, disks cut, clocks stepped. Prints its counts.
pub fn crash(repo: &Repo, tally: &mut Tally) -> Result<()> {
    programs(repo)?;
    let mut faulty = repo.cargo();
    faulty.args(["build", "--locked", "--package=funfair-server", "--features=failpoints"]);
    run(faulty.arg("--bin=funfair-faulty"))?;
    let mut cargo = repo.cargo();
    cargo.args(["test", "--locked", "--package=funfair-tests", "--no-fail-fast", "--test=crash"]);
    if tally.full {
        cargo.env("E2E_FULL", "1");
    }
    tally.cargo_test("crash", cargo.args(["--", "--test-threads=2", "--show-output"]))
}

/// Looks for bytes that find a fault. What was found before is thrown again by the stage `unit`.
pub fn fuzz(repo: &Repo, tally: &mut Tally) -> Result<()> {
    const SECONDS: u32 = 120;
    if tally.full {
        let programs = fuzz::build(repo)?;
        let found = fuzz::finds_the_planted_fault(repo, &programs, SECONDS);
        tally.one("the planted fault is found by fuzzing", found);
        for target in fuzz::targets(repo)? {
            let searched = fuzz::search(repo, &programs, &target, SECONDS);
            tally.one(&format!("{SECONDS} s of fuzzing {target}"), searched);
        }
    }
    Ok(())
}

/// The server's tests and the whole HTTP suite again, on PostgreSQL; of the browser's the journeys of
/// the kinds, and with `--full` all.
pub fn postgres(repo: &Repo, tally: &mut Tally) -> Result<()> {
    let browser = ["--package=funfair-tests", "--test=browser", "kinds::"];
    let journeys = if tally.full { &browser[..2] } else { &browser[..] };
    on(repo, tally, "postgres", &[journeys])
}

/// And once more on partitioned tables, serializable, with transactions that are told to start
/// again.
pub fn distributed(repo: &Repo, tally: &mut Tally) -> Result<()> {
    on(repo, tally, "distributed", &[])
}

fn on(repo: &Repo, tally: &mut Tally, database: &str, further: &[&[&str]]) -> Result<()> {
    programs(repo)?;
    let start = SystemTime::now();
    // Those that ask the database which this stage names; the others have run before.
    let server = ["audit", "cli", "http", "operations", "released", "revisions"];
    let server = server.map(|test| format!("--test={test}"));
    let server: Vec<_> =
        ["--package=funfair-server"].into_iter().chain(server.iter().map(String::as_str)).collect();
    let api: &[&str] = &["--package=funfair-tests", "--test=http"];
    for tests in [&server[..], api].iter().chain(further) {
        let mut cargo = cluster::on(cluster::named(), repo.cargo());
        cargo.args(["test", "--locked", "--no-fail-fast"]).args(*tests);
        cargo.env("FUNFAIR_TEST_DATABASE", database);
        tally.cargo_test(database, cargo.args(["--", "--test-threads=2"]))?;
    }
    // What a test's process keeps until its end.
    cluster::named().sweep(start);
    Ok(())
}

/// What the end-to-end tests start.
fn programs(repo: &Repo) -> Result<()> {
    let mut programs = repo.cargo();
    programs.args(["build", "--locked", "--package=funfair-server"]);
    run(programs.arg("--package=funfair-demo-store"))
}

pub fn demo(repo: &Repo, tally: &mut Tally) -> Result<()> {
    tally.one("demo", demo::check(repo, None));
    let database = cluster::get().fresh(None);
    tally.one("demo on PostgreSQL", demo::check(repo, Some(&database.url())));
    Ok(())
}

pub fn new_kind(repo: &Repo, tally: &mut Tally) -> Result<()> {
    tally.one("a new kind compiles", new_kind::check(repo));
    Ok(())
}
