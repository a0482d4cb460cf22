//! What is looked at, one file for each check.

mod activity;
pub(super) mod backup;
mod clock;
mod commits;
mod database;
mod disk;
mod heartbeat;
mod jobs;
mod nodes;
mod queue;

use std::time::Duration;

use futures::future::join_all;
use tokio::time::timeout;

use super::Monitor;
use crate::domain::{
    health::{CheckId, Reading, Status},
    problem::{Code, Problem},
};

/// How long a check may look. A store that does not answer is told by its own check, and keeps no other from being told.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a check has found.
#[derive(Debug)]
pub enum Found {
    /// A reading for each subject that it speaks of; none where there is nothing to be said, such as of the disk of a
    /// database that is elsewhere.
    Readings(Vec<Reading>),
    /// Nothing is known yet, which is neither good nor bad.
    Nothing,
    /// It could not look.
    Failed(Problem),
}

impl From<Reading> for Found {
    fn from(reading: Reading) -> Self {
        Self::Readings(vec![reading])
    }
}

impl From<Result<Vec<Reading>, Problem>> for Found {
    fn from(found: Result<Vec<Reading>, Problem>) -> Self {
        found.map_or_else(Self::Failed, Self::Readings)
    }
}

/// Looks at everything at once.
pub async fn all(monitor: &Monitor) -> Vec<(CheckId, Found)> {
    join_all(CheckId::ALL.map(|check| async move {
        let found = timeout(PATIENCE, look(monitor, check))
            .await
            .unwrap_or_else(|_| Found::Failed(Problem::new(Code::Busy, "It takes too long to look.")));
        if let Found::Failed(problem) = &found {
            tracing::debug!(%problem, check = check.as_str(), "a check could not look");
        }
        (check, found)
    }))
    .await
}

async fn look(monitor: &Monitor, check: CheckId) -> Found {
    match check {
        CheckId::DatabaseWrites => database::writes(monitor).await.into(),
        CheckId::CommitLatency => commits::latency(monitor),
        CheckId::DiskSpace => Found::Readings(disk::space(monitor).into_iter().collect()),
        CheckId::Heartbeat => heartbeat::round_trip(monitor),
        CheckId::QueueOverdue => queue::overdue(monitor).await.into(),
        CheckId::Activity => activity::silence(monitor).await.into(),
        CheckId::Jobs => jobs::failed(monitor).await.into(),
        CheckId::Clock => clock::offset(monitor).into(),
        CheckId::Nodes => nodes::seen(monitor).await.into(),
        CheckId::Backup => backup::age(monitor).await.into(),
    }
}

/// The worst of what was found; what could not be looked at counts as a warning.
#[must_use]
pub fn worst(all: &[(CheckId, Found)]) -> Status {
    let of = |found: &Found| match found {
        Found::Readings(readings) => readings.iter().map(|reading| reading.status).max().unwrap_or(Status::Pass),
        Found::Nothing => Status::Pass,
        Found::Failed(_) => Status::Warn,
    };
    all.iter().map(|(_, found)| of(found)).max().unwrap_or(Status::Pass)
}
