//! The memory, on both engines.

mod statements;
mod story;
