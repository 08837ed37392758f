//! The texts that a widget fetches: the kit's and the kind's in one small file a locale.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use crate::repo::Repo;

/// The locales that exist, sorted; those of the kit, and `xtask tidy` holds every kind to them.
pub fn locales(repo: &Repo) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(repo.path("widgets/kit/texts")).context("widgets/kit/texts")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            found.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    found.sort();
    Ok(found)
}

pub fn write(repo: &Repo, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for locale in locales(repo)? {
        let kit = read(repo, "kit", &locale)?;
        for kind in repo.kinds()? {
            let mut whole = kit.clone();
            for (key, text) in read(repo, &kind, &locale)? {
                if whole.insert(key.clone(), text).is_some() {
                    bail!(
                        "widgets/{kind}/texts/{locale}.json says {key} again, which the kit says"
                    );
                }
            }
            let file = folder.join(format!("{kind}.{locale}.json"));
            std::fs::write(file, serde_json::to_string(&whole)?)?;
        }
    }
    Ok(())
}

pub fn read(repo: &Repo, folder: &str, locale: &str) -> Result<Map<String, Value>> {
    let path = format!("widgets/{folder}/texts/{locale}.json");
    let text = std::fs::read_to_string(repo.path(&path)).with_context(|| path.clone())?;
    serde_json::from_str(&text).with_context(|| path)
}
