//! A connection, and what is known of the transaction on it.

use std::sync::Arc;

use sqlx::{Postgres, Sqlite, error::BoxDynError, pool::PoolConnection};

use crate::store::{ahead::Ahead, damage::Damage, error::StoreError, statement::Statement};

/// A connection of either engine.
#[derive(Debug)]
pub enum Engine {
    /// SQLite.
    Sqlite(PoolConnection<Sqlite>),
    /// PostgreSQL.
    Postgres(PoolConnection<Postgres>),
}

/// A connection that remembers whether something was written by it, and whether something failed.
#[derive(Debug)]
pub struct Conn {
    engine: Engine,
    /// Statements so far that write.
    pub(in crate::store) writes: usize,
    /// Whether a statement has failed; a PostgreSQL transaction is of no more use then.
    pub(in crate::store) failed: bool,
    /// Whether it has failed because another server wrote at the same time.
    pub(in crate::store) conflicted: bool,
    /// What has failed, if whatever comes next would fail of the same.
    pub(in crate::store) hopeless: Option<Arc<StoreError>>,
    /// Whether commits return before the disk has them.
    pub(in crate::store) soft: bool,
    ahead: Ahead,
    damage: Damage,
}

impl Conn {
    pub(super) fn new(engine: Engine, damage: Damage) -> Self {
        Self {
            engine,
            writes: 0,
            failed: false,
            conflicted: false,
            hopeless: None,
            soft: false,
            ahead: Ahead::default(),
            damage,
        }
    }

    /// The same connection, for another transaction.
    pub(super) fn renewed(self, damage: Damage) -> Self {
        Self::new(self.engine, damage)
    }

    /// The engine's own connection. In a transaction it has not heard what waits for the next statement.
    pub const fn engine(&mut self) -> &mut Engine {
        &mut self.engine
    }

    /// The engine's own connection and what it has to hear first, for the statement macros.
    pub(in crate::store) const fn parts(&mut self) -> (&mut Engine, &mut Ahead) {
        (&mut self.engine, &mut self.ahead)
    }

    /// Whether this process is the only server on the database.
    pub(in crate::store) const fn is_only_writer(&self) -> bool {
        matches!(self.engine, Engine::Sqlite(_))
    }

    /// Keeps what a statement did to this connection.
    pub(in crate::store) fn record<T>(
        &mut self,
        statement: Statement,
        outcome: Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        self.writes += usize::from(statement.writes());
        outcome.map_err(|error| self.fail(StoreError::new(statement.name, error)))
    }

    /// Keeps that something failed.
    pub(in crate::store) fn fail(&mut self, error: StoreError) -> StoreError {
        self.failed = true;
        self.conflicted |= error.is_conflict();
        if error.is_damage() {
            self.damage.meet();
        }
        if self.is_only_writer() && error.concerns_all() {
            let error = Arc::new(error);
            self.hopeless = Some(Arc::clone(&error));
            return StoreError::Shared(error);
        }
        error
    }

    /// Ends the connection instead of giving it back.
    pub(in crate::store) async fn close(self) -> Result<(), sqlx::Error> {
        match self.engine {
            Engine::Sqlite(connection) => connection.close().await,
            Engine::Postgres(connection) => connection.close().await,
        }
    }

    /// On SQLite: says it before the next statement whose answer is needed, or before the commit.
    pub(in crate::store) fn say_later(
        &mut self,
        statement: Statement,
        bind: impl FnOnce(&mut Ahead) -> Result<(), BoxDynError>,
    ) -> Result<(), StoreError> {
        self.ahead.push(statement.sqlite);
        let bound = bind(&mut self.ahead).map_err(sqlx::Error::Encode);
        self.record(statement, bound)
    }
}
