//! Finding one conversation, with what decides who may do what in it.

use chrono::TimeDelta;
use sqlx::FromRow;

use super::{ConversationColumns, conversation_columns};
use crate::{
    domain::{
        conversation::Conversation,
        ids::{ConversationId, OrganizationId, UserId},
        project::ProjectStatus,
        queue::ResponseTargets,
        text::Name,
        time::Timestamp,
    },
    store::{
        backend::Conn,
        error::StoreError,
        statement::{fetch_optional, statements},
    },
};

macro_rules! reach {
    ($end:literal) => {
        concat!(
            "SELECT ",
            conversation_columns!(),
            ", p.name AS project_name, p.status AS project_status, p.closed_at AS project_closed_at, p.restricted, \
             EXISTS (SELECT 1 FROM project_members m WHERE m.project_id = p.id AND m.user_id = $3) AS named, \
             o.target_urgent, o.target_normal, o.target_low \
             FROM conversations c JOIN candidates k ON k.id = c.candidate_id JOIN projects p ON p.id = c.project_id \
             JOIN organizations o ON o.id = c.organization_id LEFT JOIN users a ON a.id = c.assignee_id \
             WHERE c.organization_id = $1 AND c.id = $2",
            $end
        )
    };
}

statements! {
    REACH = reach!("");
    // On PostgreSQL other nodes write too: whoever changes a conversation or its entry holds its row first.
    REACH_TO_CHANGE = reach!(""), postgres reach!(" FOR NO KEY UPDATE OF c");
}

#[derive(FromRow)]
struct ReachRow {
    #[sqlx(flatten)]
    conversation: ConversationColumns,
    project_name: Name,
    project_status: ProjectStatus,
    project_closed_at: Option<Timestamp>,
    restricted: bool,
    named: bool,
    target_urgent: i64,
    target_normal: i64,
    target_low: i64,
}

/// A conversation with what decides who may do what in it.
#[derive(Clone, Debug)]
pub struct Reached {
    /// The conversation.
    pub conversation: Conversation,
    /// Its project's name.
    pub project_name: Name,
    /// Whether its project takes messages.
    pub project_status: ProjectStatus,
    /// Since when it takes none.
    pub project_closed_at: Option<Timestamp>,
    /// Whether only named members reach the project.
    pub restricted: bool,
    /// Whether the asking user is named in the project.
    pub named: bool,
    /// The organization's response targets.
    pub targets: ResponseTargets,
}

impl From<ReachRow> for Reached {
    fn from(row: ReachRow) -> Self {
        Self {
            conversation: row.conversation.into(),
            project_name: row.project_name,
            project_status: row.project_status,
            project_closed_at: row.project_closed_at,
            restricted: row.restricted,
            named: row.named,
            targets: ResponseTargets {
                urgent: TimeDelta::milliseconds(row.target_urgent),
                normal: TimeDelta::milliseconds(row.target_normal),
                low: TimeDelta::milliseconds(row.target_low),
            },
        }
    }
}

/// Finds a conversation of an organization, and whether `user` is named in its project.
///
/// # Errors
/// The store cannot be read.
pub async fn reach(
    conn: &mut Conn,
    organization: OrganizationId,
    id: ConversationId,
    user: Option<UserId>,
) -> Result<Option<Reached>, StoreError> {
    let row: Option<ReachRow> = fetch_optional!(conn, REACH, organization, id, user)?;
    Ok(row.map(Into::into))
}

/// As [`reach()`], for a transaction that changes the conversation or its entry.
///
/// # Errors
/// The store cannot be read.
pub async fn reach_to_change(
    conn: &mut Conn,
    organization: OrganizationId,
    id: ConversationId,
    user: Option<UserId>,
) -> Result<Option<Reached>, StoreError> {
    let row: Option<ReachRow> = fetch_optional!(conn, REACH_TO_CHANGE, organization, id, user)?;
    Ok(row.map(Into::into))
}
