//! What comes from outside: known registries, locked contents, exact versions, licences that
//! deny.toml allows. `cargo deny` says more, but is no part of a fresh clone.

use serde_json::Value;

use super::tree::Tree;

const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

pub fn complaints(tree: &Tree) -> Vec<String> {
    let text = |path: &str| tree.files.get(path).map_or("", String::as_str);
    let mut found = crates(text("Cargo.lock"));
    found.extend(npm_versions(text("package.json")));
    found.extend(npm_contents(text("package-lock.json")));
    let allowed = allowed(text("deny.toml"));
    for (name, licence) in &tree.licences {
        if !permitted(licence, &allowed) {
            found.push(format!("{name} is under {licence}, which deny.toml does not allow"));
        }
    }
    found
}

/// Every crate that is not ours comes from the one registry, with a checksum.
fn crates(lock: &str) -> Vec<String> {
    let Ok(lock) = lock.parse::<toml::Table>() else { return vec!["no Cargo.lock".to_owned()] };
    let packages = lock.get("package").and_then(toml::Value::as_array);
    let outside = packages.into_iter().flatten().filter_map(|package| {
        let source = package.get("source")?.as_str()?;
        let known = source == REGISTRY && package.get("checksum").is_some();
        (!known).then(|| format!("Cargo.lock: {} comes from {source}", package["name"]))
    });
    outside.collect()
}

fn npm_versions(manifest: &str) -> Vec<String> {
    let manifest: Value = serde_json::from_str(manifest).unwrap_or_default();
    let groups = ["dependencies", "devDependencies"];
    let listed = groups.iter().filter_map(|group| manifest[group].as_object()).flatten();
    let loose = listed.filter(|(_, version)| {
        !version.as_str().is_some_and(|version| version.starts_with(|c: char| c.is_ascii_digit()))
    });
    loose.map(|(name, version)| format!("package.json: {name} {version} is no version")).collect()
}

fn npm_contents(lock: &str) -> Vec<String> {
    let lock: Value = serde_json::from_str(lock).unwrap_or_default();
    let Some(packages) = lock["packages"].as_object() else {
        return vec!["no package-lock.json".to_owned()];
    };
    let outside = packages.iter().filter(|(path, _)| !path.is_empty());
    let loose = outside.filter(|(_, package)| package["integrity"].as_str().is_none());
    loose.map(|(path, _)| format!("package-lock.json: {path} has no integrity")).collect()
}

fn allowed(deny: &str) -> Vec<String> {
    let deny: toml::Table = deny.parse().unwrap_or_default();
    let list = deny.get("licenses").and_then(|table| table.get("allow"));
    let list = list.and_then(toml::Value::as_array).into_iter().flatten();
    list.filter_map(|licence| licence.as_str().map(str::to_owned)).collect()
}

/// An SPDX expression as crates have them: alternatives of conjunctions, one level of brackets.
fn permitted(expression: &str, allowed: &[String]) -> bool {
    if let Some((inner, rest)) =
        expression.strip_prefix('(').and_then(|rest| rest.split_once(") AND "))
    {
        return permitted(inner, allowed) && permitted(rest, allowed);
    }
    let expression = expression.replace('/', " OR ");
    expression.split(" OR ").any(|all| {
        all.split(" AND ").all(|one| allowed.iter().any(|licence| licence == one.trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::{Tree, complaints, permitted};

    const LOCK: &str = "[[package]]\nname = \"ours\"\nversion = \"0.1.0\"\n";
    const NPM: &str = r#"{"packages": {"": {}, "node_modules/a": {"integrity": "sha512-x"}}}"#;

    fn tree(files: &[(&str, &str)]) -> Tree {
        let mut tree = Tree::of(&[("Cargo.lock", LOCK), ("package-lock.json", NPM)]);
        for (path, text) in files {
            tree.files.insert((*path).to_owned(), (*text).to_owned());
        }
        tree
    }

    #[test]
    fn locked_and_licensed_passes() {
        assert!(complaints(&tree(&[])).is_empty());
    }

    #[test]
    fn a_crate_from_elsewhere_is_found() {
        let lock = "[[package]]\nname = \"odd\"\nsource = \"git+https://example.org/odd\"\n";
        let found = complaints(&tree(&[("Cargo.lock", lock)]));
        assert_eq!(found, ["Cargo.lock: \"odd\" comes from git+https://example.org/odd"]);
    }

    #[test]
    fn a_range_and_an_unlocked_package_are_found() {
        let range = r#"{"devDependencies": {"a": "^1.0.0"}}"#;
        assert_eq!(complaints(&tree(&[("package.json", range)])).len(), 1);
        let unlocked = r#"{"packages": {"node_modules/a": {}}}"#;
        assert_eq!(complaints(&tree(&[("package-lock.json", unlocked)])).len(), 1);
    }

    #[test]
    fn a_licence_that_is_not_allowed_is_found() {
        let mut tree = tree(&[("deny.toml", "[licenses]\nallow = [\"MIT\"]")]);
        tree.licences.insert("odd".to_owned(), "AGPL-3.0".to_owned());
        assert_eq!(complaints(&tree).len(), 1);
    }

    #[test]
    fn expressions_of_licences_are_read() {
        let allowed = ["MIT".to_owned(), "Unicode-3.0".to_owned()];
        assert!(permitted("Apache-2.0 OR MIT", &allowed));
        assert!(permitted("MIT/Apache-2.0", &allowed));
        assert!(permitted("(MIT OR Apache-2.0) AND Unicode-3.0", &allowed));
        assert!(!permitted("MIT AND BSD-3-Clause", &allowed));
        assert!(!permitted("(MIT OR Apache-2.0) AND ISC", &allowed));
    }
}
