//! Builds everything once, in order, and stops it in reverse.

pub mod lock;
