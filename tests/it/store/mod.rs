//! The memory, on both engines.

mod batch;
mod closing;
mod counts;
mod indexing;
mod search_marks;
mod search_people;
mod search_plans;
mod search_words;
mod statements;
mod story;
