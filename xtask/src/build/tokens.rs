//! Short names for the style sheets' own tokens: what a host may set, `--funfair-*`, keeps its name.

use std::collections::BTreeSet;

const HOSTS: &str = "--funfair-";

/// Renames the private custom properties of all sheets alike, and drops the blank that the minifier
/// leaves after a custom property's colon.
pub fn shorten(sheets: &mut [(String, String)]) {
    let names: BTreeSet<String> =
        sheets.iter().flat_map(|(_, text)| names(text)).map(str::to_owned).collect();
    for (_, text) in sheets {
        for (index, name) in names.iter().enumerate() {
            *text = renamed(text, name, &format!("--{}", short(index)));
        }
    }
}

/// The private custom properties that a sheet names.
fn names(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("--").filter_map(|(start, _)| {
        let name = &text[start..start + length(&text[start..])];
        // `a--b` is a name of something else.
        let whole = !text[..start].ends_with(is_name);
        (whole && !name.starts_with(HOSTS)).then_some(name)
    })
}

fn renamed(text: &str, name: &str, short: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(name) {
        let (before, found) = rest.split_at(at);
        let whole = length(found) == name.len() && !before.ends_with(is_name);
        out.push_str(before);
        out.push_str(if whole { short } else { name });
        rest = &found[name.len()..];
        if whole && rest.starts_with(": ") {
            out.push(':');
            rest = &rest[2..];
        }
    }
    out + rest
}

fn length(text: &str) -> usize {
    text.find(|c| !is_name(c)).unwrap_or(text.len())
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '-' || c == '_'
}

/// `a` to `z`, then `a1`.
fn short(index: usize) -> String {
    let letter = char::from(b'a' + u8::try_from(index % 26).expect("a letter"));
    if index < 26 { letter.to_string() } else { format!("{letter}{}", index / 26) }
}

#[cfg(test)]
mod tests {
    use super::shorten;

    #[test]
    fn private_tokens_are_renamed_alike_in_all_sheets() {
        let sheet = |text: &str| ("kit".to_owned(), text.to_owned());
        let mut sheets = [
            sheet(".a{--ink: red;--ink-soft: var(--funfair-ink, var(--ink))}"),
            sheet(".b--ink{color:var(--ink-soft)}"),
        ];
        shorten(&mut sheets);
        assert_eq!(sheets[0].1, ".a{--a:red;--b:var(--funfair-ink, var(--a))}");
        assert_eq!(sheets[1].1, ".b--ink{color:var(--b)}");
    }
}
