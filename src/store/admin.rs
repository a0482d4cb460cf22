//! The numbers of the whole installation.

use serde::Serialize;
use sqlx::FromRow;

use super::{
    backend::Conn,
    error::StoreError,
    statement::{fetch_all, fetch_one, statements},
};
use crate::domain::{heartbeat, ids::OrganizationId, organization::Slug, text::Name, time::Timestamp};

statements! {
    NUMBERS = "SELECT o.id, o.slug, o.name, o.suspended_at, o.created_at, \
        (SELECT COUNT(*) FROM memberships m JOIN users u ON u.id = m.user_id \
            WHERE m.organization_id = o.id AND u.removed_at IS NULL) AS members, \
        (SELECT COUNT(*) FROM projects p WHERE p.organization_id = o.id AND p.status = 'open') AS open_projects, \
        (SELECT CAST(COALESCE(SUM(n.count), 0) AS BIGINT) FROM projects p JOIN conversation_counts n \
            ON n.project_id = p.id WHERE p.organization_id = o.id) AS conversations, \
        (SELECT CAST(COALESCE(SUM(q.count), 0) AS BIGINT) FROM projects p JOIN queue_counts q \
            ON q.project_id = p.id WHERE p.organization_id = o.id AND q.state = 'waiting') AS waiting, \
        (SELECT CAST(COALESCE(SUM(q.count), 0) AS BIGINT) FROM projects p JOIN queue_counts q \
            ON q.project_id = p.id WHERE p.organization_id = o.id AND q.state = 'claimed') AS claimed, \
        (SELECT MIN(e.enqueued_at) FROM projects p JOIN queue_entries e ON e.project_id = p.id \
            WHERE p.organization_id = o.id AND e.state = 'waiting') AS oldest_enqueued_at \
        FROM organizations o WHERE o.id <> $1 ORDER BY o.slug";
    TOTALS = "SELECT (SELECT COUNT(*) FROM users WHERE removed_at IS NULL), \
        (SELECT COUNT(*) FROM sessions WHERE last_seen_at > $1 AND created_at > $2)";
}

/// The numbers of one organization.
#[derive(Clone, Debug, FromRow, Serialize)]
pub struct OrganizationNumbers {
    /// Its id.
    pub id: OrganizationId,
    /// Its name in addresses.
    pub slug: Slug,
    /// Its name for people.
    pub name: Name,
    /// Since when nobody can enter it.
    pub suspended_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// Members who can sign in.
    pub members: i64,
    /// Open projects.
    pub open_projects: i64,
    /// Conversations.
    pub conversations: i64,
    /// Waiting queue entries.
    pub waiting: i64,
    /// Claimed queue entries.
    pub claimed: i64,
    /// Since when the oldest waiting entry waits.
    pub oldest_enqueued_at: Option<Timestamp>,
}

/// The numbers of every organization, by slug.
///
/// # Errors
/// The store cannot be read.
pub async fn organizations(conn: &mut Conn) -> Result<Vec<OrganizationNumbers>, StoreError> {
    fetch_all!(conn, NUMBERS, heartbeat::organization())
}

/// How many users can sign in, and how many sessions have not run out.
///
/// # Errors
/// The store cannot be read.
pub async fn totals(
    conn: &mut Conn,
    seen_after: Timestamp,
    created_after: Timestamp,
) -> Result<(i64, i64), StoreError> {
    fetch_one!(conn, TOTALS, seen_after, created_after)
}
