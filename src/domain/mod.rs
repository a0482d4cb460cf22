//! The words: what Hearback talks about, and which values of it make sense.
//!
//! No I/O, no async, no framework. Everything here is a plain value; what comes from outside is parsed into these
//! types at a door, so that inside a [`text::Body`] is always a sound body and a [`text::Name`] a sound name.

pub mod access;
pub mod alert;
pub mod announcement;
pub mod audit;
pub mod candidate;
pub mod conversation;
pub mod event;
pub mod health;
pub mod heartbeat;
pub mod ids;
pub mod invitation;
pub mod job;
pub mod link;
pub mod mail;
pub mod message;
pub mod node;
pub mod organization;
pub mod page;
pub mod password;
pub mod presence;
pub mod problem;
pub mod project;
pub mod queue;
pub mod session;
pub mod text;
pub mod time;
pub mod user;
pub mod webhook;
pub mod words;
pub mod zone;
