//! Hiring projects and their teams.

use sqlx::FromRow;

use super::{
    backend::Conn,
    error::StoreError,
    statement::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    conversation::UserBrief,
    ids::{ConversationId, OrganizationId, ProjectId, UserId},
    project::{Project, ProjectStatus},
    text::Name,
    time::Timestamp,
};

/// The one rule of who of the hiring team reads a project `p`: `$2` is the user, or NULL for an API token.
macro_rules! readable {
    () => {
        "(NOT p.restricted OR EXISTS (SELECT 1 FROM project_members t WHERE t.project_id = p.id AND t.user_id = $2) \
         OR $2 IS NULL)"
    };
}
pub(super) use readable;

macro_rules! project_columns {
    () => {
        "p.id, p.organization_id, p.name, p.status, p.restricted, p.last_announcement_seq, p.created_at"
    };
}

statements! {
    INSERT_PROJECT = "INSERT INTO projects \
        (id, organization_id, name, status, restricted, last_announcement_seq, created_at) VALUES ($1, $2, $3, $4, $5, 0, $6)";
    RENAME_PROJECT = "UPDATE projects SET name = $3 WHERE organization_id = $1 AND id = $2";
    // Waits for whoever opens or closes it, and lets them wait.
    HOLD_PROJECT = "UPDATE projects SET status = status WHERE organization_id = $1 AND id = $2";
    SET_PROJECT_STATUS = "UPDATE projects SET status = $3, closed_at = CASE WHEN CAST($4 AS BIGINT) IS NOT NULL \
        THEN COALESCE(closed_at, $4) END WHERE organization_id = $1 AND id = $2";
    SET_PROJECT_RESTRICTED = "UPDATE projects SET restricted = $3 WHERE organization_id = $1 AND id = $2";
    FIND_PROJECT = concat!("SELECT ", project_columns!(), ", ", readable!(), " AS readable FROM projects p \
        WHERE p.organization_id = $1 AND p.id = $3");
    READABLE_PROJECTS = concat!("SELECT p.id FROM projects p WHERE p.organization_id = $1 AND ", readable!(),
        " ORDER BY p.id");
    LIST_PROJECTS = concat!("SELECT ", project_columns!(), ", ", readable!(), " AS readable, \
        (SELECT CAST(COALESCE(SUM(n.count), 0) AS BIGINT) FROM conversation_counts n WHERE n.project_id = p.id) AS candidates, \
        COALESCE((SELECT q.count FROM queue_counts q WHERE q.project_id = p.id AND q.state = 'waiting'), 0) AS waiting, \
        COALESCE((SELECT q.count FROM queue_counts q WHERE q.project_id = p.id AND q.state = 'claimed'), 0) AS claimed \
        FROM projects p WHERE p.organization_id = $1 AND (", readable!(), " OR $3) \
        ORDER BY p.status DESC, p.name, p.id");
    PROJECT_TEAM = "SELECT u.id, u.name FROM project_members t JOIN users u ON u.id = t.user_id \
        WHERE t.project_id = $1 AND u.removed_at IS NULL ORDER BY u.name, u.id";
    CLEAR_TEAM = "DELETE FROM project_members WHERE project_id = $1";
    JOIN_TEAM = "INSERT INTO project_members (project_id, user_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    PROJECT_OF_CANDIDATE = concat!("SELECT ", project_columns!(), ", TRUE AS readable FROM projects p \
        JOIN conversations c ON c.project_id = p.id WHERE p.organization_id = $1 AND p.id = $2 AND c.id = $3");
    PROJECT_OF_CONVERSATION = concat!("SELECT p.id FROM projects p JOIN conversations c ON c.project_id = p.id \
        WHERE c.organization_id = $1 AND ", readable!(), " AND c.id = $3");
}

#[derive(FromRow)]
struct ProjectRow {
    id: ProjectId,
    organization_id: OrganizationId,
    name: Name,
    status: ProjectStatus,
    restricted: bool,
    last_announcement_seq: i64,
    created_at: Timestamp,
    readable: bool,
}

#[derive(FromRow)]
struct SummaryRow {
    #[sqlx(flatten)]
    project: ProjectRow,
    candidates: i64,
    waiting: i64,
    claimed: i64,
}

/// A project with its numbers.
#[derive(Clone, Debug)]
pub struct ProjectSummary {
    /// The project.
    pub project: Project,
    /// Whether who asks is of its team; an owner manages the others without reading them.
    pub readable: bool,
    /// How many candidates it has.
    pub candidates: i64,
    /// How many of them wait for an answer.
    pub waiting: i64,
    /// How many of them somebody holds.
    pub claimed: i64,
}

impl From<ProjectRow> for (Project, bool) {
    fn from(row: ProjectRow) -> Self {
        let project = Project {
            id: row.id,
            organization: row.organization_id,
            name: row.name,
            status: row.status,
            restricted: row.restricted,
            last_announcement_seq: row.last_announcement_seq,
            created_at: row.created_at,
        };
        (project, row.readable)
    }
}

