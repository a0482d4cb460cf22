//! What this server has done in each of the last sixty minutes, for small charts.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use super::{Monitor, lock, ticks};
use crate::{app::App, domain::time::Timestamp, telemetry::metrics::Tally};

/// How many minutes are known.
const MINUTES: usize = 60;

/// One minute.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// When it ended.
    pub at: Timestamp,
    /// Messages that became durable, heartbeats not among them.
    pub messages: u64,
    /// Milliseconds that a commit took on average; `None` where there was none.
    pub commit_ms: Option<f64>,
    /// Live sockets at its end, the heartbeat's own not among them.
    pub sockets: i64,
}

/// The last hour, the latest minute last.
#[derive(Clone, Debug)]
pub struct Samples {
    /// One for each whole minute since the start, at most sixty.
    pub minutes: VecDeque<Sample>,
    counted: Tally,
}

impl Samples {
    /// None yet.
    pub(super) fn begin(app: &App) -> Self {
        Self { minutes: VecDeque::new(), counted: app.metrics.tally() }
    }

    fn take(&mut self, app: &App) {
        let counted = app.metrics.tally();
        let since = counted.since(&self.counted);
        let sample = Sample {
            at: app.clock.now(),
            messages: since.messages,
            commit_ms: since.commit_ms(),
            sockets: app.metrics.all_sockets(),
        };
        self.counted = counted;
        if self.minutes.len() == MINUTES {
            self.minutes.pop_front();
        }
        self.minutes.push_back(sample);
    }
}

/// Samples once a minute until it is aborted.
pub(super) async fn run(monitor: Arc<Monitor>) {
    let mut ticks = ticks(Duration::from_mins(1));
    loop {
        ticks.tick().await;
        lock(&monitor.samples).take(&monitor.app);
        monitor.live.stir();
    }
}
