//! Messages, which both sides read, and notes, which only the team reads.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    ids::{ClientId, ConversationId, MessageId, NoteId},
    text::{Body, Name},
    time::Timestamp,
};

/// Who wrote something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthorKind {
    /// The candidate of the conversation.
    Candidate,
    /// A user.
    User,
    /// Hearback itself.
    System,
    /// A program with an API token.
    Api,
}

impl AuthorKind {
    /// The kind as it stands in JSON and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Candidate => "candidate",
            Self::User => "user",
            Self::System => "system",
            Self::Api => "api",
        }
    }
}

/// The author of a message, a note or an announcement, with the name they had then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// What kind of author.
    pub kind: AuthorKind,
    /// The id of the candidate, user or API token.
    pub id: Uuid,
    /// The name.
    pub name: Name,
}

/// What kind of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageKind {
    /// Somebody's words.
    Text,
    /// Something that happened, told by Hearback.
    Event,
    /// A proposed interview.
    Interview,
}

impl MessageKind {
    /// The kind as it stands in JSON and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Event => "event",
            Self::Interview => "interview",
        }
    }
}

/// What both sides can read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// The conversation it stands in.
    pub conversation: ConversationId,
    /// Its position in the conversation: 1, 2, 3 … without gaps.
    pub seq: i64,
    /// What kind.
    pub kind: MessageKind,
    /// Who wrote it.
    pub author: Author,
    /// The text; empty when deleted.
    pub body: String,
    /// Files; none yet in this version.
    pub attachments: Vec<Uuid>,
    /// The client's own id for it.
    pub client_id: ClientId,
    /// When it was committed.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub edited_at: Option<Timestamp>,
    /// Whether its author took it back.
    pub deleted: bool,
    /// Whether somebody of the other side has marked it read.
    pub read_by_other: bool,
}

/// A message about to be posted.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// The conversation.
    pub conversation: ConversationId,
    /// The client's own id for it; with the author unique in the conversation.
    pub client_id: ClientId,
    /// The text.
    pub body: Body,
}

/// For the team only.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Note {
    /// Its id.
    pub id: NoteId,
    /// The conversation it is about.
    pub conversation: ConversationId,
    /// Its position among the conversation's notes: 1, 2, 3 … without gaps.
    pub seq: i64,
    /// The `seq` of the message it stands after, 0 before the first.
    pub after_seq: i64,
    /// Who wrote it.
    pub author: Author,
    /// The text.
    pub body: Body,
    /// The client's own id for it.
    pub client_id: ClientId,
    /// When it was committed.
    pub created_at: Timestamp,
}
