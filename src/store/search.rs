//! Full-text search: FTS5 on SQLite, `tsvector` on PostgreSQL. The terms are made by [`crate::domain::words`] for both.

mod index;

use sqlx::FromRow;

pub use self::index::{any_unindexed, index};
use super::{
    backend::{Conn, Engine},
    error::StoreError,
    projects::readable,
    statement::{Statement, fetch_all, statements},
};
use crate::domain::{
    ids::{ConversationId, OrganizationId, ProjectId, UserId},
    text::Name,
    time::Timestamp,
    words::{Query, Reach, Term},
};

/// The columns of a match in a conversation.
macro_rules! in_conversation {
    () => {
        "SELECT c.id AS conversation, c.project_id AS project, p.name AS project_name, k.name AS candidate, m.seq, \
         m.author_name AS author, m.body AS text, m.created_at AS at FROM "
    };
}

/// The announcements that match, newest first, as [`stream`].
macro_rules! announced {
    ($id:literal, $from:literal, $matches:literal, $order:literal) => {
        concat!(
            "SELECT CAST(NULL AS ",
            $id,
            ") AS conversation, p.id AS project, p.name AS project_name, CAST(NULL AS TEXT) AS candidate, m.seq, \
             m.author_name AS author, m.body AS text, m.created_at AS at FROM ",
            $from,
            " WHERE m.organization_id = $1 AND ",
            readable!(),
            " AND ",
            $matches,
            " ORDER BY ",
            $order,
            " LIMIT $4"
        )
    };
}

/// The rows of a stream `m` that match, newest first. FTS5 gives them in the order of their rows, which is the order in
/// which they were written, and no more of them than are shown.
macro_rules! stream {
    (sqlite $table:literal, $also:literal) => {
        concat!(
            in_conversation!(),
            $table,
            "_search s CROSS JOIN ",
            $table,
            " m CROSS JOIN conversations c CROSS JOIN projects p CROSS JOIN candidates k WHERE ",
            $table,
            "_search MATCH $3 AND m.row = s.rowid AND c.id = m.conversation_id AND p.id = c.project_id \
             AND k.id = c.candidate_id AND m.organization_id = $1 AND ",
            $also,
            readable!(),
            " ORDER BY s.rowid DESC LIMIT $4"
        )
    };
    (postgres $table:literal, $also:literal) => {
        concat!(
            in_conversation!(),
            $table,
            " m JOIN conversations c ON c.id = m.conversation_id JOIN projects p ON p.id = c.project_id \
             JOIN candidates k ON k.id = c.candidate_id WHERE m.organization_id = $1 AND ",
            $also,
            readable!(),
            " AND m.search @@ CAST($3 AS TSQUERY) ORDER BY m.created_at DESC, m.id DESC LIMIT $4"
        )
    };
}

macro_rules! people {
    ($matches:literal) => {
        concat!(
            "SELECT c.id AS conversation, c.project_id AS project, p.name AS project_name, k.name AS candidate, \
             CAST(0 AS BIGINT) AS seq, k.name AS author, k.name || COALESCE(' · ' || k.email, '') \
             || COALESCE(' · ' || k.phone, '') || COALESCE(' · ' || k.external_id, '') AS text, c.created_at AS at \
             FROM candidates k JOIN conversations c ON c.candidate_id = k.id JOIN projects p ON p.id = c.project_id \
             WHERE k.organization_id = $1 AND ",
            readable!(),
            " AND ",
            $matches,
            " ORDER BY k.name, c.id DESC LIMIT $4"
        )
    };
}

