//! Whether candidates write as they do at this hour of the week.

use crate::{
    app::activity::{self, Activity},
    domain::{
        health::{CheckId, Reading, Status, Subject},
        problem::Problem,
    },
    monitor::Monitor,
};

/// Silence is bad only where past weeks were not silent.
pub(super) async fn silence(monitor: &Monitor) -> Result<Vec<Reading>, Problem> {
    let activity = activity::look(&monitor.app).await?;
    let (status, sentence, remedy) = match activity {
        Activity::Lively => (Status::Pass, "Candidates write.", ""),
        Activity::Quiet => {
            (Status::Pass, "Nobody has written for an hour, and nothing says that somebody should have.", "")
        }
        Activity::Silent => (
            Status::Warn,
            "No candidate has written for an hour, although at this hour of past weeks several did.",
            "Open a chat link yourself and send a message; look whether the address that candidates are given can be reached \
             from outside (DNS, certificate, proxy).",
        ),
    };
    Ok(vec![Reading {
        check: CheckId::Activity,
        subject: Subject::Installation,
        status,
        value: None,
        unit: "messages",
        warns_at: 0.0,
        fails_at: None,
        sentence: sentence.to_owned(),
        remedy,
    }])
}
