use crate::texts::cut;
use alloc::{boxed::Box, string::String, vec::Vec};
use funfair_host_api::json::{Reader, Wire, read, write_u64};

/// Any JSON, read without knowing its type; what is absent reads as empty.
///
/// The page's own parser is there for nothing, so the shell hands over what it read in pieces
/// ([`Tree::read`]); [`Tree::parse`] is for whoever has no shell, and is in no bundle.
///
/// Why not the wire types' own reader: a decoder for each struct, with what it drops on each way
/// out, made two thirds of a bundle. Snapshots feed the faces with the wire types' JSON, so a field
/// that is renamed there is noticed.
///
/// ```
/// use funfair_kit::Tree;
/// let tree = Tree::parse(r#"{"left": 3, "open": true, "label": {"en": "Mug"}, "none": null}"#);
/// assert_eq!((tree.num("left"), tree.is("open"), tree.has("none")), (3, true, false));
/// assert_eq!(tree.at("label").words("zh-CN"), "Mug");
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tree(Option<Box<Inner>>);

/// What is there of it; in a box, so that an answer is moved as one pointer.
#[derive(Clone, Debug, Default, PartialEq)]
struct Inner {
    /// The name within the object that it is a field of.
    key: String,
    /// A string; a number in decimal; `1` for `true`.
    text: String,
    kids: Vec<Tree>,
}

/// The deepest nesting that is followed: a hostile answer ends in too little, not in a trap.
const DEPTH: u32 = 32;

/// What reads as empty.
pub(crate) static ABSENT: Tree = Tree(None);

impl Tree {
    /// Reads the shell's pieces, each ended by U+0001: a node's key, its text, how many nodes are
    /// in it, and these. What is `null` or `false` is left out; nothing at all reads as absent.
    pub fn read(pieces: &str) -> Self {
        if pieces.is_empty() { Self::default() } else { Self::piece(&mut { pieces }, DEPTH) }
    }

    fn piece(rest: &mut &str, depth: u32) -> Self {
        let mut next = || {
            let (piece, after) = cut(rest, 1);
            *rest = after;
            piece
        };
        let mut tree = Self::leaf(next(), next());
        let mut left = number(next());
        while left > 0 && depth > 0 && !rest.is_empty() {
            let kid = Self::piece(rest, depth - 1);
            tree.push(kid);
            left -= 1;
        }
        tree
    }

    /// A field that is a string.
    pub(crate) fn leaf(key: &str, text: &str) -> Self {
        Self(Some(Box::new(Inner { key: key.into(), text: text.into(), kids: Vec::new() })))
    }

    pub(crate) fn push(&mut self, kid: Self) {
        if let Some(inner) = &mut self.0 {
            inner.kids.push(kid);
        }
    }

    /// Puts a field in the place of the one of its name.
    pub(crate) fn put(&mut self, kid: Self) {
        let name = kid.0.as_ref().map_or("", |inner| &inner.key);
        self.take(name);
        self.push(kid);
    }

    fn is_named(&self, name: &str) -> bool {
        self.0.as_ref().is_some_and(|inner| inner.key == name)
    }

    /// Reads JSON; absent where it is not JSON.
    pub fn parse(json: &str) -> Self {
        read(json).unwrap_or_default()
    }

    /// The field `name`; absent where there is none.
    pub fn at(&self, name: &str) -> &Self {
        self.list().iter().find(|kid| kid.is_named(name)).unwrap_or(&ABSENT)
    }

    /// The field `name` as a number, 0 where there is none.
    pub fn num(&self, name: &str) -> u64 {
        number(self.text(name))
    }

