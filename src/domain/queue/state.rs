//! Where an entry stands, and how it ended.

use serde::{Deserialize, Serialize};

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryState {
    /// For anybody of the team to take.
    Waiting,
    /// Held by one actor.
    Claimed,
    /// Set aside with its conversation; in no list until it waits again.
    Snoozed,
    /// Its project is closed, so nobody can answer; in no list until the project opens again.
    Paused,
    /// Handled; kept for the reports.
    Ended,
}

impl EntryState {
    /// The state as it stands in JSON and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Claimed => "claimed",
            Self::Snoozed => "snoozed",
            Self::Paused => "paused",
            Self::Ended => "ended",
        }
    }
}

/// How an entry ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// By a reply.
    Answered,
    /// Marked as needing no reply.
    NoReplyNeeded,
    /// Its conversation was closed.
    Closed,
    /// The candidate asked for a new chat link, and it was made.
    LinkMade,
}

impl Outcome {
    /// The outcome as it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Answered => "answered",
            Self::NoReplyNeeded => "no_reply_needed",
            Self::Closed => "closed",
            Self::LinkMade => "link_made",
        }
    }

    /// Whether the entry can be put back in the queue: no reply has handled it.
    #[must_use]
    pub const fn can_be_undone(self) -> bool {
        matches!(self, Self::NoReplyNeeded | Self::Closed)
    }
}
