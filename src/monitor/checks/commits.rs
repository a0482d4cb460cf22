//! How long it takes until what is written is on disk.

use super::Found;
use crate::{
    domain::health::{CheckId, Reading, Status, Subject},
    monitor::Monitor,
};

/// From how many milliseconds on people notice it.
const SLOW: f64 = 250.0;
/// From how many on they take it for broken.
const BROKEN: f64 = 1_000.0;

/// The mean of what was committed since the last look; nothing is known where nothing was.
pub(super) fn latency(monitor: &Monitor) -> Found {
    let Some(mean) = monitor.commit_ms() else { return Found::Nothing };
    let (status, remedy) = if mean > BROKEN {
        (Status::Fail, LOOK)
    } else if mean > SLOW {
        (Status::Warn, LOOK)
    } else {
        (Status::Pass, "")
    };
    let sentence = if status == Status::Pass {
        "What people write is on disk in time."
    } else {
        "It takes long until what people write is on disk, so that they wait for each message."
    };
    Found::from(Reading {
        check: CheckId::CommitLatency,
        subject: Subject::Node(monitor.watch.node.clone()),
        status,
        value: Some(mean),
        unit: "ms",
        warns_at: SLOW,
        fails_at: Some(BROKEN),
        sentence: sentence.to_owned(),
        remedy,
    })
}

const LOOK: &str = "Look for whatever else works the disk, such as a copy or an update, and at hearback_commit_seconds in the metrics.";
