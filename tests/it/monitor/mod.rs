//! Proof of life: what watches the process, and what it says.

mod health;
mod metrics;
