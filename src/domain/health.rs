//! How the installation is, in what can be measured of it.

use serde::Serialize;

/// What is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CheckId {
    /// Whether something can be written, and how fast.
    DatabaseWrites,
    /// How much room is left on the disk with the database.
    DiskSpace,
}

impl CheckId {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 2] = [Self::DatabaseWrites, Self::DiskSpace];

    /// Its name, as component and measurement.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DatabaseWrites => "database:writes",
            Self::DiskSpace => "disk:space",
        }
    }
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
    /// How it is.
    pub status: Status,
    /// What was measured; `None` where that was not possible.
    pub value: Option<f64>,
    /// The unit of the value and of the thresholds.
    pub unit: &'static str,
    /// Beyond which value it counts as [`Status::Warn`].
    pub warns_at: f64,
    /// Beyond which value it counts as [`Status::Fail`].
    pub fails_at: f64,
    /// What is so, and what to do where it is not as it should be. Holds no name of a person or an organization.
    pub advice: String,
}
