//! What waits in a project that is closed, and comes back when it opens again.

use crate::{
    domain::{
        ids::{ConversationId, ProjectId, QueueEntryId},
        time::Timestamp,
    },
    store::{
        backend::Conn,
        conversations,
        error::StoreError,
        statement::{fetch_all, statements},
    },
};

statements! {
    CONVERSATIONS_OF = "SELECT c.id FROM conversations c WHERE c.project_id = $1";
    PAUSE_ENTRIES = "UPDATE queue_entries SET state = 'paused', holder_kind = NULL, holder_id = NULL, holder_name = NULL, \
        lease_token = NULL, lease_expires_at = NULL, changed_at = $2 \
        WHERE project_id = $1 AND state IN ('waiting', 'claimed') RETURNING id";
    RESUME_ENTRIES = "UPDATE queue_entries SET state = 'waiting', changed_at = $2 \
        WHERE project_id = $1 AND state = 'paused' RETURNING id";
}

// Whoever changes an entry has locked its conversation.
async fn lock_all(conn: &mut Conn, project: ProjectId) -> Result<(), StoreError> {
    if conn.is_only_writer() {
        return Ok(());
    }
    let rows: Vec<(ConversationId,)> = fetch_all!(conn, CONVERSATIONS_OF, project)?;
    conversations::lock(conn, &rows.into_iter().map(|(id,)| id).collect()).await
}

/// Pauses everything that waits or is claimed in a project; claims end. Gives the entries. To be called after the
/// project's status was written, so that no conversation is added meanwhile.
///
/// # Errors
/// The store cannot be written.
pub async fn pause_all(conn: &mut Conn, project: ProjectId, now: Timestamp) -> Result<Vec<QueueEntryId>, StoreError> {
    lock_all(conn, project).await?;
    let rows: Vec<(QueueEntryId,)> = fetch_all!(conn, PAUSE_ENTRIES, project, now)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Lets everything wait again that was paused in a project, at its old place. Gives the entries.
///
/// # Errors
/// The store cannot be written.
pub async fn resume_all(conn: &mut Conn, project: ProjectId, now: Timestamp) -> Result<Vec<QueueEntryId>, StoreError> {
    lock_all(conn, project).await?;
    let rows: Vec<(QueueEntryId,)> = fetch_all!(conn, RESUME_ENTRIES, project, now)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
