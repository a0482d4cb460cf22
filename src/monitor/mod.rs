//! Who watches: what is true of the whole installation at this moment, beside what is counted where it happens.

pub mod checks;
pub mod metrics;
