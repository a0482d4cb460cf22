//! The queue from its head on, a part at a time.

use super::{Row, Scope, in_scope, select};
use crate::{
    domain::{
        ids::{OrganizationId, QueueEntryId},
        page::Limit,
        queue::QueueEntry,
        time::Timestamp,
    },
    store::{
        backend::Conn,
        error::StoreError,
        statement::{fetch_all, statements},
    },
};

statements! {
    LIST_ENTRIES = concat!(
        select!(
            "WHERE e.organization_id = $1 AND e.state IN ('waiting', 'claimed') AND (e.project_id = $4 OR $4 IS NULL) \
             AND (e.due_at > $5 OR (e.due_at = $5 AND e.id > $6) OR $5 IS NULL) AND "
        ),
        in_scope!(),
        " ORDER BY e.due_at, e.id LIMIT $7"
    );
}

/// When it is an entry's turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// By when it should be answered.
    pub due_at: Timestamp,
    /// Which it is of those that are due at once.
    pub id: QueueEntryId,
}

impl From<&QueueEntry> for Turn {
    fn from(entry: &QueueEntry) -> Self {
        Self { due_at: entry.due_at, id: entry.id }
    }
}

/// Waiting and claimed entries in the queue's order, those behind a turn; also tells whether there are more.
///
/// # Errors
/// The store cannot be read.
pub async fn list(
    conn: &mut Conn,
    organization: OrganizationId,
    scope: Scope,
    after: Option<Turn>,
    limit: Limit,
) -> Result<(Vec<QueueEntry>, bool), StoreError> {
    let one_more = i64::try_from(limit.get()).unwrap_or(i64::MAX).saturating_add(1);
    let mut rows: Vec<Row> = fetch_all!(
        conn,
        LIST_ENTRIES,
        organization,
        scope.user,
        scope.all_projects,
        scope.project,
        after.map(|turn| turn.due_at),
        after.map(|turn| turn.id),
        one_more
    )?;
    let has_more = rows.len() > limit.get();
    rows.truncate(limit.get());
    Ok((rows.into_iter().map(Into::into).collect(), has_more))
}
