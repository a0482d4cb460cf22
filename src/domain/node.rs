//! The servers of an installation.

use super::{
    ids::{ApiTokenId, NodeId, ProjectId},
    time::Timestamp,
};

/// One `serve` process, by a name that outlives it.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its name: the setting `node_name`.
    pub name: String,
    /// The process that bore the name last.
    pub id: NodeId,
    /// The program's version.
    pub version: String,
    /// The hidden project in which its heartbeats run.
    pub project: ProjectId,
    /// The hidden token by which it handles and hears them.
    pub token: ApiTokenId,
    /// When the process started.
    pub started_at: Timestamp,
    /// When it was last heard of.
    pub seen_at: Timestamp,
    /// When it stopped in order; `None` while it runs, and where it was lost.
    pub stopped_at: Option<Timestamp>,
}
