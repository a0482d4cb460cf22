//! Whether mails and other jobs fail again and again, or were set aside.

use crate::{
    app::jobs,
    domain::{
        health::{CheckId, Reading, Status, Subject},
        job::JobState,
        problem::Problem,
    },
    monitor::Monitor,
};

/// How many were set aside.
pub(super) async fn failed(monitor: &Monitor) -> Result<Vec<Reading>, Problem> {
    let count = jobs::counts(&monitor.app).await?.of(JobState::Failed);
    let (status, sentence, remedy) = match count {
        0 if jobs::is_any_stuck(&monitor.app).await? => {
            (Status::Warn, "A mail or another job fails again and again, or nobody does it.".to_owned(), LOOK)
        }
        0 => (Status::Pass, "Everything that was to go out has gone out, or is being tried.".to_owned(), ""),
        1 => (Status::Warn, "A mail or another job has failed for good.".to_owned(), LOOK),
        _ => (Status::Warn, format!("{count} mails or other jobs have failed for good."), LOOK),
    };
    #[expect(clippy::cast_precision_loss, reason = "a count")]
    let value = Some(count as f64);
    let (check, subject) = (CheckId::Jobs, Subject::Installation);
    Ok(vec![Reading { check, subject, status, value, unit: "jobs", warns_at: 0.0, fails_at: None, sentence, remedy }])
}

const LOOK: &str = "Under Jobs on the operators' page stands why. Mend it (mail server, address), then press Try again, or discard them.";
