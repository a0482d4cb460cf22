//! What `/metrics` says.

use crate::{
    app::{App, jobs, queue::depth},
    domain::{
        job::JobState,
        problem::Problem,
        queue::{EntryState, Priority},
        time::Timestamp,
    },
};

/// Everything that is counted, with the queue and the jobs as they are now, in Prometheus's text format. Where the store cannot be read,
/// it stands as it was seen last.
///
/// # Errors
/// `internal`, if it could not be written down.
pub async fn render(app: &App) -> Result<String, Problem> {
    if let Err(problem) = look(app).await {
        tracing::warn!(%problem, "the queue and the jobs could not be looked at for the metrics");
    }
    app.metrics.render().map_err(|error| Problem::internal(error.to_string()))
}

async fn look(app: &App) -> Result<(), Problem> {
    let depth = depth::everywhere(app).await?;
    for (state, count) in [
        (EntryState::Waiting, depth.waiting),
        (EntryState::Claimed, depth.claimed),
        (EntryState::Snoozed, depth.snoozed),
    ] {
        app.metrics.queue_entries.with_label_values(&[state.as_str()]).set(count);
    }
    let counts = jobs::counts(app).await?;
    for state in JobState::ALL {
        app.metrics.jobs.with_label_values(&[state.as_str()]).set(counts.of(state));
    }
    let now = app.clock.now();
    for priority in Priority::ALL {
        let oldest = depth.oldest.get(&priority);
        let age = oldest.map_or(0.0, |since| now.since(*since).as_seconds_f64().max(0.0));
        app.metrics.queue_oldest_age.with_label_values(&[priority.as_str()]).set(age);
    }
    app.metrics.last_candidate_message.set(depth.last_candidate_message.map_or(0.0, unix_seconds));
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "milliseconds of our time fit into 53 bits")]
/// A moment as Prometheus writes it.
pub(super) fn unix_seconds(time: Timestamp) -> f64 {
    time.unix_millis() as f64 / 1_000.0
}
