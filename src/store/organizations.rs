//! Organizations.

use sqlx::FromRow;

use super::{
    backend::Conn,
    error::StoreError,
    statement::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    heartbeat,
    ids::OrganizationId,
    organization::{Organization, Slug},
    queue::ResponseTargets,
    text::Name,
    time::Timestamp,
};

/// The columns of [`OrganizationRow`].
macro_rules! organization_columns {
    () => {
        "o.id, o.slug, o.name, o.target_urgent, o.target_normal, o.target_low, o.suspended_at, o.created_at"
    };
}
pub(super) use organization_columns;

statements! {
    INSERT_ORGANIZATION = "INSERT INTO organizations \
        (id, slug, name, target_urgent, target_normal, target_low, suspended_at, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6, NULL, $7)";
    UPDATE_ORGANIZATION = "UPDATE organizations SET name = $2, target_urgent = $3, target_normal = $4, target_low = $5 \
        WHERE id = $1";
    LOCK_ORGANIZATION = "UPDATE organizations SET created_at = created_at WHERE id = $1";
    SUSPEND_ORGANIZATION = "UPDATE organizations SET suspended_at = $2 WHERE id = $1";
    DELETE_ORGANIZATION = "DELETE FROM organizations WHERE id = $1";
    FIND_ORGANIZATION = concat!("SELECT ", organization_columns!(), " FROM organizations o WHERE o.id = $1");
    FIND_ORGANIZATION_BY_SLUG = concat!("SELECT ", organization_columns!(), " FROM organizations o WHERE o.slug = $1");
    LIST_ORGANIZATIONS = concat!("SELECT ", organization_columns!(), " FROM organizations o WHERE o.id <> $1 \
        ORDER BY o.slug");
}

/// An organization as the store holds it.
#[derive(FromRow)]
pub(super) struct OrganizationRow {
    id: OrganizationId,
    slug: Slug,
    name: Name,
    target_urgent: i64,
    target_normal: i64,
    target_low: i64,
    suspended_at: Option<Timestamp>,
    created_at: Timestamp,
}

impl From<OrganizationRow> for Organization {
    fn from(row: OrganizationRow) -> Self {
        let targets = ResponseTargets {
            urgent: chrono::TimeDelta::milliseconds(row.target_urgent),
            normal: chrono::TimeDelta::milliseconds(row.target_normal),
            low: chrono::TimeDelta::milliseconds(row.target_low),
        };
        Self {
            id: row.id,
            slug: row.slug,
            name: row.name,
            targets,
            suspended_at: row.suspended_at,
            created_at: row.created_at,
        }
    }
}

/// Writes a new one.
///
/// # Errors
/// A unique violation where the slug is taken.
pub async fn insert(conn: &mut Conn, new: &Organization) -> Result<(), StoreError> {
    let [urgent, normal, low] = millis(new.targets);
    execute!(conn, INSERT_ORGANIZATION, new.id, new.slug.clone(), new.name.clone(), urgent, normal, low, new.created_at)
        .map(drop)
}

/// Sets name and response targets.
///
/// # Errors
/// The store cannot be written.
pub async fn update(
    conn: &mut Conn,
    id: OrganizationId,
    name: &Name,
    targets: ResponseTargets,
) -> Result<(), StoreError> {
    let [urgent, normal, low] = millis(targets);
    execute!(conn, UPDATE_ORGANIZATION, id, name.clone(), urgent, normal, low).map(drop)
}

fn millis(targets: ResponseTargets) -> [i64; 3] {
    [targets.urgent, targets.normal, targets.low].map(|target| target.num_milliseconds())
}

/// Closes it to everybody, or (`None`) opens it again.
///
/// # Errors
/// The store cannot be written.
pub async fn suspend(conn: &mut Conn, id: OrganizationId, since: Option<Timestamp>) -> Result<(), StoreError> {
    execute!(conn, SUSPEND_ORGANIZATION, id, since).map(drop)
}

/// Takes it away with everything in it.
///
/// # Errors
/// The store cannot be written.
pub async fn delete(conn: &mut Conn, id: OrganizationId) -> Result<(), StoreError> {
    execute!(conn, DELETE_ORGANIZATION, id).map(drop)
}

/// Finds one.
///
/// # Errors
/// The store cannot be read.
pub async fn find(conn: &mut Conn, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
    let row: Option<OrganizationRow> = fetch_optional!(conn, FIND_ORGANIZATION, id)?;
    Ok(row.map(Into::into))
}

/// Finds one that people have made: the heartbeat's is not for anybody's hands.
///
/// # Errors
/// The store cannot be read.
pub async fn find_of_people(conn: &mut Conn, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
    if id == heartbeat::organization() { Ok(None) } else { find(conn, id).await }
}

/// Finds one by its name in addresses.
///
/// # Errors
/// The store cannot be read.
pub async fn find_by_slug(conn: &mut Conn, slug: &Slug) -> Result<Option<Organization>, StoreError> {
    let row: Option<OrganizationRow> = fetch_optional!(conn, FIND_ORGANIZATION_BY_SLUG, slug.clone())?;
    Ok(row.map(Into::into))
}

/// All that people have made, by slug.
///
/// # Errors
/// The store cannot be read.
pub async fn list(conn: &mut Conn) -> Result<Vec<Organization>, StoreError> {
    let rows: Vec<OrganizationRow> = fetch_all!(conn, LIST_ORGANIZATIONS, heartbeat::organization())?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Makes every other transaction that does the same wait until this one has ended, on whichever server.
///
/// # Errors
/// The store cannot be written.
pub async fn lock(conn: &mut Conn, id: OrganizationId) -> Result<(), StoreError> {
    execute!(conn, LOCK_ORGANIZATION, id).map(drop)
}
