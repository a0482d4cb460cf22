//! How many conversations each view of the dashboard holds.

use sqlx::FromRow;
use uuid::Uuid;

use crate::{
    domain::ids::OrganizationId,
    store::{
        backend::Conn,
        error::StoreError,
        queue::{Scope, project_in_scope},
        statement::{fetch_one, statements},
    },
};

macro_rules! sum {
    ($condition:literal) => {
        concat!("CAST(COALESCE(SUM(CASE WHEN ", $condition, " THEN n.count ELSE 0 END), 0) AS BIGINT)")
    };
}

macro_rules! projects {
    () => {
        concat!("p.organization_id = $1 AND (p.id = $4 OR $4 IS NULL) AND ", project_in_scope!())
    };
}

statements! {
    // What somebody holds without taking care of it is little, and counted.
    COUNT_VIEWS = concat!(
        "SELECT (SELECT CAST(COALESCE(SUM(q.count), 0) AS BIGINT) FROM projects p JOIN queue_counts q ON q.project_id = p.id \
            WHERE q.state IN ('waiting', 'claimed') AND ", projects!(), ") AS waiting, ",
        sum!("n.status = 'open' AND n.assignee_id = $2"), " + (SELECT COUNT(*) FROM queue_entries e \
            JOIN conversations c ON c.id = e.conversation_id JOIN projects p ON p.id = c.project_id \
            WHERE e.holder_id = $2 AND e.state <> 'ended' AND c.status = 'open' \
            AND (c.assignee_id IS NULL OR c.assignee_id <> $2) AND ", projects!(), ") AS mine, ",
        sum!("n.status = 'open' AND n.assignee_id = $5"), " AS unassigned, ",
        sum!("n.status = 'snoozed'"), " AS snoozed, ", sum!("n.status = 'closed'"), " AS closed, ",
        sum!("TRUE"), " AS every_one \
         FROM projects p JOIN conversation_counts n ON n.project_id = p.id WHERE ", projects!()
    );
}

/// How many conversations each view holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Counts {
    /// Waiting for an answer, or claimed.
    pub waiting: i64,
    /// Open ones that the asking user takes care of or holds.
    pub mine: i64,
    /// Open ones that nobody takes care of.
    pub unassigned: i64,
    /// Set aside.
    pub snoozed: i64,
    /// Done.
    pub closed: i64,
    /// All.
    pub every_one: i64,
}

/// How many conversations each view holds for the asking user.
///
/// # Errors
/// The store cannot be read.
pub async fn counts(conn: &mut Conn, organization: OrganizationId, scope: Scope) -> Result<Counts, StoreError> {
    let Scope { user, all_projects, project } = scope;
    fetch_one!(conn, COUNT_VIEWS, organization, user, all_projects, project, Uuid::nil())
}
