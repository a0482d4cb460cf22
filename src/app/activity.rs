//! Whether candidates write as they do at this hour of the week.

use chrono::TimeDelta;

use super::App;
use crate::{
    domain::{problem::Problem, time::Timestamp},
    store::messages,
};

/// How long a stretch is looked at.
pub const STRETCH: TimeDelta = TimeDelta::hours(1);
/// How many past weeks are looked at.
const WEEKS: i32 = 4;
/// In how many of them somebody has to have written for this one to be expected to be alike.
const ENOUGH_WEEKS: usize = 3;
/// How many messages in an hour make it one in which candidates write: fewer may be chance.
const ENOUGH_MESSAGES: i64 = 3;

/// What the hours tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// Somebody has written within the last hour.
    Lively,
    /// Nobody has, and so it was in past weeks, or too little is known of them.
    Quiet,
    /// Nobody has, although at this hour of past weeks several did.
    Silent,
}

/// Compares the last hour with the same hour of the last four weeks.
///
/// # Errors
/// The store's.
pub async fn look(app: &App) -> Result<Activity, Problem> {
    let now = app.clock.now();
    if within_hour_before(app, now, 1).await? > 0 {
        return Ok(Activity::Lively);
    }
    let mut lively_weeks = 0;
    for week in 1..=WEEKS {
        let then = now.plus(-TimeDelta::weeks(1) * week);
        lively_weeks += usize::from(within_hour_before(app, then, ENOUGH_MESSAGES).await? >= ENOUGH_MESSAGES);
    }
    Ok(if lively_weeks >= ENOUGH_WEEKS { Activity::Silent } else { Activity::Quiet })
}

async fn within_hour_before(app: &App, moment: Timestamp, at_most: i64) -> Result<i64, Problem> {
    let mut conn = app.store.read().await?;
    Ok(messages::by_candidates_within(&mut conn, moment.plus(-STRETCH), moment, at_most).await?)
}
