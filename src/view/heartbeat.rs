//! Heartbeats as a strip of bars and as a table.

use std::{collections::BTreeMap, time::Duration};

use super::chart::{Chart, Tone};
use crate::domain::{
    heartbeat::{BROKEN, Beat, SLOW, Stage},
    queue::Priority,
    time::Timestamp,
};

/// How many heartbeats a strip shows.
pub const PLACES: usize = 60;

/// The heartbeats of one server at one priority.
#[derive(Clone, Debug)]
pub struct Strip {
    /// The server.
    pub node: String,
    /// The priority.
    pub priority: Priority,
    /// A bar for each, the latest at the right; longer ones are higher, by powers of ten.
    pub chart: Chart,
    /// The latest, last one first.
    pub beats: Vec<Beat>,
    /// Whether the next is missing for longer than it should be.
    silent: bool,
}

impl Strip {
    /// What the latest has come to, in words.
    #[must_use]
    pub fn latest(&self) -> String {
        match self.beats.first() {
            Some(beat) if self.silent => format!("none since {}", beat.began_at.to_datetime().format("%H:%M:%S UTC")),
            beat => beat.map_or_else(|| "none yet".to_owned(), outcome),
        }
    }

    /// What the strip shows, in words.
    #[must_use]
    pub fn about(&self) -> String {
        let late = self.beats.iter().filter(|beat| tone(beat) != Tone::Good).count();
        let (number, priority) = (self.beats.len(), self.priority.as_str());
        format!("The last {number} heartbeats at {priority} priority of {}, {late} of them late or lost", self.node)
    }

    /// Whether the latest is as it should be.
    #[must_use]
    pub fn is_well(&self) -> bool {
        !self.silent && self.beats.first().is_none_or(|beat| tone(beat) == Tone::Good)
    }
}

/// A strip for each server and priority, by name; from beats of which the latest come first. One whose latest is from before
/// `expected` is silent.
#[must_use]
pub fn strips(beats: Vec<Beat>, expected: Timestamp) -> Vec<Strip> {
    let mut sorted = BTreeMap::<(String, Priority), Vec<Beat>>::new();
    for beat in beats {
        let strip = sorted.entry((beat.node.clone(), beat.priority)).or_default();
        if strip.len() < PLACES {
            strip.push(beat);
        }
    }
    let strip = |((node, priority), beats): ((String, Priority), Vec<Beat>)| {
        let bars = beats.iter().rev().map(|beat| (height(beat), tone(beat), words(beat)));
        let chart = Chart::draw(PLACES, 1.0, bars);
        let silent = beats.first().is_some_and(|beat| beat.began_at < expected);
        Strip { node, priority, chart, beats, silent }
    };
    sorted.into_iter().map(strip).collect()
}

/// From a millisecond, hardly anything, to ten seconds, all of it; what got stuck is as high as can be.
fn height(beat: &Beat) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "some seconds")]
    beat.total_us.map_or(1.0, |total| (total.max(1_000) as f64 / 1_000.0).log10() / 4.0)
}

fn tone(beat: &Beat) -> Tone {
    match beat.total_us {
        Some(total) if is_within(total, SLOW) => Tone::Good,
        Some(total) if is_within(total, BROKEN) => Tone::Warns,
        _ => Tone::Fails,
    }
}

fn is_within(micros: i64, limit: Duration) -> bool {
    u128::try_from(micros).is_ok_and(|micros| micros <= limit.as_micros())
}

/// How it came out.
#[must_use]
pub fn outcome(beat: &Beat) -> String {
    match (beat.total_us, beat.failed) {
        (Some(total), _) => millis(total),
        (None, Some(stage)) => format!("stuck at: {}", stage.words()),
        (None, None) => "lost".to_owned(),
    }
}

fn words(beat: &Beat) -> String {
    let stages = beat.stages().filter_map(|(stage, took)| took.map(|took| (stage, took)));
    let stages: Vec<String> = stages.map(|(stage, took)| format!("{} {}", stage.words(), millis(took))).collect();
    let at = beat.began_at.to_datetime().format("%H:%M:%S UTC");
    format!("{at}: {} ({})", outcome(beat), stages.join(", "))
}

/// A stage's time in a cell of the table.
#[must_use]
pub fn took(micros: &Option<i64>) -> String {
    micros.map_or_else(|| "–".to_owned(), millis)
}

/// Microseconds for people.
#[must_use]
pub fn millis(micros: i64) -> String {
    #[expect(clippy::cast_precision_loss, reason = "some seconds")]
    let millis = micros as f64 / 1_000.0;
    if millis < 100.0 { format!("{millis:.1} ms") } else { format!("{millis:.0} ms") }
}

/// The heads of the table's columns.
#[must_use]
pub fn heads() -> [&'static str; Stage::ALL.len()] {
    Stage::ALL.map(Stage::words)
}
