//! Hiring projects.

use serde::{Deserialize, Serialize};

use super::{
    ids::{OrganizationId, ProjectId},
    text::Name,
    time::Timestamp,
};

/// Whether a project takes messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectStatus {
    /// Candidates and the team can write.
    Open,
    /// Nobody can write; everybody can read what was written.
    Closed,
}

impl ProjectStatus {
    /// The status as it stands in JSON and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

/// One hiring project of an organization.
#[derive(Clone, Debug, Serialize)]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// Whose it is.
    #[serde(skip)]
    pub organization: OrganizationId,
    /// Its name, usually the job's title.
    pub name: Name,
    /// Whether it takes messages.
    pub status: ProjectStatus,
    /// Whether only named members are its team.
    pub restricted: bool,
    /// The greatest `seq` of its announcements, 0 if none.
    pub last_announcement_seq: i64,
    /// When it was created.
    pub created_at: Timestamp,
}
