use crate::json::{Reader, Wire, write_str};
use alloc::{string::String, vec::Vec};

/// One text in several languages, keyed by BCP 47 tag (`en`, `zh-CN`).
///
/// Public data carries every language, so that one cached answer serves all shoppers.
///
/// ```
/// use funfair_host_api::Words;
/// let words = Words::of(&[("en", "Points"), ("zh-CN", "积分")]);
/// assert_eq!(words.pick("zh-CN"), "积分");
/// assert_eq!(words.pick("zh-TW"), "积分"); // the same language before English
/// assert_eq!(words.pick("fr"), "Points");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(from = "Map", into = "Map"))]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(with = "Map"))]
pub struct Words(Vec<(String, String)>);

#[cfg(feature = "serde")]
type Map = alloc::collections::BTreeMap<String, String>;

impl Words {
    /// The words of a list of (language, text).
    pub fn of(list: &[(&str, &str)]) -> Self {
        list.iter().map(|(lang, text)| (String::from(*lang), String::from(*text))).collect()
    }

    /// The text for `lang`: exact, else the same language, else English, else the first; empty
    /// where there is none.
    pub fn pick(&self, lang: &str) -> &str {
        let base = |tag: &str| tag.split('-').next().map(String::from);
        let by = |fits: &dyn Fn(&str) -> bool| self.0.iter().find(|(tag, _)| fits(tag));
        by(&|tag| tag == lang)
            .or_else(|| by(&|tag| base(tag) == base(lang)))
            .or_else(|| by(&|tag| tag == "en"))
            .or_else(|| self.0.first())
            .map_or("", |(_, text)| text)
    }

    /// All (language, text) pairs, sorted by language.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(lang, text)| (lang.as_str(), text.as_str()))
    }

    /// Whether there is no text at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, String)> for Words {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(items: I) -> Self {
        let mut list: Vec<_> = Vec::new();
        for (lang, text) in items {
            let at = list.iter().take_while(|(have, _): &&(String, String)| *have < lang).count();
            list.insert(at, (lang, text));
        }
        Self(list)
    }
}

#[cfg(feature = "serde")]
impl From<Map> for Words {
    fn from(map: Map) -> Self {
        map.into_iter().collect()
    }
}

#[cfg(feature = "serde")]
impl From<Words> for Map {
    fn from(words: Words) -> Self {
        words.0.into_iter().collect()
    }
}

impl Wire for Words {
    fn write(&self, out: &mut String) {
        let mut open = '{';
        for (lang, text) in &self.0 {
            out.push(open);
            open = ',';
            write_str(lang, out);
            out.push(':');
            write_str(text, out);
        }
        if open == '{' {
            out.push('{');
        }
        out.push('}');
    }
    fn read(input: &mut Reader<'_>) -> Option<Self> {
        let mut list = Vec::new();
        input.object(&mut |input, lang| {
            list.push((String::from(lang), String::read(input)?));
            Some(())
        })?;
        Some(list.into_iter().collect())
    }
}
