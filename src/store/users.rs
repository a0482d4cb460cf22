//! Users and their one-time links.

use sqlx::FromRow;

use super::{
    backend::Conn,
    error::StoreError,
    statement::{execute, fetch_all, fetch_one, fetch_optional, statements},
};
use crate::domain::{
    ids::{OneTimeLinkId, UserId},
    link::SecretHash,
    text::Name,
    time::Timestamp,
    user::{Email, User},
};

/// The columns of [`UserRow`].
macro_rules! columns {
    () => {
        "SELECT id, email, name, password_hash, operator, confirmed_at, removed_at, created_at FROM users "
    };
}

statements! {
    INSERT_USER = "INSERT INTO users (id, email, name, password_hash, operator, confirmed_at, removed_at, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, NULL, $7)";
    FIND_USER = concat!(columns!(), "WHERE id = $1");
    FIND_USERS_BY_EMAIL = concat!(columns!(), "WHERE email = $1 ORDER BY removed_at IS NULL DESC, \
        confirmed_at IS NULL, id");
    LIST_USERS = concat!(columns!(), "ORDER BY email, id");
    LOCK_USER = "UPDATE users SET created_at = created_at WHERE id = $1";
    SET_PASSWORD = "UPDATE users SET password_hash = $2 WHERE id = $1";
    CONFIRM_USER = "UPDATE users SET confirmed_at = $2 WHERE id = $1 AND NOT EXISTS \
        (SELECT 1 FROM users other WHERE other.email = users.email AND other.confirmed_at IS NOT NULL)";
    START_OVER = "UPDATE users SET name = $2, password_hash = $3 WHERE id = $1";
    SET_USER_REMOVED = "UPDATE users SET removed_at = $2 WHERE id = $1";
    COUNT_OPERATORS = "SELECT COUNT(*) FROM users WHERE operator AND removed_at IS NULL";
    INSERT_ONE_TIME_LINK = "INSERT INTO one_time_links (id, secret_hash, user_id, expires_at, used_at, created_at) \
        VALUES ($1, $2, $3, $4, NULL, $5)";
    FIND_ONE_TIME_LINK = "SELECT id, user_id FROM one_time_links \
        WHERE secret_hash = $1 AND used_at IS NULL AND expires_at > $2";
    USE_ONE_TIME_LINK = "UPDATE one_time_links SET used_at = $2 WHERE id = $1 AND used_at IS NULL";
    DROP_DEAD_ONE_TIME_LINKS = "DELETE FROM one_time_links WHERE used_at IS NOT NULL OR expires_at <= $1";
    DROP_SET_UP_LINKS = "DELETE FROM one_time_links WHERE user_id IS NULL";
    DROP_ONE_TIME_LINKS = "DELETE FROM one_time_links WHERE user_id = $1 AND used_at IS NULL";
}

/// A user with the hash of the password, if one was chosen.
#[derive(Debug, FromRow)]
pub struct UserRow {
    id: UserId,
    email: Email,
    name: Name,
    /// The argon2 hash in PHC form; `None` until a password was chosen.
    pub password_hash: Option<String>,
    operator: bool,
    confirmed_at: Option<Timestamp>,
    removed_at: Option<Timestamp>,
    created_at: Timestamp,
}

impl UserRow {
    /// The user.
    #[must_use]
    pub fn user(&self) -> User {
        User {
            id: self.id,
            email: self.email.clone(),
            name: self.name.clone(),
            operator: self.operator,
            confirmed_at: self.confirmed_at,
            removed_at: self.removed_at,
            created_at: self.created_at,
        }
    }
}

/// Writes a new one.
///
/// # Errors
/// A unique violation where it is confirmed and a confirmed one has the address.
pub async fn insert(conn: &mut Conn, user: &User, password_hash: Option<&str>) -> Result<(), StoreError> {
    let (email, name) = (user.email.clone(), user.name.clone());
    let (confirmed, created) = (user.confirmed_at, user.created_at);
    execute!(conn, INSERT_USER, user.id, email, name, password_hash, user.operator, confirmed, created).map(drop)
}

/// Finds one, removed or not.
///
/// # Errors
/// The store cannot be read.
pub async fn find(conn: &mut Conn, id: UserId) -> Result<Option<UserRow>, StoreError> {
    fetch_optional!(conn, FIND_USER, id)
}

