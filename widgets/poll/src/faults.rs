//! What can be wrong with a configuration: key, reason and cure of every mistake.

use crate::{Config, NominationRule, OptionRule, nominations::folded};
use funfair_engine::{Fault, RewardRule, Setup};

/// The most options that a vote has, proposals included.
const OPTIONS: usize = 24;
/// What the row that all members share may take.
const ROW_BYTES: usize = 4096;
/// Digits of the largest count that is planned for.
const DIGITS: usize = 12;

impl Config {
    pub(crate) fn faults(&self, setup: &Setup) -> Vec<Fault> {
        let mut faults = Setup::words("rules.question", &self.question);
        faults.extend(self.option_faults());
        faults.extend(self.choose_faults());
        faults.extend(self.round_faults(setup));
        faults.extend(self.reward.iter().flat_map(|rule| reward_faults("rules.reward", rule)));
        if let Some(rule) = &self.nominations {
            faults.extend(rule.faults());
            faults.extend(self.room_faults(rule));
            let key = "rules.nominations.reward";
            faults.extend(rule.reward.iter().flat_map(|reward| reward_faults(key, reward)));
        }
        faults
    }

    fn option_faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let count = self.options.len();
        if count < 2 {
            let reason = format!("there is nothing to choose between with {count} options");
            faults.push(Fault::new("rules.options", reason, "give 2 or more"));
        }
        if count > OPTIONS {
            let reason = format!("a vote has {OPTIONS} options at most, not {count}");
            faults.push(Fault::new("rules.options", reason, "remove some"));
        }
        for (index, option) in self.options.iter().enumerate() {
            let key = format!("rules.options[{index}]");
            faults.extend(option.faults(&key));
            let before = || self.options.iter().take(index);
            if before().any(|other| other.id == option.id) {
                let reason = format!("two options are called \"{}\"", option.id);
                faults.push(Fault::new(format!("{key}.id"), reason, "rename one"));
            }
            for (lang, text) in option.label.iter().filter(|(_, text)| !text.is_empty()) {
                if before().any(|other| folded(exact(other, lang)) == folded(text)) {
                    let reason = format!("two options read \"{text}\" in {lang}");
                    let cure = "tell them apart by their names";
                    faults.push(Fault::new(format!("{key}.label"), reason, cure));
                }
            }
        }
        faults
    }

    fn choose_faults(&self) -> Vec<Fault> {
        let (least, most) = (self.choose.least, self.choose.most);
        let count = self.options.len();
        let mut faults = Vec::new();
        let mut fault = |field: &str, reason: String, cure: String| {
            faults.push(Fault::new(format!("rules.choose.{field}"), reason, cure));
        };
        if least == 0 {
            fault("least", "a ballot that names nothing is none".into(), "give 1 or more".into());
        }
        if least > most {
            let reason = format!("at least {least} and at most {most} cannot both be");
            fault("least", reason, format!("give {most} or fewer, or raise most"));
        }
        if most as usize > count {
            let reason = format!("a ballot cannot name {most} of {count} options");
            fault("most", reason, format!("give {count} or fewer"));
        }
        faults
    }

    fn round_faults(&self, setup: &Setup) -> Vec<Fault> {
        let Some(rule) = &self.rounds else { return Vec::new() };
        if !(1..=366).contains(&rule.every) {
            let reason = format!("a round of {} business days", rule.every);
            let cure = "give 1 to 366, or remove [rules.rounds] for one vote";
            return vec![Fault::new("rules.rounds.every", reason, cure)];
        }
        // A clock that cannot be read is a fault of its own.
        let Ok(clock) = setup.clock() else { return Vec::new() };
        let opens = clock.day(setup.opens_at_ms);
        let ahead = i64::from(opens.0) - i64::from(rule.from.0);
        if (0..i64::from(rule.every)).contains(&ahead) {
            return Vec::new();
        }
        let reason = format!(
            "the activity opens on {}, which is not in the first round from {} on",
            opens.text(),
            rule.from.text()
        );
        vec![Fault::new("rules.rounds.from", reason, format!("write \"{}\"", opens.text()))]
    }

    /// Whether proposals fit: among the options, and into the row that all members share.
    fn room_faults(&self, rule: &NominationRule) -> Vec<Fault> {
        let mut faults = Vec::new();
        let key = "rules.nominations.at_most";
        let (count, more) = (self.options.len(), rule.at_most as usize);
        if count <= OPTIONS && count + more > OPTIONS {
            let reason = format!("{count} options and {more} nominations are more than {OPTIONS}");
            let cure = format!("give {} or fewer", OPTIONS - count);
            faults.push(Fault::new(key, reason, cure));
        } else if self.shared_bytes(rule) > ROW_BYTES {
            let reason = format!("{more} names of {} characters do not fit", rule.max_length);
            let cure = "give fewer, a smaller max_length, or shorter ids of options";
            faults.push(Fault::new(key, reason, cure));
        }
        faults
    }

    /// The most bytes that the shared row comes to.
    pub(crate) fn shared_bytes(&self, rule: &NominationRule) -> usize {
        let count = |id: usize| 2 * (id + r#""":,"#.len() + DIGITS);
        let id = "n_20".len();
        let own: usize = self.options.iter().map(|option| count(option.id.len())).sum();
        let text = r#"{"id":"","text":""},"#.len() + id + rule.max_bytes();
        let tally = r#""last":{"round":,"ballots":,"counts":{}},"#.len() + 10 + DIGITS;
        let frame = r#"{"accepted":[]}"#.len() + 2 * tally;
        frame + own + rule.at_most as usize * (count(id) + text)
    }
}

