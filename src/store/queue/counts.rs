//! How many entries wait and are claimed.

use super::{Scope, in_scope, project_in_scope};
use crate::{
    domain::{
        ids::{OrganizationId, ProjectId},
        queue::{EntryState, QueueCounts},
        time::Timestamp,
    },
    store::{
        backend::Conn,
        error::StoreError,
        statement::{fetch_all, fetch_one, statements},
    },
};

macro_rules! oldest {
    () => {
        "(SELECT MIN(e.enqueued_at) FROM queue_entries e WHERE e.project_id = q.project_id AND e.state = q.state)"
    };
}

statements! {
    COUNT_IN_SCOPE = concat!(
        "SELECT q.state, CAST(SUM(q.count) AS BIGINT), MIN(", oldest!(), ") \
         FROM projects p JOIN queue_counts q ON q.project_id = p.id \
         WHERE p.organization_id = $1 AND (p.id = $4 OR $4 IS NULL) AND ", project_in_scope!(), " GROUP BY q.state"
    );
    COUNT_OF_PROJECT = concat!("SELECT q.state, q.count, ", oldest!(), " FROM queue_counts q WHERE q.project_id = $1");
    COUNT_OVERDUE = concat!(
        "SELECT COUNT(*) FROM (SELECT 1 FROM queue_entries e \
         WHERE e.organization_id = $1 AND e.state IN ('waiting', 'claimed') AND (e.project_id = $4 OR $4 IS NULL) \
         AND e.due_at <= $5 AND ", in_scope!(), " LIMIT $6) AS overdue"
    );
}

type CountRow = (EntryState, i64, Option<Timestamp>);

fn counts(rows: Vec<CountRow>) -> QueueCounts {
    let mut counts = QueueCounts::default();
    for (state, count, oldest) in rows {
        match state {
            EntryState::Waiting => (counts.waiting, counts.oldest_enqueued_at) = (count, oldest),
            EntryState::Claimed => counts.claimed = count,
            EntryState::Snoozed | EntryState::Paused | EntryState::Ended => {}
        }
    }
    counts
}

/// How many entries wait and are claimed within a scope.
///
/// # Errors
/// The store cannot be read.
pub async fn count(conn: &mut Conn, organization: OrganizationId, scope: Scope) -> Result<QueueCounts, StoreError> {
    let rows: Vec<CountRow> =
        fetch_all!(conn, COUNT_IN_SCOPE, organization, scope.user, scope.all_projects, scope.project)?;
    Ok(counts(rows))
}

/// How many entries of one project wait and are claimed.
///
/// # Errors
/// The store cannot be read.
pub async fn count_of_project(conn: &mut Conn, project: ProjectId) -> Result<QueueCounts, StoreError> {
    let rows: Vec<CountRow> = fetch_all!(conn, COUNT_OF_PROJECT, project)?;
    Ok(counts(rows))
}

/// How many entries should have been answered by `now`, within a scope; no more than `at_most` are counted.
///
/// # Errors
/// The store cannot be read.
pub async fn count_overdue(
    conn: &mut Conn,
    organization: OrganizationId,
    scope: Scope,
    now: Timestamp,
    at_most: i64,
) -> Result<i64, StoreError> {
    let (count,): (i64,) =
        fetch_one!(conn, COUNT_OVERDUE, organization, scope.user, scope.all_projects, scope.project, now, at_most)?;
    Ok(count)
}
