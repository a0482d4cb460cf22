//! The memory, on both engines.

mod batch;
mod counts;
mod indexing;
mod statements;
mod story;
