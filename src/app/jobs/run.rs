//! Taking jobs, and keeping what came of them.

use chrono::TimeDelta;

use crate::{
    app::App,
    clock::random_bytes,
    domain::{
        ids::NodeId,
        job::{Failure, JobKind, RunningJob, back_off},
        problem::Problem,
        time::Timestamp,
    },
    store::{Change, Tx, jobs},
};

/// Whether there is anything of a kind to take.
///
/// # Errors
/// The store cannot be read.
pub async fn is_any_due(app: &App, kind: JobKind) -> Result<bool, Problem> {
    let now = app.clock.now();
    Ok(jobs::any_due(&mut app.store.read().await?, kind, now).await?)
}

/// How long a job may be due before somebody should have taken it.
const TAKEN_WITHIN: TimeDelta = TimeDelta::minutes(2);

/// Whether a job that waits has failed more than once, or is due for long and nobody does it.
///
/// # Errors
/// The store cannot be read.
pub async fn is_any_stuck(app: &App) -> Result<bool, Problem> {
    let due = app.clock.now().plus(-TAKEN_WITHIN);
    Ok(jobs::any_stuck(&mut app.store.read().await?, due).await?)
}

struct Claim {
    kind: JobKind,
    node: NodeId,
    lease: TimeDelta,
    at_most: i64,
}

/// Takes up to so many jobs of a kind for a node, the ones that have been due for longest. Nobody else has them until the
/// lease ends; then whoever is first takes them again, since the node must have died.
///
/// # Errors
/// The store cannot be written.
pub async fn claim(
    app: &App,
    kind: JobKind,
    node: NodeId,
    lease: TimeDelta,
    at_most: usize,
) -> Result<Vec<RunningJob>, Problem> {
    let at_most = i64::try_from(at_most).unwrap_or(i64::MAX);
    app.store.commit(Claim { kind, node, lease, at_most }).await
}

impl Change for Claim {
    type Output = Vec<RunningJob>;

    async fn apply(&self, tx: &mut Tx) -> Result<Vec<RunningJob>, Problem> {
        let now = tx.now();
        let lease = (now, now.plus(self.lease));
        Ok(jobs::claim(&mut tx.conn, self.kind, self.node, lease, self.at_most).await?)
    }

    /// What the power takes away was not done either, or is done again.
    fn is_done_again(&self) -> bool {
        true
    }
}

struct Finish {
    job: RunningJob,
    node: NodeId,
    outcome: Result<(), Failure>,
    /// Moves the next try a little.
    die: u8,
}

/// Keeps what came of a try: the job is done, waits for its next try, or is set aside. Where the node does not hold it any
/// more, whoever does says so. Gives when it is tried next.
///
/// # Errors
/// The store cannot be written; the job is tried again once the lease ends.
pub async fn finish(
    app: &App,
    job: &RunningJob,
    node: NodeId,
    outcome: Result<(), Failure>,
) -> Result<Option<Timestamp>, Problem> {
    let [die] = random_bytes();
    app.store.commit(Finish { job: job.clone(), node, outcome, die }).await
}

impl Change for Finish {
    type Output = Option<Timestamp>;

    async fn apply(&self, tx: &mut Tx) -> Result<Option<Timestamp>, Problem> {
        let now = tx.now();
        let Err(failure) = &self.outcome else {
            jobs::done(&mut tx.conn, &self.job, self.node, now).await?;
            return Ok(None);
        };
        let pause = if failure.for_good { None } else { back_off(self.job.tries, self.die) };
        let next = pause.map(|pause| now.plus(pause));
        jobs::failed(&mut tx.conn, &self.job, self.node, failure, (now, next)).await?;
        Ok(next)
    }
}

struct Bound {
    lease: TimeDelta,
}

/// To be called when a server starts. On SQLite nobody else can be at work, so what an earlier run held is taken again at
/// once. On PostgreSQL no lease may be longer than one that is given now; those given by a clock that was set back since
/// would last until it is as late again.
///
/// # Errors
/// The store cannot be written.
pub async fn bound_leases(app: &App, lease: TimeDelta) -> Result<(), Problem> {
    let count = app.store.commit(Bound { lease }).await?;
    if count > 0 {
        tracing::info!(count, "jobs that an earlier run had begun are taken again");
    }
    Ok(())
}

impl Change for Bound {
    type Output = u64;

    async fn apply(&self, tx: &mut Tx) -> Result<u64, Problem> {
        let now = tx.now();
        let latest = if tx.is_only_writer() { now } else { now.plus(self.lease) };
        Ok(jobs::bound_leases(&mut tx.conn, latest).await?)
    }
}
