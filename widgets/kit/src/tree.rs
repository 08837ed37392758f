use alloc::{string::String, vec::Vec};
use funfair_host_api::json::{Reader, Wire, read};

/// Any JSON, read without knowing its type; what is absent reads as empty.
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
pub struct Tree {
    /// The name within the object that it is a field of.
    key: String,
    /// A string, or a day.
    text: String,
    /// A number, or 1 for `true`.
    num: u64,
    /// Whether it is anything but `null` and `false`.
    some: bool,
    kids: Vec<Tree>,
}

static ABSENT: Tree =
    Tree { key: String::new(), text: String::new(), num: 0, some: false, kids: Vec::new() };

impl Tree {
    /// Reads JSON; absent where it is not JSON.
    pub fn parse(json: &str) -> Self {
        read(json).unwrap_or_default()
    }

    /// The field `name`; absent where there is none.
    pub fn at(&self, name: &str) -> &Self {
        self.kids.iter().find(|kid| kid.key == name).unwrap_or(&ABSENT)
    }

    /// The field `name` as a number, 0 where there is none.
    pub fn num(&self, name: &str) -> u64 {
        self.at(name).num
    }

    /// The field `name` as a string, empty where there is none.
    pub fn text(&self, name: &str) -> &str {
        &self.at(name).text
    }

    /// Whether the field `name` is `true`.
    pub fn is(&self, name: &str) -> bool {
        self.num(name) == 1
    }

    /// Whether the field `name` is something else than `null` and `false`.
    pub fn has(&self, name: &str) -> bool {
        self.at(name).some
    }

    /// Whether it is there at all.
    pub fn exists(&self) -> bool {
        self.some
    }

    /// What it holds: the elements of a list, the fields of an object.
    pub fn list(&self) -> &[Self] {
        &self.kids
    }

    /// Takes the field `name` out.
    pub(crate) fn take(&mut self, name: &str) -> Self {
        let found = self.kids.iter_mut().find(|kid| kid.key == name);
        found.map(core::mem::take).unwrap_or_default()
    }

    /// It as a string, empty where it is none.
    pub fn as_text(&self) -> &str {
        &self.text
    }

    /// Of words in several languages those for `lang`: exact, else the same language, else
    /// English, else the first.
    pub fn words(&self, lang: &str) -> &str {
        let by = |tag: &str| self.kids.iter().find(|kid| kid.key == tag);
        let alike = || self.kids.iter().find(|kid| kid.key.get(..2) == lang.get(..2));
        by(lang)
            .or_else(alike)
            .or_else(|| by("en"))
            .or(self.kids.first())
            .map_or("", |kid| &kid.text)
    }
}

impl Wire for Tree {
    fn write(&self, _: &mut String) {}
    fn read(input: &mut Reader<'_>) -> Option<Self> {
        let mut tree = Self { some: true, ..Self::default() };
        match input.peek() {
            b'{' => input.object(&mut |input, key| {
                let mut kid = Self::read(input)?;
                kid.key.push_str(key);
                tree.kids.push(kid);
                Some(())
            })?,
            b'[' => input.array(&mut |input| {
                tree.kids.push(Self::read(input)?);
                Some(())
            })?,
            b'"' => tree.text = String::read(input)?,
            b'0'..=b'9' => tree.num = u64::read(input)?,
            b't' => {
                tree.num = 1;
                input.skip()?;
            }
            _ => {
                tree.some = false;
                input.skip()?;
            }
        }
        Some(tree)
    }
}
