//! `cargo xtask build --site DIR`: the playground as a folder of static files.
//!
//! An ordinary wasm-bindgen page for current browsers: only what shoppers load is lowered.

use std::path::Path;

use anyhow::{Context, Result};

use super::{Dist, files, wasm};
use crate::process::run;
use crate::repo::{Repo, VERSION};

/// Below www/, what cargo reads and no browser does.
const NOT_SERVED: [&str; 3] = ["Cargo.toml", "README.md", "src"];

pub fn site(repo: &Repo, dist: &Dist, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for entry in std::fs::read_dir(repo.path("www")).context("www/")? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default();
        if !NOT_SERVED.iter().any(|hidden| *hidden == name) {
            copy(&path, &folder.join(name))?;
        }
    }
    copy(&dist.folder, &folder.join("funfair"))?;

    let mut cargo = repo.cargo();
    cargo.args(["build", "--package=funfair-www", "--lib", "--profile=widget"]);
    cargo.arg("--target=wasm32-unknown-unknown");
    // The optimiser reads from a section, which stripping drops, what the compiler used.
    cargo.env("CARGO_PROFILE_WIDGET_STRIP", "none");
    run(&mut cargo)?;
    let built = repo.target()?.join("wasm32-unknown-unknown/widget/funfair_www.wasm");
    wasm::for_page(&built, folder)?;
    let module = folder.join("funfair_www_bg.wasm");
    let mut optimiser = repo.npm_tool("wasm-opt");
    optimiser.arg(&module).arg("--output").arg(&module);
    run(optimiser.args(["-Oz", "--strip-debug", "--strip-producers", "--strip-target-features"]))?;
    eprintln!("wrote {} (playground {VERSION})", folder.display());
    Ok(())
}

/// A file, or a folder with all below it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    if from.is_file() {
        std::fs::copy(from, to).with_context(|| from.display().to_string())?;
        return Ok(());
    }
    for file in files(from)? {
        let target = to.join(file.strip_prefix(from)?);
        std::fs::create_dir_all(target.parent().context("a folder")?)?;
        std::fs::copy(&file, target).with_context(|| file.display().to_string())?;
    }
    Ok(())
}
