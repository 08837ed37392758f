//! What a page may rely on, for editors and compilers: custom-elements.json, funfair.d.ts, react.d.ts.
//!
//! One source, widgets/bundle/elements.toml, held to the shell's own text in both directions. Parts and
//! custom properties need no list: the views and the style sheets are one.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::{Bundle, Manifest};
use crate::repo::Repo;

const SOURCE: &str = "widgets/bundle/elements.toml";
const SHELL: &str = "widgets/bundle/shell";

/// The shell's files with elements, those of either machine.
const FILES: [(&str, &[&str]); 2] =
    [("play", &["element.ts"]), ("panel", &["panel.ts", "hub.ts", "wallet.ts"])];

/// Where the cores tell the page something by name.
const CORES: [&str; 2] = ["widgets/kit/src", "widgets/kit/src/panel"];

/// What a browser calls by itself.
const LIFE: [&str; 4] =
    ["connectedCallback", "disconnectedCallback", "attributeChangedCallback", "constructor"];

/// Writes the three files into a version's folder.
pub fn write(repo: &Repo, manifest: &Manifest, folder: &Path) -> Result<()> {
    let text = std::fs::read_to_string(repo.path(SOURCE)).context(SOURCE)?;
    let told: toml::Table = text.parse().context(SOURCE)?;
    holds(repo, &told)?;
    let mut modules = Vec::new();
    for bundle in &manifest.bundles {
        modules.push(module(repo, &told, bundle)?);
    }
    let whole = json!({ "schemaVersion": "2.1.0", "readme": "README.md", "modules": modules });
    std::fs::write(
        folder.join("custom-elements.json"),
        serde_json::to_string_pretty(&whole)? + "\n",
    )?;
    std::fs::write(folder.join("funfair.d.ts"), types(repo, manifest, &told)?)?;
    std::fs::write(folder.join("react.d.ts"), react(manifest)?).context("react.d.ts")
}

/// Refuses a list that says more or less than the shell.
fn holds(repo: &Repo, told: &toml::Table) -> Result<()> {
    let mut events = BTreeSet::new();
    for folder in CORES {
        for file in std::fs::read_dir(repo.path(folder)).context(folder)? {
            let path = file?.path();
            if path.is_file() {
                events.extend(words(&std::fs::read_to_string(path)?, "\"note\", \"", '"'));
            }
        }
    }
    let (mut attributes, mut methods) = (BTreeSet::new(), BTreeSet::new());
    for file in FILES.iter().flat_map(|(_, files)| *files) {
        let text = std::fs::read_to_string(repo.path(SHELL).join(file)).context(*file)?;
        attributes.extend(words(&text, "this.getAttribute('", '\''));
        attributes.extend(words(&text, "this.hasAttribute('", '\''));
        let observed = words(&text, "observedAttributes = [", ']');
        attributes.extend(observed.iter().flat_map(|list| words(list, "'", '\'')));
        events.extend(words(&text, "this._note('", '\''));
        events.extend(words(&text, "this._wish('", '\''));
        methods.extend(text.lines().filter_map(method));
    }
    for (what, known) in [("attributes", attributes), ("methods", methods), ("events", events)] {
        let listed: BTreeSet<String> = table(told, what)?.keys().cloned().collect();
        let apart: Vec<_> = known.symmetric_difference(&listed).collect();
        ensure!(apart.is_empty(), "{SOURCE} and the shell differ in {what}: {apart:?}");
    }
    Ok(())
}

/// What stands between each `open` and the next `close`.
fn words(text: &str, open: &str, close: char) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(open) {
        let Some((word, after)) = after.split_once(close) else { break };
        found.insert(word.to_owned());
        rest = after;
    }
    found
}

/// The name of the public method that a class's line begins.
fn method(line: &str) -> Option<String> {
    let name = line.strip_prefix("  ")?.split_once('(')?.0;
    let plain = name.chars().all(char::is_alphanumeric) && line.ends_with('{');
    (plain && !LIFE.contains(&name)).then(|| name.to_owned())
}

fn table<'a>(told: &'a toml::Table, what: &str) -> Result<&'a toml::Table> {
    told.get(what).and_then(toml::Value::as_table).with_context(|| format!("{SOURCE}: no {what}"))
}

