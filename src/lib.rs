//! Hearback: messaging between recruiters and candidates in which no candidate's message is lost, overlooked or answered
//! twice. This page is a walk through the house.
//!
//! Two doors lead into one hall. [`web`] answers pages, forms and REST; [`realtime`] speaks Socket.IO. A door parses what
//! comes in, finds out who is there, calls one use case and shows the result; it holds no rule of its own.
//!
//! The hall is [`app`]: one file for each thing that somebody can do. What the words mean stands in [`domain`], which
//! knows neither database nor network. What is remembered is in [`store`], the only room that speaks SQL, on SQLite and on
//! PostgreSQL; everything that is written goes through its one committer, and an answer means that it is on disk.
//!
//! After the commit [`bus`] takes word of it to every node, and its live side tells those who look. [`view`] draws a
//! message once, the same for the page and for the socket.
//!
//! What reaches outside is a job: [`jobs`] does it later, and again where it fails; [`notify`] speaks SMTP and calls webhooks.
//!
//! [`monitor`] watches: it sends heartbeats the whole way, looks at everything that may need somebody, and tells. [`clock`]
//! is the only reader of time and randomness; [`telemetry`] is the log and the counters. [`config`] holds every setting,
//! [`cli`] the commands, and [`startup`] builds all of it in order and stops it in reverse. [`demo`] is the example
//! organization.
//!
//! To follow one noun, say *message*, through the rooms: `domain/message.rs`, `store/messages.rs`, `app/messages/`,
//! `realtime/messages.rs`, `view/message.rs`, `templates/fragments/message.html`.

pub mod app;
pub mod bus;
pub mod cli;
pub mod clock;
pub mod config;
pub mod demo;
pub mod domain;
pub mod jobs;
pub mod monitor;
pub mod notify;
pub mod realtime;
pub mod startup;
pub mod store;
pub mod telemetry;
pub mod view;
pub mod web;
