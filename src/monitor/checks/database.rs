//! Whether the database takes writes.

use std::time::Duration;

use tokio::time::{Instant, timeout};

use crate::{
    app::readiness,
    domain::health::{CheckId, Reading, Status, Subject},
    monitor::Monitor,
};

/// How long a write may take before it counts as not done.
const PATIENCE: Duration = Duration::from_secs(2);

/// Writes a row of its own, and takes the time.
pub(super) async fn writes(monitor: &Monitor) -> Reading {
    let started = Instant::now();
    let outcome = timeout(PATIENCE, readiness::check(&monitor.app)).await;
    let took = started.elapsed().as_secs_f64() * 1_000.0;
    let (status, value, sentence, remedy) = match outcome {
        Ok(Ok(())) => (Status::Pass, Some(took), "What is written is on disk.", ""),
        Ok(Err(problem)) => {
            tracing::warn!(%problem, "the database takes no writes");
            (
                Status::Fail,
                None,
                "The database takes no writes, so nobody can send.",
                "Look whether its disk is full or read-only and whether it can be reached. It goes on without a restart.",
            )
        }
        Err(_) => (
            Status::Fail,
            Some(took),
            "The database does not answer, so nobody can send.",
            "Look whether its disk or its server hangs. It goes on without a restart.",
        ),
    };
    Reading {
        check: CheckId::DatabaseWrites,
        subject: Subject::Node(monitor.watch.node.clone()),
        status,
        value,
        unit: "ms",
        warns_at: PATIENCE.as_secs_f64() * 1_000.0,
        fails_at: Some(PATIENCE.as_secs_f64() * 1_000.0),
        sentence: sentence.to_owned(),
        remedy,
    }
}
