//! The one writer of a process.
//!
//! Every change goes through it. It takes whatever waits, applies it in one transaction, commits once, answers everybody
//! and then tells the world. There is no timer: an idle server commits at once, a busy one in batches.

mod work;

use std::{collections::BTreeSet, sync::Arc};

use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

use self::work::{Pending, Work, apply};
use super::{
    backend::{Conn, Pools},
    bell::Bell,
    change::{Change, Tx},
    conversations,
    error::StoreError,
    notices::{self, Announcing},
    transaction::{Step, control, hardened, roll_back, soften},
};
use crate::{
    clock::Clock,
    domain::{event::Event, problem::Problem},
    telemetry::{Metrics, spans},
};

/// How many changes one transaction takes at most.
const BATCH: usize = 256;

/// How many changes may wait before callers do.
const WAITING: usize = 1024;

/// How often a batch is run in which PostgreSQL ended a deadlock, before each of its changes is run alone.
const MAX_CONFLICTS: usize = 3;

/// Takes changes to the committer's task.
#[derive(Clone, Debug)]
pub struct Committer(mpsc::Sender<Box<dyn Work>>);

impl Committer {
    /// Starts the task; it ends when every handle is dropped and what waits is written.
    pub fn start(
        pools: Pools,
        clock: Clock,
        announcing: Announcing,
        metrics: Arc<Metrics>,
        bell: Bell,
    ) -> (Self, tokio::task::JoinHandle<()>) {
        let (sender, receiver) = mpsc::channel(WAITING);
        let task = Task { pools, clock, announcing, metrics, bell, kept: None };
        (Self(sender), tokio::spawn(task.run(receiver)))
    }

    /// Applies a change. `Ok` means: it is durable, unless it [is done again](Change::is_done_again).
    ///
    /// # Errors
    /// The change's own refusal, or `busy`, `read_only`, `internal` where the store could not write; nothing of it is
    /// written then. Whoever stops waiting may find it written all the same.
    pub async fn commit<C: Change>(&self, change: C) -> Result<C::Output, Problem> {
        let (answer, answered) = oneshot::channel();
        self.0.send(Box::new(Pending::new(change, answer))).await.map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }
}

#[expect(clippy::cast_precision_loss, reason = "at most a batch")]
const fn count(changes: usize) -> f64 {
    changes as f64
}

/// How a batch came out.
enum Outcome {
    /// Everything that was not refused is durable.
    Committed(Vec<Event>),
    /// Nothing was written; each change deserves a run of its own.
    Spoiled,
    /// Nothing was written, since another server wrote at the same time; a second run may succeed.
    Conflicted,
    /// Nothing was written, and nothing can be at the moment.
    Failed(StoreError),
}

struct Task {
    pools: Pools,
    clock: Clock,
    announcing: Announcing,
    metrics: Arc<Metrics>,
    bell: Bell,
    /// SQLite's connection, between transactions. The pool would ask it whether it lives before and after each, which
    /// is two ways to its thread; PostgreSQL's may break, so it is asked.
    kept: Option<Conn>,
}

impl Task {
    async fn run(mut self, mut receiver: mpsc::Receiver<Box<dyn Work>>) {
        let mut batch = Vec::with_capacity(BATCH);
        while receiver.recv_many(&mut batch, BATCH).await > 0 {
            while !batch.is_empty() {
                let rest = batch.split_off(self.next_transaction(&batch));
                self.settle(std::mem::replace(&mut batch, rest)).await;
            }
        }
    }

    /// How many of the waiting changes the next transaction takes.
    fn next_transaction(&self, batch: &[Box<dyn Work>]) -> usize {
        match batch {
            [first, ..] if self.pools.is_shared() && first.runs_alone() => 1,
            _ if self.pools.is_shared() => batch.iter().take_while(|work| !work.runs_alone()).count(),
            _ => batch.len(),
        }
    }

    /// Commits a batch, or each of its changes alone where one of them keeps the others from it, and answers all of them.
    async fn settle(&mut self, mut batch: Vec<Box<dyn Work>>) {
        let mut outcome = self.transact(&mut batch).await;
        for _ in 1..MAX_CONFLICTS {
            if !matches!(outcome, Outcome::Conflicted) {
                break;
            }
            outcome = self.transact(&mut batch).await;
        }
        if matches!(outcome, Outcome::Spoiled | Outcome::Conflicted) && batch.len() > 1 {
            for work in batch {
                Box::pin(self.settle(vec![work])).await;
            }
        } else {
            self.finish(batch, outcome);
        }
    }

