//! The memory, on both engines.

mod batch;
mod counts;
mod statements;
mod story;
