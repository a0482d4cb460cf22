//! The memory: the only room that speaks SQL.
//!
//! Reads take a connection ([`Store::read`]); every write is a [`Change`] that the one [`committer`] applies. A look-up
//! takes the organization first, so that nobody finds what belongs to another.

pub mod admin;
mod ahead;
pub mod alerts;
pub mod announcements;
pub mod arrivals;
pub mod audit;
pub mod backend;
pub mod backups;
mod bell;
pub mod candidate_sessions;
pub mod candidates;
pub mod change;
pub mod committer;
pub mod conversations;
pub mod copy;
pub mod damage;
pub mod error;
pub mod examples;
pub mod export;
pub mod fit;
pub mod heartbeats;
pub mod invitations;
pub mod jobs;
pub mod links;
pub mod listing;
mod many;
pub mod members;
pub mod messages;
pub mod nodes;
pub mod notes;
pub mod notices;
pub mod organizations;
pub mod projects;
mod purge;
pub mod queue;
pub mod readiness;
pub mod search;
pub mod sessions;
pub mod statement;
pub mod time;
pub mod tokens;
mod transaction;
mod types;
pub mod users;

use std::sync::Arc;

use tokio::task::JoinHandle;

pub use self::{
    backend::{Conn, Pools},
    bell::{Bell, Ears},
    change::{Change, Tx},
    error::StoreError,
    notices::{Announcing, Listener},
    purge::PurgeRequest,
};
use self::{
    committer::Committer,
    purge::{Gate, RequestAtEnd},
    statement::Statement,
};
use crate::{clock::Clock, domain::problem::Problem, telemetry::Metrics};

/// The database and the one writer to it.
#[derive(Clone, Debug)]
pub struct Store {
    pools: Pools,
    committer: Committer,
    bell: Bell,
    purge: PurgeRequest,
    gate: Arc<Gate>,
}

impl Store {
    /// Starts the writer on an open, migrated database. The handle ends once every clone of the store is dropped and
    /// what waited is written.
    #[must_use]
    pub fn start(pools: Pools, clock: Clock, announcing: Announcing, metrics: Arc<Metrics>) -> (Self, JoinHandle<()>) {
        let bell = Bell::default();
        let (committer, task) = Committer::start(pools.clone(), clock, announcing, metrics, bell.clone());
        (Self { pools, committer, bell, purge: PurgeRequest::default(), gate: Arc::default() }, task)
    }

    /// A connection to read with.
    ///
    /// # Errors
    /// None came free in time, or the database cannot be reached.
    pub async fn read(&self) -> Result<Conn, StoreError> {
        self.pools.read().await
    }

    /// Applies a change; `Ok` means that it is durable.
    ///
    /// # Errors
    /// See [`Committer::commit`].
    pub async fn commit<C: Change>(&self, change: C) -> Result<C::Output, Problem> {
        let _passage = self.gate.read().await;
        self.committer.commit(change).await
    }

    /// As [`Store::commit`], for a change that deletes or overwrites what people wrote or who they are: soon after it, what was
    /// there is not readable in SQLite's log either.
    ///
    /// # Errors
    /// See [`Committer::commit`].
    pub async fn erase<C: Change>(&self, change: C) -> Result<C::Output, Problem> {
        let _request = RequestAtEnd(&self.purge);
        self.commit(change).await
    }

    /// Asks for SQLite's log to be emptied by the next [`Store::purge`].
    pub fn request_purge(&self) {
        self.purge.set();
    }

    /// Empties SQLite's log if that was asked for; whether nothing is left to do.
    ///
    /// # Errors
    /// The database cannot be reached or written; it stays asked for.
    pub async fn purge(&self) -> Result<bool, StoreError> {
        if !self.purge.take() {
            return Ok(true);
        }
        let outcome = self.pools.empty_log(&self.gate).await;
        if !matches!(outcome, Ok(true)) {
            self.purge.set();
        }
        outcome
    }

    /// Rings when this process has committed a job; other nodes' are found by looking.
    #[must_use]
    pub const fn bell(&self) -> &Bell {
        &self.bell
    }

    /// The connections themselves, for the bus and for commands.
    #[must_use]
    pub const fn pools(&self) -> &Pools {
        &self.pools
    }
}

/// Every statement of the store, so that a test can prepare each on both engines.
#[must_use]
pub fn statements() -> Vec<Statement> {
    [
        admin::STATEMENTS,
        alerts::STATEMENTS,
        announcements::STATEMENTS,
        arrivals::STATEMENTS,
        audit::STATEMENTS,
        backups::STATEMENTS,
        candidate_sessions::STATEMENTS,
        candidates::STATEMENTS,
        conversations::STATEMENTS,
        conversations::LABEL_STATEMENTS,
        conversations::REACH_STATEMENTS,
        conversations::LOCK_STATEMENTS,
        examples::STATEMENTS,
        export::STATEMENTS,
        heartbeats::STATEMENTS,
        invitations::STATEMENTS,
        jobs::STATEMENTS,
        links::STATEMENTS,
        listing::STATEMENTS,
        listing::COUNT_STATEMENTS,
        members::STATEMENTS,
        messages::STATEMENTS,
        nodes::STATEMENTS,
        notes::STATEMENTS,
        notices::STATEMENTS,
        organizations::STATEMENTS,
        projects::STATEMENTS,
        queue::STATEMENTS,
        queue::COUNT_STATEMENTS,
        queue::depth::STATEMENTS,
        queue::LEASE_STATEMENTS,
        queue::LIST_STATEMENTS,
        queue::PAUSE_STATEMENTS,
        queue::WRITE_STATEMENTS,
        queue::overdue::STATEMENTS,
        readiness::STATEMENTS,
        search::STATEMENTS,
        search::INDEX_STATEMENTS,
        sessions::STATEMENTS,
        tokens::STATEMENTS,
        users::STATEMENTS,
    ]
    .concat()
}
