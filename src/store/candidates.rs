//! Candidates, and the conversations they begin with.

use serde::Serialize;
use sqlx::FromRow;

use super::{
    backend::Conn,
    error::StoreError,
    projects::readable,
    statement::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    candidate::{Candidate, Profile},
    conversation::ConversationStatus,
    ids::{CandidateId, ConversationId, LinkId, OrganizationId, ProjectId, UserId},
    message::{AuthorKind, MessageKind},
    text::Name,
    time::Timestamp,
    user::Email,
};

macro_rules! candidate_columns {
    () => {
        "k.id, k.organization_id, k.name, k.email, k.phone, k.locale, k.time_zone, k.external_id, k.created_at"
    };
}

statements! {
    INSERT_CANDIDATE = "INSERT INTO candidates \
        (id, organization_id, name, email, phone, locale, time_zone, external_id, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    UPDATE_CANDIDATE = "UPDATE candidates SET name = $3, email = $4, phone = $5, locale = $6, time_zone = $7, \
        external_id = $8 WHERE organization_id = $1 AND id = $2";
    DELETE_CANDIDATE = "DELETE FROM candidates WHERE organization_id = $1 AND id = $2";
    FIND_CANDIDATE = concat!("SELECT ", candidate_columns!(), " FROM candidates k \
        WHERE k.organization_id = $1 AND k.id = $3 AND EXISTS (SELECT 1 FROM conversations c \
        JOIN projects p ON p.id = c.project_id WHERE c.candidate_id = k.id AND ", readable!(), ")");
    // Who may be the same person again; whether the names are the same is not for SQL to say.
    MATCH_CANDIDATES = concat!("SELECT ", candidate_columns!(), " FROM candidates k WHERE k.organization_id = $1 \
        AND (k.external_id = $3 OR k.email = $4) \
        AND EXISTS (SELECT 1 FROM conversations c JOIN projects p ON p.id = c.project_id \
        WHERE c.candidate_id = k.id AND ", readable!(), ") ORDER BY k.id");
    PROJECTS_OF_ADDRESS = concat!("SELECT k.name, p.name AS project_name FROM candidates k \
        JOIN conversations c ON c.candidate_id = k.id JOIN projects p ON p.id = c.project_id \
        WHERE k.organization_id = $1 AND ", readable!(), " AND k.email = $3 AND p.id <> $4 ORDER BY c.id LIMIT 3");
    FIND_CONVERSATION_OF = "SELECT id FROM conversations WHERE project_id = $1 AND candidate_id = $2";
    INSERT_CONVERSATION = "INSERT INTO conversations (id, organization_id, project_id, candidate_id, status, \
        snooze_until, assignee_id, priority, last_seq, last_note_seq, handled_seq, candidate_read_seq, team_read_seq, \
        last_message_at, created_at) VALUES ($1, $2, $3, $4, 'open', NULL, NULL, 'normal', 0, 0, 0, 0, 0, NULL, $5)";
    CONVERSATIONS_OF = concat!("SELECT c.id, c.project_id, p.name AS project_name, c.status, c.last_message_at \
        FROM conversations c JOIN projects p ON p.id = c.project_id \
        WHERE c.organization_id = $1 AND ", readable!(), " AND c.candidate_id = $3 ORDER BY c.id");
    ALL_CONVERSATIONS_OF = "SELECT id, project_id FROM conversations WHERE organization_id = $1 AND candidate_id = $2";
    MESSAGES_OF_CONVERSATION = "SELECT seq, kind, author_kind, author_name, body, created_at FROM messages \
        WHERE organization_id = $1 AND conversation_id = $2 AND deleted_at IS NULL ORDER BY seq";
    LINKS_OF_CANDIDATE = "SELECT l.id FROM chat_links l JOIN conversations c ON c.id = l.conversation_id \
        WHERE c.organization_id = $1 AND c.candidate_id = $2";
}

#[derive(FromRow)]
struct CandidateRow {
    id: CandidateId,
    organization_id: OrganizationId,
    name: Name,
    email: Option<Email>,
    phone: Option<Name>,
    locale: Option<Name>,
    time_zone: Option<Name>,
    external_id: Option<Name>,
    created_at: Timestamp,
}

impl From<CandidateRow> for Candidate {
    fn from(row: CandidateRow) -> Self {
        Self {
            id: row.id,
            organization: row.organization_id,
            profile: Profile {
                name: row.name,
                email: row.email,
                phone: row.phone,
                locale: row.locale,
                time_zone: row.time_zone,
                external_id: row.external_id,
            },
            created_at: row.created_at,
        }
    }
}

/// A conversation of a candidate in a word.
#[derive(Clone, Debug, FromRow, Serialize)]
pub struct ConversationOf {
    /// The conversation.
    pub id: ConversationId,
    /// Its project.
    pub project_id: ProjectId,
    /// The project's name.
    pub project_name: Name,
    /// Where it stands.
    pub status: ConversationStatus,
    /// When the last message was posted.
    pub last_message_at: Option<Timestamp>,
}

/// A message as it is handed out to its candidate.
#[derive(Clone, Debug, FromRow, Serialize)]
pub struct ExportedMessage {
    /// Its position.
    pub seq: i64,
    /// What kind.
    pub kind: MessageKind,
    /// What kind of author.
    pub author_kind: AuthorKind,
    /// The author's name.
    pub author_name: Name,
    /// The text.
    pub body: String,
    /// When it was committed.
    pub created_at: Timestamp,
}

