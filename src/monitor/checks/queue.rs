//! Whether candidates wait for longer than they should while nobody looks.

use std::collections::BTreeMap;

use crate::{
    app::queue::overdue,
    domain::{
        health::{CheckId, Reading, Status, Subject},
        ids::OrganizationId,
        problem::Problem,
        time::{Timestamp, span},
    },
    monitor::Monitor,
};

/// One reading for each organization in which somebody waits for longer than its target, and neither holds the
/// conversation nor has it open; where there is none, one that says so.
pub(super) async fn overdue(monitor: &Monitor) -> Result<Vec<Reading>, Problem> {
    let now = monitor.app.clock.now();
    let mut worst = BTreeMap::<OrganizationId, (usize, Timestamp)>::new();
    let viewed = monitor.live.viewed();
    for (organization, conversation, due_at) in overdue::everywhere(&monitor.app).await? {
        if !viewed.contains(&conversation) {
            let (count, oldest) = worst.entry(organization).or_insert((0, due_at));
            (*count, *oldest) = (*count + 1, (*oldest).min(due_at));
        }
    }
    if worst.is_empty() {
        return Ok(vec![reading(
            Subject::Installation,
            Status::Pass,
            0.0,
            "No candidate has waited longer than they should.",
            "",
        )]);
    }
    let told = worst.into_iter().map(|(organization, (count, oldest))| {
        #[expect(clippy::cast_precision_loss, reason = "minutes")]
        let late = now.since(oldest).num_minutes() as f64;
        let ago = span(now.since(oldest));
        let sentence = match count {
            1 => format!("One candidate is overdue by {ago}, and nobody is looking at it."),
            _ => format!("{count} candidates are overdue, the first by {ago}, and nobody is looking at them."),
        };
        let remedy = "Open the queue and press Next, or ask a colleague to.";
        reading(Subject::Organization(organization), Status::Warn, late, &sentence, remedy)
    });
    Ok(told.collect())
}

fn reading(subject: Subject, status: Status, late: f64, sentence: &str, remedy: &'static str) -> Reading {
    Reading {
        check: CheckId::QueueOverdue,
        subject,
        status,
        value: Some(late),
        unit: "min",
        warns_at: 0.0,
        fails_at: None,
        sentence: sentence.to_owned(),
        remedy,
    }
}
