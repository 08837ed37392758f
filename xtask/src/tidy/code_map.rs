//! The code map of docs/ARCHITECTURE.md, held to the tree: a map that names folders long gone
//! misleads more than none.

use super::tree::Tree;

const DOCUMENT: &str = "docs/ARCHITECTURE.md";

pub fn complaints(tree: &Tree) -> Vec<String> {
    let Some(text) = tree.files.get(DOCUMENT) else {
        return vec![format!("{DOCUMENT} is missing")];
    };
    let Some(block) = fenced_below(text, "Code map") else {
        return vec![format!("{DOCUMENT} has no fenced block below a heading `Code map`")];
    };
    let named = paths(block);
    let mut found = Vec::new();
    for path in named.iter().filter(|path| !path.contains('<')) {
        let folder = path.trim_end_matches('/');
        let exists = tree.files.contains_key(folder) || tree.below(folder).next().is_some();
        if !exists {
            found.push(format!("{DOCUMENT}: the code map names {path}, which does not exist"));
        }
    }
    for one in &tree.crates {
        let folder = format!("{}/", one.folder);
        if !named.iter().any(|path| covers(path, &folder)) {
            found.push(format!("{DOCUMENT}: the code map does not name {folder}"));
        }
    }
    found
}

/// `widgets/<kind>/` stands for each folder of widgets/.
fn covers(path: &str, folder: &str) -> bool {
    let (mut named, mut real) = (path.split('/'), folder.split('/'));
    loop {
        match (named.next(), real.next()) {
            (None, None) => return true,
            (Some(word), Some(part)) if word == part || word.starts_with('<') => {}
            _ => return false,
        }
    }
}

/// The text of the first fenced block after a heading.
fn fenced_below<'a>(text: &'a str, heading: &str) -> Option<&'a str> {
    let mut rest = text;
    loop {
        let (line, after) = rest.split_once('\n')?;
        rest = after;
        if line.starts_with('#') && line.trim_start_matches('#').trim() == heading {
            let (_, opened) = rest.split_once("```")?;
            let (_, block) = opened.split_once('\n')?;
            return Some(block.split_once("```")?.0);
        }
    }
}

/// Paths from the root: indentation (drawn lines count as such) says what lies in what. A line
/// names its folder or file by its first word; a line that starts with prose names none.
fn paths(block: &str) -> Vec<String> {
    let mut above: Vec<(usize, String)> = Vec::new();
    let mut found = Vec::new();
    for line in block.lines() {
        let drawn = |c: char| " │├└─|".contains(c);
        let indent = line.chars().take_while(|c| drawn(*c)).count();
        let Some(word) = line.trim_start_matches(drawn).split_whitespace().next() else { continue };
        while above.last().is_some_and(|(outer, _)| *outer >= indent) {
            above.pop();
        }
        let parent = above.last().map_or("", |(_, path)| path.as_str());
        let path = format!("{parent}{word}");
        if word.ends_with('/') {
            above.push((indent, path.clone()));
            found.push(path);
        } else if word.contains('.') && !word.ends_with('.') {
            found.push(path);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{DOCUMENT, Tree, complaints, paths};

    fn tree(map: &str) -> Tree {
        let document = format!("# Architecture\n\n## Code map\n\nProse.\n\n```text\n{map}```\n");
        Tree::of(&[
            (DOCUMENT, &document),
            ("engine/src/lib.rs", ""),
            ("widgets/coin/src/lib.rs", ""),
            ("wasm-pack.toml", ""),
        ])
        .with_crate("engine", "funfair-engine", &[])
        .with_crate("widgets/coin", "funfair-coin", &[])
    }

    #[test]
    fn a_true_map_passes() {
        let map = "wasm-pack.toml   the bundles\nengine/   rules run here\n\
            \x20           and state is kept\nwidgets/\n  <kind>/   one kind\n";
        assert!(complaints(&tree(map)).is_empty(), "{:?}", complaints(&tree(map)));
    }

    #[test]
    fn a_folder_long_gone_is_found() {
        let found = complaints(&tree("engine/\nold/  gone\nwidgets/\n  <kind>/\n"));
        assert_eq!(found, ["docs/ARCHITECTURE.md: the code map names old/, which does not exist"]);
    }

    #[test]
    fn a_crate_off_the_map_is_found() {
        let found = complaints(&tree("widgets/\n└── coin/\n"));
        assert_eq!(found, ["docs/ARCHITECTURE.md: the code map does not name engine/"]);
    }

    #[test]
    fn drawn_lines_indent() {
        assert_eq!(
            paths("a/\n├── b/\n│   └── c.rs  x\n└── d/\n"),
            ["a/", "a/b/", "a/b/c.rs", "a/d/"]
        );
    }

    #[test]
    fn no_map_is_a_complaint() {
        assert_eq!(complaints(&Tree::of(&[(DOCUMENT, "# Code map\n")])).len(), 1);
    }
}
