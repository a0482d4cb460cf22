//! Whether a database is one that this program can work with: nobody else holds it, and its tables are the ones that this
//! program makes.

use std::{path::Path, time::Duration};

use sqlx::{
    Connection, PgConnection, SqliteConnection,
    migrate::Migrator,
    postgres::PgConnectOptions,
    sqlite::{SqliteConnectOptions, SqliteError},
};
use tokio::time::timeout;

use super::{backend::Pools, copy, error::StoreError};

/// How long another program's lock is waited for. Ours are held for milliseconds.
const LOCK_TIMEOUT: Duration = Duration::from_millis(800);

/// How long PostgreSQL may take to answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What SQLite's migrations are, in order.
static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");

/// What PostgreSQL's are.
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// How a database's tables compare with those that this program makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// They are the same.
    Same,
    /// Some are missing: `migrate` makes them.
    Older,
    /// There are more: a newer version made them.
    Newer,
    /// They differ: another build of the same version made them.
    Changed,
}

impl Fit {
    /// Compares migrations by number and checksum.
    fn of(applied: &[(i64, Vec<u8>)], known: &Migrator) -> Self {
        let known: Vec<_> = known.iter().map(|known| (known.version, known.checksum.to_vec())).collect();
        let last = known.last().map_or(0, |(version, _)| *version);
        if applied.iter().any(|(version, _)| *version > last) {
            Self::Newer
        } else if applied.iter().any(|one| !known.contains(one)) {
            Self::Changed
        } else if applied.len() < known.len() {
            Self::Older
        } else {
            Self::Same
        }
    }

    /// Refuses tables that this program must not touch.
    ///
    /// # Errors
    /// They are newer, or differ.
    pub const fn require(self) -> Result<(), StoreError> {
        match self {
            Self::Same | Self::Older => Ok(()),
            Self::Newer => Err(StoreError::Newer),
            Self::Changed => Err(StoreError::Changed),
        }
    }
}

impl Pools {
    /// Compares the tables; a database without any is older.
    ///
    /// # Errors
    /// The database cannot be read.
    pub async fn fit(&self) -> Result<Fit, StoreError> {
        const IS_THERE: &str = "SELECT COUNT(*) FROM sqlite_schema WHERE name = '_sqlx_migrations'";
        const IS_THERE_ON_POSTGRES: &str = "SELECT COUNT(*) FROM pg_class WHERE oid = to_regclass('_sqlx_migrations')";
        const APPLIED: &str = "SELECT version, checksum FROM _sqlx_migrations WHERE success";
        let failed = |error| StoreError::new("applied migrations", error);
        let (known, applied) = match self {
            Self::Sqlite { writer, .. } => {
                let (there,): (i64,) = sqlx::query_as(IS_THERE).fetch_one(writer).await.map_err(failed)?;
                (&SQLITE, if there == 0 { Ok(Vec::new()) } else { sqlx::query_as(APPLIED).fetch_all(writer).await })
            }
            Self::Postgres(pool) => {
                let (there,): (i64,) = sqlx::query_as(IS_THERE_ON_POSTGRES).fetch_one(pool).await.map_err(failed)?;
                (&POSTGRES, if there == 0 { Ok(Vec::new()) } else { sqlx::query_as(APPLIED).fetch_all(pool).await })
            }
        };
        Ok(Fit::of(&applied.map_err(failed)?, known))
    }

    /// Brings the database up to date; each migration is one transaction.
    ///
    /// # Errors
    /// A migration fails, or the tables are not this program's.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.fit().await?.require()?;
        let outcome = match self {
            Self::Sqlite { writer, .. } => SQLITE.run(writer).await,
            Self::Postgres(pool) => POSTGRES.run(pool).await,
        };
        outcome.map_err(StoreError::Migration)
    }
}

/// Refuses a database that another program holds, within a second: otherwise every statement would wait for its own timeout.
///
/// # Errors
/// It is held; a PostgreSQL also where it cannot be reached.
pub async fn require_free(url: &str) -> Result<(), StoreError> {
    match copy::file_of(url)? {
        Some(file) => require_free_file(&file).await,
        None => require_free_tables(url).await,
    }
}

