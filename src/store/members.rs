//! Who belongs to which organization.

use sqlx::FromRow;

use super::{
    backend::Conn,
    error::StoreError,
    organizations::{OrganizationRow, organization_columns},
    statement::{execute, fetch_all, fetch_one, fetch_optional, statements},
};
use crate::domain::{
    ids::{OrganizationId, UserId},
    organization::Organization,
    text::Name,
    time::Timestamp,
    user::{Email, Role},
};

statements! {
    LIST_MEMBERS = "SELECT u.id, u.name, u.email, m.role, u.password_hash IS NULL AS invited, m.created_at \
        FROM memberships m JOIN users u ON u.id = m.user_id \
        WHERE m.organization_id = $1 AND u.removed_at IS NULL ORDER BY u.name, u.id";
    FIND_ROLE = "SELECT m.role FROM memberships m JOIN users u ON u.id = m.user_id \
        WHERE m.organization_id = $1 AND m.user_id = $2 AND u.removed_at IS NULL";
    INSERT_MEMBER = "INSERT INTO memberships (organization_id, user_id, role, created_at) VALUES ($1, $2, $3, $4)";
    SET_ROLE = "UPDATE memberships SET role = $3 WHERE organization_id = $1 AND user_id = $2";
    DELETE_MEMBER = "DELETE FROM memberships WHERE organization_id = $1 AND user_id = $2";
    LEAVE_PROJECTS = "DELETE FROM project_members WHERE user_id = $2 \
        AND project_id IN (SELECT id FROM projects WHERE organization_id = $1)";
    OTHER_OWNERS = "SELECT COUNT(*) FROM memberships m JOIN users u ON u.id = m.user_id \
        WHERE m.organization_id = $1 AND m.role = 'owner' AND m.user_id <> $2 \
        AND u.removed_at IS NULL AND u.password_hash IS NOT NULL";
    IS_MEMBER_ADDRESS = "SELECT m.user_id FROM users u JOIN memberships m ON m.user_id = u.id \
        WHERE u.email = $2 AND m.organization_id = $1 AND u.removed_at IS NULL";
    COUNT_MEMBERSHIPS = "SELECT COUNT(*) FROM memberships WHERE user_id = $1";
    MEMBERSHIPS_OF = concat!("SELECT ", organization_columns!(), ", m.role FROM memberships m \
        JOIN organizations o ON o.id = m.organization_id WHERE m.user_id = $1 ORDER BY o.name, o.id");
}

/// A member as the organization's owners see them.
#[derive(Clone, Debug, FromRow)]
pub struct MemberRow {
    /// The user.
    pub id: UserId,
    /// The name.
    pub name: Name,
    /// What they sign in with.
    pub email: Email,
    /// What they may do.
    pub role: Role,
    /// Whether they have yet to choose a password.
    pub invited: bool,
    /// Since when they belong to it.
    pub created_at: Timestamp,
}

#[derive(FromRow)]
struct MembershipRow {
    #[sqlx(flatten)]
    organization: OrganizationRow,
    role: Role,
}

/// All members who can sign in.
///
/// # Errors
/// The store cannot be read.
pub async fn list(conn: &mut Conn, organization: OrganizationId) -> Result<Vec<MemberRow>, StoreError> {
    fetch_all!(conn, LIST_MEMBERS, organization)
}

/// The role of a user in an organization; `None` for strangers and the removed.
///
/// # Errors
/// The store cannot be read.
pub async fn role(conn: &mut Conn, organization: OrganizationId, user: UserId) -> Result<Option<Role>, StoreError> {
    let row: Option<(Role,)> = fetch_optional!(conn, FIND_ROLE, organization, user)?;
    Ok(row.map(|(role,)| role))
}

/// Writes a membership.
///
/// # Errors
/// A unique violation where there is one.
pub async fn insert(
    conn: &mut Conn,
    organization: OrganizationId,
    user: UserId,
    role: Role,
    now: Timestamp,
) -> Result<(), StoreError> {
    execute!(conn, INSERT_MEMBER, organization, user, role, now).map(drop)
}

/// Changes a role.
///
/// # Errors
/// The store cannot be written.
pub async fn set_role(
    conn: &mut Conn,
    organization: OrganizationId,
    user: UserId,
    role: Role,
) -> Result<(), StoreError> {
    execute!(conn, SET_ROLE, organization, user, role).map(drop)
}

/// Takes a membership away, with the places in project teams.
///
/// # Errors
/// The store cannot be written.
pub async fn delete(conn: &mut Conn, organization: OrganizationId, user: UserId) -> Result<(), StoreError> {
    execute!(conn, LEAVE_PROJECTS, organization, user)?;
    execute!(conn, DELETE_MEMBER, organization, user).map(drop)
}

/// How many owners with a password an organization has without that user.
///
/// # Errors
/// The store cannot be read.
pub async fn other_owners(conn: &mut Conn, organization: OrganizationId, user: UserId) -> Result<i64, StoreError> {
    let (count,): (i64,) = fetch_one!(conn, OTHER_OWNERS, organization, user)?;
    Ok(count)
}

/// Whether a member who can sign in has that address.
///
/// # Errors
/// The store cannot be read.
pub async fn has_address(conn: &mut Conn, organization: OrganizationId, email: &Email) -> Result<bool, StoreError> {
    let row: Option<(UserId,)> = fetch_optional!(conn, IS_MEMBER_ADDRESS, organization, email.clone())?;
    Ok(row.is_some())
}

/// How many organizations a user belongs to.
///
/// # Errors
/// The store cannot be read.
pub async fn count_of(conn: &mut Conn, user: UserId) -> Result<i64, StoreError> {
    let (count,): (i64,) = fetch_one!(conn, COUNT_MEMBERSHIPS, user)?;
    Ok(count)
}

/// The organizations of a user, suspended ones too, with the role there.
///
/// # Errors
/// The store cannot be read.
pub async fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<(Organization, Role)>, StoreError> {
    let rows: Vec<MembershipRow> = fetch_all!(conn, MEMBERSHIPS_OF, user)?;
    Ok(rows.into_iter().map(|row| (row.organization.into(), row.role)).collect())
}
