//! The queue of conversations that hold candidate messages nobody has handled, and the rules of its leases.

use std::fmt;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    conversation::CandidateBrief,
    ids::{ConversationId, OrganizationId, ProjectId, QueueEntryId},
    message::AuthorKind,
    problem::Problem,
    text::Name,
    time::Timestamp,
};

/// How urgent a conversation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
            Self::Ended => "ended",
        }
    }
}

/// Who holds a claim: the actor, on whichever socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// User or API token.
    pub kind: AuthorKind,
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: Name,
}

/// A claim on an entry, limited in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Who holds it.
    pub holder: Holder,
    /// What only the holder is told.
    pub lease: Lease,
}

/// What the holder of a claim has in hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lease {
    /// The secret of this claim.
    pub token: LeaseToken,
    /// When it ends unless it is renewed.
    pub expires_at: Timestamp,
}

/// The secret of a claim, opaque to clients.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LeaseToken(pub String);

impl fmt::Debug for LeaseToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LeaseToken(…)")
    }
}

/// "This conversation holds candidate messages that nobody has handled."
#[derive(Clone, Debug, PartialEq)]
pub struct QueueEntry {
    /// Its id; among entries due at the same moment the lesser goes first.
    pub id: QueueEntryId,
    /// Whose it is.
    pub organization: OrganizationId,
    /// The project.
    pub project: ProjectId,
    /// The conversation; it has at most one entry that has not ended.
    pub conversation: ConversationId,
    /// The candidate.
    pub candidate: CandidateBrief,
    /// The conversation's priority.
    pub priority: Priority,
    /// Where it stands.
    pub state: EntryState,
    /// How many unhandled candidate messages it stands for.
    pub unread: i64,
    /// The first of them.
    pub first_seq: i64,
    /// The last of them.
    pub last_seq: i64,
    /// How the last of them begins.
    pub preview: String,
    /// When the first of them came; gives the place, and stays.
    pub enqueued_at: Timestamp,
    /// By when somebody should have answered.
    pub due_at: Timestamp,
    /// Who holds it; with [`EntryState::Claimed`] only.
    pub claim: Option<Claim>,
}

impl QueueEntry {
    /// Whether `holder` has a claim on it that still runs at `now`.
    #[must_use]
    pub fn is_held_by(&self, kind: AuthorKind, id: Uuid, now: Timestamp) -> bool {
        self.running_claim(now).is_some_and(|claim| claim.holder.kind == kind && claim.holder.id == id)
    }

    /// The claim, if one runs at `now`.
    #[must_use]
    pub fn running_claim(&self, now: Timestamp) -> Option<&Claim> {
        self.claim.as_ref().filter(|claim| claim.lease.expires_at > now)
    }
}

/// The entry as everybody outside sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EntryView {
    /// The conversation.
    pub conversation: ConversationId,
    /// The project.
    pub project: ProjectId,
    /// The candidate.
    pub candidate: CandidateBrief,
    /// The priority.
    pub priority: Priority,
    /// `waiting` or `claimed`; in an announcement of its end also `ended` or `snoozed`.
    pub state: EntryState,
    /// Unhandled candidate messages.
    pub unread: i64,
    /// The first of them.
    pub first_seq: i64,
    /// The last of them.
    pub last_seq: i64,
    /// How the last of them begins.
    pub preview: String,
    /// When the first of them came.
    pub enqueued_at: Timestamp,
    /// By when somebody should have answered.
    pub due_at: Timestamp,
    /// Who holds it.
    pub claimed_by: Option<HolderBrief>,
    /// When the claim ends unless it is renewed.
    pub lease_expires_at: Option<Timestamp>,
}

/// The holder of a claim as others see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HolderBrief {
    /// User or API token.
    pub id: Uuid,
    /// The name.
    pub name: Name,
}

impl From<&QueueEntry> for EntryView {
    fn from(entry: &QueueEntry) -> Self {
        Self {
            conversation: entry.conversation,
            project: entry.project,
            candidate: entry.candidate.clone(),
            priority: entry.priority,
            state: entry.state,
            unread: entry.unread,
            first_seq: entry.first_seq,
            last_seq: entry.last_seq,
            preview: entry.preview.clone(),
            enqueued_at: entry.enqueued_at,
            due_at: entry.due_at,
            claimed_by: entry
                .claim
                .as_ref()
                .map(|claim| HolderBrief { id: claim.holder.id, name: claim.holder.name.clone() }),
            lease_expires_at: entry.claim.as_ref().map(|claim| claim.lease.expires_at),
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
    /// A candidate wrote, or a snoozed entry came back.
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
}
