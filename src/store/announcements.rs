//! Announcements of a project, stored once for all its candidates.

use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::{
    backend::Conn,
    error::StoreError,
    statement::{execute, fetch_all, fetch_one, fetch_optional, statements},
};
use crate::domain::{
    announcement::Announcement,
    ids::{AnnouncementId, ClientId, ConversationId, Id, OrganizationId, ProjectId},
    message::{Author, AuthorKind},
    page::{Limit, Stretch},
    text::{Body, Name},
    time::Timestamp,
};

macro_rules! select {
    ($where:literal) => {
        concat!(
            "SELECT id, project_id, seq, author_kind, author_id, author_name, body, client_id, created_at \
             FROM announcements WHERE ",
            $where
        )
    };
}

statements! {
    NEXT_ANNOUNCEMENT_SEQ = "UPDATE projects SET last_announcement_seq = last_announcement_seq + 1 \
        WHERE organization_id = $1 AND id = $2 RETURNING last_announcement_seq";
    LAST_ANNOUNCEMENT_SEQ = "SELECT last_announcement_seq FROM projects WHERE organization_id = $1 AND id = $2";
    ANNOUNCEMENTS_SINCE = "SELECT organization_id, project_id, seq FROM announcements WHERE id >= $1 ORDER BY id DESC LIMIT $2";
    INSERT_ANNOUNCEMENT = "INSERT INTO announcements (id, organization_id, project_id, seq, author_kind, author_id, \
        author_name, body, client_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    FIND_ANNOUNCEMENT_BY_CLIENT_ID =
        select!("project_id = $1 AND author_kind = $2 AND author_id = $3 AND client_id = $4");
    FIND_ANNOUNCEMENT_BY_SEQ = select!("organization_id = $1 AND project_id = $2 AND seq = $3");
    ANNOUNCEMENTS_AFTER = select!("organization_id = $1 AND project_id = $2 AND seq > $3 ORDER BY seq LIMIT $4");
    ANNOUNCEMENTS_BEFORE = select!("organization_id = $1 AND project_id = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4");
    ANNOUNCEMENTS_TO_CONVERSATION = "SELECT a.seq, a.author_kind, a.author_name, a.body, a.created_at \
        FROM announcements a JOIN conversations c ON c.project_id = a.project_id \
        WHERE c.organization_id = $1 AND c.id = $2 ORDER BY a.seq";
    COUNT_AUDIENCE = "SELECT COUNT(*) FROM conversations WHERE organization_id = $1 AND project_id = $2";
}

#[derive(FromRow)]
struct Row {
    id: AnnouncementId,
    project_id: ProjectId,
    seq: i64,
    author_kind: AuthorKind,
    author_id: Uuid,
    author_name: Name,
    body: Body,
    client_id: ClientId,
    created_at: Timestamp,
}

impl From<Row> for Announcement {
    fn from(row: Row) -> Self {
        Self {
            id: row.id,
            project: row.project_id,
            seq: row.seq,
            author: Author { kind: row.author_kind, id: row.author_id, name: row.author_name },
            body: row.body,
            client_id: row.client_id,
            created_at: row.created_at,
        }
    }
}

/// Takes the next `seq` of a project's announcements.
///
/// # Errors
/// The store cannot be written.
pub async fn next_seq(conn: &mut Conn, organization: OrganizationId, project: ProjectId) -> Result<i64, StoreError> {
    let (seq,): (i64,) = fetch_one!(conn, NEXT_ANNOUNCEMENT_SEQ, organization, project)?;
    Ok(seq)
}

/// The greatest `seq` of a project's announcements, 0 if none.
///
/// # Errors
/// The store cannot be read.
pub async fn last_seq(conn: &mut Conn, organization: OrganizationId, project: ProjectId) -> Result<i64, StoreError> {
    let row: Option<(i64,)> = fetch_optional!(conn, LAST_ANNOUNCEMENT_SEQ, organization, project)?;
    Ok(row.map_or(0, |(seq,)| seq))
}

