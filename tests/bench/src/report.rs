//! The table: medians of all rounds, and what they are to be measured against.

use std::{
    collections::BTreeMap,
    fmt::{self, Write},
};

use crate::system::System;

/// All figures of one kind, by system, over the rounds.
#[derive(Clone, Debug, Default)]
pub struct Samples(BTreeMap<System, Vec<f64>>);

impl Samples {
    /// Keeps one round's figure.
    pub fn add(&mut self, system: System, value: f64) {
        self.0.entry(system).or_default().push(value);
    }

    /// The median over the rounds; not a number where there was none.
    pub fn median(&self, system: System) -> f64 {
        self.0.get(&system).map_or(f64::NAN, |values| median(values))
    }
}

/// The middle one, of the two middle ones their mean.
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match sorted.len() {
        0 => f64::NAN,
        count if count % 2 == 1 => sorted[count / 2],
        count => f64::midpoint(sorted[count / 2 - 1], sorted[count / 2]),
    }
}

/// What is asked of a figure.
#[derive(Clone, Debug)]
pub struct Target {
    /// In words.
    pub asked: String,
    /// What came out, over what it is measured against.
    pub ratio: f64,
    /// Whether that is enough.
    pub met: bool,
}

impl Target {
    /// At most `limit` times `base`.
    pub fn at_most(limit: f64, value: f64, base: f64, of: &str) -> Self {
        Self { asked: format!("≤ {limit:.3} × {of}"), ratio: value / base, met: value <= limit * base }
    }

    /// At least `limit` times `base`.
    pub fn at_least(limit: f64, value: f64, base: f64, of: &str) -> Self {
        Self { asked: format!("≥ {limit} × {of}"), ratio: value / base, met: value >= limit * base }
    }

    /// At most so many of the figure's unit.
    pub fn below(limit: f64, value: f64) -> Self {
        Self { asked: format!("≤ {limit}"), ratio: value / limit, met: value <= limit }
    }
}

/// One line: one figure of one piece of work.
#[derive(Clone, Debug)]
pub struct Row {
    /// What was done.
    pub work: String,
    /// What was measured, with its unit.
    pub figure: &'static str,
    /// The medians.
    pub samples: Samples,
    /// What is asked of Hearback.
    pub targets: Vec<Target>,
}

/// Everything that was measured.
#[derive(Debug, Default)]
pub struct Report {
    /// Lines above the table.
    pub preface: Vec<String>,
    /// The table.
    pub rows: Vec<Row>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.preface {
            writeln!(f, "{line}")?;
        }
        let systems = [System::Hearback, System::Tutorial, System::Memory, System::Bare];
        let names = systems.map(System::name).join(" | ");
        writeln!(f, "\n| work | figure | {names} | target: ratio |\n|---|---|--:|--:|--:|--:|---|")?;
        for Row { work, figure, samples, targets } in &self.rows {
            let values = systems.map(|system| shown(samples.median(system))).join(" | ");
            let targets = targets.iter().fold(String::new(), |mut all, target| {
                let met = if target.met { "met" } else { "**not met**" };
                let comma = if all.is_empty() { "" } else { "; " };
                let _ = write!(all, "{comma}{}: {} {met}", target.asked, shown(target.ratio));
                all
            });
            writeln!(f, "| {work} | {figure} | {values} | {targets} |")?;
        }
        Ok(())
    }
}

/// Three figures are as many as such a measurement has.
fn shown(value: f64) -> String {
    match value {
        value if value.is_nan() => String::new(),
        value if value.abs() >= 100.0 => format!("{value:.0}"),
        value if value.abs() >= 10.0 => format!("{value:.1}"),
        value if value.abs() >= 1.0 => format!("{value:.2}"),
        value => format!("{value:.3}"),
    }
}
