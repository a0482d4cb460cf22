//! What can go wrong with the store, and what a caller is told of it.

use std::sync::Arc;

use sqlx::{migrate::MigrateError, postgres::PgDatabaseError, sqlite::SqliteError};

use crate::domain::problem::{Code, Problem};

/// What helps against damage.
pub const RESTORE: &str = "restore the last good copy with `hearback restore`";

/// What people are told of it, whether they read or write. In other cases of `read_only` reading works.
const DAMAGED: &str = "Nothing can be saved at the moment, and not everything can be read. Whoever runs this server has \
                       to put it right; please try again later.";

/// A fault of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The engine refused a statement.
    #[error("the statement {statement} failed: {}", words(refusal))]
    Statement {
        /// Which.
        statement: &'static str,
        /// The engine's words.
        refusal: sqlx::Error,
    },
    /// A migration failed.
    #[error("it could not be brought up to date: {}", migration_words(.0))]
    Migration(MigrateError),
    /// A newer version made the tables.
    #[error(
        "it was made by a newer version of Hearback than this one, {}; run that version, or restore a copy that this one made",
        env!("CARGO_PKG_VERSION")
    )]
    Newer,
    /// Another build made the tables.
    #[error(
        "its tables were made by another build of Hearback and differ from this one's; run that build, or move the database \
         away and start with an empty one"
    )]
    Changed,
    /// Another program holds a lock.
    #[error("{0}")]
    Locked(String),
    /// A setting does not fit.
    #[error("{0}")]
    Settings(String),
    /// The committer has stopped: the process ends.
    #[error("the store is closed")]
    Closed,
    /// One fault that several callers are told of.
    #[error("{0}")]
    Shared(Arc<StoreError>),
    /// What stands in the database makes no sense.
    #[error("the database holds a {0} that makes no sense")]
    Damaged(&'static str),
    /// Damage was met before, so nothing is written any more.
    #[error("the database is damaged")]
    MetDamage,
}

/// SQLite's extended codes for a disk that cannot be read: `IOERR_READ`, `IOERR_SHORT_READ`. What is read once more may come.
const READS: [u32; 2] = [266, 522];

/// The engine's words, without PostgreSQL's line of its own source code.
fn words(refusal: &sqlx::Error) -> String {
    match refusal {
        sqlx::Error::Database(error) if error.try_downcast_ref::<PgDatabaseError>().is_some() => {
            error.message().to_owned()
        }
        sqlx::Error::Io(error) => error.to_string(),
        sqlx::Error::PoolTimedOut => "the database does not answer in time".to_owned(),
        other => other.to_string(),
    }
}

fn migration_words(error: &MigrateError) -> String {
    match error {
        MigrateError::Execute(refusal) => words(refusal),
        MigrateError::ExecuteMigration(refusal, number) => format!("migration {number} failed: {}", words(refusal)),
        other => other.to_string(),
    }
}

impl StoreError {
    /// The engine's refusal of a named statement.
    #[must_use]
    pub const fn new(statement: &'static str, refusal: sqlx::Error) -> Self {
        Self::Statement { statement, refusal }
    }

    /// Whether a row with the same unique value exists already.
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        matches!(self, Self::Statement { refusal: sqlx::Error::Database(error), .. } if error.is_unique_violation())
    }

    /// Whether PostgreSQL ended the transaction because of another that ran at the same time: a deadlock, a failed
    /// serialization.
    pub(super) fn is_conflict(&self) -> bool {
        match self {
            Self::Statement { refusal: sqlx::Error::Database(error), .. } => {
                matches!(error.code().as_deref(), Some("40001" | "40P01"))
                    && error.try_downcast_ref::<SqliteError>().is_none()
            }
            Self::Shared(error) => error.is_conflict(),
            _ => false,
        }
    }

    /// Whether the database file is not as SQLite wrote it.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        let refusal = match self {
            Self::Statement { refusal, .. } | Self::Migration(MigrateError::Execute(refusal)) => refusal,
            Self::Shared(error) => return error.is_damage(),
            Self::Damaged(_) | Self::MetDamage => return true,
            _ => return false,
        };
        // SQLite's primary result code is the low byte: 11 CORRUPT, 26 NOTADB.
        matches!(refusal, sqlx::Error::Database(error)
            if error.try_downcast_ref::<SqliteError>().is_some()
                && error.code().is_some_and(|code| matches!(code.parse::<u32>().unwrap_or_default() & 0xff, 11 | 26)))
    }

    /// Whether another statement would fail of the same: SQLite's file cannot be written, or is not ours to write, or its
    /// thread is gone. What one row holds concerns no other.
    pub(super) fn concerns_all(&self) -> bool {
        use sqlx::Error::{Database, Io, PoolClosed, PoolTimedOut, WorkerCrashed};
        match self {
            Self::Statement { refusal: Database(error), .. } => {
                let code = error.code().and_then(|code| code.parse::<u32>().ok()).unwrap_or_default();
                // BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN.
                matches!(code & 0xff, 5 | 6 | 8 | 10 | 13 | 14) && !READS.contains(&code)
            }
            Self::Statement { refusal, .. } => matches!(refusal, Io(_) | PoolClosed | PoolTimedOut | WorkerCrashed),
            Self::Shared(error) => error.concerns_all(),
            Self::MetDamage | Self::Closed | Self::Locked(_) => true,
            Self::Migration(_) | Self::Settings(_) | Self::Damaged(_) | Self::Newer | Self::Changed => false,
        }
    }

    fn code(&self) -> Code {
        match self {
            Self::Statement { refusal: sqlx::Error::Database(error), .. } => match error.code().as_deref() {
                // SQLite's primary result code is the low byte: 5 BUSY, 6 LOCKED, 8 READONLY, 10 IOERR, 11 CORRUPT, 13 FULL,
                // 14 CANTOPEN (no descriptor is free), 26 NOTADB.
                Some(code) if error.try_downcast_ref::<SqliteError>().is_some() => {
                    let code = code.parse::<u32>().unwrap_or_default();
                    match code & 0xff {
                        5 | 6 | 14 => Code::Busy,
                        _ if READS.contains(&code) => Code::Busy,
                        8 | 10 | 11 | 13 | 26 => Code::ReadOnly,
                        _ => Code::Internal,
                    }
                }
                // PostgreSQL: read_only_sql_transaction, disk_full; deadlocks, shutdown, too many connections, a
                // transaction that waited too long for this server.
                Some("25006" | "53100") => Code::ReadOnly,
                Some("25P03") => Code::Busy,
                Some(code) if code.starts_with("40") || code.starts_with("57P") || code.starts_with("53") => Code::Busy,
                _ => Code::Internal,
            },
            Self::Statement { refusal: sqlx::Error::PoolTimedOut | sqlx::Error::Io(_), .. } | Self::Closed => {
                Code::Busy
            }
            Self::MetDamage => Code::ReadOnly,
            Self::Shared(error) => error.code(),
            _ => Code::Internal,
        }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        if error.is_damage() {
            tracing::error!(%error, "the database is damaged: {RESTORE}");
        }
        let problem = match error.code() {
            Code::Busy => Self::new(Code::Busy, "The server is busy at the moment. Please try again."),
            Code::ReadOnly if error.is_damage() => Self::new(Code::ReadOnly, DAMAGED),
            Code::ReadOnly => {
                Self::new(Code::ReadOnly, "Nothing can be saved at the moment. Reading works; please try again later.")
            }
            _ => return Self::internal(error),
        };
        Self { source: Some(error.into()), ..problem }
    }
}
