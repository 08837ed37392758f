use std::{collections::BTreeMap, sync::LazyLock};

/// A language of the page.
pub struct Lang {
    /// Its BCP 47 tag.
    pub tag: &'static str,
    /// The direction of its writing.
    pub dir: &'static str,
    /// How its dates are written.
    date: &'static str,
    pub(super) texts: BTreeMap<String, String>,
}

static ALL: LazyLock<[Lang; 6]> = LazyLock::new(|| {
    let lang = |tag, dir, date, texts| {
        // A test reads them all.
        let texts = serde_json::from_str(texts).unwrap_or_default();
        Lang { tag, dir, date, texts }
    };
    let zh = "%Y年%-m月%-d日 %H:%M";
    [
        lang("en", "ltr", "%-d %B %Y, %H:%M", include_str!("texts/en.json")),
        lang("zh-CN", "ltr", zh, include_str!("texts/zh-CN.json")),
        lang("zh-TW", "ltr", zh, include_str!("texts/zh-TW.json")),
        lang("ar", "rtl", "%Y-%m-%d %H:%M", include_str!("texts/ar.json")),
        lang("ja", "ltr", zh, include_str!("texts/ja.json")),
        lang("ko", "ltr", "%Y년 %-m월 %-d일 %H:%M", include_str!("texts/ko.json")),
    ]
});

impl Lang {
    /// Every language.
    pub fn all() -> &'static [Self] {
        &*ALL
    }

    /// The language of this tag.
    pub fn find(tag: &str) -> Option<&'static Self> {
        Self::all().iter().find(|lang| lang.tag == tag)
    }

    /// The first language of an `Accept-Language` that there is, else English.
    pub fn accepted(header: &str) -> &'static Self {
        let tags = header.split(',').map(|part| part.split(';').next().unwrap_or_default().trim());
        let mut known = tags.filter_map(|tag| {
            let tag = tag.to_ascii_lowercase();
            let traditional = ["tw", "hk", "mo", "hant"];
            match tag.split('-').next() {
                Some("zh") if tag.split('-').any(|part| traditional.contains(&part)) => {
                    Self::find("zh-TW")
                }
                Some("zh") => Self::find("zh-CN"),
                Some(language) => Self::find(language),
                None => None,
            }
        });
        known.next().unwrap_or(&ALL[0])
    }

    /// A text by its key.
    pub fn say<'a>(&'a self, key: &'a str) -> &'a str {
        self.texts.get(key).map_or(key, String::as_str)
    }

    /// A text with its values put in; of a text with a number `n`, the form that it asks for.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut out = String::new();
        let n = values.iter().find(|(name, _)| *name == "n").map_or("", |(_, n)| n);
        let form = format!("{key}{}", form(n));
        let mut rest = self.texts.get(&form).map_or_else(|| self.say(key), String::as_str);
        // One pass: a value that reads like a place is not filled again.
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((name, end)) = after.split_once('}') else { break };
            let value = values.iter().find(|(have, _)| *have == name);
            out.push_str(value.map_or("", |(_, value)| value));
            rest = end;
        }
        out + rest
    }

    /// A small number as the name of a tier has it.
    pub fn ordinal(&self, n: u32) -> String {
        const CHINESE: [&str; 10] = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十"];
        let index = usize::try_from(n).unwrap_or(0).wrapping_sub(1);
        let chinese = CHINESE.get(index).filter(|_| self.tag.starts_with("zh"));
        chinese.map_or_else(|| n.to_string(), |name| (*name).to_owned())
    }

    /// A moment on the clock of a zone.
    pub fn moment(&self, at_ms: u64, zone: &str) -> String {
        let zoned = || {
            let stamp = jiff::Timestamp::from_millisecond(i64::try_from(at_ms).ok()?).ok()?;
            Some(stamp.to_zoned(jiff::tz::TimeZone::get(zone).ok()?))
        };
        zoned().map_or_else(String::new, |at| at.strftime(self.date).to_string())
    }

    /// A list of texts in one sentence.
    pub fn list(&self, texts: &[String]) -> String {
        texts.join(self.say("list"))
    }
}

/// How a number changes what it counts: by the rules of Arabic, of which other languages use a part.
fn form(n: &str) -> &'static str {
    match n.replace(',', "").parse::<u64>().map(|n| (n, n % 100)) {
        Ok((0, _)) => ".zero",
        Ok((1, _)) => ".one",
        Ok((2, _)) => ".two",
        Ok((_, 3..=10)) => ".few",
        Ok((_, 11..=99)) => ".many",
        _ => "",
    }
}
