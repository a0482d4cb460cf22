//! What is looked at, one file for each check.

mod activity;
mod backup;
mod clock;
mod commits;
mod database;
mod disk;
mod heartbeat;
mod jobs;
mod nodes;
mod queue;

use super::Monitor;
use crate::domain::{
    health::{CheckId, Reading, Status},
    problem::Problem,
};

/// What a check has found: a reading for each subject that it speaks of. None where there is nothing to be said, such as of
/// the disk of a database that is elsewhere.
pub type Found = Result<Vec<Reading>, Problem>;

/// Looks at everything, one after the other.
pub async fn all(monitor: &Monitor) -> Vec<(CheckId, Found)> {
    let mut all = Vec::with_capacity(CheckId::ALL.len());
    for check in CheckId::ALL {
        let found = match check {
            CheckId::DatabaseWrites => Ok(vec![database::writes(monitor).await]),
            CheckId::CommitLatency => Ok(commits::latency(monitor)),
            CheckId::DiskSpace => Ok(disk::space(monitor).into_iter().collect()),
            CheckId::Heartbeat => Ok(vec![heartbeat::round_trip(monitor)]),
            CheckId::QueueOverdue => queue::overdue(monitor).await,
            CheckId::Activity => activity::silence(monitor).await,
            CheckId::Jobs => jobs::failed(monitor).await,
            CheckId::Clock => Ok(vec![clock::offset(monitor)]),
            CheckId::Nodes => nodes::seen(monitor).await,
            CheckId::Backup => backup::age(monitor).await,
        };
        if let Err(problem) = &found {
            tracing::debug!(%problem, check = check.as_str(), "a check could not look");
        }
        all.push((check, found));
    }
    all
}

/// The worst of what was found; what could not be looked at counts as a warning.
#[must_use]
pub fn worst(all: &[(CheckId, Found)]) -> Status {
    let of = |found: &Found| match found {
        Ok(readings) => readings.iter().map(|reading| reading.status).max().unwrap_or(Status::Pass),
        Err(_) => Status::Warn,
    };
    all.iter().map(|(_, found)| of(found)).max().unwrap_or(Status::Pass)
}
