//! Takes what is due and sees to it that it is done.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use tokio::{
    task::{JoinError, JoinSet},
    time::{sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use super::{mail, webhook};
use crate::{
    app::{App, jobs},
    domain::{
        ids::NodeId,
        job::{Failure, JobKind, RunningJob, Work},
        problem::Problem,
    },
    notify::{Delivery, Outside},
    telemetry::spans,
};

/// How often, how long and how many.
#[derive(Clone, Copy, Debug)]
pub struct Rhythm {
    /// How often it is looked whether something is due. What this process schedules is begun at once; this is for other
    /// nodes' jobs and for those whose time has come.
    pub look: Duration,
    /// How long one try may take.
    pub patience: Duration,
    /// How long a job is held; longer than a try takes, so that two nodes are never at the same one.
    pub lease: TimeDelta,
    /// How many of a kind are done at the same time. Each kind has places of its own: a mail server that hangs holds up no
    /// webhook.
    pub at_once: usize,
}

impl Default for Rhythm {
    fn default() -> Self {
        Self {
            look: Duration::from_secs(1),
            patience: Duration::from_secs(30),
            lease: TimeDelta::seconds(60),
            at_once: 4,
        }
    }
}

/// Jobs are being done. Dropping it breaks everything off, as if the process had died.
#[derive(Debug)]
pub struct Runner {
    stopping: CancellationToken,
    lanes: JoinSet<()>,
}

impl Runner {
    /// Begins to do jobs, in the name of a new node.
    #[must_use]
    pub fn start(app: &App, outside: &Arc<Outside>, rhythm: Rhythm) -> Self {
        let stopping = CancellationToken::new();
        let mut lanes = JoinSet::new();
        let node = app.clock.new_id();
        for kind in JobKind::ALL {
            let lane = Lane { app: app.clone(), outside: Arc::clone(outside), kind, node, rhythm };
            lanes.spawn(lane.run(stopping.clone()));
        }
        Self { stopping, lanes }
    }

    /// Takes no more jobs from now on.
    pub fn drain(&self) {
        self.stopping.cancel();
    }

    /// Takes no more jobs, and waits for those that were begun, at most so long. What is broken off then is taken again by
    /// another node, or by the next start.
    pub async fn stop(mut self, patience: Duration) {
        self.drain();
        let finished = timeout(patience, async { while self.lanes.join_next().await.is_some() {} }).await;
        if finished.is_err() {
            tracing::warn!("some jobs did not finish in time; they are done again");
        }
        self.lanes.shutdown().await;
    }
}

/// Does jobs of one kind.
#[derive(Clone)]
struct Lane {
    app: App,
    outside: Arc<Outside>,
    kind: JobKind,
    node: NodeId,
    rhythm: Rhythm,
}

impl Lane {
    async fn run(self, stopping: CancellationToken) {
        let mut bell = self.app.store.bell().listen();
        let mut running = JoinSet::new();
        while !stopping.is_cancelled() {
            let places = self.rhythm.at_once - running.len();
            for job in self.take(places).await {
                running.spawn(self.clone().perform(job));
            }
            tokio::select! {
                () = stopping.cancelled() => {}
                () = bell.hear() => {}
                Some(ended) = running.join_next() => self.look_at(ended),
                () = sleep(self.rhythm.look) => {}
            }
        }
        while let Some(ended) = running.join_next().await {
            self.look_at(ended);
        }
    }

    /// A job that broke is taken again once its lease ends.
    fn look_at(&self, ended: Result<(), JoinError>) {
        if let Err(error) = ended {
            tracing::error!(kind = self.kind.as_str(), %error, "a job broke");
        }
    }

    async fn take(&self, places: usize) -> Vec<RunningJob> {
        let taken = async {
            // Looking costs no write.
            if places == 0 || !jobs::is_any_due(&self.app, self.kind).await? {
                return Ok::<_, Problem>(Vec::new());
            }
            jobs::claim(&self.app, self.kind, self.node, self.rhythm.lease, places).await
        };
        taken.await.unwrap_or_else(|problem| {
            tracing::warn!(kind = self.kind.as_str(), %problem, "jobs could not be taken");
            Vec::new()
        })
    }

    async fn perform(self, job: RunningJob) {
        let patience = self.rhythm.patience;
        let span = spans::job(self.kind.as_str(), job.id, job.tries);
        let tried = timeout(patience, self.attempt(&job)).await;
        let outcome = tried.unwrap_or_else(|_| Err(Failure::new(format!("it took longer than {patience:?}"))));
        let failure = outcome.as_ref().err().map(|failure| failure.why.clone());
        spans::ended(&span, if failure.is_none() { "done" } else { "failed" }, failure.is_some());
        drop(span);
        let kept = jobs::finish(&self.app, &job, self.node, outcome).await;
        let (id, kind, tries) = (job.id, self.kind.as_str(), job.tries);
        match (failure, kept) {
            (None, Ok(_)) => tracing::info!(job = %id, kind, tries, "a job is done"),
            (Some(why), Ok(Some(next))) => {
                tracing::warn!(job = %id, kind, tries, why, %next, "a job did not go well and is tried again");
            }
            (Some(why), Ok(None)) => {
                tracing::error!(job = %id, kind, tries, why, "a job is set aside; /admin shows it, to be tried again or discarded");
            }
            (_, Err(problem)) => {
                tracing::warn!(job = %id, kind, tries, %problem, "what came of a job could not be kept; it is done again");
            }
        }
    }

    async fn attempt(&self, job: &RunningJob) -> Result<(), Failure> {
        let delivery = Delivery { id: job.id, made_at: job.created_at, now: self.app.clock.now() };
        match &job.work {
            Some(Work::Mail(mail)) => mail::run(&self.outside, delivery, mail).await,
            Some(Work::Webhook(webhook)) => webhook::run(&self.outside, delivery, webhook).await,
            None => Err(Failure::new("this version does not understand what is to be done")),
        }
    }
}
