//! A kind is its folder: nothing is forgotten, nothing is half there.

use crate::history::{running, setup};
use funfair_catalogue::{ENTRIES, LOCALES, NAMED, kinds};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

fn widgets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

#[test]
fn every_folder_with_an_example_is_in_the_list() {
    let folders: BTreeSet<_> = fs::read_dir(widgets())
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().join("example.toml").exists())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    let listed: BTreeSet<_> = ENTRIES.iter().map(|entry| entry.slug.to_owned()).collect();
    assert_eq!(folders, listed);
}

#[test]
fn the_list_is_sorted_and_names_each_kind_as_its_folder() {
    assert!(ENTRIES.is_sorted_by(|a, b| a.slug < b.slug));
    for (entry, kind) in ENTRIES.iter().zip(kinds()) {
        assert_eq!(entry.slug, kind.slug());
        let manifest = fs::read_to_string(widgets().join(entry.slug).join("Cargo.toml")).unwrap();
        assert!(manifest.contains(&format!("name = \"funfair-{}\"", entry.slug)));
    }
}

#[test]
fn every_example_is_a_valid_activity_of_its_kind() {
    for entry in ENTRIES {
        let setup = setup(entry);
        assert_eq!(setup.kind, entry.slug);
        let activity = running(setup).public(0);
        assert_eq!(activity.kind, entry.slug);
        assert!(activity.preview.text().starts_with('{'), "{}: no preview", entry.slug);
    }
}

#[test]
fn published_odds_have_names_in_every_locale_and_one_fallback() {
    for entry in ENTRIES {
        let odds = running(setup(entry)).public(0).odds;
        for line in &odds {
            let have: Vec<_> = line.label.iter().map(|(locale, _)| locale).collect();
            let missing: Vec<_> = NAMED.iter().filter(|locale| !have.contains(locale)).collect();
            assert!(missing.is_empty(), "{}: {} {missing:?}", entry.slug, line.prize);
        }
        let fallbacks = odds.iter().filter(|line| line.fallback).count();
        assert_eq!(fallbacks, usize::from(!odds.is_empty()), "{}", entry.slug);
    }
}

#[test]
fn a_kind_without_secrets_says_so() {
    for entry in ENTRIES.iter().filter(|entry| entry.secrets.is_empty()) {
        assert!(entry.readme.contains("keeps no secret"), "widgets/{}/README.md", entry.slug);
    }
}

#[test]
fn texts_are_complete_sorted_and_filled_alike_in_every_locale() {
    for entry in ENTRIES {
        let locales: Vec<_> = entry.texts.iter().map(|(locale, _)| *locale).collect();
        assert_eq!(locales, LOCALES, "{}", entry.slug);
        let tables: Vec<_> = entry.texts.iter().map(|(_, json)| table(entry.slug, json)).collect();
        let [first, rest @ ..] = &tables[..] else { panic!("no texts") };
        for (other, locale) in rest.iter().zip(&locales[1..]) {
            assert_eq!(keys(first), keys(other), "{} {locale}", entry.slug);
            for (key, text) in other {
                // A number's form may say the number by its noun; nothing else is left out.
                if let Some(same) = first.get(key).filter(|_| plain(key) == key) {
                    assert_eq!(blanks(same), blanks(text), "{} {locale} {key}", entry.slug);
                }
            }
        }
    }
}

#[test]
fn a_view_uses_every_text_of_its_kind_and_no_other() {
    for entry in ENTRIES {
        let view = fs::read_to_string(widgets().join(entry.slug).join("src/view.rs")).unwrap();
        let prefix = format!("{}.", entry.slug);
        let named: BTreeSet<_> = view.split('"').filter(|part| part.starts_with(&prefix)).collect();
        let table = table(entry.slug, entry.texts[0].1);
        assert_eq!(keys(&table), named, "{}", entry.slug);
    }
}

type Table = BTreeMap<String, String>;

fn table(slug: &str, json: &str) -> Table {
    let table: Table = serde_json::from_str(json).unwrap();
    let prefix = format!("{slug}.");
    for (key, text) in &table {
        assert!(key.starts_with(&prefix), "{key} belongs to another kind");
        assert!(!text.trim().is_empty(), "{key} is empty");
    }
    let places: Vec<_> = table.keys().map(|key| json.find(&format!("\"{key}\":"))).collect();
    assert!(places.is_sorted(), "{slug}: the keys are not sorted");
    table
}

/// The keys without their plural forms, which differ by language.
fn keys(table: &Table) -> BTreeSet<&str> {
    table.keys().map(|key| plain(key)).collect()
}

/// The key of which this one is a number's form.
fn plain(key: &str) -> &str {
    let forms = [".zero", ".one", ".two", ".few", ".many"];
    forms.iter().find_map(|form| key.strip_suffix(form)).unwrap_or(key)
}

/// The `{names}` in a text.
fn blanks(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name).collect()
}
