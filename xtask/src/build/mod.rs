//! `cargo xtask build`: a folder for each version, with a script, a core and texts a bundle and the
//! integrity of all of it; beside it what follows the newest version, and the npm package.

mod elements;
mod glue;
mod layout;
mod manifest;
mod plain;
mod release;
mod site;
mod texts;
mod tokens;
mod wasm;

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha384};

pub use layout::check as check_package;
pub use manifest::{Bundle, Manifest};
pub use plain::PLAIN;
pub use release::release;
pub use site::site;
pub use texts::locales;
use wasm::Core;
pub use wasm::{for_node, heaviest, is_refused_unlowered};

use crate::process::run;
use crate::repo::{Repo, VERSION};
use crate::setup;

/// The oldest engines that are served: the first of each that have module scripts, custom
/// elements, `async` and `import()`. Lowered by the bundler; what the platform lacks is the shell's to ask.
const ENGINES: &str = "es2018,chrome64,safari11.1,firefox67";

/// `dist/<version>/`, just built.
#[derive(Debug)]
pub struct Dist {
    pub folder: PathBuf,
    /// What keeps its wasm from being shipped.
    pub faults: Vec<String>,
}

impl Dist {
    pub fn sound(&self) -> Result<&Path> {
        if self.faults.is_empty() { Ok(&self.folder) } else { bail!("{}", self.faults.join("\n")) }
    }
}

/// What the bundler is told of the engines.
pub fn engines() -> [String; 3] {
    [
        format!("--target={ENGINES}"),
        // Old Safari's faults with these (shadowed in a parameter's default; the identity of tagged
        // ones) are too narrow to give them up.
        "--supported:destructuring=true".to_owned(),
        "--supported:template-literal=true".to_owned(),
    ]
}

/// Builds `dist/<version>/` from nothing.
pub fn dist(repo: &Repo) -> Result<Dist> {
    setup::wasm_target(repo)?;
    setup::npm_tools(repo)?;
    let manifest = Manifest::read(repo)?;
    // One build at a time: a second one waits here.
    std::fs::create_dir_all(repo.scratch(""))?;
    let lock = std::fs::File::create(repo.scratch("lock"))?;
    lock.lock()?;
    // Written aside and moved, so that a server of an older build never sees half of a new one.
    let fresh = repo.scratch("dist");
    let folder = repo.path("dist").join(VERSION);
    remove(&fresh)?;
    std::fs::create_dir_all(&fresh)?;
    let mut faults = Vec::new();
    for bundle in &manifest.bundles {
        let core = wasm::core(repo, &manifest, bundle)?;
        script(repo, bundle, &core, &fresh)?;
        let written = wasm::as_script(repo, bundle)?;
        std::fs::write(fresh.join(format!("{}.core.js", bundle.name)), written)?;
        std::fs::write(fresh.join(format!("{}.css", bundle.name)), sheet(repo, bundle)?)?;
        texts::write(repo, bundle, &fresh.join("texts"))?;
        faults.extend(core.faults);
    }
    elements::write(repo, &manifest, &fresh)?;
    plain::write(repo, &fresh)?;
    std::fs::write(fresh.join("integrity.json"), integrity(&fresh)?)?;
    let before = repo.scratch("dist-before");
    let (latest, package) = (repo.scratch("dist-latest"), repo.scratch("dist-npm"));
    layout::latest(&fresh, &latest)?;
    layout::package(repo, &fresh, &package)?;
    swap(&fresh, &folder, &before)?;
    swap(&latest, &repo.path("dist/latest"), &before)?;
    swap(&package, &repo.path("dist/npm"), &before)?;
    eprintln!("wrote {}", folder.display());
    Ok(Dist { folder, faults })
}

