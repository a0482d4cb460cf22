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
    if control(&mut conn, Step::Rollback).await.is_err() || hardened_again(&mut conn).await.is_err() {
        give_up(conn).await;
    }
}

/// Lets the next commit return before the disk has it; what it writes gets there with the commit after it. SQLite alone.
pub(super) async fn soften(conn: &mut Conn) -> Result<(), StoreError> {
    conn.soft = conn.is_only_writer();
    synchronous(conn, "PRAGMA synchronous = NORMAL").await
}

/// The connection, if commits wait for the disk again; never another.
pub(super) async fn hardened(mut conn: Conn) -> Option<Conn> {
    if hardened_again(&mut conn).await.is_ok() {
        return Some(conn);
    }
    give_up(conn).await;
    None
}

async fn hardened_again(conn: &mut Conn) -> Result<(), StoreError> {
    if !conn.soft {
        return Ok(());
    }
    synchronous(conn, "PRAGMA synchronous = FULL").await?;
    conn.soft = false;
    Ok(())
}

/// SQLite obeys this one while it prepares it, so a prepared one would do nothing.
async fn synchronous(conn: &mut Conn, sql: &'static str) -> Result<(), StoreError> {
    let outcome = match conn.engine() {
        Engine::Sqlite(connection) => {
            let connection: &mut SqliteConnection = connection;
            sqlx::raw_sql(sql).execute(connection).await.map(drop)
        }
        Engine::Postgres(_) => Ok(()),
    };
    outcome.map_err(|error| conn.fail(StoreError::new("synchronous", error)))
}

async fn give_up(conn: Conn) {
    if let Err(error) = conn.close().await {
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
