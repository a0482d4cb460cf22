//! How many entries wait and are claimed.

use super::{Scope, in_scope};
use crate::{
    domain::{
        ids::{OrganizationId, ProjectId},
        queue::{EntryState, QueueCounts},
        time::Timestamp,
    },
    store::{
        backend::Conn,
        error::StoreError,
        statement::{fetch_all, statements},
    },
};

statements! {
    COUNT_IN_SCOPE = concat!(
        "SELECT e.state, COUNT(*), MIN(e.enqueued_at) FROM queue_entries e JOIN projects p ON p.id = e.project_id \
         WHERE e.organization_id = $1 AND e.state IN ('waiting', 'claimed') AND (e.project_id = $4 OR $4 IS NULL) AND ",
        in_scope!(), " GROUP BY e.state"
    );
    COUNT_OF_PROJECT = "SELECT state, COUNT(*), MIN(enqueued_at) FROM queue_entries \
        WHERE project_id = $1 AND state IN ('waiting', 'claimed') GROUP BY state";
}

type CountRow = (EntryState, i64, Option<Timestamp>);

fn counts(rows: Vec<CountRow>) -> QueueCounts {
    let mut counts = QueueCounts::default();
    for (state, count, oldest) in rows {
        match state {
            EntryState::Waiting => (counts.waiting, counts.oldest_enqueued_at) = (count, oldest),
            EntryState::Claimed => counts.claimed = count,
            EntryState::Snoozed | EntryState::Ended => {}
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
