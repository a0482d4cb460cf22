//! What is to be written, and the transaction in which it is.

use std::future::Future;

use super::backend::Conn;
use crate::{
    clock::Clock,
    domain::{
        event::Event,
        ids::{ConversationId, Id},
        problem::Problem,
        time::Timestamp,
    },
};

/// Something that is to be written, whole or not at all.
///
/// `apply` may be called again after a roll-back, so it must depend on nothing but `self` and what it reads. To refuse,
/// it returns a [`Problem`], best before it has written anything: a refusal that has written costs its neighbours in the
/// batch a second run.
pub trait Change: Send + Sync + 'static {
    /// What the caller is told once it is durable.
    type Output: Send + 'static;

    /// Reads what it needs and writes what it means.
    fn apply(&self, tx: &mut Tx) -> impl Future<Output = Result<Self::Output, Problem>> + Send;

    /// The conversation that it changes, itself or by its queue entry.
    ///
    /// On PostgreSQL the rows of all conversations of a batch are locked in the order of their ids before its first change
    /// is applied: batches of several servers then never deadlock, and the holder of a conversation's
    /// row is the only one to change its queue entry.
    fn conversation(&self) -> Option<ConversationId> {
        None
    }

    /// Whether it locks rows, such as those of conversations, that it finds only in the transaction. It then gets a
    /// transaction of its own on PostgreSQL, so that it holds nothing that another server needs while it waits for them.
    fn runs_alone(&self) -> bool {
        false
    }

    /// Whether it is applied by [`Change::apply_run`], together with the neighbours of its kind that say so too.
    fn comes_in_numbers(&self) -> bool {
        false
    }

    /// Whether the power may take it away although it was answered with `Ok`, since it would be done again. Where nothing
    /// but such changes waits, nobody else's commit has to wait for the disk on their account.
    fn is_done_again(&self) -> bool {
        false
    }

    /// Applies several that wait one after the other, as if each had been applied in its turn, and gives their outcomes
    /// in that order. A refused one has written and announced nothing.
    ///
    /// # Errors
    /// All of them together, where the store fails.
    fn apply_run(
        run: &[&Self],
        tx: &mut Tx,
    ) -> impl Future<Output = Result<Vec<Result<Self::Output, Problem>>, Problem>> + Send {
        async move {
            let mut outcomes = Vec::with_capacity(run.len());
            for change in run {
                outcomes.push(change.apply(tx).await);
            }
            Ok(outcomes)
        }
    }
}

/// The transaction that a change is applied in.
#[derive(Debug)]
pub struct Tx {
    /// The connection, for the store's functions.
    pub conn: Conn,
    now: Timestamp,
    clock: Clock,
    pub(super) events: Vec<Event>,
    pub(super) has_jobs: bool,
}

impl Tx {
    pub(super) fn new(conn: Conn, clock: &Clock) -> Self {
        Self { conn, now: clock.now(), clock: clock.clone(), events: Vec::new(), has_jobs: false }
    }

    /// Sets the time of the transaction to the present, after it waited for locks.
    pub fn refresh_now(&mut self) {
        self.now = self.clock.now();
    }

    /// The time of this transaction.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// A new id, greater than those before.
    #[must_use]
    pub fn new_id<I: Id>(&self) -> I {
        self.clock.new_id()
    }

    /// Tells the world, once the transaction is durable.
    pub fn announce(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Wakes whoever does jobs, once the transaction is durable.
    pub const fn wake_runner(&mut self) {
        self.has_jobs = true;
    }

    /// Whether events may carry what they tell of, exact at this place in the order of commits. So it is on SQLite,
    /// where this process is the only writer; elsewhere other nodes write too, and each looks up what is true.
    #[must_use]
    pub const fn is_only_writer(&self) -> bool {
        self.conn.is_only_writer()
    }
}
