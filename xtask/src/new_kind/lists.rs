//! The lists that name every kind, and how a new one gets into them: sorted, by text, so that
//! comments and layout stay.

use anyhow::{Context, Result};

use super::pascal;
use crate::repo::Repo;

pub fn add(repo: &Repo, kinds: &[String], slug: &str) -> Result<()> {
    let snake = slug.replace('-', "_");
    let face = format!("{}Face", pascal(slug));
    let list = List { kinds, slug };
    edit(repo, "Cargo.toml", |text| {
        let text = list.lines(text, "", |kind| format!("    \"widgets/{kind}\",\n"), 1, "")?;
        let own = format!("funfair-{slug} = {{ path = \"widgets/{slug}\" }}\n");
        list.lines(&text, "", |kind| format!("funfair-{kind} ="), 1, &own)
    })?;
    edit(repo, "wasm-pack.toml", |text| {
        let text = list.word(text, "[bundle.funfair]", |kind| format!("\"{kind}\""), ", ")?;
        let own = format!("[bundle.{slug}]\nkinds = [\"{slug}\"]\nbudget_bytes = 12_000\n\n");
        list.lines(&text, "", |kind| format!("[bundle.{kind}]"), 4, &own)
    })?;
    edit(repo, "widgets/catalogue/Cargo.toml", |text| {
        let mut text = text.to_owned();
        for (table, feature) in [("rules = ", "rules"), ("schema = ", "schema"), ("ui = ", "ui")] {
            let word = |kind: &str| format!("\"funfair-{kind}/{feature}\"");
            text = list.word(&text, table, word, ", ")?;
        }
        let own = format!("funfair-{slug}.workspace = true\n");
        list.lines(&text, "[dependencies]", |kind| format!("funfair-{kind}.workspace"), 1, &own)
    })?;
    edit(repo, "widgets/catalogue/src/lib.rs", |text| {
        let kind = format!("funfair_{snake}::{}", pascal(slug));
        let own = format!("    entry!(\"{slug}\", {kind}, {face}, secrets: &[]),\n");
        list.lines(text, "ENTRIES", |kind| format!("entry!(\"{kind}\""), 1, &own)
    })?;
    edit(repo, "widgets/bundle/Cargo.toml", |text| {
        let own = format!("{slug} = [\"dep:funfair-{slug}\"]\n");
        let text = list.lines(text, "[features]", |kind| format!("{kind} = ["), 1, &own)?;
        let needs = "{ workspace = true, optional = true, features = [\"ui\"] }";
        let own = format!("funfair-{slug} = {needs}\n");
        list.lines(&text, "[dependencies]", |kind| format!("funfair-{kind} ="), 1, &own)
    })?;
    edit(repo, "widgets/bundle/src/lib.rs", |text| {
        let feature = format!("        #[cfg(feature = \"{slug}\")]\n");
        let own = format!("{feature}        &funfair_{snake}::{face},\n");
        list.lines(text, "fn face", |kind| format!("#[cfg(feature = \"{kind}\")]"), 2, &own)
    })
}

fn edit(repo: &Repo, path: &str, change: impl Fn(&str) -> Result<String>) -> Result<()> {
    let file = repo.path(path);
    let text = std::fs::read_to_string(&file).with_context(|| path.to_owned())?;
    std::fs::write(file, change(&text).with_context(|| path.to_owned())?)?;
    Ok(())
}

struct List<'a> {
    /// The kinds that are listed, sorted.
    kinds: &'a [String],
    slug: &'a str,
}

