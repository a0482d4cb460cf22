//! Who watches: heartbeats that travel the real way, what is true of the whole installation at this moment, and who is told
//! when it is not as it should be.

pub mod alerting;
pub mod checks;
mod delivery;
pub mod heartbeat;
pub mod live;
pub mod metrics;
pub mod samples;

use std::{
    fmt,
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::TimeDelta;
use tokio::{
    task::JoinHandle,
    time::{Instant, Interval, MissedTickBehavior, interval_at},
};

pub use self::live::LiveSide;
use self::{heartbeat::Pulses, live::Namespace, samples::Samples};
use crate::{
    app::{App, alerts::Alert},
    domain::{health::Reading, ids::NodeId, time::Timestamp},
    notify::Outside,
    telemetry::metrics::Tally,
};

/// How it is watched.
#[derive(Clone, Debug)]
pub struct Watch {
    /// The server's name, which outlives the process.
    pub node: String,
    /// The process.
    pub id: NodeId,
    /// Where the server listens.
    pub address: SocketAddr,
    /// How often heartbeats are sent.
    pub heartbeat: Duration,
    /// How often everything is looked at.
    pub checks: Duration,
    /// How old the last copy of the database may be; `None` where nobody minds.
    pub backup: Option<TimeDelta>,
}

/// What was found when everything was looked at.
#[derive(Clone, Debug)]
pub struct Look {
    /// When that was.
    pub at: Timestamp,
    /// What each check has found, but for those that could not look.
    pub readings: Vec<Reading>,
}

/// How long commits took lately.
struct Commits {
    counted: Tally,
    mean_ms: Option<f64>,
}

/// Who watches one server.
pub struct Monitor {
    /// The use cases.
    pub app: App,
    /// How it is watched.
    pub watch: Watch,
    live: Arc<dyn LiveSide>,
    outside: Arc<Outside>,
    /// Since when it is watched.
    started: Instant,
    pulses: Mutex<Pulses>,
    samples: Mutex<Samples>,
    commits: Mutex<Commits>,
    looked: Mutex<Option<Look>>,
    /// Alerts that could be told but not kept, since the store takes no writes.
    unkept: Mutex<Vec<Alert>>,
}

impl Monitor {
    /// One that does not watch yet.
    pub fn new(app: App, watch: Watch, live: Arc<dyn LiveSide>, outside: Arc<Outside>) -> Arc<Self> {
        let samples = Mutex::new(Samples::begin(&app));
        let commits = Mutex::new(Commits { counted: app.metrics.tally(), mean_ms: None });
        Arc::new(Self {
            app,
            watch,
            live,
            outside,
            started: Instant::now(),
            pulses: Mutex::default(),
            samples,
            commits,
            looked: Mutex::default(),
            unkept: Mutex::default(),
        })
    }

    /// Begins to watch; the tasks run until they are aborted.
    pub fn start(self: &Arc<Self>) -> Vec<JoinHandle<()>> {
        vec![
            tokio::spawn(heartbeat::run(Arc::clone(self))),
            tokio::spawn(alerting::run(Arc::clone(self))),
            tokio::spawn(samples::run(Arc::clone(self))),
        ]
    }

    /// Whether no heartbeat has ended for so long that nobody can be sending them: one that hangs ends by its own patience.
    fn heart_is_silent(&self) -> bool {
        let last = lock(&self.pulses).ended.unwrap_or(self.started);
        last.elapsed() > self.watch.heartbeat * 3 + Duration::from_secs(25)
    }

    /// Since when there should have been a heartbeat of every server that is there.
    #[must_use]
    pub fn beats_expected_since(&self) -> Timestamp {
        let patience = TimeDelta::from_std(self.watch.heartbeat).unwrap_or(TimeDelta::MAX) * 3;
        self.app.clock.now().plus(-patience - TimeDelta::seconds(25))
    }

    /// Alerts that were told and are not in the store.
    pub fn unkept_alerts(&self) -> Vec<Alert> {
        lock(&self.unkept).clone()
    }

    /// What the last look at everything has found; `None` before the first.
    pub fn last_look(&self) -> Option<Look> {
        lock(&self.looked).clone()
    }

    /// What has been sampled of the last hour.
    pub fn samples(&self) -> Samples {
        lock(&self.samples).clone()
    }

    /// Who is connected to this server at this moment.
    pub fn namespaces(&self) -> Vec<Namespace> {
        self.live.namespaces()
    }
}

impl Monitor {
    /// How many milliseconds a commit took on average between the last two looks; `None` where there was none.
    fn commit_ms(&self) -> Option<f64> {
        lock(&self.commits).mean_ms
    }

    fn look_at_commits(&self) {
        let counted = self.app.metrics.tally();
        let mut commits = lock(&self.commits);
        commits.mean_ms = counted.since(&commits.counted).commit_ms();
        commits.counted = counted;
    }
}

impl fmt::Debug for Monitor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Monitor").field("watch", &self.watch).finish_non_exhaustive()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ticks of a length, the first after that time: whoever has just started has nothing to tell.
fn ticks(period: Duration) -> Interval {
    let mut ticks = interval_at(Instant::now() + period, period);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
