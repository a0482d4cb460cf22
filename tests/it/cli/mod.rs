//! The command line, by the real program.

mod copies;
mod databases;
mod manage;
mod serve;
mod settings;
