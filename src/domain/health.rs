//! How the installation is, in what can be measured of it.

use serde::Serialize;

use super::ids::OrganizationId;

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CheckId {
    /// Whether something can be written.
    DatabaseWrites,
    /// How long it takes until what is written is on disk.
    CommitLatency,
    /// How much room is left on the disk with the database.
    DiskSpace,
    /// Whether heartbeats come back, and how fast.
    Heartbeat,
    /// Whether candidates wait for longer than they should while nobody looks.
    QueueOverdue,
    /// Whether candidates write as they do at this hour of the week.
    Activity,
    /// Whether mails and other jobs were set aside.
    Jobs,
    /// Whether the system's clock tells the time that the server goes by.
    Clock,
    /// Whether every server of the installation is there.
    Nodes,
    /// How old the last copy of the database is.
    Backup,
}

impl CheckId {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 10] = [
        Self::DatabaseWrites,
        Self::CommitLatency,
        Self::DiskSpace,
        Self::Heartbeat,
        Self::QueueOverdue,
        Self::Activity,
        Self::Jobs,
        Self::Clock,
        Self::Nodes,
        Self::Backup,
    ];

    /// Its name, as component and measurement.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DatabaseWrites => "database:writes",
            Self::CommitLatency => "database:commit_latency",
            Self::DiskSpace => "disk:space",
            Self::Heartbeat => "heartbeat:round_trip",
            Self::QueueOverdue => "queue:overdue",
            Self::Activity => "candidates:activity",
            Self::Jobs => "jobs:failed",
            Self::Clock => "clock:offset",
            Self::Nodes => "nodes:seen",
            Self::Backup => "backup:age",
        }
    }

    /// Its name for people.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::DatabaseWrites => "Database",
            Self::CommitLatency => "Commit latency",
            Self::DiskSpace => "Disk space",
            Self::Heartbeat => "Heartbeat",
            Self::QueueOverdue => "Waiting too long",
            Self::Activity => "Silence",
            Self::Jobs => "Mails and other jobs",
            Self::Clock => "Clock",
            Self::Nodes => "Servers",
            Self::Backup => "Backup",
        }
    }
}

/// Of whom or what a check speaks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Subject {
    /// Of the installation.
    Installation,
    /// Of one of its servers, by its name.
    Node(String),
    /// Of one organization, whose owners are told, too.
    Organization(OrganizationId),
}

/// How it is; the worst comes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// As it should be.
    Pass,
    /// People are served, and somebody should look.
    Warn,
    /// People are not served, or soon will not be.
    Fail,
}

/// What a check has found.
#[derive(Clone, Debug)]
pub struct Reading {
    /// What was looked at.
    pub check: CheckId,
    /// Of whom or what.
    pub subject: Subject,
    /// How it is.
    pub status: Status,
    /// What was measured; `None` where that was not possible.
    pub value: Option<f64>,
    /// The unit of the value and of the thresholds.
    pub unit: &'static str,
    /// Beyond which value it counts as [`Status::Warn`].
    pub warns_at: f64,
    /// Beyond which value it counts as [`Status::Fail`], where it ever does.
    pub fails_at: Option<f64>,
    /// What is so. Names no person and no organization.
    pub sentence: String,
    /// What to do; empty where all is as it should be.
    pub remedy: &'static str,
}
