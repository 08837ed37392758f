//! Figures as JSON lines while they come, one table and the aims beside them at the end.

use crate::measure::{Times, rounded};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// All figures of one run.
#[derive(Debug, Default)]
pub struct Report {
    names: Vec<String>,
    figures: BTreeMap<String, Figure>,
    aims: Vec<Aim>,
}

/// One figure: what it is of, how many a second, how long each took.
#[derive(Clone, Debug, Default)]
pub struct Figure {
    /// How many a second.
    pub per_s: f64,
    /// How long each took.
    pub times: Option<Times>,
    /// What else is to be said.
    pub more: Map<String, Value>,
}

/// What the issue asks for, beside what was measured. A miss is printed and fails nothing.
#[derive(Debug)]
struct Aim {
    what: String,
    measured: f64,
    wanted: String,
    met: bool,
}

impl Figure {
    /// A rate alone.
    pub fn rate(per_s: f64) -> Self {
        Self { per_s, ..Self::default() }
    }

    /// A rate with its times.
    pub fn timed(per_s: f64, times: Times) -> Self {
        Self { per_s, times: Some(times), ..Self::default() }
    }

    /// Adds something to be said.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.more.insert(name.into(), value.into());
        self
    }

    /// The percentile of its times, in milliseconds.
    pub fn ms(&self, share: f64) -> f64 {
        self.times.as_ref().map_or(f64::NAN, |times| times.ms(share))
    }
}

impl Report {
    /// Prints a figure, and keeps it for the table.
    pub fn figure(&mut self, name: &str, figure: Figure) {
        let mut line = Map::new();
        line.insert("figure".into(), name.into());
        line.insert("per_s".into(), figure.per_s.into());
        line.extend(figure.times.iter().flat_map(Times::fields));
        line.extend(figure.more.clone());
        println!("{}", Value::Object(line));
        if self.figures.insert(name.into(), figure).is_none() {
            self.names.push(name.into());
        }
    }

    /// A figure of this run; `None` where it was not asked for.
    pub fn get(&self, name: &str) -> Option<&Figure> {
        self.figures.get(name)
    }

    /// How many a second, of a figure of this run.
    pub fn per_s(&self, name: &str) -> Option<f64> {
        self.get(name).map(|figure| figure.per_s)
    }

    /// Holds a measured number to an aim: no less than `least`.
    pub fn at_least(&mut self, what: &str, measured: Option<f64>, least: f64) {
        self.aim(what, measured, format!("≥ {least}"), |measured| measured >= least);
    }

    /// Holds a measured number to an aim: no more than `most`.
    pub fn at_most(&mut self, what: &str, measured: Option<f64>, most: f64) {
        self.aim(what, measured, format!("≤ {most}"), |measured| measured <= most);
    }

    /// The rate of one figure as a multiple of another's, where both were measured.
    pub fn times_of(&self, one: &str, other: &str) -> Option<f64> {
        let (one, other) = self.per_s(one).zip(self.per_s(other))?;
        Some(one / other)
    }

    fn aim(
        &mut self,
        what: &str,
        measured: Option<f64>,
        wanted: String,
        met: impl Fn(f64) -> bool,
    ) {
        // What was not asked for in this run has no measure, and is not printed.
        let Some(measured) = measured else { return };
        let aim =
            Aim { what: what.into(), measured: rounded(measured, 2), met: met(measured), wanted };
        let line = json!({
            "aim": aim.what, "measured": aim.measured, "wanted": aim.wanted, "met": aim.met,
        });
        println!("{line}");
        self.aims.push(aim);
    }

    /// The table for a reader, and below it the aims.
    pub fn table(&self) -> String {
        let mut rows = vec![["", "a second", "p50 ms", "p99 ms", "p99.9 ms"].map(String::from)];
        for name in &self.names {
            let Some(figure) = self.figures.get(name) else { continue };
            let ms = |share: f64| match &figure.times {
                Some(times) => format!("{:.1}", times.ms(share)),
                None => String::new(),
            };
            let rate = grouped(figure.per_s);
            rows.push([name.clone(), rate, ms(0.5), ms(0.99), ms(0.999)]);
        }
        let mut text = aligned(&rows);
        if !self.aims.is_empty() {
            text.push('\n');
            let head = ["aim", "measured", "wanted", ""].map(String::from);
            let aims = self.aims.iter().map(|aim| {
                let said = if aim.met { "ok" } else { "MISS" };
                [aim.what.clone(), aim.measured.to_string(), aim.wanted.clone(), said.into()]
            });
            text.push_str(&aligned(&std::iter::once(head).chain(aims).collect::<Vec<_>>()));
        }
        text
    }
}

/// The first column to the left, the others to the right.
fn aligned<const N: usize>(rows: &[[String; N]]) -> String {
    let width = |column: usize| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default()
    };
    let mut text = String::new();
    for row in rows {
        for (column, cell) in row.iter().enumerate() {
            let gap = " ".repeat(width(column) - cell.chars().count());
            let (before, after) = if column == 0 { ("", &*gap) } else { (&*gap, "") };
            text.extend([before, cell, after, "   "]);
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
    }
    text
}

/// 12345 as 12,345.
fn grouped(figure: f64) -> String {
    let digits = format!("{figure:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(
            [1.0, 999.4, 1000.0, 1_234_567.0].map(grouped),
            ["1", "999", "1,000", "1,234,567"]
        );
    }

    #[test]
    fn an_aim_is_met_missed_or_not_measured() {
        let mut report = Report::default();
        report.figure("a", Figure::rate(30.0));
        report.figure("b", Figure::rate(10.0));
        report.at_least("a of b", report.times_of("a", "b"), 3.0);
        report.at_most("b", report.per_s("b"), 9.0);
        report.at_least("c", report.per_s("c"), 1.0);
        let met: Vec<_> = report.aims.iter().map(|aim| aim.met).collect();
        assert_eq!(met, [true, false]);
        assert!(report.table().contains("MISS"));
    }
}
