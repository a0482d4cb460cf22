//! What the program says of itself: [`log`] lines for people, [`metrics`] for machines.

pub mod log;
pub mod metrics;

pub use self::metrics::Metrics;
