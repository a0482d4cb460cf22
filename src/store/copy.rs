//! Copies of a whole SQLite database, and what one can tell of a database from outside.

use std::path::{Path, PathBuf};

use sqlx::{
    Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteSynchronous},
};

use super::{backend::Pools, error::StoreError, fit::Fit};

/// The file of an SQLite URL; `None` for another engine.
///
/// # Errors
/// An SQLite URL that makes no sense.
pub fn file_of(url: &str) -> Result<Option<PathBuf>, StoreError> {
    if !url.starts_with("sqlite:") {
        return Ok(None);
    }
    let options: SqliteConnectOptions = url.parse().map_err(|error| StoreError::new("open", error))?;
    Ok(Some(options.get_filename().to_owned()))
}

/// Writes one consistent state of a database, which others may be writing to, into a new file. The caller makes the file
/// durable.
///
/// # Errors
/// The database cannot be read, or the file cannot be written or exists.
pub async fn copy_into(database: &Path, copy: &Path) -> Result<(), StoreError> {
    let options = SqliteConnectOptions::new().filename(database).synchronous(SqliteSynchronous::Full);
    let mut connection = open(options).await?;
    let outcome = sqlx::query("VACUUM INTO $1").bind(copy.to_string_lossy()).execute(&mut connection).await;
    outcome.map_err(|error| StoreError::new("vacuum_into", error))?;
    connection.close().await.map_err(|error| StoreError::new("close", error))
}

/// Reads a whole SQLite file and checks that it is sound and Hearback's.
///
/// # Errors
/// The file cannot be read, is damaged, or holds something else.
pub async fn require_sound(file: &Path) -> Result<(), StoreError> {
    let damaged = |what: &str| StoreError::Settings(format!("{} {what}", file.display()));
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    let mut connection = open(options).await.map_err(|_| damaged("cannot be opened as a database"))?;
    let (report,): (String,) = sqlx::query_as("PRAGMA integrity_check(1)")
        .fetch_one(&mut connection)
        .await
        .map_err(|_| damaged("is not a sound SQLite database"))?;
    if report != "ok" {
        return Err(damaged("is a damaged SQLite database"));
    }
    let tables: Result<(i64,), _> = sqlx::query_as(
        "SELECT count(*) FROM sqlite_schema WHERE name IN ('organizations', 'queue_entries', '_sqlx_migrations')",
    )
    .fetch_one(&mut connection)
    .await;
    match tables {
        Ok((3,)) => connection.close().await.map_err(|error| StoreError::new("close", error)),
        _ => Err(damaged("is no database of Hearback's")),
    }
}

async fn open(options: SqliteConnectOptions) -> Result<SqliteConnection, StoreError> {
    SqliteConnection::connect_with(&options).await.map_err(|error| StoreError::new("open", error))
}

/// What is known of an engine and its database.
#[derive(Debug)]
pub struct Report {
    /// The engine and its version.
    pub engine: String,
    /// How its tables compare with this program's.
    pub fit: Fit,
}

/// The largest SQLite file, in bytes, that is read through at each start; a larger one would keep people waiting. In a larger
/// one the start reads what it needs, damage elsewhere is found where it is met, and ends writing; `hearback check` and
/// `hearback restore` read everything, however large.
const READ_THROUGH: i64 = 128 * 1024 * 1024;

impl Pools {
    /// Has SQLite look through its file for damage; PostgreSQL does so itself, by checksums.
    ///
    /// # Errors
    /// The file is damaged or cannot be read.
    pub async fn require_whole(&self) -> Result<(), StoreError> {
        const SIZE: &str = "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()";
        let Self::Sqlite { writer, .. } = self else { return Ok(()) };
        let failed = |error| StoreError::new("quick_check", error);
        let (size,): (i64,) = sqlx::query_as(SIZE).fetch_one(writer).await.map_err(failed)?;
        if size > READ_THROUGH {
            return Ok(());
        }
        let (report,): (String,) = sqlx::query_as("PRAGMA quick_check(1)").fetch_one(writer).await.map_err(failed)?;
        if report == "ok" { Ok(()) } else { Err(StoreError::Damaged("page")) }
    }

    /// Has SQLite write what stands in its log into the database file, and empties the log.
    ///
    /// A log that a broken-off process has left was read back from the kernel's memory. After a failed sync the kernel
    /// takes what it could not write for written, so that memory may hold what the disk does not; and a hole in the log
    /// would cost everything behind it when the power goes. So a server builds on nothing that it has not written itself.
    ///
    /// # Errors
    /// It cannot be written; what was there is there.
    pub async fn fold_log(&self) -> Result<(), StoreError> {
        let Self::Sqlite { writer, .. } = self else { return Ok(()) };
        let outcome = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(writer).await;
        outcome.map(drop).map_err(|error| StoreError::new("wal_checkpoint", error))
    }

    /// Tells the engine's version and how far the database is.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn report(&self) -> Result<Report, StoreError> {
        let engine = match self {
            Self::Sqlite { readers, .. } => {
                let version: Result<(String,), _> = sqlx::query_as("SELECT sqlite_version()").fetch_one(readers).await;
                version.map(|(version,)| format!("SQLite {version}"))
            }
            Self::Postgres(pool) => {
                let version: Result<(String,), _> = sqlx::query_as("SHOW server_version").fetch_one(pool).await;
                version.map(|(version,)| format!("PostgreSQL {version}"))
            }
        };
        let engine = engine.map_err(|error| StoreError::new("version", error))?;
        Ok(Report { engine, fit: self.fit().await? })
    }
}
