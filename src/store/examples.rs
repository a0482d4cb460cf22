//! Whether the example organization is whole.

use sqlx::{PgConnection, pool::PoolConnection};

use super::{
    backend::{Conn, Pools},
    error::StoreError,
    statement::{execute, fetch_optional, statements},
};
use crate::domain::{time::Timestamp, user::Email};

statements! {
    BEGIN_EXAMPLE = "INSERT INTO examples_begun (id, began_at) VALUES (1, $1)";
    FIND_BEGUN_EXAMPLE = "SELECT began_at FROM examples_begun";
    END_EXAMPLE = "DELETE FROM examples_begun";
    DELETE_EXAMPLE_USER = "DELETE FROM users WHERE email = $1";
}

/// What nodes that share a PostgreSQL agree on as this: "example" in ASCII.
const TURN: i64 = 0x65_78_61_6d_70_6c_65;

/// Held by the one node that looks after the example; on SQLite there is only one.
#[derive(Debug)]
pub struct Turn(Option<PoolConnection<sqlx::Postgres>>);

impl Pools {
    /// Waits until no other node looks after the example.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub async fn example_turn(&self) -> Result<Turn, StoreError> {
        let Self::Postgres(pool) = self else { return Ok(Turn(None)) };
        let failed = |error| StoreError::new("example_turn", error);
        let mut connection = pool.acquire().await.map_err(failed)?;
        let held: &mut PgConnection = &mut connection;
        sqlx::query("SELECT pg_advisory_lock($1)").bind(TURN).execute(held).await.map_err(failed)?;
        Ok(Turn(Some(connection)))
    }
}

impl Turn {
    /// Lets the next one look.
    ///
    /// # Errors
    /// The connection does not end as it should; the lock ends with it all the same.
    pub async fn end(self) -> Result<(), StoreError> {
        match self.0 {
            Some(connection) => connection.close().await.map_err(|error| StoreError::new("example_turn", error)),
            None => Ok(()),
        }
    }
}

/// Keeps that it is being made.
///
/// # Errors
/// The store cannot be written.
pub async fn begin(conn: &mut Conn, now: Timestamp) -> Result<(), StoreError> {
    execute!(conn, BEGIN_EXAMPLE, now).map(drop)
}

/// Whether it was begun and never finished.
///
/// # Errors
/// The store cannot be read.
pub async fn is_begun(conn: &mut Conn) -> Result<bool, StoreError> {
    let row: Option<(Timestamp,)> = fetch_optional!(conn, FIND_BEGUN_EXAMPLE)?;
    Ok(row.is_some())
}

/// Keeps that it is whole, or gone.
///
/// # Errors
/// The store cannot be written.
pub async fn end(conn: &mut Conn) -> Result<(), StoreError> {
    execute!(conn, END_EXAMPLE).map(drop)
}

/// Takes one of its people away, as if they had never been.
///
/// # Errors
/// The store cannot be written.
pub async fn delete_user(conn: &mut Conn, email: &Email) -> Result<(), StoreError> {
    execute!(conn, DELETE_EXAMPLE_USER, email.clone()).map(drop)
}
