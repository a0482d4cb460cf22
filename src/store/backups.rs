//! Copies of the database that `hearback backup` has made.

use super::{
    backend::Conn,
    error::StoreError,
    statement::{execute, fetch_optional, statements},
};
use crate::domain::{heartbeat, ids::BackupId, time::Timestamp};

statements! {
    INSERT_BACKUP = "INSERT INTO backups (id, finished_at, bytes) VALUES ($1, $2, $3)";
    LATEST_BACKUP = "SELECT finished_at, bytes FROM backups newest ORDER BY id DESC LIMIT 1";
    FORGET_BACKUPS = "DELETE FROM backups WHERE id < $1";
    BEGINNING = "SELECT created_at FROM organizations WHERE id = $1";
}

/// Keeps that one was made, and forgets those before.
///
/// # Errors
/// The store cannot be written.
pub async fn insert(conn: &mut Conn, id: BackupId, finished_at: Timestamp, bytes: i64) -> Result<(), StoreError> {
    execute!(conn, INSERT_BACKUP, id, finished_at, bytes)?;
    execute!(conn, FORGET_BACKUPS, id).map(drop)
}

/// When the last one was made, and of how many bytes.
///
/// # Errors
/// The store cannot be read.
pub async fn latest(conn: &mut Conn) -> Result<Option<(Timestamp, i64)>, StoreError> {
    fetch_optional!(conn, LATEST_BACKUP)
}

/// Since when the installation is watched: its organizations may tell of a time before that, such as the example's.
///
/// # Errors
/// The store cannot be read.
pub async fn beginning(conn: &mut Conn) -> Result<Option<Timestamp>, StoreError> {
    let row: Option<(Timestamp,)> = fetch_optional!(conn, BEGINNING, heartbeat::organization())?;
    Ok(row.map(|(beginning,)| beginning))
}
