//! What may still change once an activity has begun: only what is in members' favour.
//!
//! A new configuration is compared with the old one key by key, as JSON. The list below, and the
//! kind's own [`Rules::FAVOURS`](crate::Rules::FAVOURS), name the keys that may change and in which
//! direction; everything else is refused, each key by its name.

use crate::{Fault, Favour, PoolKey, Running, Setup};
use serde_json::Value;
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

/// A JSON pointer in which `*` stands for any index and `-` for a line after the last.
type Pattern<'a> = (&'a str, Favour);

/// What may change in any activity's file beside the kind's `[rules]`.
const HEADER: &[Pattern<'static>] = &[
    ("/title", Favour::Any),
    ("/terms", Favour::Any),
    ("/look", Favour::Any),
    ("/sponsor", Favour::Any),
    ("/claim", Favour::Any),
    ("/audience/reason", Favour::Any),
    ("/gate/hint", Favour::Any),
    ("/consent/label", Favour::Any),
    ("/gate/attempts_per_day", Favour::More),
    ("/closes_at_ms", Favour::More),
    ("/schedule/slots/*/quantity", Favour::More),
    ("/schedule/hourly/quantity", Favour::More),
    ("/chances/free_per_day", Favour::More),
    ("/chances/free_total", Favour::More),
    ("/chances/points_each", Favour::Less),
    ("/chances/bought_per_day", Favour::More),
    ("/chances/earned/-", Favour::Any),
    ("/chances/earned/*/count", Favour::More),
    ("/chances/earned/*/per_day", Favour::More),
    ("/chances/earned/*/total", Favour::More),
    ("/chances/earned/*/days", Favour::More),
    ("/budget/points", Favour::More),
    ("/budget/cents", Favour::More),
];

const CURE: &str = "put it back; for other rules close this activity and write a new one";

impl Setup {
    /// Every change from this configuration to `new` that is not in members' favour, with the key
    /// as it stands in the activity's file. `favours` are those of the kind.
    pub fn disfavours(&self, new: &Self, favours: &[(&str, Favour)]) -> Vec<Fault> {
        let of_kind = favours.iter().map(|(path, favour)| (format!("/rules{path}"), *favour));
        let of_all = HEADER.iter().map(|(path, favour)| ((*path).to_owned(), *favour));
        let patterns = of_all.chain(of_kind).map(|(path, favour)| {
            let steps = path.split('/').skip(1).map(str::to_owned);
            (steps.collect::<Vec<_>>(), favour)
        });
        let mut comparison =
            Comparison { patterns: patterns.collect(), path: Vec::new(), faults: Vec::new() };
        let json = |setup: &Self| serde_json::to_value(setup).unwrap_or_default();
        comparison.compare(&json(self), &json(new));
        comparison.faults
    }
}

/// How a pool grows as a revision comes into force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopUp {
    /// The pool.
    pub key: PoolKey,
    /// How many are put on top of what is left.
    pub more: u64,
    /// How many may go a business day from now on.
    pub daily: Option<u64>,
}

impl Running {
    /// What a revision of `old`, whose pools may be half used by now, puts on top of them.
    pub fn top_ups(&self, old: &Self) -> Vec<TopUp> {
        let was: BTreeMap<_, _> = old.pools().into_iter().collect();
        let top_up = |(key, row): (PoolKey, crate::PoolRow)| {
            let before = was.get(&key)?;
            let more = row.left.saturating_sub(before.left);
            let changed = more > 0 || row.daily != before.daily;
            changed.then_some(TopUp { key, more, daily: row.daily })
        };
        self.pools().into_iter().filter_map(top_up).collect()
    }
}

struct Comparison {
    patterns: Vec<(Vec<String>, Favour)>,
    path: Vec<Step>,
    faults: Vec<Fault>,
}

enum Step {
    Key(String),
    Index(usize),
}

impl Comparison {
    /// An absent key and one that is null are the same.
    fn compare(&mut self, old: &Value, new: &Value) {
        if old == new {
            return;
        }
        if let Some(favour) = self.favour() {
            return self.directed(favour, old, new);
        }
        match (old, new) {
            (Value::Object(_), Value::Object(_)) => self.fields(old, new),
            // Below a section that comes or goes there may be keys that are allowed to.
            (Value::Object(_), Value::Null) | (Value::Null, Value::Object(_))
                if self.leads_somewhere() =>
            {
                self.fields(old, new);
            }
            (Value::Array(was), Value::Array(is)) => self.lines(was, is),
            (Value::Null, _) => self.fault("it cannot be added after the start"),
            (_, Value::Null) => self.fault("it cannot be removed after the start"),
            _ => self.fault("it cannot change after the start"),
        }
    }

