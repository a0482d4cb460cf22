//! Keeping other servers from changing a conversation or its queue entry meanwhile.

use std::collections::BTreeSet;

use crate::{
    domain::ids::ConversationId,
    store::{
        backend::Conn,
        error::StoreError,
        many::{Hex, array},
        statement::{fetch_all, statements},
    },
};

statements! {
    // NO KEY UPDATE lets others write rows that refer to the conversation.
    LOCK_CONVERSATIONS = "SELECT c.id FROM conversations c WHERE c.id IN (SELECT unhex(v.value ->> 0) FROM jsonb_each($1) AS v)",
        postgres "SELECT c.id FROM conversations c WHERE c.id IN (SELECT unhex(v.value ->> 0) FROM jsonb_each($1) AS v) \
        ORDER BY c.id FOR NO KEY UPDATE";
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
