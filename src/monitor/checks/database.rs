//! Whether the database takes writes.

use std::time::Duration;

use tokio::time::{Instant, timeout};

use crate::{
    app::{App, readiness},
    domain::health::{CheckId, Reading, Status},
};

/// From how many milliseconds on people notice that a write takes long.
const SLOW: f64 = 250.0;
/// How long a write may take before it counts as not done.
const PATIENCE: Duration = Duration::from_secs(2);

/// Writes a row of its own, and takes the time.
pub(super) async fn writes(app: &App) -> Reading {
    let started = Instant::now();
    let outcome = timeout(PATIENCE, readiness::check(app)).await;
    let took = started.elapsed().as_secs_f64() * 1_000.0;
    let (status, value, advice) = match outcome {
        Ok(Ok(())) if took <= SLOW => (Status::Pass, Some(took), "What is written is on disk in time."),
        Ok(Ok(())) => (
            Status::Warn,
            Some(took),
            "Writing takes long: look for whatever else works the disk, and at commit_seconds in the metrics.",
        ),
        Ok(Err(problem)) => {
            tracing::warn!(%problem, "the database takes no writes");
            (
                Status::Fail,
                None,
                "The database takes no writes, so nobody can send: look whether its disk is full or read-only and whether \
                 it can be reached. It goes on without a restart.",
            )
        }
        Err(_) => (
            Status::Fail,
            Some(took),
            "The database does not answer: look whether its disk or its server hangs. It goes on without a restart.",
        ),
    };
    Reading {
        check: CheckId::DatabaseWrites,
        status,
        value,
        unit: "ms",
        warns_at: SLOW,
        fails_at: PATIENCE.as_secs_f64() * 1_000.0,
        advice: advice.to_owned(),
    }
}