    /// The field `name` as a string, empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        self.at(name).as_text()
    }

    /// Whether the field `name` is `true`.
    pub fn is(&self, name: &str) -> bool {
        self.num(name) == 1
    }

    /// Whether the field `name` is something else than `null` and `false`.
    pub fn has(&self, name: &str) -> bool {
        self.at(name).exists()
    }

    /// Whether it is there at all.
    pub fn exists(&self) -> bool {
        self.0.is_some()
    }

    /// What it holds: the elements of a list, the fields of an object.
    pub fn list(&self) -> &[Self] {
        self.0.as_ref().map_or(&[], |inner| &inner.kids)
    }

    /// What it holds, to keep.
    pub(crate) fn into_list(self) -> Vec<Self> {
        self.0.map_or_else(Vec::new, |inner| inner.kids)
    }

    /// Takes the field `name` out.
    pub(crate) fn take(&mut self, name: &str) -> Self {
        if let Some(inner) = &mut self.0 {
            for kid in &mut inner.kids {
                if kid.is_named(name) {
                    return core::mem::take(kid);
                }
            }
        }
        Self::default()
    }

    /// It as a string, empty where it is none.
    pub fn as_text(&self) -> &str {
        self.0.as_ref().map_or("", |inner| &inner.text)
    }

    /// Of words in several languages those for `lang`: exact, else the same language, else
    /// English, else the first.
    pub fn words(&self, lang: &str) -> &str {
        let mut best = &ABSENT;
        let mut rank = 0;
        for kid in self.list() {
            let Some(tag) = kid.0.as_ref().map(|inner| inner.key.as_str()) else { continue };
            let own = match tag {
                _ if tag == lang => 4,
                _ if tag.as_bytes().get(..2) == lang.as_bytes().get(..2) => 3,
                "en" => 2,
                _ => 1,
            };
            if own > rank {
                (best, rank) = (kid, own);
            }
        }
        best.as_text()
    }
}

/// A number in decimal; 0 where it is something else.
pub fn number(text: &str) -> u64 {
    let mut n = 0u64;
    for byte in text.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return 0;
        }
        n = n.wrapping_mul(10).wrapping_add(u64::from(digit));
    }
    n
}

/// A number below zero as the shell hands it over.
fn signed(n: i64) -> String {
    let mut text = String::from("-");
    write_u64(n.unsigned_abs(), &mut text);
    text
}

impl Wire for Tree {
    fn write(&self, _: &mut String) {}
    fn read(input: &mut Reader<'_>) -> Option<Self> {
        let mut inner = Inner::default();
        match input.peek() {
            b'{' => input.object(&mut |input, key| {
                let mut kid = <Self as Wire>::read(input)?;
                if let Some(named) = &mut kid.0 {
                    named.key.push_str(key);
                    inner.kids.push(kid);
                }
                Some(())
            })?,
            b'[' => input.array(&mut |input| {
                inner.kids.push(<Self as Wire>::read(input)?);
                Some(())
            })?,
            b'"' => inner.text = String::read(input)?,
            b'-' => inner.text = i64::read(input).map(signed)?,
            b'0'..=b'9' => write_u64(u64::read(input)?, &mut inner.text),
            b't' => {
                inner.text.push('1');
                input.skip()?;
            }
            _ => {
                input.skip()?;
                return Some(Self(None));
            }
        }
        Some(Self(Some(Box::new(inner))))
    }
}

#[cfg(test)]
mod tests {
    use super::Tree;

    #[test]
    fn the_shells_pieces_read_as_the_same_json() {
        let pieces = "||3|left|3|0|open|1|0|label||1|en|Mug|0|".replace('|', "\u{1}");
        let json = r#"{"left": 3, "open": true, "label": {"en": "Mug"}}"#;
        assert_eq!(Tree::read(&pieces), Tree::parse(json));
        assert_eq!(Tree::read(""), Tree::default());
    }

    #[test]
    fn pieces_that_end_too_soon_or_nest_too_deep_end_in_too_little() {
        assert_eq!(Tree::read("\u{1}\u{1}9999999999\u{1}a").list().len(), 1);
        let mut deep = &Tree::read(&"a\u{1}\u{1}1\u{1}".repeat(5_000));
        let mut depth = 0;
        while let [kid] = deep.list() {
            deep = kid;
            depth += 1;
        }
        assert_eq!(depth, 32);
    }
}
