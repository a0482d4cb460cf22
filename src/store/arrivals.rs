//! Candidates' messages on their way in, many at once: where they arrive, and what is written of them.

use std::collections::{BTreeMap, HashSet};

use sqlx::FromRow;
use uuid::Uuid;

use super::{
    backend::Conn,
    error::StoreError,
    many::{Hex, array},
    statement::{fetch_all, statements, write_later},
};
use crate::domain::{
    conversation::{CandidateBrief, ConversationStatus},
    ids::{CandidateId, ClientId, ConversationId, OrganizationId, ProjectId, QueueEntryId},
    message::{AuthorKind, Message},
    project::ProjectStatus,
    queue::{Claim, EntryState, Holder, Lease, LeaseToken, Priority, QueueCounts, QueueEntry, ResponseTargets},
    text::Name,
    time::Timestamp,
};

macro_rules! arrivals {
    ($waiting:literal, $claimed:literal, $oldest:literal) => {
        concat!(
            "SELECT CAST(v.value ->> 3 AS BIGINT) AS number, \
             EXISTS (SELECT 1 FROM messages m WHERE m.client_id = unhex(v.value ->> 2) AND m.conversation_id = c.id \
                 AND m.author_id = unhex(v.value ->> 1)) AS posted_before, \
             c.id, c.organization_id, c.project_id, c.candidate_id, k.name, c.status, c.priority, c.last_seq, \
             p.status AS project_status, o.target_urgent, o.target_normal, o.target_low, \
             e.id AS entry_id, e.priority AS entry_priority, e.state, e.unread, e.first_seq, e.preview, e.asks_for_link, \
             e.enqueued_at, e.due_at, \
             e.holder_kind, e.holder_id, e.holder_name, e.lease_token, e.lease_expires_at, ",
            $waiting,
            " AS waiting, ",
            $claimed,
            " AS claimed, ",
            $oldest,
            " AS oldest_enqueued_at \
             FROM jsonb_each($1) AS v CROSS JOIN conversations c JOIN candidates k ON k.id = c.candidate_id \
             JOIN projects p ON p.id = c.project_id JOIN organizations o ON o.id = c.organization_id \
             LEFT JOIN queue_entries e ON e.conversation_id = c.id AND e.state <> 'ended' \
             WHERE c.id = unhex(v.value ->> 0)"
        )
    };
}

statements! {
    // Where others write too, how many wait is counted when it is told.
    ARRIVALS = arrivals!(
            "(SELECT q.count FROM queue_counts q WHERE q.project_id = c.project_id AND q.state = 'waiting')",
            "(SELECT q.count FROM queue_counts q WHERE q.project_id = c.project_id AND q.state = 'claimed')",
            "(SELECT MIN(w.enqueued_at) FROM queue_entries w \
                WHERE w.project_id = c.project_id AND w.state = 'waiting')"),
        postgres arrivals!("CAST(NULL AS BIGINT)", "CAST(NULL AS BIGINT)", "CAST(NULL AS BIGINT)");
    INSERT_MESSAGES = "INSERT INTO messages (id, organization_id, conversation_id, seq, kind, author_kind, author_id, \
        author_name, body, client_id, created_at) \
        SELECT unhex(v.value ->> 0), unhex(v.value ->> 1), unhex(v.value ->> 2), CAST(v.value ->> 3 AS BIGINT), 'text', \
        'candidate', unhex(v.value ->> 4), v.value ->> 5, v.value ->> 6, unhex(v.value ->> 7), $2 FROM jsonb_each($1) AS v";
    MOVE_ON = "UPDATE conversations SET last_seq = CAST(v.value ->> 1 AS BIGINT), last_message_at = $2 \
        FROM jsonb_each($1) AS v WHERE conversations.id = unhex(v.value ->> 0)";
    JOIN_ENTRIES = "UPDATE queue_entries SET unread = CAST(v.value ->> 1 AS BIGINT), \
        first_seq = CAST(v.value ->> 2 AS BIGINT), last_seq = CAST(v.value ->> 3 AS BIGINT), preview = v.value ->> 4, changed_at = $2 \
        FROM jsonb_each($1) AS v WHERE queue_entries.id = unhex(v.value ->> 0)";
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
    /// How many of its project wait; not known where others write too.
    pub counts: Option<QueueCounts>,
}

#[derive(FromRow)]
struct ArrivalRow {
    /// Whose key it is, in the order in which they were given.
    number: i64,
    posted_before: bool,
    id: ConversationId,
    organization_id: OrganizationId,
    project_id: ProjectId,
    candidate_id: CandidateId,
    name: Name,
    status: ConversationStatus,
    priority: Priority,
    last_seq: i64,
    project_status: ProjectStatus,
    target_urgent: i64,
    target_normal: i64,
    target_low: i64,
    #[sqlx(flatten)]
    entry: EntryRow,
    waiting: Option<i64>,
    claimed: Option<i64>,
    oldest_enqueued_at: Option<Timestamp>,
}

