//! Conversations: what is known of one, and its counters.

mod labels;
mod lock;
mod reach;

use sqlx::FromRow;

pub use self::{
    labels::{STATEMENTS as LABEL_STATEMENTS, add_label, labels_in_use, remove_label},
    lock::{STATEMENTS as LOCK_STATEMENTS, lock, lock_of_user},
    reach::{Reached, STATEMENTS as REACH_STATEMENTS, reach, reach_to_change},
};

use super::{
    backend::Conn,
    error::StoreError,
    statement::{execute, fetch_all, fetch_one, statements},
};
use crate::domain::{
    conversation::{CandidateBrief, Conversation, ConversationStatus, Label, UserBrief},
    ids::{CandidateId, ConversationId, OrganizationId, ProjectId, UserId},
    queue::Priority,
    text::Name,
    time::Timestamp,
};

/// The columns of [`ConversationColumns`].
macro_rules! conversation_columns {
    () => {
        "c.id, c.organization_id, c.project_id, c.candidate_id, k.name AS candidate_name, c.status, c.snooze_until, \
         c.assignee_id, a.name AS assignee_name, c.priority, c.last_seq, c.last_note_seq, c.handled_seq, \
         c.candidate_read_seq, c.team_read_seq, c.last_message_at, c.created_at, \
         (SELECT string_agg(label, '\u{1f}') FROM conversation_labels WHERE conversation_id = c.id) AS labels"
    };
}
pub(super) use conversation_columns;

statements! {
    NEXT_SEQ = "UPDATE conversations SET last_seq = last_seq + 1, last_message_at = $3 \
        WHERE organization_id = $1 AND id = $2 RETURNING last_seq";
    NEXT_NOTE_SEQ = "UPDATE conversations SET last_note_seq = last_note_seq + 1 \
        WHERE organization_id = $1 AND id = $2 RETURNING last_note_seq, last_seq";
    SET_HANDLED = "UPDATE conversations SET handled_seq = $3 WHERE organization_id = $1 AND id = $2";
    SET_CANDIDATE_READ = "UPDATE conversations SET candidate_read_seq = $3 \
        WHERE organization_id = $1 AND id = $2 AND candidate_read_seq < $3";
    SET_TEAM_READ = "UPDATE conversations SET team_read_seq = $3 \
        WHERE organization_id = $1 AND id = $2 AND team_read_seq < $3";
    SET_USER_READ = "INSERT INTO conversation_reads (conversation_id, user_id, seq) VALUES ($1, $2, $3) \
        ON CONFLICT (conversation_id, user_id) DO UPDATE SET seq = excluded.seq WHERE conversation_reads.seq < excluded.seq";
    SET_STATUS = "UPDATE conversations SET status = $3, snooze_until = $4 WHERE organization_id = $1 AND id = $2";
    SET_ASSIGNEE = "UPDATE conversations SET assignee_id = $3 WHERE organization_id = $1 AND id = $2";
    UNASSIGN_ALL = "UPDATE conversations SET assignee_id = NULL \
        WHERE assignee_id = $1 AND (organization_id = $2 OR $2 IS NULL) RETURNING organization_id, project_id, id";
    UNASSIGN_OUTSIDERS = "UPDATE conversations SET assignee_id = NULL WHERE organization_id = $1 AND project_id = $2 \
        AND assignee_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM project_members t \
        WHERE t.project_id = conversations.project_id AND t.user_id = conversations.assignee_id) RETURNING id";
    SET_PRIORITY = "UPDATE conversations SET priority = $3 WHERE organization_id = $1 AND id = $2";
    AWAKE_AT = "SELECT organization_id, id FROM conversations WHERE snooze_until <= $1 ORDER BY snooze_until LIMIT 100";
}

/// A conversation as the store holds it.
#[derive(FromRow)]
pub(super) struct ConversationColumns {
    id: ConversationId,
    organization_id: OrganizationId,
    project_id: ProjectId,
    candidate_id: CandidateId,
    candidate_name: Name,
    status: ConversationStatus,
    snooze_until: Option<Timestamp>,
    assignee_id: Option<UserId>,
    assignee_name: Option<Name>,
    priority: Priority,
    last_seq: i64,
    last_note_seq: i64,
    handled_seq: i64,
    candidate_read_seq: i64,
    team_read_seq: i64,
    last_message_at: Option<Timestamp>,
    created_at: Timestamp,
    labels: Option<String>,
}

impl From<ConversationColumns> for Conversation {
    fn from(row: ConversationColumns) -> Self {
        let mut labels: Vec<Label> = row
            .labels
            .iter()
            .flat_map(|joined| joined.split('\u{1f}'))
            .map(|text| Label::from_stored(text.to_owned()))
            .collect();
        labels.sort();
        Self {
            id: row.id,
            organization: row.organization_id,
            project: row.project_id,
            candidate: CandidateBrief { id: row.candidate_id, name: row.candidate_name },
            status: row.status,
            snooze_until: row.snooze_until,
            assignee: row.assignee_id.zip(row.assignee_name).map(|(id, name)| UserBrief { id, name }),
            priority: row.priority,
            labels,
            last_seq: row.last_seq,
            last_note_seq: row.last_note_seq,
            handled_seq: row.handled_seq,
            candidate_read_seq: row.candidate_read_seq,
            team_read_seq: row.team_read_seq,
            last_message_at: row.last_message_at,
            created_at: row.created_at,
        }
    }
}