impl OptionRule {
    fn faults(&self, key: &str) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |field: &str, reason: &str, cure: &str| {
            faults.push(Fault::new(format!("{key}.{field}"), reason, cure));
        };
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.id.is_empty() || self.id.len() > 24 || !self.id.chars().all(plain) {
            let cure = "write one such as \"tea-set\"";
            fault("id", "an id is 1 to 24 of a-z, 0-9 and -", cure);
        }
        if let Some(picture) = &self.picture {
            if !is_address(picture) {
                let reason = "a picture is an https address, or a path on the store's own site";
                fault("picture", reason, "write \"https://…\" or \"/…\"");
            }
            if picture.chars().count() > 300 {
                fault("picture", "the address has more than 300 characters", "use a shorter one");
            }
        }
        if self.from_cents.zip(self.to_cents).is_some_and(|(from, to)| from > to) {
            fault("from_cents", "the band ends before it begins", "give to_cents or less");
        }
        if self.to_cents == Some(0) {
            fault("to_cents", "nothing costs 0 or less", "give a price in cents, or remove it");
        }
        if self.quota == Some(0) {
            let reason = "0 means that it can never be chosen";
            fault("quota", reason, "give a number, or remove the option");
        }
        faults.extend(Setup::words(&format!("{key}.label"), &self.label));
        faults
    }
}

impl NominationRule {
    fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut check = |field: &str, value: u32, (least, most): (u32, u32), reason: String| {
            if !(least..=most).contains(&value) {
                let key = format!("rules.nominations.{field}");
                faults.push(Fault::new(key, reason, format!("give {least} to {most}")));
            }
        };
        let Self { per_member, max_length, at_most, .. } = *self;
        let each = format!("each member nominates {per_member}");
        check("per_member", per_member, (1, 5), each);
        let names = format!("names of {max_length} characters at most");
        check("max_length", max_length, (8, 40), names);
        check("at_most", at_most, (1, 20), format!("{at_most} nominations are taken up"));
        faults
    }
}

/// What is wrong with a reward of a vote, which takes no chances itself.
fn reward_faults(key: &str, rule: &RewardRule) -> Vec<Fault> {
    let mut faults = rule.faults(key);
    if matches!(rule, RewardRule::Chance { activity: None, .. }) {
        let reason = "a vote takes no chances, so that this one could not be used";
        let cure = "name the activity that it is for";
        faults.push(Fault::new(format!("{key}.activity"), reason, cure));
    }
    faults
}

/// Whether a page may load a picture from there: nothing that a browser reads as another host.
fn is_address(picture: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '\\' | '"' | '<' | '>');
    let path = picture.starts_with('/') && !picture.starts_with("//");
    let host = picture.strip_prefix("https://").is_some_and(|rest| {
        rest.starts_with(|c: char| c.is_ascii_alphanumeric()) && !rest.contains('@')
    });
    (path || host) && !picture.contains(odd)
}

/// An option's name in exactly this language.
fn exact<'a>(option: &'a OptionRule, lang: &str) -> &'a str {
    option.label.iter().find(|(have, _)| *have == lang).map_or("", |(_, text)| text)
}
