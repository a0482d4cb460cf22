//! The queue of conversations that hold candidate messages nobody has handled, and the rules of its leases.

mod entry;
mod state;
mod view;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

pub use self::{
    entry::{Claim, Holder, Lease, LeaseToken, Place, QueueEntry, Unhandled},
    state::{EntryState, Outcome},
    view::{EntryView, HolderBrief},
};
use super::{problem::Problem, time::Timestamp};

/// How urgent a conversation is; the most urgent comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// Answered first.
    Urgent,
    /// As usual.
    Normal,
    /// Can wait, but rises as it becomes due.
    Low,
}

impl Priority {
    /// All of them, most urgent first.
    pub const ALL: [Self; 3] = [Self::Urgent, Self::Normal, Self::Low];

    /// The priority as it stands in JSON and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Urgent => "urgent",
            Self::Normal => "normal",
            Self::Low => "low",
        }
    }

    /// Parses a priority.
    ///
    /// # Errors
    /// `invalid` on `priority` for any other word.
    pub fn parse(raw: &str) -> Result<Self, Problem> {
        Self::ALL
            .into_iter()
            .find(|priority| priority.as_str() == raw)
            .ok_or_else(|| Problem::invalid("priority", "A priority is urgent, normal or low."))
    }
}

/// Within what time candidates should hear back, for each priority.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResponseTargets {
    /// For urgent conversations.
    pub urgent: TimeDelta,
    /// For normal ones.
    pub normal: TimeDelta,
    /// For low ones.
    pub low: TimeDelta,
}

impl Default for ResponseTargets {
    fn default() -> Self {
        Self { urgent: TimeDelta::minutes(15), normal: TimeDelta::hours(4), low: TimeDelta::hours(24) }
    }
}

impl ResponseTargets {
    /// The target of a priority.
    #[must_use]
    pub const fn of(&self, priority: Priority) -> TimeDelta {
        match priority {
            Priority::Urgent => self.urgent,
            Priority::Normal => self.normal,
            Priority::Low => self.low,
        }
    }
}

/// How many entries wait and how many are claimed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct QueueCounts {
    /// Waiting entries.
    pub waiting: i64,
    /// Claimed entries.
    pub claimed: i64,
    /// Since when the oldest waiting entry waits.
    pub oldest_enqueued_at: Option<Timestamp>,
}

/// Why the queue changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QueueReason {
    /// A candidate wrote or asked for a new link, or the entry came back: snoozed, paused or ended before.
    Enqueued,
    /// Somebody took it, or took it over.
    Claimed,
    /// Its holder gave it back, or was gone.
    Released,
    /// Its lease ran out.
    Expired,
    /// It was answered or needed no answer; also when only a part was answered.
    Resolved,
    /// It was set aside.
    Snoozed,
    /// Its project was closed.
    Paused,
}
