//! The use cases: what people can do. One file, one thing.
//!
//! Each finds the caller's access first (`not_found`), then the role (`forbidden`), then the rate (`rate_limited`), then
//! whether the state allows it. A door that calls one needs no rule of its own.

pub mod access;
pub mod activity;
pub mod actors;
pub mod admin;
pub mod alerts;
pub mod announcements;
pub mod audit;
pub mod backups;
pub mod candidates;
pub mod catch_up;
pub mod conversations;
pub mod heartbeat;
pub mod invitations;
pub mod jobs;
pub mod limits;
pub mod links;
pub mod members;
pub mod messages;
pub mod nodes;
pub mod notes;
pub mod organizations;
pub mod passwords;
pub mod projects;
pub mod queue;
pub mod readiness;
pub mod search;
pub mod sessions;
pub mod setup;
pub mod time;
pub mod tokens;
pub mod users;

use std::{path::PathBuf, sync::Arc};

use chrono::TimeDelta;
use url::Url;

use self::limits::Limits;
use crate::{clock::Clock, domain::user::Email, store::Store, telemetry::Metrics};

/// Everything that a use case needs.
#[derive(Clone, Debug)]
pub struct App {
    /// The memory.
    pub store: Store,
    /// The time, and new ids and secrets.
    pub clock: Clock,
    /// How often something may be done.
    pub limits: Arc<Limits>,
    /// What the operator has set.
    pub settings: Arc<Settings>,
    /// What is counted and timed.
    pub metrics: Arc<Metrics>,
}

/// The settings that use cases go by.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where people reach this installation, without a path.
    pub public_url: Url,
    /// The database's file, where it is one on this machine.
    pub database_file: Option<PathBuf>,
    /// How long a claim lasts unless it is renewed.
    pub lease: TimeDelta,
    /// How long a holder may be without any socket before the claim ends.
    pub absence: TimeDelta,
    /// How long a chat link lives after the candidate's last activity.
    pub link_lifetime: TimeDelta,
    /// How long a session lives without being used.
    pub session_idle: TimeDelta,
    /// How long a session lives at most.
    pub session_absolute: TimeDelta,
    /// Whether there is a mail server. Nobody schedules a mail where there is none.
    pub can_mail: bool,
    /// Whether the operator wants to be called by a webhook.
    pub can_call_webhook: bool,
    /// Where operators get mail about what goes wrong.
    pub alert_mail_to: Vec<Email>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            public_url: Url::parse("http://127.0.0.1:8080").expect("a constant that is a URL"),
            database_file: None,
            lease: TimeDelta::seconds(120),
            absence: TimeDelta::seconds(30),
            link_lifetime: TimeDelta::days(90),
            session_idle: TimeDelta::hours(12),
            session_absolute: TimeDelta::days(14),
            can_mail: false,
            can_call_webhook: false,
            alert_mail_to: Vec::new(),
        }
    }
}
