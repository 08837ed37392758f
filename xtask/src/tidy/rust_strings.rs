//! The string literals of a Rust file, without a parser: comments and characters are skipped.

/// The text between the quotes as it is written, with the number of the line where it starts.
pub fn literals(source: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < source.len() {
        let rest = &source[at..];
        let taken = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some((start, end, whole)) = quoted(rest) {
            let line = source[..at].matches('\n').count() + 1;
            found.push((line, &rest[start..end]));
            whole
        } else if rest.starts_with("'\\") {
            // An escaped character; what follows may be a quote.
            3
        } else if rest.starts_with("'\"'") {
            3
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
        at += taken;
    }
    found
}

/// Where the text of a literal at the start of `rest` begins and ends, and the whole's length.
fn quoted(rest: &str) -> Option<(usize, usize, usize)> {
    if rest.starts_with('"') {
        let mut escaped = false;
        for (index, c) in rest.char_indices().skip(1) {
            match c {
                '"' if !escaped => return Some((1, index, index + 1)),
                '\\' => escaped = !escaped,
                _ => escaped = false,
            }
        }
        return Some((1, rest.len(), rest.len()));
    }
    let marks = rest.strip_prefix('r')?;
    let hashes = marks.len() - marks.trim_start_matches('#').len();
    if !marks[hashes..].starts_with('"') {
        return None;
    }
    let start = 1 + hashes + 1;
    let close = format!("\"{}", "#".repeat(hashes));
    let end = start + rest[start..].find(&close)?;
    Some((start, end, end + close.len()))
}

#[cfg(test)]
mod tests {
    use super::literals;

    #[test]
    fn plain_and_raw_literals_are_found_with_their_lines() {
        let source = "let a = \"one \\\" two\";\nlet b = r#\"three \" four\"#;\n";
        assert_eq!(literals(source), [(1, "one \\\" two"), (2, "three \" four")]);
    }

    #[test]
    fn comments_and_characters_hold_no_literals() {
        let source = "// it's \"no\"\n/* \"no\" */ '\"'; '\\''; for<'a> \"yes\"";
        assert_eq!(literals(source), [(2, "yes")]);
    }
}
