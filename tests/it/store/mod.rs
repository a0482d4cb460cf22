//! The memory, on both engines.

mod batch;
mod counts;
mod indexing;
mod search_marks;
mod statements;
mod story;
