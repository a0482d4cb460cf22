//! The payloads of all requests, as CONTRACT.md names them.

use uuid::Uuid;

use super::{
    fields::Position,
    payload::{Edit, payloads},
};
use crate::domain::{
    conversation::{ConversationStatus, Label},
    ids::{ClientId, ConversationId, ProjectId, UserId},
    page::{Limit, Stretch},
    problem::Problem,
    queue::{LeaseToken, Priority},
    text::Body,
    time::Timestamp,
};

payloads! {
    /// `message:post`
    PostMessage {
        /// Where it is to stand.
        conversation: ConversationId,
        /// The client's own id for it.
        client_id: ClientId,
        /// The text.
        body: Body,
        /// The last `seq` that its author was shown; users must say it.
        seen_seq: Option<Position>,
        /// The lease that the author holds.
        lease: Option<LeaseToken>,
        /// Whether a claim of another is to be taken over.
        take_over: Option<bool>,
        /// Files; none can be attached in this version.
        attachments: Option<Vec<Uuid>>,
    }
    /// `note:post`
    PostNote {
        /// The conversation it is about.
        conversation: ConversationId,
        /// The client's own id for it.
        client_id: ClientId,
        /// The text.
        body: Body,
    }
    /// `note:history`
    NoteHistory {
        /// The conversation.
        conversation: ConversationId,
        /// Only later ones than this.
        after_seq: Option<Position>,
        /// How many at most; 50 if not said.
        limit: Option<Limit>,
    }
    /// `message:history`
    MessageHistory {
        /// The conversation.
        conversation: ConversationId,
        /// Only later ones than this.
        after_seq: Option<Position>,
        /// Only earlier ones than this.
        before_seq: Option<Position>,
        /// How many at most; 50 if not said.
        limit: Option<Limit>,
    }
    /// `message:mark_read`
    MarkRead {
        /// The conversation.
        conversation: ConversationId,
        /// Up to where it was read.
        seq: Position,
    }
    /// `typing:set`
    SetTyping {
        /// The conversation.
        conversation: ConversationId,
        /// Whether the caller types.
        typing: bool,
    }
    /// `conversation:open` and `conversation:close`
    OneConversation {
        /// The conversation.
        conversation: ConversationId,
    }
    /// `conversation:update`
    UpdateConversation {
        /// The conversation.
        conversation: ConversationId,
        /// A new status.
        status: Option<ConversationStatus>,
        /// When a snoozed one comes back.
        snooze_until: Option<Timestamp>,
        /// Who takes care of it; `null` for nobody.
        assignee: Edit<UserId>,
        /// A new priority.
        priority: Option<Priority>,
        /// All labels anew.
        labels: Option<Vec<Label>>,
    }
    /// `project:join` and `project:leave`
    OneProject {
        /// The project.
        project: ProjectId,
    }
    /// `queue:overview`
    QueueOverview {
        /// Only this project's.
        project: Option<ProjectId>,
        /// How many entries at most; 50 if not said.
        limit: Option<Limit>,
    }
    /// `queue:next`
    QueueNext {
        /// Only of this project.
        project: Option<ProjectId>,
    }
    /// `queue:claim`
    QueueClaim {
        /// The conversation.
        conversation: ConversationId,
        /// Whether a claim of another is to be taken over.
        take_over: Option<bool>,
    }
    /// `queue:renew` and `queue:release`
    QueueHeld {
        /// The conversation.
        conversation: ConversationId,
        /// The lease.
        lease: LeaseToken,
    }
    /// `queue:resolve`
    QueueResolve {
        /// The conversation.
        conversation: ConversationId,
        /// The lease; its holder may leave it out, and so may everybody where the entry waits.
        lease: Option<LeaseToken>,
        /// The last `seq` that the caller was shown: what came later stays queued.
        seen_seq: Option<Position>,
    }
    /// `announcement:post`
    PostAnnouncement {
        /// For whose candidates it is.
        project: ProjectId,
        /// The client's own id for it.
        client_id: ClientId,
        /// The text.
        body: Body,
    }
    /// `announcement:history`
    AnnouncementHistory {
        /// The project.
        project: ProjectId,
        /// Only later ones than this.
        after_seq: Option<Position>,
        /// How many at most; 50 if not said.
        limit: Option<Limit>,
    }
    /// `admin:overview`
    AdminOverview {}
}

impl MessageHistory {
    /// Which stretch is asked for: from the beginning, where nothing is said.
    ///
    /// # Errors
    /// `invalid` when both ends are given.
    pub fn stretch(&self) -> Result<Stretch, Problem> {
        match (self.after_seq, self.before_seq) {
            (Some(_), Some(_)) => Err(Problem::invalid("before_seq", "Ask for either after_seq or before_seq.")),
            (None, Some(before)) => Ok(Stretch::Before(before.0)),
            (after, None) => Ok(Stretch::After(after.map_or(0, |after| after.0))),
        }
    }
}

/// Something that the server says by itself.
#[derive(Clone, Copy, Debug)]
pub struct Announced {
    /// The event's name.
    pub name: &'static str,
    /// To whom, in words.
    pub to: &'static str,
    /// The fields of its payload.
    pub fields: &'static [&'static str],
}

macro_rules! announced {
    ($($name:literal $to:literal [$($field:ident)*];)*) => {
        /// Everything that the server says by itself.
        pub static ANNOUNCED: &[Announced] =
            &[$(Announced { name: $name, to: $to, fields: &[$(stringify!($field),)*] },)*];
    };
}

announced! {
    "session:ready" "The socket that has come in." [actor organization conversations server_time];
    "session:ended" "The socket that ends; it is disconnected after." [reason];
    "message:posted" "The conversation, but for the socket that asked." [message html];
    "note:posted" "The users in the conversation, but for the socket that asked." [note html];
    "messages:read" "The conversation." [conversation reader seq];
    "typing:changed" "The conversation, but for the sender." [conversation actor typing];
    "presence:changed" "Users in the conversation; the candidate learns only whether the team is online."
        [conversation actor state];
    "queue:changed" "The project's team." [project reason entry waiting claimed oldest_enqueued_at];
    "conversation:updated" "The project's team." [conversation];
    "announcement:posted" "The project's team and its candidates." [announcement html];
    "project:updated" "The project's team and its candidates." [project status];
    "admin:changed" "Operators, at most once a second." [];
}
