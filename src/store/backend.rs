//! The two engines: SQLite by default, PostgreSQL where one machine is not enough.

mod conn;

use std::{path::Path, str::FromStr, time::Duration};

use sqlx::{
    Connection, PgConnection,
    postgres::{PgConnectOptions, PgPool, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous},
};
use tokio::time::timeout;

pub use self::conn::{Conn, Engine};
use super::{damage::Damage, error::StoreError};

/// The oldest SQLite that is safe in WAL mode under our use (a corruption was mended there).
pub const SQLITE_AT_LEAST: &str = "3.51.3";

/// How many connections read at a time.
const READERS: u32 = 8;

/// How much of the database the writer keeps in memory, in KiB as SQLite wants it: the ends of its indexes, where new rows
/// go.
const WRITER_CACHE: &str = "-8192";

/// How many rows the writer's thread hands over before it waits for them to be taken: those of a whole batch.
const WRITER_ROWS: usize = 1_024;

/// How long a connection waits for another process's lock.
const LOCK_PATIENCE: Duration = Duration::from_secs(5);

/// How long a connection may take to come about or free.
const REACH_PATIENCE: Duration = Duration::from_secs(10);

/// How long a transaction on PostgreSQL may wait for its client, in milliseconds. A server that was stopped in the middle of
/// one loses its connection then, and others get the rows that it had locked.
const IDLE_TRANSACTION_MILLIS: &str = "4000";

/// The connections to one database.
#[derive(Clone, Debug)]
pub enum Pools {
    /// One writer, several readers.
    Sqlite {
        /// The one connection that writes.
        writer: SqlitePool,
        /// Those that read.
        readers: SqlitePool,
        /// What any of them has met.
        damage: Damage,
    },
    /// One pool for all.
    Postgres(PgPool),
}

impl Pools {
    /// Opens the database of a URL, `sqlite://…` or `postgres://…`, creating an SQLite file that is not there.
    ///
    /// # Errors
    /// A URL that is neither, a database that cannot be opened, an SQLite library that is too old.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("sqlite:") {
            open_sqlite(url).await
        } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
            open_postgres(url).await
        } else {
            Err(StoreError::Settings("the database URL starts neither with sqlite:// nor with postgres://".to_owned()))
        }
    }

    /// Whether several servers may write to the database.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// A connection to read with.
    ///
    /// # Errors
    /// None came free in time, or the database cannot be reached.
    pub async fn read(&self) -> Result<Conn, StoreError> {
        let engine = match self {
            Self::Sqlite { readers, .. } => readers.acquire().await.map(Engine::Sqlite),
            Self::Postgres(pool) => pool.acquire().await.map(Engine::Postgres),
        };
        engine.map(|engine| Conn::new(engine, self.damage())).map_err(|error| StoreError::new("acquire", error))
    }

    /// The connection to write with; the one of the transaction before, where it was kept.
    ///
    /// # Errors
    /// As [`Pools::read`]; and damage was met in the database.
    pub async fn write(&self, kept: Option<Conn>) -> Result<Conn, StoreError> {
        let damage = self.damage();
        if damage.is_met() {
            return Err(StoreError::MetDamage);
        }
        if let Some(kept) = kept {
            return Ok(kept.renewed(damage));
        }
        let engine = match self {
            Self::Sqlite { writer, .. } => writer.acquire().await.map(Engine::Sqlite),
            Self::Postgres(pool) => pool.acquire().await.map(Engine::Postgres),
        };
        engine.map(|engine| Conn::new(engine, damage)).map_err(|error| StoreError::new("acquire", error))
    }

    /// PostgreSQL finds damage itself, by its checksums.
    fn damage(&self) -> Damage {
        match self {
            Self::Sqlite { damage, .. } => damage.clone(),
            Self::Postgres(_) => Damage::default(),
        }
    }

    /// Closes every connection; SQLite then folds its log into the database file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers, .. } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

async fn open_sqlite(url: &str) -> Result<Pools, StoreError> {
    let options = SqliteConnectOptions::from_str(url)
        .map_err(|error| StoreError::new("open", error))?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // NORMAL loses acknowledged rows when the power goes.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(LOCK_PATIENCE)
        .statement_cache_capacity(400)
        // A page that many messages touch is copied from the log into the file once for all of them.
        .pragma("wal_autocheckpoint", "10000")
        // What is deleted is overwritten, in pages that are free now as well. The indexes for searching have a setting of their
        // own for the same; what is left in the log, `purge` removes.
        .pragma("secure_delete", "ON")
        .optimize_on_close(true, None);
    let file = options.get_filename().to_owned();
    make_folder_of(&file)?;
    let writer = SqlitePoolOptions::new().max_connections(1).idle_timeout(None).max_lifetime(None);
    let writer = writer
        // What a statement needs to take itself back is never read after a crash and has no business in a file.
        .connect_with(
            options
                .clone()
                .pragma("cache_size", WRITER_CACHE)
                .pragma("temp_store", "MEMORY")
                .row_buffer_size(WRITER_ROWS),
        )
        .await
        .map_err(|error| StoreError::new("open", error))?;
    require_version(&writer).await?;
    // A file does not hang up: nothing is asked of a connection before it is used.
    let readers =
        SqlitePoolOptions::new().max_connections(READERS).acquire_timeout(REACH_PATIENCE).test_before_acquire(false);
    let readers = readers.connect_lazy_with(options.pragma("query_only", "1"));
    Ok(Pools::Sqlite { writer, readers, damage: Damage::default() })
}

fn make_folder_of(file: &Path) -> Result<(), StoreError> {
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => std::fs::create_dir_all(folder)
            .map_err(|error| StoreError::Settings(format!("the folder {} cannot be made: {error}", folder.display()))),
        _ => Ok(()),
    }
}

async fn require_version(pool: &SqlitePool) -> Result<(), StoreError> {
    let (version,): (String,) = sqlx::query_as("SELECT sqlite_version()")
        .fetch_one(pool)
        .await
        .map_err(|error| StoreError::new("sqlite_version", error))?;
    let number = |text: &str| text.split('.').map(|part| part.parse().unwrap_or(0)).collect::<Vec<u32>>();
    if number(&version) < number(SQLITE_AT_LEAST) {
        return Err(StoreError::Settings(format!(
            "the SQLite library is {version}; at least {SQLITE_AT_LEAST} is needed"
        )));
    }
    Ok(())
}

async fn open_postgres(url: &str) -> Result<Pools, StoreError> {
    let options = PgConnectOptions::from_str(url)
        .map_err(|error| StoreError::new("open", error))?
        .application_name("hearback")
        .options([("idle_in_transaction_session_timeout", IDLE_TRANSACTION_MILLIS)])
        .statement_cache_capacity(400);
    // A pool would try for long, and in the end not say why.
    let first = timeout(REACH_PATIENCE, PgConnection::connect_with(&options)).await;
    let first = first.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map_err(|error| StoreError::new("open", error))?;
    first.close().await.map_err(|error| StoreError::new("open", error))?;
    let pool = PgPoolOptions::new().max_connections(READERS + 4).acquire_timeout(REACH_PATIENCE);
    let pool = pool.connect_with(options).await.map_err(|error| StoreError::new("open", error))?;
    Ok(Pools::Postgres(pool))
}
