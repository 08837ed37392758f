use funfair_host_api::{
    Kind,
    json::{self, Wire},
};
use serde::{Serialize, de::DeserializeOwned};

/// One of a kind's four wire types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What a shopper asks.
    Action,
    /// What a shopper may see.
    View,
    /// What a play came to.
    Outcome,
    /// An expected no.
    Refusal,
}

/// A kind's wire types without their types: JSON through either codec and back.
///
/// The bundle reads with the compact codec what the server wrote with serde, so a test can hold
/// the two to the same JSON for every kind.
#[derive(Clone, Copy)]
pub struct Codecs {
    /// Reads and writes with the compact codec; `None` where the text is not of the type.
    pub compact: fn(Part, &str) -> Option<String>,
    /// Reads and writes with serde; `None` where the text is not of the type.
    pub serde: fn(Part, &str) -> Option<String>,
    /// The tags of all outcomes, `unknown` last.
    pub outcomes: &'static [&'static str],
    /// The tags of all refusals, `unknown` last.
    pub refusals: &'static [&'static str],
}

impl Codecs {
    pub(crate) const fn of<K>(
        outcomes: &'static [&'static str],
        refusals: &'static [&'static str],
    ) -> Self
    where
        K: Kind,
        K::Action: Serialize + DeserializeOwned,
        K::View: Serialize + DeserializeOwned,
        K::Outcome: Serialize + DeserializeOwned,
        K::Refusal: Serialize + DeserializeOwned,
    {
        Self {
            compact: |part, text| match part {
                Part::Action => compact::<K::Action>(text),
                Part::View => compact::<K::View>(text),
                Part::Outcome => compact::<K::Outcome>(text),
                Part::Refusal => compact::<K::Refusal>(text),
            },
            serde: |part, text| match part {
                Part::Action => by_serde::<K::Action>(text),
                Part::View => by_serde::<K::View>(text),
                Part::Outcome => by_serde::<K::Outcome>(text),
                Part::Refusal => by_serde::<K::Refusal>(text),
            },
            outcomes,
            refusals,
        }
    }
}

fn compact<T: Wire>(text: &str) -> Option<String> {
    json::read::<T>(text).map(|value| json::write(&value))
}

fn by_serde<T: Serialize + DeserializeOwned>(text: &str) -> Option<String> {
    serde_json::to_string(&serde_json::from_str::<T>(text).ok()?).ok()
}
