//! What is counted and timed, by the names of CONTRACT.md, section 8. Units stand in the names: seconds, or things.
//!
//! Each server of a process has its own. No label holds a person, a secret or an organization.

mod heartbeats;
mod registered;

use prometheus::{
    Gauge, GaugeVec, Histogram, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Registry, TextEncoder,
};

use self::registered::Registered;
pub use self::{heartbeats::Heartbeats, registered::Family};

/// From a fast commit to one that somebody waits for. One second is a bound: it is what "acked within" is measured by.
const SECONDS: [f64; 13] = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// Up to the most that one transaction takes.
const BATCHES: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// The kinds of authors and of people's sockets that there are.
const AUTHORS: [&str; 4] = ["candidate", "user", "api", "system"];
const SOCKETS: [&str; 4] = ["candidate", "user", "api", "operator"];

/// Everything that one server counts and times.
#[derive(Debug)]
pub struct Metrics {
    /// The registry, and what is in it.
    entered: (Registry, Vec<Family>),
    /// Messages that became durable, `author`: `candidate`, `user`, `api` or `system`.
    pub messages_posted: IntCounterVec,
    /// From a post's turn until it was durable and could be acknowledged; posts that were refused are not among them.
    pub message_ack: Histogram,
    /// When the last candidate's message was written, in seconds since 1970; 0 when there is none.
    pub last_candidate_message: Gauge,
    /// How many changes went into one transaction.
    pub commit_batch_size: Histogram,
    /// How long a transaction took, from its first statement until it was durable.
    pub commit: Histogram,
    /// Live queue entries, `state`: `waiting`, `claimed`, `snoozed`.
    pub queue_entries: IntGaugeVec,
    /// How long the oldest waiting entry has waited, for each `priority`; 0 where none waits.
    pub queue_oldest_age: GaugeVec,
    /// Leases that ran out before their holder had answered.
    pub queue_leases_expired: IntCounter,
    /// Live sockets of this node, `kind`: `candidate`, `user`, `api`, `operator`, and its own `heartbeat`.
    pub sockets: IntGaugeVec,
    /// Namespaces of this node, the operators' included.
    pub namespaces: IntGauge,
    /// Events and acks that a socket could not take, since its buffer was full.
    pub emits_refused: IntCounter,
    /// Heartbeats.
    pub heartbeat: Heartbeats,
    /// The team's messages that answered somebody who waited, `in_time`: `yes` or `no`.
    pub first_responses: IntCounterVec,
    /// Alerts that fire, as this node sees it, by `severity`.
    pub alerts_firing: IntGaugeVec,
    /// Jobs, `state`: `waiting`, `running`, `done` (of the last day), `failed`.
    pub jobs: IntGaugeVec,
    /// Requests by HTTP, by `method`, `route` (its pattern) and `status`.
    pub http_requests: HistogramVec,
}

impl Metrics {
    /// What there is, also what has counted nothing yet and so does not stand in [`Metrics::render`].
    pub fn families(&self) -> &[Family] {
        &self.entered.1
    }

    /// All of them as Prometheus reads them, in its text format 0.0.4.
    ///
    /// # Errors
    /// None of what stands here; the library's type says that there may be.
    pub fn render(&self) -> Result<String, prometheus::Error> {
        TextEncoder::new().encode_to_string(&self.entered.0.gather())
    }

    /// What was counted so far of messages and commits.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let messages = AUTHORS.iter().map(|author| self.messages_posted.with_label_values(&[*author]).get()).sum();
        Tally { messages, commits: self.commit.get_sample_count(), commit_seconds: self.commit.get_sample_sum() }
    }

    /// How many sockets are live on this node.
    #[must_use]
    pub fn all_sockets(&self) -> i64 {
        SOCKETS.iter().map(|kind| self.sockets.with_label_values(&[*kind]).get()).sum()
    }
}

/// What has been counted until some moment.
#[derive(Clone, Copy, Debug)]
pub struct Tally {
    /// Messages that became durable.
    pub messages: u64,
    /// Transactions.
    pub commits: u64,
    /// Seconds that they took together.
    pub commit_seconds: f64,
}

impl Tally {
    /// What was added since an earlier one.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        Self {
            messages: self.messages.saturating_sub(earlier.messages),
            commits: self.commits.saturating_sub(earlier.commits),
            commit_seconds: self.commit_seconds - earlier.commit_seconds,
        }
    }

    /// Milliseconds that a transaction took on average; `None` where there was none.
    #[must_use]
    pub fn commit_ms(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "a count")]
        (self.commits > 0).then(|| self.commit_seconds * 1_000.0 / self.commits as f64)
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let made = Registered::default();
        made.counts("build_info", "Always 1; which Hearback runs.", "version")
            .with_label_values(&[env!("CARGO_PKG_VERSION")])
            .set(1);
        let (written, slow) = ("How long a transaction took until it was durable.", &SECONDS);
        Self {
            messages_posted: made.counters(
                "messages_posted_total",
                "Messages that became durable.",
                "author",
                &AUTHORS,
            ),
            message_ack: made.histogram("message_ack_seconds", "From a post's turn until its ack.", slow),
            last_candidate_message: made.gauge(
                "last_candidate_message_timestamp_seconds",
                "When the last candidate's message was written; 0 when there is none.",
            ),
            commit_batch_size: made.histogram("commit_batch_size", "Changes in one transaction.", &BATCHES),
            commit: made.histogram("commit_seconds", written, slow),
            queue_entries: made.counts("queue_entries", "Live queue entries, by state.", "state"),
            queue_oldest_age: made.gauges(
                "queue_oldest_age_seconds",
                "How long the oldest waiting entry has waited; 0 where none does.",
                "priority",
            ),
            queue_leases_expired: made
                .counter("queue_leases_expired_total", "Claims that ran out before their holder had answered."),
            sockets: made.counts("sockets", "Live sockets of this node, by who is at the other end.", "kind"),
            namespaces: made.count("namespaces", "Socket.IO namespaces of this node."),
            emits_refused: made
                .counter("emits_refused_total", "Events and acks that a socket could not take, its buffer being full."),
            heartbeat: Heartbeats::new(&made),
            first_responses: made.counters(
                "first_responses_total",
                "Messages of the team that answered somebody who waited, by whether they came before it was due.",
                "in_time",
                &["yes", "no"],
            ),
            alerts_firing: made.counts("alerts_firing", "Alerts that fire, as this node sees it.", "severity"),
            jobs: made.counts("jobs", "Jobs such as mails, by state; those that are done for a day.", "state"),
            http_requests: made.histograms(
                "http_request_seconds",
                "Requests by HTTP, until the answer began.",
                slow,
                &["method", "route", "status"],
            ),
            entered: made.into_parts(),
        }
    }
}
