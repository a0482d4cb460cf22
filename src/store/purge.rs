//! Removes what was deleted from SQLite's write-ahead log.
//!
//! `secure_delete` overwrites deleted rows in the database file, but the log still has the pages as they were when those rows
//! were written, until a checkpoint has moved everything into the file and the log is cut to nothing. A checkpoint cannot move
//! what an open reader does not see yet, and cannot cut a log that somebody reads or writes at that moment. So it may have to
//! be tried again. Commits wait for the cut, or a busy server would never be without one that is in its way, but each try gives up
//! soon.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{Connection, SqliteConnection};
use tokio::{sync::RwLock, time::timeout};

use super::{backend::Pools, error::StoreError};

/// How long one try to cut the log may wait for readers; commits wait as long.
const CUT_TIMEOUT: Duration = Duration::from_millis(100);

/// How long it may wait for the commits that are under way; those that come after them wait as long.
const PAUSE_TIMEOUT: Duration = Duration::from_millis(500);

/// Lets commits through, except while the log is cut.
pub(super) type Gate = RwLock<()>;

/// Whether something was deleted that the log may still have.
#[derive(Clone, Debug, Default)]
pub struct PurgeRequest(Arc<AtomicBool>);

impl PurgeRequest {
    /// Asks for the log to be emptied.
    pub fn set(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Takes the request, if there is one. It is set again where the log could not be emptied.
    pub(super) fn take(&self) -> bool {
        self.0.swap(false, Ordering::AcqRel)
    }
}

/// Sets the request when it is dropped: also when whoever waits for the deletion stops waiting.
pub(super) struct RequestAtEnd<'a>(pub(super) &'a PurgeRequest);

impl Drop for RequestAtEnd<'_> {
    fn drop(&mut self) {
        self.0.set();
    }
}

impl Pools {
    /// Tries to move SQLite's log into the database file and to cut it; whether it is empty now. PostgreSQL has no part in this.
    ///
    /// # Errors
    /// The database cannot be reached or written.
    pub(super) async fn empty_log(&self, gate: &Gate) -> Result<bool, StoreError> {
        let Self::Sqlite { writer, damage, .. } = self else { return Ok(true) };
        if damage.is_met() {
            return Ok(true);
        }
        // The committer keeps its connection; a short timeout belongs to this one alone.
        let options = (*writer.connect_options()).clone().busy_timeout(CUT_TIMEOUT).optimize_on_close(false, None);
        let failed = |error| StoreError::new("wal_checkpoint", error);
        let mut connection = SqliteConnection::connect_with(&options).await.map_err(failed)?;
        // First as far as it goes without a lock, so that the second, for which commits wait, has little left to do.
        let mut emptied = checkpoint(&mut connection, "PRAGMA wal_checkpoint(PASSIVE)").await.map_err(failed)?;
        if emptied {
            emptied = match timeout(PAUSE_TIMEOUT, gate.write()).await {
                Ok(_pause) => checkpoint(&mut connection, "PRAGMA wal_checkpoint(TRUNCATE)").await.map_err(failed)?,
                Err(_) => false,
            };
        }
        connection.close().await.map_err(failed)?;
        Ok(emptied)
    }
}

/// Whether everything in the log is in the database file now.
async fn checkpoint(connection: &mut SqliteConnection, sql: &'static str) -> Result<bool, sqlx::Error> {
    let (busy, logged, moved): (i64, i64, i64) = sqlx::query_as(sql).fetch_one(connection).await?;
    Ok(busy == 0 && logged == moved)
}