statements! {
    SEARCH_MESSAGES = stream!(sqlite "messages", "m.deleted_at IS NULL AND "),
        postgres stream!(postgres "messages", "m.deleted_at IS NULL AND ");
    SEARCH_NOTES = stream!(sqlite "notes", ""), postgres stream!(postgres "notes", "");
    SEARCH_ANNOUNCEMENTS = announced!("BLOB", "announcements_search s CROSS JOIN announcements m CROSS JOIN projects p",
            "announcements_search MATCH $3 AND m.row = s.rowid AND p.id = m.project_id", "s.rowid DESC"),
        postgres announced!("UUID", "announcements m JOIN projects p ON p.id = m.project_id",
            "m.search @@ CAST($3 AS TSQUERY)", "m.created_at DESC, m.id DESC");
    SEARCH_CANDIDATES = people!("k.row IN (SELECT rowid FROM candidates_search WHERE candidates_search MATCH $3)"),
        postgres people!("k.search @@ CAST($3 AS TSQUERY)");
}

/// This module's statements for filling the index.
pub const INDEX_STATEMENTS: &[Statement] = index::STATEMENTS;

/// Something that matches.
#[derive(Clone, Debug, FromRow)]
pub struct Found {
    /// The conversation that it leads to; announcements have none.
    pub conversation: Option<ConversationId>,
    /// Its project.
    pub project: ProjectId,
    /// The project's name.
    pub project_name: Name,
    /// The candidate, if it leads to a conversation.
    pub candidate: Option<Name>,
    /// The message's, note's or announcement's `seq`; 0 for a candidate.
    pub seq: i64,
    /// Who wrote it.
    pub author: Name,
    /// The text that matches.
    pub text: String,
    /// When it was written.
    pub at: Timestamp,
}

/// What is searched.
#[derive(Clone, Copy, Debug)]
pub enum Place {
    /// Messages.
    Messages,
    /// Notes.
    Notes,
    /// Announcements.
    Announcements,
    /// Candidates' names, addresses, telephone numbers and external ids.
    Candidates,
}

impl Place {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Messages, Self::Notes, Self::Announcements, Self::Candidates];
}

/// Finds what a query asks for. On SQLite the last word may be only begun where too little has it whole: a whole word's rows
/// come in their order, and those of all words that begin so have to be sorted first. PostgreSQL sorts either, and takes
/// begun ones at once.
///
/// # Errors
/// The store cannot be read.
pub async fn find(
    conn: &mut Conn,
    place: Place,
    organization: OrganizationId,
    user: Option<UserId>,
    query: &Query,
    limit: i64,
) -> Result<Vec<Found>, StoreError> {
    let statement = match place {
        Place::Messages => SEARCH_MESSAGES,
        Place::Notes => SEARCH_NOTES,
        Place::Announcements => SEARCH_ANNOUNCEMENTS,
        Place::Candidates => SEARCH_CANDIDATES,
    };
    let begun = match conn.engine() {
        Engine::Sqlite(_) => {
            let whole = expression(query, " AND ", " OR ", |term| fts5(term, Reach::Start));
            let begun = expression(query, " AND ", " OR ", |term| fts5(term, Reach::WholeThenStart));
            let found: Vec<Found> = fetch_all!(conn, statement, organization, user, whole.as_str(), limit)?;
            if found.len() as u64 >= limit.unsigned_abs() || whole == begun {
                return Ok(found);
            }
            begun
        }
        Engine::Postgres(_) => expression(query, " & ", " | ", tsquery),
    };
    fetch_all!(conn, statement, organization, user, begun.as_str(), limit)
}

/// A query in an engine's own words.
fn expression(query: &Query, and: &str, or: &str, term: impl Fn(&Term) -> String) -> String {
    let way = |way: &Vec<Term>| format!("({})", way.iter().map(&term).collect::<Vec<_>>().join(and));
    let groups = query.groups.iter().map(|group| group.ways.iter().map(way).collect::<Vec<_>>().join(or));
    groups.map(|group| format!("({group})")).collect::<Vec<_>>().join(and)
}

/// A term for FTS5; what reaches so far, or less, may be only begun.
fn fts5(Term { text, reach }: &Term, begun: Reach) -> String {
    let is_begun = *reach == Reach::Start || *reach == begun;
    format!("\"{text}\"{}", if is_begun { "*" } else { "" })
}

fn tsquery(Term { text, reach }: &Term) -> String {
    format!("'{text}'{}", if *reach == Reach::Whole { "" } else { ":*" })
}
