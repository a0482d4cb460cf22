//! Chat links.

use sqlx::FromRow;

use super::{
    backend::Conn,
    error::StoreError,
    organizations::{OrganizationRow, organization_columns},
    statement::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    ids::{CandidateId, CandidateSessionId, ConversationId, LinkId, NoteId, OrganizationId, ProjectId},
    link::{ChatLink, SecretHash},
    organization::Organization,
    project::ProjectStatus,
    text::Name,
    time::Timestamp,
};

/// What a link leads to; both statements below end with it.
macro_rules! linked {
    ($which:literal) => {
        concat!(
            "SELECT ",
            organization_columns!(),
            ", l.id AS link_id, l.conversation_id, l.issued_by, l.expires_at, l.revoked_at AS link_revoked_at, l.asked_at, \
             l.created_at AS link_created_at, c.project_id, p.name AS project_name, p.status AS project_status, \
             k.id AS candidate_id, k.name AS candidate_name \
             FROM chat_links l JOIN conversations c ON c.id = l.conversation_id JOIN projects p ON p.id = c.project_id \
             JOIN candidates k ON k.id = c.candidate_id JOIN organizations o ON o.id = l.organization_id ",
            $which
        )
    };
}

statements! {
    INSERT_LINK = "INSERT INTO chat_links (id, organization_id, conversation_id, secret_hash, issued_by, expires_at, \
        revoked_at, asked_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, NULL, NULL, $7)";
    FIND_LINK = linked!("WHERE l.secret_hash = $1");
    LINKS_OF_SESSION = linked!("JOIN candidate_grants g ON g.link_id = l.id \
        WHERE g.session_id = $1 ORDER BY g.created_at DESC, l.id DESC");
    LIVE_LINKS = "SELECT id FROM chat_links WHERE organization_id = $1 AND conversation_id = $2 AND revoked_at IS NULL";
    LINK_IS_GOOD = "SELECT l.id FROM chat_links l JOIN organizations o ON o.id = l.organization_id \
        WHERE l.organization_id = $1 AND l.id = $2 AND l.revoked_at IS NULL AND l.expires_at > $3 \
        AND o.suspended_at IS NULL";
    REVOKE_LINKS = "UPDATE chat_links SET revoked_at = $3 \
        WHERE organization_id = $1 AND conversation_id = $2 AND revoked_at IS NULL";
    MOVE_EXPIRY = "UPDATE chat_links SET expires_at = $2 WHERE id = $1 AND expires_at < $2 AND revoked_at IS NULL";
    ASKED = "UPDATE chat_links SET asked_at = $2 WHERE id = $1";
    SYSTEM_NOTE_SEQ = "UPDATE conversations SET last_note_seq = last_note_seq + 1 \
        WHERE organization_id = $1 AND id = $2 RETURNING last_note_seq, last_seq";
    SYSTEM_NOTE = "INSERT INTO notes (id, organization_id, conversation_id, seq, after_seq, author_kind, author_id, \
        author_name, body, client_id, created_at) VALUES ($1, $2, $3, $4, $5, 'system', $6, 'Hearback', $7, $1, $8)";
}

#[derive(FromRow)]
struct LinkedRow {
    #[sqlx(flatten)]
    organization: OrganizationRow,
    link_id: LinkId,
    conversation_id: ConversationId,
    issued_by: Name,
    expires_at: Timestamp,
    link_revoked_at: Option<Timestamp>,
    asked_at: Option<Timestamp>,
    link_created_at: Timestamp,
    project_id: ProjectId,
    project_name: Name,
    project_status: ProjectStatus,
    candidate_id: CandidateId,
    candidate_name: Name,
}

/// A link and where it leads.
#[derive(Clone, Debug)]
pub struct Linked {
    /// The link.
    pub link: ChatLink,
    /// Who made it.
    pub issued_by: Name,
    /// When the candidate last asked for a new one.
    pub asked_at: Option<Timestamp>,
    /// The organization, suspended or not.
    pub organization: Organization,
    /// The project.
    pub project: ProjectId,
    /// The project's name.
    pub project_name: Name,
    /// Whether the project takes messages.
    pub project_status: ProjectStatus,
    /// The candidate.
    pub candidate: CandidateId,
    /// The candidate's name.
    pub candidate_name: Name,
}

