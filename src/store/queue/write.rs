//! Writing one entry.

use crate::{
    domain::{queue::QueueEntry, time::Timestamp},
    store::{
        backend::Conn,
        error::StoreError,
        statement::{statements, write_later},
    },
};

statements! {
    INSERT_ENTRY = "INSERT INTO queue_entries (id, organization_id, project_id, conversation_id, priority, state, unread, \
        first_seq, last_seq, preview, asks_for_link, enqueued_at, due_at, holder_kind, holder_id, holder_name, lease_token, \
        lease_expires_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
    SAVE_ENTRY = "UPDATE queue_entries SET priority = $2, state = $3, unread = $4, first_seq = $5, last_seq = $6, \
        preview = $7, asks_for_link = $8, outcome = $9, enqueued_at = $10, due_at = $11, holder_kind = $12, \
        holder_id = $13, holder_name = $14, lease_token = $15, lease_expires_at = $16, changed_at = $17 WHERE id = $1";
}

/// Writes a new entry.
///
/// # Errors
/// The store cannot be written, or the conversation has a live entry already.
pub async fn insert(conn: &mut Conn, entry: &QueueEntry, now: Timestamp) -> Result<(), StoreError> {
    let claim = entry.claim.as_ref();
    write_later!(
        conn,
        INSERT_ENTRY,
        entry.id,
        entry.organization,
        entry.project,
        entry.conversation,
        entry.priority,
        entry.state,
        entry.unread,
        entry.first_seq,
        entry.last_seq,
        entry.preview.as_str(),
        entry.asks_for_link,
        entry.enqueued_at,
        entry.due_at,
        claim.map(|claim| claim.holder.kind),
        claim.map(|claim| claim.holder.id),
        claim.map(|claim| claim.holder.name.to_string()),
        claim.map(|claim| claim.lease.token.0.as_str()),
        claim.map(|claim| claim.lease.expires_at),
        now,
    )
}

/// Writes what has changed of an entry.
///
/// # Errors
/// The store cannot be written.
pub async fn save(conn: &mut Conn, entry: &QueueEntry, now: Timestamp) -> Result<(), StoreError> {
    let claim = entry.claim.as_ref();
    write_later!(
        conn,
        SAVE_ENTRY,
        entry.id,
        entry.priority,
        entry.state,
        entry.unread,
        entry.first_seq,
        entry.last_seq,
        entry.preview.as_str(),
        entry.asks_for_link,
        entry.outcome,
        entry.enqueued_at,
        entry.due_at,
        claim.map(|claim| claim.holder.kind),
        claim.map(|claim| claim.holder.id),
        claim.map(|claim| claim.holder.name.to_string()),
        claim.map(|claim| claim.lease.token.0.as_str()),
        claim.map(|claim| claim.lease.expires_at),
        now,
    )
}
