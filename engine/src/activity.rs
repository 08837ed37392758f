use crate::{Audience, Budget, ChanceRules, Clock, Gate, Schedule, SecretKey};
use funfair_host_api::Words;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What is wrong with an activity file, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The key in the file, dotted: `rules.prizes[2].weight`; empty where it is the whole file.
    pub key: String,
    /// What is wrong.
    pub reason: String,
    /// What to write instead.
    pub cure: String,
}

impl Fault {
    /// A fault at `key`.
    pub fn new(key: impl Into<String>, reason: impl Into<String>, cure: impl Into<String>) -> Self {
        Self { key: key.into(), reason: reason.into(), cure: cure.into() }
    }

    pub(crate) fn parse(
        prefix: &str,
        error: &serde_path_to_error::Error<serde_json::Error>,
    ) -> Self {
        let path = error.path().to_string();
        let key = match (prefix, path.as_str()) {
            ("", ".") => String::new(),
            ("", path) => path.to_owned(),
            (prefix, ".") => prefix.to_owned(),
            (prefix, path) => format!("{prefix}.{path}"),
        };
        let reason = error.inner().to_string();
        // serde_json adds a place in a text that nobody wrote.
        let reason = reason.split(" at line ").next().unwrap_or_default();
        let reason = plainly(&key, reason);
        let section = key.split(['.', '[']).next().unwrap_or_default();
        let shown = if prefix.is_empty() && SHARED.contains(&section) {
            "docs/ACTIVITIES.md"
        } else {
            "the kind's example.toml"
        };
        let cure = if reason.starts_with("unknown field") {
            "remove it, or correct its spelling".into()
        } else if reason.starts_with("unknown variant") {
            "use one of those".into()
        } else if reason.starts_with("missing field") {
            format!("add it; {shown} shows how")
        } else {
            format!("write it as in {shown}")
        };
        Self::new(key, reason, cure)
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let key = if self.key.is_empty() { "" } else { &format!("{}: ", self.key) };
        write!(f, "{key}{}; {}", self.reason, self.cure)
    }
}

/// The sections that every kind shares.
const SHARED: [&str; 7] =
    ["schedule", "audience", "gate", "consent", "sharing", "chances", "budget"];

/// A reason without the names of our types, which no merchant knows.
fn plainly(key: &str, reason: &str) -> String {
    let (reason, expected) = reason.split_once(", expected ").unwrap_or((reason, ""));
    let reason = reason.replace("integer `-", "the number `-");
    let expected = match expected {
        "" => return reason,
        "u64" | "u32" | "u8" => "a whole number",
        "a map" if key == "sharing" => "a table",
        "a map" => "{ en = \"…\", zh-CN = \"…\" }",
        expected if expected.starts_with("struct ") => "a table",
        expected => expected,
    };
    format!("{reason}, expected {expected}")
}

/// The configuration of one activity, as it is stored: immutable, named by its hash.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Setup {
    /// The kind's slug.
    pub kind: String,
    /// What the shopper reads above the widget.
    pub title: Words,
    /// Who may take part, what is won, until when.
    pub terms: Words,
    /// The first moment of play.
    pub opens_at_ms: u64,
    /// The first moment when it is over.
    pub closes_at_ms: u64,
    /// The store's zone, frozen with the activity.
    pub zone: String,
    /// The store's cut-over hour, frozen with the activity.
    pub cutover_hour: u8,
    /// A theme's name.
    pub look: String,
    /// Who offers it, as the terms page names them.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub sponsor: Words,
    /// How prizes are claimed and sent, for the terms page.
    #[serde(default, skip_serializing_if = "Words::is_empty")]
    pub claim: Words,
    /// When within its dates it can be played.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schedule: Option<Schedule>,
    /// For whom it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<Audience>,
    /// The passphrase that opens it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Gate>,
    /// What shoppers agree to before they play.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent: Option<Consent>,
    /// By channel, whether sharing brings anything there; see [`Setup::rewards_sharing`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sharing: BTreeMap<String, bool>,
    /// How plays are come by.
    #[serde(default)]
    pub chances: ChanceRules,
    /// The most that it gives away.
    #[serde(default)]
    pub budget: Budget,
    /// The kind's own configuration.
    pub rules: serde_json::Value,
}

/// What shoppers agree to before they play: the `[consent]` of the file. Who asks them and keeps what
/// they said is the store; its signed token lists what holds now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// Its name in the token's `consents`, such as `privacy-2026`.
    pub id: String,
    /// What it is about, for the shopper.
    pub label: Words,
}

