//! Keeping other servers from changing a conversation or its queue entry meanwhile.

use std::collections::BTreeSet;

use crate::{
    domain::ids::{ConversationId, OrganizationId, UserId},
    store::{
        backend::Conn,
        error::StoreError,
        many::{Hex, array},
        statement::{fetch_all, statements},
    },
};

macro_rules! of_user {
    ($lock:literal) => {
        concat!(
            "SELECT c.id FROM conversations c WHERE (c.organization_id = $2 OR $2 IS NULL) AND (c.assignee_id = $1 \
             OR c.id IN (SELECT e.conversation_id FROM queue_entries e WHERE e.holder_id = $1)) ORDER BY c.id",
            $lock
        )
    };
}

statements! {
    // NO KEY UPDATE lets others write rows that refer to the conversation.
    LOCK_CONVERSATIONS = "SELECT c.id FROM conversations c WHERE c.id IN (SELECT unhex(v.value ->> 0) FROM jsonb_each($1) AS v) \
        ORDER BY c.id",
        postgres "SELECT c.id FROM conversations c WHERE c.id IN (SELECT unhex(v.value ->> 0) FROM jsonb_each($1) AS v) \
        ORDER BY c.id FOR NO KEY UPDATE";
    LOCK_OF_USER = of_user!(""), postgres of_user!(" FOR NO KEY UPDATE OF c");
}

/// Locks the rows of conversations, in the order of their ids, until the transaction ends. Does nothing on SQLite, where
/// one transaction writes at a time.
///
/// # Errors
/// The store cannot be read.
pub async fn lock(conn: &mut Conn, ids: &BTreeSet<ConversationId>) -> Result<(), StoreError> {
    if conn.is_only_writer() || ids.is_empty() {
        return Ok(());
    }
    let asked = array(ids.iter().map(|id| (Hex(*id),)));
    let _: Vec<(ConversationId,)> = fetch_all!(conn, LOCK_CONVERSATIONS, asked.as_str())?;
    Ok(())
}

/// As [`lock`], for the conversations that a user takes care of or holds, in one organization or everywhere.
///
/// # Errors
/// The store cannot be read.
pub async fn lock_of_user(
    conn: &mut Conn,
    user: UserId,
    organization: Option<OrganizationId>,
) -> Result<(), StoreError> {
    if !conn.is_only_writer() {
        let _: Vec<(ConversationId,)> = fetch_all!(conn, LOCK_OF_USER, user, organization)?;
    }
    Ok(())
}