/// The entries of a list that an element has: name, words, type.
fn own<'a>(
    told: &'a toml::Table,
    what: &str,
    bundle: &Bundle,
    slug: &str,
) -> Result<Vec<(&'a str, &'a str, &'a str)>> {
    let machine = FILES[usize::from(bundle.panel)].0;
    let mut found = Vec::new();
    for (name, entry) in table(told, what)? {
        let of = entry.get("of").and_then(toml::Value::as_array).context("`of`")?;
        if of.iter().any(|one| one.as_str() == Some(machine) || one.as_str() == Some(slug)) {
            let said = |key| entry.get(key).and_then(toml::Value::as_str).unwrap_or_default();
            found.push((name.as_str(), said("text"), said("detail")));
        }
    }
    Ok(found)
}

/// The manifest of one file.
fn module(repo: &Repo, told: &toml::Table, bundle: &Bundle) -> Result<Value> {
    let path = format!("{}.js", bundle.name);
    let mut declarations = vec![json!({
        "kind": "function", "name": "configure",
        "description": "Tells how a store's elements talk to it; before or after they appear.",
        "parameters": [
            { "name": "store", "type": { "text": "string" } },
            { "name": "host", "type": { "text": "Host" } },
        ],
    })];
    let named = |name: &str| json!({ "name": name, "module": path });
    let mut exports =
        vec![json!({ "kind": "js", "name": "configure", "declaration": named("configure") })];
    for slug in &bundle.kinds {
        let (tag, class) = (format!("funfair-{slug}"), class(slug));
        let list = |what| own(told, what, bundle, slug);
        let typed = |(name, text, of): &(&str, &str, &str)| json!({ "name": name, "description": text, "type": { "text": of } });
        let attributes: Vec<_> = list("attributes")?
            .iter()
            .map(|(name, text, _)| typed(&(name, text, "string")))
            .collect();
        let methods: Vec<_> = list("methods")?
            .iter()
            .map(|(name, text, _)| json!({ "kind": "method", "name": name, "description": text }))
            .collect();
        let events: Vec<_> = list("events")?
            .iter()
            .map(|(name, text, detail)| {
                typed(&(&format!("funfair-{name}"), text, &format!("CustomEvent<{detail}>")))
            })
            .collect();
        let bare = |names: BTreeSet<String>| -> Vec<Value> {
            names.iter().map(|name| json!({ "name": name })).collect()
        };
        exports.push(json!({
            "kind": "custom-element-definition", "name": tag, "declaration": named(&class),
        }));
        declarations.push(json!({
            "kind": "class", "customElement": true, "name": class, "tagName": tag,
            "superclass": { "name": "HTMLElement" },
            "attributes": attributes, "members": methods, "events": events,
            "cssParts": bare(parts(repo, slug)?), "cssProperties": bare(properties(repo, slug)?),
        }));
    }
    Ok(json!({
        "kind": "javascript-module", "path": path,
        "declarations": declarations, "exports": exports,
    }))
}

/// `FunfairSpinWheelElement`; only a type, since an element is made by its tag.
fn class(slug: &str) -> String {
    let word = |word: &str| word[..1].to_uppercase() + &word[1..];
    format!("Funfair{}Element", slug.split('-').map(word).collect::<String>())
}

fn parts(repo: &Repo, slug: &str) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for folder in ["kit", slug] {
        for file in super::files(&repo.path(format!("widgets/{folder}/src")))? {
            for rest in std::fs::read_to_string(&file)?.split("part=").skip(1) {
                let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '-');
                found.insert(rest[..end.unwrap_or(rest.len())].to_owned());
            }
        }
    }
    found.remove("");
    Ok(found)
}

fn properties(repo: &Repo, slug: &str) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for folder in ["kit", slug] {
        let sheet = std::fs::read_to_string(repo.path(format!("widgets/{folder}/style.css")))?;
        found.extend(words(&sheet, "var(--funfair-", ','));
    }
    Ok(found.into_iter().map(|name| format!("--funfair-{name}")).collect())
}