/// Every message of a conversation.
///
/// # Errors
/// The store cannot be read.
pub async fn messages(
    conn: &mut Conn,
    organization: OrganizationId,
    conversation: ConversationId,
) -> Result<Vec<ExportedMessage>, StoreError> {
    fetch_all!(conn, MESSAGES_OF_CONVERSATION, organization, conversation)
}

/// Writes a new candidate.
///
/// # Errors
/// The store cannot be written.
pub async fn insert(conn: &mut Conn, new: &Candidate) -> Result<(), StoreError> {
    let Profile { name, email, phone, locale, time_zone, external_id } = new.profile.clone();
    let (id, organization) = (new.id, new.organization);
    execute!(
        conn,
        INSERT_CANDIDATE,
        id,
        organization,
        name,
        email,
        phone,
        locale,
        time_zone,
        external_id,
        new.created_at
    )
    .map(drop)
}

/// Writes what is known of a candidate anew.
///
/// # Errors
/// The store cannot be written.
pub async fn update(
    conn: &mut Conn,
    organization: OrganizationId,
    id: CandidateId,
    profile: &Profile,
) -> Result<(), StoreError> {
    let Profile { name, email, phone, locale, time_zone, external_id } = profile.clone();
    execute!(conn, UPDATE_CANDIDATE, organization, id, name, email, phone, locale, time_zone, external_id).map(drop)
}

/// Takes a candidate away with all conversations.
///
/// # Errors
/// The store cannot be written.
pub async fn delete(conn: &mut Conn, organization: OrganizationId, id: CandidateId) -> Result<(), StoreError> {
    execute!(conn, DELETE_CANDIDATE, organization, id).map(drop)
}

/// Finds a candidate with a conversation that the user (`None`: an API token) reads.
///
/// # Errors
/// The store cannot be read.
pub async fn find(
    conn: &mut Conn,
    organization: OrganizationId,
    user: Option<UserId>,
    id: CandidateId,
) -> Result<Option<Candidate>, StoreError> {
    let row: Option<CandidateRow> = fetch_optional!(conn, FIND_CANDIDATE, organization, user, id)?;
    Ok(row.map(Into::into))
}

/// Finds the same person among the candidates whom the user reads.
///
/// # Errors
/// The store cannot be read.
pub async fn find_same(
    conn: &mut Conn,
    organization: OrganizationId,
    user: Option<UserId>,
    profile: &Profile,
) -> Result<Option<Candidate>, StoreError> {
    if profile.external_id.is_none() && profile.email.is_none() {
        return Ok(None);
    }
    let (external, email) = (profile.external_id.clone(), profile.email.clone());
    let rows: Vec<CandidateRow> = fetch_all!(conn, MATCH_CANDIDATES, organization, user, external, email)?;
    Ok(rows.into_iter().map(Candidate::from).find(|known| known.profile.is_same_person(profile)))
}

/// Candidates with that address in other projects that the user reads: their name and the project's, at most three.
///
/// # Errors
/// The store cannot be read.
pub async fn projects_of_address(
    conn: &mut Conn,
    organization: OrganizationId,
    user: Option<UserId>,
    email: &Email,
    but: ProjectId,
) -> Result<Vec<(Name, Name)>, StoreError> {
    fetch_all!(conn, PROJECTS_OF_ADDRESS, organization, user, email.clone(), but)
}

/// The conversation of a candidate in a project.
///
/// # Errors
/// The store cannot be read.
pub async fn conversation_in(
    conn: &mut Conn,
    project: ProjectId,
    candidate: CandidateId,
) -> Result<Option<ConversationId>, StoreError> {
    let row: Option<(ConversationId,)> = fetch_optional!(conn, FIND_CONVERSATION_OF, project, candidate)?;
    Ok(row.map(|(id,)| id))
}

/// Writes a candidate's conversation in a project, open and empty.
///
/// # Errors
/// The store cannot be written.
pub async fn insert_conversation(
    conn: &mut Conn,
    organization: OrganizationId,
    id: ConversationId,
    project: ProjectId,
    candidate: CandidateId,
    now: Timestamp,
) -> Result<(), StoreError> {
    execute!(conn, INSERT_CONVERSATION, id, organization, project, candidate, now).map(drop)
}

/// The conversations of a candidate that the user (`None`: an API token) reads.
///
/// # Errors
/// The store cannot be read.
pub async fn conversations(
    conn: &mut Conn,
    organization: OrganizationId,
    user: Option<UserId>,
    candidate: CandidateId,
) -> Result<Vec<ConversationOf>, StoreError> {
    fetch_all!(conn, CONVERSATIONS_OF, organization, user, candidate)
}

/// All conversations of a candidate with their projects, read or not.
///
/// # Errors
/// The store cannot be read.
pub async fn all_conversations(
    conn: &mut Conn,
    organization: OrganizationId,
    candidate: CandidateId,
) -> Result<Vec<(ConversationId, ProjectId)>, StoreError> {
    fetch_all!(conn, ALL_CONVERSATIONS_OF, organization, candidate)
}

/// All chat links of a candidate.
///
/// # Errors
/// The store cannot be read.
pub async fn links(
    conn: &mut Conn,
    organization: OrganizationId,
    candidate: CandidateId,
) -> Result<Vec<LinkId>, StoreError> {
    let rows: Vec<(LinkId,)> = fetch_all!(conn, LINKS_OF_CANDIDATE, organization, candidate)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}
