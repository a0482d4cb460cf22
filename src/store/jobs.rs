//! Jobs: what is to be done, who does it, and what came of it.

use sqlx::FromRow;

use super::{
    backend::Conn,
    error::StoreError,
    statement::{execute, fetch_all, fetch_one, fetch_optional, statements},
};
use crate::domain::{
    ids::{JobId, NodeId},
    job::{Failure, JobKind, JobState, MOST_TRIES, NewJob, RunningJob, Work},
    time::Timestamp,
};

macro_rules! due {
    ($rest:literal) => {
        concat!(
            "SELECT id FROM jobs WHERE kind = $1 AND state IN ('waiting', 'running') AND run_at <= $2 \
             ORDER BY run_at, id LIMIT $3",
            $rest
        )
    };
}

macro_rules! take {
    ($from:literal, $which:expr) => {
        concat!(
            "UPDATE jobs SET state = 'running', tries = tries + 1, run_at = $4, claimed_by = $5",
            $from,
            $which,
            " RETURNING jobs.id, payload, tries, created_at"
        )
    };
}

macro_rules! list {
    ($order:literal) => {
        concat!(
            "SELECT id, kind, state, tries, run_at, last_error, created_at, finished_at FROM jobs WHERE state = $1 ORDER BY ",
            $order,
            " LIMIT $2"
        )
    };
}

// What a try came to is kept only for whoever still holds the job: `$3` is the try's number, which another taking moves on.
macro_rules! held {
    () => {
        " WHERE id = $1 AND claimed_by = $2 AND tries = $3 AND state = 'running'"
    };
}

statements! {
    INSERT_JOB = "INSERT INTO jobs (id, organization_id, kind, payload, state, tries, run_at, created_at) \
        VALUES ($1, $2, $3, $4, 'waiting', 0, $5, $6)";
    ANY_JOB_DUE = "SELECT 1 FROM jobs WHERE kind = $1 AND state IN ('waiting', 'running') AND run_at <= $2 LIMIT 1";
    ANY_STUCK = "SELECT 1 FROM jobs WHERE state = 'waiting' AND (tries > 1 OR run_at <= $1) LIMIT 1";
    // Whoever had them for the last time has died.
    SET_WORN_ASIDE = "UPDATE jobs SET state = 'failed', claimed_by = NULL, last_error = $4, finished_at = $2 \
        WHERE kind = $1 AND state IN ('waiting', 'running') AND run_at <= $2 AND tries >= $3";
    // Where several nodes take at the same time, each is given what no other is about to have.
    CLAIM_JOBS = take!("", concat!(" WHERE id IN (", due!(""), ")")),
        postgres concat!("WITH due AS MATERIALIZED (", due!(" FOR UPDATE SKIP LOCKED"), ") ",
            take!(" FROM due", " WHERE jobs.id = due.id"));
    KEEP_DONE = concat!("UPDATE jobs SET state = 'done', payload = '', claimed_by = NULL, last_error = NULL, \
        run_at = $4, finished_at = $4", held!());
    KEEP_FAILURE = concat!("UPDATE jobs SET state = $4, claimed_by = NULL, run_at = $5, last_error = $6, \
        finished_at = $7", held!());
    BOUND_JOB_LEASES = "UPDATE jobs SET run_at = $1 WHERE state = 'running' AND run_at > $1";
    COUNT_JOBS = "SELECT (SELECT COUNT(*) FROM jobs WHERE state = 'waiting'), \
        (SELECT COUNT(*) FROM jobs WHERE state = 'running'), (SELECT COUNT(*) FROM jobs WHERE state = 'done'), \
        (SELECT COUNT(*) FROM jobs WHERE state = 'failed')";
    LIST_NEXT_JOBS = list!("run_at, id");
    LIST_LAST_JOBS = list!("run_at DESC, id DESC");
    FIND_JOB_STATE = "SELECT state FROM jobs WHERE id = $1";
    RETRY_JOB = "UPDATE jobs SET state = 'waiting', tries = 0, run_at = $2, finished_at = NULL \
        WHERE id = $1 AND state IN ('waiting', 'failed')";
    DELETE_JOB = "DELETE FROM jobs WHERE id = $1 AND state IN ('waiting', 'failed')";
    DELETE_OLD_JOBS = "DELETE FROM jobs WHERE state = $1 AND run_at < $2";
}

/// How many jobs there are, by state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct JobCounts(i64, i64, i64, i64);

impl JobCounts {
    /// Those in a state.
    #[must_use]
    pub const fn of(self, state: JobState) -> i64 {
        match state {
            JobState::Waiting => self.0,
            JobState::Running => self.1,
            JobState::Done => self.2,
            JobState::Failed => self.3,
        }
    }
}

/// A job as operators see it: without what is in it.
#[derive(Clone, Debug, FromRow)]
pub struct JobRow {
    /// The id.
    pub id: JobId,
    /// The kind's name; another version may know more of them.
    pub kind: String,
    /// How it is.
    pub state: JobState,
    /// How often it was tried since somebody asked for it last.
    pub tries: i64,
    /// When it is tried next; of one that is finished, when it was.
    pub run_at: Timestamp,
    /// Why the last try did not go well.
    pub last_error: Option<String>,
    /// When it was scheduled.
    pub created_at: Timestamp,
    /// When it was done or set aside.
    pub finished_at: Option<Timestamp>,
}