/// Writes a new one.
///
/// # Errors
/// The store cannot be written.
pub async fn insert(conn: &mut Conn, new: &Project) -> Result<(), StoreError> {
    let name = new.name.clone();
    execute!(conn, INSERT_PROJECT, new.id, new.organization, name, new.status, new.restricted, new.created_at).map(drop)
}

/// Gives it another name.
///
/// # Errors
/// The store cannot be written.
pub async fn rename(
    conn: &mut Conn,
    organization: OrganizationId,
    id: ProjectId,
    name: &Name,
) -> Result<(), StoreError> {
    execute!(conn, RENAME_PROJECT, organization, id, name.clone()).map(drop)
}

/// Keeps its status as it is until the transaction ends.
///
/// # Errors
/// The store cannot be written.
pub async fn hold(conn: &mut Conn, organization: OrganizationId, id: ProjectId) -> Result<(), StoreError> {
    execute!(conn, HOLD_PROJECT, organization, id).map(drop)
}

/// Closes or opens it.
///
/// # Errors
/// The store cannot be written.
pub async fn set_status(
    conn: &mut Conn,
    organization: OrganizationId,
    id: ProjectId,
    status: ProjectStatus,
    now: Timestamp,
) -> Result<(), StoreError> {
    let closed_at = (status == ProjectStatus::Closed).then_some(now);
    execute!(conn, SET_PROJECT_STATUS, organization, id, status, closed_at).map(drop)
}

/// Says whether only named members are its team.
///
/// # Errors
/// The store cannot be written.
pub async fn set_restricted(
    conn: &mut Conn,
    organization: OrganizationId,
    id: ProjectId,
    restricted: bool,
) -> Result<(), StoreError> {
    execute!(conn, SET_PROJECT_RESTRICTED, organization, id, restricted).map(drop)
}

/// Finds one, and whether that user (`None`: an API token) may read it.
///
/// # Errors
/// The store cannot be read.
pub async fn find(
    conn: &mut Conn,
    organization: OrganizationId,
    user: Option<UserId>,
    id: ProjectId,
) -> Result<Option<(Project, bool)>, StoreError> {
    let row: Option<ProjectRow> = fetch_optional!(conn, FIND_PROJECT, organization, user, id)?;
    Ok(row.map(Into::into))
}

/// Finds the project of a conversation, for its candidate.
///
/// # Errors
/// The store cannot be read.
pub async fn find_of_conversation(
    conn: &mut Conn,
    organization: OrganizationId,
    id: ProjectId,
    conversation: ConversationId,
) -> Result<Option<Project>, StoreError> {
    let row: Option<ProjectRow> = fetch_optional!(conn, PROJECT_OF_CANDIDATE, organization, id, conversation)?;
    Ok(row.map(|row| <(Project, bool)>::from(row).0))
}

/// The project of a conversation that a user (`None`: an API token) may read.
///
/// # Errors
/// The store cannot be read.
pub async fn reads_conversation(
    conn: &mut Conn,
    organization: OrganizationId,
    user: Option<UserId>,
    conversation: ConversationId,
) -> Result<Option<ProjectId>, StoreError> {
    let row: Option<(ProjectId,)> = fetch_optional!(conn, PROJECT_OF_CONVERSATION, organization, user, conversation)?;
    Ok(row.map(|(id,)| id))
}

/// The projects that a user (`None`: an API token) may read.
///
/// # Errors
/// The store cannot be read.
pub async fn readable_by(
    conn: &mut Conn,
    organization: OrganizationId,
    user: Option<UserId>,
) -> Result<Vec<ProjectId>, StoreError> {
    let rows: Vec<(ProjectId,)> = fetch_all!(conn, READABLE_PROJECTS, organization, user)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The projects that a user may read, or all, with their numbers; open ones first, then by name.
///
/// # Errors
/// The store cannot be read.
pub async fn list(
    conn: &mut Conn,
    organization: OrganizationId,
    user: Option<UserId>,
    all: bool,
) -> Result<Vec<ProjectSummary>, StoreError> {
    let rows: Vec<SummaryRow> = fetch_all!(conn, LIST_PROJECTS, organization, user, all)?;
    let summary = |row: SummaryRow| {
        let (project, readable) = row.project.into();
        ProjectSummary { project, readable, candidates: row.candidates, waiting: row.waiting, claimed: row.claimed }
    };
    Ok(rows.into_iter().map(summary).collect())
}

/// The named members, by name.
///
/// # Errors
/// The store cannot be read.
pub async fn team(conn: &mut Conn, project: ProjectId) -> Result<Vec<UserBrief>, StoreError> {
    let rows: Vec<(UserId, Name)> = fetch_all!(conn, PROJECT_TEAM, project)?;
    Ok(rows.into_iter().map(|(id, name)| UserBrief { id, name }).collect())
}

/// Names the members anew.
///
/// # Errors
/// The store cannot be written.
pub async fn set_team(conn: &mut Conn, project: ProjectId, team: &[UserId]) -> Result<(), StoreError> {
    execute!(conn, CLEAR_TEAM, project)?;
    for user in team {
        execute!(conn, JOIN_TEAM, project, *user)?;
    }
    Ok(())
}
