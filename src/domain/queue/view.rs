//! The entry as it is told to others.

use serde::Serialize;
use uuid::Uuid;

use super::{EntryState, Priority, QueueEntry};
use crate::domain::{
    conversation::CandidateBrief,
    ids::{ConversationId, ProjectId},
    text::Name,
    time::Timestamp,
};

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
    /// `waiting` or `claimed`; in an announcement of its end also `ended`, `snoozed` or `paused`.
    pub state: EntryState,
    /// Unhandled candidate messages.
    pub unread: i64,
    /// The first of them.
    pub first_seq: i64,
    /// The last of them.
    pub last_seq: i64,
    /// How the first of them begins; without any, what the candidate asks for.
    pub preview: String,
    /// Whether the candidate asks for a new chat link.
    pub asks_for_link: bool,
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
            asks_for_link: entry.asks_for_link,
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
