//! Candidates' messages on their way in, many at once: where they arrive, and what is written of them.

use uuid::Uuid;

use super::{
    backend::Conn,
    error::StoreError,
    many::{Hex, array},
    statement::{execute, fetch_all, statements},
};
use crate::domain::{
    conversation::{CandidateBrief, ConversationStatus},
    ids::{CandidateId, ClientId, ConversationId, OrganizationId, ProjectId, QueueEntryId},
    message::{AuthorKind, Message},
    project::ProjectStatus,
    queue::{Claim, EntryState, Holder, Lease, LeaseToken, Priority, QueueEntry, ResponseTargets},
    text::Name,
    time::Timestamp,
};

macro_rules! arrivals {
    ($end:literal) => {
        concat!(
            "SELECT c.id, c.organization_id, c.project_id, c.candidate_id, k.name, c.status, c.priority, c.last_seq, \
             p.status, o.target_urgent, o.target_normal, o.target_low \
             FROM conversations c JOIN candidates k ON k.id = c.candidate_id JOIN projects p ON p.id = c.project_id \
             JOIN organizations o ON o.id = c.organization_id \
             WHERE c.id IN (SELECT unhex(v.value ->> 0) FROM json_each($1) AS v)",
            $end
        )
    };
}

statements! {
    // On PostgreSQL other nodes write too: the rows are held first, in one order, so that no two wait for each other.
    ARRIVALS = arrivals!(""), postgres arrivals!(" ORDER BY c.id FOR UPDATE OF c");
    LIVE_ENTRIES = "SELECT e.id, e.conversation_id, e.priority, e.state, e.unread, e.first_seq, e.enqueued_at, e.due_at, \
        e.holder_kind, e.holder_id, e.holder_name, e.lease_token, e.lease_expires_at FROM queue_entries e \
        WHERE e.state <> 'ended' AND e.conversation_id IN (SELECT unhex(v.value ->> 0) FROM json_each($1) AS v)";
    POSTED_BEFORE = "SELECT m.conversation_id, m.author_id, m.client_id FROM json_each($1) AS v CROSS JOIN messages m \
        WHERE m.author_kind = 'candidate' AND m.conversation_id = unhex(v.value ->> 0) \
        AND m.author_id = unhex(v.value ->> 1) AND m.client_id = unhex(v.value ->> 2)";
    INSERT_MESSAGES = "INSERT INTO messages (id, organization_id, conversation_id, seq, kind, author_kind, author_id, \
        author_name, body, client_id, created_at) \
        SELECT unhex(v.value ->> 0), unhex(v.value ->> 1), unhex(v.value ->> 2), CAST(v.value ->> 3 AS BIGINT), 'text', \
        'candidate', unhex(v.value ->> 4), v.value ->> 5, v.value ->> 6, unhex(v.value ->> 7), $2 FROM json_each($1) AS v";
    MOVE_ON = "UPDATE conversations SET last_seq = CAST(v.value ->> 1 AS BIGINT), last_message_at = $2 \
        FROM json_each($1) AS v WHERE conversations.id = unhex(v.value ->> 0)";
    JOIN_ENTRIES = "UPDATE queue_entries SET unread = CAST(v.value ->> 1 AS BIGINT), \
        last_seq = CAST(v.value ->> 2 AS BIGINT), preview = v.value ->> 3, changed_at = $2 \
        FROM json_each($1) AS v WHERE queue_entries.id = unhex(v.value ->> 0)";
}

/// A conversation in which a candidate's messages arrive.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// Whose it is.
    pub organization: OrganizationId,
    /// Its project.
    pub project: ProjectId,
    /// The conversation.
    pub conversation: ConversationId,
    /// Its candidate.
    pub candidate: CandidateBrief,
    /// Whether it is open.
    pub status: ConversationStatus,
    /// Its priority.
    pub priority: Priority,
    /// The greatest `seq` of its messages.
    pub last_seq: i64,
    /// Whether its project takes messages.
    pub project_status: ProjectStatus,
    /// The organization's response targets.
    pub targets: ResponseTargets,
    /// Its entry in the queue that has not ended.
    pub entry: Option<QueueEntry>,
}

type ArrivalRow = (
    ConversationId,
    OrganizationId,
    ProjectId,
    CandidateId,
    Name,
    ConversationStatus,
    Priority,
    i64,
    ProjectStatus,
    i64,
    i64,
    i64,
);

