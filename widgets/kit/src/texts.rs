use crate::{Tree, grouped};
use alloc::string::String;

/// The words of one locale: those of the kit and of one kind, as flat JSON.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Texts(Tree);

impl Texts {
    /// Reads `{"kit.retry": "Try again", …}`; nothing where it is not of that shape.
    pub fn read(json: &str) -> Self {
        Self(Tree::parse(json))
    }

    /// The same, of what was read already.
    pub fn of(words: Tree) -> Self {
        Self(words)
    }

    /// The words under `key`; the key itself where there are none.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        let words = self.0.text(key);
        if words.is_empty() { key } else { words }
    }

    /// Of the words under `key`, which are several with a blank between them, the `nth` from 1.
    pub fn word(&self, key: &str, nth: u64) -> &str {
        nth_word(self.0.text(key), nth)
    }

    /// The words under `key` with its placeholder replaced.
    pub fn fill(&self, key: &str, value: &str) -> String {
        self.fill_two(key, "", "", value)
    }

    /// The words under `key` with `{name}` replaced by `value` and the other placeholder by
    /// `other`.
    pub fn fill_two(&self, key: &str, name: &str, value: &str, other: &str) -> String {
        let mut out = String::new();
        let mut rest = self.get(key);
        while !rest.is_empty() {
            let (plain, hole) = cut(rest, b'{');
            out.push_str(plain);
            let (found, after) = cut(hole, b'}');
            if !found.is_empty() {
                out.push_str(if found == name { value } else { other });
            }
            rest = after;
        }
        out
    }

    /// The words for `n` things: those of the form that the number asks for, where there are such.
    ///
    /// The forms are Arabic's; every other language has fewer, and a text has those of its own.
    pub fn count(&self, key: &str, n: u64) -> String {
        let mut form = String::from(key);
        form.push_str(match (n, n % 100) {
            (0, _) => ".zero",
            (1, _) => ".one",
            (2, _) => ".two",
            (_, 3..=10) => ".few",
            (_, 11..=99) => ".many",
            _ => "",
        });
        let key = if self.0.has(&form) { &form } else { key };
        self.fill(key, &grouped(n))
    }

    /// The words under `key` with so many points in their place.
    pub fn points(&self, key: &str, n: u64) -> String {
        self.fill(key, &self.count("kit.points", n))
    }
}

/// Of words with a blank between them the `nth` from 1.
pub(crate) fn nth_word(words: &str, nth: u64) -> &str {
    let mut rest = words;
    let mut word = "";
    for _ in 0..nth {
        (word, rest) = cut(rest, b' ');
    }
    word
}

/// What stands before the first `mark` and what after it; a mark is a byte of ASCII.
pub fn cut(text: &str, mark: u8) -> (&str, &str) {
    let at = text.bytes().position(|byte| byte == mark).unwrap_or(text.len());
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    (before, after.get(1..).unwrap_or(""))
}
