//! Whether what was read again and again grows.

use std::{fmt, time::Duration};

/// How much more than before is growth, in hundredths.
const MORE: u64 = 5;

/// One value over time.
pub struct Series {
    name: &'static str,
    unit: &'static str,
    /// What comes and goes by itself.
    stir: u64,
    read: Vec<(Duration, u64)>,
}

impl Series {
    pub const fn of(name: &'static str, unit: &'static str, stir: u64) -> Self {
        Self { name, unit, stir, read: Vec::new() }
    }

    pub fn note(&mut self, at: Duration, value: u64) {
        self.read.push((at, value));
    }

    /// The medians of the first and of the last fifth: single peaks say nothing.
    fn ends(&self) -> (u64, u64) {
        let fifth = self.read.len() / 5;
        assert!(fifth >= 5, "too little was read of {}: {}", self.name, self.read.len());
        let median = |part: &[(Duration, u64)]| {
            let mut values: Vec<u64> = part.iter().map(|(_, value)| *value).collect();
            values.sort_unstable();
            values[values.len() / 2]
        };
        (median(&self.read[..fifth]), median(&self.read[self.read.len() - fifth..]))
    }

    pub fn grows(&self) -> bool {
        let (first, last) = self.ends();
        last > first + (first * MORE / 100).max(self.stir)
    }

    /// By how much it rises in an hour, by the line of least squares.
    fn an_hour(&self) -> f64 {
        #[allow(clippy::cast_precision_loss, reason = "no such value is that large")]
        let points: Vec<(f64, f64)> =
            self.read.iter().map(|(at, value)| (at.as_secs_f64() / 3_600.0, *value as f64)).collect();
        #[allow(clippy::cast_precision_loss, reason = "nor are there that many")]
        let count = points.len() as f64;
        let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.0 / count, y + point.1 / count));
        let rises: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
        rises / points.iter().map(|point| (point.0 - x).powi(2)).sum::<f64>()
    }
}

impl fmt::Display for Series {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ((first, last), Self { name, unit, .. }) = (self.ends(), self);
        let verdict = if self.grows() { "grows" } else { "stays" };
        write!(f, "{name:12} first fifth {first:8} {unit:2} | last fifth {last:8} {unit:2} | {verdict}, ")?;
        write!(f, "{:+.0} {unit} an hour by regression", self.an_hour())
    }
}

/// A thousand readings in ten minutes, with a little dice.
fn series(value: impl Fn(u64) -> u64) -> Series {
    let mut series = Series::of("some", "", 8);
    let mut dice = crate::crash::dice::Dice::of(7);
    (0..1_000).for_each(|step| series.note(Duration::from_millis(step * 600), value(step) + dice.below(200)));
    series
}

#[test]
fn what_stays_or_only_peaks_does_not_grow() {
    assert!(!series(|_| 10_000).grows());
    assert!(!series(|step| if step % 50 == 0 { 40_000 } else { 10_000 }).grows(), "single peaks");
    assert!(!series(|step| if (400..600).contains(&step) { 20_000 } else { 10_000 }).grows(), "it has come back");
    assert!(!series(|step| 20_000 - step).grows(), "it shrinks");
}

#[test]
fn what_rises_a_little_with_each_reading_or_stays_up_grows() {
    assert!(series(|step| 10_000 + step).grows());
    assert!(series(|step| if step < 500 { 10_000 } else { 11_000 }).grows());
    let slope = series(|step| 10_000 + step).an_hour();
    assert!((5_900.0..6_100.0).contains(&slope), "{slope}");
}
