//! What points are in a store: the file `store.toml` beside its activities' files.

use funfair_engine::{Fault, PointsRules};
use serde::Deserialize;

/// The file's name; no activity can have it.
pub(crate) const FILE: &str = "store.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    points: PointsRules,
}

/// Reads the text of a `store.toml`, and names every fault in it.
pub(crate) fn points_file(text: &str) -> Result<PointsRules, Vec<Fault>> {
    let file: File = toml::from_str(text).map_err(|error| {
        let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
        let reason = format!("line {line}: {}", error.message());
        let cure = "write one table [points] with per_100_cents, on, worth_cents, expiry and \
                    refund_grace_days";
        vec![Fault::new("points", reason, cure)]
    })?;
    let faults = file.points.faults();
    if faults.is_empty() { Ok(file.points) } else { Err(faults) }
}

/// The rules as they are stored; those of a store that never said anything where there are none.
pub(crate) fn stored(text: &str) -> PointsRules {
    if text.is_empty() {
        return PointsRules::default();
    }
    serde_json::from_str(text).unwrap_or_else(|error| {
        tracing::error!(%error, "a store's points rules cannot be read; its purchases bring none");
        PointsRules::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use funfair_engine::{Expiry, Purchase};

    #[test]
    fn a_file_says_what_points_are() {
        let text = "[points]\nper_100_cents = 1\non = \"paid\"\nworth_cents = 100\n\
                    expiry = { type = \"year_end\", years_after = 1 }\nrefund_grace_days = 14\n";
        let rules = points_file(text).unwrap();
        assert_eq!((rules.per_100_cents, rules.on), (1, Purchase::Paid));
        assert_eq!(rules.expiry, Expiry::YearEnd { years_after: 1 });
        assert_eq!(stored(&serde_json::to_string(&rules).unwrap()), rules);
        assert_eq!(stored(""), PointsRules::default());
    }

    #[test]
    fn a_mistake_is_named_with_its_line_or_its_key() {
        for (text, key, reason) in [
            ("[points]\nper_100_cent = 1", "points", "line 2: unknown field `per_100_cent`"),
            ("[point]\n", "points", "unknown field `point`"),
            ("[points]\non = \"sent\"", "points", "line 2: unknown variant `sent`"),
            ("[points]\nper_100_cents = 99999", "points.per_100_cents", "more than 10,000"),
            ("[points]\nrefund_grace_days = 0", "points.refund_grace_days", "1 to 3,660"),
        ] {
            let faults = points_file(text).unwrap_err();
            assert_eq!(faults[0].key, key, "{text}");
            assert!(faults[0].reason.contains(reason), "{}", faults[0].reason);
            assert!(!faults[0].cure.is_empty());
        }
    }
}
