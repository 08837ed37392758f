//! The texts that a widget fetches: the kit's and the kind's in one small file a locale.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use crate::repo::Repo;

/// What is spoken where nothing nearer is.
const FALLBACK: &str = "en";

/// The locales in which the kit and every kind have words: the fallback first, the others sorted.
/// `xtask tidy` says where one is missing.
pub fn locales(repo: &Repo) -> Result<Vec<String>> {
    let kinds = repo.kinds()?;
    let mut found = Vec::new();
    for entry in std::fs::read_dir(repo.path("widgets/kit/texts")).context("widgets/kit/texts")? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            found.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
        }
    }
    found.retain(|locale| {
        let text = |kind| repo.path(format!("widgets/{kind}/texts/{locale}.json"));
        kinds.iter().all(|kind| text(kind).exists())
    });
    found.sort_by_key(|locale| (locale != FALLBACK, locale.clone()));
    Ok(found)
}

pub fn write(repo: &Repo, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for locale in locales(repo)? {
        let kit = read(repo, "kit", &locale)?;
        for kind in repo.kinds()?.into_iter().chain(repo.panels()?) {
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
