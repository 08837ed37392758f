//! The compact JSON reader and writer.
//!
//! Why not serde here: serde with `serde_json` adds 13 to 17 kB (brotli) to a widget, more than the
//! whole widget. This codec knows just what the wire needs: objects, arrays, strings, integers,
//! booleans and `null`. It builds no tree and formats no message: a reader that meets something
//! else answers `None`. The bundle writes with it; it reads by the page's own parser, which is
//! there for nothing, so the reader serves [`Raw`] and clients that are not pages.
//!
//! It reads leniently (unknown fields are skipped, so that an older widget lives with a newer
//! server) and writes exactly what serde writes; a property test holds the two to the same JSON.

use alloc::{string::String, vec::Vec};

/// A value that travels as JSON through the compact codec.
///
/// ```
/// use funfair_host_api::json::{self, Wire};
/// assert_eq!(json::write(&vec![1u32, 2]), "[1,2]");
/// assert_eq!(json::read::<Vec<u32>>("[1, 2]"), Some(vec![1, 2]));
/// ```
pub trait Wire: Sized {
    /// Appends the value's JSON to `out`.
    fn write(&self, out: &mut String);
    /// Reads one value; `None` where the text is not of this shape.
    fn read(input: &mut Reader<'_>) -> Option<Self>;
    /// What an absent field means: nothing for most types, `None` for an option.
    fn absent() -> Option<Self> {
        None
    }
}

/// The value's JSON.
pub fn write<T: Wire>(value: &T) -> String {
    let mut out = String::new();
    value.write(&mut out);
    out
}

/// The value in `text`; `None` where the text is not of this shape or has something after it.
pub fn read<T: Wire>(text: &str) -> Option<T> {
    let mut input = Reader { text, at: 0, depth: 0 };
    let value = T::read(&mut input)?;
    (input.peek() == 0).then_some(value)
}

/// The deepest nesting that a reader follows: a hostile answer ends in `None`, not in a trap.
const DEPTH: u8 = 32;

/// A cursor over JSON text.
#[derive(Clone)]
pub struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: u8,
}

impl<'a> Reader<'a> {
    /// The next byte that is not white space, 0 at the end.
    pub fn peek(&mut self) -> u8 {
        loop {
            match self.text.as_bytes().get(self.at) {
                Some(b' ' | b'\n' | b'\r' | b'\t') => self.at += 1,
                Some(byte) => return *byte,
                None => return 0,
            }
        }
    }

    /// Passes over `byte` if it is next.
    pub fn take(&mut self, byte: u8) -> bool {
        let here = self.peek() == byte;
        self.at += usize::from(here);
        here
    }

    /// Calls `field` with each key of an object; `field` reads or skips the value.
    pub fn object(&mut self, field: &mut dyn FnMut(&mut Self, &str) -> Option<()>) -> Option<()> {
        self.list(b'{', b'}', &mut |input| {
            let key = input.string()?;
            if !input.take(b':') {
                return None;
            }
            field(input, &key)
        })
    }

    /// Calls `item` at each element of an array.
    pub fn array(&mut self, item: &mut dyn FnMut(&mut Self) -> Option<()>) -> Option<()> {
        self.list(b'[', b']', item)
    }

    fn list(
        &mut self,
        open: u8,
        close: u8,
        item: &mut dyn FnMut(&mut Self) -> Option<()>,
    ) -> Option<()> {
        if !self.take(open) || self.depth == DEPTH {
            return None;
        }
        self.depth += 1;
        if !self.take(close) {
            loop {
                item(self)?;
                if self.take(close) {
                    break;
                }
                if !self.take(b',') {
                    return None;
                }
            }
        }
        self.depth -= 1;
        Some(())
    }

    /// The string field `key` of the object that is next, without moving: how an enum finds its
    /// `type` wherever it stands.
    pub fn tag(&self, key: &str) -> Option<String> {
        let mut found = None;
        self.clone().object(&mut |input, name| {
            if name == key && input.peek() == b'"' {
                found = Some(input.string()?);
                return Some(());
            }
            input.skip()
        })?;
        found
    }

    /// Passes over one value of any shape.
    pub fn skip(&mut self) -> Option<()> {
        match self.peek() {
            b'{' => self.object(&mut |input, _| input.skip()),
            b'[' => self.array(&mut Self::skip),
            b'"' => self.string().map(drop),
            _ => self.scalar().map(drop),
        }
    }

