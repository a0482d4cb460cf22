//! How a transaction begins and ends.

use sqlx::{PgConnection, SqliteConnection};

use super::{
    backend::{Conn, Engine},
    error::StoreError,
};

/// IMMEDIATE takes the write lock first, so that no transaction fails half-way for want of it.
const BEGIN: &str = "BEGIN IMMEDIATE";

/// Begins, commits or rolls back. On SQLite the beginning goes along with the first statement, and what waits with the
/// commit.
pub(super) async fn control(conn: &mut Conn, step: Step) -> Result<(), StoreError> {
    let (engine, ahead) = conn.parts();
    let outcome = match engine {
        Engine::Sqlite(connection) => {
            let connection: &mut SqliteConnection = connection;
            match step {
                Step::Begin => {
                    ahead.push(BEGIN);
                    Ok(())
                }
                Step::Commit => {
                    let (sql, values) = ahead.followed_by("COMMIT");
                    sqlx::query_with(sql, values).execute(connection).await.map(drop)
                }
                Step::Rollback if ahead.take_back(BEGIN) => Ok(()),
                Step::Rollback => sqlx::raw_sql("ROLLBACK").execute(connection).await.map(drop),
            }
        }
        Engine::Postgres(connection) => {
            let connection: &mut PgConnection = connection;
            let sql = match step {
                Step::Begin => "BEGIN",
                Step::Commit => "COMMIT",
                Step::Rollback => "ROLLBACK",
            };
            sqlx::raw_sql(sql).execute(connection).await.map(drop)
        }
    };
    outcome.map_err(|error| conn.fail(StoreError::new(step.name(), error)))
}

/// Rolls back. A connection on which that fails is closed, so that the next transaction never begins inside of what is
/// left of this one: after a full disk SQLite may have rolled back by itself, and a broken connection cannot.
pub(super) async fn roll_back(mut conn: Conn) {
    if control(&mut conn, Step::Rollback).await.is_err()
        && let Err(error) = conn.close().await
    {
        tracing::debug!(%error, "a connection of no more use was not closed in order");
    }
}

/// The steps of a transaction.
#[derive(Clone, Copy)]
pub(super) enum Step {
    Begin,
    Commit,
    Rollback,
}

impl Step {
    const fn name(self) -> &'static str {
        match self {
            Self::Begin => "begin",
            Self::Commit => "commit",
            Self::Rollback => "rollback",
        }
    }
}