async fn require_free_file(file: &Path) -> Result<(), StoreError> {
    if !file.exists() {
        return Ok(());
    }
    let options = SqliteConnectOptions::new().filename(file).busy_timeout(LOCK_TIMEOUT);
    let outcome = async {
        let mut connection = SqliteConnection::connect_with(&options).await?;
        let locked = sqlx::raw_sql("BEGIN IMMEDIATE; ROLLBACK").execute(&mut connection).await.map(drop);
        connection.close().await.and(locked)
    };
    match outcome.await {
        Err(error) if is_busy(&error) => Err(StoreError::Locked(
            "another program holds a lock on it, such as a database browser; close that program and try again"
                .to_owned(),
        )),
        // Whatever else is wrong, opening it says.
        _ => Ok(()),
    }
}

/// SQLite's BUSY and LOCKED, whose code is the low byte.
fn is_busy(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(error) if error.try_downcast_ref::<SqliteError>().is_some()
        && error.code().is_some_and(|code| matches!(code.parse::<u32>().unwrap_or_default() & 0xff, 5 | 6)))
}

/// PostgreSQL: other servers write to the same tables, so only a lock that keeps writers out counts.
async fn require_free_tables(url: &str) -> Result<(), StoreError> {
    const TABLES: &str = "SELECT COUNT(*) FROM pg_class WHERE oid = to_regclass('organizations')";
    const LOCK: &str = "BEGIN; SET LOCAL lock_timeout = 800; \
                        LOCK TABLE organizations, messages, queue_entries, _sqlx_migrations IN ROW EXCLUSIVE MODE; ROLLBACK";
    const HOLDER: &str = "SELECT activity.pid, activity.application_name FROM pg_locks locks \
                          JOIN pg_stat_activity activity ON activity.pid = locks.pid \
                          WHERE locks.granted AND locks.pid <> pg_backend_pid() AND locks.mode IN \
                          ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock') AND locks.relation IN (to_regclass('organizations'), \
                          to_regclass('messages'), to_regclass('queue_entries'), to_regclass('_sqlx_migrations')) LIMIT 1";
    let failed = |error| StoreError::new("open", error);
    let options = url.parse::<PgConnectOptions>().map_err(failed)?.application_name("hearback");
    let connecting = timeout(CONNECT_TIMEOUT, PgConnection::connect_with(&options)).await;
    let mut connection = connecting.unwrap_or(Err(sqlx::Error::PoolTimedOut)).map_err(failed)?;
    let (there,): (i64,) = sqlx::query_as(TABLES).fetch_one(&mut connection).await.map_err(failed)?;
    let mut held = None;
    if there > 0 && sqlx::raw_sql(LOCK).execute(&mut connection).await.is_err_and(|error| is_lock_timeout(&error)) {
        drop(sqlx::raw_sql("ROLLBACK").execute(&mut connection).await);
        let holder: Option<(i32, String)> =
            sqlx::query_as(HOLDER).fetch_optional(&mut connection).await.map_err(failed)?;
        // Another of our servers brings it up to date: that is waited for.
        held = holder.filter(|(_, program)| program != "hearback");
    }
    connection.close().await.map_err(failed)?;
    match held {
        None => Ok(()),
        Some((process, program)) => {
            let program = if program.is_empty() { "another program".to_owned() } else { program };
            let words = "holds a lock on its tables; end that session and try again";
            Err(StoreError::Locked(format!("the session {process} of {program} {words}")))
        }
    }
}

fn is_lock_timeout(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(error) if error.code().as_deref() == Some("55P03"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_that_this_program_did_not_make_are_known_by_number_and_checksum() {
        let known: Vec<_> = SQLITE.iter().map(|known| (known.version, known.checksum.to_vec())).collect();
        assert_eq!(Fit::of(&[], &SQLITE), Fit::Older);
        assert_eq!(Fit::of(&known[..1], &SQLITE), Fit::Older);
        assert_eq!(Fit::of(&known, &SQLITE), Fit::Same);
        let mut newer = known.clone();
        newer.push((999, vec![1]));
        assert_eq!(Fit::of(&newer, &SQLITE), Fit::Newer);
        let mut changed = known;
        changed[0].1[0] ^= 1;
        assert_eq!(Fit::of(&changed, &SQLITE), Fit::Changed);
    }
}