    /// A number, `true`, `false` or `null`, as written.
    fn scalar(&mut self) -> Option<&'a str> {
        self.peek();
        let start = self.at;
        while let Some(b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'E') =
            self.text.as_bytes().get(self.at)
        {
            self.at += 1;
        }
        if self.at == start { None } else { self.text.get(start..self.at) }
    }

    /// One value as it stands in the text.
    fn raw(&mut self) -> Option<&'a str> {
        self.peek();
        let start = self.at;
        self.skip()?;
        self.text.get(start..self.at)
    }

    fn string(&mut self) -> Option<String> {
        if !self.take(b'"') {
            return None;
        }
        let mut out = String::new();
        let mut start = self.at;
        loop {
            match *self.text.as_bytes().get(self.at)? {
                b'"' => {
                    out.push_str(self.text.get(start..self.at)?);
                    self.at += 1;
                    return Some(out);
                }
                b'\\' => {
                    out.push_str(self.text.get(start..self.at)?);
                    self.at += 1;
                    out.push(self.escape()?);
                    start = self.at;
                }
                0..=0x1f => return None,
                _ => self.at += 1,
            }
        }
    }

    fn escape(&mut self) -> Option<char> {
        let byte = *self.text.as_bytes().get(self.at)?;
        self.at += 1;
        Some(match byte {
            b'"' | b'\\' | b'/' => byte as char,
            b'n' => '\n',
            b't' => '\t',
            b'r' => '\r',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'u' => {
                let high = self.unit()?;
                if (0xd800..0xdc00).contains(&high) {
                    // The other half of a pair must follow; a lone half is no character.
                    let rest = self.text.as_bytes().get(self.at..self.at + 2)?;
                    if rest != b"\\u" {
                        return None;
                    }
                    self.at += 2;
                    let low = self.unit()?.checked_sub(0xdc00).filter(|low| *low < 0x400)?;
                    return char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + low);
                }
                return char::from_u32(high);
            }
            _ => return None,
        })
    }

    fn unit(&mut self) -> Option<u32> {
        let mut unit = 0;
        for byte in self.text.as_bytes().get(self.at..self.at + 4)? {
            unit = unit * 16 + (*byte as char).to_digit(16)?;
        }
        self.at += 4;
        Some(unit)
    }
}

/// Appends `text` as a JSON string, escaped as serde escapes.
pub fn write_str(text: &str, out: &mut String) {
    out.push('"');
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte > 0x1f && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(text.get(plain..at).unwrap_or(""));
        plain = at + 1;
        out.push('\\');
        let short = ESCAPED.iter().position(|escaped| *escaped == byte);
        if let Some(at) = short {
            out.push_str(SHORT.get(at..=at).unwrap_or(""));
        } else {
            out.push_str("u00");
            digit(byte >> 4, out);
            digit(byte & 15, out);
        }
    }
    out.push_str(text.get(plain..).unwrap_or(""));
    out.push('"');
}

/// Bytes with an escape of two characters, and its second one.
const ESCAPED: &[u8; 7] = b"\"\\\n\r\t\x08\x0c";
const SHORT: &str = "\"\\nrtbf";

/// Not `push`: to encode any character would be most of it.
fn digit(value: u8, out: &mut String) {
    let at = usize::from(value);
    out.push_str("0123456789abcdef".get(at..=at).unwrap_or(""));
}

/// Appends `value` in decimal, without `core::fmt`.
pub fn write_u64(value: u64, out: &mut String) {
    if value > 9 {
        write_u64(value / 10, out);
    }
    digit((value % 10) as u8, out);
}

impl Wire for u64 {
    fn write(&self, out: &mut String) {
        write_u64(*self, out);
    }
    fn read(input: &mut Reader<'_>) -> Option<Self> {
        let mut value = 0u64;
        for byte in input.scalar()?.bytes() {
            let digit = byte.wrapping_sub(b'0');
            if digit > 9 {
                return None;
            }
            value = value.checked_mul(10)?.checked_add(u64::from(digit))?;
        }
        Some(value)
    }
}

