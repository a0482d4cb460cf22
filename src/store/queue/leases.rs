//! Who holds what, and until when.

use uuid::Uuid;

use super::{Row, select};
use crate::{
    domain::{
        ids::{OrganizationId, ProjectId},
        message::AuthorKind,
        queue::QueueEntry,
        time::Timestamp,
    },
    store::{
        backend::Conn,
        error::StoreError,
        statement::{execute, fetch_all, fetch_one, statements},
    },
};

macro_rules! held_by {
    ($lock:literal) => {
        select!(
            "WHERE e.state = 'claimed' AND e.holder_kind = $1 AND e.holder_id = $2 \
             AND (e.organization_id = $3 OR $3 IS NULL) ORDER BY c.id",
            $lock
        )
    };
}

macro_rules! held_by_outsiders {
    ($lock:literal) => {
        select!(
            "WHERE e.organization_id = $1 AND e.project_id = $2 AND e.state = 'claimed' AND e.holder_kind = 'user' \
             AND NOT EXISTS (SELECT 1 FROM project_members t WHERE t.project_id = e.project_id AND t.user_id = e.holder_id) \
             ORDER BY c.id",
            $lock
        )
    };
}

macro_rules! expired {
    ($lock:literal) => {
        select!("WHERE e.lease_expires_at <= $1 AND e.state = 'claimed' ORDER BY e.lease_expires_at LIMIT 100", $lock)
    };
}

statements! {
    HELD_BY = held_by!(""), postgres held_by!(" FOR NO KEY UPDATE OF c, e");
    HOLDS_ANY = "SELECT EXISTS (SELECT 1 FROM queue_entries e WHERE e.holder_kind = $1 AND e.holder_id = $2 \
        AND e.state = 'claimed' AND (e.organization_id = $3 OR $3 IS NULL))";
    HELD_BY_OUTSIDERS = held_by_outsiders!(""), postgres held_by_outsiders!(" FOR NO KEY UPDATE OF c, e");
    // What another server is changing is no longer expired, or is found by the next sweep.
    EXPIRED = expired!(""), postgres expired!(" FOR NO KEY UPDATE OF c, e SKIP LOCKED");
    ANY_EXPIRED = "SELECT COUNT(*) FROM (SELECT 1 FROM queue_entries WHERE lease_expires_at <= $1 LIMIT 1) AS expired";
    BOUND_LEASES = "UPDATE queue_entries SET lease_expires_at = $1 WHERE lease_expires_at > $1";
}

/// What somebody holds, in one organization or everywhere; locked until the transaction ends.
///
/// # Errors
/// The store cannot be read.
pub async fn held_by(
    conn: &mut Conn,
    kind: AuthorKind,
    id: Uuid,
    organization: Option<OrganizationId>,
) -> Result<Vec<QueueEntry>, StoreError> {
    let rows: Vec<Row> = fetch_all!(conn, HELD_BY, kind, id, organization)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// What users hold in a project who are not named in it; locked until the transaction ends.
///
/// # Errors
/// The store cannot be read.
pub async fn held_by_outsiders(
    conn: &mut Conn,
    organization: OrganizationId,
    project: ProjectId,
) -> Result<Vec<QueueEntry>, StoreError> {
    let rows: Vec<Row> = fetch_all!(conn, HELD_BY_OUTSIDERS, organization, project)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Whether an actor holds any entry, in one organization or everywhere.
///
/// # Errors
/// The store cannot be read.
pub async fn holds_any(
    conn: &mut Conn,
    kind: AuthorKind,
    id: Uuid,
    organization: Option<OrganizationId>,
) -> Result<bool, StoreError> {
    let (any,): (bool,) = fetch_one!(conn, HOLDS_ANY, kind, id, organization)?;
    Ok(any)
}

/// Whether a lease has run out.
///
/// # Errors
/// The store cannot be read.
pub async fn any_expired(conn: &mut Conn, now: Timestamp) -> Result<bool, StoreError> {
    let (count,): (i64,) = fetch_one!(conn, ANY_EXPIRED, now)?;
    Ok(count > 0)
}

/// Entries whose lease has run out, at most 100; locked until the transaction ends.
///
/// # Errors
/// The store cannot be read.
pub async fn expired(conn: &mut Conn, now: Timestamp) -> Result<Vec<QueueEntry>, StoreError> {
    let rows: Vec<Row> = fetch_all!(conn, EXPIRED, now)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Lets no lease run longer than to a moment.
///
/// # Errors
/// The store cannot be written.
pub async fn bound_leases(conn: &mut Conn, latest: Timestamp) -> Result<u64, StoreError> {
    execute!(conn, BOUND_LEASES, latest)
}
