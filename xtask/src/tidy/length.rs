//! A file that one reader holds in the head.

use super::tree::{Tree, ending};

const MOST_LINES: usize = 500;
const ENDINGS: [&str; 7] = ["css", "js", "mjs", "py", "rs", "sql", "ts"];

pub fn complaints(tree: &Tree) -> Vec<String> {
    let code = tree.files.iter().filter(|(path, _)| ENDINGS.contains(&ending(path)));
    code.filter_map(|(path, text)| {
        let lines = text.lines().count();
        (lines > MOST_LINES).then(|| format!("{path} has {lines} lines, {MOST_LINES} allowed"))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::{Tree, complaints};

    #[test]
    fn the_line_after_the_last_allowed_is_found() {
        let (fits, long) = ("\n".repeat(500), "\n".repeat(501));
        let tree = Tree::of(&[("a/fits.rs", &fits), ("a/long.ts", &long), ("a/long.md", &long)]);
        assert_eq!(complaints(&tree), ["a/long.ts has 501 lines, 500 allowed"]);
    }
}
