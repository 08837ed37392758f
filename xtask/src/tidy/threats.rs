//! docs/THREATS.md: each attack ends with its test or with the words "not yet". A gap that is
//! said can be planned for; a silent one cannot.

use super::tree::{Tree, ending};

const DOCUMENT: &str = "docs/THREATS.md";
const GAP: &str = "not yet";

/// Attacks that have to have a row: words that the row's first cell contains, in any case.
const ATTACKS: [&str; 25] = [
    "forged outcome",
    "replayed play",
    "stolen or cross-store token",
    "alg confusion",
    "clock",
    "midnight",
    "parallel plays",
    "wins on stock",
    "crash between debit and draw",
    "enumeration",
    "guess-price",
    "vote stuffing",
    "self-invite",
    "XSS",
    "clickjacking",
    "postMessage",
    "prototype pollution",
    "open redirect",
    "CSV injection",
    "SSRF",
    "personal data in logs",
    "passphrase",
    "RNG",
    "operator",
    "supply chain",
];

pub fn complaints(tree: &Tree) -> Vec<String> {
    let Some(text) = tree.files.get(DOCUMENT) else {
        return vec![format!("{DOCUMENT} is missing")];
    };
    let rows: Vec<Vec<&str>> = text.lines().filter_map(cells).collect();
    let mut found = Vec::new();
    for attack in ATTACKS {
        let named = |row: &Vec<&str>| {
            row.first().is_some_and(|cell| plain(cell).contains(&attack.to_lowercase()))
        };
        if !rows.iter().any(named) {
            found.push(format!("{DOCUMENT} has no row for the attack: {attack}"));
        }
    }
    for row in &rows {
        let (attack, last) = (row[0], row[row.len() - 1]);
        let tests: Vec<&str> = last.split('`').skip(1).step_by(2).collect();
        if tests.is_empty() && !last.to_lowercase().contains(GAP) {
            found.push(format!("{DOCUMENT}: {attack}: neither a test nor \"{GAP}\""));
        }
        for test in tests {
            let name = test.rsplit("::").next().unwrap_or(test);
            if !tree.files.iter().any(|(path, text)| ending(path) == "rs" && defines(text, name)) {
                found.push(format!("{DOCUMENT}: {attack}: no test is named {test}"));
            }
        }
    }
    found
}

/// A row's cells; none for a line that is no row, a table's head or the line below it.
fn cells(line: &str) -> Option<Vec<&str>> {
    let inner = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    let cells: Vec<&str> = inner.split('|').map(str::trim).collect();
    let ruled = cells.iter().all(|cell| cell.chars().all(|c| "-: ".contains(c)));
    let head = cells[0].eq_ignore_ascii_case("attack");
    (!ruled && !head && cells.len() > 1).then_some(cells)
}

fn plain(cell: &str) -> String {
    cell.replace(['`', '*'], "").to_lowercase()
}

fn defines(text: &str, name: &str) -> bool {
    text.match_indices("fn ").any(|(at, _)| {
        text[at + 3..].strip_prefix(name).is_some_and(|rest| rest.starts_with(['(', '<']))
    })
}

#[cfg(test)]
mod tests {
    use super::{ATTACKS, DOCUMENT, Tree, complaints};

    /// A document with a row for each attack, the first ending in `last`.
    fn tree(last: &str) -> Tree {
        let rows = ATTACKS.iter().enumerate().map(|(index, attack)| {
            format!("| {attack} | none | {} |", if index == 0 { last } else { "not yet" })
        });
        let text = format!(
            "| Attack | A | Test |\n|---|---|---|\n{}\n",
            rows.collect::<Vec<_>>().join("\n")
        );
        Tree::of(&[(DOCUMENT, &text), ("tests/a.rs", "#[test]\nfn a_forged_one_is_refused() {}")])
    }

    #[test]
    fn a_test_that_exists_or_a_stated_gap_passes() {
        assert!(complaints(&tree("`a_forged_one_is_refused`")).is_empty());
        assert!(complaints(&tree("not yet")).is_empty());
    }

    #[test]
    fn a_silent_gap_is_found() {
        assert_eq!(complaints(&tree("")).len(), 1);
    }

    #[test]
    fn a_test_that_nobody_wrote_is_found() {
        let found = complaints(&tree("`a_forged_one`"));
        assert_eq!(found, ["docs/THREATS.md: forged outcome: no test is named a_forged_one"]);
    }

    #[test]
    fn a_forgotten_attack_is_found() {
        let tree = Tree::of(&[(DOCUMENT, "| Attack | Test |\n")]);
        assert_eq!(complaints(&tree).len(), ATTACKS.len());
    }
}
