//! Figures and what they are held to: a miss is said, and fails nothing.

use serde_json::{Value, json};
use std::fmt::Write as _;

/// All that was measured of one thing, one value a round.
#[derive(Clone, Debug, Default)]
pub struct Series(Vec<f64>);

impl Series {
    pub fn push(&mut self, value: f64) {
        self.0.push(value);
    }

    pub fn median(&self) -> f64 {
        let sorted = self.sorted();
        let middle = sorted.len() / 2;
        if sorted.len() % 2 == 1 {
            sorted[middle]
        } else {
            f64::midpoint(sorted[middle - 1], sorted[middle])
        }
    }

    /// Median, least and greatest, in this many digits.
    pub fn told(&self, digits: usize) -> String {
        let sorted = self.sorted();
        let (least, most) = (sorted[0], sorted[sorted.len() - 1]);
        format!("{:.digits$} [{least:.digits$}–{most:.digits$}]", self.median())
    }

    pub fn json(&self) -> Value {
        json!({ "median": self.median(), "all": self.0 })
    }

    fn sorted(&self) -> Vec<f64> {
        let mut sorted = self.0.clone();
        sorted.sort_by(f64::total_cmp);
        sorted
    }
}

/// What is aimed at.
#[derive(Clone, Copy, Debug)]
pub enum Aim {
    AtMost(f64),
    AtLeast(f64),
}

/// Prints an aim with what was measured.
pub fn hold(bench: &str, what: &str, aim: Aim, measured: f64) {
    let (sign, bound, met) = match aim {
        Aim::AtMost(bound) => ("≤", bound, measured <= bound),
        Aim::AtLeast(bound) => ("≥", bound, measured >= bound),
    };
    let verdict = if met { "ok" } else { "MISS" };
    println!("{verdict:4} {bench}: {what}: {measured:.2} ({sign} {bound})");
}

/// Prints a table of words.
pub fn table(heads: &[&str], rows: &[Vec<String>]) {
    let mut out = format!("\n| {} |\n|{}", heads.join(" | "), "---|".repeat(heads.len()));
    for row in rows {
        write!(out, "\n| {} |", row.join(" | ")).expect("a text grows");
    }
    println!("{out}\n");
}