impl Consent {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Setup::words("consent.label", &self.label);
        if !(1..=64).contains(&self.id.chars().count()) {
            let cure = "write the name that the store's tokens list in consents";
            faults.push(Fault::new("consent.id", "it is not 1 to 64 characters", cure));
        }
        faults
    }
}

/// `WeChat`, whose rules for outside links forbid rewarding the share.
const SHARES_FOR_NOTHING: &str = "weixin";

/// The themes that the widgets bring.
const LOOKS: [&str; 3] = ["plain", "double-11", "new-year"];

/// The keys that every activity file has.
const REQUIRED: [&str; 6] = ["kind", "title", "terms", "opens_at", "closes_at", "rules"];

/// The keys that an activity file may have.
const OPTIONAL: [&str; 10] = [
    "look", "sponsor", "claim", "schedule", "audience", "gate", "consent", "sharing", "chances",
    "budget",
];

/// An activity file as a merchant writes it: times are local to the store.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kind: String,
    title: Words,
    terms: Words,
    opens_at: String,
    closes_at: String,
    #[serde(default)]
    look: Option<String>,
    #[serde(default)]
    sponsor: Words,
    #[serde(default)]
    claim: Words,
    #[serde(default)]
    schedule: Option<Schedule>,
    #[serde(default)]
    audience: Option<Audience>,
    #[serde(default)]
    gate: Option<Gate>,
    #[serde(default)]
    consent: Option<Consent>,
    #[serde(default)]
    sharing: BTreeMap<String, bool>,
    #[serde(default)]
    chances: ChanceRules,
    #[serde(default)]
    budget: Budget,
    rules: serde_json::Value,
}

impl File {
    /// What is wrong between sections that are sound each by itself.
    fn crossed(&self, opens_at_ms: u64, closes_at_ms: u64, clock: &Clock) -> Vec<Fault> {
        let mut faults = Vec::new();
        if let Some(schedule) = &self.schedule
            && schedule.current(opens_at_ms, clock).is_none()
            && schedule.next_at_ms(opens_at_ms, closes_at_ms, clock).is_none()
        {
            let reason = "no time of play lies between opens_at and closes_at";
            let cure = "add one that does, or move the dates";
            faults.push(Fault::new("schedule", reason, cure));
        }
        if let Some(gate) = &self.gate {
            let reason = self.audience.as_ref().map(|audience| &audience.reason);
            let texts = [
                ("title", Some(&self.title)),
                ("terms", Some(&self.terms)),
                ("claim", Some(&self.claim)),
                ("sponsor", Some(&self.sponsor)),
                ("gate.hint", Some(&gate.hint)),
                ("audience.reason", reason),
            ];
            let told =
                texts.into_iter().filter(|(_, text)| text.is_some_and(|text| gate.stands_in(text)));
            faults.extend(told.map(|(key, _)| {
                let reason = "everyone reads the passphrase in it";
                Fault::new(key, reason, "say where it is announced instead")
            }));
        }
        faults
    }
}

impl Setup {
    /// Whether sharing brings anything where this shopper is: a friend's help, a card that was
    /// asked for, a chance for `shop.shared`. Everywhere but within `weixin`, unless `[sharing]`
    /// says otherwise of the channel.
    pub fn rewards_sharing(&self, channel: Option<&str>) -> bool {
        let Some(channel) = channel else { return true };
        self.sharing.get(channel).copied().unwrap_or(channel != SHARES_FOR_NOTHING)
    }

    /// The channels within which sharing brings nothing, for the terms.
    pub fn channels_without_reward(&self) -> BTreeSet<&str> {
        let named = self.sharing.keys().map(String::as_str).chain([SHARES_FOR_NOTHING]);
        named.filter(|channel| !self.rewards_sharing(Some(channel))).collect()
    }

