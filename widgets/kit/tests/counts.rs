//! Every text with a number in it, in every language: the words are of the form the number asks for.

use funfair_kit::{Texts, grouped};
use serde_json::{Map, Value};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// One of each form, of each kind of number that takes it.
const NUMBERS: [u64; 13] = [0, 1, 2, 3, 10, 11, 99, 100, 101, 102, 103, 111, 1_000];

/// What is counted in Arabic: with 3, with 11, and with 100 or none of it.
const NOUNS: [[&str; 3]; 9] = [
    ["أيام", "يومًا", "يوم"],
    ["سحبات", "سحبة", "سحبة"],
    ["فرص", "فرصة", "فرصة"],
    ["محاولات", "محاولة", "محاولة"],
    ["مرات", "مرة", "مرة"],
    ["مشاركين", "مشاركًا", "مشارك"],
    ["نقاط", "نقطة", "نقطة"],
    // Short for hours and minutes, and not declined.
    ["س", "س", "س"],
    ["د", "د", "د"],
];

/// What may stand behind a number and does not change with it: a currency, and what counts nothing.
const NO_NOUNS: [&str; 7] = ["يوان", "حتى", "من", "فما", "كما", "ضمن", "is"];

const FORMS: [&str; 5] = [".zero", ".one", ".two", ".few", ".many"];

/// A file of texts: its folder, the texts, and the same as a widget reads them.
struct File {
    folder: String,
    texts: Map<String, Value>,
    read: Texts,
}

/// The texts of one language, of the kit, every kind and every panel.
fn files(locale: &str) -> Vec<File> {
    let mut found = Vec::new();
    for folder in fs::read_dir(widgets()).unwrap() {
        let path = folder.unwrap().path().join(format!("texts/{locale}.json"));
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let read = Texts::read(&text);
        let texts = serde_json::from_str(&text).unwrap();
        found.push(File { folder: path.display().to_string(), texts, read });
    }
    assert!(found.len() >= 8, "{locale}");
    found
}

fn widgets() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn plain(key: &str) -> &str {
    FORMS.iter().find_map(|form| key.strip_suffix(form)).unwrap_or(key)
}

/// What every text with a number says of `n` things, with the word behind the number.
fn said(locale: &str, n: u64) -> Vec<(String, String, Option<String>)> {
    let mut out = Vec::new();
    for file in files(locale) {
        for (key, text) in &file.texts {
            if plain(key) != key || !text.as_str().unwrap().contains("{n}") {
                continue;
            }
            let said = file.read.count(key, n);
            let behind = said.split_once(&grouped(n)).and_then(|(_, rest)| rest.strip_prefix(' '));
            let word = behind.map(|rest| {
                let end = rest.find(|c: char| c.is_whitespace() || ".,;:·()".contains(c));
                rest[..end.unwrap_or(rest.len())].to_owned()
            });
            let word = word.filter(|word| !NO_NOUNS.contains(&word.as_str()));
            out.push((format!("{} of {}", key, file.folder), said, word));
        }
    }
    assert!(out.len() > 20, "{locale}");
    out
}

#[test]
fn arabic_nouns_agree_with_their_numbers() {
    for n in NUMBERS {
        let column = match n % 100 {
            3..=10 => 0,
            11..=99 => 1,
            _ => 2,
        };
        for (key, said, word) in said("ar", n) {
            let Some(word) = word.filter(|word| word.chars().all(char::is_alphabetic)) else {
                continue;
            };
            let fits = NOUNS.iter().any(|noun| noun[column] == word);
            assert!(fits, "{n}: {said} ({key})");
            // One and two of a thing are said by the noun alone.
            let short = word.chars().count() == 1;
            assert!(short || !matches!(n, 1 | 2), "{n}: {said} ({key})");
        }
    }
}

#[test]
fn english_nouns_agree_with_one() {
    for (key, said, word) in said("en", 1) {
        assert!(!word.is_some_and(|word| word.ends_with('s')), "{said} ({key})");
    }
}

#[test]
fn a_language_has_the_forms_of_its_own_numbers_only() {
    // What is left beside the plain one in Chinese, Japanese and Korean is a wording for exactly one.
    for (locale, forms) in [
        ("ar", &FORMS[..]),
        ("en", &[".one"]),
        ("ja", &[".one"]),
        ("ko", &[".one"]),
        ("zh-CN", &[".one"]),
        ("zh-TW", &[".one"]),
    ] {
        for file in files(locale) {
            for key in file.texts.keys().filter(|key| plain(key).len() < key.len()) {
                let form = &key[plain(key).len()..];
                assert!(forms.contains(&form), "{key} of {}", file.folder);
            }
        }
    }
}

#[test]
fn a_text_that_has_forms_is_asked_for_by_a_number() {
    let sources = sources(&widgets());
    for file in files("ar").iter().chain(&files("en")) {
        for key in
            file.texts.keys().map(|key| plain(key)).filter(|key| {
                FORMS.iter().any(|form| file.texts.contains_key(&format!("{key}{form}")))
            })
        {
            for by in ["fill", "fill_two", "get"] {
                assert!(!sources.contains(&format!("{by}(\"{key}\"")), "{by}: {key}");
            }
        }
    }
}

/// All of the widgets' code.
fn sources(folder: &Path) -> String {
    let mut whole = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            whole += &sources(&path);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            whole += &fs::read_to_string(&path).unwrap();
        }
    }
    whole
}
