use crate::{Fault, Setup};
use funfair_host_api::{Day, Words};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

/// A passphrase that opens an activity, announced elsewhere: the `[gate]` of its file. Secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// What is to be typed. Compared without regard to case, width and surrounding space.
    pub passphrase: String,
    /// How many wrong tries a member has a business day.
    #[serde(default = "five")]
    pub attempts_per_day: u32,
    /// Where it is announced.
    pub hint: Words,
}

fn five() -> u32 {
    5
}

/// How far a member has come at a gate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passing {
    /// Whether the phrase was said.
    #[serde(default)]
    pub passed: bool,
    /// The business day that `wrong` counts.
    #[serde(default)]
    pub day: Day,
    /// Wrong tries on that day.
    #[serde(default)]
    pub wrong: u32,
    /// A mark of the last wrong try: the same one sent again, after a lost answer, counts once.
    #[serde(default)]
    pub last: String,
}

impl Gate {
    /// What is wrong with it, keys beginning with `gate`.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut fault = |key: &str, reason: &str, cure: &str| {
            faults.push(Fault::new(format!("gate.{key}"), reason, cure));
        };
        let phrase = plain(&self.passphrase);
        let length = phrase.chars().count();
        let attempts = self.attempts_per_day;
        if !(1..=100).contains(&attempts) {
            let cure = "give such a number, say 5";
            fault("attempts_per_day", "a member has 1 to 100 tries a day", cure);
        } else if length > 0 && alike(&phrase) < u64::from(attempts) * 10_000 {
            let reason = format!(
                "there are about {} phrases of its sort, and a member tries {attempts} a day",
                alike(&phrase)
            );
            fault("passphrase", &reason, "use a longer one, or lower attempts_per_day");
        }
        if length == 0 {
            fault("passphrase", "it is empty", "write what members are to type");
        }
        if length > LONGEST {
            fault("passphrase", "nobody types more than 64 characters", "use a shorter one");
        }
        faults.extend(Setup::words("gate.hint", &self.hint));
        faults
    }

    /// Whether the phrase can be read in a text that everyone sees.
    pub(crate) fn stands_in(&self, words: &Words) -> bool {
        let phrase = plain(&self.passphrase);
        !phrase.is_empty() && words.iter().any(|(_, text)| plain(text).contains(&phrase))
    }

    /// Whether what was typed is the phrase.
    pub fn opens(&self, typed: &str) -> bool {
        plain(&self.passphrase) == plain(typed)
    }

    /// Notes a try on `day`. Without a try left even the right phrase is none.
    pub(crate) fn attempt(&self, passing: &mut Passing, typed: &str, day: Day) {
        if self.attempts_left(passing, day) == 0 {
            return;
        }
        let said = mark(typed);
        if self.opens(typed) {
            passing.passed = true;
        } else if passing.last != said || passing.day != day {
            passing.wrong = if passing.day == day { passing.wrong + 1 } else { 1 };
            passing.day = day;
            passing.last = said;
        }
    }

    /// How many tries are left on `day`.
    pub fn attempts_left(&self, passing: &Passing, day: Day) -> u32 {
        let wrong = if passing.day == day { passing.wrong } else { 0 };
        self.attempts_per_day.saturating_sub(wrong)
    }
}

const LONGEST: usize = 64;

/// A phrase without what typing it may change: case, full or half width, surrounding space.
fn plain(text: &str) -> String {
    let narrow: String = text.nfkc().collect();
    narrow.trim().to_lowercase()
}

/// How many phrases there are of the length and the signs of this one, roughly.
fn alike(phrase: &str) -> u64 {
    let signs = |c: char| match c {
        '0'..='9' => 10,
        c if c.is_ascii() => 36,
        // The characters that people write phrases with.
        _ => 1000,
    };
    let most = phrase.chars().map(signs).max().unwrap_or(1);
    phrase.chars().fold(1, |product: u64, c| {
        // A digit between letters might as well have been a letter.
        product.saturating_mul(if most == 1000 { signs(c) } else { most })
    })
}

/// What tells one wrong try from another, without keeping what was typed.
fn mark(typed: &str) -> String {
    let digest = Sha256::digest(plain(typed));
    hex::encode(digest.get(..6).unwrap_or_default())
}
