//! What operators see of jobs, and do with those that went wrong.

use crate::{
    app::App,
    domain::{
        access::Operator,
        ids::JobId,
        job::JobState,
        problem::{Code, Problem},
    },
    store::{
        Change, Tx,
        jobs::{self, JobCounts, JobRow},
    },
};

/// How many of each list are shown; all are counted.
const SHOWN: i64 = 50;

/// The jobs of the installation, as an operator sees them.
#[derive(Clone, Debug, Default)]
pub struct Jobs {
    /// How many there are.
    pub counts: JobCounts,
    /// Those that were set aside, the latest first; at most fifty.
    pub failed: Vec<JobRow>,
    /// Those that wait, the next first; at most fifty.
    pub waiting: Vec<JobRow>,
}

/// How many jobs there are in each state; for whoever watches the process.
///
/// # Errors
/// The store cannot be read.
pub async fn counts(app: &App) -> Result<JobCounts, Problem> {
    Ok(jobs::count(&mut app.store.read().await?).await?)
}

/// What an operator may want to look after.
///
/// # Errors
/// The store cannot be read.
pub async fn list(app: &App, _operator: Operator) -> Result<Jobs, Problem> {
    let mut conn = app.store.read().await?;
    Ok(Jobs {
        counts: jobs::count(&mut conn).await?,
        failed: jobs::list(&mut conn, JobState::Failed, SHOWN).await?,
        waiting: jobs::list(&mut conn, JobState::Waiting, SHOWN).await?,
    })
}

#[derive(Clone, Copy)]
enum Step {
    Retry,
    Discard,
}

struct Manage {
    id: JobId,
    step: Step,
}

/// Has a job that waits or was set aside done at once, with all its tries before it.
///
/// # Errors
/// `not_found`, `conflict` for one that is being done at this moment or is done.
pub async fn retry(app: &App, _operator: Operator, id: JobId) -> Result<(), Problem> {
    app.store.commit(Manage { id, step: Step::Retry }).await
}

/// Takes a job that waits or was set aside away for good; it is not done any more.
///
/// # Errors
/// As [`retry`].
pub async fn discard(app: &App, _operator: Operator, id: JobId) -> Result<(), Problem> {
    app.store.commit(Manage { id, step: Step::Discard }).await
}

impl Change for Manage {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let now = tx.now();
        let is_changed = match self.step {
            Step::Retry => jobs::retry(&mut tx.conn, self.id, now).await?,
            Step::Discard => jobs::delete(&mut tx.conn, self.id).await?,
        };
        if is_changed {
            tx.wake_runner();
            return Ok(());
        }
        match jobs::state(&mut tx.conn, self.id).await? {
            None => Err(Problem::not_found()),
            Some(JobState::Done) => Err(Problem::new(Code::Conflict, "This job is done already.")),
            Some(_) => {
                Err(Problem::new(Code::Conflict, "This job is being done at this moment. Look again in a minute."))
            }
        }
    }
}
