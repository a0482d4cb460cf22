//! Full-text search: FTS5 on SQLite, `tsvector` on PostgreSQL.

use sqlx::FromRow;

use super::{
    backend::{Conn, Engine},
    error::StoreError,
    projects::readable,
    statement::{Statement, execute, fetch_all, fetch_one, statements},
};
use crate::domain::{
    ids::{ConversationId, OrganizationId, ProjectId, UserId},
    text::Name,
    time::Timestamp,
};

/// The rows of a stream `m` that match, newest first. FTS5 gives them in the order of their rows, which is the order in
/// which they were written, and no more of them than are shown.
macro_rules! indexed {
    ($table:literal, $also:literal) => {
        concat!(
            "SELECT c.id AS conversation, c.project_id AS project, p.name AS project_name, k.name AS candidate, m.seq, \
             m.author_name AS author, m.body AS text, m.created_at AS at FROM ",
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
}

/// The same, without an index that gives them in their order.
macro_rules! stream {
    ($table:literal, $also:literal, $matches:literal) => {
        concat!(
            "SELECT c.id AS conversation, c.project_id AS project, p.name AS project_name, k.name AS candidate, m.seq, \
             m.author_name AS author, m.body AS text, m.created_at AS at FROM ",
            $table,
            " m JOIN conversations c ON c.id = m.conversation_id JOIN projects p ON p.id = c.project_id \
             JOIN candidates k ON k.id = c.candidate_id WHERE m.organization_id = $1 AND ",
            readable!(),
            " AND ",
            $also,
            $matches,
            " ORDER BY m.created_at DESC, m.id DESC LIMIT $4"
        )
    };
}

macro_rules! people {
    ($matches:literal) => {
        concat!(
            "SELECT c.id AS conversation, c.project_id AS project, p.name AS project_name, k.name AS candidate, \
             CAST(0 AS BIGINT) AS seq, k.name AS author, k.name || COALESCE(' · ' || k.email, '') AS text, \
             c.created_at AS at \
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
    SEARCH_MESSAGES = indexed!("messages", "m.deleted_at IS NULL AND "),
        postgres stream!("messages", "m.deleted_at IS NULL AND ",
            "to_tsvector('simple', without_accents(m.body)) @@ to_tsquery('simple', without_accents($3))");
    SEARCH_NOTES = indexed!("notes", ""),
        postgres stream!("notes", "", "to_tsvector('simple', without_accents(m.body)) @@ to_tsquery('simple', without_accents($3))");
    // PostgreSQL keeps an e-mail address as one word; its parts are to be found too.
    SEARCH_CANDIDATES = people!("k.row IN (SELECT rowid FROM candidates_search WHERE candidates_search MATCH $3)"),
        postgres people!("(to_tsvector('simple', without_accents(k.name || ' ' || coalesce(k.email, ''))) \
            @@ to_tsquery('simple', without_accents($3)) OR to_tsvector('simple', without_accents(k.name || ' ' || \
            translate(coalesce(k.email, ''), '@.-_+', '     '))) @@ to_tsquery('simple', without_accents($3)))");
}

// SQLite's own; PostgreSQL's index takes a message in as it is written. Not in the list, since PostgreSQL has nothing to
// prepare for them.
const ANY_UNINDEXED: Statement = Statement {
    name: "ANY_UNINDEXED",
    sqlite: "SELECT EXISTS (SELECT 1 FROM messages WHERE row > (SELECT row FROM messages_indexed))",
    postgres: "SELECT FALSE",
};
const INDEX_MESSAGES: Statement = Statement {
    name: "INDEX_MESSAGES",
    sqlite: "INSERT INTO messages_search (rowid, body) SELECT row, body FROM messages \
        WHERE row > (SELECT row FROM messages_indexed) ORDER BY row LIMIT $1",
    postgres: "SELECT 1",
};
const SET_INDEXED: Statement = Statement {
    name: "SET_INDEXED",
    sqlite: "UPDATE messages_indexed SET row = (SELECT COALESCE(MAX(m.row), messages_indexed.row) FROM \
        (SELECT row FROM messages WHERE row > messages_indexed.row ORDER BY row LIMIT $1) AS m)",
    postgres: "SELECT 1",
};

/// Something that matches.
#[derive(Clone, Debug, FromRow)]
pub struct Found {
    /// The conversation that it leads to.
    pub conversation: ConversationId,
    /// Its project.
    pub project: ProjectId,
    /// The project's name.
    pub project_name: Name,
    /// The candidate.
    pub candidate: Name,
    /// The message's or note's `seq`; 0 for a candidate.
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
    /// Candidates' names and addresses.
    Candidates,
}

/// Finds what has all words. On SQLite the last may be only begun where too little has it whole: a whole word's rows come
/// in their order, and those of all words that begin so have to be put into it first. PostgreSQL sorts either, and takes
/// begun ones at once. Words are letters and digits, so that they are no syntax of either engine.
///
/// # Errors
/// The store cannot be read.
pub async fn find(
    conn: &mut Conn,
    place: Place,
    organization: OrganizationId,
    user: Option<UserId>,
    words: &[String],
    limit: i64,
) -> Result<Vec<Found>, StoreError> {
    let statement = match place {
        Place::Messages => SEARCH_MESSAGES,
        Place::Notes => SEARCH_NOTES,
        Place::Candidates => SEARCH_CANDIDATES,
    };
    let begun = match conn.engine() {
        Engine::Sqlite(_) => {
            let whole = words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" ");
            let found: Vec<Found> = fetch_all!(conn, statement, organization, user, whole.as_str(), limit)?;
            if found.len() as u64 >= limit.unsigned_abs() {
                return Ok(found);
            }
            whole + "*"
        }
        Engine::Postgres(_) => words.join(" & ") + ":*",
    };
    fetch_all!(conn, statement, organization, user, begun.as_str(), limit)
}

/// Whether messages wait to be put into the index.
///
/// # Errors
/// The store cannot be read.
pub async fn any_unindexed(conn: &mut Conn) -> Result<bool, StoreError> {
    let (any,): (bool,) = fetch_one!(conn, ANY_UNINDEXED)?;
    Ok(any)
}

/// Puts the next messages into the index, at most so many; gives how many there were.
///
/// # Errors
/// The store cannot be written.
pub async fn index_messages(conn: &mut Conn, at_most: i64) -> Result<u64, StoreError> {
    if let Engine::Postgres(_) = conn.engine() {
        return Ok(0);
    }
    let count = execute!(conn, INDEX_MESSAGES, at_most)?;
    execute!(conn, SET_INDEXED, at_most)?;
    Ok(count)
}
