//! What lies beside a version's folder: the newest version's alias and the npm package; and source maps.

use std::path::{Component, Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::files;
use crate::process::{output, run};
use crate::repo::{Repo, VERSION};

/// A page's own code, and what runs on a server, where there is nothing to draw on.
const SERVER: &str = "// Where there is no page there is nothing to configure.\n\
    export const configure = () => {};\nexport const connect = () => {};\n\
    export const frame = () => {};\n";

/// What runs a package where there is no `window`, by the conditions that they ask for.
const SERVERS: [&str; 5] = ["node", "deno", "workerd", "edge-light", "netlify"];

/// The shell's source map with the repository's paths, whatever folder it was built in.
pub fn source_map(repo: &Repo, built: &Path) -> Result<String> {
    let file = PathBuf::from(format!("{}.map", built.display()));
    let mut map: Value = serde_json::from_slice(&std::fs::read(&file)?)?;
    let folder = built.parent().context("a folder")?;
    let sources = map["sources"].as_array_mut().context("sources")?;
    for source in sources {
        let path = plain(&folder.join(source.as_str().context("a source's path")?));
        let path = path.strip_prefix(&repo.root).context("a source from elsewhere")?;
        // What a build writes for itself has no place in the repository.
        let name = match path.strip_prefix("target/xtask/bundle") {
            Ok(made) => format!("built/{}", made.display()),
            Err(_) => path.display().to_string(),
        };
        *source = name.into();
    }
    map["sourceRoot"] = "funfair:///".into();
    Ok(map.to_string())
}

/// A path without `..`.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(out.pop()),
            other => out.push(other),
        }
    }
    out
}

/// The modules of a version that a page names: not the cores that these load.
fn entries(version: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for file in files(version)? {
        let name = file.strip_prefix(version)?.to_string_lossy().into_owned();
        if let Some(entry) = name.strip_suffix(".js").filter(|entry| !entry.contains('.')) {
            found.push(entry.to_owned());
        }
    }
    Ok(found)
}

/// `latest/<bundle>.js`: one line that leads to the pinned file, which a browser may keep for good.
pub fn latest(version: &Path, folder: &Path) -> Result<()> {
    super::remove(folder)?;
    std::fs::create_dir_all(folder)?;
    for entry in entries(version)? {
        let line = format!("export * from '../{VERSION}/{entry}.js';\n");
        std::fs::write(folder.join(format!("{entry}.js")), line)?;
    }
    Ok(())
}

/// The version's files as an npm package.
pub fn package(repo: &Repo, version: &Path, folder: &Path) -> Result<()> {
    super::remove(folder)?;
    std::fs::create_dir_all(folder)?;
    for file in files(version)? {
        let target = folder.join(file.strip_prefix(version)?);
        std::fs::create_dir_all(target.parent().context("a folder")?)?;
        std::fs::copy(&file, &target)?;
    }
    std::fs::write(folder.join("server.js"), SERVER)?;
    for (from, to) in [
        ("LICENSE-APACHE", "LICENSE-APACHE"),
        ("LICENSE-MIT", "LICENSE-MIT"),
        ("docs/EMBEDDING.md", "README.md"),
    ] {
        std::fs::copy(repo.path(from), folder.join(to)).context(from)?;
    }
    std::fs::write(folder.join("package.json"), package_json(&entries(version)?))?;
    Ok(())
}

/// Written as text: who reads it takes the first condition that fits, so their order is meant.
fn package_json(entries: &[String]) -> String {
    let servers = SERVERS.map(|server| format!("\"{server}\": \"./server.js\"")).join(", ");
    let mut exports: Vec<String> = entries
        .iter()
        .map(|entry| {
            let path = if entry == "funfair" { ".".to_owned() } else { format!("./{entry}") };
            format!(
                "\"{path}\": {{ \"types\": \"./funfair.d.ts\", {servers}, \"default\": \"./{entry}.js\" }}"
            )
        })
        .collect();
    exports.push("\"./react\": { \"types\": \"./react.d.ts\" }".into());
    for file in ["custom-elements.json", "integrity.json", "package.json"] {
        exports.push(format!("\"./{file}\": \"./{file}\""));
    }
    format!(
        "{{
  \"name\": \"funfair\",
  \"version\": \"{VERSION}\",
  \"description\": \"Member activities for online stores, as custom elements.\",
  \"license\": \"MIT OR Apache-2.0\",
  \"type\": \"module\",
  \"sideEffects\": true,
  \"customElements\": \"custom-elements.json\",
  \"types\": \"./funfair.d.ts\",
  \"exports\": {{
    {}
  }}
}}
",
        exports.join(",\n    ")
    )
}

/// What a page that is compiled writes; a line that has to be refused says so to the compiler.
const CONSUMER: &str = "import { configure, type Host } from 'funfair';
import { configure as wheel } from 'funfair/spin-wheel';
const host: Host = { getToken: async () => null, ask: (what, { store }) => console.log(what, store) };
configure('acme', host);
wheel('acme', {});
const one = document.createElement('funfair-spin-wheel');
one.addEventListener('funfair-error', (event) => event.detail.toUpperCase());
one.act();
// @ts-expect-error no element has it
one.spin();
// @ts-expect-error a panel presses nothing
document.querySelector('funfair-hub')?.act();
// @ts-expect-error a store has a name
configure(1, host);
";

/// Uses the package as others do: on a server, from a compiler, as npm would pack it.
pub fn check(repo: &Repo) -> Result<()> {
    let package = repo.path("dist/npm");
    let told: Value = serde_json::from_slice(&std::fs::read(package.join("package.json"))?)?;
    let exports = told["exports"].as_object().context("exports")?;
    let modules: Vec<String> = exports
        .iter()
        .filter(|(_, ways)| ways.get("default").is_some())
        .map(|(path, _)| path.replacen('.', "funfair", 1))
        .collect();
    ensure!(modules.len() > 1, "the package has no modules");
    let script =
        "for (const path of process.argv.slice(1)) (await import(path)).configure('acme', {});";
    let mut node = Command::new("node");
    node.current_dir(&package).args(["--input-type=module", "--eval", script]);
    run(node.args(&modules)).context("on a server without a window")?;

    let consumer = repo.scratch("consumer");
    super::remove(&consumer)?;
    std::fs::create_dir_all(consumer.join("node_modules"))?;
    let link = consumer.join("node_modules/funfair");
    std::os::unix::fs::symlink(&package, link)?;
    std::fs::write(consumer.join("page.ts"), CONSUMER)?;
    let mut compiler = repo.npm_tool("tsc");
    compiler.args([
        "--ignoreConfig",
        "--noEmit",
        "--strict",
        "--target",
        "es2022",
        "--module",
        "esnext",
    ]);
    compiler.args(["--moduleResolution", "bundler", "--lib", "es2022,dom,dom.iterable"]);
    run(compiler.args(["--types", ""]).arg(consumer.join("page.ts"))).context("a page's types")?;

    let mut npm = Command::new("npm");
    let packed =
        output(npm.current_dir(&package).args(["pack", "--dry-run", "--json", "--offline"]))?;
    let packed: Value = serde_json::from_str(&packed).context("what `npm pack` printed")?;
    let listed: Vec<&str> = packed[0]["files"]
        .as_array()
        .context("files")?
        .iter()
        .filter_map(|file| file["path"].as_str())
        .collect();
    for file in files(&package)? {
        let name = file.strip_prefix(&package)?.to_string_lossy().into_owned();
        if !listed.contains(&name.as_str()) {
            bail!("npm would leave out {name}");
        }
    }
    Ok(())
}
