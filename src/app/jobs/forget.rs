//! Taking away jobs that are of no more use.

use chrono::TimeDelta;

use crate::{
    app::App,
    domain::{job::JobState, problem::Problem},
    store::{Change, Tx, jobs},
};

/// How long it can be seen that a job was done.
const DONE: TimeDelta = TimeDelta::days(1);

/// How long one that was set aside waits for somebody to look. There may be somebody's address in it, so not for ever.
const FAILED: TimeDelta = TimeDelta::days(30);

struct Forget;

/// Takes away what was done more than a day ago, and what was set aside more than thirty days ago; gives how many there were.
///
/// # Errors
/// The store cannot be written.
pub async fn forget_old(app: &App) -> Result<u64, Problem> {
    app.store.commit(Forget).await
}

impl Change for Forget {
    type Output = u64;

    async fn apply(&self, tx: &mut Tx) -> Result<u64, Problem> {
        let now = tx.now();
        let done = jobs::delete_old(&mut tx.conn, JobState::Done, now.plus(-DONE)).await?;
        let failed = jobs::delete_old(&mut tx.conn, JobState::Failed, now.plus(-FAILED)).await?;
        Ok(done + failed)
    }

    fn is_done_again(&self) -> bool {
        true
    }
}
