//! Hearback.
pub mod domain;
