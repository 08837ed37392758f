//! A kind that is a folder but not in the catalogue would be built, tested and served nowhere.

use super::tree::Tree;

pub fn complaints(tree: &Tree) -> Vec<String> {
    let mut found = Vec::new();
    let catalogue = tree.crates.iter().find(|one| one.folder == "widgets/catalogue");
    for slug in tree.kinds() {
        let name = format!("funfair-{slug}");
        let depends = catalogue
            .is_some_and(|one| one.dependencies.iter().any(|dependency| dependency.name == name));
        if !depends {
            found.push(format!("widgets/catalogue/Cargo.toml does not list {name}"));
        }
        let path = name.replace('-', "_");
        if !tree.below("widgets/catalogue/src").any(|(_, text)| text.contains(&path)) {
            found.push(format!("widgets/catalogue/src does not name {path}"));
        }
        if !tree.crates.iter().any(|one| one.name == name && one.folder.ends_with(slug)) {
            found.push(format!("widgets/{slug} is not the crate {name} of the workspace"));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{Tree, complaints};

    fn tree(catalogue: &[&str], source: &str) -> Tree {
        Tree::of(&[
            ("widgets/coin-toss/example.toml", ""),
            ("widgets/kit/src/example.toml", ""),
            ("widgets/catalogue/src/lib.rs", source),
        ])
        .with_crate("widgets/catalogue", "funfair-catalogue", catalogue)
        .with_crate("widgets/coin-toss", "funfair-coin-toss", &[])
    }

    #[test]
    fn a_kind_in_the_catalogue_is_complete() {
        assert!(
            complaints(&tree(&["funfair-coin-toss"], "funfair_coin_toss::CoinToss")).is_empty()
        );
    }

    #[test]
    fn a_forgotten_kind_is_found() {
        assert_eq!(
            complaints(&tree(&[], "")),
            [
                "widgets/catalogue/Cargo.toml does not list funfair-coin-toss",
                "widgets/catalogue/src does not name funfair_coin_toss"
            ]
        );
    }
}
