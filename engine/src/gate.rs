use crate::{Fault, Setup};
use funfair_host_api::{Day, Words};
use serde::{Deserialize, Serialize};

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
        Setup::words("gate.hint", &self.hint)
    }

    /// Whether what was typed is the phrase.
    pub fn opens(&self, typed: &str) -> bool {
        self.passphrase == typed
    }

    /// Notes a try on `day`.
    pub(crate) fn attempt(&self, passing: &mut Passing, typed: &str, day: Day) {
        if self.attempts_left(passing, day) == 0 {
            return;
        }
        if self.opens(typed) {
            passing.passed = true;
        } else if passing.last != typed || passing.day != day {
            passing.wrong = if passing.day == day { passing.wrong + 1 } else { 1 };
            passing.day = day;
            passing.last = typed.into();
        }
    }

    /// How many tries are left on `day`.
    pub fn attempts_left(&self, passing: &Passing, day: Day) -> u32 {
        let wrong = if passing.day == day { passing.wrong } else { 0 };
        self.attempts_per_day.saturating_sub(wrong)
    }
}
