//! How old the last copy of the database is.

use crate::{
    app::backups,
    domain::{
        health::{CheckId, Reading, Status, Subject},
        problem::Problem,
    },
    monitor::Monitor,
};

/// Nothing is said where it is switched off, and of PostgreSQL, whose backups are made with its own tools. Without a backup
/// this warns from the first minute; an alert fires once one is due, see [`is_due`].
pub(super) async fn age(monitor: &Monitor) -> Result<Vec<Reading>, Problem> {
    let Some(limit) = monitor.watch.backup.filter(|_| monitor.app.settings.database_file.is_some()) else {
        return Ok(Vec::new());
    };
    let found = backups::look(&monitor.app).await?;
    let now = monitor.app.clock.now();
    let since = found.latest.map(|(at, _)| at).or(found.since).unwrap_or(now);
    let age = now.since(since);
    let (status, sentence) = match found.latest {
        Some(_) if age <= limit => (Status::Pass, "The last backup is recent."),
        Some(_) => (Status::Warn, "The last backup is too old."),
        None => (Status::Warn, "No backup yet."),
    };
    let remedy = if status == Status::Pass {
        ""
    } else {
        "Run `hearback backup FILE`, or turn on hearback-backup.timer. If you back up by other means, set backup_hours to 0."
    };
    #[expect(clippy::cast_precision_loss, reason = "hours")]
    let hours = |time: chrono::TimeDelta| time.num_minutes() as f64 / 60.0;
    Ok(vec![Reading {
        check: CheckId::Backup,
        subject: Subject::Installation,
        status,
        // Without a backup there is no age of one.
        value: found.latest.map(|_| hours(age)),
        unit: "h",
        warns_at: hours(limit),
        fails_at: None,
        sentence: sentence.to_owned(),
        remedy,
    }])
}

/// Whether a backup should have been made by now: an installation of today needs none yet.
pub(in crate::monitor) async fn is_due(monitor: &Monitor) -> Result<bool, Problem> {
    let Some(limit) = monitor.watch.backup else { return Ok(false) };
    let found = backups::look(&monitor.app).await?;
    let since = found.latest.map(|(at, _)| at).or(found.since);
    Ok(since.is_some_and(|since| monitor.app.clock.now().since(since) > limit))
}
