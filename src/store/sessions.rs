//! Sessions of signed-in users.

use sqlx::FromRow;

use super::{
    backend::Conn,
    error::StoreError,
    statement::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    ids::{SessionId, UserId},
    link::SecretHash,
    session::Session,
    text::Name,
    time::Timestamp,
    user::Email,
};

statements! {
    INSERT_SESSION = "INSERT INTO sessions (id, user_id, secret_hash, user_agent, created_at, last_seen_at) \
        VALUES ($1, $2, $3, $4, $5, $5)";
    FIND_SESSION = "SELECT id, user_id, user_agent, created_at, last_seen_at FROM sessions WHERE secret_hash = $1";
    FIND_SESSION_BY_ID = "SELECT id, user_id, user_agent, created_at, last_seen_at FROM sessions WHERE id = $1";
    SESSIONS_OF = "SELECT id, user_id, user_agent, created_at, last_seen_at FROM sessions \
        WHERE user_id = $1 ORDER BY last_seen_at DESC, id";
    ALL_SESSIONS = "SELECT s.id, s.user_id, s.user_agent, s.created_at, s.last_seen_at, u.name, u.email \
        FROM sessions s JOIN users u ON u.id = s.user_id ORDER BY s.last_seen_at DESC, s.id LIMIT 500";
    TOUCH_SESSION = "UPDATE sessions SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2";
    DELETE_SESSION = "DELETE FROM sessions WHERE id = $1";
    DELETE_SESSIONS_OF = "DELETE FROM sessions WHERE user_id = $1";
    DELETE_ALL_OLD_SESSIONS = "DELETE FROM sessions WHERE last_seen_at < $1 OR created_at < $2";
    DELETE_OLD_SESSIONS = "DELETE FROM sessions WHERE user_id = $1 AND (last_seen_at < $2 OR created_at < $3)";
}

#[derive(FromRow)]
struct SessionRow {
    id: SessionId,
    user_id: UserId,
    user_agent: String,
    created_at: Timestamp,
    last_seen_at: Timestamp,
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        Self {
            id: row.id,
            user: row.user_id,
            created_at: row.created_at,
            last_seen_at: row.last_seen_at,
            user_agent: row.user_agent,
        }
    }
}

#[derive(FromRow)]
struct NamedSessionRow {
    #[sqlx(flatten)]
    session: SessionRow,
    name: Name,
    email: Email,
}

/// Writes a new one.
///
/// # Errors
/// The store cannot be written.
pub async fn insert(conn: &mut Conn, session: &Session, secret: SecretHash) -> Result<(), StoreError> {
    let agent = session.user_agent.as_str();
    execute!(conn, INSERT_SESSION, session.id, session.user, secret, agent, session.created_at).map(drop)
}

/// Finds one by its secret, whatever its age.
///
/// # Errors
/// The store cannot be read.
pub async fn find(conn: &mut Conn, secret: SecretHash) -> Result<Option<Session>, StoreError> {
    let row: Option<SessionRow> = fetch_optional!(conn, FIND_SESSION, secret)?;
    Ok(row.map(Into::into))
}

/// Finds one by its id, whatever its age.
///
/// # Errors
/// The store cannot be read.
pub async fn find_by_id(conn: &mut Conn, id: SessionId) -> Result<Option<Session>, StoreError> {
    let row: Option<SessionRow> = fetch_optional!(conn, FIND_SESSION_BY_ID, id)?;
    Ok(row.map(Into::into))
}

/// Those of one user, last used first.
///
/// # Errors
/// The store cannot be read.
pub async fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<Session>, StoreError> {
    let rows: Vec<SessionRow> = fetch_all!(conn, SESSIONS_OF, user)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The 500 last used of everybody, with name and address.
///
/// # Errors
/// The store cannot be read.
pub async fn all(conn: &mut Conn) -> Result<Vec<(Session, Name, Email)>, StoreError> {
    let rows: Vec<NamedSessionRow> = fetch_all!(conn, ALL_SESSIONS)?;
    Ok(rows.into_iter().map(|row| (row.session.into(), row.name, row.email)).collect())
}

/// Keeps when it was last used.
///
/// # Errors
/// The store cannot be written.
pub async fn touch(conn: &mut Conn, id: SessionId, now: Timestamp) -> Result<(), StoreError> {
    execute!(conn, TOUCH_SESSION, id, now).map(drop)
}

/// Ends one.
///
/// # Errors
/// The store cannot be written.
pub async fn delete(conn: &mut Conn, id: SessionId) -> Result<(), StoreError> {
    execute!(conn, DELETE_SESSION, id).map(drop)
}

/// Ends all of a user.
///
/// # Errors
/// The store cannot be written.
pub async fn delete_of(conn: &mut Conn, user: UserId) -> Result<(), StoreError> {
    execute!(conn, DELETE_SESSIONS_OF, user).map(drop)
}

/// Takes away those of a user that have run out.
///
/// # Errors
/// The store cannot be written.
pub async fn delete_old(
    conn: &mut Conn,
    user: UserId,
    seen_before: Timestamp,
    created_before: Timestamp,
) -> Result<(), StoreError> {
    execute!(conn, DELETE_OLD_SESSIONS, user, seen_before, created_before).map(drop)
}

/// Takes away those of everybody that have run out.
///
/// # Errors
/// The store cannot be written.
pub async fn delete_all_old(
    conn: &mut Conn,
    seen_before: Timestamp,
    created_before: Timestamp,
) -> Result<u64, StoreError> {
    execute!(conn, DELETE_ALL_OLD_SESSIONS, seen_before, created_before)
}
