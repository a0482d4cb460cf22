//! Who is told when something is not as it should be: after three bad readings, once; and once more when it is over.
//!
//! What is open stands in the store, so that several servers tell it once and a restart tells nothing again. Where the
//! store takes no writes it is told all the same, and kept as soon as that is possible.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::time::{Instant, timeout};

use super::{
    Look, Monitor,
    checks::{self, Found},
    lock, ticks,
};
use crate::{
    app::{
        alerts::{self, Alert, News},
        nodes,
    },
    domain::{
        alert::{Severity, Streak, Turn},
        health::{CheckId, Reading, Status, Subject},
        problem::{Code, Problem},
    },
};

/// Looks at everything again and again until it is aborted.
pub(super) async fn run(monitor: Arc<Monitor>) {
    let mut alerting = Alerting::resume(Arc::clone(&monitor)).await;
    let mut ticks = ticks(monitor.watch.checks);
    loop {
        ticks.tick().await;
        alerting.look().await;
    }
}

/// How long the store may take for one thing. What it has not kept by then is told without it.
const PATIENCE: Duration = Duration::from_secs(3);

async fn soon<T>(work: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    timeout(PATIENCE, work).await.unwrap_or_else(|_| Err(Problem::new(Code::Busy, "The store does not answer.")))
}

/// What has come out lately.
#[derive(Debug)]
pub struct Alerting {
    monitor: Arc<Monitor>,
    streaks: HashMap<(CheckId, Subject), Streak>,
    /// When the heartbeat had ended that was looked at last: each counts once.
    beat: Option<Instant>,
}

impl Alerting {
    /// Goes on from what is open.
    pub async fn resume(monitor: Arc<Monitor>) -> Self {
        let mut alerting = Self { monitor, streaks: HashMap::new(), beat: None };
        let open = soon(alerts::open(&alerting.monitor.app)).await;
        alerting.agree(open).await;
        alerting.count();
        alerting
    }

    /// Looks at everything once, and tells what has changed.
    pub async fn look(&mut self) {
        self.keep_later().await;
        self.monitor.look_at_commits();
        let monitor = Arc::clone(&self.monitor);
        let (open, found) = tokio::join!(soon(alerts::open(&monitor.app)), checks::all(&monitor));
        let before = open.as_deref().map(<[Alert]>::to_vec).unwrap_or_default();
        self.agree(open).await;
        let readings = found.iter().filter_map(|(_, found)| match found {
            Found::Readings(readings) => Some(readings),
            Found::Nothing | Found::Failed(_) => None,
        });
        let readings = readings.flatten().cloned().collect();
        *lock(&self.monitor.looked) = Some(Look { at: self.monitor.app.clock.now(), readings });
        for (check, found) in found {
            // What is not known is neither good nor bad; that the store cannot be read is told by its own check.
            let Found::Readings(readings) = found else { continue };
            if check == CheckId::Heartbeat && !self.is_new_beat() {
                continue;
            }
            for reading in &readings {
                self.monitor.reword(&before, reading).await;
                self.take(reading).await;
            }
            let over: Vec<Subject> = self
                .streaks
                .keys()
                .filter(|(of, subject)| *of == check && !readings.iter().any(|reading| reading.subject == *subject))
                .map(|(_, subject)| subject.clone())
                .collect();
            for subject in over {
                self.turn(check, subject, Status::Pass, None).await;
            }
        }
        self.streaks.retain(|_, streak| !streak.is_quiet());
        self.count();
        self.monitor.live.stir();
    }

    fn is_new_beat(&mut self) -> bool {
        let ended = lock(&self.monitor.pulses).ended;
        let is_new = self.beat != ended || self.monitor.heart_is_silent();
        self.beat = ended;
        is_new
    }

    /// Brings what is remembered here into line with what is open: another server may have told it, or closed it.
    async fn agree(&mut self, open: Result<Vec<Alert>, Problem>) {
        let open = match open {
            Ok(open) => open,
            Err(problem) => return tracing::debug!(%problem, "which alerts are open cannot be read"),
        };
        self.monitor.clear_of_the_gone(&open).await;
        let unkept = self.monitor.unkept_alerts();
        for alert in open.iter().filter(|alert| self.monitor.looks_at(alert.check, &alert.subject)) {
            let streak = self.streaks.entry((alert.check, alert.subject.clone())).or_default();
            if streak.severity().is_none() {
                *streak = Streak::firing(alert.severity);
            }
        }
        for ((check, subject), streak) in &mut self.streaks {
            let is_it = |alert: &Alert| alert.check == *check && alert.subject == *subject;
            if streak.severity().is_some() && !open.iter().chain(&unkept).any(is_it) {
                *streak = Streak::default();
            }
        }
    }

    fn count(&self) {
        for severity in Severity::ALL {
            let firing = self.streaks.values().filter(|streak| streak.severity() == Some(severity)).count();
            let firing = i64::try_from(firing).unwrap_or(i64::MAX);
            self.monitor.app.metrics.alerts_firing.with_label_values(&[severity.as_str()]).set(firing);
        }
    }

    async fn take(&mut self, reading: &Reading) {
        let alert = Alert::of(self.monitor.app.clock.new_id(), reading, self.monitor.app.clock.now());
        let status = if self.monitor.is_too_early(reading).await { Status::Pass } else { reading.status };
        self.turn(reading.check, reading.subject.clone(), status, alert).await;
    }

