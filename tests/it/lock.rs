//! The lock (SAFETY.md): what an attacker tries at a running server, and what it answers.

mod account;
mod candidates;
mod cookies;
mod day;
mod forms;
mod leaving;
mod limits;
mod links;
mod logs;
mod spans;
mod text;
