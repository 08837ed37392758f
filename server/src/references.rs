//! What the rewards of an activity file name outside of it: lists of codes, other activities.

use funfair_engine::{Fault, PoolKey, StoreError};
use serde_json::Value;

/// Something that a reward names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// A list of codes.
    Codes(String),
    /// Another activity of the store.
    Activity(String),
}

/// What the rewards in a kind's `[rules]` name, each with its key in the file. A reward has the
/// same form in every kind, so it is found wherever a kind puts it.
pub fn references(rules: &Value) -> Vec<(String, Reference)> {
    let mut found = Vec::new();
    walk("rules", rules, &mut found);
    found
}

fn walk(key: &str, value: &Value, found: &mut Vec<(String, Reference)>) {
    match value {
        Value::Object(fields) => {
            let field = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
            let reference = match fields.get("type").and_then(Value::as_str) {
                Some("coupon") => field("codes").map(|list| ("codes", Reference::Codes(list))),
                Some("chance" | "card") => {
                    field("activity").map(|id| ("activity", Reference::Activity(id)))
                }
                _ => None,
            };
            found.extend(reference.map(|(name, to)| (format!("{key}.{name}"), to)));
            for (name, field) in fields {
                walk(&format!("{key}.{name}"), field, found);
            }
        }
        Value::Array(lines) => {
            for (index, line) in lines.iter().enumerate() {
                walk(&format!("{key}[{index}]"), line, found);
            }
        }
        _ => {}
    }
}

/// The faults of references that lead nowhere. `has_codes` tells whether a list was ever filled.
pub fn faults(
    rules: &Value,
    activities: &[&str],
    list: impl Fn(&str) -> PoolKey,
    has_codes: impl Fn(&PoolKey) -> Result<bool, StoreError>,
) -> Result<Vec<Fault>, StoreError> {
    let mut faults = Vec::new();
    for (key, reference) in references(rules) {
        match reference {
            Reference::Codes(name) => {
                if !has_codes(&list(&name))? {
                    let reason =
                        format!("the list of codes \"{name}\" has none, so it is never won");
                    let cure = format!("fill it first: `funfair codes STORE {name} FILE`");
                    faults.push(Fault::new(key, reason, cure));
                }
            }
            Reference::Activity(id) => {
                if !activities.contains(&id.as_str()) {
                    let reason = format!("the store has no activity \"{id}\"");
                    let cure = "correct its name, or put its file into the same folder";
                    faults.push(Fault::new(key, reason, cure));
                }
            }
        }
    }
    Ok(faults)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_reward_is_found_wherever_a_kind_puts_it() {
        let rules = json!({
            "prizes": [
                { "id": "a", "reward": { "type": "points", "amount": 1 } },
                { "id": "b", "reward": { "type": "coupon", "value_cents": 1, "codes": "spring" } },
            ],
            "whole_set": { "reward": { "type": "card", "activity": "cards", "card": "ox" } },
            "codes": "of the kind's own",
        });
        assert_eq!(
            references(&rules),
            [
                ("rules.prizes[1].reward.codes".into(), Reference::Codes("spring".into())),
                ("rules.whole_set.reward.activity".into(), Reference::Activity("cards".into())),
            ]
        );
    }

    #[test]
    fn what_leads_nowhere_is_named_with_its_cure() {
        let rules = json!([
            { "type": "coupon", "codes": "empty" },
            { "type": "coupon", "codes": "full" },
            { "type": "chance", "activity": "wheel" },
            { "type": "chance", "activity": "whee1" },
            { "type": "chance", "count": 1 },
        ]);
        let list = |name: &str| PoolKey { programme: "p".into(), pool: name.into() };
        let faults =
            faults(&rules, &["wheel"], list, |key| Ok(key.pool == "full")).expect("a store");
        let keys: Vec<_> = faults.iter().map(|fault| fault.key.as_str()).collect();
        assert_eq!(keys, ["rules[0].codes", "rules[3].activity"]);
        assert!(faults[0].cure.contains("funfair codes STORE empty FILE"), "{}", faults[0]);
    }
}
