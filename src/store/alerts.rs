//! Alerts.

use sqlx::FromRow;

use super::{
    backend::Conn,
    error::StoreError,
    statement::{execute, fetch_all, fetch_optional, statements},
};
use crate::domain::{
    alert::{Alert, Severity},
    health::{CheckId, Subject},
    ids::{AlertId, Id, OrganizationId},
    text::Name,
    time::Timestamp,
    user::Email,
};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, check_name, organization_id, node, severity, sentence, remedy, fired_at, cleared_at, \
             acknowledged_at, acknowledged_by FROM alerts ",
            $rest
        )
    };
}

statements! {
    INSERT_ALERT = "INSERT INTO alerts (id, check_name, organization_id, node, severity, sentence, remedy, fired_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
    WORSEN_ALERT = "UPDATE alerts SET severity = $4, sentence = $5, remedy = $6, acknowledged_at = NULL, acknowledged_by = NULL \
        WHERE cleared_at IS NULL AND check_name = $1 AND organization_id IS NOT DISTINCT FROM $2 \
        AND node IS NOT DISTINCT FROM $3 AND severity <> $4";
    REWORD_ALERT = "UPDATE alerts SET sentence = $2, remedy = $3 WHERE id = $1 AND cleared_at IS NULL";
    CLEAR_ALERT = "UPDATE alerts SET cleared_at = $4 WHERE cleared_at IS NULL AND check_name = $1 \
        AND organization_id IS NOT DISTINCT FROM $2 AND node IS NOT DISTINCT FROM $3";
    ACKNOWLEDGE_ALERT = "UPDATE alerts SET acknowledged_at = $2, acknowledged_by = $3 \
        WHERE id = $1 AND cleared_at IS NULL AND acknowledged_at IS NULL";
    FIND_ALERT = select!("WHERE id = $1");
    OPEN_ALERTS = select!("WHERE cleared_at IS NULL ORDER BY id DESC");
    LATEST_ALERTS = select!("ORDER BY id DESC LIMIT $1");
    FORGET_ALERTS = "DELETE FROM alerts WHERE id < $1 AND cleared_at IS NOT NULL";
    OWNERS_TO_TELL = "SELECT u.email FROM memberships m JOIN users u ON u.id = m.user_id \
        WHERE m.organization_id = $1 AND m.role = 'owner' AND u.removed_at IS NULL ORDER BY u.email";
}

#[derive(FromRow)]
struct AlertRow {
    id: AlertId,
    check_name: CheckId,
    organization_id: Option<OrganizationId>,
    node: Option<String>,
    severity: Severity,
    sentence: String,
    remedy: String,
    fired_at: Timestamp,
    cleared_at: Option<Timestamp>,
    acknowledged_at: Option<Timestamp>,
    acknowledged_by: Option<Name>,
}

impl From<AlertRow> for Alert {
    fn from(row: AlertRow) -> Self {
        let subject = match (row.organization_id, row.node) {
            (Some(organization), _) => Subject::Organization(organization),
            (None, Some(node)) => Subject::Node(node),
            (None, None) => Subject::Installation,
        };
        Self {
            id: row.id,
            check: row.check_name,
            subject,
            severity: row.severity,
            sentence: row.sentence,
            remedy: row.remedy,
            fired_at: row.fired_at,
            cleared_at: row.cleared_at,
            acknowledged_at: row.acknowledged_at,
            acknowledged_by: row.acknowledged_by,
        }
    }
}

fn columns(subject: &Subject) -> (Option<OrganizationId>, Option<&str>) {
    match subject {
        Subject::Installation => (None, None),
        Subject::Node(node) => (None, Some(node)),
        Subject::Organization(organization) => (Some(*organization), None),
    }
}

/// Opens one; `false` where one of the same check and subject is open, such as by another server.
///
/// # Errors
/// The store cannot be written.
pub async fn insert(conn: &mut Conn, alert: &Alert) -> Result<bool, StoreError> {
    let (organization, node) = columns(&alert.subject);
    let (sentence, remedy) = (alert.sentence.as_str(), alert.remedy.as_str());
    let done = execute!(
        conn,
        INSERT_ALERT,
        alert.id,
        alert.check,
        organization,
        node,
        alert.severity,
        sentence,
        remedy,
        alert.fired_at
    );
    Ok(done? > 0)
}

/// Makes the open one as bad as this; `false` where none is open or it is as bad already.
///
/// # Errors
/// The store cannot be written.
pub async fn worsen(conn: &mut Conn, alert: &Alert) -> Result<bool, StoreError> {
    let (organization, node) = columns(&alert.subject);
    let (sentence, remedy) = (alert.sentence.as_str(), alert.remedy.as_str());
    let done = execute!(conn, WORSEN_ALERT, alert.check, organization, node, alert.severity, sentence, remedy);
    Ok(done? > 0)
}

/// Gives an open one another sentence.
///
/// # Errors
/// The store cannot be written.
pub async fn reword(conn: &mut Conn, id: AlertId, sentence: &str, remedy: &str) -> Result<(), StoreError> {
    execute!(conn, REWORD_ALERT, id, sentence, remedy).map(drop)
}

/// Closes the open one; `false` where none is.
///
/// # Errors
/// The store cannot be written.
pub async fn clear(conn: &mut Conn, check: CheckId, subject: &Subject, now: Timestamp) -> Result<bool, StoreError> {
    let (organization, node) = columns(subject);
    Ok(execute!(conn, CLEAR_ALERT, check, organization, node, now)? > 0)
}

/// Keeps who knows of it; `false` where it is over or somebody said so before.
///
/// # Errors
/// The store cannot be written.
pub async fn acknowledge(conn: &mut Conn, id: AlertId, by: &Name, now: Timestamp) -> Result<bool, StoreError> {
    Ok(execute!(conn, ACKNOWLEDGE_ALERT, id, now, by.clone())? > 0)
}

/// Finds one, closed or not.
///
/// # Errors
/// The store cannot be read.
pub async fn find(conn: &mut Conn, id: AlertId) -> Result<Option<Alert>, StoreError> {
    let row: Option<AlertRow> = fetch_optional!(conn, FIND_ALERT, id)?;
    Ok(row.map(Into::into))
}

/// Those that are open, the last first.
///
/// # Errors
/// The store cannot be read.
pub async fn open(conn: &mut Conn) -> Result<Vec<Alert>, StoreError> {
    let rows: Vec<AlertRow> = fetch_all!(conn, OPEN_ALERTS)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// The latest, open or not, the last first.
///
/// # Errors
/// The store cannot be read.
pub async fn latest(conn: &mut Conn, at_most: i64) -> Result<Vec<Alert>, StoreError> {
    let rows: Vec<AlertRow> = fetch_all!(conn, LATEST_ALERTS, at_most)?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// Forgets those that began before a moment and are over.
///
/// # Errors
/// The store cannot be written.
pub async fn forget(conn: &mut Conn, before: Timestamp) -> Result<u64, StoreError> {
    execute!(conn, FORGET_ALERTS, AlertId::least_at(before))
}

/// The addresses of an organization's owners.
///
/// # Errors
/// The store cannot be read.
pub async fn owners(conn: &mut Conn, organization: OrganizationId) -> Result<Vec<Email>, StoreError> {
    let rows: Vec<(Email,)> = fetch_all!(conn, OWNERS_TO_TELL, organization)?;
    Ok(rows.into_iter().map(|(email,)| email).collect())
}