impl Wire for i64 {
    fn write(&self, out: &mut String) {
        if *self < 0 {
            out.push('-');
        }
        write_u64(self.unsigned_abs(), out);
    }
    fn read(input: &mut Reader<'_>) -> Option<Self> {
        if input.take(b'-') {
            return 0i64.checked_sub_unsigned(u64::read(input)?);
        }
        u64::read(input)?.try_into().ok()
    }
}

impl Wire for u32 {
    fn write(&self, out: &mut String) {
        write_u64(u64::from(*self), out);
    }
    fn read(input: &mut Reader<'_>) -> Option<Self> {
        u64::read(input)?.try_into().ok()
    }
}

impl Wire for bool {
    fn write(&self, out: &mut String) {
        out.push_str(if *self { "true" } else { "false" });
    }
    fn read(input: &mut Reader<'_>) -> Option<Self> {
        match input.scalar()? {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }
}

impl Wire for String {
    fn write(&self, out: &mut String) {
        write_str(self, out);
    }
    fn read(input: &mut Reader<'_>) -> Option<Self> {
        input.string()
    }
}

impl<T: Wire> Wire for Option<T> {
    fn write(&self, out: &mut String) {
        match self {
            Some(value) => value.write(out),
            None => out.push_str("null"),
        }
    }
    fn read(input: &mut Reader<'_>) -> Option<Self> {
        if input.peek() == b'n' {
            return (input.scalar()? == "null").then_some(None);
        }
        T::read(input).map(Some)
    }
    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn write(&self, out: &mut String) {
        out.push('[');
        for (index, item) in self.iter().enumerate() {
            if index > 0 {
                out.push(',');
            }
            item.write(out);
        }
        out.push(']');
    }
    fn read(input: &mut Reader<'_>) -> Option<Self> {
        let mut items = Vec::new();
        input.array(&mut |input| {
            items.push(T::read(input)?);
            Some(())
        })?;
        Some(items)
    }
}

/// A JSON value that is passed on as it stands: what the kit carries for a kind without knowing
/// its types (a view, an outcome, a refusal).
///
/// ```
/// use funfair_host_api::json::{self, Raw};
/// let raw: Raw = json::read(r#"{"a": [1]}"#).unwrap();
/// assert_eq!(raw.text(), r#"{"a": [1]}"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw(String);

impl Raw {
    /// Wraps the JSON of `value`.
    pub fn of<T: Wire>(value: &T) -> Self {
        Self(write(value))
    }

    /// Wraps text that must be one JSON value; `None` where it is not.
    pub fn parse(text: &str) -> Option<Self> {
        read(text)
    }

    /// The JSON as it was written.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Reads the value as `T`; `None` where it is of another shape.
    pub fn get<T: Wire>(&self) -> Option<T> {
        read(&self.0)
    }
}

impl Default for Raw {
    fn default() -> Self {
        Self(String::from("null"))
    }
}

impl Wire for Raw {
    fn write(&self, out: &mut String) {
        out.push_str(&self.0);
    }
    fn read(input: &mut Reader<'_>) -> Option<Self> {
        input.raw().map(|text| Self(text.into()))
    }
}

#[cfg(feature = "serde")]
mod raw_serde {
    use super::Raw;
    use alloc::boxed::Box;
    use serde::{
        Deserialize, Deserializer, Serialize, Serializer, de::Error as _, ser::Error as _,
    };
    use serde_json::value::RawValue;

    impl Serialize for Raw {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            RawValue::from_string(self.0.clone()).map_err(S::Error::custom)?.serialize(serializer)
        }
    }

    /// What serde has written, or checked, is not checked again.
    impl From<Box<RawValue>> for Raw {
        fn from(value: Box<RawValue>) -> Self {
            Self(Box::<str>::from(value).into())
        }
    }

    impl<'de> Deserialize<'de> for Raw {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let raw = Box::<RawValue>::deserialize(deserializer)?;
            // Deeper than the reader follows would be refused later, with less to say about it.
            Raw::parse(raw.get()).ok_or_else(|| D::Error::custom("nested too deep"))
        }
    }

    #[cfg(feature = "schema")]
    impl schemars::JsonSchema for Raw {
        fn schema_name() -> alloc::borrow::Cow<'static, str> {
            "Raw".into()
        }
        fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
            schemars::json_schema!(true)
        }
    }
}