type EntryRow = (
    QueueEntryId,
    ConversationId,
    Priority,
    EntryState,
    i64,
    i64,
    Timestamp,
    Timestamp,
    Option<AuthorKind>,
    Option<Uuid>,
    Option<Name>,
    Option<LeaseToken>,
    Option<Timestamp>,
);

fn arrival(row: ArrivalRow) -> Arrival {
    let (conversation, organization, project, candidate, name, status, priority, last_seq, project_status, ..) = row;
    let milliseconds = chrono::TimeDelta::milliseconds;
    Arrival {
        organization,
        project,
        conversation,
        candidate: CandidateBrief { id: candidate, name },
        status,
        priority,
        last_seq,
        project_status,
        targets: ResponseTargets {
            urgent: milliseconds(row.9),
            normal: milliseconds(row.10),
            low: milliseconds(row.11),
        },
        entry: None,
    }
}

fn entry(row: EntryRow, arrival: &Arrival) -> QueueEntry {
    let (id, conversation, priority, state, unread, first_seq, enqueued_at, due_at, kind, holder, name, token, until) =
        row;
    let claim = match (kind, holder, name, token, until) {
        (Some(kind), Some(id), Some(name), Some(token), Some(expires_at)) => {
            Some(Claim { holder: Holder { kind, id, name }, lease: Lease { token, expires_at } })
        }
        _ => None,
    };
    QueueEntry {
        id,
        organization: arrival.organization,
        project: arrival.project,
        conversation,
        candidate: arrival.candidate.clone(),
        priority,
        state,
        unread,
        first_seq,
        // Of the message before; the one that arrives brings its own.
        last_seq: arrival.last_seq,
        preview: String::new(),
        enqueued_at,
        due_at,
        claim,
    }
}

/// Finds conversations with their live entries, for a transaction that writes into them. The `last_seq` and `preview` of
/// an entry are not looked up: a message that arrives brings its own.
///
/// # Errors
/// The store cannot be read.
pub async fn find(
    conn: &mut Conn,
    conversations: impl IntoIterator<Item = ConversationId>,
) -> Result<Vec<Arrival>, StoreError> {
    let ids = array(conversations.into_iter().map(|id| (Hex(id),)));
    let found: Vec<ArrivalRow> = fetch_all!(conn, ARRIVALS, ids.as_str())?;
    let mut found: Vec<Arrival> = found.into_iter().map(arrival).collect();
    let entries: Vec<EntryRow> = fetch_all!(conn, LIVE_ENTRIES, ids.as_str())?;
    for row in entries {
        if let Some(arrival) = found.iter_mut().find(|arrival| arrival.conversation == row.1) {
            arrival.entry = Some(entry(row, arrival));
        }
    }
    Ok(found)
}

/// What tells one message of a candidate's from every other.
pub type Key = (ConversationId, CandidateId, ClientId);

/// Those of the messages that were posted before.
///
/// # Errors
/// The store cannot be read.
pub async fn posted_before(conn: &mut Conn, keys: impl IntoIterator<Item = Key>) -> Result<Vec<Key>, StoreError> {
    let keys =
        array(keys.into_iter().map(|(conversation, author, client)| (Hex(conversation), Hex(author), Hex(client))));
    fetch_all!(conn, POSTED_BEFORE, keys.as_str())
}

/// Writes candidates' messages, whose places were taken in this transaction, and moves their conversations on.
///
/// # Errors
/// The store cannot be written.
pub async fn write(
    conn: &mut Conn,
    messages: &[(OrganizationId, &Message)],
    moved: impl IntoIterator<Item = (ConversationId, i64)>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let rows = messages.iter().map(|(organization, message)| {
        let Message { id, conversation, seq, author, body, client_id, .. } = message;
        let author_id = CandidateId::from(author.id);
        (Hex(*id), Hex(*organization), Hex(*conversation), *seq, Hex(author_id), &author.name, body, Hex(*client_id))
    });
    execute!(conn, INSERT_MESSAGES, array(rows), now)?;
    let moved = moved.into_iter().map(|(conversation, last_seq)| (Hex(conversation), last_seq));
    execute!(conn, MOVE_ON, array(moved), now).map(drop)
}

/// Writes what arriving messages have changed of entries that were there already: how many, the last, how it begins.
///
/// # Errors
/// The store cannot be written.
pub async fn join<'a>(
    conn: &mut Conn,
    entries: impl IntoIterator<Item = &'a QueueEntry>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let rows = entries.into_iter().map(|entry| (Hex(entry.id), entry.unread, entry.last_seq, &entry.preview));
    execute!(conn, JOIN_ENTRIES, array(rows), now).map(drop)
}
