//! The lock (SAFETY.md): what an attacker tries at a running server, and what it answers.

mod account;
mod candidates;
mod cookies;
mod forms;
mod limits;
mod links;
mod logs;
mod text;
