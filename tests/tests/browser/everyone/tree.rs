//! The accessibility tree as lines: role, name, value and states, indented by what holds what.

use serde_json::Value;
use std::{collections::HashMap, fmt::Write as _};

/// States that are said where they are the case.
const STATES: [&str; 9] = [
    "checked", "disabled", "expanded", "focused", "invalid", "modal", "pressed", "required",
    "selected",
];

/// The lines of an answer of `Accessibility.getFullAXTree`, of what is within `main`.
pub fn read(answer: &Value) -> String {
    let nodes = answer["nodes"].as_array().expect("nodes");
    let by_id: HashMap<&str, &Value> =
        nodes.iter().filter_map(|node| Some((node["nodeId"].as_str()?, node))).collect();
    let main = nodes.iter().find(|node| node["role"]["value"] == "main").expect("a main");
    let mut out = String::new();
    lines(&by_id, main, "", 0, &mut out);
    out
}

fn lines(by_id: &HashMap<&str, &Value>, node: &Value, above: &str, depth: usize, out: &mut String) {
    let (role, mut name) = (text(node, "role"), steady(&text(node, "name")));
    if above == "timer" && name.bytes().all(|byte| byte.is_ascii_digit()) {
        name = "#".into();
    }
    if role == "cell" {
        // A month's days: which there are, and what they bring, is another matter each month.
        name = name.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect();
        if !name.chars().any(char::is_alphabetic) {
            return;
        }
    }
    // What has no role of its own, and words that were said as a name already.
    let plain = node["ignored"] == true
        || matches!(&*role, "none" | "generic" | "InlineTextBox" | "LabelText");
    let said = role == "StaticText" && (name.trim().is_empty() || above.contains(name.trim()));
    let shown = !plain && !said;
    let below = if role == "timer" { &role } else { &name };
    let (above, deeper) = if shown { (&**below, depth + 1) } else { (above, depth) };
    let mut within = String::new();
    for child in node["childIds"].as_array().into_iter().flatten() {
        if let Some(child) = child.as_str().and_then(|id| by_id.get(id)) {
            lines(by_id, child, above, deeper, &mut within);
        }
    }
    if shown && !(role == "row" && within.is_empty()) {
        out.push_str(&line(node, &role, &name, depth));
    }
    out.push_str(&within);
}

/// `  checkbox "I agree" [checked]`
fn line(node: &Value, role: &str, name: &str, depth: usize) -> String {
    let words = role == "StaticText";
    let mut out = "  ".repeat(depth) + if words { "text" } else { role };
    if !name.is_empty() {
        let _ = write!(out, " {name:?}");
    }
    let value = steady(&text(node, "value"));
    if !value.is_empty() && !words {
        let _ = write!(out, " = {value:?}");
    }
    for property in node["properties"].as_array().into_iter().flatten() {
        let (name, value) = (property["name"].as_str().unwrap_or(""), &property["value"]["value"]);
        if !STATES.contains(&name) || *value == false || *value == "false" {
            continue;
        }
        let value = if *value == true { String::new() } else { format!("={value}") };
        let _ = write!(out, " [{name}{value}]");
    }
    out.push('\n');
    out
}

fn text(node: &Value, part: &str) -> String {
    match &node[part]["value"] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// Without what changes from day to day: hashes, how long until when, times and dates.
fn steady(text: &str) -> String {
    let words: Vec<_> = text.split(' ').collect();
    let bare = |word: &str| word.trim_end_matches(['.', ',', '،']).to_owned();
    let number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let month = |at: Option<usize>| {
        at.and_then(|at| words.get(at)).is_some_and(|word| MONTHS.contains(&&*bare(word)))
    };
    let mut out: Vec<String> = Vec::new();
    let mut until = false;
    for (at, word) in words.iter().enumerate() {
        if until && (number(word) || UNITS.contains(&&*bare(word))) {
            if out.last().is_none_or(|last| last != "…") {
                out.push("…".into());
            }
            continue;
        }
        until = matches!(*word, "in" | "بعد");
        let hash = word.len() >= 8 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
        let time = number(word) && word.contains(':');
        let year = word.len() == 4 && word.starts_with("20");
        let date = number(word) && (year || month(at.checked_sub(1)) || month(Some(at + 1)));
        out.push(match () {
            () if hash => "…".into(),
            () if time || date => "#".into(),
            () if month(Some(at)) => "Month".into(),
            () => (*word).to_owned(),
        });
    }
    out.join(" ")
}

/// What time until something is counted in, in the snapshots' languages.
const UNITS: [&str; 11] =
    ["day", "days", "h", "min", "يوم", "واحد", "يومين", "أيام", "يومًا", "س", "د"];

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
