//! Hearback: self-hosted messaging between recruiters and candidates.

pub mod app;
pub mod bus;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod startup;
pub mod store;
pub mod telemetry;
pub mod view;
pub mod web;
