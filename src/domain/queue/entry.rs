//! One entry of the queue, and what can happen to it.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{EntryState, Outcome, Priority, ResponseTargets};
use crate::domain::{
    conversation::CandidateBrief,
    ids::{ConversationId, OrganizationId, ProjectId, QueueEntryId},
    message::AuthorKind,
    problem::Problem,
    project::ProjectStatus,
    text::Name,
    time::Timestamp,
};

/// The preview of an entry without a message.
const ASKS_FOR_LINK: &str = "Asks for a new link";

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
    /// How the first of them begins; without any, what the candidate asks for.
    pub preview: String,
    /// Whether the candidate asks for a new chat link. The entry then lives even without an unhandled message.
    pub asks_for_link: bool,
    /// How it ended; with [`EntryState::Ended`] only.
    pub outcome: Option<Outcome>,
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
            asks_for_link: false,
            outcome: None,
            enqueued_at: now,
            due_at: now.plus(targets.of(priority)),
            claim: None,
        }
    }

    /// The entry of a candidate who asks for a new chat link, in a conversation whose messages up to `last_seq` are
    /// handled. It stands for no message: the next one is its first.
    #[must_use]
    pub fn asking_for_link(id: QueueEntryId, place: Place, last_seq: i64) -> Self {
        let preview = ASKS_FOR_LINK.to_owned();
        Self { unread: 0, last_seq, asks_for_link: true, ..Self::first(id, place, last_seq + 1, preview) }
    }

    /// One more message of the candidate; the place stays. A snoozed entry waits again.
    pub fn join(&mut self, seq: i64, preview: String) {
        if self.unread == 0 {
            self.first_seq = seq;
            self.preview = preview;
        }
        self.unread += 1;
        self.last_seq = seq;
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

    /// Its project is closed.
    pub fn pause(&mut self) {
        self.state = EntryState::Paused;
        self.claim = None;
    }

    /// What is unhandled now. A claim stays.
    pub fn remain(&mut self, unhandled: Unhandled) {
        let Unhandled { unread, first_seq, preview } = unhandled;
        (self.unread, self.first_seq, self.preview) = (unread, first_seq, preview);
    }

    /// Every message is handled, and the candidate still asks for a new link.
    pub fn only_asks_for_link(&mut self) {
        (self.unread, self.first_seq, self.preview) = (0, self.last_seq + 1, ASKS_FOR_LINK.to_owned());
    }

    /// Nothing is unhandled any more. `first_seq` and the request for a link stay, so that it can be put back.
    pub fn end(&mut self, outcome: Outcome) {
        self.unread = 0;
        self.state = EntryState::Ended;
        self.claim = None;
        self.outcome = Some(outcome);
    }

    /// It waits again, or stays paused while its project is closed; at its old place, held by nobody.
    pub fn reopen(&mut self, project: ProjectStatus) {
        self.outcome = None;
        self.claim = None;
        self.state = match project {
            ProjectStatus::Open => EntryState::Waiting,
            ProjectStatus::Closed => EntryState::Paused,
        };
    }

    /// Takes the place of one that was ended before it and is put back.
    #[must_use]
    pub fn at_the_place_of(self, ended: &Self) -> Self {
        Self {
            priority: ended.priority,
            enqueued_at: ended.enqueued_at,
            due_at: ended.due_at,
            asks_for_link: self.asks_for_link || ended.asks_for_link,
            ..self
        }
    }

    /// Another priority: the entry moves to where it would be due, counted from the same start.
    pub fn reprioritize(&mut self, priority: Priority, targets: &ResponseTargets) {
        self.priority = priority;
        self.due_at = self.enqueued_at.plus(targets.of(priority));
    }
}

/// Candidate messages that nobody has handled.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unhandled {
    /// How many.
    pub unread: i64,
    /// The first of them.
    pub first_seq: i64,
    /// How the first of them begins.
    pub preview: String,
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
