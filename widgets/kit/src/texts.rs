use alloc::{string::String, vec::Vec};
use funfair_host_api::json::read;

use crate::{fields::Pairs, grouped};

/// The words of one locale: those of the kit and of one kind, as flat JSON.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Texts(Vec<(String, String)>);

impl Texts {
    /// Reads `{"kit.retry": "Try again", …}`; nothing where it is not of that shape.
    pub fn read(json: &str) -> Self {
        Self(read::<Pairs<String>>(json).map_or(Vec::new(), |pairs| pairs.0))
    }

    /// The words under `key`; the key itself where there are none.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.find(key).unwrap_or(key)
    }

    fn find(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(have, _)| have == key).map(|(_, words)| words.as_str())
    }

    /// The words under `key` with each `{name}` replaced.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut out = String::new();
        for (index, part) in self.get(key).split('{').enumerate() {
            match part.split_once('}') {
                Some((name, rest)) if index > 0 => {
                    for (_, value) in values.iter().filter(|(have, _)| *have == name) {
                        out.push_str(value);
                    }
                    out.push_str(rest);
                }
                _ => out.push_str(part),
            }
        }
        out
    }

    /// The words for `n` things: those under `key` + `.one` where it is one and there are such,
    /// with `{n}` replaced.
    pub fn count(&self, key: &str, n: u64) -> String {
        let mut one = String::from(key);
        one.push_str(".one");
        let key = if n == 1 && self.find(&one).is_some() { &one } else { key };
        self.fill(key, &[("n", &grouped(n))])
    }
}
