//! The queue. Which entry comes first, who holds it, and how many wait is decided here by one index each.

mod counts;
pub mod depth;
mod leases;
mod list;
pub mod overdue;
mod paused;
mod write;

use sqlx::FromRow;
use uuid::Uuid;

pub use self::{
    counts::{STATEMENTS as COUNT_STATEMENTS, count, count_of_project, count_overdue},
    leases::{
        STATEMENTS as LEASE_STATEMENTS, any_expired, bound_leases, expired, held_by, held_by_outsiders, holds_any,
    },
    list::{STATEMENTS as LIST_STATEMENTS, Turn, list},
    paused::{STATEMENTS as PAUSE_STATEMENTS, pause_all, resume_all},
    write::{STATEMENTS as WRITE_STATEMENTS, insert, save},
};
use super::{
    backend::Conn,
    error::StoreError,
    statement::{fetch_all, fetch_one, fetch_optional, statements},
};
use crate::domain::{
    conversation::CandidateBrief,
    ids::{CandidateId, ConversationId, OrganizationId, ProjectId, QueueEntryId, UserId},
    message::AuthorKind,
    queue::{Claim, EntryState, Holder, Lease, LeaseToken, Outcome, Priority, QueueEntry},
    text::Name,
    time::Timestamp,
};

macro_rules! select {
    ($($rest:literal),+) => {
        concat!(
            "SELECT e.id, e.organization_id, e.project_id, e.conversation_id, c.candidate_id, k.name AS candidate_name, \
             e.priority, e.state, e.unread, e.first_seq, e.last_seq, e.preview, e.asks_for_link, e.outcome, e.enqueued_at, \
             e.due_at, e.holder_kind, e.holder_id, e.holder_name, e.lease_token, e.lease_expires_at FROM queue_entries e \
             JOIN conversations c ON c.id = e.conversation_id JOIN candidates k ON k.id = c.candidate_id ",
            $($rest),+
        )
    };
}
use select;

// `$2` and `$3` of what follows are a `Scope`: the user whose own projects count, or all of the organization's.
macro_rules! project_in_scope {
    () => {
        "(p.restricted = FALSE OR $3 OR EXISTS (SELECT 1 FROM project_members m WHERE m.project_id = p.id AND m.user_id = $2))"
    };
}
pub(super) use project_in_scope;

// Of one entry after the other as they come in their order, and not of every project before the first.
macro_rules! in_scope {
    () => {
        concat!(
            "EXISTS (SELECT 1 FROM projects p WHERE p.id = e.project_id AND ",
            $crate::store::queue::project_in_scope!(),
            ")"
        )
    };
}
use in_scope;

macro_rules! head {
    ($lock:literal) => {
        concat!(
            select!(
                "WHERE e.organization_id = $1 AND e.state IN ('waiting', 'claimed') \
                 AND (e.state = 'waiting' OR e.lease_expires_at <= $4) \
                 AND (e.project_id = $5 OR $5 IS NULL) AND (c.assignee_id IS NULL OR c.assignee_id = $2 OR e.due_at <= $4) AND "
            ),
            in_scope!(),
            " ORDER BY e.due_at, e.id LIMIT 1",
            $lock
        )
    };
}

statements! {
    LIVE_ENTRY = select!("WHERE e.organization_id = $1 AND e.conversation_id = $2 AND e.state <> 'ended'");
    LAST_ENDED = select!("WHERE e.organization_id = $1 AND e.conversation_id = $2 AND e.state = 'ended' \
        ORDER BY e.changed_at DESC, e.id DESC LIMIT 1");
    CHANGED_AT = "SELECT changed_at FROM queue_entries WHERE organization_id = $1 AND id = $2";
    FIND_ENTRY = select!("WHERE e.organization_id = $1 AND e.id = $2");
    HEAD = head!("");
    // Of a hundred requests at once each gets another entry, or none. The conversation's row is what every writer of an
    // entry locks; with the entry's own row PostgreSQL looks at its latest version before it gives it away.
    HEAD_UNLOCKED = head!(""), postgres head!(" FOR NO KEY UPDATE OF c, e SKIP LOCKED");
    HEAD_AFTER_LOCK = head!(""), postgres head!(" FOR NO KEY UPDATE OF c, e");
    CHANGED_SINCE = select!("WHERE e.changed_at >= $1 ORDER BY e.changed_at DESC, e.id DESC LIMIT $2");
}

#[derive(FromRow)]
struct Row {
    id: QueueEntryId,
    organization_id: OrganizationId,
    project_id: ProjectId,
    conversation_id: ConversationId,
    candidate_id: CandidateId,
    candidate_name: Name,
    priority: Priority,
    state: EntryState,
    unread: i64,
    first_seq: i64,
    last_seq: i64,
    preview: String,
    asks_for_link: bool,
    outcome: Option<Outcome>,
    enqueued_at: Timestamp,
    due_at: Timestamp,
    holder_kind: Option<AuthorKind>,
    holder_id: Option<Uuid>,
    holder_name: Option<Name>,
    lease_token: Option<LeaseToken>,
    lease_expires_at: Option<Timestamp>,
}