    /// Reads an activity file; its times are those of the store's clock. Every fault is named.
    pub fn parse(text: &str, clock: &Clock) -> Result<Self, Vec<Fault>> {
        let value: serde_json::Value = toml::from_str(text).map_err(|error| {
            let place = error.span().map_or(String::new(), |span| {
                let line = text.get(..span.start).unwrap_or_default().matches('\n').count() + 1;
                format!("line {line}")
            });
            vec![Fault::new(place, error.message(), "correct the TOML")]
        })?;
        let faults = Self::header(&value);
        if !faults.is_empty() {
            return Err(faults);
        }
        let file: File = serde_path_to_error::deserialize(value)
            .map_err(|error| vec![Fault::parse("", &error)])?;
        let mut faults = Vec::new();
        for (key, words) in [("title", &file.title), ("terms", &file.terms)] {
            faults.extend(Self::words(key, words));
        }
        for (key, words) in [("sponsor", &file.sponsor), ("claim", &file.claim)] {
            faults.extend(Self::words(key, words).into_iter().filter(|_| !words.is_empty()));
        }
        faults.extend(file.schedule.iter().flat_map(|schedule| schedule.faults(clock)));
        faults.extend(file.audience.iter().flat_map(Audience::faults));
        faults.extend(file.gate.iter().flat_map(Gate::faults));
        faults.extend(file.consent.iter().flat_map(Consent::faults));
        faults.extend(file.chances.faults());
        faults.extend(file.budget.faults());
        let look = file.look.clone().unwrap_or_else(|| LOOKS[0].into());
        if !LOOKS.contains(&look.as_str()) {
            let reason = format!("there is no look \"{look}\"");
            faults.push(Fault::new("look", reason, format!("use one of {}", LOOKS.join(", "))));
        }
        let mut moment = |key: &str, text: &str| {
            clock.parse(text).unwrap_or_else(|| {
                let reason = format!("\"{text}\" is no local time");
                faults.push(Fault::new(key, reason, "write it as \"2026-11-01T20:00:00\""));
                0
            })
        };
        let opens_at_ms = moment("opens_at", &file.opens_at);
        let closes_at_ms = moment("closes_at", &file.closes_at);
        if faults.is_empty() && closes_at_ms <= opens_at_ms {
            let reason = "the activity closes before it opens";
            faults.push(Fault::new("closes_at", reason, "give a later time than opens_at"));
        }
        if faults.is_empty() {
            faults.extend(file.crossed(opens_at_ms, closes_at_ms, clock));
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Self {
            kind: file.kind,
            title: file.title,
            terms: file.terms,
            opens_at_ms,
            closes_at_ms,
            zone: clock.zone().into(),
            cutover_hour: clock.cutover_hour(),
            look,
            sponsor: file.sponsor,
            claim: file.claim,
            schedule: file.schedule,
            audience: file.audience,
            gate: file.gate,
            consent: file.consent,
            sharing: file.sharing,
            chances: file.chances,
            budget: file.budget,
            rules: file.rules,
        })
    }

    /// The header's keys that are missing, and those that there are not.
    fn header(file: &serde_json::Value) -> Vec<Fault> {
        let missing = REQUIRED.into_iter().filter(|key| file.get(key).is_none()).map(|key| {
            Fault::new(key, "it is missing", "add it; the kind's example.toml shows how")
        });
        let keys = file.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
        let known = |key: &&str| OPTIONAL.contains(key) || REQUIRED.contains(key);
        let unknown = keys.filter(|key| !known(key)).map(|key| {
            let reason = format!("unknown field `{key}`");
            Fault::new(key, reason, "remove it, or correct its spelling")
        });
        missing.chain(unknown).collect()
    }

    /// What is wrong with a text that shoppers read: every one exists in zh-CN and en.
    pub fn words(key: &str, words: &Words) -> Vec<Fault> {
        ["en", "zh-CN"]
            .into_iter()
            .filter(|lang| !words.iter().any(|(have, text)| have == *lang && !text.is_empty()))
            .map(|lang| {
                let reason = format!("there is no text in {lang}");
                Fault::new(key, reason, format!("add {key}.{lang}"))
            })
            .collect()
    }

    /// The configuration in one exact form: JSON with sorted keys and no white space.
    pub fn canonical(&self) -> String {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        // Whether a `Value` sorts its keys is up to whoever shares the build's serde_json.
        value.sort_all_objects();
        value.to_string()
    }

    /// The name of this configuration: HMAC-SHA-256 of its canonical form under the activity's key,
    /// hexadecimal.
    ///
    /// Not a plain hash: the name is public, and a sealed price or a passphrase could be tried out
    /// against it until it fits. Once the key is published anyone can compute it.
    pub fn revision(&self, key: &SecretKey) -> String {
        key.name("revision", &[&self.canonical()])
    }

    /// The clock that the activity's days follow.
    pub fn clock(&self) -> Result<Clock, Fault> {
        Clock::new(&self.zone, self.cutover_hour)
    }
}
