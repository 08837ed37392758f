//! Every text in every language, with the same places to fill.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::tree::Tree;

/// The locales that every folder of texts has; the first is what others are compared with.
const LOCALES: [&str; 6] = ["en", "ar", "ja", "ko", "zh-CN", "zh-TW"];

type Texts = BTreeMap<String, String>;

pub fn complaints(tree: &Tree) -> Vec<String> {
    in_locales(tree, &LOCALES)
}

fn in_locales(tree: &Tree, locales: &[&'static str]) -> Vec<String> {
    let mut found = Vec::new();
    let kit: Texts = read(tree, "kit", LOCALES[0]).unwrap_or_default();
    for folder in std::iter::once("kit").chain(tree.kinds()).chain(tree.panels()) {
        let mut all = Vec::new();
        for locale in locales.iter().copied() {
            match read(tree, folder, locale) {
                Ok(texts) => all.push((locale, texts)),
                Err(complaint) => found.push(complaint),
            }
        }
        for (locale, texts) in &all {
            for (key, text) in texts {
                if text.trim().is_empty() {
                    found.push(format!("{}: {key} is empty", path(folder, locale)));
                }
                if folder != "kit" && kit.contains_key(key) {
                    found.push(format!("{}: {key} is the kit's", path(folder, locale)));
                }
            }
        }
        if let [(_, first), others @ ..] = all.as_slice() {
            for (locale, texts) in others {
                found.extend(differences(first, texts, &path(folder, locale)));
            }
        }
    }
    found
}

fn differences(first: &Texts, other: &Texts, path: &str) -> Vec<String> {
    let mut found = Vec::new();
    // Which numbers have a form of their own is a language's own affair; else the plain one serves.
    for key in first.keys().filter(|key| !other.contains_key(plain(key))) {
        found.push(format!("{path}: {key} is missing, which {} has", LOCALES[0]));
    }
    for (key, text) in other {
        let Some(original) = first.get(plain(key)) else {
            found.push(format!("{path}: {key} is not in {}", LOCALES[0]));
            continue;
        };
        // A form may say its number by the noun alone: "one day", "two days" in Arabic.
        let said = |text: &str| -> BTreeSet<String> {
            let counted = key != plain(key);
            places(text).into_iter().filter(|n| !counted || *n != "n").map(str::to_owned).collect()
        };
        if said(original) != said(text) {
            found.push(format!("{path}: {key} fills other places than {}", LOCALES[0]));
        }
    }
    found
}

/// The key of which this one is a number's form; see `Texts::count` of the kit.
pub fn plain(key: &str) -> &str {
    let forms = [".zero", ".one", ".two", ".few", ".many"];
    forms.iter().find_map(|form| key.strip_suffix(form)).unwrap_or(key)
}

/// The names in braces.
fn places(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect()
}

fn path(folder: &str, locale: &str) -> String {
    format!("widgets/{folder}/texts/{locale}.json")
}

fn read(tree: &Tree, folder: &str, locale: &str) -> Result<Texts, String> {
    let path = path(folder, locale);
    let text = tree.files.get(&path).ok_or_else(|| format!("{path} is missing"))?;
    let value: Value = serde_json::from_str(text).map_err(|error| format!("{path}: {error}"))?;
    let object = value.as_object().ok_or_else(|| format!("{path} is no object"))?;
    object
        .iter()
        .map(|(key, text)| match text {
            Value::String(text) => Ok((key.clone(), text.clone())),
            _ => Err(format!("{path}: {key} is no text")),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Tree, in_locales};

    const LOCALES: [&str; 2] = ["en", "zh-CN"];

    #[track_caller]
    fn check(en: &str, chinese: &str, expected: &[&str]) {
        let tree = Tree::of(&[
            ("widgets/kit/texts/en.json", r#"{"retry": "Again"}"#),
            ("widgets/kit/texts/zh-CN.json", r#"{"retry": "重试"}"#),
            ("widgets/coin/example.toml", ""),
            ("widgets/coin/texts/en.json", en),
            ("widgets/coin/texts/zh-CN.json", chinese),
        ]);
        let expected: Vec<String> =
            expected.iter().map(|rest| format!("widgets/coin/texts/{rest}")).collect();
        assert_eq!(in_locales(&tree, &LOCALES), expected);
    }

    #[test]
    fn equal_keys_and_places_are_complete() {
        check(r#"{"left": "{n} of {all}"}"#, r#"{"left": "共{all}次，剩{n}次"}"#, &[]);
    }

    #[test]
    fn a_missing_key_is_found_on_either_side() {
        check(r#"{"a": "A"}"#, "{}", &["zh-CN.json: a is missing, which en has"]);
        check("{}", r#"{"a": "甲"}"#, &["zh-CN.json: a is not in en"]);
    }

    #[test]
    fn a_language_without_a_singular_leaves_it_out() {
        check(r#"{"a": "{n} days", "a.one": "{n} day"}"#, r#"{"a": "{n}天"}"#, &[]);
    }

    #[test]
    fn an_empty_text_and_a_lost_place_are_found() {
        check(r#"{"a": " "}"#, r#"{"a": "甲"}"#, &["en.json: a is empty"]);
        let lost = "zh-CN.json: a fills other places than en";
        check(r#"{"a": "{n} left"}"#, r#"{"a": "剩下"}"#, &[lost]);
    }

    #[test]
    fn a_text_of_the_kit_is_not_said_again() {
        let twice = ["en.json: retry is the kit's", "zh-CN.json: retry is the kit's"];
        check(r#"{"retry": "Again"}"#, r#"{"retry": "重试"}"#, &twice);
    }

    #[test]
    fn a_missing_file_is_found() {
        let tree = Tree::of(&[("widgets/kit/texts/en.json", "{}")]);
        assert_eq!(in_locales(&tree, &LOCALES), ["widgets/kit/texts/zh-CN.json is missing"]);
    }
}
