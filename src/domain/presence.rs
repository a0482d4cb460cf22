//! Who is here.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    event::ActorBrief,
    ids::{ConversationId, ProjectId},
    message::AuthorKind,
};

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

/// Something that is so as long as at least one live socket, on whichever node, makes it so.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// A user or API token has a socket; what they hold in the queue is theirs for that long.
    Holder {
        /// User or API token.
        kind: AuthorKind,
        /// Its id.
        id: Uuid,
    },
    /// Somebody of a project's team is here.
    Team {
        /// The project.
        project: ProjectId,
    },
    /// A user has a conversation open.
    Viewing {
        /// The conversation.
        conversation: ConversationId,
        /// The user.
        viewer: ActorBrief,
    },
    /// The candidate of a conversation is here.
    Candidate {
        /// The conversation.
        conversation: ConversationId,
        /// The candidate.
        candidate: ActorBrief,
    },
}
