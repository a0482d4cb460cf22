//! What has happened, told to every node once it is durable.
//!
//! An event names things by id; what those ids stand for is loaded where it is needed. The node that made it may carry
//! the thing along ([`Carried`]), which spares its own look-up and never leaves the process.

use std::{ops::Deref, sync::Arc};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    announcement::Announcement,
    ids::{
        CandidateId, CandidateSessionId, ConversationId, LinkId, NodeId, OrganizationId, ProjectId, QueueEntryId,
        SessionId, UserId,
    },
    message::{AuthorKind, Message, Note},
    presence::Fact,
    queue::{EntryView, QueueCounts, QueueReason},
    session::EndReason,
    text::Name,
};

/// Something that the node which made the event has in hand already. Skipped in serialization.
#[derive(Clone, Debug)]
pub struct Carried<T>(Option<Arc<T>>);

impl<T> Carried<T> {
    /// Carries `thing`.
    pub fn new(thing: T) -> Self {
        Self(Some(Arc::new(thing)))
    }

    /// The thing, on the node that made the event.
    pub fn get(&self) -> Option<&T> {
        self.0.as_deref()
    }
}

impl<T> Default for Carried<T> {
    fn default() -> Self {
        Self(None)
    }
}

/// The socket that asked for a change and has its answer by the ack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SocketId(pub String);

impl Deref for SocketId {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// The queue's state right after a change.
#[derive(Clone, Debug)]
pub struct QueueSnapshot {
    /// The entry.
    pub entry: EntryView,
    /// The project's numbers.
    pub counts: QueueCounts,
}

/// Whose live connections end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kicked {
    /// All of one user, in one organization or (`None`) everywhere.
    User(UserId, Option<OrganizationId>),
    /// All of one signed-in browser.
    Session(SessionId),
    /// All that came in by one chat link.
    Link(LinkId),
    /// All of one candidate in one browser.
    CandidateSession(CandidateSessionId, CandidateId),
    /// All of one API token (its id).
    ApiToken(Uuid),
    /// Everybody of an organization.
    Organization(OrganizationId),
}

/// Somebody in a word, as far as the other side may know.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ActorBrief {
    /// What kind.
    pub kind: AuthorKind,
    /// The id; left out where the receiver need not know.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub id: Option<Uuid>,
    /// The name.
    pub name: Name,
}

/// What has happened.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
#[allow(missing_docs, reason = "the fields are the ids that the variant's sentence names")]
pub enum Event {
    /// A message stands in a conversation.
    MessagePosted {
        organization: OrganizationId,
        conversation: ConversationId,
        seq: i64,
        origin: Option<SocketId>,
        #[serde(skip)]
        message: Carried<Message>,
    },
    /// A note stands beside a conversation.
    NotePosted {
        organization: OrganizationId,
        conversation: ConversationId,
        seq: i64,
        origin: Option<SocketId>,
        #[serde(skip)]
        note: Carried<Note>,
    },
    /// A side has marked messages read up to `seq`.
    MessagesRead { organization: OrganizationId, conversation: ConversationId, reader: ActorBrief, seq: i64 },
    /// An entry of the queue changed.
    QueueChanged {
        organization: OrganizationId,
        project: ProjectId,
        entry: QueueEntryId,
        reason: QueueReason,
        #[serde(skip)]
        snapshot: Carried<QueueSnapshot>,
    },
    /// Status, assignee, priority or labels of a conversation changed, or it was created.
    ConversationUpdated { organization: OrganizationId, project: ProjectId, conversation: ConversationId },
    /// An announcement stands in a project.
    AnnouncementPosted {
        organization: OrganizationId,
        project: ProjectId,
        seq: i64,
        origin: Option<SocketId>,
        #[serde(skip)]
        announcement: Carried<Announcement>,
    },
    /// An organization was created or changed, or may be entered again.
    OrganizationChanged { organization: OrganizationId },
    /// An organization cannot be entered any more.
    OrganizationClosed { organization: OrganizationId },
    /// A project was created, closed, opened, renamed, or its team changed: who belongs to its rooms is to be found anew.
    ProjectChanged { organization: OrganizationId, project: ProjectId },
    /// This node was cut off from the others for a while: what it missed is to be looked up. Never leaves the node.
    Missed,
    /// Live connections end.
    Kicked { who: Kicked, reason: EndReason },
    /// Somebody types, or has stopped. Never stored.
    TypingChanged {
        organization: OrganizationId,
        conversation: ConversationId,
        actor: ActorBrief,
        typing: bool,
        origin: Option<SocketId>,
    },
    /// One node saw a [`Fact`] begin or end among its own sockets. Never stored.
    PresenceChanged { organization: OrganizationId, node: NodeId, fact: Fact, here: bool },
}
