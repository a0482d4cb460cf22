//! The promises of CONTRACT.md, shown through the doors and the use cases. One binary; the files have the nouns of `src`.

#![allow(clippy::disallowed_methods, reason = "a test waits by the real clock")]

mod harness;
mod house;
mod queue;
mod store;
