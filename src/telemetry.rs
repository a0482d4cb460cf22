//! What the program says of itself: [`log`] lines for people, [`metrics`] for machines, [`spans`] for a collector.

pub mod log;
pub mod metrics;
pub mod otlp;
pub mod spans;

pub use self::metrics::Metrics;
