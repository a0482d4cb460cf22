//! How old the last copy of the database is.

use crate::{
    app::backups,
    domain::{
        health::{CheckId, Reading, Status, Subject},
        problem::Problem,
    },
    monitor::Monitor,
};

/// Nothing is said where nobody minds, and of PostgreSQL, whose copies are made with its own tools.
pub(super) async fn age(monitor: &Monitor) -> Result<Vec<Reading>, Problem> {
    let Some(limit) = monitor.watch.backup.filter(|_| monitor.app.settings.database_file.is_some()) else {
        return Ok(Vec::new());
    };
    let found = backups::look(&monitor.app).await?;
    let Some(since) = found.latest.map(|(at, _)| at).or(found.since) else { return Ok(Vec::new()) };
    let age = monitor.app.clock.now().since(since);
    let (status, sentence) = match found.latest {
        _ if age <= limit => (Status::Pass, "The last copy of the database is young enough."),
        Some(_) => (Status::Warn, "The last copy of the database is too old."),
        None => (Status::Warn, "No copy of the database was ever made with `hearback backup`."),
    };
    let remedy = if status == Status::Pass {
        ""
    } else {
        "Run `hearback backup FILE`, or switch hearback-backup.timer on; if you make copies by other means, set backup_hours to 0."
    };
    #[expect(clippy::cast_precision_loss, reason = "hours")]
    let hours = |time: chrono::TimeDelta| time.num_minutes() as f64 / 60.0;
    Ok(vec![Reading {
        check: CheckId::Backup,
        subject: Subject::Installation,
        status,
        value: Some(hours(age)),
        unit: "h",
        warns_at: hours(limit),
        fails_at: None,
        sentence: sentence.to_owned(),
        remedy,
    }])
}