/// Writes a new one.
///
/// # Errors
/// The store cannot be written.
pub async fn insert(conn: &mut Conn, id: JobId, job: &NewJob, now: Timestamp) -> Result<(), StoreError> {
    let (kind, payload) = (job.work.kind().as_str(), job.work.payload());
    let run_at = job.run_at.unwrap_or(now);
    execute!(conn, INSERT_JOB, id, job.organization, kind, payload.as_str(), run_at, now).map(drop)
}

/// Whether one of a kind can be taken at this moment.
///
/// # Errors
/// The store cannot be read.
pub async fn any_due(conn: &mut Conn, kind: JobKind, now: Timestamp) -> Result<bool, StoreError> {
    let row: Option<(i32,)> = fetch_optional!(conn, ANY_JOB_DUE, kind.as_str(), now)?;
    Ok(row.is_some())
}

/// Whether one waits that has failed more than once, or was due at a moment already.
///
/// # Errors
/// The store cannot be read.
pub async fn any_stuck(conn: &mut Conn, due: Timestamp) -> Result<bool, StoreError> {
    let row: Option<(i32,)> = fetch_optional!(conn, ANY_STUCK, due)?;
    Ok(row.is_some())
}

#[derive(FromRow)]
struct ClaimedRow {
    id: JobId,
    payload: String,
    tries: i64,
    created_at: Timestamp,
}

/// Takes the next ones of a kind for a node until `lease_ends`; nobody else takes them before. Those whose last holder has died
/// on the last try are set aside.
///
/// # Errors
/// The store cannot be written.
pub async fn claim(
    conn: &mut Conn,
    kind: JobKind,
    node: NodeId,
    (now, lease_ends): (Timestamp, Timestamp),
    at_most: i64,
) -> Result<Vec<RunningJob>, StoreError> {
    const DIED: &str = "the server ended while it did this for the last time";
    execute!(conn, SET_WORN_ASIDE, kind.as_str(), now, MOST_TRIES, DIED)?;
    let rows: Vec<ClaimedRow> = fetch_all!(conn, CLAIM_JOBS, kind.as_str(), now, at_most, lease_ends, node)?;
    let job = |row: ClaimedRow| RunningJob {
        id: row.id,
        work: Work::from_stored(kind, &row.payload),
        tries: row.tries,
        created_at: row.created_at,
    };
    Ok(rows.into_iter().map(job).collect())
}

/// Keeps that a job is done, and nothing of what was in it; `false` where the node does not hold it any more.
///
/// # Errors
/// The store cannot be written.
pub async fn done(conn: &mut Conn, job: &RunningJob, node: NodeId, now: Timestamp) -> Result<bool, StoreError> {
    execute!(conn, KEEP_DONE, job.id, node, job.tries, now).map(|count| count > 0)
}

/// Keeps that a try did not go well; `next` is when the next one is, `None` where it is set aside. `false` where the node does
/// not hold the job any more.
///
/// # Errors
/// The store cannot be written.
pub async fn failed(
    conn: &mut Conn,
    job: &RunningJob,
    node: NodeId,
    failure: &Failure,
    (now, next): (Timestamp, Option<Timestamp>),
) -> Result<bool, StoreError> {
    let (state, finished_at) = if next.is_some() { (JobState::Waiting, None) } else { (JobState::Failed, Some(now)) };
    let (run_at, why) = (next.unwrap_or(now), failure.line());
    execute!(conn, KEEP_FAILURE, job.id, node, job.tries, state, run_at, why.as_str(), finished_at)
        .map(|count| count > 0)
}

/// Lets no lease end after `latest`.
///
/// # Errors
/// The store cannot be written.
pub async fn bound_leases(conn: &mut Conn, latest: Timestamp) -> Result<u64, StoreError> {
    execute!(conn, BOUND_JOB_LEASES, latest)
}

/// How many there are.
///
/// # Errors
/// The store cannot be read.
pub async fn count(conn: &mut Conn) -> Result<JobCounts, StoreError> {
    fetch_one!(conn, COUNT_JOBS)
}

/// Those of a state: the next ones first where they are still to be done, else the latest.
///
/// # Errors
/// The store cannot be read.
pub async fn list(conn: &mut Conn, state: JobState, at_most: i64) -> Result<Vec<JobRow>, StoreError> {
    match state {
        JobState::Waiting | JobState::Running => fetch_all!(conn, LIST_NEXT_JOBS, state, at_most),
        JobState::Done | JobState::Failed => fetch_all!(conn, LIST_LAST_JOBS, state, at_most),
    }
}

/// How a job is, if there is one.
///
/// # Errors
/// The store cannot be read.
pub async fn state(conn: &mut Conn, id: JobId) -> Result<Option<JobState>, StoreError> {
    let row: Option<(JobState,)> = fetch_optional!(conn, FIND_JOB_STATE, id)?;
    Ok(row.map(|(state,)| state))
}

/// Has one that waits or is set aside done now, with all its tries before it; `false` where it is in another state.
///
/// # Errors
/// The store cannot be written.
pub async fn retry(conn: &mut Conn, id: JobId, now: Timestamp) -> Result<bool, StoreError> {
    execute!(conn, RETRY_JOB, id, now).map(|count| count > 0)
}

/// Takes one away that waits or is set aside; `false` where it is in another state.
///
/// # Errors
/// The store cannot be written.
pub async fn delete(conn: &mut Conn, id: JobId) -> Result<bool, StoreError> {
    execute!(conn, DELETE_JOB, id).map(|count| count > 0)
}

/// Takes away those that were done, or set aside, before a moment.
///
/// # Errors
/// The store cannot be written.
pub async fn delete_old(conn: &mut Conn, state: JobState, before: Timestamp) -> Result<u64, StoreError> {
    execute!(conn, DELETE_OLD_JOBS, state, before)
}