impl List<'_> {
    /// Adds lines. Each kind has `count` of them, the first of which holds `mark`; the new kind's
    /// are `own`, or `mark` itself where that is a whole line.
    fn lines(
        &self,
        text: &str,
        after: &str,
        mark: impl Fn(&str) -> String,
        count: usize,
        own: &str,
    ) -> Result<String> {
        let own = if own.is_empty() { mark(self.slug) } else { own.to_owned() };
        let (at, before) = self.place(text, after, &mark)?;
        let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        if before {
            return Ok(format!("{}{own}{}", &text[..start], &text[start..]));
        }
        // A list that ends with the file's last line lacks the lines' own separator.
        let text = if text.ends_with("\n\n") { text.to_owned() } else { format!("{text}\n") };
        let length: usize = text[start..].split_inclusive('\n').take(count).map(str::len).sum();
        let (head, tail) = text.split_at(start + length);
        let whole = format!("{head}{own}{tail}");
        Ok(whole.trim_end().to_owned() + "\n")
    }

    /// Adds a word to a list on one line or many.
    fn word(
        &self,
        text: &str,
        after: &str,
        mark: impl Fn(&str) -> String,
        separator: &str,
    ) -> Result<String> {
        let own = mark(self.slug);
        let (at, before) = self.place(text, after, &mark)?;
        let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..at];
        // One word a line keeps its indentation; several on a line, their separator.
        let broken = line.trim().is_empty();
        let separator = if broken { format!(",\n{line}") } else { separator.to_owned() };
        if before {
            return Ok(format!("{}{own}{separator}{}", &text[..at], &text[at..]));
        }
        let last = self.kinds.last().map(|kind| mark(kind).len()).unwrap_or_default();
        let (head, tail) = text.split_at(at + last);
        Ok(format!("{head}{separator}{own}{tail}"))
    }

    /// Where the first kind that sorts after the new one is marked; else, where the last one is.
    fn place(
        &self,
        text: &str,
        after: &str,
        mark: impl Fn(&str) -> String,
    ) -> Result<(usize, bool)> {
        let from = text.find(after).with_context(|| format!("no {after}"))?;
        let greater = self.kinds.iter().find(|kind| kind.as_str() > self.slug);
        let neighbour = greater.or(self.kinds.last()).context("no kind is listed yet")?;
        let mark = mark(neighbour);
        let at = text[from..].find(&mark).with_context(|| format!("{neighbour} is not listed"))?;
        Ok((from + at, greater.is_some()))
    }
}

#[cfg(test)]
mod tests {
    use super::List;

    const KINDS: [&str; 2] = ["b", "d"];

    #[track_caller]
    fn check(slug: &str, lines: &str, words: &str) {
        let kinds = KINDS.map(str::to_owned);
        let list = List { kinds: &kinds, slug };
        let text = "head\n  b 1\n  d 1\ntail\n";
        let added = list.lines(text, "head", |kind| format!("  {kind} 1\n"), 1, "").unwrap();
        assert_eq!(added, format!("head\n{lines}tail\n"));
        let text = "d b\nlist = [\"b\", \"d\"]\n";
        let added = list.word(text, "list", |kind| format!("\"{kind}\""), ", ").unwrap();
        assert_eq!(added, format!("d b\nlist = [{words}]\n"));
    }

    #[test]
    fn a_new_kind_is_sorted_in() {
        check("a", "  a 1\n  b 1\n  d 1\n", r#""a", "b", "d""#);
        check("c", "  b 1\n  c 1\n  d 1\n", r#""b", "c", "d""#);
        check("e", "  b 1\n  d 1\n  e 1\n", r#""b", "d", "e""#);
    }

    #[test]
    fn a_list_of_one_word_a_line_stays_one() {
        let kinds = KINDS.map(str::to_owned);
        let mark = |kind: &str| format!("\"{kind}\"");
        let text = "list = [\n    \"b\",\n    \"d\",\n]\n";
        let early = List { kinds: &kinds, slug: "a" }.word(text, "list", mark, ", ").unwrap();
        assert_eq!(early, "list = [\n    \"a\",\n    \"b\",\n    \"d\",\n]\n");
        let late = List { kinds: &kinds, slug: "e" }.word(text, "list", mark, ", ").unwrap();
        assert_eq!(late, "list = [\n    \"b\",\n    \"d\",\n    \"e\",\n]\n");
    }

    #[test]
    fn blocks_at_the_end_of_a_file_stay_apart() {
        let kinds = KINDS.map(str::to_owned);
        let list = List { kinds: &kinds, slug: "e" };
        let text = "[b]\nx\n\n[d]\nx\n";
        let added = list.lines(text, "", |kind| format!("[{kind}]"), 3, "[e]\nx\n\n").unwrap();
        assert_eq!(added, "[b]\nx\n\n[d]\nx\n\n[e]\nx\n");
    }
}
