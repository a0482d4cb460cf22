//! The promises of CONTRACT.md, shown through the doors and the use cases. One binary; the files have the nouns of `src`.

#![allow(clippy::disallowed_methods, reason = "a test waits by the real clock")]
#![allow(clippy::unwrap_used, clippy::match_wild_err_arm, reason = "what goes wrong in a test ends it")]
#![allow(clippy::doc_markdown, clippy::unnecessary_debug_formatting, reason = "read by those who write tests")]

mod audit;
mod bad_input;
mod candidate_data;
mod checker;
mod cli;
mod crash;
mod erasure;
mod example;
mod faults;
mod floods;
mod forgetting;
mod harness;
mod house;
mod http;
mod interop;
mod jobs;
mod kill_rule;
mod lock;
mod members;
mod messages;
mod monitor;
mod nodes;
mod queue;
mod rest;
mod soak;
mod store;
mod tenancy;
mod texts;
