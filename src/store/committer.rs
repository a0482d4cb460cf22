//! The one writer of a process.
//!
//! Every change goes through it. It takes whatever waits, applies it in one transaction, commits once, answers everybody
//! and then tells the world. There is no timer: an idle server commits at once, a busy one in batches.

mod work;

use std::{future::Future, sync::Arc};

use futures::future::BoxFuture;
use tokio::{
    sync::{mpsc, oneshot},
    time::Instant,
};

use self::work::{Pending, Work, apply};
use super::{
    backend::{Conn, Pools},
    bell::Bell,
    error::StoreError,
    notices,
    transaction::{Step, control, hardened, roll_back, soften},
};
use crate::{
    clock::Clock,
    domain::{event::Event, ids::Id, problem::Problem, time::Timestamp},
    telemetry::{Metrics, spans},
};

/// How many changes one transaction takes at most.
const BATCH: usize = 256;

/// How many changes may wait before callers do.
const WAITING: usize = 1024;

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
    events: Vec<Event>,
    has_jobs: bool,
}

impl Tx {
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

/// Hears what has become durable, in the order of the commits.
pub trait Listener: Send + Sync {
    /// Takes the events of one transaction; may make the committer wait, and must not itself wait for a commit.
    fn hear(&self, events: Vec<Event>) -> BoxFuture<'_, ()>;
}

/// How others learn of a commit.
#[derive(Clone)]
pub enum Announcing {
    /// By a listener in this process, after the commit: a server on SQLite.
    Here(Arc<dyn Listener>),
    /// By a row in `notices`, within the commit: a command beside a server on SQLite.
    Notices,
    /// By `pg_notify`, within the commit: every process on PostgreSQL.
    Notify,
    /// Not at all: nobody else is there.
    Nobody,
}

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
            match self.transact(&mut batch).await {
                Outcome::Spoiled if batch.len() > 1 => {
                    for work in batch.drain(..) {
                        let mut alone = vec![work];
                        let outcome = self.transact(&mut alone).await;
                        self.finish(alone, outcome).await;
                    }
                }
                outcome => self.finish(std::mem::take(&mut batch), outcome).await,
            }
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
        let (now, clock) = (self.clock.now(), self.clock.clone());
        let mut tx = Tx { conn, now, clock, events: Vec::new(), has_jobs: false };
        let outcome = self.try_in(&mut tx, batch).await;
        if matches!(outcome, Ok(true)) {
            self.kept = hardened(tx.conn).await.filter(Conn::is_only_writer);
            if tx.has_jobs {
                self.bell.ring();
            }
            return Ok(Outcome::Committed(tx.events));
        }
        // What has failed is rolled back, never committed again as if nothing had happened.
        roll_back(tx.conn).await;
        outcome.map(|_| Outcome::Spoiled)
    }

    /// Whether everything is committed; where not, something of it may still hang in the transaction.
    async fn try_in(&self, tx: &mut Tx, batch: &mut [Box<dyn Work>]) -> Result<bool, StoreError> {
        if batch.iter().all(|work| work.is_done_again()) {
            soften(&mut tx.conn).await?;
        }
        control(&mut tx.conn, Step::Begin).await?;
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

    async fn finish(&self, batch: Vec<Box<dyn Work>>, outcome: Outcome) {
        match outcome {
            Outcome::Committed(events) => {
                batch.into_iter().for_each(Work::answer);
                if let Announcing::Here(listener) = &self.announcing
                    && !events.is_empty()
                {
                    listener.hear(events).await;
                }
            }
            Outcome::Spoiled => batch.into_iter().for_each(Work::answer_spoiled),
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
