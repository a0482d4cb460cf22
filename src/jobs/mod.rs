//! Later: work that may be tried again. A runner takes what is due, one file each does a kind of it.
//!
//! A job is written in the transaction that makes it necessary ([`crate::app::jobs::schedule`]), taken by one node at a time,
//! and tried at most five times, with longer and longer pauses; then it is set aside for the operator, and others flow on.
//! It may be done more than once, since a node can die between doing it and saying so: whoever it reaches is told the job's
//! id, by which it is known again.

mod mail;
mod runner;
mod webhook;

pub use self::runner::{Rhythm, Runner};
