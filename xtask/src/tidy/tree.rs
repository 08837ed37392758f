//! What the checks look at: the repository's text files and what cargo says of its crates.
//!
//! In memory, so that a test makes a tree of two lines.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use anyhow::{Context, Result};

use crate::process;
use crate::repo::Repo;

#[derive(Debug, Default)]
pub struct Tree {
    /// Path from the root, with `/`, to the file's text. Files that are not text are absent.
    pub files: BTreeMap<String, String>,
    pub crates: Vec<Crate>,
    /// Crate of the workspace to all that it is built from, its own crates included.
    pub built_from: BTreeMap<String, BTreeSet<String>>,
    /// Crate from outside to its licence, as its author writes it.
    pub licences: BTreeMap<String, String>,
}

#[derive(Debug, Default, Clone)]
pub struct Crate {
    pub name: String,
    /// From the root, as `widgets/kit`.
    pub folder: String,
    pub dependencies: Vec<Dependency>,
}

#[derive(Debug, Default, Clone)]
pub struct Dependency {
    pub name: String,
    /// For tests, examples and benches only.
    pub dev: bool,
    pub optional: bool,
}

/// Crates whose whole tree of dependencies is checked: those that promise what they lack.
const PURE: [&str; 3] = ["funfair-engine", "funfair-host-api", "funfair-kit"];

impl Tree {
    pub fn read(repo: &Repo) -> Result<Self> {
        // Tracked files and those about to be added; never what a build wrote.
        let listed = process::output(
            Command::new("git")
                .args(["ls-files", "--cached", "--others", "--exclude-standard"])
                .current_dir(&repo.root),
        )?;
        let mut tree = Self { crates: crates(repo)?, licences: licences(repo)?, ..Self::default() };
        for path in listed.lines() {
            if let Ok(text) = std::fs::read_to_string(repo.path(path)) {
                tree.files.insert(path.to_owned(), text);
            }
        }
        for name in PURE {
            let printed = process::output(repo.cargo().args([
                "tree",
                "--package",
                name,
                "--all-features",
                "--edges=normal",
                "--prefix=none",
                "--format={p}",
            ]))?;
            let names = printed.lines().filter_map(|line| line.split(' ').next());
            tree.built_from.insert(name.to_owned(), names.map(str::to_owned).collect());
        }
        Ok(tree)
    }

    /// The slugs of the kinds: folders of widgets/ with an example.
    pub fn kinds(&self) -> Vec<&str> {
        let slug = |path: &'_ String| -> Option<usize> {
            let rest = path.strip_prefix("widgets/")?.strip_suffix("/example.toml")?;
            (!rest.contains('/')).then_some(rest.len())
        };
        let start = "widgets/".len();
        let paths = self.files.keys();
        paths.filter_map(|path| slug(path).map(|length| &path[start..start + length])).collect()
    }

    /// The folders of widgets/ whose elements show and do not play: a style without an example.
    pub fn panels(&self) -> Vec<&str> {
        let folder = |path: &'_ String| {
            let folder = path.strip_prefix("widgets/")?.strip_suffix("/style.css")?;
            Some("widgets/".len()..path.len() - "/style.css".len()).filter(|_| folder != "kit")
        };
        let kinds = self.kinds();
        let paths = self.files.keys();
        let dressed = paths.filter_map(|path| folder(path).map(|range| &path[range]));
        dressed.filter(|folder| !kinds.contains(folder)).collect()
    }

    pub fn below<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let inside =
            move |path: &str| path.strip_prefix(folder).is_some_and(|p| p.starts_with('/'));
        self.files
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .filter(move |(path, _)| inside(path))
    }

    #[cfg(test)]
    pub fn of(files: &[(&str, &str)]) -> Self {
        let owned = files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        Self { files: owned.collect(), ..Self::default() }
    }

    #[cfg(test)]
    pub fn with_crate(mut self, folder: &str, name: &str, dependencies: &[&str]) -> Self {
        let dependencies = dependencies
            .iter()
            .map(|name| Dependency { name: (*name).to_owned(), ..Dependency::default() })
            .collect();
        self.crates.push(Crate { name: name.to_owned(), folder: folder.to_owned(), dependencies });
        self
    }
}

/// What stands after the last point of a path.
pub fn ending(path: &str) -> &str {
    path.rsplit_once('.').map_or("", |(_, ending)| ending)
}

fn licences(repo: &Repo) -> Result<BTreeMap<String, String>> {
    let printed = process::output(repo.cargo().args([
        "metadata",
        "--format-version=1",
        "--all-features",
        "--locked",
    ]))?;
    let metadata: serde_json::Value = serde_json::from_str(&printed)?;
    let packages = metadata["packages"].as_array().context("packages")?;
    let outside = packages.iter().filter(|package| !package["source"].is_null());
    let licence = |package: &serde_json::Value| {
        let licence = package["license"].as_str().unwrap_or("no licence");
        Some((package["name"].as_str()?.to_owned(), licence.to_owned()))
    };
    Ok(outside.filter_map(licence).collect())
}

fn crates(repo: &Repo) -> Result<Vec<Crate>> {
    let metadata = repo.metadata()?;
    let packages = metadata["packages"].as_array().context("packages")?;
    packages
        .iter()
        .map(|package| {
            let manifest = package["manifest_path"].as_str().context("manifest_path")?;
            let folder = std::path::Path::new(manifest).parent().context("manifest's folder")?;
            let folder = folder.strip_prefix(&repo.root)?.to_string_lossy().into_owned();
            let dependencies = package["dependencies"].as_array().context("dependencies")?;
            let dependencies = dependencies.iter().map(|dependency| Dependency {
                name: dependency["name"].as_str().unwrap_or_default().to_owned(),
                dev: dependency["kind"] == "dev",
                optional: dependency["optional"] == true,
            });
            Ok(Crate {
                name: package["name"].as_str().context("name")?.to_owned(),
                folder,
                dependencies: dependencies.collect(),
            })
        })
        .collect()
}
