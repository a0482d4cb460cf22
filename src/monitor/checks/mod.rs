//! What is looked at, one file for each check.

mod database;
mod disk;

use crate::{
    app::App,
    domain::health::{CheckId, Reading, Status},
};

/// Looks at everything, one after the other.
pub async fn all(app: &App) -> Vec<Reading> {
    let mut readings = Vec::with_capacity(CheckId::ALL.len());
    for check in CheckId::ALL {
        readings.extend(match check {
            CheckId::DatabaseWrites => Some(database::writes(app).await),
            CheckId::DiskSpace => disk::space(app),
        });
    }
    readings
}

/// The worst of what was found.
#[must_use]
pub fn worst(readings: &[Reading]) -> Status {
    readings.iter().map(|reading| reading.status).max().unwrap_or(Status::Pass)
}
