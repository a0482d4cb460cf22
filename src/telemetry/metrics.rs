//! What is counted and timed, by the names of CONTRACT.md, section 8. Units stand in the names: seconds, or things.
//!
//! Each server of a process has its own. No label holds a person, a secret or an organization.

use std::cell::RefCell;

use prometheus::{
    Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, TextEncoder, core::Collector, proto::MetricType,
};

use crate::domain::{
    heartbeat::{PRIORITIES, Stage},
    queue::Priority,
};

/// From a fast commit to one that somebody waits for. One second is a bound: it is what "acked within" is measured by.
const SECONDS: [f64; 13] = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];
/// As [`SECONDS`], with the bounds beyond which a heartbeat is slow and of no use.
const HEARTBEAT_SECONDS: [f64; 14] =
    [0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 3.0, 6.0, 10.0];
/// Up to the most that one transaction takes.
const BATCHES: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

/// The kinds of authors and of people's sockets that there are.
const AUTHORS: [&str; 4] = ["candidate", "user", "api", "system"];
const SOCKETS: [&str; 4] = ["candidate", "user", "api", "operator"];

/// What all names begin with.
const PREFIX: &str = "hearback";

/// What one metric is called.
#[derive(Debug)]
pub struct Family {
    /// Its whole name.
    pub name: String,
    /// The labels by which it is told apart.
    pub labels: Vec<String>,
    /// Whether Prometheus knows it as `_bucket`, with the label `le`, `_sum` and `_count`, and not by its bare name.
    pub histogram: bool,
}

