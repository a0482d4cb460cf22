//! Who has waited for longer than they should, in all organizations.

use crate::{
    domain::{
        heartbeat,
        ids::{ConversationId, OrganizationId},
        time::Timestamp,
    },
    store::{
        backend::Conn,
        error::StoreError,
        statement::{fetch_all, statements},
    },
};

statements! {
    // From one organization to the next, in each by the index in which entries become due. What waits is what nobody holds:
    // told by its state, SQLite would read all that waits, due or not.
    OVERDUE = "SELECT e.organization_id, e.conversation_id, e.due_at FROM organizations o \
        CROSS JOIN queue_entries e \
        WHERE e.organization_id = o.id AND o.id <> $2 AND o.suspended_at IS NULL AND e.state IN ('waiting', 'claimed') AND e.lease_token IS NULL \
        AND e.due_at <= $1 LIMIT $3";
}

/// Entries that wait at `now` although they should have been answered before, of organizations that can be entered.
///
/// # Errors
/// The store cannot be read.
pub async fn everywhere(
    conn: &mut Conn,
    now: Timestamp,
    at_most: i64,
) -> Result<Vec<(OrganizationId, ConversationId, Timestamp)>, StoreError> {
    fetch_all!(conn, OVERDUE, now, heartbeat::organization(), at_most)
}
