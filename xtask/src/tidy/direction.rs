//! Which crate may build on which. What is absent is forbidden.

use super::tree::{Crate, Tree};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Role {
    HostApi,
    Engine,
    Kit,
    Kind,
    Panel,
    Catalogue,
    Bundle,
    Server,
    Page,
    Example,
    Cluster,
    Tests,
    Tools,
}
use Role::{
    Bundle, Catalogue, Cluster, Engine, Example, HostApi, Kind, Kit, Page, Panel, Server, Tests,
    Tools,
};

/// What a shipped part builds on, in the order from the boundary outwards.
const ALLOWED: [(Role, &[Role]); 13] = [
    (HostApi, &[]),
    (Engine, &[HostApi]),
    (Kit, &[HostApi]),
    (Kind, &[HostApi, Engine, Kit]),
    // What shows and does not play has no rules.
    (Panel, &[HostApi, Kit]),
    (Catalogue, &[HostApi, Engine, Kit, Kind]),
    // A bundle holds some of the kinds, so it picks them one by one.
    (Bundle, &[HostApi, Kit, Catalogue, Kind, Panel]),
    (Server, &[HostApi, Engine, Kit, Catalogue]),
    (Page, &[HostApi, Engine, Kit, Catalogue, Panel]),
    (Example, &[HostApi, Engine, Kit, Catalogue, Server]),
    // A database for tests of every crate, so it is built on none of them.
    (Cluster, &[]),
    (Tests, &[HostApi, Engine, Kit, Catalogue, Server, Example, Cluster]),
    (Tools, &[Cluster]),
];

/// What the crates that promise purity are not built from, however indirectly.
const ABSENT: [(Role, &str, &[&str]); 3] = [
    (Engine, "reads no clock, asks for no entropy, speaks no SQL and no HTTP", &OUTSIDE),
    (HostApi, "has no I/O, clock or entropy", &OUTSIDE),
    (Kit, "touches no DOM and has no I/O", &OUTSIDE),
];

const OUTSIDE: [&str; 19] = [
    "axum",
    "chrono",
    "diesel",
    "getrandom",
    "h2",
    "hyper",
    "instant",
    "js-sys",
    "rand",
    "reqwest",
    "rusqlite",
    "sqlx",
    "time",
    "tokio",
    "tokio-postgres",
    "ureq",
    "wasm-bindgen",
    "web-sys",
    "web-time",
];

pub fn complaints(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    for one in &tree.crates {
        let Some(role) = role(one) else {
            found.push(format!("{} ({}) has no place in the direction", one.name, one.folder));
            continue;
        };
        let allowed =
            ALLOWED.iter().find(|(of, _)| *of == role).map_or(&[][..], |(_, roles)| roles);
        for dependency in &one.dependencies {
            let Some(target) = tree.crates.iter().find(|other| other.name == dependency.name)
            else {
                continue;
            };
            let Some(to) = self::role(target) else { continue };
            // What a crate's own tests use may come from further out, but no kind names another.
            let tested = dependency.dev && to != Kind && to != Bundle;
            if !(allowed.contains(&to) || tested) {
                found.push(format!("{} depends on {}", one.name, target.name));
            }
            if role == Kind && matches!(to, Engine | Kit) && !dependency.optional && !dependency.dev
            {
                found.push(format!("{} depends on {} without a feature", one.name, target.name));
            }
        }
        for (of, promise, absent) in ABSENT {
            let all = tree.built_from.get(&one.name);
            for stranger in absent.iter().filter(|name| all.is_some_and(|all| all.contains(**name)))
            {
                if of == role {
                    found.push(format!("{} {promise}, but is built from {stranger}", one.name));
                }
            }
        }
    }
    found
}

fn role(one: &Crate) -> Option<Role> {
    Some(match one.folder.as_str() {
        "host-api" => HostApi,
        "engine" => Engine,
        "widgets/kit" => Kit,
        "widgets/catalogue" => Catalogue,
        "widgets/bundle" => Bundle,
        "widgets/hub" | "widgets/wallet" => Panel,
        "server" => Server,
        "www" => Page,
        "tests/cluster" => Cluster,
        "fuzz" | "tests" | "tests/load" => Tests,
        "xtask" => Tools,
        folder if folder.starts_with("widgets/") => Kind,
        folder if folder.starts_with("examples/") => Example,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tree::Dependency;
    use super::{Tree, complaints};

    fn tree() -> Tree {
        Tree::default()
            .with_crate("host-api", "funfair-host-api", &["serde"])
            .with_crate("engine", "funfair-engine", &["funfair-host-api"])
            .with_crate("widgets/catalogue", "funfair-catalogue", &["funfair-coin"])
            .with_crate("server", "funfair-server", &["funfair-catalogue", "tokio"])
    }

    fn kind(mut tree: Tree, on: &str, optional: bool, dev: bool) -> Tree {
        tree = tree.with_crate("widgets/coin", "funfair-coin", &[]);
        let dependency = Dependency { name: on.to_owned(), dev, optional };
        tree.crates.last_mut().unwrap().dependencies.push(dependency);
        tree
    }

    #[test]
    fn the_design_passes() {
        assert!(complaints(&kind(tree(), "funfair-engine", true, false)).is_empty());
        assert!(complaints(&kind(tree(), "funfair-engine", false, true)).is_empty());
    }

    #[test]
    fn an_arrow_against_the_direction_is_found() {
        let tree = tree().with_crate("widgets/kit", "funfair-kit", &["funfair-engine"]);
        assert_eq!(complaints(&tree), ["funfair-kit depends on funfair-engine"]);
    }

    #[test]
    fn a_kind_names_no_other_kind_even_in_its_tests() {
        let tree = tree().with_crate("widgets/dice", "funfair-dice", &[]);
        let found = complaints(&kind(tree, "funfair-dice", false, true));
        assert_eq!(found, ["funfair-coin depends on funfair-dice"]);
    }

    #[test]
    fn a_kind_takes_the_engine_by_a_feature_only() {
        let found = complaints(&kind(tree(), "funfair-engine", false, false));
        assert_eq!(found, ["funfair-coin depends on funfair-engine without a feature"]);
    }

    #[test]
    fn entropy_far_below_the_engine_is_found() {
        let mut tree = tree();
        let built_from = ["hmac".to_owned(), "getrandom".to_owned()].into();
        tree.built_from.insert("funfair-engine".to_owned(), built_from);
        assert_eq!(complaints(&tree).len(), 1);
        assert!(complaints(&tree)[0].ends_with("is built from getrandom"));
    }

    #[test]
    fn a_crate_without_a_role_is_found() {
        let tree = tree().with_crate("helpers", "funfair-helpers", &[]);
        assert_eq!(complaints(&tree), ["funfair-helpers (helpers) has no place in the direction"]);
    }
}
