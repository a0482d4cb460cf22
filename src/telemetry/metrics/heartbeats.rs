//! What is counted and timed of heartbeats.

use prometheus::{Gauge, HistogramVec, IntCounterVec};

use super::registered::Registered;
use crate::domain::{
    heartbeat::{PRIORITIES, Stage},
    queue::Priority,
};

/// With the bounds beyond which one is slow and of no use.
const SECONDS: [f64; 14] = [0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 3.0, 6.0, 10.0];

/// Heartbeats of this node.
#[derive(Debug)]
pub struct Heartbeats {
    /// From setting out until one was handled and had come back, by `priority`.
    pub roundtrip: HistogramVec,
    /// Their stages, by `stage` and `priority`.
    pub stage: HistogramVec,
    /// When they came back last at every priority, in seconds since 1970; 0 before that.
    pub last_success: Gauge,
    /// Those that got stuck, by `stage`.
    pub failed: IntCounterVec,
}

impl Heartbeats {
    pub(super) fn new(registered: &Registered) -> Self {
        let heartbeats = Self {
            roundtrip: registered.histograms(
                "heartbeat_roundtrip_seconds",
                "From setting out until a heartbeat was handled and had come back.",
                &SECONDS,
                &["priority"],
            ),
            stage: registered.histograms(
                "heartbeat_stage_seconds",
                "How long each stage of a heartbeat took.",
                &SECONDS,
                &["stage", "priority"],
            ),
            last_success: registered.gauge(
                "heartbeat_last_success_timestamp_seconds",
                "When heartbeats came back last at every priority; 0 before that.",
            ),
            failed: registered.counters(
                "heartbeats_failed_total",
                "Heartbeats that got stuck, by the stage at which they did.",
                "stage",
                &Stage::ALL.map(Stage::as_str),
            ),
        };
        // There from the first look on, without a value.
        for priority in PRIORITIES.map(Priority::as_str) {
            heartbeats.roundtrip.with_label_values(&[priority]);
        }
        heartbeats
    }
}