impl From<LinkedRow> for Linked {
    fn from(row: LinkedRow) -> Self {
        let organization = Organization::from(row.organization);
        let link = ChatLink {
            id: row.link_id,
            organization: organization.id,
            conversation: row.conversation_id,
            expires_at: row.expires_at,
            revoked_at: row.link_revoked_at,
            created_at: row.link_created_at,
        };
        Self {
            link,
            issued_by: row.issued_by,
            asked_at: row.asked_at,
            organization,
            project: row.project_id,
            project_name: row.project_name,
            project_status: row.project_status,
            candidate: row.candidate_id,
            candidate_name: row.candidate_name,
        }
    }
}

/// Writes a new link.
///
/// # Errors
/// The store cannot be written.
pub async fn insert(conn: &mut Conn, link: &ChatLink, secret: SecretHash, issued_by: &Name) -> Result<(), StoreError> {
    let by = issued_by.clone();
    let ChatLink { id, organization, conversation, expires_at, created_at, .. } = *link;
    execute!(conn, INSERT_LINK, id, organization, conversation, secret, by, expires_at, created_at).map(drop)
}

/// Finds a link by its secret, dead or alive.
///
/// # Errors
/// The store cannot be read.
pub async fn find(conn: &mut Conn, secret: SecretHash) -> Result<Option<Linked>, StoreError> {
    let row: Option<LinkedRow> = fetch_optional!(conn, FIND_LINK, secret)?;
    Ok(row.map(Into::into))
}

/// The links by which a candidate's browser came in, dead or alive, last used first.
///
/// # Errors
/// The store cannot be read.
pub async fn of_session(conn: &mut Conn, session: CandidateSessionId) -> Result<Vec<Linked>, StoreError> {
    let rows: Vec<LinkedRow> = fetch_all!(conn, LINKS_OF_SESSION, session)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The links of a conversation that nobody has revoked.
///
/// # Errors
/// The store cannot be read.
pub async fn live(
    conn: &mut Conn,
    organization: OrganizationId,
    conversation: ConversationId,
) -> Result<Vec<LinkId>, StoreError> {
    let rows: Vec<(LinkId,)> = fetch_all!(conn, LIVE_LINKS, organization, conversation)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Whether a link still opens its conversation.
///
/// # Errors
/// The store cannot be read.
pub async fn is_good(
    conn: &mut Conn,
    organization: OrganizationId,
    id: LinkId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let row: Option<(LinkId,)> = fetch_optional!(conn, LINK_IS_GOOD, organization, id, now)?;
    Ok(row.is_some())
}

/// Ends all links of a conversation.
///
/// # Errors
/// The store cannot be written.
pub async fn revoke(
    conn: &mut Conn,
    organization: OrganizationId,
    conversation: ConversationId,
    now: Timestamp,
) -> Result<(), StoreError> {
    execute!(conn, REVOKE_LINKS, organization, conversation, now).map(drop)
}

/// Moves a link's end on.
///
/// # Errors
/// The store cannot be written.
pub async fn move_expiry(conn: &mut Conn, id: LinkId, expires_at: Timestamp) -> Result<(), StoreError> {
    execute!(conn, MOVE_EXPIRY, id, expires_at).map(drop)
}

/// Keeps that the candidate has asked for a new link.
///
/// # Errors
/// The store cannot be written.
pub async fn asked(conn: &mut Conn, id: LinkId, now: Timestamp) -> Result<(), StoreError> {
    execute!(conn, ASKED, id, now).map(drop)
}

/// Writes a note of Hearback's own and gives its `seq`.
///
/// # Errors
/// The store cannot be written.
pub async fn system_note(
    conn: &mut Conn,
    organization: OrganizationId,
    conversation: ConversationId,
    id: NoteId,
    body: &str,
    now: Timestamp,
) -> Result<i64, StoreError> {
    let row: Option<(i64, i64)> = fetch_optional!(conn, SYSTEM_NOTE_SEQ, organization, conversation)?;
    let (seq, after) = row.ok_or(StoreError::Damaged("link without a conversation"))?;
    let nobody = uuid::Uuid::nil();
    execute!(conn, SYSTEM_NOTE, id, organization, conversation, seq, after, nobody, body, now)?;
    Ok(seq)
}
