//! One entry of the queue, and what can happen to it.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Priority, ResponseTargets};
use crate::domain::{
    conversation::CandidateBrief,
    ids::{ConversationId, OrganizationId, ProjectId, QueueEntryId},
    message::AuthorKind,
    problem::Problem,
    text::Name,
    time::Timestamp,
};

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

impl LeaseToken {
    /// Takes what somebody sent; whether it is one of ours is seen where it is compared.
    ///
    /// # Errors
    /// `invalid` with control characters, `too_large` over 200 characters.
    pub fn parse(field: &'static str, raw: String) -> Result<Self, Problem> {
        if raw.chars().count() > 200 {
            return Err(Problem::too_large(field, "This is longer than 200 characters."));
        }
        if raw.chars().any(char::is_control) {
            return Err(Problem::invalid(field, "This holds characters that cannot be shown."));
        }
        Ok(Self(raw))
    }
}

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

    /// The entry for a conversation's first unhandled message.
    #[must_use]
    pub fn first(id: QueueEntryId, place: Place, seq: i64, preview: String) -> Self {
        let Place { organization, project, conversation, candidate, priority, targets, now } = place;
        Self {
            id,
            organization,
            project,
            conversation,
            candidate,
            priority,
            state: EntryState::Waiting,
            unread: 1,
            first_seq: seq,
            last_seq: seq,
            preview,
            enqueued_at: now,
            due_at: now.plus(targets.of(priority)),
            claim: None,
        }
    }

    /// One more message of the candidate; the place stays. A snoozed entry waits again.
    pub fn join(&mut self, seq: i64, preview: String) {
        self.unread += 1;
        self.last_seq = seq;
        self.preview = preview;
        if self.state == EntryState::Snoozed {
            self.state = EntryState::Waiting;
        }
    }

    /// Somebody takes it.
    pub fn claim(&mut self, claim: Claim) {
        self.state = EntryState::Claimed;
        self.claim = Some(claim);
    }

    /// It waits again, at its old place.
    pub fn release(&mut self) {
        self.state = EntryState::Waiting;
        self.claim = None;
    }

    /// It is set aside with its conversation.
    pub fn snooze(&mut self) {
        self.state = EntryState::Snoozed;
        self.claim = None;
    }

    /// What is unhandled now: `unread` messages from `first_seq` on; with none, the entry ends. A claim stays.
    pub fn remain(&mut self, unread: i64, first_seq: i64) {
        self.unread = unread;
        if unread == 0 {
            self.state = EntryState::Ended;
            self.claim = None;
        } else {
            self.first_seq = first_seq;
        }
    }

    /// Another priority: the entry moves to where it would be due, counted from the same start.
    pub fn reprioritize(&mut self, priority: Priority, targets: &ResponseTargets) {
        self.priority = priority;
        self.due_at = self.enqueued_at.plus(targets.of(priority));
    }
}

/// Where a new entry belongs.
#[derive(Clone, Debug)]
pub struct Place {
    /// Whose it is.
    pub organization: OrganizationId,
    /// The project.
    pub project: ProjectId,
    /// The conversation.
    pub conversation: ConversationId,
    /// The candidate.
    pub candidate: CandidateBrief,
    /// The conversation's priority.
    pub priority: Priority,
    /// The organization's response targets.
    pub targets: ResponseTargets,
    /// When the message came.
    pub now: Timestamp,
}
