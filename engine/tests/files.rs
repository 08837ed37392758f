//! An activity file with a fault is refused with the key, the reason and a cure.

use funfair_engine::{Clock, Setup};

const FILE: &str = r#"kind = "spin-wheel"
title = { en = "Wheel", zh-CN = "转盘" }
terms = { en = "For the tests.", zh-CN = "测试用。" }
opens_at = "2026-01-01T00:00:00"
closes_at = "2036-01-01T00:00:00"
look = "new-year"

[rules]
"#;

fn read(text: &str) -> Result<Setup, Vec<String>> {
    let clock = Clock::new("Asia/Shanghai", 0).unwrap();
    Setup::parse(text, &clock).map_err(|faults| faults.iter().map(ToString::to_string).collect())
}

const MISSING: &str = "it is missing; add it; the kind's example.toml shows how";

/// What a file says, what it says instead, and what is said about that.
const FAULTS: &[(&str, &str, &[&str])] = &[
    ("kind = \"spin-wheel\"", "kind = ", &["line 1: "]),
    ("kind = \"spin-wheel\"", "kind = 7", &["kind: invalid type: integer `7`"]),
    ("zh-CN = \"转盘\"", "zh-CN = \"\"", &["title: there is no text in zh-CN; add title.zh-CN"]),
    ("2026-01-01T", "2026-02-30T", &["opens_at: \"2026-02-30T00:00:00\" is no local time; write"]),
    ("2036", "2016", &["closes_at: the activity closes before it opens; give a later time"]),
    (
        "new-year",
        "neon",
        &["look: there is no look \"neon\"; use one of plain, double-11, new-year"],
    ),
    (
        "title = {",
        "titel = {",
        &[
            "title: it is missing; add it",
            "titel: unknown field `titel`; remove it, or correct its spelling",
        ],
    ),
    ("[rules]\n", "", &["rules: it is missing; add it"]),
];

#[test]
fn every_fault_names_its_key_and_a_cure() {
    for (is, instead, expected) in FAULTS {
        let changed = FILE.replace(is, instead);
        assert_ne!(changed, FILE, "{is}");
        let faults = read(&changed).unwrap_err();
        assert_eq!(faults.len(), expected.len(), "{instead}: {faults:?}");
        for (fault, expected) in faults.iter().zip(*expected) {
            assert!(fault.starts_with(expected), "{instead}: {fault}");
        }
    }
}

#[test]
fn all_that_a_file_lacks_is_named_at_once() {
    let lacks = |key| format!("{key}: {MISSING}");
    let faults = read("kind = \"spin-wheel\"").unwrap_err();
    assert_eq!(faults, ["title", "terms", "opens_at", "closes_at", "rules"].map(lacks));
}

#[test]
fn every_look_of_the_widgets_is_taken_and_none_is_plain() {
    for look in ["plain", "double-11", "new-year"] {
        assert_eq!(read(&FILE.replace("new-year", look)).unwrap().look, look);
    }
    assert_eq!(read(&FILE.replace("look = \"new-year\"\n", "")).unwrap().look, "plain");
}
