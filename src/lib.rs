//! Hearback: self-hosted messaging between recruiters and candidates.

pub mod app;
pub mod clock;
pub mod domain;
pub mod store;
pub mod view;
pub mod web;