    fn fields(&mut self, old: &Value, new: &Value) {
        let keys = |value: &Value| value.as_object().map(|fields| fields.keys().cloned().collect());
        let mut all: BTreeSet<String> = keys(old).unwrap_or_default();
        all.extend(keys(new).unwrap_or_else(BTreeSet::new));
        for key in all {
            let (was, is) = (old.get(&key), new.get(&key));
            self.path.push(Step::Key(key));
            self.compare(was.unwrap_or(&Value::Null), is.unwrap_or(&Value::Null));
            self.path.pop();
        }
    }

    fn lines(&mut self, was: &[Value], is: &[Value]) {
        for index in 0..was.len().max(is.len()) {
            self.path.push(Step::Index(index));
            match (was.get(index), is.get(index)) {
                (Some(was), Some(is)) => self.compare(was, is),
                (None, _) if self.may_be_appended() => {}
                (None, _) => self.fault("a line cannot be added after the start"),
                (_, None) => self.fault("a line cannot be removed after the start"),
            }
            self.path.pop();
        }
    }

    /// A change of a key that may change in one direction.
    fn directed(&mut self, favour: Favour, old: &Value, new: &Value) {
        let order = numbers(old, new);
        let (fits, word) = match favour {
            Favour::Any => (true, ""),
            // A limit that is gone is the highest of all.
            Favour::More => (new.is_null() || order == Some(Ordering::Less), "lower"),
            Favour::Less => (order == Some(Ordering::Greater), "higher"),
        };
        if fits {
            return;
        }
        match (old, new) {
            (Value::Number(was), Value::Number(_)) => {
                let word = if self.is_close() { "earlier" } else { word };
                let back = if self.is_close() { String::new() } else { format!(" to {was}") };
                let reason = format!("it cannot be {word} after the start");
                let cure = format!(
                    "put it back{back}; for other rules close this activity and write a new one"
                );
                self.faults.push(Fault::new(self.key(), reason, cure));
            }
            (Value::Null, _) => self.fault("it cannot be added after the start"),
            (_, Value::Null) => self.fault("it cannot be removed after the start"),
            _ => self.fault("it cannot change after the start"),
        }
    }

    fn favour(&self) -> Option<Favour> {
        let fits = |(steps, _): &&(Vec<String>, Favour)| {
            steps.len() == self.path.len()
                && steps.iter().zip(&self.path).all(|(step, at)| at.fits(step))
        };
        self.patterns.iter().find(fits).map(|(_, favour)| *favour)
    }

    /// Whether a pattern goes on from here.
    fn leads_somewhere(&self) -> bool {
        self.patterns.iter().any(|(steps, _)| {
            steps.len() > self.path.len()
                && steps.iter().zip(&self.path).all(|(step, at)| at.fits(step))
        })
    }

    /// Whether the list that this path ends in may get longer.
    fn may_be_appended(&self) -> bool {
        self.patterns.iter().any(|(steps, _)| {
            steps.len() == self.path.len()
                && steps.last().is_some_and(|last| last == "-")
                && steps.iter().zip(&self.path).rev().skip(1).all(|(step, at)| at.fits(step))
        })
    }

    fn is_close(&self) -> bool {
        matches!(self.path.as_slice(), [Step::Key(key)] if key == "closes_at_ms")
    }

    fn fault(&mut self, reason: &str) {
        self.faults.push(Fault::new(self.key(), reason, CURE));
    }

    /// The key as the file has it: `rules.prizes[2].weight`.
    fn key(&self) -> String {
        let mut key = String::new();
        for step in &self.path {
            match step {
                Step::Key(name) => {
                    if !key.is_empty() {
                        key.push('.');
                    }
                    // Moments are local times in the file.
                    let in_file = matches!(name.as_str(), "opens_at_ms" | "closes_at_ms");
                    key += if in_file { name.trim_end_matches("_ms") } else { name };
                }
                Step::Index(index) => {
                    // Writing to a `String` cannot fail.
                    let _ = write!(key, "[{index}]");
                }
            }
        }
        key
    }
}

impl Step {
    fn fits(&self, step: &str) -> bool {
        match self {
            Self::Key(key) => key == step,
            Self::Index(_) => step == "*",
        }
    }
}

/// How two numbers compare; `None` where one of them is none.
fn numbers(old: &Value, new: &Value) -> Option<Ordering> {
    match (old.as_u64(), new.as_u64()) {
        (Some(old), Some(new)) => Some(old.cmp(&new)),
        _ => old.as_f64()?.partial_cmp(&new.as_f64()?),
    }
}