/// The types of what a page writes: the shell's own interfaces, word by word, and the elements.
fn types(repo: &Repo, manifest: &Manifest, told: &toml::Table) -> Result<String> {
    let mut out = String::from("// Written by `cargo xtask build`.\n");
    for file in ["host.ts", "bridge.ts", "frame.ts"] {
        let text = std::fs::read_to_string(repo.path(SHELL).join(file)).context(file)?;
        let typed = ["export interface ", "export type "];
        let typed = |part: &&str| typed.iter().any(|begins| part.contains(begins));
        for part in text.split("\n\n").filter(typed) {
            write!(out, "\n{}\n", part.trim())?;
        }
    }
    out.push_str(
        "\n/** Tells how a store's elements talk to it; before or after they appear on the page. */\n\
         export declare function configure(store: string, host: Host): void;\n\
         \n/** The same in a mini-program's web view; of `funfair/bridge` alone. */\n\
         export declare function connect(store: string, pages?: Pages, host?: Host): Bridge;\n\
         \n/** Puts a widget in a frame, as the last child of `at`; of `funfair/frame` alone. */\n\
         export declare function frame(at: Element, framed: Framed): Frame;\n",
    );
    let mut tags = String::new();
    let mut done = BTreeSet::new();
    for bundle in &manifest.bundles {
        for slug in bundle.kinds.iter().filter(|slug| done.insert((*slug).clone())) {
            let class = class(slug);
            let name = class.trim_end_matches("Element").to_owned();
            writeln!(tags, "    'funfair-{slug}': {class};")?;
            writeln!(out, "\nexport interface {name}Attributes {{")?;
            for (name, text, _) in own(told, "attributes", bundle, slug)? {
                writeln!(out, "  /** {text} */\n  '{name}'?: string;")?;
            }
            writeln!(out, "}}\n\nexport interface {name}EventMap extends HTMLElementEventMap {{")?;
            for (name, text, detail) in own(told, "events", bundle, slug)? {
                writeln!(out, "  /** {text} */\n  'funfair-{name}': CustomEvent<{detail}>;")?;
            }
            writeln!(out, "}}\n\nexport interface {class} extends HTMLElement {{")?;
            for (name, text, _) in own(told, "methods", bundle, slug)? {
                writeln!(out, "  /** {text} */\n  {name}(): void;")?;
            }
            for way in ["add", "remove"] {
                let more =
                    if way == "add" { "AddEventListenerOptions" } else { "EventListenerOptions" };
                writeln!(
                    out,
                    "  {way}EventListener<K extends keyof {name}EventMap>(\n    type: K,\n    \
                     listener: (this: {class}, event: {name}EventMap[K]) => unknown,\n    \
                     options?: boolean | {more},\n  ): void;\n  \
                     {way}EventListener(\n    type: string,\n    \
                     listener: EventListenerOrEventListenerObject,\n    \
                     options?: boolean | {more},\n  ): void;"
                )?;
            }
            out.push_str("}\n");
        }
    }
    write!(out, "\ndeclare global {{\n  interface HTMLElementTagNameMap {{\n{tags}  }}\n}}\n")?;
    Ok(out)
}

/// The elements as React's compiler knows them.
fn react(manifest: &Manifest) -> Result<String> {
    let slugs: BTreeSet<_> = manifest.bundles.iter().flat_map(|bundle| &bundle.kinds).collect();
    let mut out = String::from(
        "// Written by `cargo xtask build`: `\"types\": [\"funfair/react\"]` where tags stand in JSX.\n\
         import type * as Funfair from './funfair.js';\nimport type * as React from 'react';\n\n\
         /** `onfunfair-result` and so on. */\ntype On<Events> = {\n  \
         [Name in keyof Events as Name extends `funfair-${string}` ? `on${Name}` : never]?: (event: Events[Name]) => void;\n\
         };\ntype Tag<Element, Attributes, Events> =\n  \
         React.DetailedHTMLProps<React.HTMLAttributes<Element>, Element> & Attributes & On<Events>;\n\n\
         declare module 'react' {\n  namespace JSX {\n    interface IntrinsicElements {\n",
    );
    for slug in slugs {
        let class = class(slug);
        let name = class.trim_end_matches("Element");
        let types = ["Element", "Attributes", "EventMap"].map(|of| format!("Funfair.{name}{of}"));
        writeln!(out, "      'funfair-{slug}': Tag<{}>;", types.join(", "))?;
    }
    Ok(out + "    }\n  }\n}\n")
}

#[cfg(test)]
mod tests {
    use super::{class, method, words};

    #[test]
    fn a_public_method_is_told_from_what_a_browser_calls_and_what_is_private() {
        assert_eq!(method("  refresh(): void {"), Some("refresh".into()));
        assert_eq!(method("  connectedCallback(): void {"), None);
        assert_eq!(method("  _note(name: string): void {"), None);
        assert_eq!(method("    refresh(): void {"), None);
    }

    #[test]
    fn words_are_found_between_their_marks() {
        let found = words("x('a') y x('b-c')", "x('", '\'');
        assert_eq!(found, ["a".to_owned(), "b-c".to_owned()].into());
    }

    #[test]
    fn a_slug_names_a_type() {
        assert_eq!(class("spin-wheel"), "FunfairSpinWheelElement");
    }
}