/// All of an address: the confirmed one first, the removed ones last.
///
/// # Errors
/// The store cannot be read.
pub async fn of_email(conn: &mut Conn, email: &Email) -> Result<Vec<UserRow>, StoreError> {
    fetch_all!(conn, FIND_USERS_BY_EMAIL, email.clone())
}

/// Makes every other transaction that does the same, or sets the password, wait until this one has ended.
///
/// # Errors
/// The store cannot be written.
pub async fn lock(conn: &mut Conn, id: UserId) -> Result<(), StoreError> {
    execute!(conn, LOCK_USER, id).map(drop)
}

/// All of them, by address.
///
/// # Errors
/// The store cannot be read.
pub async fn list(conn: &mut Conn) -> Result<Vec<User>, StoreError> {
    let rows: Vec<UserRow> = fetch_all!(conn, LIST_USERS)?;
    Ok(rows.iter().map(UserRow::user).collect())
}

/// Sets the password's hash.
///
/// # Errors
/// The store cannot be written.
pub async fn set_password(conn: &mut Conn, id: UserId, hash: &str) -> Result<(), StoreError> {
    execute!(conn, SET_PASSWORD, id, hash).map(drop)
}

/// Keeps that an operator vouches for who has the password now, unless that is so of another account of the address.
///
/// # Errors
/// The store cannot be written.
pub async fn confirm(conn: &mut Conn, id: UserId, now: Timestamp) -> Result<(), StoreError> {
    execute!(conn, CONFIRM_USER, id, now).map(drop)
}

/// Gives an account to another person: name and password's hash.
///
/// # Errors
/// The store cannot be written.
pub async fn start_over(conn: &mut Conn, id: UserId, name: &Name, hash: &str) -> Result<(), StoreError> {
    execute!(conn, START_OVER, id, name.clone(), hash).map(drop)
}

/// Keeps somebody from signing in, or (`None`) lets them again.
///
/// # Errors
/// The store cannot be written.
pub async fn set_removed(conn: &mut Conn, id: UserId, since: Option<Timestamp>) -> Result<(), StoreError> {
    execute!(conn, SET_USER_REMOVED, id, since).map(drop)
}

/// How many operators can sign in.
///
/// # Errors
/// The store cannot be read.
pub async fn operators(conn: &mut Conn) -> Result<i64, StoreError> {
    let (count,): (i64,) = fetch_one!(conn, COUNT_OPERATORS)?;
    Ok(count)
}

/// Writes a one-time link: for a user to choose a password, or (`None`) for the first operator.
///
/// # Errors
/// The store cannot be written.
pub async fn insert_one_time_link(
    conn: &mut Conn,
    id: OneTimeLinkId,
    secret: SecretHash,
    user: Option<UserId>,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<(), StoreError> {
    execute!(conn, INSERT_ONE_TIME_LINK, id, secret, user, expires_at, now).map(drop)
}

/// An unused one-time link that has not run out, and whose it is.
///
/// # Errors
/// The store cannot be read.
pub async fn find_one_time_link(
    conn: &mut Conn,
    secret: SecretHash,
    now: Timestamp,
) -> Result<Option<(OneTimeLinkId, Option<UserId>)>, StoreError> {
    fetch_optional!(conn, FIND_ONE_TIME_LINK, secret, now)
}

/// Uses it up. Of several that use it at the same time, one alone gets `true`.
///
/// # Errors
/// The store cannot be written.
pub async fn use_one_time_link(conn: &mut Conn, id: OneTimeLinkId, now: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(conn, USE_ONE_TIME_LINK, id, now)? == 1)
}

/// Takes away the unused links of a user, or (`None`) all set-up links.
///
/// # Errors
/// The store cannot be written.
pub async fn drop_one_time_links(conn: &mut Conn, user: Option<UserId>) -> Result<(), StoreError> {
    match user {
        Some(user) => execute!(conn, DROP_ONE_TIME_LINKS, user).map(drop),
        None => execute!(conn, DROP_SET_UP_LINKS).map(drop),
    }
}

/// Takes away the one-time links that nobody can use any more.
///
/// # Errors
/// The store cannot be written.
pub async fn drop_dead_one_time_links(conn: &mut Conn, now: Timestamp) -> Result<u64, StoreError> {
    execute!(conn, DROP_DEAD_ONE_TIME_LINKS, now)
}
