//! A registry that knows what is in it.

use std::cell::RefCell;

use prometheus::{
    Gauge, GaugeVec, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry, core::Collector, proto::MetricType,
};

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

/// Makes metrics and enters them.
pub(super) struct Registered {
    registry: Registry,
    families: RefCell<Vec<Family>>,
}

impl Default for Registered {
    fn default() -> Self {
        let registry = Registry::new_custom(Some(PREFIX.to_owned()), None).expect("a sound prefix");
        Self { registry, families: RefCell::default() }
    }
}

impl Registered {
    /// The registry, and what is in it.
    pub fn into_parts(self) -> (Registry, Vec<Family>) {
        (self.registry, self.families.into_inner())
    }

    /// Enters a metric and gives the handle to it.
    fn keep<C: Collector + Clone + 'static>(&self, made: prometheus::Result<C>) -> C {
        let metric = made.expect("names and buckets here are sound");
        for (described, family) in metric.desc().iter().zip(metric.collect()) {
            self.families.borrow_mut().push(Family {
                name: format!("{PREFIX}_{}", described.fq_name),
                labels: described.variable_labels.clone(),
                histogram: family.get_field_type() == MetricType::HISTOGRAM,
            });
        }
        self.registry.register(Box::new(metric.clone())).expect("each name stands here once");
        metric
    }

    pub fn counter(&self, name: &str, help: &str) -> IntCounter {
        self.keep(IntCounter::new(name, help))
    }

    /// Counters by one label; those that are named begin at 0, since a monitor notices only what grows.
    pub fn counters(&self, name: &str, help: &str, label: &str, begin: &[&str]) -> IntCounterVec {
        let counters = self.keep(IntCounterVec::new(Opts::new(name, help), &[label]));
        for value in begin {
            counters.with_label_values(&[*value]);
        }
        counters
    }

    pub fn count(&self, name: &str, help: &str) -> IntGauge {
        self.keep(IntGauge::new(name, help))
    }

    pub fn counts(&self, name: &str, help: &str, label: &str) -> IntGaugeVec {
        self.keep(IntGaugeVec::new(Opts::new(name, help), &[label]))
    }

    pub fn gauge(&self, name: &str, help: &str) -> Gauge {
        self.keep(Gauge::new(name, help))
    }

    pub fn gauges(&self, name: &str, help: &str, label: &str) -> GaugeVec {
        self.keep(GaugeVec::new(Opts::new(name, help), &[label]))
    }

    pub fn histogram(&self, name: &str, help: &str, buckets: &[f64]) -> Histogram {
        self.keep(Histogram::with_opts(HistogramOpts::new(name, help).buckets(buckets.to_vec())))
    }

    pub fn histograms(&self, name: &str, help: &str, buckets: &[f64], labels: &[&str]) -> HistogramVec {
        self.keep(HistogramVec::new(HistogramOpts::new(name, help).buckets(buckets.to_vec()), labels))
    }
}
