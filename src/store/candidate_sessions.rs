//! Candidates' browsers, each with the chat links that opened it.

use sqlx::FromRow;

use super::{
    backend::Conn,
    error::StoreError,
    statement::{execute, fetch_optional, statements},
};
use crate::domain::{
    ids::{CandidateSessionId, LinkId},
    link::SecretHash,
    time::Timestamp,
};

statements! {
    INSERT_CANDIDATE_SESSION = "INSERT INTO candidate_sessions (id, secret_hash, created_at, last_seen_at, ends_at) \
        VALUES ($1, $2, $3, $3, $4)";
    FIND_CANDIDATE_SESSION = "SELECT id, ends_at FROM candidate_sessions WHERE secret_hash = $1";
    RENEW_CANDIDATE_SESSION = "UPDATE candidate_sessions SET secret_hash = $2 WHERE id = $1";
    DELETE_CANDIDATE_SESSION = "DELETE FROM candidate_sessions WHERE id = $1";
    DELETE_ENDED_CANDIDATE_SESSIONS = "DELETE FROM candidate_sessions WHERE ends_at <= $1";
    DELETE_DEAD_CANDIDATE_SESSIONS = "DELETE FROM candidate_sessions WHERE NOT EXISTS (SELECT 1 \
        FROM candidate_grants g JOIN chat_links l ON l.id = g.link_id WHERE g.session_id = candidate_sessions.id \
        AND l.expires_at > $1 AND (l.revoked_at IS NULL OR l.revoked_at > $1))";
    GRANT = "INSERT INTO candidate_grants (session_id, link_id, created_at) VALUES ($1, $2, $3) \
        ON CONFLICT (session_id, link_id) DO UPDATE SET created_at = excluded.created_at";
    GRANT_IS_GOOD = "SELECT g.link_id FROM candidate_grants g JOIN candidate_sessions s ON s.id = g.session_id \
        WHERE g.session_id = $1 AND g.link_id = $2 AND (s.ends_at IS NULL OR s.ends_at > $3)";
    DELETE_GRANT = "DELETE FROM candidate_grants WHERE session_id = $1 AND link_id = $2";
}

/// One browser of a candidate.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct CandidateSession {
    /// Its id.
    pub id: CandidateSessionId,
    /// When it ends by itself; `None` lasts as long as its links.
    pub ends_at: Option<Timestamp>,
}

impl CandidateSession {
    /// Whether it has not ended by itself.
    #[must_use]
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.ends_at.is_none_or(|end| end > now)
    }
}

/// Finds a browser by its cookie's secret, ended or not.
///
/// # Errors
/// The store cannot be read.
pub async fn find(conn: &mut Conn, secret: SecretHash) -> Result<Option<CandidateSession>, StoreError> {
    fetch_optional!(conn, FIND_CANDIDATE_SESSION, secret)
}

/// Writes a new browser.
///
/// # Errors
/// The store cannot be written.
pub async fn insert(
    conn: &mut Conn,
    session: CandidateSession,
    secret: SecretHash,
    now: Timestamp,
) -> Result<(), StoreError> {
    execute!(conn, INSERT_CANDIDATE_SESSION, session.id, secret, now, session.ends_at).map(drop)
}

/// Gives a browser another secret.
///
/// # Errors
/// The store cannot be written.
pub async fn renew(conn: &mut Conn, id: CandidateSessionId, secret: SecretHash) -> Result<(), StoreError> {
    execute!(conn, RENEW_CANDIDATE_SESSION, id, secret).map(drop)
}

/// Opens a link's conversation to a browser.
///
/// # Errors
/// The store cannot be written.
pub async fn grant(
    conn: &mut Conn,
    session: CandidateSessionId,
    link: LinkId,
    now: Timestamp,
) -> Result<(), StoreError> {
    execute!(conn, GRANT, session, link, now).map(drop)
}

/// Whether a link still opens its conversation to a browser.
///
/// # Errors
/// The store cannot be read.
pub async fn grant_is_good(
    conn: &mut Conn,
    session: CandidateSessionId,
    link: LinkId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let found: Option<(LinkId,)> = fetch_optional!(conn, GRANT_IS_GOOD, session, link, now)?;
    Ok(found.is_some())
}

/// Takes a link back from a browser.
///
/// # Errors
/// The store cannot be written.
pub async fn delete_grant(conn: &mut Conn, session: CandidateSessionId, link: LinkId) -> Result<(), StoreError> {
    execute!(conn, DELETE_GRANT, session, link).map(drop)
}

/// Ends a browser's session with all its grants.
///
/// # Errors
/// The store cannot be written.
pub async fn delete(conn: &mut Conn, session: CandidateSessionId) -> Result<(), StoreError> {
    execute!(conn, DELETE_CANDIDATE_SESSION, session).map(drop)
}

/// Takes away the browsers whose links were all dead before `dead_before`, and those that have ended by themselves.
///
/// # Errors
/// The store cannot be written.
pub async fn delete_old(conn: &mut Conn, dead_before: Timestamp, now: Timestamp) -> Result<u64, StoreError> {
    let ended = execute!(conn, DELETE_ENDED_CANDIDATE_SESSIONS, now)?;
    Ok(ended + execute!(conn, DELETE_DEAD_CANDIDATE_SESSIONS, dead_before)?)
}
