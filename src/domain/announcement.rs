//! Announcements: one text for all candidates of a project.

use serde::Serialize;

use super::{
    ids::{AnnouncementId, ClientId, ProjectId},
    message::Author,
    text::Body,
    time::Timestamp,
};

/// Stored once for a project, shown in every candidate's thread of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Announcement {
    /// Its id.
    pub id: AnnouncementId,
    /// The project.
    pub project: ProjectId,
    /// Its position among the project's announcements: 1, 2, 3 … without gaps.
    pub seq: i64,
    /// Who wrote it.
    pub author: Author,
    /// The text.
    pub body: Body,
    /// The client's own id for it.
    pub client_id: ClientId,
    /// When it was committed.
    pub created_at: Timestamp,
}
