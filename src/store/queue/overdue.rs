//! Who has waited for longer than they should, in all organizations.

use crate::{
    domain::{
        heartbeat,
        ids::{ConversationId, OrganizationId},
        queue::Priority,
        time::Timestamp,
    },
    store::{
        backend::Conn,
        error::StoreError,
        statement::{fetch_all, statements},
    },
};

statements! {
    // Those that wait are found by the index of the oldest, one priority after the other.
    OVERDUE = "SELECT e.organization_id, e.conversation_id, e.due_at FROM queue_entries e \
        WHERE e.state = 'waiting' AND e.priority = $1 AND e.due_at <= $2 AND e.organization_id <> $3 \
        ORDER BY e.enqueued_at LIMIT $4";
}

/// Entries that wait at `now` although they should have been answered before, the oldest first within each priority.
///
/// # Errors
/// The store cannot be read.
pub async fn everywhere(
    conn: &mut Conn,
    now: Timestamp,
    at_most: i64,
) -> Result<Vec<(OrganizationId, ConversationId, Timestamp)>, StoreError> {
    let mut found = Vec::new();
    for priority in Priority::ALL {
        let rows: Vec<(OrganizationId, ConversationId, Timestamp)> =
            fetch_all!(conn, OVERDUE, priority, now, heartbeat::organization(), at_most)?;
        found.extend(rows);
    }
    Ok(found)
}
