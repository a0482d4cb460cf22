//! The memory, on both engines.

mod batch;
mod statements;
mod story;
