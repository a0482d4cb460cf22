//! The command line, by the real program.

mod copies;
mod manage;
mod serve;
mod settings;
