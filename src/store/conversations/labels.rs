//! Labels on conversations. Those that differ in case or spaces alone are one, spelled as it was first.

use crate::{
    domain::{
        conversation::{Conversation, Label},
        ids::OrganizationId,
    },
    store::{
        backend::Conn,
        error::StoreError,
        statement::{execute, fetch_all, statements},
    },
};

statements! {
    REMOVE_LABEL = "DELETE FROM conversation_labels WHERE conversation_id = $1 AND folded = $2";
    // The spelling that the organization uses already, else this one.
    ADD_LABEL = "INSERT INTO conversation_labels (conversation_id, organization_id, folded, label) VALUES ($1, $2, $3, \
        COALESCE((SELECT l.label FROM conversation_labels l WHERE l.organization_id = $2 AND l.folded = $3 LIMIT 1), $4)) \
        ON CONFLICT DO NOTHING";
    // From one label to the next, not over all that bear them.
    LABELS_IN_USE = "WITH RECURSIVE used (folded) AS ( \
            SELECT MIN(folded) FROM conversation_labels WHERE organization_id = $1 UNION ALL \
            SELECT (SELECT MIN(l.folded) FROM conversation_labels l WHERE l.organization_id = $1 AND l.folded > used.folded) \
            FROM used WHERE used.folded IS NOT NULL) \
        SELECT (SELECT l.label FROM conversation_labels l WHERE l.organization_id = $1 AND l.folded = used.folded LIMIT 1) \
            AS label FROM used WHERE folded IS NOT NULL LIMIT 500";
}

/// Adds a label; one that is there already stays as it is.
///
/// # Errors
/// The store cannot be written.
pub async fn add_label(conn: &mut Conn, conversation: &Conversation, label: &Label) -> Result<(), StoreError> {
    execute!(conn, ADD_LABEL, conversation.id, conversation.organization, label.folded(), label.as_str()).map(drop)
}

/// Takes a label away, however it is spelled.
///
/// # Errors
/// The store cannot be written.
pub async fn remove_label(conn: &mut Conn, conversation: &Conversation, label: &Label) -> Result<(), StoreError> {
    execute!(conn, REMOVE_LABEL, conversation.id, label.folded()).map(drop)
}

/// The labels that conversations of an organization bear.
///
/// # Errors
/// The store cannot be read.
pub async fn labels_in_use(conn: &mut Conn, organization: OrganizationId) -> Result<Vec<Label>, StoreError> {
    let rows: Vec<(Label,)> = fetch_all!(conn, LABELS_IN_USE, organization)?;
    Ok(rows.into_iter().map(|(label,)| label).collect())
}
