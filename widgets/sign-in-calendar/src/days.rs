//! Which days a member signed, in 28 bytes however long the activity runs.

use funfair_host_api::Day;
use serde::{Deserialize, Serialize};

/// A member's days: a window of 64 up to an anchor, and the run just before it.
///
/// Days before the window are settled: they count as the run that they belong to and can no
/// longer be filled. That is why making up reaches back 31 days at most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    /// The last day of the window; bit 0.
    anchor: Day,
    /// Days that count, signed or made up; bit n is `anchor - n`.
    filled: u64,
    /// Those of them that were made up.
    made_up: u64,
    /// How long the run is that ends on the day before the window.
    tail: u32,
}

const WINDOW: i32 = 64;

impl Days {
    /// Whether `day` counts.
    pub fn filled(&self, day: Day) -> bool {
        self.bit(day).is_some_and(|bit| self.filled & bit != 0)
    }

    /// Whether `day` counts because it was made up.
    pub fn made_up(&self, day: Day) -> bool {
        self.bit(day).is_some_and(|bit| self.made_up & bit != 0)
    }

    /// The length of the run that ends on `day`; 0 where `day` does not count.
    pub fn run_to(&self, day: Day) -> u32 {
        let back = self.anchor.0.saturating_sub(day.0);
        if !(0..WINDOW).contains(&back) {
            return if back == WINDOW { self.tail } else { 0 };
        }
        let run = (self.filled >> back).trailing_ones();
        // A run that fills the rest of the window goes on before it.
        if run + back.unsigned_abs() == WINDOW.unsigned_abs() { run + self.tail } else { run }
    }

    /// The length of the run that begins on `day`; 0 where `day` does not count.
    pub fn run_from(&self, day: Day) -> u32 {
        let back = self.anchor.0.saturating_sub(day.0);
        if !(0..WINDOW).contains(&back) {
            return 0;
        }
        (self.filled << (WINDOW - 1 - back)).leading_ones()
    }

    /// Fills `day` by a sign-in, moving the window up to it.
    pub fn sign(&mut self, day: Day) {
        self.reach(day);
        if let Some(bit) = self.bit(day) {
            self.filled |= bit;
        }
    }

    /// Fills `day` afterwards, as seen from `today`.
    pub fn make_up(&mut self, day: Day, today: Day) {
        self.reach(today);
        if let Some(bit) = self.bit(day) {
            self.filled |= bit;
            self.made_up |= bit;
        }
    }

    fn bit(&self, day: Day) -> Option<u64> {
        let back = self.anchor.0.saturating_sub(day.0);
        (0..WINDOW).contains(&back).then(|| 1 << back)
    }

    fn reach(&mut self, day: Day) {
        // After a window and one day without a sign-in nothing of the old one is left.
        for _ in 0..day.0.saturating_sub(self.anchor.0).clamp(0, WINDOW + 1) {
            let leaves = self.filled >> (WINDOW - 1) == 1;
            self.tail = if leaves { self.tail + 1 } else { 0 };
            self.filled <<= 1;
            self.made_up <<= 1;
        }
        self.anchor = self.anchor.max(day);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_run_goes_on_beyond_the_window() {
        let mut days = Days::default();
        for day in 100..300 {
            days.sign(Day(day));
        }
        assert_eq!(days.run_to(Day(299)), 200);
        assert_eq!(days.run_to(Day(240)), 141);
        assert_eq!(days.run_to(Day(300)), 0);
    }

    #[test]
    fn a_long_absence_leaves_no_run() {
        for gap in [2, 63, 64, 65, 66, 1000] {
            let mut days = Days::default();
            for day in 0..70 {
                days.sign(Day(day));
            }
            days.sign(Day(69 + gap));
            assert_eq!(days.run_to(Day(69 + gap)), 1, "after {gap} days");
            let before_the_window = if gap == 64 { 70 } else { 0 };
            if gap >= 64 {
                assert_eq!(days.run_to(Day(69 + gap - 64)), before_the_window, "after {gap} days");
            }
        }
    }

    #[test]
    fn a_made_up_day_joins_two_runs() {
        let mut days = Days::default();
        for day in [10, 11, 13, 14, 15] {
            days.sign(Day(day));
        }
        assert_eq!((days.run_to(Day(11)), days.run_from(Day(13))), (2, 3));
        days.make_up(Day(12), Day(16));
        assert_eq!(days.run_to(Day(15)), 6);
        assert!(days.made_up(Day(12)) && !days.made_up(Day(11)));
    }

    proptest! {
        #[test]
        fn the_window_agrees_with_a_plain_set_of_days(
            steps in prop::collection::vec((0i32..4, prop::option::of(1i32..=31)), 1..200),
        ) {
            let (mut days, mut plain, mut today) = (Days::default(), BTreeSet::new(), 1000);
            for (gap, back) in steps {
                today += gap;
                match back {
                    None => { days.sign(Day(today)); plain.insert(today); }
                    Some(back) => {
                        days.make_up(Day(today - back), Day(today));
                        plain.insert(today - back);
                    }
                }
                let run = |step: i32, from: i32| {
                    let run = (0..).take_while(|n| plain.contains(&(from + step * n)));
                    u32::try_from(run.count()).unwrap()
                };
                for back in 0..=32 {
                    let day = today - back;
                    prop_assert_eq!(days.filled(Day(day)), plain.contains(&day));
                    prop_assert_eq!(days.run_to(Day(day)), run(-1, day));
                    prop_assert_eq!(days.run_from(Day(day)), run(1, day));
                }
            }
        }
    }
}
