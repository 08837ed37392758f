//! The texts that a bundle fetches: the kit's and its kinds' in one file a locale.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value};

use super::Bundle;
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

/// Writes `<bundle>.<locale>.json`: a page asks once, however many kinds it shows, and gets the
/// kit's words once.
pub fn write(repo: &Repo, bundle: &Bundle, folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder)?;
    for locale in locales(repo)? {
        let mut whole = read(repo, "kit", &locale)?;
        if bundle.panel {
            let sources = sources(repo, bundle)?;
            whole.retain(|key, _| says(&sources, key));
        }
        for kind in &bundle.kinds {
            for (key, text) in read(repo, kind, &locale)? {
                if whole.insert(key.clone(), text).is_some() {
                    bail!("widgets/{kind}/texts/{locale}.json says {key} again");
                }
            }
        }
        let file = folder.join(format!("{}.{locale}.json", bundle.name));
        std::fs::write(file, serde_json::to_string(&whole)?)?;
    }
    Ok(())
}

/// What a bundle of panels is written in: the kit says much that only what plays needs.
fn sources(repo: &Repo, bundle: &Bundle) -> Result<String> {
    let kit = ["kit/src/panel", "kit/src/parts.rs"].map(str::to_owned);
    let own = bundle.kinds.iter().map(|kind| format!("{kind}/src"));
    let mut whole = String::new();
    for part in kit.into_iter().chain(own) {
        let path = repo.path("widgets").join(part);
        let files = if path.is_dir() { super::files(&path)? } else { vec![path] };
        for file in files {
            whole += &std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
        }
    }
    Ok(whole)
}

/// Whether a source names the key, or the key of which it is a number's form.
fn says(sources: &str, key: &str) -> bool {
    sources.contains(&format!("\"{}\"", crate::tidy::plain(key)))
}

pub fn read(repo: &Repo, folder: &str, locale: &str) -> Result<Map<String, Value>> {
    let path = format!("widgets/{folder}/texts/{locale}.json");
    let text = std::fs::read_to_string(repo.path(&path)).with_context(|| path.clone())?;
    serde_json::from_str(&text).with_context(|| path)
}

#[cfg(test)]
mod tests {
    use super::says;

    #[test]
    fn a_key_is_said_whole_or_in_a_numbers_form() {
        let sources = r#"texts.count("kit.days", 1)"#;
        assert!(says(sources, "kit.days") && says(sources, "kit.days.few"));
        assert!(!says(sources, "kit.day") && !says(sources, "kit"));
    }
}
