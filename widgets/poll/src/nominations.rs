//! Proposals: how a name is taken down, and what is wrong with it.

use crate::{Flaw, NominationRule, Status};
use funfair_host_api::Day;
use serde::{Deserialize, Serialize};

/// A proposal that waits for a verdict: an item's row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nomination {
    /// The name.
    pub text: String,
    /// The member who proposed it.
    pub by: String,
    /// When, milliseconds since 1970 UTC.
    pub at_ms: u64,
    /// The last day of points that come without one of their own, as it was then.
    #[serde(default)]
    pub points_until: Option<Day>,
}

/// A proposal in its author's row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mine {
    /// Its item's key.
    pub item: String,
    /// The name.
    pub text: String,
    /// What became of it.
    pub status: Status,
}

impl NominationRule {
    /// A name as it is taken down: one blank between words, none around them.
    pub(crate) fn take_down(&self, text: &str) -> Result<String, Flaw> {
        if text.chars().any(|c| unseen(c) && c != '\u{200c}' && c != '\u{200d}') {
            return Err(Flaw::Control);
        }
        let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if folded(&name).is_empty() {
            return Err(Flaw::Empty);
        }
        if name.chars().count() > self.max_length as usize || name.len() > self.max_bytes() {
            return Err(Flaw::TooLong);
        }
        if has_link(&name) { Err(Flaw::Link) } else { Ok(name) }
    }
}

/// What two names have in common that read the same: case, width and blanks do not count.
pub(crate) fn folded(text: &str) -> String {
    plain(text).filter(|c| !c.is_whitespace()).collect()
}

/// A text in small letters, none of them wide, without what shows nothing.
fn plain(text: &str) -> impl Iterator<Item = char> {
    let narrow = |c: char| match c {
        '\u{3000}' => ' ',
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        _ => c,
    };
    text.chars().filter(|c| !unseen(*c)).map(narrow).flat_map(char::to_lowercase)
}

/// Whether a character shows nothing, or turns the direction of what is around it.
fn unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{e0000}'..='\u{e007f}')
}

/// Whether a name leads somewhere else. What is clever enough to pass is still looked at by people.
fn has_link(text: &str) -> bool {
    let text: String = plain(text).collect();
    let named = |(at, _): (usize, &str)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + 1..).unwrap_or_default();
        let end = after.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(after.len());
        before.is_some_and(char::is_alphanumeric)
            && after.get(..end).is_some_and(|tail| ENDS.contains(&tail))
    };
    text.contains("://") || text.contains("www.") || text.match_indices('.').any(named)
}

/// What addresses end in, of those that are written into such fields.
const ENDS: [&str; 26] = [
    "app", "asia", "biz", "cc", "club", "cn", "co", "com", "hk", "info", "io", "ir", "link",
    "live", "me", "net", "org", "ru", "shop", "site", "store", "top", "tv", "tw", "vip", "xyz",
];
