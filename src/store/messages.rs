//! Messages of a conversation, in the order of their `seq`.

use sqlx::FromRow;
use uuid::Uuid;

use super::{
    backend::Conn,
    error::StoreError,
    statement::{fetch_all, fetch_one, fetch_optional, statements, write_later},
};
use crate::domain::{
    heartbeat,
    ids::{ClientId, ConversationId, Id, MessageId, OrganizationId},
    message::{Author, AuthorKind, Message, MessageKind},
    page::{Limit, Stretch},
    text::Name,
    time::Timestamp,
};

macro_rules! select {
    ($where:literal) => {
        concat!(
            "SELECT m.id, m.conversation_id, m.seq, m.kind, m.author_kind, m.author_id, m.author_name, m.body, m.client_id, \
             m.created_at, m.edited_at, m.deleted_at, \
             m.seq <= CASE WHEN m.author_kind = 'candidate' THEN c.team_read_seq ELSE c.candidate_read_seq END AS read_by_other \
             FROM messages m JOIN conversations c ON c.id = m.conversation_id WHERE ",
            $where
        )
    };
}

statements! {
    LAST_REPLY_SINCE = "SELECT MAX(seq) FROM messages WHERE organization_id = $1 AND conversation_id = $2 \
        AND author_kind <> 'candidate' AND created_at >= $3";
    INSERT_MESSAGE = "INSERT INTO messages (id, organization_id, conversation_id, seq, kind, author_kind, author_id, \
        author_name, body, client_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    FIND_BY_CLIENT_ID = select!("m.conversation_id = $1 AND m.author_kind = $2 AND m.author_id = $3 AND m.client_id = $4");
    FIND_BY_SEQ = select!("m.organization_id = $1 AND m.conversation_id = $2 AND m.seq = $3");
    AFTER = select!("m.organization_id = $1 AND m.conversation_id = $2 AND m.seq > $3 ORDER BY m.seq LIMIT $4");
    BEFORE = select!("m.organization_id = $1 AND m.conversation_id = $2 AND m.seq < $3 ORDER BY m.seq DESC LIMIT $4");
    COUNT_UNHANDLED = "SELECT COUNT(*), COALESCE(MIN(seq), 0) FROM messages \
        WHERE conversation_id = $1 AND seq > $2 AND author_kind = 'candidate'";
    BY_CANDIDATES_WITHIN = "SELECT COUNT(*) FROM (SELECT 1 FROM messages within WHERE within.id >= $1 AND within.id < $2 \
        AND within.author_kind = 'candidate' AND within.organization_id <> $3 LIMIT $4) AS found";
    SINCE = "SELECT organization_id, conversation_id, seq FROM messages WHERE id >= $1 ORDER BY id DESC LIMIT $2";
}

/// How many messages candidates wrote from one moment until another, in all organizations; no more than `at_most` are counted.
///
/// # Errors
/// The store cannot be read.
pub async fn by_candidates_within(
    conn: &mut Conn,
    from: Timestamp,
    until: Timestamp,
    at_most: i64,
) -> Result<i64, StoreError> {
    let (from, until) = (MessageId::least_at(from), MessageId::least_at(until));
    let (count,): (i64,) = fetch_one!(conn, BY_CANDIDATES_WITHIN, from, until, heartbeat::organization(), at_most)?;
    Ok(count)
}

#[derive(FromRow)]
struct Row {
    id: MessageId,
    conversation_id: ConversationId,
    seq: i64,
    kind: MessageKind,
    author_kind: AuthorKind,
    author_id: Uuid,
    author_name: Name,
    body: String,
    client_id: ClientId,
    created_at: Timestamp,
    edited_at: Option<Timestamp>,
    deleted_at: Option<Timestamp>,
    read_by_other: bool,
}

impl From<Row> for Message {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            conversation: row.conversation_id,
            seq: row.seq,
            kind: row.kind,
            author: Author { kind: row.author_kind, id: row.author_id, name: row.author_name },
            body: if row.deleted_at.is_some() { String::new() } else { row.body },
            attachments: Vec::new(),
            client_id: row.client_id,
            created_at: row.created_at,
            edited_at: row.edited_at,
            deleted: row.deleted_at.is_some(),
            read_by_other: row.read_by_other,
        }
    }
}

/// Writes a message whose `seq` was taken in the same transaction.
///
/// # Errors
/// The store cannot be written.
pub async fn insert(conn: &mut Conn, organization: OrganizationId, message: &Message) -> Result<(), StoreError> {
    write_later!(
        conn,
        INSERT_MESSAGE,
        message.id,
        organization,
        message.conversation,
        message.seq,
        message.kind,
        message.author.kind,
        message.author.id,
        &*message.author.name,
        message.body.as_str(),
        message.client_id,
        message.created_at,
    )
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
) -> Result<Option<Message>, StoreError> {
    let row: Option<Row> = fetch_optional!(conn, FIND_BY_CLIENT_ID, conversation, author.kind, author.id, client_id)?;
    Ok(row.map(Into::into))
}

/// Finds a message by its place.
///
/// # Errors
/// The store cannot be read.
pub async fn find_by_seq(
    conn: &mut Conn,
    organization: OrganizationId,
    conversation: ConversationId,
    seq: i64,
) -> Result<Option<Message>, StoreError> {
    let row: Option<Row> = fetch_optional!(conn, FIND_BY_SEQ, organization, conversation, seq)?;
    Ok(row.map(Into::into))
}

/// A stretch of messages, ascending, and whether more lie further in that direction.
///
/// # Errors
/// The store cannot be read.
pub async fn stretch(
    conn: &mut Conn,
    organization: OrganizationId,
    conversation: ConversationId,
    stretch: Stretch,
    limit: Limit,
) -> Result<(Vec<Message>, bool), StoreError> {
    let (statement, seq) = match stretch {
        Stretch::After(seq) => (AFTER, seq),
        Stretch::Before(seq) => (BEFORE, seq),
    };
    let one_more = i64::try_from(limit.get() + 1).unwrap_or(i64::MAX);
    let rows: Vec<Row> = fetch_all!(conn, statement, organization, conversation, seq, one_more)?;
    Ok(stretch.arrange(rows, limit))
}

/// How many candidate messages stand after `handled_seq`, and the `seq` of the first of them (0 if none).
///
/// # Errors
/// The store cannot be read.
pub async fn count_unhandled(
    conn: &mut Conn,
    conversation: ConversationId,
    handled_seq: i64,
) -> Result<(i64, i64), StoreError> {
    fetch_one!(conn, COUNT_UNHANDLED, conversation, handled_seq)
}

/// The places of the latest messages committed since a moment, newest first; for a node that was cut off.
///
/// # Errors
/// The store cannot be read.
pub async fn since(
    conn: &mut Conn,
    moment: Timestamp,
    at_most: i64,
) -> Result<Vec<(OrganizationId, ConversationId, i64)>, StoreError> {
    fetch_all!(conn, SINCE, MessageId::least_at(moment), at_most)
}

/// The `seq` of the last message that was not the candidate's, of those since a moment.
///
/// # Errors
/// The store cannot be read.
pub async fn last_reply_since(
    conn: &mut Conn,
    organization: OrganizationId,
    conversation: ConversationId,
    since: Timestamp,
) -> Result<Option<i64>, StoreError> {
    let (seq,): (Option<i64>,) = fetch_one!(conn, LAST_REPLY_SINCE, organization, conversation, since)?;
    Ok(seq)
}