/// Without any value where the conversation has no entry.
#[derive(FromRow)]
struct EntryRow {
    entry_id: Option<QueueEntryId>,
    entry_priority: Option<Priority>,
    state: Option<EntryState>,
    unread: Option<i64>,
    first_seq: Option<i64>,
    preview: Option<String>,
    asks_for_link: Option<bool>,
    enqueued_at: Option<Timestamp>,
    due_at: Option<Timestamp>,
    holder_kind: Option<AuthorKind>,
    holder_id: Option<Uuid>,
    holder_name: Option<Name>,
    lease_token: Option<LeaseToken>,
    lease_expires_at: Option<Timestamp>,
}

impl ArrivalRow {
    fn arrival(self, counted: bool) -> Arrival {
        let milliseconds = chrono::TimeDelta::milliseconds;
        let arrival = Arrival {
            organization: self.organization_id,
            project: self.project_id,
            conversation: self.id,
            candidate: CandidateBrief { id: self.candidate_id, name: self.name },
            status: self.status,
            priority: self.priority,
            last_seq: self.last_seq,
            project_status: self.project_status,
            targets: ResponseTargets {
                urgent: milliseconds(self.target_urgent),
                normal: milliseconds(self.target_normal),
                low: milliseconds(self.target_low),
            },
            entry: None,
            counts: counted.then(|| QueueCounts {
                waiting: self.waiting.unwrap_or_default(),
                claimed: self.claimed.unwrap_or_default(),
                oldest_enqueued_at: self.oldest_enqueued_at,
            }),
        };
        Arrival { entry: self.entry.entry(&arrival), ..arrival }
    }
}

impl EntryRow {
    fn entry(self, arrival: &Arrival) -> Option<QueueEntry> {
        let claim = match (self.holder_kind, self.holder_id, self.holder_name, self.lease_token, self.lease_expires_at)
        {
            (Some(kind), Some(id), Some(name), Some(token), Some(expires_at)) => {
                Some(Claim { holder: Holder { kind, id, name }, lease: Lease { token, expires_at } })
            }
            _ => None,
        };
        Some(QueueEntry {
            id: self.entry_id?,
            organization: arrival.organization,
            project: arrival.project,
            conversation: arrival.conversation,
            candidate: arrival.candidate.clone(),
            priority: self.entry_priority?,
            state: self.state?,
            unread: self.unread?,
            first_seq: self.first_seq?,
            // Of the message before; the one that arrives brings its own.
            last_seq: arrival.last_seq,
            preview: self.preview?,
            asks_for_link: self.asks_for_link?,
            outcome: None,
            enqueued_at: self.enqueued_at?,
            due_at: self.due_at?,
            claim,
        })
    }
}

/// What tells one message of a candidate's from every other.
pub type Key = (ConversationId, CandidateId, ClientId);

/// Finds conversations in which messages arrive, with their live entries, and which of the messages were posted before;
/// for a transaction that writes into them. The `last_seq` of an entry is not looked up: a message that arrives
/// brings its own.
///
/// # Errors
/// The store cannot be read.
pub async fn find(
    conn: &mut Conn,
    keys: impl IntoIterator<Item = Key>,
) -> Result<(BTreeMap<ConversationId, Arrival>, HashSet<Key>), StoreError> {
    let keys: Vec<Key> = keys.into_iter().collect();
    let asked = keys.iter().zip(0..).map(|((conversation, author, client), number): (_, i64)| {
        (Hex(*conversation), Hex(*author), Hex(*client), number)
    });
    let asked = array(asked);
    let only_writer = conn.is_only_writer();
    let rows: Vec<ArrivalRow> = fetch_all!(conn, ARRIVALS, asked.as_str())?;
    let posted_before = rows.iter().filter(|row| row.posted_before).filter_map(|row| {
        let number = usize::try_from(row.number).ok()?;
        keys.get(number).copied()
    });
    let posted_before = posted_before.collect();
    Ok((rows.into_iter().map(|row| (row.id, row.arrival(only_writer))).collect(), posted_before))
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
    write_later!(conn, INSERT_MESSAGES, array(rows), now)?;
    let moved = moved.into_iter().map(|(conversation, last_seq)| (Hex(conversation), last_seq));
    write_later!(conn, MOVE_ON, array(moved), now)
}

/// Writes what arriving messages have changed of entries that were there already: how many, the first and how it begins,
/// the last.
///
/// # Errors
/// The store cannot be written.
pub async fn join<'a>(
    conn: &mut Conn,
    entries: impl IntoIterator<Item = &'a QueueEntry>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let rows =
        entries.into_iter().map(|entry| (Hex(entry.id), entry.unread, entry.first_seq, entry.last_seq, &entry.preview));
    write_later!(conn, JOIN_ENTRIES, array(rows), now)
}
