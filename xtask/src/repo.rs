//! Where things are in the repository.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;

/// One version for all crates and for the folder under `dist/`.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

#[derive(Debug, Clone)]
pub struct Repo {
    pub root: PathBuf,
}

impl Repo {
    /// The repository whose `cargo xtask` runs; the current folder does not matter. Cargo says where
    /// it is: a target folder that two clones share may hold the other one's xtask.
    pub fn here() -> Result<Self> {
        let said = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
        let crate_root = said.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        let root = crate_root.parent().context("xtask has no parent")?;
        Ok(Self { root: root.to_path_buf() })
    }

    pub fn path(&self, below: impl AsRef<Path>) -> PathBuf {
        self.root.join(below)
    }

    /// What xtask writes beside cargo's own output; never committed.
    pub fn scratch(&self, below: impl AsRef<Path>) -> PathBuf {
        self.root.join("target/xtask").join(below)
    }

    pub fn cargo(&self) -> Command {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut command = Command::new(cargo);
        command.current_dir(&self.root);
        command
    }

    /// A program that `npm ci` put below `node_modules`.
    pub fn npm_tool(&self, name: &str) -> Command {
        let mut command = Command::new(self.path("node_modules/.bin").join(name));
        command.current_dir(&self.root);
        command
    }

    /// What cargo knows of the workspace's own crates.
    pub fn metadata(&self) -> Result<serde_json::Value> {
        let printed = process::output(self.cargo().args([
            "metadata",
            "--format-version=1",
            "--no-deps",
            "--offline",
        ]))?;
        serde_json::from_str(&printed).context("what `cargo metadata` printed")
    }

    /// Where cargo builds, which is not always `target/`.
    pub fn target(&self) -> Result<PathBuf> {
        let metadata = self.metadata()?;
        let folder = metadata["target_directory"].as_str().context("target_directory")?;
        Ok(folder.into())
    }

    /// The folders of widgets/ that hold a kind: those with an example, sorted.
    pub fn kinds(&self) -> Result<Vec<String>> {
        self.widgets(|folder| folder.join("example.toml").is_file())
    }

    /// The folders of widgets/ that hold what shows and does not play: a style, and neither an
    /// example nor the kit's texts for all.
    pub fn panels(&self) -> Result<Vec<String>> {
        self.widgets(|folder| {
            let dressed = folder.join("style.css").is_file() && !folder.ends_with("kit");
            dressed && !folder.join("example.toml").is_file()
        })
    }

    fn widgets(&self, fits: impl Fn(&Path) -> bool) -> Result<Vec<String>> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(self.path("widgets")).context("widgets/")? {
            let folder = entry?.path();
            if fits(&folder) {
                found.extend(folder.file_name().map(|name| name.to_string_lossy().into_owned()));
            }
        }
        found.sort();
        Ok(found)
    }
}
