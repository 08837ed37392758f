//! The kinds there are, listed.
//!
//! **Nothing is discovered**: a kind is its folder and its line here, and the contract tests find
//! the folder without a line. **Nothing is special**: whatever holds for one kind is asserted for
//! all of them, in `tests/contract`, those not yet written included.

#[cfg(feature = "rules")]
mod codecs;
#[cfg(feature = "ui")]
mod first_view;
#[cfg(feature = "schema")]
mod schemas;

#[cfg(feature = "rules")]
pub use codecs::{Codecs, Part};
#[cfg(feature = "rules")]
use funfair_engine::{AnyKind, erase};
#[cfg(feature = "ui")]
pub use funfair_kit::Node;
#[cfg(feature = "schema")]
pub use schemas::Schemas;
#[cfg(feature = "rules")]
use std::sync::Arc;

/// The locales that every kind speaks: those of its `texts/`, the one others fall back to first.
pub const LOCALES: &[&str] = &["en", "ar", "ja", "ko", "zh-CN", "zh-TW"];

/// The locales in which whatever an activity file and the rules name is named, at the least. A
/// widget shows them where its own texts have no words, in the nearest one that is there.
pub const NAMED: &[&str] = &["en", "zh-CN"];

/// One kind, with what its folder holds.
#[derive(Clone, Copy)]
pub struct Entry {
    /// Its slug: the folder's name.
    pub slug: &'static str,
    /// `example.toml`, a whole activity file.
    pub example: &'static str,
    /// `README.md`.
    pub readme: &'static str,
    /// `texts/<locale>.json`, by locale.
    pub texts: &'static [(&'static str, &'static str)],
    /// Which parts of `[rules]` are secret, as JSON pointers; none for a kind that keeps none.
    pub secrets: &'static [&'static str],
    /// Its rules.
    #[cfg(feature = "rules")]
    pub kind: fn() -> Arc<dyn AnyKind>,
    /// Its wire types.
    #[cfg(feature = "rules")]
    pub codecs: Codecs,
    /// The JSON Schemas of its wire types.
    #[cfg(feature = "schema")]
    pub schemas: Schemas,
    /// Its face.
    #[cfg(feature = "ui")]
    pub face: &'static dyn funfair_kit::Face,
}

/// One line of the catalogue: slug, type, face, secrets.
macro_rules! entry {
    ($slug:literal, $krate:ident::$kind:ident, $face:ident, secrets: $secrets:expr) => {
        Entry {
            slug: $slug,
            example: include_str!(concat!("../../", $slug, "/example.toml")),
            readme: include_str!(concat!("../../", $slug, "/README.md")),
            texts: &[
                ("en", include_str!(concat!("../../", $slug, "/texts/en.json"))),
                ("ar", include_str!(concat!("../../", $slug, "/texts/ar.json"))),
                ("ja", include_str!(concat!("../../", $slug, "/texts/ja.json"))),
                ("ko", include_str!(concat!("../../", $slug, "/texts/ko.json"))),
                ("zh-CN", include_str!(concat!("../../", $slug, "/texts/zh-CN.json"))),
                ("zh-TW", include_str!(concat!("../../", $slug, "/texts/zh-TW.json"))),
            ],
            secrets: $secrets,
            #[cfg(feature = "rules")]
            kind: erase::<$krate::$kind>,
            #[cfg(feature = "rules")]
            codecs: Codecs::of::<$krate::$kind>($krate::Outcome::TAGS, $krate::Refusal::TAGS),
            #[cfg(feature = "schema")]
            schemas: Schemas::of::<$krate::$kind>(),
            #[cfg(feature = "ui")]
            face: &$krate::$face,
        }
    };
}

/// Every kind, sorted by slug. `cargo xtask new-kind SLUG` adds the line of a new one, here and
/// among the dependencies.
pub const ENTRIES: &[Entry] = &[
    entry!("card-collecting", funfair_card_collecting::CardCollecting, CardCollectingFace, secrets: &[]),
    entry!("guess-price", funfair_guess_price::GuessPrice, GuessPriceFace, secrets: &["/answer_cents"]),
    entry!("poll", funfair_poll::Poll, PollFace, secrets: &[]),
    entry!("sign-in-calendar", funfair_sign_in_calendar::SignInCalendar, CalendarFace, secrets: &[]),
    entry!("spin-wheel", funfair_spin_wheel::SpinWheel, WheelFace, secrets: &[]),
];

/// The rules of every kind: what a server runs activities with.
///
/// ```
/// let slugs: Vec<_> = funfair_catalogue::kinds().iter().map(|kind| kind.slug()).collect();
/// assert!(slugs.contains(&"spin-wheel"));
/// ```
#[cfg(feature = "rules")]
pub fn kinds() -> Vec<Arc<dyn AnyKind>> {
    ENTRIES.iter().map(|entry| (entry.kind)()).collect()
}
