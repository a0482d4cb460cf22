//! What a server does by itself while it runs.

use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::{Instant, MissedTickBehavior, interval, interval_at};

use crate::{
    app::{App, alerts, heartbeat, jobs, queue, search, sessions, time},
    domain::problem::Problem,
};

/// How often the clock is brought after the database's or the system's.
const FOLLOW_CLOCK: Duration = Duration::from_secs(10);

/// How far the clock that is followed may be from ours before the operator is told.
const APART: TimeDelta = TimeDelta::minutes(1);

/// How often leases that ran out and conversations that wake are looked for.
const SWEEP: Duration = Duration::from_millis(500);

/// How often the index of all words is brought up to what has been written; a search does so by itself.
const INDEX: Duration = Duration::from_secs(1);

/// How often limits forget who is at rest.
const FORGET_IDLE: Duration = Duration::from_mins(1);

/// How often sessions and links that let nobody in any more are taken away, and jobs that are long over.
const FORGET_OLD: Duration = Duration::from_hours(1);

/// How often what was erased is removed from the database's log, and tried again where that failed.
const PURGE_INTERVAL: Duration = Duration::from_secs(1);

/// How often the log is emptied although nothing was erased: other changes overwrite texts and names as well.
const PURGE_ALL_INTERVAL: Duration = Duration::from_hours(1);

/// Runs until it is aborted: what is erased is soon not readable in the database's log either. Apart from [`run`], since it waits
/// for the disk.
pub(super) async fn purge(app: App) {
    // A start has just emptied it.
    let mut all = interval_at(Instant::now() + PURGE_ALL_INTERVAL, PURGE_ALL_INTERVAL);
    let mut often = interval(PURGE_INTERVAL);
    for ticks in [&mut often, &mut all] {
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    }
    let mut failing = false;
    loop {
        tokio::select! {
            _ = all.tick() => app.store.request_purge(),
            _ = often.tick() => {
                let outcome = app.store.purge().await;
                match &outcome {
                    Ok(true) => {}
                    Ok(false) => tracing::debug!("the database's log is in use; emptying it is tried again"),
                    Err(error) if failing => tracing::debug!(%error, "the database's log was not emptied"),
                    Err(error) => tracing::warn!(%error, "the database's log was not emptied; it is tried again every second"),
                }
                failing = outcome.is_err();
            }
        }
    }
}

/// Runs until it is aborted.
pub(super) async fn run(app: App) {
    let mut follow = interval(FOLLOW_CLOCK);
    let mut forget = interval(FORGET_IDLE);
    let mut index = interval(INDEX);
    let mut sweep = interval(SWEEP);
    let mut tidy = interval(FORGET_OLD);
    for ticks in [&mut follow, &mut forget, &mut index, &mut sweep, &mut tidy] {
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    }
    let mut apart = false;
    loop {
        tokio::select! {
            _ = follow.tick() => {
                match time::follow(&app).await {
                    Ok(ahead) => {
                        let was_apart = std::mem::replace(&mut apart, ahead.abs() > APART);
                        if apart && !was_apart {
                            tracing::warn!(
                                seconds_ahead = ahead.num_seconds(),
                                "clock was set while the server runs; it is followed by a second in a hundred, or by a \
                                 restart at once"
                            );
                        }
                    }
                    Err(problem) => tracing::warn!(%problem, cause = problem.cause(), "database clock could not be read"),
                }
            }
            _ = forget.tick() => app.limits.forget_idle(),
            _ = tidy.tick() => {
                told("sessions and links that had run out", sessions::forget_old(&app).await);
                told("heartbeats of more than a week ago", heartbeat::forget_old(&app).await);
                told("alerts that are over for long", alerts::forget_old(&app).await);
                told("jobs of more than a day ago", jobs::forget_old(&app).await);
            },
            _ = index.tick() => {
                if let Err(problem) = search::catch_up(&app).await {
                    tracing::error!(%problem, cause = problem.cause(), "the latest messages were not put into the index");
                }
            }
            _ = sweep.tick() => {
                if let Err(problem) = queue::sweep(&app).await {
                    tracing::error!(%problem, cause = problem.cause(), "leases and snoozed conversations were not looked after");
                }
            }
        }
    }
}

fn told(what: &str, forgotten: Result<u64, Problem>) {
    match forgotten {
        Ok(0) => {}
        Ok(count) => tracing::info!(what, count, "taken away"),
        Err(problem) => tracing::error!(what, %problem, cause = problem.cause(), "not taken away"),
    }
}
