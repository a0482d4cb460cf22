//! Notes of the team beside a conversation.

use sqlx::FromRow;
use uuid::Uuid;

use super::{
    backend::Conn,
    error::StoreError,
    statement::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    ids::{ClientId, ConversationId, Id, NoteId, OrganizationId},
    message::{Author, AuthorKind, Note},
    page::{Limit, Stretch},
    text::{Body, Name},
    time::Timestamp,
};

macro_rules! select {
    ($where:literal) => {
        concat!(
            "SELECT id, conversation_id, seq, after_seq, author_kind, author_id, author_name, body, client_id, created_at \
             FROM notes WHERE ",
            $where
        )
    };
}

statements! {
    NOTES_SINCE = "SELECT organization_id, conversation_id, seq FROM notes WHERE id >= $1 ORDER BY id DESC LIMIT $2";
    INSERT_NOTE = "INSERT INTO notes (id, organization_id, conversation_id, seq, after_seq, author_kind, author_id, \
        author_name, body, client_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    FIND_NOTE_BY_CLIENT_ID = select!("conversation_id = $1 AND author_kind = $2 AND author_id = $3 AND client_id = $4");
    FIND_NOTE_BY_SEQ = select!("organization_id = $1 AND conversation_id = $2 AND seq = $3");
    NOTES_AFTER = select!("organization_id = $1 AND conversation_id = $2 AND seq > $3 ORDER BY seq LIMIT $4");
    NOTES_BESIDE = select!("organization_id = $1 AND conversation_id = $2 AND after_seq BETWEEN $3 AND $4 ORDER BY seq DESC LIMIT $5");
    NOTES_BEFORE = select!("organization_id = $1 AND conversation_id = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4");
}

#[derive(FromRow)]
struct Row {
    id: NoteId,
    conversation_id: ConversationId,
    seq: i64,
    after_seq: i64,
    author_kind: AuthorKind,
    author_id: Uuid,
    author_name: Name,
    body: Body,
    client_id: ClientId,
    created_at: Timestamp,
}

impl From<Row> for Note {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            conversation: row.conversation_id,
            seq: row.seq,
            after_seq: row.after_seq,
            author: Author { kind: row.author_kind, id: row.author_id, name: row.author_name },
            body: row.body,
            client_id: row.client_id,
            created_at: row.created_at,
        }
    }
}

/// Writes a note whose `seq` was taken in the same transaction.
///
/// # Errors
/// The store cannot be written.
pub async fn insert(conn: &mut Conn, organization: OrganizationId, note: &Note) -> Result<(), StoreError> {
    execute!(
        conn,
        INSERT_NOTE,
        note.id,
        organization,
        note.conversation,
        note.seq,
        note.after_seq,
        note.author.kind,
        note.author.id,
        &*note.author.name,
        &*note.body,
        note.client_id,
        note.created_at,
    )
    .map(drop)
}

/// Finds what an author has posted under a client id.
///
/// # Errors
/// The store cannot be read.
pub async fn find_by_client_id(
    conn: &mut Conn,
    conversation: ConversationId,
    author: &Author,
    client_id: ClientId,
) -> Result<Option<Note>, StoreError> {
    let row: Option<Row> =
        fetch_optional!(conn, FIND_NOTE_BY_CLIENT_ID, conversation, author.kind, author.id, client_id)?;
    Ok(row.map(Into::into))
}

/// Finds a note by its place.
///
/// # Errors
/// The store cannot be read.
pub async fn find_by_seq(
    conn: &mut Conn,
    organization: OrganizationId,
    conversation: ConversationId,
    seq: i64,
) -> Result<Option<Note>, StoreError> {
    let row: Option<Row> = fetch_optional!(conn, FIND_NOTE_BY_SEQ, organization, conversation, seq)?;
    Ok(row.map(Into::into))
}

/// A stretch of notes, ascending, and whether more lie further in that direction.
///
/// # Errors
/// The store cannot be read.
pub async fn stretch(
    conn: &mut Conn,
    organization: OrganizationId,
    conversation: ConversationId,
    stretch: Stretch,
    limit: Limit,
) -> Result<(Vec<Note>, bool), StoreError> {
    let (statement, seq) = match stretch {
        Stretch::After(seq) => (NOTES_AFTER, seq),
        Stretch::Before(seq) => (NOTES_BEFORE, seq),
    };
    let one_more = i64::try_from(limit.get() + 1).unwrap_or(i64::MAX);
    let rows: Vec<Row> = fetch_all!(conn, statement, organization, conversation, seq, one_more)?;
    Ok(stretch.arrange(rows, limit))
}

/// The latest notes that stand after messages from `first` to `last`, ascending.
///
/// # Errors
/// The store cannot be read.
pub async fn beside(
    conn: &mut Conn,
    organization: OrganizationId,
    conversation: ConversationId,
    (first, last): (i64, i64),
    limit: Limit,
) -> Result<Vec<Note>, StoreError> {
    let limit = i64::try_from(limit.get()).unwrap_or(i64::MAX);
    let rows: Vec<Row> = fetch_all!(conn, NOTES_BESIDE, organization, conversation, first, last, limit)?;
    Ok(rows.into_iter().rev().map(Into::into).collect())
}

/// The places of the latest notes since a moment, newest first; for a node that was cut off.
///
/// # Errors
/// The store cannot be read.
pub async fn since(
    conn: &mut Conn,
    moment: Timestamp,
    at_most: i64,
) -> Result<Vec<(OrganizationId, ConversationId, i64)>, StoreError> {
    fetch_all!(conn, NOTES_SINCE, NoteId::least_at(moment), at_most)
}