/// Writes an announcement whose `seq` was taken in the same transaction.
///
/// # Errors
/// The store cannot be written.
pub async fn insert(
    conn: &mut Conn,
    organization: OrganizationId,
    announcement: &Announcement,
) -> Result<(), StoreError> {
    execute!(
        conn,
        INSERT_ANNOUNCEMENT,
        announcement.id,
        organization,
        announcement.project,
        announcement.seq,
        announcement.author.kind,
        announcement.author.id,
        &*announcement.author.name,
        &*announcement.body,
        announcement.client_id,
        announcement.created_at,
    )
    .map(drop)
}

/// Finds what an author has posted under a client id.
///
/// # Errors
/// The store cannot be read.
pub async fn find_by_client_id(
    conn: &mut Conn,
    project: ProjectId,
    author: &Author,
    client_id: ClientId,
) -> Result<Option<Announcement>, StoreError> {
    let row: Option<Row> =
        fetch_optional!(conn, FIND_ANNOUNCEMENT_BY_CLIENT_ID, project, author.kind, author.id, client_id)?;
    Ok(row.map(Into::into))
}

/// Finds an announcement by its place.
///
/// # Errors
/// The store cannot be read.
pub async fn find_by_seq(
    conn: &mut Conn,
    organization: OrganizationId,
    project: ProjectId,
    seq: i64,
) -> Result<Option<Announcement>, StoreError> {
    let row: Option<Row> = fetch_optional!(conn, FIND_ANNOUNCEMENT_BY_SEQ, organization, project, seq)?;
    Ok(row.map(Into::into))
}

/// A stretch of announcements, ascending, and whether more lie further in that direction.
///
/// # Errors
/// The store cannot be read.
pub async fn stretch(
    conn: &mut Conn,
    organization: OrganizationId,
    project: ProjectId,
    stretch: Stretch,
    limit: Limit,
) -> Result<(Vec<Announcement>, bool), StoreError> {
    let (statement, seq) = match stretch {
        Stretch::After(seq) => (ANNOUNCEMENTS_AFTER, seq),
        Stretch::Before(seq) => (ANNOUNCEMENTS_BEFORE, seq),
    };
    let one_more = i64::try_from(limit.get() + 1).unwrap_or(i64::MAX);
    let rows: Vec<Row> = fetch_all!(conn, statement, organization, project, seq, one_more)?;
    Ok(stretch.arrange(rows, limit))
}

/// How many candidates an announcement reaches.
///
/// # Errors
/// The store cannot be read.
pub async fn count_audience(
    conn: &mut Conn,
    organization: OrganizationId,
    project: ProjectId,
) -> Result<i64, StoreError> {
    let (count,): (i64,) = fetch_one!(conn, COUNT_AUDIENCE, organization, project)?;
    Ok(count)
}

/// The places of the latest announcements since a moment, newest first; for a node that was cut off.
///
/// # Errors
/// The store cannot be read.
pub async fn since(
    conn: &mut Conn,
    moment: Timestamp,
    at_most: i64,
) -> Result<Vec<(OrganizationId, ProjectId, i64)>, StoreError> {
    fetch_all!(conn, ANNOUNCEMENTS_SINCE, AnnouncementId::least_at(moment), at_most)
}

/// An announcement as it is handed out to a candidate of its project.
#[derive(Clone, Debug, FromRow, Serialize)]
pub struct ExportedAnnouncement {
    /// Its position in the project.
    pub seq: i64,
    /// What kind of author.
    pub author_kind: AuthorKind,
    /// The author's name.
    pub author_name: Name,
    /// The text.
    pub body: String,
    /// When it was committed.
    pub created_at: Timestamp,
}

/// Every announcement that the candidate of a conversation reads in it.
///
/// # Errors
/// The store cannot be read.
pub async fn exported(
    conn: &mut Conn,
    organization: OrganizationId,
    conversation: ConversationId,
) -> Result<Vec<ExportedAnnouncement>, StoreError> {
    fetch_all!(conn, ANNOUNCEMENTS_TO_CONVERSATION, organization, conversation)
}
