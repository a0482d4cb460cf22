//! Who is here.

use serde::{Deserialize, Serialize};

/// Whether somebody is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PresenceState {
    /// Connected.
    Online,
    /// Not connected any more, or not viewing any more.
    Offline,
    /// Has the conversation open.
    Viewing,
}