/// Everything that one server counts and times.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    families: Vec<Family>,
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
    /// From setting out until a heartbeat was handled and had come back, by `priority`.
    pub heartbeat_roundtrip: HistogramVec,
    /// A heartbeat's stages, by `stage` and `priority`.
    pub heartbeat_stage: HistogramVec,
    /// When the last heartbeat came back, in seconds since 1970; 0 before the first.
    pub heartbeat_last_success: Gauge,
    /// Heartbeats that got stuck, by `stage`.
    pub heartbeats_failed: IntCounterVec,
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
        &self.families
    }

    /// All of them as Prometheus reads them, in its text format 0.0.4.
    ///
    /// # Errors
    /// None of what stands here; the library's type says that there may be.
    pub fn render(&self) -> Result<String, prometheus::Error> {
        TextEncoder::new().encode_to_string(&self.registry.gather())
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
        let registry = Registered::default();
        let counter = |name: &str, help: &str| kept(&registry, IntCounter::new(name, help));
        let histogram = |name: &str, help: &str, buckets: &[f64]| {
            kept(&registry, Histogram::with_opts(HistogramOpts::new(name, help).buckets(buckets.to_vec())))
        };
        let counts =
            |name: &str, help: &str, label: &str| kept(&registry, IntGaugeVec::new(Opts::new(name, help), &[label]));
        counts("build_info", "Always 1; which Hearback runs.", "version")
            .with_label_values(&[env!("CARGO_PKG_VERSION")])
            .set(1);
        let counters =
            |name: &str, help: &str, label: &str| kept(&registry, IntCounterVec::new(Opts::new(name, help), &[label]));
        let timed = |name: &str, help: &str, buckets: &[f64], labels: &[&str]| {
            kept(&registry, HistogramVec::new(HistogramOpts::new(name, help).buckets(buckets.to_vec()), labels))
        };
        let seconds =
            |name: &str, help: &str, labels: &[&str]| kept(&registry, GaugeVec::new(Opts::new(name, help), labels));
        Self {
            messages_posted: counters(
                "messages_posted_total",
                "Messages that became durable, by the kind of their author.",
                "author",
            ),
            message_ack: histogram(
                "message_ack_seconds",
                "From a post's turn until it was durable and acknowledged.",
                &SECONDS,
            ),
            last_candidate_message: seconds(
                "last_candidate_message_timestamp_seconds",
                "When the last candidate's message was written; 0 when there is none.",
                &[],
            )
            .with_label_values::<&str>(&[]),
            commit_batch_size: histogram("commit_batch_size", "Changes in one transaction.", &BATCHES),
            commit: histogram("commit_seconds", "How long a transaction took until it was durable.", &SECONDS),
            queue_entries: counts("queue_entries", "Live queue entries, by state.", "state"),
            queue_oldest_age: seconds(
                "queue_oldest_age_seconds",
                "How long the oldest waiting entry has waited; 0 where none does.",
                &["priority"],
            ),
            queue_leases_expired: counter(
                "queue_leases_expired_total",
                "Claims that ran out before their holder had answered.",
            ),
            sockets: counts("sockets", "Live sockets of this node, by who is at the other end.", "kind"),
            namespaces: kept(&registry, IntGauge::new("namespaces", "Socket.IO namespaces of this node.")),
            emits_refused: counter(
                "emits_refused_total",
                "Events and acks that a socket could not take, since its buffer was full.",
            ),
            heartbeat_roundtrip: empty(
                timed(
                    "heartbeat_roundtrip_seconds",
                    "From setting out until a heartbeat was handled and had come back.",
                    &HEARTBEAT_SECONDS,
                    &["priority"],
                ),
                &PRIORITIES.map(Priority::as_str),
            ),
            heartbeat_stage: timed(
                "heartbeat_stage_seconds",
                "How long each stage of a heartbeat took.",
                &HEARTBEAT_SECONDS,
                &["stage", "priority"],
            ),
            heartbeat_last_success: seconds(
                "heartbeat_last_success_timestamp_seconds",
                "When the last heartbeat came back; 0 before the first.",
                &[],
            )
            .with_label_values::<&str>(&[]),
            heartbeats_failed: from_zero(
                counters(
                    "heartbeats_failed_total",
                    "Heartbeats that got stuck, by the stage at which they did.",
                    "stage",
                ),
                &Stage::ALL.map(Stage::as_str),
            ),
            first_responses: from_zero(
                counters(
                    "first_responses_total",
                    "Messages of the team that answered somebody who waited, by whether they came before it was due.",
                    "in_time",
                ),
                &["yes", "no"],
            ),
            alerts_firing: counts("alerts_firing", "Alerts that fire, as this node sees it.", "severity"),
            jobs: counts("jobs", "Jobs such as mails, by state; those that are done for a day.", "state"),
            http_requests: timed(
                "http_request_seconds",
                "Requests by HTTP, until the answer began.",
                &SECONDS,
                &["method", "route", "status"],
            ),
            families: registry.families.into_inner(),
            registry: registry.registry,
        }
    }
}

/// A registry that knows what is in it.
struct Registered {
    registry: Registry,
    families: RefCell<Vec<Family>>,
}

impl Default for Registered {
    fn default() -> Self {
        let registry = Registry::new_custom(Some(PREFIX.to_owned()), None).expect("a sound prefix");
        Self { registry, families: RefCell::default() }
    }
}

/// Enters a metric into the registry and gives the handle to it.
fn kept<C: Collector + Clone + 'static>(registry: &Registered, made: prometheus::Result<C>) -> C {
    let metric = made.expect("names and buckets here are sound");
    for (described, family) in metric.desc().iter().zip(metric.collect()) {
        registry.families.borrow_mut().push(Family {
            name: format!("{PREFIX}_{}", described.fq_name),
            labels: described.variable_labels.clone(),
            histogram: family.get_field_type() == MetricType::HISTOGRAM,
        });
    }
    registry.registry.register(Box::new(metric.clone())).expect("each name stands here once");
    metric
}

/// Begins each of a histogram's labels without a value, so that it is there from the first look on.
fn empty(histogram: HistogramVec, labels: &[&str]) -> HistogramVec {
    for label in labels {
        histogram.with_label_values(&[*label]);
    }
    histogram
}

/// Begins each of a counter's labels at 0, since a monitor notices only what grows.
fn from_zero(counter: IntCounterVec, labels: &[&str]) -> IntCounterVec {
    for label in labels {
        counter.with_label_values(&[*label]);
    }
    counter
}