/// Takes the next `seq` for a message posted at `now`.
///
/// # Errors
/// The store cannot be written.
pub async fn next_seq(
    conn: &mut Conn,
    organization: OrganizationId,
    id: ConversationId,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let (seq,): (i64,) = fetch_one!(conn, NEXT_SEQ, organization, id, now)?;
    Ok(seq)
}

/// Takes the next `seq` for a note; also the `seq` of the message it stands after.
///
/// # Errors
/// The store cannot be written.
pub async fn next_note_seq(
    conn: &mut Conn,
    organization: OrganizationId,
    id: ConversationId,
) -> Result<(i64, i64), StoreError> {
    fetch_one!(conn, NEXT_NOTE_SEQ, organization, id)
}

/// Marks candidate messages up to `seq` as handled.
///
/// # Errors
/// The store cannot be written.
pub async fn set_handled(conn: &mut Conn, conversation: &Conversation, seq: i64) -> Result<(), StoreError> {
    execute!(conn, SET_HANDLED, conversation.organization, conversation.id, seq).map(drop)
}

/// Which side's read mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The candidate's.
    Candidate,
    /// The team's, the furthest of all its members.
    Team,
}

/// Moves a side's read mark forward; `false` when it stands there already or further.
///
/// # Errors
/// The store cannot be written.
pub async fn set_read(conn: &mut Conn, conversation: &Conversation, side: Side, seq: i64) -> Result<bool, StoreError> {
    let statement = match side {
        Side::Candidate => SET_CANDIDATE_READ,
        Side::Team => SET_TEAM_READ,
    };
    Ok(execute!(conn, statement, conversation.organization, conversation.id, seq)? > 0)
}

/// Moves one user's own read mark forward.
///
/// # Errors
/// The store cannot be written.
pub async fn set_user_read(conn: &mut Conn, id: ConversationId, user: UserId, seq: i64) -> Result<(), StoreError> {
    execute!(conn, SET_USER_READ, id, user, seq).map(drop)
}

/// Sets status and waking time.
///
/// # Errors
/// The store cannot be written.
pub async fn set_status(
    conn: &mut Conn,
    conversation: &Conversation,
    status: ConversationStatus,
    snooze_until: Option<Timestamp>,
) -> Result<(), StoreError> {
    execute!(conn, SET_STATUS, conversation.organization, conversation.id, status, snooze_until).map(drop)
}

/// Opens one that was snoozed or closed.
///
/// # Errors
/// The store cannot be written.
pub async fn open_again(conn: &mut Conn, organization: OrganizationId, id: ConversationId) -> Result<(), StoreError> {
    execute!(conn, SET_STATUS, organization, id, ConversationStatus::Open, None::<Timestamp>).map(drop)
}

/// Sets or takes away who takes care of it.
///
/// # Errors
/// The store cannot be written.
pub async fn set_assignee(
    conn: &mut Conn,
    conversation: &Conversation,
    assignee: Option<UserId>,
) -> Result<(), StoreError> {
    execute!(conn, SET_ASSIGNEE, conversation.organization, conversation.id, assignee).map(drop)
}

/// Takes a user away from everything they took care of, in one organization or everywhere; gives what that was.
///
/// # Errors
/// The store cannot be written.
pub async fn unassign_all(
    conn: &mut Conn,
    user: UserId,
    organization: Option<OrganizationId>,
) -> Result<Vec<(OrganizationId, ProjectId, ConversationId)>, StoreError> {
    fetch_all!(conn, UNASSIGN_ALL, user, organization)
}

/// Takes assignees off the conversations of a restricted project who are not named in it; gives what that was.
///
/// # Errors
/// The store cannot be written.
pub async fn unassign_outsiders(
    conn: &mut Conn,
    organization: OrganizationId,
    project: ProjectId,
) -> Result<Vec<ConversationId>, StoreError> {
    let rows: Vec<(ConversationId,)> = fetch_all!(conn, UNASSIGN_OUTSIDERS, organization, project)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Sets the priority.
///
/// # Errors
/// The store cannot be written.
pub async fn set_priority(conn: &mut Conn, conversation: &Conversation, priority: Priority) -> Result<(), StoreError> {
    execute!(conn, SET_PRIORITY, conversation.organization, conversation.id, priority).map(drop)
}

/// Snoozed conversations whose time has come, at most 100.
///
/// # Errors
/// The store cannot be read.
pub async fn awake_at(conn: &mut Conn, now: Timestamp) -> Result<Vec<(OrganizationId, ConversationId)>, StoreError> {
    fetch_all!(conn, AWAKE_AT, now)
}