/// Writes a bundle's script and its source map, which a browser asks for when its tools are opened.
fn script(repo: &Repo, bundle: &Bundle, core: &Core, fresh: &Path) -> Result<()> {
    let folder = repo.scratch("bundle").join(&bundle.name);
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("core.wasm"), &core.wasm)?;
    let core_module = folder.join("core.js");
    std::fs::write(&core_module, glue::core_module(&hash(&core.wasm)))?;
    let bundle_module = folder.join("bundle.js");
    std::fs::write(&bundle_module, bundle_facts(repo, bundle)?)?;

    let file = format!("{}.js", bundle.name);
    let output = folder.join("bundled").join(&file);
    // What plays has one shell for all; a panel's file begins with what is the panel's own.
    let entry = if bundle.panel { bundle.name.as_str() } else { "index" };
    let mut esbuild = shell(repo, entry);
    esbuild.arg("--sourcemap");
    // All of the engines above have it, though ES2018 as such does not.
    esbuild.arg("--supported:import-meta=true");
    esbuild.arg(format!("--alias:funfair:core={}", core_module.display()));
    esbuild.arg(format!("--alias:funfair:bundle={}", bundle_module.display()));
    esbuild.arg(format!("--outfile={}", output.display()));
    run(&mut esbuild)?;
    let map = layout::source_map(repo, &output)?;
    std::fs::write(fresh.join(format!("{file}.map")), map)?;
    std::fs::copy(&output, fresh.join(&file))?;
    std::fs::write(fresh.join(format!("{}.wasm", bundle.name)), &core.wasm)?;
    Ok(())
}

/// The bundler, for a file of the shell and all that it imports.
fn shell(repo: &Repo, entry: &str) -> Command {
    let mut esbuild = repo.npm_tool("esbuild");
    esbuild.arg(repo.path(format!("widgets/bundle/shell/{entry}.ts")));
    esbuild.args(["--bundle", "--minify", "--format=esm", "--charset=utf8"]);
    esbuild.args(["--legal-comments=none", "--log-level=warning"]);
    // Private members of the shell's classes begin with it, and nothing else does.
    esbuild.arg("--mangle-props=^_[a-z]").args(engines());
    esbuild
}

/// The bundle's style sheets as a file, for browsers that cannot adopt one.
fn sheet(repo: &Repo, bundle: &Bundle) -> Result<String> {
    Ok(styles(repo, bundle)?.into_iter().map(|(_, text)| text).collect())
}

/// The module `funfair:bundle`: what differs from bundle to bundle but the core.
fn bundle_facts(repo: &Repo, bundle: &Bundle) -> Result<String> {
    let styles: serde_json::Map<_, _> =
        styles(repo, bundle)?.into_iter().map(|(name, text)| (name, text.into())).collect();
    Ok(format!(
        "export const name = {};\nexport const kinds = {};\nexport const locales = {};\nexport const styles = {};\n\
         export const version = {};\n",
        serde_json::to_string(&bundle.name)?,
        serde_json::to_string(&bundle.kinds)?,
        serde_json::to_string(&locales(repo)?)?,
        serde_json::to_string(&styles)?,
        serde_json::to_string(VERSION)?,
    ))
}

/// The minified style sheets of the kit and of the bundle's kinds, each by its name.
fn styles(repo: &Repo, bundle: &Bundle) -> Result<Vec<(String, String)>> {
    let names = std::iter::once("kit").chain(bundle.kinds.iter().map(String::as_str));
    let mut sheets = Vec::new();
    for name in names {
        let mut esbuild = repo.npm_tool("esbuild");
        esbuild.arg(repo.path(format!("widgets/{name}/style.css")));
        esbuild.args(["--minify", "--charset=utf8", "--log-level=warning"]).args(engines());
        sheets.push((name.to_owned(), crate::process::output(&mut esbuild)?.trim_end().to_owned()));
    }
    tokens::shorten(&mut sheets);
    Ok(sheets)
}

/// For each file what a page's `integrity` attribute has to say.
fn integrity(folder: &Path) -> Result<String> {
    let mut hashes = serde_json::Map::new();
    for file in files(folder)? {
        let name = file.strip_prefix(folder)?.to_string_lossy().into_owned();
        hashes.insert(name, hash(&std::fs::read(&file)?).into());
    }
    Ok(serde_json::to_string_pretty(&hashes)? + "\n")
}

fn hash(bytes: &[u8]) -> String {
    format!("sha384-{}", BASE64_STANDARD.encode(Sha384::digest(bytes)))
}

/// Every file below a folder, sorted.
pub fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() { found.extend(files(&path)?) } else { found.push(path) }
    }
    found.sort();
    Ok(found)
}

/// Puts a folder in the place of another, which is gone afterwards.
fn swap(fresh: &Path, folder: &Path, aside: &Path) -> Result<()> {
    std::fs::create_dir_all(folder.parent().context("a folder")?)?;
    remove(aside)?;
    if folder.exists() {
        std::fs::rename(folder, aside)?;
    }
    std::fs::rename(fresh, folder).with_context(|| folder.display().to_string())?;
    remove(aside)
}

fn remove(folder: &Path) -> Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(error).with_context(|| folder.display().to_string())
        }
        _ => Ok(()),
    }
}
