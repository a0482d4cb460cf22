//! API tokens.

use sqlx::FromRow;

use super::{
    backend::Conn,
    error::StoreError,
    organizations::{OrganizationRow, organization_columns},
    statement::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    ids::{ApiTokenId, OrganizationId},
    link::SecretHash,
    organization::Organization,
    text::Name,
    time::Timestamp,
    user::Role,
};

statements! {
    INSERT_TOKEN = "INSERT INTO api_tokens (id, organization_id, name, role, secret_hash, last_used_at, revoked_at, \
        created_at) VALUES ($1, $2, $3, $4, $5, NULL, NULL, $6)";
    LIST_TOKENS = "SELECT id AS token_id, name AS token_name, role, last_used_at, revoked_at AS token_revoked_at, \
        created_at AS token_created_at FROM api_tokens WHERE organization_id = $1 ORDER BY id";
    FIND_TOKEN = concat!("SELECT ", organization_columns!(), ", t.id AS token_id, t.name AS token_name, t.role, \
        t.last_used_at, t.revoked_at AS token_revoked_at, t.created_at AS token_created_at \
        FROM api_tokens t JOIN organizations o ON o.id = t.organization_id \
        WHERE t.secret_hash = $1 AND t.revoked_at IS NULL AND o.suspended_at IS NULL");
    TOKEN_IS_GOOD = "SELECT role FROM api_tokens WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL";
    TOUCH_TOKEN = "UPDATE api_tokens SET last_used_at = $2 WHERE id = $1";
    REVOKE_TOKEN = "UPDATE api_tokens SET revoked_at = $3 WHERE organization_id = $1 AND id = $2 AND revoked_at IS NULL";
}

/// An API token without its secret.
#[derive(Clone, Debug, FromRow)]
pub struct TokenRow {
    /// The id.
    #[sqlx(rename = "token_id")]
    pub id: ApiTokenId,
    /// What its owner calls it.
    #[sqlx(rename = "token_name")]
    pub name: Name,
    /// What it may do.
    pub role: Role,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// When somebody ended it.
    #[sqlx(rename = "token_revoked_at")]
    pub revoked_at: Option<Timestamp>,
    /// When it was made.
    #[sqlx(rename = "token_created_at")]
    pub created_at: Timestamp,
}

#[derive(FromRow)]
struct FoundRow {
    #[sqlx(flatten)]
    organization: OrganizationRow,
    #[sqlx(flatten)]
    token: TokenRow,
}

/// Writes a new one.
///
/// # Errors
/// The store cannot be written.
pub async fn insert(
    conn: &mut Conn,
    organization: OrganizationId,
    token: &TokenRow,
    secret: SecretHash,
) -> Result<(), StoreError> {
    let name = token.name.clone();
    execute!(conn, INSERT_TOKEN, token.id, organization, name, token.role, secret, token.created_at).map(drop)
}

/// All of an organization, revoked ones too.
///
/// # Errors
/// The store cannot be read.
pub async fn list(conn: &mut Conn, organization: OrganizationId) -> Result<Vec<TokenRow>, StoreError> {
    fetch_all!(conn, LIST_TOKENS, organization)
}

/// Finds a good one, of an organization that works.
///
/// # Errors
/// The store cannot be read.
pub async fn find(conn: &mut Conn, secret: SecretHash) -> Result<Option<(Organization, TokenRow)>, StoreError> {
    let row: Option<FoundRow> = fetch_optional!(conn, FIND_TOKEN, secret)?;
    Ok(row.map(|row| (row.organization.into(), row.token)))
}

/// The role of a token that was not revoked.
///
/// # Errors
/// The store cannot be read.
pub async fn role(conn: &mut Conn, organization: OrganizationId, id: ApiTokenId) -> Result<Option<Role>, StoreError> {
    let row: Option<(Role,)> = fetch_optional!(conn, TOKEN_IS_GOOD, organization, id)?;
    Ok(row.map(|(role,)| role))
}

/// Keeps when it was last used.
///
/// # Errors
/// The store cannot be written.
pub async fn touch(conn: &mut Conn, id: ApiTokenId, now: Timestamp) -> Result<(), StoreError> {
    execute!(conn, TOUCH_TOKEN, id, now).map(drop)
}

/// Ends one; `false` where there was none.
///
/// # Errors
/// The store cannot be written.
pub async fn revoke(
    conn: &mut Conn,
    organization: OrganizationId,
    id: ApiTokenId,
    now: Timestamp,
) -> Result<bool, StoreError> {
    execute!(conn, REVOKE_TOKEN, organization, id, now).map(|count| count > 0)
}