    async fn transact(&mut self, batch: &mut [Box<dyn Work>]) -> Outcome {
        let started = Instant::now();
        let span = spans::commit(batch.len());
        let outcome = self.try_transact(batch).await.unwrap_or_else(Outcome::Failed);
        // One that may be lost with the power waits for no disk.
        if matches!(outcome, Outcome::Committed(_)) && !batch.iter().all(|work| work.is_done_again()) {
            self.metrics.commit.observe(started.elapsed().as_secs_f64());
            self.metrics.commit_batch_size.observe(count(batch.len()));
        }
        let failed = matches!(outcome, Outcome::Failed(_));
        spans::ended(&span, if failed { "failed" } else { "ended" }, failed);
        outcome
    }

    async fn try_transact(&mut self, batch: &mut [Box<dyn Work>]) -> Result<Outcome, StoreError> {
        let conn = self.pools.write(self.kept.take()).await?;
        let mut tx = Tx::new(conn, &self.clock);
        let outcome = self.try_in(&mut tx, batch).await;
        if matches!(outcome, Ok(true)) {
            self.kept = hardened(tx.conn).await.filter(Conn::is_only_writer);
            if tx.has_jobs {
                self.bell.ring();
            }
            return Ok(Outcome::Committed(tx.events));
        }
        let conflicted = tx.conn.conflicted;
        // What has failed is rolled back, never committed again as if nothing had happened.
        roll_back(tx.conn).await;
        if conflicted {
            return Ok(Outcome::Conflicted);
        }
        outcome.map(|_| Outcome::Spoiled)
    }

    /// Whether everything is committed; where not, something of it may still hang in the transaction.
    async fn try_in(&self, tx: &mut Tx, batch: &mut [Box<dyn Work>]) -> Result<bool, StoreError> {
        if batch.iter().all(|work| work.is_done_again()) {
            soften(&mut tx.conn).await?;
        }
        control(&mut tx.conn, Step::Begin).await?;
        if self.pools.is_shared() {
            let changed: BTreeSet<_> = batch.iter().filter_map(|work| work.conversation()).collect();
            conversations::lock(&mut tx.conn, &changed).await?;
            tx.refresh_now();
        }
        let alone = batch.len() == 1;
        let mut waiting = batch;
        while let [first, ..] = waiting {
            let kind = first.kind();
            let length = waiting.iter().take_while(|work| kind.is_some() && work.kind() == kind).count().max(1);
            let (run, after) = waiting.split_at_mut(length);
            waiting = after;
            let (writes, events) = (tx.conn.writes, tx.events.len());
            let refused = apply(run, tx).await.is_err();
            if let Some(error) = tx.conn.hopeless.take() {
                return Err(StoreError::Shared(error));
            }
            if tx.conn.failed || (refused && (tx.conn.writes > writes || run.len() > 1)) {
                return Ok(false);
            }
            if refused {
                tx.events.truncate(events);
            }
        }
        if tx.conn.writes > 0 || !tx.events.is_empty() {
            notices::write(&mut tx.conn, &self.clock, &self.announcing, &tx.events).await?;
        }
        match control(&mut tx.conn, Step::Commit).await {
            Ok(()) => Ok(true),
            // One of the statements that went along with it, maybe: its neighbours shall not suffer.
            Err(error) if tx.conn.is_only_writer() && !alone && !error.concerns_all() => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn finish(&self, batch: Vec<Box<dyn Work>>, outcome: Outcome) {
        match outcome {
            Outcome::Committed(events) => {
                batch.into_iter().for_each(Work::answer);
                if let Announcing::Here(listener) = &self.announcing
                    && !events.is_empty()
                {
                    listener.receive(events);
                }
            }
            Outcome::Spoiled | Outcome::Conflicted => batch.into_iter().for_each(Work::answer_spoiled),
            Outcome::Failed(error) => {
                let error = Arc::new(error);
                tracing::error!(%error, changes = batch.len(), "nothing could be committed");
                for work in batch {
                    work.refuse(Problem::from(StoreError::Shared(Arc::clone(&error))));
                }
            }
        }
    }
}
