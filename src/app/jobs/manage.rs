//! What operators see of jobs, and do with those that went wrong.

use crate::{
    app::App,
    domain::{
        access::Operator,
        audit::{Act, Action},
        ids::JobId,
        job::JobState,
        problem::{Code, Problem},
    },
    store::{
        Change, Tx, audit,
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
    by: Operator,
    id: JobId,
    step: Step,
}

/// Has a job that waits or was set aside done at once, with all its tries before it.
///
/// # Errors
/// `not_found`, `conflict` for one that is being done at this moment or is done.
pub async fn retry(app: &App, by: Operator, id: JobId) -> Result<(), Problem> {
    app.store.commit(Manage { by, id, step: Step::Retry }).await
}

/// Takes a job that waits or was set aside away for good; it is not done any more.
///
/// # Errors
/// As [`retry`].
pub async fn discard(app: &App, by: Operator, id: JobId) -> Result<(), Problem> {
    app.store.erase(Manage { by, id, step: Step::Discard }).await
}

impl Change for Manage {
    type Output = ();

    async fn apply(&self, tx: &mut Tx) -> Result<(), Problem> {
        let now = tx.now();
        let (is_changed, action) = match self.step {
            Step::Retry => (jobs::retry(&mut tx.conn, self.id, now).await?, Action::JobRetried),
            Step::Discard => (jobs::delete(&mut tx.conn, self.id).await?, Action::JobDiscarded),
        };
        if is_changed {
            audit::record(tx, Act::new(self.by, action).on(self.id)).await?;
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