impl From<Row> for QueueEntry {
    fn from(row: Row) -> Self {
        let claim = match (row.holder_kind, row.holder_id, row.holder_name, row.lease_token, row.lease_expires_at) {
            (Some(kind), Some(id), Some(name), Some(token), Some(expires_at)) => {
                Some(Claim { holder: Holder { kind, id, name }, lease: Lease { token, expires_at } })
            }
            _ => None,
        };
        Self {
            id: row.id,
            organization: row.organization_id,
            project: row.project_id,
            conversation: row.conversation_id,
            candidate: CandidateBrief { id: row.candidate_id, name: row.candidate_name },
            priority: row.priority,
            state: row.state,
            unread: row.unread,
            first_seq: row.first_seq,
            last_seq: row.last_seq,
            preview: row.preview,
            asks_for_link: row.asks_for_link,
            outcome: row.outcome,
            enqueued_at: row.enqueued_at,
            due_at: row.due_at,
            claim,
        }
    }
}

/// Whose projects a look at the queue covers, and which one of them.
#[derive(Clone, Copy, Debug)]
pub struct Scope {
    /// The user, whose own restricted projects count.
    pub user: Option<UserId>,
    /// Whether every project of the organization counts; for API tokens.
    pub all_projects: bool,
    /// Only this project.
    pub project: Option<ProjectId>,
}

/// The entry of a conversation that has not ended.
///
/// # Errors
/// The store cannot be read.
pub async fn live(
    conn: &mut Conn,
    organization: OrganizationId,
    conversation: ConversationId,
) -> Result<Option<QueueEntry>, StoreError> {
    let row: Option<Row> = fetch_optional!(conn, LIVE_ENTRY, organization, conversation)?;
    Ok(row.map(Into::into))
}

/// The entry of a conversation that ended last.
///
/// # Errors
/// The store cannot be read.
pub async fn last_ended(
    conn: &mut Conn,
    organization: OrganizationId,
    conversation: ConversationId,
) -> Result<Option<QueueEntry>, StoreError> {
    let row: Option<Row> = fetch_optional!(conn, LAST_ENDED, organization, conversation)?;
    Ok(row.map(Into::into))
}

/// When an entry was changed last; of one that has ended, when it ended.
///
/// # Errors
/// The store cannot be read.
pub async fn changed_at(conn: &mut Conn, entry: &QueueEntry) -> Result<Timestamp, StoreError> {
    let (moment,): (Timestamp,) = fetch_one!(conn, CHANGED_AT, entry.organization, entry.id)?;
    Ok(moment)
}

/// Finds an entry, ended ones too.
///
/// # Errors
/// The store cannot be read.
pub async fn find(
    conn: &mut Conn,
    organization: OrganizationId,
    id: QueueEntryId,
) -> Result<Option<QueueEntry>, StoreError> {
    let row: Option<Row> = fetch_optional!(conn, FIND_ENTRY, organization, id)?;
    Ok(row.map(Into::into))
}

/// What [`head`] does about an entry that another server is changing at the moment. On SQLite there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Locked {
    /// Goes past it.
    Skip,
    /// Waits until the other has ended, and looks at the entry again.
    Wait,
}

/// The first entry that waits at `now` and is not reserved for an assignee; one whose lease has run out waits. It is locked
/// until the transaction ends.
///
/// # Errors
/// The store cannot be read.
pub async fn head(
    conn: &mut Conn,
    organization: OrganizationId,
    scope: Scope,
    now: Timestamp,
    locked: Locked,
) -> Result<Option<QueueEntry>, StoreError> {
    let statement = match locked {
        Locked::Skip => HEAD_UNLOCKED,
        Locked::Wait => HEAD_AFTER_LOCK,
    };
    let row: Option<Row> =
        fetch_optional!(conn, statement, organization, scope.user, scope.all_projects, now, scope.project)?;
    Ok(row.map(Into::into))
}

/// Whether an entry waits, be it locked or not.
///
/// # Errors
/// The store cannot be read.
pub async fn any_waits(
    conn: &mut Conn,
    organization: OrganizationId,
    scope: Scope,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let row: Option<Row> =
        fetch_optional!(conn, HEAD, organization, scope.user, scope.all_projects, now, scope.project)?;
    Ok(row.is_some())
}

/// The latest entries changed since a moment, the last change first; for a node that was cut off.
///
/// # Errors
/// The store cannot be read.
pub async fn changed_since(conn: &mut Conn, moment: Timestamp, at_most: i64) -> Result<Vec<QueueEntry>, StoreError> {
    let rows: Vec<Row> = fetch_all!(conn, CHANGED_SINCE, moment, at_most)?;
    Ok(rows.into_iter().map(Into::into).collect())
}
