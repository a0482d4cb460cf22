//! The one clock of an installation: the database's, where several servers share one.

use chrono::TimeDelta;

use super::{
    backend::{Conn, Pools},
    error::StoreError,
    statement::{Statement, fetch_one},
};
use crate::{clock::Clock, domain::time::Timestamp};

/// PostgreSQL's clock in Unix milliseconds. Not in the list of statements, since SQLite has no clock of its own.
const DATABASE_TIME: Statement = Statement {
    name: "DATABASE_TIME",
    sqlite: "SELECT 0",
    postgres: "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
};

/// How often the database is asked; the fastest answer is the most exact.
const QUESTIONS: usize = 3;

/// How far the database's clock is ahead of `clock`, exact to half a round trip; `None` on SQLite.
///
/// # Errors
/// The store cannot be read.
pub async fn ahead_of(conn: &mut Conn, clock: &Clock) -> Result<Option<TimeDelta>, StoreError> {
    if conn.is_only_writer() {
        return Ok(None);
    }
    let mut best: Option<(TimeDelta, TimeDelta)> = None;
    for _ in 0..QUESTIONS {
        let asked = clock.now();
        let (database,): (Timestamp,) = fetch_one!(conn, DATABASE_TIME)?;
        let round_trip = clock.now().since(asked);
        let ahead = database.since(asked.plus(round_trip / 2));
        if best.is_none_or(|(fastest, _)| round_trip < fastest) {
            best = Some((round_trip, ahead));
        }
    }
    Ok(best.map(|(_, ahead)| ahead))
}

/// Sets a running clock to the database's, for a process that starts.
///
/// # Errors
/// The store cannot be read.
pub async fn adopt(pools: &Pools, clock: &Clock) -> Result<(), StoreError> {
    if clock.is_running()
        && let Some(ahead) = ahead_of(&mut pools.read().await?, clock).await?
    {
        clock.set(clock.now().plus(ahead));
    }
    Ok(())
}
