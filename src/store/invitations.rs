//! Invitations into organizations that nobody has accepted yet.

use sqlx::FromRow;

use super::{
    backend::Conn,
    error::StoreError,
    statement::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    ids::{InvitationId, OrganizationId},
    invitation::Invitation,
    link::SecretHash,
    text::Name,
    time::Timestamp,
    user::{Email, Role},
};

/// The columns of [`InvitationRow`].
macro_rules! columns {
    () => {
        "SELECT id, organization_id, email, name, role, expires_at FROM invitations "
    };
}

statements! {
    PUT_INVITATION = "INSERT INTO invitations \
        (id, organization_id, email, name, role, secret_hash, expires_at, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (organization_id, email) DO UPDATE \
        SET name = excluded.name, role = excluded.role, secret_hash = excluded.secret_hash, \
        expires_at = excluded.expires_at";
    FIND_INVITATION = concat!(columns!(), "WHERE organization_id = $1 AND id = $2");
    FIND_INVITATION_BY_EMAIL = concat!(columns!(), "WHERE organization_id = $1 AND email = $2");
    FIND_INVITATION_BY_SECRET = concat!(columns!(), "WHERE secret_hash = $1 AND expires_at > $2");
    LIST_INVITATIONS = concat!(columns!(), "WHERE organization_id = $1 ORDER BY name, id");
    ACCEPT_INVITATION = "DELETE FROM invitations WHERE secret_hash = $1";
    DELETE_INVITATION = "DELETE FROM invitations WHERE organization_id = $1 AND email = $2";
}

#[derive(FromRow)]
struct InvitationRow {
    id: InvitationId,
    organization_id: OrganizationId,
    email: Email,
    name: Name,
    role: Role,
    expires_at: Timestamp,
}

impl From<InvitationRow> for Invitation {
    fn from(row: InvitationRow) -> Self {
        Self {
            id: row.id,
            organization: row.organization_id,
            email: row.email,
            name: row.name,
            role: row.role,
            expires_at: row.expires_at,
        }
    }
}

/// Writes an invitation; one of the same address takes the new name, role and secret, and keeps its id.
///
/// # Errors
/// The store cannot be written.
pub async fn put(
    conn: &mut Conn,
    invitation: &Invitation,
    secret: SecretHash,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Invitation { id, organization, role, expires_at, .. } = *invitation;
    let (email, name) = (invitation.email.clone(), invitation.name.clone());
    execute!(conn, PUT_INVITATION, id, organization, email, name, role, secret, expires_at, now).map(drop)
}

/// Finds one of an organization.
///
/// # Errors
/// The store cannot be read.
pub async fn find(
    conn: &mut Conn,
    organization: OrganizationId,
    id: InvitationId,
) -> Result<Option<Invitation>, StoreError> {
    let row: Option<InvitationRow> = fetch_optional!(conn, FIND_INVITATION, organization, id)?;
    Ok(row.map(Into::into))
}

/// Finds the one of an address.
///
/// # Errors
/// The store cannot be read.
pub async fn find_by_email(
    conn: &mut Conn,
    organization: OrganizationId,
    email: &Email,
) -> Result<Option<Invitation>, StoreError> {
    let row: Option<InvitationRow> = fetch_optional!(conn, FIND_INVITATION_BY_EMAIL, organization, email.clone())?;
    Ok(row.map(Into::into))
}

/// Finds one by its secret that has not expired.
///
/// # Errors
/// The store cannot be read.
pub async fn find_by_secret(
    conn: &mut Conn,
    secret: SecretHash,
    now: Timestamp,
) -> Result<Option<Invitation>, StoreError> {
    let row: Option<InvitationRow> = fetch_optional!(conn, FIND_INVITATION_BY_SECRET, secret, now)?;
    Ok(row.map(Into::into))
}

/// All of an organization, expired ones too, by name.
///
/// # Errors
/// The store cannot be read.
pub async fn list(conn: &mut Conn, organization: OrganizationId) -> Result<Vec<Invitation>, StoreError> {
    let rows: Vec<InvitationRow> = fetch_all!(conn, LIST_INVITATIONS, organization)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Takes the invitation of a secret away. Of several that accept it at the same time, one alone gets `true`.
///
/// # Errors
/// The store cannot be written.
pub async fn accept(conn: &mut Conn, secret: SecretHash) -> Result<bool, StoreError> {
    Ok(execute!(conn, ACCEPT_INVITATION, secret)? == 1)
}

/// Takes the invitation of an address away, if there is one.
///
/// # Errors
/// The store cannot be written.
pub async fn delete(conn: &mut Conn, organization: OrganizationId, email: &Email) -> Result<(), StoreError> {
    execute!(conn, DELETE_INVITATION, organization, email.clone()).map(drop)
}