    async fn turn(&mut self, check: CheckId, subject: Subject, status: Status, alert: Option<Alert>) {
        let key = (check, subject);
        let streak = self.streaks.entry(key.clone()).or_default();
        let before = *streak;
        match (streak.take(status), alert) {
            (Turn::Fires, Some(alert)) => self.monitor.fire(alert).await,
            (Turn::Worsens, Some(alert)) => self.monitor.worsen(alert).await,
            // Looked at again next time, where the store could not be told.
            (Turn::Clears, _) if !self.monitor.clear(check, &key.1).await => {
                self.streaks.insert(key, before);
            }
            _ => {}
        }
    }

    /// What was told while nothing could be kept.
    async fn keep_later(&self) {
        for alert in self.monitor.unkept_alerts() {
            let id = alert.id;
            match soon(alerts::keep(&self.monitor.app, alert)).await {
                Ok(_) => lock(&self.monitor.unkept).retain(|unkept| unkept.id != id),
                // The others would have to wait for nothing, too.
                Err(_) => return,
            }
        }
    }
}

impl Monitor {
    /// Whether this server is the one to look: what is true of a server is found by itself, but for its absence.
    fn looks_at(&self, check: CheckId, subject: &Subject) -> bool {
        match subject {
            Subject::Node(node) => check == CheckId::Nodes || *node == self.watch.node,
            Subject::Installation | Subject::Organization(_) => true,
        }
    }

    /// Closes what was found by servers that have stopped or are forgotten: they look no more.
    async fn clear_of_the_gone(&self, open: &[Alert]) {
        let Ok(mut nodes) = soon(nodes::list(&self.app)).await else { return };
        nodes.retain(|node| node.stopped_at.is_none());
        // Before the first heartbeat of an installation no server is known.
        if nodes.is_empty() {
            return;
        }
        for Alert { check, subject, .. } in open {
            let Subject::Node(name) = subject else { continue };
            if *name != self.watch.node && !nodes.iter().any(|node| node.name == *name) {
                self.clear(*check, subject).await;
            }
        }
    }

    /// Whether what was found is to be seen on the page, but no reason to tell anybody yet.
    async fn is_too_early(&self, reading: &Reading) -> bool {
        let is_backup = reading.check == CheckId::Backup && reading.status != Status::Pass;
        is_backup && !soon(checks::backup::is_due(self)).await.unwrap_or(true)
    }

    /// Keeps the sentence of an open alert true: it says the same as its check.
    async fn reword(&self, open: &[Alert], reading: &Reading) {
        let is_it = |alert: &&Alert| alert.check == reading.check && alert.subject == reading.subject;
        let Some(alert) = open.iter().find(is_it).filter(|alert| alert.sentence != reading.sentence) else { return };
        if reading.status == Status::Pass {
            return;
        }
        let (id, sentence, remedy) = (alert.id, reading.sentence.clone(), reading.remedy.to_owned());
        if let Err(problem) = soon(alerts::reword(&self.app, id, sentence, remedy)).await {
            tracing::debug!(%problem, "the sentence of an alert could not be kept");
        }
    }

    async fn fire(&self, alert: Alert) {
        let told = Arc::new(AtomicBool::new(false));
        match soon(alerts::fire(&self.app, alert.clone(), Arc::clone(&told))).await {
            Ok(true) => log_begun(&alert),
            // Another server has told it.
            Ok(false) => {}
            Err(problem) => {
                told.store(true, Ordering::SeqCst);
                tracing::warn!(%problem, "an alert could not be kept");
                log_begun(&alert);
                self.tell_at_once(&alert, News::Fired);
                lock(&self.unkept).push(alert);
            }
        }
        self.live.stir();
    }

    async fn worsen(&self, alert: Alert) {
        let mut is_unkept = false;
        for unkept in lock(&self.unkept).iter_mut() {
            if unkept.check == alert.check && unkept.subject == alert.subject {
                (unkept.severity, unkept.sentence, unkept.remedy) =
                    (alert.severity, alert.sentence.clone(), alert.remedy.clone());
                is_unkept = true;
            }
        }
        match soon(alerts::worsen(&self.app, alert.clone())).await {
            Ok(true) => log_begun(&alert),
            Ok(false) if !is_unkept => {}
            outcome => {
                if let Err(problem) = outcome {
                    tracing::warn!(%problem, "that an alert is worse could not be kept");
                }
                log_begun(&alert);
                self.tell_at_once(&alert, News::Worsened);
            }
        }
        self.live.stir();
    }

    /// Whether it is closed, or was never kept.
    async fn clear(&self, check: CheckId, subject: &Subject) -> bool {
        let is_it = |alert: &Alert| alert.check == check && alert.subject == *subject;
        let unkept = lock(&self.unkept).extract_if(.., |alert| is_it(alert)).next();
        if let Some(alert) = &unkept {
            self.tell_at_once(alert, News::Cleared);
        }
        let done = match (unkept, soon(alerts::clear(&self.app, check, subject.clone())).await) {
            (Some(_), _) | (None, Ok(true)) => {
                tracing::info!(check = check.as_str(), "an alert is over");
                true
            }
            (None, Ok(false)) => true,
            (None, Err(problem)) => {
                tracing::warn!(%problem, "that an alert is over could not be kept");
                false
            }
        };
        self.live.stir();
        done
    }
}

fn log_begun(alert: &Alert) {
    let (check, severity) = (alert.check.as_str(), alert.severity.as_str());
    let (sentence, remedy) = (alert.sentence.as_str(), alert.remedy.as_str());
    match alert.severity {
        Severity::Critical => tracing::error!(check, severity, sentence, remedy, "an alert fires"),
        Severity::Warning => tracing::warn!(check, severity, sentence, remedy, "an alert fires"),
    }
}
